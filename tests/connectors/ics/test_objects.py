"""Several calendars in one stream, and messages about one meeting: what holds is told, on both roads."""

from datetime import UTC, datetime
from itertools import permutations

import pytest

from calsight import Window
from calsight.protocols import ConnectorContext
from calsight_ics import IcsConnector
from ics_support import SUMMER, on_both_roads, read

YEAR = Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def calendar(*entries, head="", method=""):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *([f"METHOD:{method}"] if method else []), *([head] if head else [])]
    for entry in entries:
        lines += ["BEGIN:VEVENT", *entry, "END:VEVENT"]
    return "\n".join([*lines, "END:VCALENDAR", ""])


def meeting(*lines, day=1, sequence=0, stamp=1, answer="NEEDS-ACTION", uid="a"):
    """Ana invites Bo, on a day in June."""
    return [
        f"UID:{uid}", f"DTSTAMP:202605{stamp:02}T000000Z", f"SEQUENCE:{sequence}", f"DTSTART:202606{day:02}T090000Z",
        "DURATION:PT30M", "SUMMARY:Talk", "ORGANIZER:mailto:ana@example.com",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.com", f"ATTENDEE;PARTSTAT={answer}:mailto:Bo@example.com", *lines,
    ]  # fmt: skip


def reply(*lines, answer="DECLINED", sequence=0, stamp=5, day=1):
    return calendar(
        [
            "UID:a", f"DTSTAMP:202605{stamp:02}T000000Z", f"SEQUENCE:{sequence}", f"DTSTART:202606{day:02}T090000Z",
            "ORGANIZER:mailto:ana@example.com", f"ATTENDEE;PARTSTAT={answer}:mailto:bo@example.com", *lines,
        ],
        method="REPLY",
    )  # fmt: skip


def answer_of(event):
    (bo,) = [each for each in event.attendees if "bo" in each.address.lower()]
    return str(bo.partstat)


def told(*calendars):
    """Day, status and Bo's answer of each occurrence of the meeting, whatever the order of what was said."""
    found = {
        tuple(
            (event.start.day, str(event.status), answer_of(event))
            for event in on_both_roads("".join(order), YEAR).of("a")
        )
        for order in permutations(calendars)
    }
    assert len(found) == 1, found
    return list(found.pop())


REQUEST = calendar(meeting(), method="REQUEST")


def test_each_object_has_its_own_method():
    found = on_both_roads(calendar(meeting(uid="x"), method="CANCEL") + calendar(meeting(), method="PUBLISH"))
    assert {event.uid: str(event.status) for event in found.events} == {"x": "cancelled", "a": "confirmed"}


@pytest.mark.parametrize(
    ("second", "hour"), [("X-WR-TIMEZONE:Europe/Berlin", 7), ("", 13)], ids=["its own zone", "none: that of the owner"]
)
def test_each_object_has_its_own_zone(second, hour):
    tokyo = calendar(["UID:x", "DTSTART:20260601T090000"], head="X-WR-TIMEZONE:Asia/Tokyo")
    found = on_both_roads(
        tokyo + calendar(["UID:a", "DTSTART:20260601T090000"], head=second), SUMMER, "America/New_York"
    )
    assert (found["x"].start.hour, found["a"].start.hour) == (0, hour)


def office(offset):
    return (
        "BEGIN:VTIMEZONE\nTZID:Office\nBEGIN:STANDARD\nDTSTART:16010101T000000\n"
        f"TZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD\nEND:VTIMEZONE"
    )


def test_two_objects_may_mean_different_zones_by_one_name():
    entry = "DTSTART;TZID=Office:20260601T090000"
    found = on_both_roads(
        calendar(["UID:x", entry], head=office("+0900")) + calendar(["UID:a", entry], head=office("-0300"))
    )
    assert (found["x"].start.hour, found["a"].start.hour) == (0, 12)


def test_a_zone_that_only_one_object_defines_holds_for_the_others():
    one, other = calendar(["UID:x"], head=office("+0900")), calendar(["UID:a", "DTSTART;TZID=Office:20260601T090000"])
    assert on_both_roads(one + other.replace("VERSION", "METHOD:PUBLISH\nVERSION"))["a"].start.hour == 0


def test_a_series_and_its_override_may_stand_in_objects_of_their_own():
    series = calendar(["UID:a", "DTSTART:20260601T090000Z", "RRULE:FREQ=DAILY;COUNT=2"])
    moved = calendar(["UID:a", "DTSTART:20260603T090000Z", "RECURRENCE-ID:20260602T090000Z"])
    assert on_both_roads(series + moved).starts("a") == ["2026-06-01 09:00", "2026-06-03 09:00"]


def test_a_later_revision_takes_the_place_of_the_earlier():
    assert told(REQUEST, calendar(meeting(day=3, sequence=1), method="REQUEST")) == [(3, "confirmed", "needs_action")]
    assert told(REQUEST, calendar(meeting(day=3, stamp=2), method="REQUEST")) == [(3, "confirmed", "needs_action")]


def test_a_cancellation_cancels_what_came_before_it():
    cancelled = calendar(meeting(sequence=1, stamp=4), method="CANCEL")
    assert told(REQUEST, cancelled) == [(1, "cancelled", "needs_action")]
    assert told(REQUEST, cancelled, calendar(meeting(day=5, sequence=2), method="REQUEST")) == [
        (5, "confirmed", "needs_action")
    ]


def test_one_occurrence_may_be_cancelled():
    series = calendar(meeting("RRULE:FREQ=DAILY;COUNT=3"), method="REQUEST")
    one = calendar(meeting("RECURRENCE-ID:20260602T090000Z", day=2, sequence=1), method="CANCEL")
    assert [status for _, status, _ in told(series, one)] == ["confirmed", "cancelled", "confirmed"]


def test_a_reply_is_the_newer_word_on_who_answers():
    assert told(REQUEST, reply()) == [(1, "confirmed", "declined")]
    assert told(REQUEST, reply(answer="ACCEPTED", stamp=4), reply(stamp=5)) == [(1, "confirmed", "declined")]


def test_a_reply_to_an_earlier_revision_says_nothing_of_the_later():
    later = calendar(meeting(day=3, sequence=1), method="REQUEST")
    assert told(REQUEST, reply(), later) == [(3, "confirmed", "needs_action")]


def test_a_reply_about_one_occurrence_is_about_that_one():
    series = calendar(meeting("RRULE:FREQ=DAILY;COUNT=3", answer="ACCEPTED"), method="REQUEST")
    assert [answer for *_, answer in told(series, reply("RECURRENCE-ID:20260602T090000Z", day=2))] == [
        "accepted",
        "declined",
        "accepted",
    ]


SERIES = calendar(meeting("RRULE:FREQ=DAILY;COUNT=3"), method="REQUEST")
MOVED = calendar(meeting("RECURRENCE-ID:20260602T090000Z", day=9, sequence=1), method="REQUEST")


def days_of(*calendars):
    """The days on which the meeting is, with a minus before one that is cancelled."""
    return [-day if status == "cancelled" else day for day, status, _ in told(*calendars)]


def test_one_occurrence_may_be_moved_more_than_once():
    assert days_of(SERIES, MOVED) == [1, 3, 9]
    again = calendar(
        meeting("RECURRENCE-ID;TZID=Europe/Berlin:20260602T110000", day=12, sequence=1, stamp=3), method="REQUEST"
    )
    assert days_of(SERIES, MOVED, again) == [1, 3, 12]


def test_what_is_added_stands_beside_the_rest():
    added = calendar(meeting(day=9, sequence=1, stamp=3), method="ADD")
    assert days_of(SERIES, added) == [1, 2, 3, 9]
    assert days_of(REQUEST, added, calendar(meeting(day=10, sequence=2, stamp=4), method="ADD")) == [1, 9, 10]
    assert days_of(REQUEST, added, calendar(meeting(sequence=2, stamp=5), method="CANCEL")) == [-1, -9]
    assert days_of(added) == [9]
    weekly = calendar(meeting("RRULE:FREQ=WEEKLY;COUNT=2", day=9, sequence=1, stamp=3), method="ADD")
    assert days_of(SERIES, weekly) == [1, 2, 3, 9, 16]


def test_a_later_revision_of_the_whole_knows_what_was_added_before():
    added = calendar(meeting(day=9, sequence=1, stamp=3), method="ADD")
    assert days_of(SERIES, added, calendar(meeting(day=4, sequence=2, stamp=5), method="REQUEST")) == [4]


def test_a_series_that_moves_to_another_hour_forgets_what_was_moved_before():
    later = calendar(meeting("RRULE:FREQ=DAILY;COUNT=3", sequence=2, stamp=6), method="REQUEST")
    assert days_of(SERIES, MOVED, later) == [1, 3, 9]
    assert days_of(SERIES, MOVED, later.replace("01T09", "01T10")) == [1, 2, 3]


@pytest.mark.parametrize(
    ("named", "days"), [("", [-1, -2, -3]), ("RECURRENCE-ID:20260602T090000Z", [1, -2, 3]),
                        ("RECURRENCE-ID;RANGE=THISANDFUTURE:20260602T090000Z", [1, -2, -3])]
)  # fmt: skip
def test_a_cancellation_needs_no_start(named, days):
    lines = ["UID:a", "DTSTAMP:20260504T000000Z", "SEQUENCE:1", *([named] if named else [])]
    assert days_of(SERIES, calendar(lines, method="CANCEL")) == days


def test_an_answer_needs_no_start():
    declined = ["UID:a", "DTSTAMP:20260505T000000Z", "ATTENDEE;PARTSTAT=DECLINED:mailto:bo@example.com"]
    assert told(REQUEST, calendar(declined, method="REPLY")) == [(1, "confirmed", "declined")]
    assert on_both_roads(REQUEST + calendar(declined, method="REFRESH")).codes == []


def test_where_no_stamp_says_which_is_newer_the_last_change_does():
    def changed(day, stamp):
        lines = [line for line in meeting(day=day) if "DTSTAMP" not in line]
        return calendar([*lines, f"LAST-MODIFIED:202605{stamp:02}T000000Z"], method="REQUEST")

    assert days_of(changed(1, 1), changed(4, 2)) == [4]


@pytest.mark.parametrize("named", ["RECURRENCE-ID;VALUE=DATE:20260602", "RECURRENCE-ID:20260602T090000"])
def test_a_reply_that_names_its_occurrence_in_another_way_costs_nothing(named):
    series = calendar(meeting("RRULE:FREQ=DAILY;COUNT=3", answer="ACCEPTED"), method="REQUEST")
    assert len(told(series, reply(named, day=2))) == 3


@pytest.mark.parametrize("method", ["COUNTER", "DECLINECOUNTER", "REFRESH"])
def test_a_proposal_is_no_meeting(method):
    assert told(REQUEST, calendar(meeting(day=9, sequence=1), method=method)) == [(1, "confirmed", "needs_action")]


@pytest.mark.parametrize("text", [reply(), calendar(meeting(), method="COUNTER")])
def test_answers_alone_are_no_meetings_and_it_is_said(text):
    found = on_both_roads(text)
    assert (found.events, found.codes) == ([], ["no_events"])


def test_the_same_meeting_in_two_calendars_stays_in_both():
    two = calendar(meeting(), head="X-WR-TIMEZONE:Asia/Tokyo") + calendar(meeting(), head="X-WR-TIMEZONE:Europe/Berlin")
    assert on_both_roads(two).starts("a") == ["2026-06-01 09:00"] * 2


def test_the_messages_in_a_folder_are_read_together(tmp_path):
    (tmp_path / "invitation.ics").write_text(REQUEST + calendar(meeting(uid="b", day=4), method="REQUEST"))
    (tmp_path / "answer.ics").write_text(reply())
    (tmp_path / "work.ics").write_text(calendar(meeting(uid="c", day=5), head="X-WR-CALNAME:Work"))
    connector = IcsConnector(ConnectorContext(zone="UTC"))
    messages, work = connector.calendars(str(tmp_path))
    assert (messages.name, work.name) == (f"{tmp_path.name}: messages", "work.ics")
    events = [event for page in connector.fetch(messages, SUMMER) for event in page.events]
    assert {event.uid: str(event.attendees[1].partstat) for event in events} == {"a": "declined", "b": "needs_action"}


def test_one_message_in_a_folder_is_a_calendar_by_itself(tmp_path):
    (tmp_path / "invitation.ics").write_text(REQUEST)
    assert read(tmp_path).starts("a") == ["2026-06-01 09:00"]
