"""Proposals as calendar programs read them: calsight's own reader, icalendar, and ical."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calsight import pipeline
from calsight.core.model.meetings import Kind, Person
from calsight.core.next.suggest import Suggestion
from calsight.core.wording.reasons import reason
from calsight.render.languages import words_in
from calsight.render.proposals import proposals

AS_OF = datetime(2026, 3, 27, 12, tzinfo=UTC)
START = datetime(2026, 3, 30, 7, tzinfo=UTC)  # 09:00 in Berlin, the day after the clocks changed
#: Names that are hard to write in iCalendar: separators, quotes, line breaks, right-to-left, injected properties.
NAMES = ["Ana Lopez", 'O"Brien; Bo, Jr.', "Eve\r\nATTENDEE:mailto:eve@example.com", "דנה", "a\\nb", "x" * 200]


def suggestion(name: str = "Bo", minutes: int = 25, start: datetime | None = START) -> Suggestion:
    person = Person("bo@example.com", name, "bo@example.com")
    slot = None if start is None else (start, start + timedelta(minutes=minutes))
    return Suggestion(person, reason("suggest_from_group", name=name, meetings=3), minutes, slot)


def one_line(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", NAMES)
def test_icalendar_reads_the_same_meaning(name):
    [event] = icalendar.Calendar.from_ical(proposals([suggestion(name)], as_of=AS_OF)).walk("VEVENT")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (START, START + timedelta(minutes=25))
    assert one_line(event["summary"]) == one_line(f"Time for {name}")
    assert (event["status"], event["transp"]) == ("TENTATIVE", "OPAQUE")
    assert "attendee" not in event
    assert "organizer" not in event


@pytest.mark.parametrize("name", NAMES)
def test_ical_reads_the_same_meaning(name):
    stream = pytest.importorskip("ical.calendar_stream", reason="ical is not installed (the dev group has it)")
    text = proposals([suggestion(name)], as_of=AS_OF).decode()
    [event] = stream.IcsCalendarStream.calendar_from_ics(text).events
    assert (event.start, event.end) == (START, START + timedelta(minutes=25))
    assert one_line(event.summary) == one_line(f"Time for {name}")
    assert event.status == "TENTATIVE"
    assert event.attendees == []
    assert event.organizer is None


@pytest.mark.parametrize("name", NAMES)
def test_our_own_reader_reads_the_same_meaning_and_takes_it_for_no_meeting(tmp_path, name):
    path = tmp_path / "proposals.ics"
    path.write_bytes(proposals([suggestion(name)], as_of=AS_OF))
    reading = pipeline.read(path, as_of=date(2026, 4, 30), me="me@example.com", settings={}, cache=False)
    [event] = reading.events
    assert (event.start, event.end) == (START, START + timedelta(minutes=25))
    assert one_line(event.title) == one_line(f"Time for {name}")
    assert event.status == "tentative"
    assert event.attendees == ()
    assert reading.problems == []
    [meeting] = pipeline.judge(reading).meetings
    assert meeting.kind not in {Kind.ONE_TO_ONE, Kind.GROUP, Kind.CONFERENCE_CALL}


#: What may stand in a proposal: nothing of it says why, how a tie stands, or what proposed it.
FIELDS = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"}


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("code", ["suggest_cooling", "suggest_named", "suggest_again", "suggest_from_group"])
def test_no_field_holds_a_word_that_the_other_person_must_not_read(language, code):
    values = {
        "status": "cooling",
        "alive": 0.31,
        "lost": 0.07,
        "role": "report",
        "times": 1,
        "before": 2.0,
        "after": 3.0,
    }
    why = reason(code, name="Bo Lindqvist", meetings=3, **values)
    person = Person("bo@example.com", "Lindqvist, Bo", "bo@example.com")
    asked = Suggestion(person, why, 25, (START, START + timedelta(minutes=25)))
    made = proposals([asked], as_of=AS_OF, owner="Lopez, Ana", words=words_in(language))
    [event] = icalendar.Calendar.from_ical(made).walk("VEVENT")
    assert set(event) == FIELDS
    assert (
        str(event["summary"])
        == {
            "en": "Time for Bo Lindqvist and Ana Lopez",
            "de": "Zeit für Bo Lindqvist und Ana Lopez",
        }[language]
    )
    assert uuid.UUID(str(event["uid"]))
    assert b"bo@example.com" not in made
    assert b"calsight" not in event.to_ical()


def test_what_has_no_time_is_no_proposal():
    assert b"BEGIN:VEVENT" not in proposals([suggestion(start=None)], as_of=AS_OF)


def test_the_same_proposal_is_the_same_entry():
    assert proposals([suggestion()], as_of=AS_OF) == proposals([suggestion()], as_of=AS_OF)
    moved = suggestion(start=START + timedelta(hours=1))
    first, second = icalendar.Calendar.from_ical(proposals([suggestion(), moved], as_of=AS_OF)).walk("VEVENT")
    assert first["uid"] != second["uid"]


@settings(max_examples=30)
@given(
    st.lists(st.tuples(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.sampled_from([25, 50])), max_size=5)
)
def test_every_time_survives_to_the_second(entries):
    made = [suggestion(minutes=m, start=at.replace(microsecond=0, tzinfo=UTC)) for at, m in entries]
    found = icalendar.Calendar.from_ical(proposals(made, as_of=AS_OF)).walk("VEVENT")
    assert [(event.decoded("dtstart"), event.decoded("dtend")) for event in found] == [each.slot for each in made]
