"""Times as services write them → moments in UTC, and back. What is asked for again and again is remembered, up to a number."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import ZoneInfo

from calsight.core.time.zones import zone_named

__all__ = ["local", "midnight", "stamp", "utc", "utc_text", "zone_named"]

_MOST_REMEMBERED = 4096


def utc_text(moment: datetime) -> str:
    """A moment as ISO 8601 in UTC, exactly."""
    return moment.astimezone(UTC).isoformat()


@lru_cache(maxsize=_MOST_REMEMBERED)
def utc(text: str) -> datetime | None:
    """An ISO 8601 time with its offset, in UTC; None where it has none. Raises `ValueError`, `OverflowError`."""
    moment = datetime.fromisoformat(text)
    return None if moment.tzinfo is None else moment.astimezone(UTC)


@lru_cache(maxsize=_MOST_REMEMBERED)
def stamp(text: str | None) -> datetime | None:
    """A time of creation or change, in UTC; None for what is none.

    Services write years that do not exist (0000-12-30) or that say "never" (0001-01-01).
    """
    try:
        moment = utc(text) if text else None
    except (ValueError, OverflowError):
        return None
    return moment if moment and moment.year > 1 else None


def local(text: str, zone: ZoneInfo | None) -> datetime:
    """An ISO 8601 time without an offset, as clocks in a zone (None: UTC) show it, in UTC. Raises `ValueError`."""
    return datetime.fromisoformat(text).replace(tzinfo=zone or UTC).astimezone(UTC)


@lru_cache(maxsize=_MOST_REMEMBERED)
def midnight(day: date, zone: ZoneInfo | None) -> datetime:
    """The beginning of a day in a zone (None: UTC), in UTC: its first moment, where a clock change skips midnight."""
    return datetime.combine(day, time.min, tzinfo=zone or UTC).astimezone(UTC)
