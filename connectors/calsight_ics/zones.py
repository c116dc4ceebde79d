"""TZID → time zone, for one calendar. Nothing is kept between calendars: two files may mean different zones by one name."""

from __future__ import annotations

import re
import zoneinfo
from datetime import UTC, date, datetime, time, tzinfo
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")
_RULE = re.compile(rb"(?im)^RRULE[^:\n]*:([^\n]*)$")
_YEARLY = re.compile(
    rb"(?i)(?:(?:FREQ=YEARLY|INTERVAL=1|BYMONTH=\d+|BYDAY=-?\d?[A-Z]{2}|BYMONTHDAY=[\d,]+|WKST=[A-Z]{2}|UNTIL=\w+|COUNT=\d+)(?:;|$))+"
)
_TZID = re.compile(rb"(?im)^TZID[^:\n]*:([^\n]*)$")
_LOCATION = re.compile(rb"(?im)^X-LIC-LOCATION[^:\n]*:([^\n]*)$")
_BLOCK_LIMIT = 64 * 1024
_SAMPLES = tuple(datetime(year, month, 15, 12) for year in (2019, 2022, 2025) for month in (1, 3, 4, 7, 10, 11))  # noqa: DTZ001
#: So many names are remembered for the process; calendars may make up any number.
_REMEMBERED = 1024
_UTC_NAMES = frozenset({"UTC", "Etc/UTC", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal", "Z"})


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


@lru_cache(_REMEMBERED)
def known(tzid: str) -> ZoneInfo | None:
    """The zone that a TZID means by itself: an IANA name, a Windows name, or a path that ends in an IANA name."""
    name = tzid.strip().strip('"').strip("/")
    if zone := iana(name):
        return zone
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    if name in WINDOWS_TO_OLSON:
        return iana(WINDOWS_TO_OLSON[name])
    if tzid.startswith("/"):
        parts = name.split("/")
        for start in range(1, len(parts)):
            if zone := iana("/".join(parts[start:])):
                return zone
    return None


class Zones:
    """The zones of one calendar.

    `own` is the calendar's zone (X-WR-TIMEZONE), in which its UTC and floating times were meant; `home` is where floating
    times and dates without any zone belong. `unknown` collects the TZIDs that nothing explains: their times float.
    """

    def __init__(self, blocks: list[bytes], *, own: ZoneInfo | None, home: ZoneInfo) -> None:
        """`blocks` are the calendar's VTIMEZONEs, unfolded."""
        self.own = own
        self.home = home
        self.unknown: set[str] = set()
        self._blocks = {_first(_TZID, block).strip('"').strip("/"): block for block in reversed(blocks)}
        self._found: dict[str, tzinfo | None] = {}
        self._names: dict[tzinfo, str] = {}

    def get(self, tzid: str) -> tzinfo | None:
        """The zone of a TZID: by its name if that is known, else by the calendar's VTIMEZONE; None if by neither."""
        try:
            return self._found[tzid]
        except KeyError:
            zone = known(tzid) or self._defined(tzid)
            if zone is None:
                self.unknown.add(tzid)
            self._found[tzid] = zone
            return zone

    def _defined(self, tzid: str) -> tzinfo | None:
        block = self._blocks.get(tzid.strip().strip('"').strip("/"))
        if block is None or len(block) > _BLOCK_LIMIT:
            return None
        if not all(_YEARLY.fullmatch(rule.strip()) for rule in _RULE.findall(block)):
            return None  # a rule that is no clock change would take for ever to expand
        zone = _from_block(block)
        if zone is not None:
            self._names[zone] = self._name_of(zone, _first(_LOCATION, block))
        return zone

    def name(self, zone: tzinfo | None) -> str:
        """The IANA name of a zone that `get` gave; "" for UTC and for zones that have none."""
        if zone is None:
            return self.name(self.home)
        if isinstance(zone, ZoneInfo):
            return "" if zone.key in _UTC_NAMES else zone.key
        return self._names.get(zone, "")

    def _name_of(self, zone: tzinfo, location: str) -> str:
        """What people would call a zone that the calendar defines itself: the first zone of the same clock."""
        if iana(location):
            return location
        from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

        clock = [zone.utcoffset(moment) for moment in _SAMPLES]
        for name in (self.name(self.own) if self.own else "", self.name(self.home), *WINDOWS_TO_OLSON.values()):
            same = iana(name)
            if same and all(same.utcoffset(moment) == offset for moment, offset in zip(_SAMPLES, clock, strict=True)):
                return self.name(same)
        return ""

    def moment(self, value: date, zone: tzinfo | None = None) -> datetime:
        """A date (its midnight) or time as a moment in UTC; without a zone of its own it is in `zone`, else at home."""
        if not isinstance(value, datetime):
            value = datetime.combine(value, time())
        if value.tzinfo is None:
            value = value.replace(tzinfo=zone or self.own or self.home)
        return value.astimezone(UTC)

    @property
    def dates(self) -> ZoneInfo:
        """The zone in which the calendar's all-day entries run from midnight to midnight."""
        return self.own or self.home


def only_zone(blocks: list[bytes]) -> ZoneInfo | None:
    """The zone of a calendar that defines exactly one beside UTC, if it is a known one."""
    zones = {
        known(tzid) or iana(location) for tzid, location in ((_first(_TZID, b), _first(_LOCATION, b)) for b in blocks)
    }
    zones -= {zone for zone in zones if zone is not None and zone.key in _UTC_NAMES}
    return zones.pop() if len(zones) == 1 else None


def _first(pattern: re.Pattern[bytes], block: bytes) -> str:
    found = pattern.search(block)
    return found[1].decode("utf-8", "replace").strip() if found else ""


def _from_block(block: bytes) -> tzinfo | None:
    """The zone that a VTIMEZONE describes; None for one that does not describe any."""
    from icalendar.timezone.zoneinfo import ZONEINFO

    from calsight_ics.parse import parse_component

    try:
        component: Any = parse_component(block)
        zone = ZONEINFO().create_timezone(component)
        for moment in _SAMPLES:
            zone.utcoffset(moment)
            zone.fromutc(moment.replace(tzinfo=zone))
    except Exception:  # noqa: BLE001 - a stranger's text through two libraries: anything may come
        return None
    return zone
