"""The table of docs/meaning.md, row by row (row 11: test_unknown.py), and the laws that hold for all of it."""

from __future__ import annotations

import gc
import re
import weakref
from dataclasses import replace
from datetime import timedelta

import pytest

from calsight.core.judging.bench import Bench
from calsight.core.judging.rows import ROWS, Verdict, is_all_day
from calsight.core.model.events import Attendee, EventType, Organizer, PartStat, ShowAs, Status
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Kind, Mode, Owner, Person, Scope, Size, size_of
from calsight.core.model.options import Options
from calsight.core.rate.overlaps import countable_one_to_ones, held_one_to_ones
from calsight.testing import attendee, event
from classify_support import ANA, AS_OF, EVER, GOOGLE, NAMES, NO_NAMES, OUTLOOK, judge, judge_all, verdict

TEAMS = ("https://teams.microsoft.com/l/meetup-join/x",)


def test_row_1_cancelled():
    assert verdict(event("ana", "bo", status=Status.CANCELLED)) == ("excluded", "cancelled")
    assert verdict(event("ana", "bo", status=Status.TENTATIVE)) == ("one_to_one", "two_people")


def test_row_2_the_owner_declined():
    assert verdict(event("bo", "ana", declined=["ana"])) == ("excluded", "declined")
    assert verdict(event("bo", "ana", declined=["ana"], status=Status.CANCELLED)) == ("excluded", "cancelled")


def test_row_2_declined_under_one_address_only():
    owner = Owner(("ana@example.com", "ana@home.example"))
    listed = event("bo", "ana", "ana@home.example", declined=["ana@home.example"])
    assert verdict(listed, owner) == ("one_to_one", "two_people")


def day(title: str = "Something", **fields):
    return event("ana", at="2026-03-02", minutes=24 * 60, title=title, all_day=True, calendar=NAMES, **fields)


@pytest.mark.parametrize(
    "fields", [{"event_type": EventType.OUT_OF_OFFICE}, {"show_as": ShowAs.OUT_OF_OFFICE}, {"title": "Annual leave"}]
)
def test_row_3_absence(fields):
    assert verdict(day(**fields)) == ("absence", "out_of_office")
    assert judge(day(**fields)).held is None


def test_row_3_a_title_needs_a_day_or_four_hours():
    assert verdict(event("ana", minutes=240, title="Vacation", calendar=NAMES)) == ("absence", "out_of_office")
    assert verdict(event("ana", minutes=239, title="Vacation", calendar=NAMES)) == ("solo", "alone")
    assert verdict(event("ana", minutes=60, title="Dentist", show_as=ShowAs.OUT_OF_OFFICE)) == (
        "absence",
        "out_of_office",
    )


def test_row_3_with_other_people_it_is_no_absence():
    assert verdict(event("ana", "bo", show_as=ShowAs.OUT_OF_OFFICE)) == ("one_to_one", "two_people")
    assert verdict(event("bo", "ana", minutes=300, title="Vacation")) == ("one_to_one", "two_people")
    assert verdict(event("ana", "team", show_as=ShowAs.OUT_OF_OFFICE)) == ("group", "many_people")


@pytest.mark.parametrize(("minutes", "kind"), [(600, "one_to_one"), (601, "absence")])
def test_row_3_out_of_office_for_longer_than_a_working_day_is_no_meeting(minutes, kind):
    assert verdict(event("ana", "bo", show_as=ShowAs.OUT_OF_OFFICE, minutes=minutes))[0] == kind


def test_row_3_somebody_elses_leave_is_not_the_owners():
    assert verdict(day("Bo on vacation")) == ("excluded", "all_day")


def test_row_4_focus_time_and_markers():
    assert verdict(event("ana", event_type=EventType.FOCUS_TIME)) == ("solo", "focus_time")
    assert verdict(day(event_type=EventType.WORKING_LOCATION)) == ("excluded", "marker")
    assert verdict(day(event_type=EventType.BIRTHDAY)) == ("excluded", "marker")
    assert verdict(event("ana", show_as=ShowAs.WORKING_ELSEWHERE)) == ("excluded", "marker")
    assert verdict(event("ana", "bo", show_as=ShowAs.WORKING_ELSEWHERE)) == ("one_to_one", "two_people")


def test_row_5_all_day():
    assert verdict(day()) == ("excluded", "all_day")
    assert verdict(event("ana", "bo", at="2026-03-02", minutes=24 * 60, all_day=True)) == ("excluded", "all_day")


def test_row_5_midnight_to_midnight_in_its_own_zone():
    berlin = event("ana", "bo", at="2026-03-01 23:00", minutes=24 * 60, zone="Europe/Berlin")
    assert is_all_day(berlin)
    assert not is_all_day(replace(berlin, zone=""))
    assert not is_all_day(replace(berlin, end=berlin.end + timedelta(minutes=30)))
    shorter = event("ana", "bo", at="2026-03-28 23:00", minutes=23 * 60, zone="Europe/Berlin")  # the clocks go forward
    assert is_all_day(shorter)
    assert not is_all_day(event("ana", "bo", at="2026-03-02 10:00", minutes=24 * 60))
    assert is_all_day(event("ana", "bo", at="2026-03-02", minutes=48 * 60, zone="No/Such"))


def test_row_6_free():
    invited = event(
        "bo", attendees=(attendee("bo"), attendee("ana", partstat=PartStat.NEEDS_ACTION)), show_as=ShowAs.FREE
    )
    assert verdict(invited) == ("excluded", "free")
    assert verdict(event("bo", "ana", show_as=ShowAs.FREE)) == ("one_to_one", "two_people")  # accepted
    mine = event("ana", attendees=(attendee("bo"),), show_as=ShowAs.FREE)
    assert verdict(mine) == ("one_to_one", "two_people")  # organised
    assert verdict(event(show_as=ShowAs.FREE, calendar=NAMES)) == ("excluded", "free")


@pytest.mark.parametrize("minutes", [0, -30])
def test_row_7_no_duration(minutes):
    assert verdict(event("ana", "bo", minutes=minutes)) == ("excluded", "no_duration")


def test_row_8_organised_for_others():
    booked = event("bo", "cy", organizer="ana", calendar=GOOGLE)
    assert verdict(booked) == ("excluded", "not_attending")
    assert verdict(replace(booked, calendar=OUTLOOK)) == ("group", "many_people")
    assert verdict(replace(booked, calendar=NAMES)) == ("group", "many_people")
    assert verdict(event("ana", "bo", calendar=GOOGLE)) == ("one_to_one", "two_people")
    assert verdict(event("bo", "cy", organizer="ana", declined=["bo"], calendar=GOOGLE)) == (
        "excluded",
        "not_attending",
    )
    assert verdict(event("team", organizer="ana", calendar=GOOGLE)) == ("excluded", "not_attending")
    assert verdict(event("bo", organizer="ana", calendar=GOOGLE)) == ("one_to_one", "two_people")
    assert verdict(event("bo", organizer="ana", declined=["bo"], calendar=GOOGLE)) == ("solo", "alone")
    alone = event(organizer="ana", rooms=["room-4"], calendar=GOOGLE)
    assert verdict(alone) == ("solo", "alone")


def test_row_9_during_an_absence():
    away = event("ana", at="2026-03-02 12:00", minutes=240, title="PTO", calendar=NAMES)
    half = event("ana", "bo", at="2026-03-02 11:30", minutes=60, calendar=NAMES)
    less = event("ana", "bo", at="2026-03-02 11:29", minutes=60, calendar=NAMES)
    reasons = {meeting.event.uid: meeting.reason for meeting in judge_all([half, less, away])}
    assert reasons == {away.uid: "out_of_office", half.uid: "during_absence", less.uid: "two_people"}


def test_row_9_absences_add_up_and_cancelled_ones_do_not_count():
    first = event("ana", at="2026-03-02 10:00", minutes=20, show_as=ShowAs.OUT_OF_OFFICE, uid="a")
    second = event("ana", at="2026-03-02 10:10", minutes=20, show_as=ShowAs.OUT_OF_OFFICE, uid="b")
    meeting = event("ana", "bo", at="2026-03-02 10:00", minutes=60, uid="m")
    assert {one.event.uid: one.reason for one in judge_all([meeting, first, second])}["m"] == "during_absence"
    cancelled = replace(second, status=Status.CANCELLED)
    assert {one.event.uid: one.reason for one in judge_all([meeting, first, cancelled])}["m"] == "two_people"


@pytest.mark.parametrize("calendar", [NAMES, NO_NAMES])
def test_row_10_the_title_settles_what_no_list_can(calendar):
    meeting = judge(event(title="Ana / Bo", calendar=calendar))
    assert (meeting.kind, meeting.reason, meeting.inferred) == (Kind.ONE_TO_ONE, "title_says_so", True)
    assert meeting.counterparts == (Person("name:bo", "Bo"),)
    assert (meeting.headcount, meeting.size, meeting.held) == (2, Size.SMALL, True)
    assert judge(event("ana", title="1:1", rooms=["room-4"], calendar=calendar)).reason == "title_says_so"


def test_row_10_someone_the_calendar_knows_by_that_name():
    known = event("ana", attendees=(attendee("ana"), attendee("bo", name="Bo Berg")), uid="list")
    title = event(title="Coffee with Bo Berg", at="2026-03-03 10:00", uid="title")
    meetings = {meeting.event.uid: meeting for meeting in judge_all([known, title])}
    assert meetings["title"].counterparts == (Person("bo@example.com", "Bo Berg", "bo@example.com"),)
    assert meetings["title"].scope is Scope.ORGANISATION


def test_row_10_never_against_a_list():
    assert verdict(event("ana", "bo", "cy", title="1:1 Bo")) == ("group", "many_people")
    assert verdict(event("ana", "bo", title="1:1 Bo", declined=["bo"], calendar=NAMES)) == ("solo", "alone")
    assert verdict(event("ana", "team", title="1:1 Bo")) == ("group", "many_people")
    assert verdict(event("ana", organizer="events@example.org", title="Coffee with Bo")) == ("unknown", "automated")


def test_row_12_alone():
    assert verdict(event("ana", calendar=NAMES)) == ("solo", "alone")
    assert verdict(event("ana", "bo", declined=["bo"])) == ("solo", "alone")
    assert verdict(event("ana", rooms=["room-4"], calendar=NAMES)) == ("solo", "alone")
    assert judge(event("ana", calendar=NAMES)).headcount == 1
    assert judge(event("ana", calendar=NAMES)).size is None


def test_row_13_two_people():
    meeting = judge(event("ana", "bo"))
    assert (meeting.kind, meeting.reason, meeting.headcount, meeting.size) == (
        Kind.ONE_TO_ONE,
        "two_people",
        2,
        Size.SMALL,
    )
    assert meeting.counterparts == (Person("bo@example.com", "Bo", "bo@example.com"),)
    assert meeting.scope is Scope.ORGANISATION
    assert not meeting.inferred


def test_row_13_a_one_to_one_over_video_stays_one():
    meeting = judge(event("ana", "bo", conference=TEAMS))
    assert (meeting.kind, meeting.mode) == (Kind.ONE_TO_ONE, Mode.REMOTE)


def test_row_13_strict_asks_both_sides():
    open_answer = event("ana", attendees=(attendee("ana"), attendee("bo", partstat=PartStat.NEEDS_ACTION)))
    assert verdict(open_answer) == ("one_to_one", "two_people")
    assert verdict(open_answer, strict=True) == ("excluded", "not_accepted")
    assert verdict(event("ana", "bo"), strict=True) == ("one_to_one", "two_people")
    assert verdict(event("ana", organizer="bo", calendar=OUTLOOK), strict=True) == ("one_to_one", "two_people")
    mine_open = event("bo", attendees=(attendee("bo"), attendee("ana", partstat=PartStat.TENTATIVE)))
    assert verdict(mine_open, strict=True) == ("excluded", "not_accepted")


def test_row_14_many_from_afar():
    assert verdict(event("ana", "bo", "cy", conference=TEAMS)) == ("conference_call", "many_people_remote")
    assert verdict(event("ana", "bo", "cy", location="Microsoft Teams-Besprechung")) == (
        "conference_call",
        "many_people_remote",
    )
    assert verdict(event("ana", "team", location="Zoom")) == ("conference_call", "many_people_remote")


def test_row_15_many_otherwise():
    assert verdict(event("ana", "bo", "cy")) == ("group", "many_people")
    assert verdict(event("ana", "bo", "cy", conference=TEAMS, location="Room 4")) == ("group", "many_people")
    assert judge(event("ana", "bo", "cy", conference=TEAMS, rooms=["room-4"])).mode is Mode.HYBRID
    assert judge(event("ana", "bo", "cy", rooms=["room-4"])).mode is Mode.IN_PERSON


def test_headcount_and_size():
    assert [size_of(n) for n in (None, 1, 2, 8, 9, 50, 51)] == [
        None,
        None,
        Size.SMALL,
        Size.SMALL,
        Size.LARGE,
        Size.LARGE,
        Size.BROADCAST,
    ]
    crowd = judge(event("ana", *(f"p{number}" for number in range(60))))
    assert (crowd.headcount, crowd.size) == (61, Size.BROADCAST)
    group = judge(event("ana", "bo", "team"))
    assert (group.headcount, group.size) == (None, None)
    assert judge(event("ana", attendees=(attendee("ana"), attendee("bo", guests=1)))).headcount == 3


def test_held_ends_at_or_before_as_of():
    at = f"{AS_OF - timedelta(minutes=30):%Y-%m-%d %H:%M}"
    assert judge(event("ana", "bo", at=at, minutes=30)).held is True
    assert judge(event("ana", "bo", at=at, minutes=31)).held is False
    assert judge(event("ana", "bo", "cy", at=at, minutes=31)).held is False
    assert judge(event("ana", at=at, calendar=NAMES)).held is None


def test_who_organised_it():
    assert judge(event("ana", "bo")).organised_by_me is True
    assert judge(event("bo", "ana")).organised_by_me is False
    assert judge(replace(event("bo", "ana"), organizer=None)).organised_by_me is None


def test_interviews_are_told_by_title():
    assert judge(event("ana", "bo", title="Interview Bo")).interview
    assert not judge(event("ana", "bo", "cy", title="Interview Bo")).interview


def test_meetings_come_in_order_of_time_with_their_sources():
    late = event("ana", "bo", at="2026-03-05 10:00", calendar=NAMES)
    early = event("ana", "bo", at="2026-03-04 10:00", calendar=GOOGLE)
    meetings = judge_all([late, replace(late, calendar=OUTLOOK), early])
    assert [meeting.event.start for meeting in meetings] == [early.start, late.start]
    assert [meeting.sources for meeting in meetings] == [("google",), ("outlook", "work")]


def test_a_companys_own_rule_comes_after_cancelled_and_declined():
    def standup(entry, presence):
        return Verdict(Kind.EXCLUDED, "acme_standup") if len(presence.others) == 1 else None

    assert verdict(event("ana", "bo"), rules=[standup]) == ("excluded", "acme_standup")
    assert verdict(event("ana", "bo", "cy"), rules=[standup]) == ("group", "many_people")
    assert verdict(event("ana", "bo", status=Status.CANCELLED), rules=[standup]) == ("excluded", "cancelled")
    assert verdict(event("bo", "ana", declined=["ana"]), rules=[standup]) == ("excluded", "declined")
    assert verdict(event("ana", "bo", minutes=0), rules=[standup]) == ("excluded", "acme_standup")


def test_a_rule_may_say_absence():
    away = event("ana", "team", at="2026-03-02 09:00", minutes=480, title="Company holiday", uid="away")
    meeting = event("ana", "bo", at="2026-03-02 10:00", uid="m")
    found = judge_all(
        [away, meeting],
        rules=[lambda entry, presence: Verdict(Kind.ABSENCE, "company_holiday") if "Company" in entry.title else None],
    )
    assert {one.event.uid: one.reason for one in found} == {"away": "company_holiday", "m": "during_absence"}


def test_overlapping_one_to_ones_with_one_person_count_once():
    first = event("ana", "bo", at="2026-03-02 10:00", minutes=60, uid="1")
    inside = event("bo", "ana", at="2026-03-02 10:30", minutes=30, uid="2")
    other = event("ana", "cy", at="2026-03-02 10:30", uid="3")
    after = event("ana", "bo", at="2026-03-02 11:00", uid="4")
    meetings = judge_all([inside, after, other, first])
    assert len(meetings) == 4
    assert len(held_one_to_ones(meetings)) == 3
    assert {one.counterparts[0].id for one in held_one_to_ones(meetings)} == {"bo@example.com", "cy@example.com"}


def test_one_more_one_to_one_never_means_fewer():
    short = [event("ana", "bo", at=f"2026-03-02 10:{minute}", minutes=15, uid=minute) for minute in ("00", "30")]
    long = event("ana", "bo", at="2026-03-02 09:45", minutes=75, uid="long")
    assert len(held_one_to_ones(judge_all(short))) == 2
    assert len(held_one_to_ones(judge_all([*short, long]))) == 2


def test_a_placeholder_beside_the_invitation_counts_once():
    invited = event(
        "bo", attendees=(attendee("bo", name="Bo Berg"), attendee("ana")), at="2026-03-02 10:00", uid="list"
    )
    titles = ("1:1 Bo", "Bo Berg / Ana", "1:1", "1:1 with Bo")
    placeholders = [
        event(title=title, at="2026-03-02 09:45", calendar=NAMES, uid=f"title-{number}")
        for number, title in enumerate(titles)
    ]
    other = event(title="1:1 Cy", at="2026-03-02 10:00", calendar=NAMES, uid="cy")
    meetings = judge_all([*placeholders, other, invited])
    assert len(meetings) == 6
    assert {one.event.uid for one in held_one_to_ones(meetings)} == {"list", "cy"}
    assert len(held_one_to_ones(judge_all(placeholders[2:3]))) == 1


def test_a_first_name_is_known_where_exactly_one_person_has_it():
    bo = event("ana", attendees=(attendee("ana"), attendee("bo", name="Bo Berg")), uid="bo")
    title = event(title="1:1 Bo", at="2026-03-03 10:00", calendar=NAMES, uid="title")
    second = event(
        "ana", attendees=(attendee("ana"), attendee("bo@other.example", name="Bo Dahl")), at="2026-03-04 10:00"
    )
    one = {meeting.event.uid: meeting for meeting in judge_all([bo, title])}["title"]
    two = {meeting.event.uid: meeting for meeting in judge_all([bo, title, second])}["title"]
    assert one.counterparts[0].id == "bo@example.com"
    assert two.counterparts[0].id == "name:bo"


def test_what_the_rate_counts():
    private = event("ana", "mum@gmail.com", at="2026-03-03 20:00", uid="p")
    booked = event("ana", "bo", at="2026-07-03 10:00", uid="s")
    group = event("ana", "bo", "cy", at="2026-03-04 10:00", uid="g")
    counted = event("ana", "bo", at="2026-03-05 10:00", uid="c")
    meetings = judge_all([private, booked, group, counted])
    assert [one.event.uid for one in held_one_to_ones(meetings)] == ["p", "c"]
    assert [one.event.uid for one in countable_one_to_ones(meetings)] == ["c"]


def test_the_table_of_the_page_is_this_one_row_by_row(pytestconfig):
    text = (pytestconfig.rootpath / "docs/meaning.md").read_text("utf-8")
    written = re.findall(r"^\| (\d+) \| [^|]+ \| `(\w+)` \| `(\w+)` \|$", text, re.MULTILINE)
    assert written == [(str(row.number), row.verdict.kind, row.verdict.reason) for row in ROWS]


def test_what_is_judged_goes_as_soon_as_nobody_needs_it():
    """An organisation's ingest judges one mailbox after the other, and lets Python hardly ever look for circles."""
    entry = event("ana", "bo", calendar=NAMES)
    frame = Frame(ANA, "UTC", EVER, AS_OF, None, Options())
    gc.disable()
    try:
        bench = Bench([entry], frame)
        bench.meetings(AS_OF)
        directory = weakref.ref(bench.directory)
        del bench
        assert directory() is None
    finally:
        gc.enable()


def test_the_owner_whom_nobody_lists():
    nobody = Owner(name="Ana Example", how="nobody_listed")
    assert verdict(event(title="Ana / Bo", calendar=NO_NAMES), nobody) == ("one_to_one", "title_says_so")
    assert verdict(event(calendar=NO_NAMES), nobody) == ("unknown", "participants_unknown")


def test_an_owner_known_by_name_is_not_another_person():
    ana = Attendee(address="/O=EXAMPLE/CN=ANA", name="Example, Ana", partstat=PartStat.ACCEPTED)
    assert verdict(event("bo", attendees=(attendee("bo"), ana))) == ("one_to_one", "two_people")
    own = replace(event(calendar=NAMES), organizer=Organizer(ana.address, ana.name))
    assert verdict(own) == ("solo", "alone")
