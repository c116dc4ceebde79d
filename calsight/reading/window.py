"""Which days are meant: the report's window, its `as_of`, and the owner's zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from calsight.core.model.events import Window
from calsight.errors import UsageError

if TYPE_CHECKING:
    from calsight.reading.sources import CalendarReading

DEFAULT_WEEKS = 26
MAX_WEEKS = 1040
_YEARS = range(1970, 2200)  # calendars of people; beyond them dates overflow
#: So far beyond `as_of` meetings are read, as scheduled only.
LOOKAHEAD = timedelta(days=28)
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Span:
    """What a report is about, and the moment at which it is judged (UTC)."""

    window: Window
    as_of: datetime


def span_of(
    *,
    weeks: int | None,
    as_of: date | datetime | None,
    start: date | datetime | None,
    end: date | datetime | None,
    zone: str,
    now: datetime,
) -> Span:
    """The span that the caller asked for; dates are days in `zone`.

    Without `start` the window begins on the ISO Monday `weeks` weeks before the week of `as_of` (or of `end`). A date as
    `as_of` or `end` means that day's end. Without `as_of`, a window that ended in the past is judged at its end, else now.
    Raises `UsageError` for a naive datetime, a year out of reach, a start after the end, a span of more than `MAX_WEEKS`, or
    `weeks` together with `start`.
    """
    if weeks is not None and start is not None:
        raise UsageError("Give either --weeks or --from, not both.")
    if weeks is not None and not 1 <= weeks <= MAX_WEEKS:
        raise UsageError(f"--weeks must be between 1 and {MAX_WEEKS}, not {weeks}.")
    tz = ZoneInfo(zone)
    last = None if end is None else _moment(end, tz, "--to", end_of_day=True)
    judged = min(now, last) if last is not None else now
    if as_of is not None:
        judged = _moment(as_of, tz, "--as-of", end_of_day=True)
    last = judged if last is None else last
    if start is None:
        day = (min(last, judged) - _INSTANT).astimezone(tz).date()
        monday = day - timedelta(days=day.weekday(), weeks=weeks or DEFAULT_WEEKS)
        first = _midnight(monday, tz)
    else:
        first = _moment(start, tz, "--from", end_of_day=False)
    if first >= last:
        raise UsageError(
            f"--from ({first.astimezone(tz):%Y-%m-%d}) is after --to ({(last - _INSTANT).astimezone(tz):%Y-%m-%d}). "
            "Swap them."
            if end is not None
            else f"--from ({first.astimezone(tz):%Y-%m-%d}) is after the day of the report. Give an earlier one."
        )
    if last - first > timedelta(weeks=MAX_WEEKS + 1):
        raise UsageError(f"From --from to the end there must be at most {MAX_WEEKS} weeks. Give a later day.")
    return Span(Window(first, last), judged)


def _moment(day: date | datetime, tz: ZoneInfo, name: str, *, end_of_day: bool) -> datetime:
    if day.year not in _YEARS:
        raise UsageError(f"{name} must lie between the years {_YEARS[0]} and {_YEARS[-1]}, not in {day.year}.")
    if isinstance(day, datetime):
        if day.tzinfo is None:
            raise UsageError(f"{name} needs a time zone (an aware datetime) or a plain date.")
        return day.astimezone(UTC)
    return _midnight(day + timedelta(days=1) if end_of_day else day, tz)


def _midnight(day: date, tz: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=tz).astimezone(UTC)


def owner_zone(asked: str, calendars: Iterable[CalendarReading]) -> str:
    """The owner's zone: the one asked for, else that of the calendars with most events, else the system's, else UTC.

    Raises `UsageError` where the zone asked for does not exist.
    """
    if asked:
        if not _known(asked):
            raise UsageError(
                f"Unknown time zone {asked!r}. Use an IANA name such as Europe/Berlin or America/New_York."
            )
        return asked
    votes: Counter[str] = Counter()
    for reading in calendars:
        if _known(reading.calendar.zone):
            votes[reading.calendar.zone] += 1 + len(reading.events)
    if votes:
        return max(votes, key=lambda zone: (votes[zone], zone))
    return _system_zone()


def _system_zone() -> str:
    from tzlocal import get_localzone_name

    name = None
    with suppress(LookupError):  # what the system says of it contradicts itself
        name = get_localzone_name()
    return name if name and _known(name) else "UTC"


def _known(zone: str) -> bool:
    if not zone:
        return False
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
