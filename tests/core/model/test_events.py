"""What a connector yields."""

from dataclasses import FrozenInstanceError, fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from calsight.core.model.events import CalendarEvent, Problem, Window
from calsight.testing import event

START, END = (datetime(2026, 3, day, 9, tzinfo=UTC) for day in (10, 11))
WEEK = timedelta(weeks=1)


def test_the_occurrences_of_a_series_are_what_replace_gives():
    first = event("ana", "bo", series="weekly", original_start=START, location="Room 1")
    times = [(START + weeks * WEEK, END + weeks * WEEK) for weeks in (1, 2)]

    later = first.repeated(times)

    assert later == [replace(first, start=start, end=end, original_start=start) for start, end in times]
    assert {type(each) for each in later} == {CalendarEvent}
    assert len({first, *later, *first.repeated(times)}) == 3
    with pytest.raises(FrozenInstanceError):
        later[0].title = "Other"


def test_an_event_made_the_quick_way_is_what_the_constructor_gives():
    made = event("ana", "bo", location="Room 1")
    values = [getattr(made, each.name) for each in fields(CalendarEvent)]

    assert CalendarEvent.of(*values) == made
    assert CalendarEvent.of("u", start=START, end=END) == CalendarEvent("u", start=START, end=END)
    with pytest.raises(TypeError):
        CalendarEvent.of("u", START)


def test_a_key_tells_the_occurrences_of_a_series_apart():
    first = event("ana", "bo", uid="u", series="u", original_start=datetime(2026, 3, 2, 10, tzinfo=UTC))

    assert [one.key for one in (first, *first.repeated([(START, END)]))] == ["u/20260302T100000Z", "u/20260310T090000Z"]
    assert first.key == replace(first, start=START, end=END).key  # moved, and still the same occurrence


def test_a_window_is_half_open():
    window = Window(START, END)

    assert START in window
    assert END not in window


@pytest.mark.parametrize(
    ("begins", "ends", "inside"),
    [(-2, -1, False), (-1, 0, False), (-1, 1, True), (0, 0, True), (23, 25, True), (24, 25, False), (-1, 25, True)],
)
def test_what_only_touches_a_window_does_not_overlap_it(begins: int, ends: int, inside: bool):
    """Hours after the window begins, which lasts 24."""
    begin, end = (START + timedelta(hours=hours) for hours in (begins, ends))
    assert Window(START, END).overlaps(begin, end) is inside


def test_a_problem_that_says_no_more_is_one_entry():
    assert Problem("bad_entry", "It has no beginning.").count == 1
