"""The total order over what entries say."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.model.events import Calendar, CalendarEvent, EventType, Organizer, ShowAs, Status
from calsight.core.model.order import content_of
from calsight.testing import event, moment
from classify_support import entries

PLAIN = event("ana", "bo", uid="u")
SAID_OTHERWISE = {
    "uid": "v",
    "start": PLAIN.start + timedelta(minutes=1),
    "end": PLAIN.end + timedelta(minutes=1),
    "all_day": True,
    "zone": "Asia/Tokyo",
    "title": "Else",
    "organizer": Organizer("else@example.com"),
    "attendees": (),
    "series": "s",
    "original_start": PLAIN.start,
    "status": Status.CANCELLED,
    "show_as": ShowAs.FREE,
    "event_type": EventType.BIRTHDAY,
    "location": "Else",
    "conference": ("https://meet.example/1",),
    "private": True,
    "participants_hidden": True,
    "sequence": 7,
    "created": PLAIN.start,
    "updated": PLAIN.start,
    "id": "7",
    "calendar": Calendar(id="else"),
}


@pytest.mark.parametrize("field", [each.name for each in fields(CalendarEvent)])
def test_every_field_tells_two_entries_apart(field):
    assert content_of(replace(PLAIN, **{field: SAID_OTHERWISE[field]})) != content_of(PLAIN)


def test_the_order_of_attendees_does_not():
    assert content_of(replace(PLAIN, attendees=PLAIN.attendees[::-1])) == content_of(PLAIN)


@given(st.lists(entries(), min_size=2, max_size=5), st.data())
def test_any_entries_sort_one_way(events, data):
    events = [
        replace(
            one,
            created=data.draw(st.sampled_from([None, moment("2026-01-01")])),
            organizer=data.draw(st.sampled_from([None, Organizer("bo@example.com")])),
        )
        for one in events
    ]
    shuffled = data.draw(st.permutations(events))
    assert list(map(content_of, sorted(shuffled, key=content_of))) == sorted(map(content_of, events))
