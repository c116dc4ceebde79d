"""What would change a level: the promise is kept, however life goes on, and fewer would not do."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calsight.core.model.events import Window
from calsight.core.model.meetings import Meeting
from calsight.core.people.directory import Directory
from calsight.core.rate.verdict import Assessment
from calsight.core.relationships.account import Account
from meeting_support import MONDAY, at, away, frame_of, group, one_to_one, weekly


@st.composite
def whole_calendars(draw) -> tuple[list[Meeting], datetime]:
    """Half a year of one-to-ones in some rhythm, with leave, seen in the middle of a week or at its end."""
    busy = draw(st.lists(st.integers(0, 4), min_size=1, max_size=5))
    now = draw(st.lists(st.integers(0, 2), min_size=1, max_size=5))
    turned = draw(st.integers(8, 26))
    per_week = [(busy if week < turned else now)[week % len(busy if week < turned else now)] for week in range(27)]
    as_of = at(26, draw(st.integers(1, 7)), draw(st.sampled_from([0, 12, 24])))
    people = draw(st.integers(1, 6))
    first = draw(st.integers(0, 24))
    leave = [away(at(first, 0, 0), at(first + draw(st.integers(1, 2)), 0, 0))] if draw(st.booleans()) else []
    meetings = [m for m in weekly(per_week, people=people) if not any(off.start <= m.start < off.end for off in leave)]
    return [replace(m, held=m.end <= as_of) for m in [*meetings, *leave]], as_of


def seen_at(meetings: list[Meeting], as_of: datetime, *, first: int) -> Assessment:
    """The verdict at a moment, over the window that began in week `first`."""
    held = [replace(m, held=m.end <= as_of) for m in meetings]
    frame = dataclasses.replace(frame_of(as_of=as_of), window=Window(at(first, 0, 0), as_of))
    return Account(frame, held, Directory(frame.owner, frame.options.people)).assessment


class TestThePromise:
    """What would change it, added to the calendar as it says, gives the level that it names."""

    @settings(max_examples=25, deadline=None)
    @given(whole_calendars(), st.booleans(), st.booleans())
    def test_it_is_kept_in_the_middle_of_a_week_and_with_a_moving_window(self, calendar, moving, groups_go_on):
        meetings, as_of = calendar
        verdict = seen_at(meetings, as_of, first=0)
        change = verdict.flag.what_would_change
        if change is None or change.code not in ("would_change", "would_change_people"):
            return
        current = (as_of - timedelta(microseconds=1) - MONDAY).days // 7
        number = change.values["one_to_ones"]
        split = [number - number // 2, number // 2]
        name = "newcomer{}" if change.code == "would_change_people" else "colleague0"
        more = [
            one_to_one(at(current + 1 + week, n % 5, 8 + n // 5), name.format(f"{week}-{n}"))
            for week, count in enumerate(split)
            for n in range(count)
        ]
        groups = [group(at(current + 1 + week, 4, 16)) for week in range(2)] if groups_go_on else []
        later = seen_at([*meetings, *more, *groups], at(current + 3, 0, 0), first=2 if moving else 0)
        assert later.flag.level == change.values["level"]

    @pytest.mark.parametrize(
        ("per_week", "day", "leave"),
        [
            ([0] * 4, 7, []),  # a window that moves on must keep its four weeks
            ([3] * 4 + [0] * 4, 7, []),
            ([3] * 4 + [0] * 4, 2, []),  # on the last Wednesday
            ([0] * 8 + [2], 2, []),  # … with two booked later in that week
            ([0] * 8, 7, [0]),  # weeks ahead
            ([0] * 8, 7, [1]),
        ],
    )
    def test_fewer_would_not_do_wherever_leave_is_booked(self, per_week: list[int], day: int, leave: list[int]):
        end = len(per_week)
        meetings = [*weekly(per_week), *(away(at(end + week, 0, 0), at(end + week + 1, 0, 0)) for week in leave)]
        now = seen_at(meetings, at(end - 1, day, 0), first=0).flag

        def levels(number: int) -> set[str]:
            """Those in which so many more may end: the window stays or moves on, groups go on or not."""
            more = [one_to_one(at(end + n % 2, n // 2 % 5, 8 + n // 10), f"newcomer{n}") for n in range(number)]
            groups = [group(at(end + week, 4, 16)) for week in range(2)]
            futures = product((more, [*more, *groups]), (0, 2))
            return {seen_at([*meetings, *added], at(end + 2, 0, 0), first=first).flag.level for added, first in futures}

        better = {"at_risk": ({"watch"}, {"ok"}), "watch": ({"ok"},)}[now.level]
        fewest = next(number for number in range(1, 21) if levels(number) in better)
        assert [now.what_would_change.values[name] for name in ("one_to_ones", "level")] == [fewest, *levels(fewest)]
