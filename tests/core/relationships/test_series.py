"""A series and its occurrences: kept, not kept, and what is booked."""

from __future__ import annotations

from dataclasses import replace

import pytest

from calsight.core.model.events import NOTES
from calsight.core.model.meetings import Kind, Meeting, Person
from calsight.core.relationships.series import Series, booked_of, occurrences_of, series_of
from meeting_support import at, group, one_to_one


def of_series(made: Meeting, **fields: object) -> Meeting:
    return replace(made, event=replace(made.event, series="s"), **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("held", "kept", "not_kept"),
    [
        ([True, False, False], True, False),  # one of the last three
        ([True, False, False, False], False, True),
        ([False, False, False], False, True),
        ([False, False], False, False),  # two prove nothing
        ([], False, False),
    ],
)
def test_the_last_three_tell_whether_a_series_is_kept(held, kept, not_kept):
    series = Series(tuple(held))
    assert (series.kept, series.not_kept) == (kept, not_kept)


def test_only_occurrences_before_the_end_tell():
    told = {("s", "bo@example.com"): [(at(0), True), (at(1), False), (at(2), True)]}
    assert series_of(told, at(2))[("s", "bo@example.com")].held == (True, False)


@pytest.mark.parametrize(
    ("second", "held"),
    [
        (of_series(one_to_one(at(1), "bo")), (True, True)),
        (of_series(one_to_one(at(1), "bo"), held=False), (True, False)),
        (of_series(one_to_one(at(1), "cy")), (True, False)),  # with somebody else
        (of_series(group(at(1))), (True, False)),
        (of_series(one_to_one(at(1), "bo"), kind=Kind.UNKNOWN), (True,)),  # nobody knows who was there
        (of_series(one_to_one(at(1), "bo"), kind=Kind.EXCLUDED, reason="during_absence"), (True,)),
        (of_series(one_to_one(at(1), "bo"), kind=Kind.EXCLUDED, reason="cancelled"), (True, False)),
    ],
)
def test_what_an_occurrence_tells(second: Meeting, held: tuple[bool, ...]):
    first = of_series(one_to_one(at(0), "bo"))
    told = occurrences_of([first, second], [first], [])
    assert series_of(told, at(9))[("s", "bo@example.com")].held == held


def test_what_lies_in_an_absence_tells_nothing():
    meetings = [of_series(one_to_one(at(week), "bo")) for week in range(3)]
    told = occurrences_of(meetings, meetings, [(at(1, 0, 0), at(1, 5, 0))])
    assert [start for start, _ in told[("s", "bo@example.com")]] == [at(0), at(2)]


def test_what_is_booked_begins_after_the_end_and_is_no_note():
    ended, running = one_to_one(at(0), "bo", minutes=30), one_to_one(at(0), "cy", minutes=60)
    noted = replace(running, event=replace(running.event, calendar=NOTES))
    assert booked_of([ended, running, noted], {}, ended.end) == {"cy@example.com": [at(0)]}


def test_one_to_come_of_a_series_that_is_not_kept_is_not_booked():
    coming = of_series(one_to_one(at(9), "bo"))
    for held, booked in (((False, False, False), False), ((False, True), True), ((), True)):
        found = booked_of([coming], {("s", "bo@example.com"): Series(held)}, at(8))
        assert bool(found) is booked
    two = replace(coming, counterparts=(*coming.counterparts, Person("cy@example.com")))
    assert set(booked_of([two], {}, at(8))) == {"bo@example.com"}
