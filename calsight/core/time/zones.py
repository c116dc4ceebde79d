"""Time zones by their IANA names."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

UTC_ZONE = ZoneInfo("UTC")


@cache
def zone_or_utc(name: str) -> ZoneInfo:
    """The zone of that name; UTC for "" and for a name that nothing bears."""
    return _zone(name) or UTC_ZONE


def is_zone(name: str) -> bool:
    """Whether a zone of that name exists; not for ""."""
    return _zone(name) is not None


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
