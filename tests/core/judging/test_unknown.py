"""Row 11 of the table of docs/meaning.md: nobody knows who was there, or whether it was with one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from calsight.core.model.events import Attendee, Calendar, Status
from calsight.core.model.meetings import Owner
from calsight.testing import attendee, event
from classify_support import GOOGLE, NAMES, NO_NAMES, OUTLOOK, judge_all, verdict


def test_row_11_the_source_hides_participants():
    assert verdict(event("bo", "ana", participants_hidden=True)) == ("unknown", "participants_unknown")
    assert verdict(event("ana", "bo", "cy", participants_hidden=True)) == ("unknown", "participants_unknown")


def test_row_11_a_calendar_that_names_nobody():
    assert verdict(event(calendar=NO_NAMES)) == ("unknown", "participants_unknown")
    assert verdict(event("ana", calendar=NO_NAMES)) == ("unknown", "participants_unknown")
    assert verdict(event(calendar=NAMES)) == ("solo", "alone")


def test_row_11_where_the_connector_cannot_tell_the_events_do():
    calendar = Calendar(id="c")
    bare = event(calendar=calendar, uid="bare")
    listed = event("ana", "bo", at="2026-03-05 10:00", calendar=calendar, uid="listed")
    assert verdict(bare) == ("unknown", "participants_unknown")
    assert {one.event.uid: one.reason for one in judge_all([bare, listed])}["bare"] == "alone"
    other = replace(listed, calendar=Calendar(id="d"))
    assert {one.event.uid: one.reason for one in judge_all([bare, other])}["bare"] == "participants_unknown"


def test_row_11_two_addresses_of_the_owner_name_nobody_else():
    calendar = Calendar(id="c")
    owner = Owner(("ana@example.com", "ana@home.example"))
    mine = event("ana", "ana@home.example", calendar=calendar)
    assert verdict(mine, owner) == ("unknown", "participants_unknown")


@pytest.mark.parametrize(
    "fields",
    [{"title": "", "private": True}, {"title": "Busy"}, {"title": "Beschäftigt"}, {"title": "Private appointment"}],
)
def test_row_11_entries_without_details(fields):
    assert verdict(event(calendar=NAMES, **fields)) == ("unknown", "participants_unknown")


def test_row_11_the_owners_own_private_entry_is_known():
    assert verdict(event(calendar=NAMES, title="Dentist", private=True)) == ("solo", "alone")
    assert verdict(event("ana", "bo", private=True, title="")) == ("one_to_one", "two_people")


def test_row_11_someone_organises_but_nobody_knows_who():
    entry = event("ana", organizer="unknownorganizer@calendar.google.com", calendar=GOOGLE)
    assert verdict(entry) == ("unknown", "participants_unknown")


def test_row_11_someone_whom_nobody_knows():
    nameless = event("ana", attendees=(attendee("ana"), Attendee()))
    assert verdict(nameless) == ("unknown", "participants_unknown")
    guest = event("ana", attendees=(attendee("ana", guests=1),))
    assert verdict(guest) == ("unknown", "participants_unknown")


def test_row_11_somebody_elses_entry_without_the_owner():
    """An imported event names its organizer; that is no invitation to two."""
    assert verdict(event(organizer="bo", calendar=NAMES)) == ("unknown", "participants_unknown")
    assert verdict(event("bo", calendar=NAMES)) == ("unknown", "participants_unknown")
    own = replace(event("bo", calendar=NAMES), organizer=None)
    assert verdict(own) == ("one_to_one", "two_people")


@pytest.mark.parametrize(
    "organizer",
    ["hello@lu.ma", "invitation@calendly.com", "noreply@eventbrite.com", "events@example.org", "no-reply@example.org"],
)
@pytest.mark.parametrize("calendar", [NAMES, GOOGLE, OUTLOOK])
def test_row_11_automated_organizers(organizer, calendar):
    assert verdict(event("ana", organizer=organizer, calendar=calendar)) == ("unknown", "automated")
    booked = event("ana", "bo", organizer=organizer, calendar=calendar)
    assert verdict(booked) == ("one_to_one", "two_people")


def test_row_11_a_service_that_the_owner_lists_stands_for_people_too():
    assert verdict(event("ana", "events@example.org", calendar=NAMES)) == ("unknown", "automated")
    assert verdict(event("ana", "fred@fireflies.ai", calendar=NAMES)) == ("solo", "alone")
    assert verdict(event("ana", "no-reply@example.org", calendar=NAMES)) == ("solo", "alone")


@pytest.mark.parametrize("title", ["Webinar: growth", "All-hands", "Town hall", "Office hours", "Training"])
def test_row_11_broadcasts(title):
    assert verdict(event("ana", title=title, calendar=NAMES)) == ("unknown", "automated")
    assert verdict(event("bo", "ana", title=title)) == ("one_to_one", "two_people")
    assert verdict(event("bo", "ana", "cy", title=title)) == ("group", "many_people")


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Webinar: growth", "automated"),
        ("Town hall", "automated"),
        ("Office hours", "two_people"),
        ("Training", "two_people"),
    ],
)
def test_row_11_one_who_only_organises_may_speak_to_many(title, reason):
    assert verdict(event("ana", organizer="bo", title=title, calendar=OUTLOOK))[1] == reason


def booked_by(assistant: str, *others: str) -> list:
    return [
        event(assistant, "ana", other, at=f"2026-03-{number + 2:02} 10:00", calendar=OUTLOOK, uid=f"booked-{number}")
        for number, other in enumerate(others)
    ]


TEN = ("bo", "cy", "di", "bo", "cy", "di", "bo", "cy", "di", "bo")


def reasons(meetings) -> set[tuple[str, str]]:
    return {(meeting.kind.value, meeting.reason) for meeting in meetings}


def test_row_11_possible_delegate():
    assert reasons(judge_all(booked_by("eve", *TEN))) == {("unknown", "possible_delegate")}
    assert all(one.counterparts == () and one.headcount is None for one in judge_all(booked_by("eve", *TEN)))


def test_row_11_a_delegate_is_a_companion_with_three_others():
    assert reasons(judge_all(booked_by("eve", "bo", "cy", "bo", "cy", "bo"))) == {("group", "many_people")}


def test_row_11_cancelled_meetings_make_no_delegate():
    asked = [replace(one, uid=f"{one.uid}-off", status=Status.CANCELLED) for one in booked_by("eve", *TEN)]
    assert reasons(judge_all([*asked, *booked_by("eve", "bo", "cy")])) == {
        ("excluded", "cancelled"),
        ("group", "many_people"),
    }


def test_row_11_settings_answer_who_is_an_assistant():
    asked = booked_by("eve", *TEN)
    assert reasons(judge_all(asked, assistants=("eve@example.com",))) == {("one_to_one", "two_people")}
    assert reasons(judge_all(asked, colleagues=("Eve@example.com",))) == {("group", "many_people")}


def test_row_11_a_delegates_other_meetings_are_known():
    asked = booked_by("eve", *TEN)
    alone = event("eve", "ana", at="2026-03-20 10:00", uid="two")
    many = event("eve", "ana", "bo", "cy", at="2026-03-21 10:00", uid="four")
    found = {one.event.uid: one.reason for one in judge_all([*asked, alone, many])}
    assert (found["two"], found["four"]) == ("two_people", "many_people")


def test_a_delegate_is_asked_about():
    doubts = {doubt for one in judge_all(booked_by("eve", *TEN)) for doubt in one.doubts}
    assert {(doubt.code, doubt.about, doubt.person.id) for doubt in doubts} == {
        ("companion", "eve@example.com", f"{name}@example.com") for name in ("bo", "cy", "di")
    }
