"""Days and weeks in a zone: the one place where moments become days, and days moments.

What is asked of every meeting is plain arithmetic, remembered. What is asked once (the day that a text stands for, a step over
clock changes) is pendulum's, which takes longer to import than many a calendar to judge, and so comes when it is needed.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

DAY, WEEK = timedelta(days=1), timedelta(days=7)
_INSTANT = timedelta(microseconds=1)
_DIGITS = 7  # of a whole day: 2026333, 2026W137, 20260331


@lru_cache(maxsize=32768)  # meetings share their starts, and each is asked for its day again and again
def day_of(moment: datetime, zone: str) -> date:
    """The day that calendars in `zone` show."""
    return moment.astimezone(ZoneInfo(zone)).date()


def last_day_before(moment: datetime, zone: str) -> date:
    """The last day in `zone` of which anything lies before `moment`: where that is a midnight, the day that ends then."""
    return day_of(moment - _INSTANT, zone)


def monday_of(moment: datetime, zone: str) -> date:
    """The Monday of the ISO week of `moment` in `zone`."""
    return week_of(day_of(moment, zone))


def week_of(day: date) -> date:
    """The Monday of a day's ISO week."""
    return day - timedelta(days=day.weekday())


def week_days(monday: date) -> list[date]:
    """The seven days that begin with `monday`."""
    return [monday + timedelta(days=offset) for offset in range(7)]


def midnight(day: date, zone: str) -> datetime:
    """The moment at which `day` begins in `zone`, in UTC."""
    return clock_moment(day, 0, zone)


@lru_cache(maxsize=8192)  # the same working hours are asked for again and again
def clock_moment(day: date, minutes: int, zone: str) -> datetime:
    """The moment at which clocks in `zone` show `minutes` after midnight of `day`, in UTC (1440 and more: the next day)."""
    days, minutes = divmod(minutes, 24 * 60)
    day += timedelta(days=days)
    return datetime.combine(day, time(minutes // 60, minutes % 60), ZoneInfo(zone)).astimezone(UTC)


def weeks_before(moment: datetime, weeks: int, zone: str) -> datetime:
    """The moment at which clocks in `zone` showed the same, so many weeks before; in UTC.

    A clock change in between makes it an hour more or less than seven days a week. Where the clocks skipped that hour it is as
    much later as they were put forward.
    """
    import pendulum

    return in_utc(pendulum.instance(moment, tz=UTC).in_timezone(zone).subtract(weeks=weeks))


def in_utc(moment: datetime) -> datetime:
    """An aware datetime of whatever class (pendulum's, pandas') as a plain one in UTC."""
    moment = moment.astimezone(UTC)
    return datetime.combine(date(*moment.timetuple()[:3]), moment.time(), UTC)


def day_or_moment(text: str) -> date | datetime:
    """The day or moment that a text stands for, in any form of ISO 8601 or RFC 3339; a moment is naive where it has no offset.

    Raises ValueError for what is neither, and for what is longer than a day (2026, 2026-03, 2026-W13).
    """
    if sum(map(str.isdigit, text)) >= _DIGITS:
        with suppress(ValueError):
            return date.fromisoformat(text)
        import pendulum

        found = pendulum.parse(text, exact=True, tz=None)  # its errors are ValueErrors
        if isinstance(found, datetime):
            return datetime.combine(date(*found.timetuple()[:3]), found.time(), found.tzinfo)
        if isinstance(found, date):
            return date(found.year, found.month, found.day)
    raise ValueError(f"not a day: {text!r}")
