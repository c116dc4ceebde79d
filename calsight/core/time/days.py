"""Days and weeks in a zone: the one place where moments become days, and days moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

WEEK = timedelta(days=7)
_INSTANT = timedelta(microseconds=1)


@lru_cache(maxsize=32768)  # meetings share their starts, and each is asked for its day again and again
def day_of(moment: datetime, zone: str) -> date:
    """The day that calendars in `zone` show."""
    return moment.astimezone(ZoneInfo(zone)).date()


def monday_of(moment: datetime, zone: str) -> date:
    """The Monday of the ISO week of `moment` (UTC), in the owner's zone."""
    day = day_of(moment, zone)
    return day - timedelta(days=day.weekday())


def last_day_before(moment: datetime, zone: str) -> date:
    """The last day in `zone` of which anything lies before `moment`: the day that ends then, where it is a midnight."""
    return day_of(moment - _INSTANT, zone)


def midnight(day: date, zone: str) -> datetime:
    """The moment at which `day` begins in `zone`, in UTC."""
    return clock_moment(day, 0, zone)


@lru_cache(maxsize=8192)  # the same working hours are asked for again and again
def clock_moment(day: date, minutes: int, zone: str) -> datetime:
    """The moment at which clocks in `zone` show `minutes` after midnight of `day`, in UTC (1440 and more: the next day)."""
    days, minutes = divmod(minutes, 24 * 60)
    day += timedelta(days=days)
    return datetime.combine(day, time(minutes // 60, minutes % 60), ZoneInfo(zone)).astimezone(UTC)
