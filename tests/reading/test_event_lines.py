"""`calsight.event/1` lines, out and in."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from calsight.core.model.events import (
    Attendee,
    Calendar,
    CalendarEvent,
    CuType,
    EventType,
    Organizer,
    PartStat,
    Problem,
    ShowAs,
    Status,
)
from calsight.reading.event_lines import event_line, read_event_lines
from calsight.testing import event

text = st.text(max_size=12)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))
attendees = st.builds(
    Attendee,
    address=text,
    name=text,
    partstat=st.sampled_from(PartStat),
    cutype=st.sampled_from(CuType),
    optional=st.booleans(),
    guests=st.integers(0, 9),
)
calendars = st.builds(
    Calendar,
    id=text,
    name=text,
    zone=st.sampled_from(["", "Europe/Berlin"]),
    owner=st.lists(text, max_size=2).map(tuple),
    organizer_listed=st.none() | st.booleans(),
    names_people=st.none() | st.booleans(),
    last_sign=st.none() | moments,
)
events = st.builds(
    CalendarEvent,
    uid=text,
    start=moments,
    end=moments,
    title=text,
    organizer=st.none() | st.builds(Organizer, address=text, name=text),
    attendees=st.lists(attendees, max_size=4).map(tuple),
    series=st.none() | text,
    original_start=st.none() | moments,
    status=st.sampled_from(Status),
    show_as=st.sampled_from(ShowAs),
    event_type=st.sampled_from(EventType),
    conference=st.lists(text, max_size=2).map(tuple),
    private=st.booleans(),
    updated=st.none() | moments,
    calendar=calendars,
)


@given(st.lists(events, max_size=5))
def test_what_is_written_is_read_back_the_same(written):
    lines = [json.dumps(event_line(each)) for each in written]

    assert list(read_event_lines(lines, name="x.jsonl")) == written


def test_events_of_one_calendar_share_it_again():
    """And who organises them: so occurrences of a series are judged as one."""
    calendar = Calendar(name="work")
    lines = [json.dumps(event_line(event("ana", who, calendar=calendar))) for who in ("bo", "cy")]
    lines[1] = f" {lines[1]}"  # not as it is written, and so not read as quickly

    first, second = read_event_lines(lines, name="x.jsonl")

    assert first.calendar is second.calendar
    assert first.organizer is second.organizer


def test_a_time_with_an_offset_is_normalised_to_utc():
    line = event_line(event("ana", "bo")) | {"start": "2026-03-02T10:00:00+02:00"}

    (read,) = read_event_lines([json.dumps(line)], name="x.jsonl")

    assert read.start == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert read.start.tzinfo is UTC


def test_a_bad_line_costs_that_line_and_names_its_number_but_not_its_content():
    good = json.dumps(event_line(event("ana", "bo")))
    bad = [
        '{"schema": "calsight.event/1", "uid": "secret"',
        json.dumps({"schema": "calsight.event/2", "uid": "secret"}),
        json.dumps(event_line(event("ana", "bo")) | {"start": "2026-03-02T10:00:00"}),
        json.dumps(event_line(event("ana", "bo")) | {"status": "secret"}),
        "[1]",
    ]

    found = list(read_event_lines([good, *bad, "", good], name="x.jsonl"))

    problems = [item for item in found if isinstance(item, Problem)]
    assert [problem.text.split(" is ")[0] for problem in problems] == [f"Line {n}" for n in (2, 3, 4, 5, 6)]
    assert all(problem.source == "x.jsonl" and "secret" not in problem.text for problem in problems)
    assert len(found) == 7
