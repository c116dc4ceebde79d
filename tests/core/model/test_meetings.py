"""Meetings, made and put in order."""

from dataclasses import FrozenInstanceError, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.model.events import Calendar
from calsight.core.model.meetings import Doubt, DoubtCode, Kind, Meeting, Mode, in_order
from calsight.testing import event, moment

MEETING = Meeting(event("ana", "bo", uid="b"), Kind.ONE_TO_ONE, "two_people", Mode.REMOTE, held=True)


def with_event(**changes):
    return replace(MEETING, event=replace(MEETING.event, **changes))


IN_ORDER = [
    MEETING,
    with_event(title="Other title"),
    with_event(calendar=Calendar(id="home")),
    with_event(uid="c", original_start=moment("2026-01-05 10:00")),
    with_event(uid="c", original_start=moment("2026-01-12 10:00")),
    with_event(uid="a", end=moment("2027-01-01 10:00")),
    with_event(uid="a", start=moment("2027-01-01 10:00"), end=moment("2027-01-01 11:00")),
]


def test_a_meeting_made_the_quick_way_is_what_the_constructor_gives():
    made = Meeting.of(*(getattr(MEETING, field.name) for field in fields(Meeting)))

    assert made == MEETING
    assert type(made) is Meeting
    assert hash(made) == hash(MEETING)
    assert Meeting.of(MEETING.event, Kind.SOLO, reason="alone") == Meeting(MEETING.event, Kind.SOLO, "alone")
    with pytest.raises(FrozenInstanceError):
        made.held = False


@given(st.permutations(IN_ORDER))
def test_the_order_does_not_depend_on_how_they_came(meetings):
    assert in_order(meetings) == IN_ORDER


@given(st.permutations(IN_ORDER[:3]))
def test_nor_where_start_end_and_uid_tell_none_of_them_apart(meetings):
    assert in_order(meetings) == IN_ORDER[:3]


def test_what_it_could_also_be_is_what_its_first_doubt_says():
    first, second = Doubt(DoubtCode.UNANSWERED, "none"), Doubt(DoubtCode.PERSONAL, "one_to_one")
    doubts = ((), (first,), (first, second))
    assert [replace(MEETING, doubts=these).could_be for these in doubts] == [None, "none", "none"]
