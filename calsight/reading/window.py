"""Which days are meant: the report's window, its `as_of`, and the owner's zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from calsight.core.model.events import Window
from calsight.core.time.days import DAY, WEEK, day_of, day_or_moment, in_utc, last_day_before, midnight, week_of
from calsight.core.time.zones import is_zone
from calsight.errors import UsageError

if TYPE_CHECKING:
    from calsight.reading.sources import CalendarReading

#: A day of the owner's or a moment (aware), as a text of ISO 8601 too.
Day: TypeAlias = "str | date | datetime"

DEFAULT_WEEKS = 26
MAX_WEEKS = 2600  # half a century
_YEARS = range(1970, 2200)  # calendars of people; beyond them dates overflow
#: So far beyond `as_of` meetings are read, as scheduled only.
LOOKAHEAD = timedelta(days=28)


class Span(NamedTuple):
    """What a report is about, and the moment at which it is judged (UTC)."""

    window: Window
    as_of: datetime


def span_of(
    *,
    weeks: int | None,
    as_of: Day | None,
    start: Day | None,
    end: Day | None,
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
    if weeks is not None and not (isinstance(weeks, int) and 1 <= weeks <= MAX_WEEKS):
        raise UsageError(f"--weeks must be between 1 and {MAX_WEEKS}, not {weeks!r}.")
    last = None if end is None else _moment(end, zone, "--to", end_of_day=True)
    judged = min(now, last) if last is not None else now
    if as_of is not None:
        judged = _moment(as_of, zone, "--as-of", end_of_day=True)
    last = judged if last is None else last
    if start is None:
        monday = week_of(last_day_before(min(last, judged), zone))
        first = midnight(monday - WEEK * (weeks or DEFAULT_WEEKS), zone)
    else:
        first = _moment(start, zone, "--from", end_of_day=False)
    if first >= last:
        raise UsageError(
            f"--from ({day_of(first, zone)}) is after --to ({last_day_before(last, zone)}). Swap them."
            if end is not None
            else f"--from ({day_of(first, zone)}) is after the day of the report. Give an earlier one."
        )
    if last - first > timedelta(weeks=MAX_WEEKS + 1):
        raise UsageError(f"From --from to the end there must be at most {MAX_WEEKS} weeks. Give a later day.")
    return Span(Window(first, last), judged)


def _moment(given: Day, zone: str, name: str, *, end_of_day: bool) -> datetime:
    try:
        day = given if isinstance(given, date) else day_or_moment(given)
    except (TypeError, ValueError):
        raise UsageError(f"{name} is no day: {given!r}. Write it as 2026-03-31.") from None
    if day.year not in _YEARS:
        raise UsageError(f"{name} must lie between the years {_YEARS[0]} and {_YEARS[-1]}, not in {day.year}.")
    if isinstance(day, datetime):
        if day.tzinfo is None:
            raise UsageError(f"{name} needs a time zone (an aware datetime) or a plain date.")
        return in_utc(day)
    return midnight(day + DAY if end_of_day else day, zone)


def owner_zone(asked: str, calendars: Iterable[CalendarReading]) -> str:
    """The owner's zone: the one asked for, else that of the calendars with most events, else the system's, else UTC.

    Raises `UsageError` where the zone asked for does not exist.
    """
    if asked:
        if not is_zone(asked):
            raise UsageError(
                f"Unknown time zone {asked!r}. Use an IANA name such as Europe/Berlin or America/New_York."
            )
        return asked
    votes: Counter[str] = Counter()
    for reading in calendars:
        if is_zone(reading.calendar.zone):
            votes[reading.calendar.zone] += 1 + len(reading.events)
    if votes:
        return max(votes, key=lambda zone: (votes[zone], zone))
    return _system_zone()


def _system_zone() -> str:
    from tzlocal import get_localzone_name

    name = None
    with suppress(LookupError):  # what the system says of it contradicts itself
        name = get_localzone_name()
    return name if name and is_zone(name) else "UTC"
