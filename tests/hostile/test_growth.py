"""What strangers write takes a time that grows with its length, and not faster; and nothing of it is a defect of ours.

What is quadratic takes minutes at these lengths; the bounds leave room for busy machines. CPU time of this thread is counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from time import thread_time

import pytest

from calsight import pipeline
from calsight.core.model.events import CalendarEvent
from calsight.errors import CalsightError
from calsight.reading.bounds import LONGEST, bounded, short
from cli.conftest import AS_OF
from hostile.attacks import ATTACKS

LENGTH = 20_000
#: What patterns over words, addresses, numbers and marks could begin and end with.
PUMPS = [
    "'",
    '"',
    "a",
    "A ",
    " ",
    ".",
    "-",
    "a.",
    "a@",
    "@",
    "a@a.",
    "<",
    "[",
    "(",
    "1",
    "1 ",
    "+1-",
    "://",
    "http://a",
    "/",
    "=",
    ";",
    ":",
    ",",
    "\\",
    "\\n",
    "_",
    "é",
    "é. ",
    "Re: ",
    "x ",
    "a-",
    "%",
    "=3D",
    "TZID=",
    ";X=a",
    "Ana / ",
    "MO,",
    "20261102T09,",
]
LINES = [
    "SUMMARY:{}",
    "LOCATION:{}",
    "DESCRIPTION:{}",
    "ATTENDEE;CN={}:mailto:a@example.com",
    "ATTENDEE:mailto:{}",
    "ORGANIZER:{}",
    'ATTENDEE;CN="{}',
    "DTSTART;TZID={}:20261102T090000",
    "RRULE:{}",
    "RRULE:FREQ=WEEKLY;BYDAY={}",
    "EXDATE:{}",
    "RDATE;X={}:1",
    "UID:{}",
    "URL:{}",
    "CONFERENCE:{}",
    "DURATION:{}",
    "RECURRENCE-ID:{}",
    "{}:x",
    "X-{}",
    "BEGIN:{}",
    "{}",
    "SUMMARY;ENCODING=QUOTED-PRINTABLE:{}",
    "CLASS:{}",
    "SEQUENCE:{}",
]
HEADERS = [
    "X-WR-CALNAME:{}",
    "X-WR-TIMEZONE:{}",
    "X-OWNER;CN={}:mailto:a@example.com",
    "PRODID:{}",
    "METHOD:{}",
    "{}:x",
    "X-{}",
]


def seconds(path: Path, text: str | bytes) -> float:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    began = thread_time()
    with suppress(CalsightError):  # a sentence is an answer too
        pipeline.read(path, as_of=AS_OF, settings={}, cache=False)
    return thread_time() - began


def entries(lines: Iterable[str]) -> str:
    """A calendar with an entry for each line."""
    start = "DTSTART:20261102T090000Z\n"
    parts = (
        f"BEGIN:VEVENT\nUID:{n}\n{'' if 'DTSTART' in line else start}{line}\nEND:VEVENT\n"
        for n, line in enumerate(lines)
    )
    return "".join(parts)


@pytest.mark.parametrize("line", LINES)
def test_lines_of_an_entry(tmp_path: Path, line: str) -> None:
    lines = (line.format(pump * (LENGTH // len(pump))) for pump in PUMPS)
    assert seconds(tmp_path / "x.ics", f"BEGIN:VCALENDAR\n{entries(lines)}END:VCALENDAR\n") < 8


@pytest.mark.parametrize("header", HEADERS)
def test_lines_of_a_calendar(tmp_path: Path, header: str) -> None:
    for pump in PUMPS:
        line = header.format(pump * (LENGTH // len(pump)))
        assert seconds(tmp_path / "x.ics", f"BEGIN:VCALENDAR\n{line}\n{entries([''])}END:VCALENDAR\n") < 2, pump


def test_titles_places_and_names_are_judged_quickly(tmp_path: Path) -> None:
    entry = (
        "BEGIN:VEVENT\nUID:{0}\nDTSTART:202611{1:02}T090000Z\nSUMMARY:{2}\nLOCATION:{2}\nORGANIZER:mailto:me@example.com\n"
        'ATTENDEE;CN="{3}":mailto:a{0}@example.com\nEND:VEVENT\n'
    )
    for ends in ("", "!", "1:1"):
        parts = [
            entry.format(n, n % 20 + 1, pump * 3000 + ends, (pump * 3000).replace('"', "'"))
            for n, pump in enumerate(PUMPS)
        ]
        path = tmp_path / "x.ics"
        path.write_text(f"BEGIN:VCALENDAR\n{''.join(parts)}END:VCALENDAR\n")
        began = thread_time()
        pipeline.analyze(path, me="me@example.com", as_of=AS_OF, settings={}, cache=False)
        assert thread_time() - began < 15


def test_what_is_too_long_is_bounded_and_what_people_write_is_not() -> None:
    for text in ("Ana / Bo", "—" * 5, "Lunch   with Ana", "!!!", "a" * LONGEST, "=" * 8 + " break " + "=" * 8):
        assert short(text) is text
    assert short("a" * 5000) == "a" * (LONGEST - 1) + "…"
    assert len(short("- " * 5000)) <= LONGEST
    assert short("Ana" + " " * 500 + "Bo") == "Ana Bo"
    start = datetime(2026, 11, 2, 9, tzinfo=UTC)
    event = CalendarEvent(uid="1", start=start, end=start, title="Ana")
    assert next(bounded([event])) is event
    assert len(next(bounded([replace(event, title="a" * 5000)])).title) == LONGEST


@pytest.mark.parametrize("attack", ATTACKS)
def test_each_attack_in_small(tmp_path: Path, attack: str) -> None:
    path = tmp_path / ("x.zip" if attack.startswith("archive") else "x.ics")
    size = 2_000_000 if attack.endswith("bomb") else 20_000
    assert seconds(path, ATTACKS[attack](size)) < 9
