"""The names that Microsoft gives time zones → IANA names."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo

from calsight.kit.times import zone_named

_UTC = frozenset({"UTC", "Etc/UTC", "tzone://Microsoft/Utc", "Coordinated Universal Time"})


@lru_cache(maxsize=1024)
def iana(name: str) -> str:
    """The IANA name of a Windows or IANA zone; "" for UTC and for what names no zone ("Customized Time Zone")."""
    found = zone(name)
    return found.key if found is not None and found.key != "UTC" else ""


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo | None:
    """The zone of a Windows or IANA name; None where the name tells nothing."""
    if name in _UTC:
        return ZoneInfo("UTC")
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    return zone_named(WINDOWS_TO_OLSON.get(name, name))
