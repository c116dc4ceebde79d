"""What occurrences have in common, and what a verdict may depend on."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calsight.core.judging.mode import mode_of
from calsight.core.judging.rows import ROWS, Case
from calsight.core.judging.titles import Titles
from calsight.core.judging.unknown import unknown_reason
from calsight.core.model.events import CalendarEvent
from calsight.core.model.meetings import Meeting
from calsight.core.model.options import PeopleOptions, TitleOptions
from calsight.core.model.repeats import LISTS, SAID, SHORTEST_DAY, judged_alike, listed_alike
from calsight.core.people.directory import Directory
from calsight.core.people.presence import who_was_there
from calsight.testing import event, moment
from classify_support import ANA, entries, judge

#: What a verdict may depend on: besides these only on the length, and for long entries on the moment and the zone.
LOOKED_AT = {*LISTS, *SAID, "start", "end", "zone"}
FIELDS = [field.name for field in fields(CalendarEvent)]

WEEK = timedelta(weeks=1)
WEEKLY = event(
    "ana", "bo", uid="weekly", series="weekly", original_start=moment("2026-03-02 10:00"), at="2026-03-02 10:00"
)


def later(first: CalendarEvent, weeks: int) -> CalendarEvent:
    start = first.start + weeks * WEEK
    return replace(first, start=start, end=first.end + weeks * WEEK, original_start=start)


def but_for_the_event(meeting: Meeting) -> dict[str, Any]:
    return {
        field.name: getattr(meeting, field.name) for field in fields(Meeting) if field.name not in ("event", "held")
    }


class Watched(CalendarEvent):
    """An event that remembers which of its attributes were asked for."""

    asked: set[str] = set()  # noqa: RUF012 - of all of them

    def __getattribute__(self, name: str) -> Any:
        Watched.asked.add(name)
        return super().__getattribute__(name)


@settings(max_examples=200)
@given(entries())
def test_a_verdict_looks_at_nothing_but_what_makes_events_alike(entry):
    directory, titles = Directory(ANA, PeopleOptions(), [entry]), Titles(TitleOptions(), ANA)
    watched = Watched(*(getattr(entry, name) for name in FIELDS))
    Watched.asked.clear()

    presence = who_was_there(watched, directory)
    unknown_reason(watched, presence, titles, set(), names_people=False)
    mode = mode_of(watched.location, watched.conference, room=presence.room)
    case = Case(watched, presence, mode, titles, strict=True, away=lambda _: False)
    for row in ROWS:
        row.fits(case)

    assert {name for name in Watched.asked if not name.startswith("__")} <= LOOKED_AT


@settings(max_examples=200)
@given(entries(), entries(), st.sets(st.sampled_from(FIELDS)))
def test_alike_are_only_those_that_are_judged_alike(entry, other, borrowed):
    variant = replace(entry, **{name: getattr(other, name) for name in borrowed})

    if judged_alike([entry, variant]).places == [0, 0]:
        assert but_for_the_event(judge(entry)) == but_for_the_event(judge(variant))


@given(entries(), st.integers(0, 7 * 24 * 60))
def test_a_short_entry_is_judged_alike_whenever_it_is(entry, minutes):
    moved = replace(
        entry,
        start=entry.start + timedelta(minutes=minutes),
        end=entry.end + timedelta(minutes=minutes),
        zone="Asia/Tokyo",
        uid="another",
        id="another",
    )

    if entry.end - entry.start < SHORTEST_DAY:
        assert judged_alike([entry, moved]).places == [0, 0]


def test_occurrences_of_a_series_are_alike_wherever_they_stand():
    other = event("ana", "cy", uid="other")
    renamed = replace(later(WEEKLY, 2), title="Goals")
    events = [WEEKLY, later(WEEKLY, 1), other, renamed, later(WEEKLY, 3)]

    alike = judged_alike(events)

    assert alike.groups == [WEEKLY, other, renamed]
    assert alike.places == [0, 0, 1, 2, 0]


@pytest.mark.parametrize(("hours", "groups"), [(22.5, 2), (23, 4)])
def test_how_long_they_take_parts_them_and_of_what_takes_a_day_when_that_is(hours: float, groups: int):
    """A day has 23 hours where the clocks go forward."""
    long = replace(WEEKLY, end=WEEKLY.start + timedelta(hours=hours))

    alike = judged_alike([WEEKLY, long, later(long, 1), later(long, 2), long])

    assert len(alike.groups) == groups
    assert alike.places[-1] == alike.places[1]


def test_a_series_with_one_list_stands_for_itself_once():
    longer = replace(later(WEEKLY, 2), attendees=event("ana", "bo", "cy").attendees)
    hidden = replace(later(WEEKLY, 3), participants_hidden=True)
    namesake = replace(later(WEEKLY, 4), uid="another")

    found = listed_alike([WEEKLY, later(WEEKLY, 1), longer, later(WEEKLY, 5), namesake, hidden])

    assert found == [WEEKLY, longer, namesake, hidden]
