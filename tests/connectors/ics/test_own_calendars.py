"""Calendars of our own: one at least for each oddity of the corpus, each read, and in agreement with recurring-ical-events.

The corpus itself (`test_corpus.py`) is other projects' and lies beside this one; these every clone tries.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from calsight import Window
from calsight.errors import PayloadInvalidError
from ics_support import ours, read, upstream_occurrences

TESTS = Path(__file__).parents[2]
DATA = sorted((TESTS / "connectors/ics/data").rglob("*.ics"))
FILES = [*DATA, *(TESTS / "cases/entries").rglob("*.ics")]  # the latter have answers of their own: test_entries.py
HOME = "Europe/Berlin"
YEARS = Window(datetime(2025, 1, 1, tzinfo=UTC), datetime(2027, 7, 1, tzinfo=UTC))
#: Rules of minutes and seconds, or that never move on: upstream would take minutes, or not end.
ENDLESS = ("endless.ics", "endless_zone.ics", "interval.ics")

pytestmark = pytest.mark.filterwarnings("ignore::icalendar.error.GloballyUniqueTZIDGuessed")

#: The oddities that the corpus' manifest tells apart, and what in a file shows each.
ODDITIES = {
    "all-day": rb"^DT(START|END);VALUE=DATE:",
    "attendee": rb"^ATTENDEE",
    "attendee without mailto": rb"^ATTENDEE(?![^\r\n]*mailto:)",
    "byte order mark": rb"\A\xef\xbb\xbf",
    "broken line": rb"^(?![A-Za-z0-9-]+[;:]|[ \t]|\r?$)",
    "cancelled": rb"^STATUS:CANCELLED",
    "CONFERENCE of RFC 7986": rb"^CONFERENCE",
    "EXDATE": rb"^EXDATE",
    "floating time": rb"^DTSTART:\d{8}T\d{6}\r?$",
    "line feeds only": rb"\A[^\r]*\Z",
    "METHOD": rb"^METHOD:",
    "Microsoft's own fields": rb"^X-MICROSOFT-CDO",
    "more than one calendar": rb"BEGIN:VCALENDAR[\s\S]*BEGIN:VCALENDAR",
    "no end": rb"BEGIN:VEVENT(?:(?!DTEND|DURATION)[\s\S])*?END:VEVENT",
    "no UID": rb"BEGIN:VEVENT(?:(?!\nUID)[\s\S])*?END:VEVENT",
    "not UTF-8": rb"[\xe0-\xff](?![\x80-\xbf])",
    "organizer": rb"^ORGANIZER",
    "RDATE": rb"^RDATE",
    "RDATE with periods": rb"^RDATE;VALUE=PERIOD",
    "RECURRENCE-ID": rb"^RECURRENCE-ID",
    "room": rb"CUTYPE=ROOM",
    "RRULE": rb"^RRULE",
    "RSCALE": rb"RSCALE=",
    "this and future": rb"THISANDFUTURE",
    "VFREEBUSY": rb"BEGIN:VFREEBUSY",
    "VTODO": rb"BEGIN:VTODO",
    "Windows zone": rb"TZID=\"?[A-Za-z. ]+ Standard Time",
    "X-WR-RELCALID": rb"^X-WR-RELCALID",
    "X-WR-TIMEZONE": rb"^X-WR-TIMEZONE",
    "zone that is not defined": rb"\A(?![\s\S]*BEGIN:VTIMEZONE)[\s\S]*TZID=",
    "Zoom": rb"zoom\.us/j/",
    **{f"written by {who}": rb"^PRODID:[^\r\n]*" + who.encode() for who in (
        "Apple", "Exchange", "Google", "Mozilla", "Outlook", "Proton", "Sabre", "Zimbra",
    )},
}  # fmt: skip
#: Where we differ from recurring-ical-events on purpose, or it from RFC 5545; each has a test or an entry of its own.
DIFFERS = {
    "all_day.ics": "an all-day entry that ends on its own day lasts that day; a date with a zone is a day",
    "lone_returns.ics": "lines may end in a carriage return alone",
    "negative.ics": "an end before the start stays as it is written: it takes no time",
    "recurrence_id_types.ics": "a RECURRENCE-ID that is a date names the occurrence of that day",
    "reused_uid.ics": "a reused UID is two meetings",
    "until.ics": "UNTIL as a date includes that day; Exchange's is midnight in UTC; without a zone it is local",
}
#: No calendar, or not the whole of one, and refused for that.
REFUSED = ("contacts.ics", "login_page.ics", "nothing.ics", "picture.ics", "text.ics", "truncated.ics")


def name(path: Path) -> str:
    return path.relative_to(TESTS).name


@pytest.mark.parametrize("oddity", ODDITIES)
def test_each_oddity_has_a_calendar_of_our_own(oddity: str) -> None:
    assert any(re.search(ODDITIES[oddity], path.read_bytes(), re.MULTILINE) for path in FILES)


@pytest.mark.parametrize("refused", REFUSED)
def test_what_is_no_calendar_is_refused(refused: str) -> None:
    with pytest.raises(PayloadInvalidError):
        read(TESTS / "connectors/ics/data" / refused, YEARS, HOME)


@pytest.mark.parametrize("path", [path for path in DATA if path.name not in (*ENDLESS, *REFUSED)], ids=name)
def test_occurrences_agree_with_recurring_ical_events(path: Path) -> None:
    reading = read(path, YEARS, HOME)
    assert sum(problem.count for problem in reading.problems) <= path.read_bytes().upper().count(b"BEGIN:VEVENT") + 1
    try:
        expected = upstream_occurrences(path.read_bytes(), YEARS, ZoneInfo(reading.calendar.zone or HOME))
    except Exception as error:  # noqa: BLE001 - any of theirs: one bad entry costs them the whole file
        pytest.skip(f"upstream cannot expand this file: {type(error).__name__}")
    found = ours(reading.events)
    lost = {problem.uid for problem in reading.problems if problem.count}
    expected = Counter({moment: count for moment, count in expected.items() if moment[0] not in lost})
    if name(path) in DIFFERS:
        assert found != expected, "no longer differs: take it off the list"
    else:
        assert found == expected
