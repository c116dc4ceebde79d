"""What the name of a zone means by itself: an IANA name, one of Windows, an offset, or what Windows shows to people."""

from __future__ import annotations

import re
import zoneinfo
from datetime import datetime, timedelta, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from calsight_ics.tzif import zone_from

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")
_ESCAPED = re.compile(r"\\(.)")
#: `GMT+05:30`, `UTC-3`, `+03:00`, `GMT-0400 (EDT)`: east of Greenwich is plus, unlike in POSIX.
_OFFSET = re.compile(r"(?:(?:UTC|GMT) ?)?([+-])(\d{1,2})(?:[:.]?([0-5]\d))?(?: ?\([^()]*\))?", re.IGNORECASE)
#: What Windows shows: `(UTC+01:00) Amsterdam, Berlin, Bern`; Outlook wrote a dot for the colon, others slashes for commas.
_DISPLAYED = re.compile(r"\((?:UTC|GMT) ?(?:([+-])(\d{1,2})[:.]?(\d{2}))?\) *(.+)", re.IGNORECASE)
_BETWEEN_PLACES = re.compile(r"[,;/]| - ")
#: "Eastern Time", "Eastern Daylight Time", "W. Europe Summer Time": Windows has a standard time for each.
_OTHER_TIME = re.compile(r"(.+?)(?: Standard| Daylight| Summer)? Time", re.IGNORECASE)
#: What parts the words of an IANA name. Before a digit a hyphen is a minus: Etc/GMT-3.
_PARTING = re.compile(r"[ _/]|-(?!\d)")
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_COPY = re.compile(r"(.+?)[ _]\d{1,2}")
_MICROSOFT = re.compile(r"(?:tzone://)?microsoft/(.+)", re.IGNORECASE)
#: So many names are remembered for the process; calendars may make up any number.
_REMEMBERED = 1024
UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal", "Z"})


def bare(tzid: str) -> str:
    """A TZID without what is around it: quotes, a slash, backslashes that escape."""
    return " ".join(_ESCAPED.sub(r"\1", tzid).strip().strip('"').strip("/").split())


@lru_cache(_REMEMBERED)
def iana(name: str) -> ZoneInfo | None:
    """The zone of that IANA name, or None."""
    if not _KEY.fullmatch(name):
        return None
    try:
        return ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return _in_any_case().get(name.lower())


@cache
def _in_any_case() -> dict[str, ZoneInfo]:
    return {name.lower(): ZoneInfo(name) for name in zoneinfo.available_timezones()}


@cache
def _however_parted() -> dict[str, ZoneInfo]:
    """Names of two words and more without what parts them: "US-Eastern" and "America/New York" are meant."""
    return {_PARTING.sub("", name): zone for name, zone in _in_any_case().items() if "/" in name}


@lru_cache(_REMEMBERED)
def known(tzid: str) -> ZoneInfo | None:
    """The zone that a TZID means by itself: an IANA name, a Windows name, or a path that ends in an IANA name."""
    name = bare(tzid)
    if zone := iana(name):
        return zone
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    if name in WINDOWS_TO_OLSON:
        return iana(WINDOWS_TO_OLSON[name])
    if tzid.strip().strip('"').startswith("/"):
        parts = name.split("/")
        for start in range(1, len(parts)):
            if zone := iana("/".join(parts[start:])):
                return zone
    return None


def is_utc(zone: tzinfo) -> bool:
    """Whether it is UTC under one of its names."""
    return getattr(zone, "key", None) in UTC_NAMES


@lru_cache(_REMEMBERED)
def told(tzid: str) -> ZoneInfo | None:
    """The zone that a TZID tells less strictly, for one that the calendar does not define.

    An offset; what Exchange calls UTC; a copy that Outlook numbers ("Eastern Standard Time 1", "Europe/Berlin_1"); the summer
    time of a zone; an IANA name in quotes or with its words parted otherwise; and what Windows shows, if a place in it has a
    zone with that offset.
    """
    name = bare(bare(tzid).strip("'"))
    if exchange := _MICROSOFT.fullmatch(name):
        name = exchange[1]
    if name.upper() in ("Z", "UTC", "GMT"):
        return iana("UTC")
    if offset := _OFFSET.fullmatch(name):
        return _fixed(offset[1], offset[2], offset[3] or "0")
    if shown := _DISPLAYED.fullmatch(name):
        return _displayed(_fixed(shown[1] or "+", shown[2] or "0", shown[3] or "0"), shown[4])
    copy = _COPY.fullmatch(name)
    return next((zone for each in (name, copy[1] if copy else "") if each and (zone := _respelt(each))), None)


def _respelt(name: str) -> ZoneInfo | None:
    """The zone of a name that is nearly that of one."""
    return (
        known(name)
        or _however_parted().get(_PARTING.sub("", name.lower()))
        or _of_time(_IN_BRACKETS.sub("", name).strip())
    )


def _of_time(name: str) -> ZoneInfo | None:
    """The zone of Eastern Standard Time for "Eastern Time" and "Eastern Daylight Time": Windows calls both so."""
    if name.lower() == "coordinated universal time":
        return iana("UTC")
    found = _OTHER_TIME.fullmatch(name)
    return known(f"{found[1]} Standard Time") if found else None


def _fixed(sign: str, hours: str, minutes: str) -> ZoneInfo | None:
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    if offset >= timedelta(days=1):
        return None
    return zone_from(-offset if sign == "-" else offset, {}) if offset else iana("UTC")


def _displayed(offset: ZoneInfo | None, places: str) -> ZoneInfo | None:
    """The zone that Windows calls so: "Eastern Time (US & Canada)" is Eastern Standard Time, "Amsterdam, Berlin" are places."""
    name = _IN_BRACKETS.sub("", places).strip()
    found = [_of_time(name)]
    found += [_by_place().get(place.strip().removeprefix("City of ").lower()) for place in _BETWEEN_PLACES.split(name)]
    return next((zone for zone in found if zone and offset and _standard(zone) == _standard(offset)), None)


@cache
def _by_place() -> dict[str, ZoneInfo]:
    """The last part of each IANA name in lower case, and its zone."""
    return {
        name.rpartition("/")[2].replace("_", " ").lower(): ZoneInfo(name)
        for name in sorted(zoneinfo.available_timezones())
    }


def _standard(zone: ZoneInfo) -> timedelta:
    """The smaller offset of winter and summer."""
    return min(zone.utcoffset(datetime(2025, month, 15)) or timedelta() for month in (1, 7))  # noqa: DTZ001
