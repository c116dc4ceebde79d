"""Work or private: one-to-ones with people at public mail providers, at times of work."""

from __future__ import annotations

import pytest

from calsight.core.judging.bench import Bench
from calsight.core.model.events import CalendarEvent
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Scope
from calsight.testing import event
from classify_support import ANA, AS_OF, EVER, judge_all

#: Three Mondays in March.
WEEKS = (2, 9, 16)


def met(who: str, *days: int) -> list[CalendarEvent]:
    """Half an hour with somebody before noon, on these days of March."""
    return [event("ana", f"{who}@gmail.com", at=f"2026-03-{day:02} 11:00", uid=f"{who}-{day}") for day in days]


def read_as(*events: CalendarEvent) -> dict[str, set[tuple[Scope, str]]]:
    """Of each such person how they are read, and what it could also be; Ana meets a colleague besides."""
    colleague = event("ana", "bo", at="2026-03-03 15:00", uid="bo")
    found: dict[str, set[tuple[Scope, str]]] = {}
    for meeting in judge_all([*events, colleague]):
        for doubt in meeting.doubts:
            found.setdefault(doubt.about.partition("@")[0], set()).add((meeting.scope, doubt.could_be))
    return found


PRIVATE, WORK = {(Scope.PERSONAL, "one_to_one")}, {(Scope.OTHER, "none")}


@pytest.mark.parametrize(("days", "read"), [(WEEKS, PRIVATE), (WEEKS[:2], WORK), ((2, 4, 6), WORK), ((2, 4, 9), WORK)])
def test_who_is_met_in_three_weeks_is_private(days: tuple[int, ...], read: set[tuple[Scope, str]]):
    assert read_as(*met("tom", *days)) == {"tom": read}


def test_the_weeks_are_those_of_the_owners_clocks():
    """Monday morning in Auckland is Sunday in UTC: two weeks of Mondays and Tuesdays are no three."""
    times = ("2026-03-08 21:00", "2026-03-10 02:00", "2026-03-15 21:00", "2026-03-17 02:00")
    tom = [event("ana", "tom@gmail.com", at=at, uid=at) for at in times]
    frame = Frame(ANA, "Pacific/Auckland", EVER, AS_OF)
    found = Bench([*tom, event("ana", "bo", at="2026-03-03 15:00")], frame).meetings(AS_OF)
    assert [doubt.could_be for meeting in found for doubt in meeting.doubts] == ["none"] * 4


def test_two_such_people_may_be_private_and_three_are_clients():
    tom, kim, lou = met("tom", *WEEKS), met("kim", *WEEKS), met("lou", 4)
    assert read_as(*tom, *kim) == {"tom": PRIVATE, "kim": PRIVATE}
    assert read_as(*tom, *kim, *lou) == {"tom": WORK, "kim": WORK, "lou": WORK}


def test_where_there_are_no_colleagues_they_are_the_work():
    assert {doubt.could_be for one in judge_all(met("tom", *WEEKS)) for doubt in one.doubts} == {"none"}
