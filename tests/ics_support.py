"""What the tests of the ICS connector share: reading a calendar, and icalendar + recurring-ical-events to compare with."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from calsight import Calendar, CalendarEvent, Problem, Window
from calsight.protocols import ConnectorContext
from calsight_ics import IcsConnector
from calsight_ics.costs import Budget, Limits
from calsight_ics.places.text import readable, unpacked
from calsight_ics.reader import CalendarReader

DATA = Path(__file__).parent / "connectors/ics/data"
SUMMER = Window(datetime(2026, 6, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
ALL_TIME = Window(datetime(1990, 1, 1, tzinfo=UTC), datetime(2035, 1, 1, tzinfo=UTC))


@dataclass(frozen=True)
class Reading:
    """What a fetch found."""

    calendar: Calendar
    events: list[CalendarEvent]
    problems: list[Problem]

    def __getitem__(self, uid: str) -> CalendarEvent:
        (event,) = self.of(uid)
        return event

    def of(self, uid: str) -> list[CalendarEvent]:
        return sorted((event for event in self.events if event.uid == uid), key=lambda event: event.start)

    def starts(self, uid: str) -> list[str]:
        return [f"{event.start:%Y-%m-%d %H:%M}" for event in self.of(uid)]

    @property
    def codes(self) -> list[str]:
        return [problem.code for problem in self.problems]


def read(reference: Path | str, window: Window = SUMMER, zone: str = "America/New_York") -> Reading:
    """One calendar, through the connector. A bare name is a file of the tests' data."""
    path = DATA / f"{reference}.ics" if isinstance(reference, str) and "/" not in reference else reference
    connector = IcsConnector(ConnectorContext(zone=zone))
    (calendar,) = connector.calendars(str(path))
    events: list[CalendarEvent] = []
    problems: list[Problem] = []
    for page in connector.fetch(calendar, window):
        events += page.events
        problems += page.problems
        calendar = page.calendar or calendar
    return Reading(calendar, events, problems)


def read_text(
    data: bytes | str, window: Window = SUMMER, zone: str = "America/New_York", *, fast: bool = True
) -> Reading:
    """One calendar from its text, by the fast road or, without `fast`, through the libraries alone."""
    raw = data.replace("\n", "\r\n").encode() if isinstance(data, str) else data
    with ExitStack() as stack:
        text = readable(unpacked(raw, "x", Budget.of(Limits()), stack), "x", stack)
        pages = list(CalendarReader(Calendar("x", "x"), text, window, zone, fast=fast).pages())
    return Reading(
        pages[0].calendar or Calendar("x", "x"),
        [event for page in pages for event in page.events],
        [problem for page in pages for problem in page.problems],
    )


def on_both_roads(data: bytes | str, window: Window = SUMMER, zone: str = "America/New_York") -> Reading:
    """The same by either road: their events are held equal."""
    reading, slow = (read_text(data, window, zone, fast=fast) for fast in (True, False))
    assert Counter(map(repr, reading.events)) == Counter(map(repr, slow.events)), slow.problems
    assert Counter(reading.codes) == Counter(slow.codes)
    return reading


def calendar_of(*lines: str, head: str = "") -> str:
    """A calendar with one entry of these lines; `head` are lines before it."""
    return "\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", head, "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    )


Moment = tuple[str, datetime, datetime, bool]
_DAY = timedelta(days=1)


def upstream_occurrences(data: bytes, window: Window, home: ZoneInfo) -> Counter[Moment]:
    """UID, start, end and all-day of each occurrence that overlaps the window. Raises whatever the two libraries raise."""
    icalendar.use_zoneinfo()  # forgets the custom zones of other files
    found: Counter[Moment] = Counter()
    for calendar in icalendar.Calendar.from_ical(data, multiple=True):
        zone = ZoneInfo(calendar["X-WR-TIMEZONE"]) if "X-WR-TIMEZONE" in calendar else home
        for event in recurring_ical_events.of(calendar).between(window.start - _DAY, window.end + _DAY):
            start, end = event["DTSTART"].dt, event["DTEND"].dt
            all_day = not isinstance(start, datetime)
            span = _utc(start, zone), _utc(end, zone)
            if overlaps(*span, window):
                found[(str(event.get("UID", "")), *span, all_day)] += 1
    return found


def ours(events: list[CalendarEvent]) -> Counter[Moment]:
    """The same of the connector's events."""
    return Counter((event.uid, event.start, event.end, event.all_day) for event in events)


def overlaps(start: datetime, end: datetime, window: Window) -> bool:
    return start in window or start < window.start < end


def _utc(value: date, zone: ZoneInfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value.replace(tzinfo=zone) if value.tzinfo is None else value).astimezone(UTC)
