"""From the word that a person types to the events behind it."""

import io
import json
import sys
import threading
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from calsight.core.model.events import Calendar, Window
from calsight.errors import CancelledError, ConnectorUnknownError, SourceError
from calsight.protocols import ConnectorContext
from calsight.reading.event_lines import event_line
from calsight.reading.sources import Reader, group, resolve
from calsight.testing import event, moment

SPRING = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//example//EN
BEGIN:VEVENT
UID:u1
DTSTAMP:20260301T000000Z
DTSTART:20260302T100000Z
DTEND:20260302T103000Z
SUMMARY:Talk
END:VEVENT
END:VCALENDAR
"""


def reader(**fields):
    return Reader(SPRING, ConnectorContext(), sections={}, **fields)


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("work.ics", ("ics", "work.ics")),
        ("some/folder", ("ics", "some/folder")),
        ("https://example.com/a.ics", ("ics", "https://example.com/a.ics")),
        ("webcal://example.com/a.ics", ("ics", "webcal://example.com/a.ics")),
        (r"C:\calendars\work.ics", ("ics", r"C:\calendars\work.ics")),
        ("ics:work.ics", ("ics", "work.ics")),
        ("ics", ("ics", "")),
        ("kept.jsonl", ("lines", "kept.jsonl")),
        ("gogle", ("ics", "gogle")),  # no connector of that name: perhaps a file
    ],
)
def test_a_source_is_a_connector_a_path_or_an_address(source, meaning):
    assert resolve(source) == meaning


def test_a_connector_that_is_not_installed_is_named():
    with pytest.raises(ConnectorUnknownError, match="nosuch"):
        resolve("nosuch:primary")


@pytest.fixture
def stdin(monkeypatch):
    def give(data):
        buffer = io.BufferedReader(io.BytesIO(data))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=buffer, isatty=lambda: False))

    return give


def test_standard_input_may_be_a_calendar_or_event_lines(stdin):
    stdin(ICS.encode())
    (calendar,) = reader().read("-")
    assert [each.uid for each in calendar.events] == ["u1"]

    stdin(json.dumps(event_line(calendar.events[0])).encode())
    (again,) = reader().read("-")
    assert again.events == calendar.events


def test_one_bad_file_in_a_folder_is_a_problem_and_the_others_are_read(tmp_path):
    (tmp_path / "good.ics").write_text(ICS)
    (tmp_path / "login.ics").write_text("<!DOCTYPE html><html><body>Sign in</body></html>")

    readings = reader().read(str(tmp_path))

    assert [len(reading.events) for reading in readings] == [1, 0]
    (problem,) = readings[1].problems
    assert (problem.code, problem.source) == ("unreadable_file", "login.ics")


def test_where_nothing_can_be_read_the_cause_is_raised(tmp_path):
    (tmp_path / "login.ics").write_text("<!DOCTYPE html><html><body>Sign in</body></html>")

    with pytest.raises(SourceError, match=r"(?i)html|page"):
        reader().read(str(tmp_path))


def test_event_lines_come_back_by_calendar_and_inside_the_window(tmp_path):
    work, home = Calendar(name="work"), Calendar(name="home")
    kept = [
        event("ana", "bo", calendar=work, at="2026-03-02 10:00"),
        event("ana", "cy", calendar=home, at="2026-03-03 10:00"),
        event("ana", "di", calendar=work, at="2026-05-03 10:00"),
    ]
    file = tmp_path / "kept.jsonl"
    file.write_text("\n".join(json.dumps(event_line(each)) for each in kept) + "\nnot json\n")

    first, second = reader().read(str(file))

    assert (first.calendar, first.events) == (work, (kept[0],))
    assert (second.calendar, second.events) == (home, (kept[1],))
    assert [problem.code for problem in first.problems] == ["bad_entry"]


def test_event_lines_without_a_single_event_are_an_error(tmp_path):
    (tmp_path / "kept.jsonl").write_text("{}\n")

    with pytest.raises(SourceError, match="no calsight events"):
        reader().read(str(tmp_path / "kept.jsonl"))


def test_a_missing_lines_file_is_an_error_that_names_it(tmp_path):
    with pytest.raises(SourceError, match=r"gone\.jsonl"):
        reader().read(str(tmp_path / "gone.jsonl"))


def test_the_caller_can_cancel(tmp_path):
    (tmp_path / "work.ics").write_text(ICS)
    cancel = threading.Event()
    cancel.set()

    with pytest.raises(CancelledError):
        reader(cancel=cancel).read(str(tmp_path / "work.ics"))


def test_a_programs_own_events_are_grouped_by_their_calendar():
    work = Calendar(name="work")
    inside, outside = event("ana", "bo", calendar=work), event("ana", "bo", calendar=work, at="2026-06-01 10:00")

    assert [(r.calendar, r.events) for r in group([inside, outside], SPRING)] == [(work, (inside,))]


def test_events_that_a_program_hands_over_share_their_calendar_where_it_is_equal():
    calendars = [Calendar(id="work", name="work"), Calendar(id="work", name="work"), Calendar(id="home", name="home")]
    events = [event("ana", "bo", calendar=calendar, uid=f"u{number}") for number, calendar in enumerate(calendars)]
    work, home = group(events, Window(moment("2026-01-01"), moment("2027-01-01")))
    assert [one.uid for one in work.events] == ["u0", "u1"]
    assert {id(one.calendar) for one in work.events} == {id(work.calendar)}
    assert (work.calendar, home.calendar) == (calendars[0], calendars[2])
