"""What a connector yields."""

from dataclasses import FrozenInstanceError, fields, replace
from datetime import UTC, datetime

import pytest

from calsight.core.events import CalendarEvent, Window
from calsight.testing import event

START, END, ORIGINAL = (datetime(2026, 3, day, 9, tzinfo=UTC) for day in (10, 11, 9))


def test_an_event_at_another_time_is_what_replace_gives():
    first = event("ana", "bo", series="weekly", original_start=datetime(2026, 3, 2, 10, tzinfo=UTC), location="Room 1")

    moved = first.at(START, END, ORIGINAL)

    assert moved == replace(first, start=START, end=END, original_start=ORIGINAL)
    assert type(moved) is CalendarEvent
    assert hash(moved) == hash(replace(first, start=START, end=END, original_start=ORIGINAL))
    with pytest.raises(FrozenInstanceError):
        moved.title = "Other"


def test_an_event_made_the_quick_way_is_what_the_constructor_gives():
    made = event("ana", "bo", location="Room 1")
    values = [getattr(made, each.name) for each in fields(CalendarEvent)]

    assert CalendarEvent.of(*values) == made
    assert CalendarEvent.of("u", start=START, end=END) == CalendarEvent("u", start=START, end=END)
    with pytest.raises(TypeError):
        CalendarEvent.of("u", START)


def test_a_key_tells_the_occurrences_of_a_series_apart():
    first = event("ana", "bo", uid="u", series="u", original_start=datetime(2026, 3, 2, 10, tzinfo=UTC))

    assert first.key != first.at(START, END, ORIGINAL).key
    assert first.key == replace(first, start=START, end=END).key  # moved, and still the same occurrence


def test_a_window_is_half_open():
    window = Window(START, END)

    assert START in window
    assert END not in window
