"""Time zones by their IANA names."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_UTC = ZoneInfo("UTC")


@lru_cache(maxsize=1024)  # calendars name what they like
def zone_named(name: str) -> ZoneInfo | None:
    """The zone of an IANA name; None where there is none of that name."""
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_or_utc(name: str) -> ZoneInfo:
    """The zone of that name; UTC for "" and for a name that nothing bears."""
    return zone_named(name) or _UTC


def is_zone(name: str) -> bool:
    """Whether a zone of that name exists; not for ""."""
    return zone_named(name) is not None
