"""TZID → time zone, for one calendar. Nothing is kept between calendars: two files may mean different zones by one name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from calsight_ics.working import Working, unlimited
from calsight_ics.zone_names import UTC_NAMES, bare, iana, known, told

_TZID = re.compile(rb"(?im)^TZID[^:\n]*:([^\n]*)$")
_LOCATION = re.compile(rb"(?im)^X-LIC-LOCATION[^:\n]*:([^\n]*)$")
#: Moments at which zones of other clocks differ.
_SAMPLES = tuple(datetime(year, month, 15, 12) for year in (2019, 2022, 2025) for month in (1, 3, 4, 7, 10, 11))  # noqa: DTZ001


class Defined:
    """The VTIMEZONEs of a calendar, unfolded, by their names, which `decode` reads."""

    def __init__(self, blocks: Iterable[bytes], decode: Callable[[bytes], str] = bytes.decode) -> None:
        texts = [block if block.isascii() else decode(block).encode() for block in dict.fromkeys(blocks)]
        self._blocks = {bare(_first(_TZID, block)): block for block in reversed(texts)}
        self._in_any_case = {name.lower(): block for name, block in self._blocks.items()}

    def block(self, name: str) -> bytes | None:
        """The definition under that name, in whatever case."""
        return self._blocks.get(name) or self._in_any_case.get(name.lower())


class Zones:
    """The zones of one calendar.

    `own` is the calendar's zone (X-WR-TIMEZONE), in which its UTC and floating times were meant; `home` is where floating
    times and dates without any zone belong. `unknown` collects the TZIDs that nothing explains: their times float.
    """

    def __init__(
        self,
        defined: Defined,
        *,
        own: ZoneInfo | None,
        home: ZoneInfo,
        also: Defined | None = None,
        working: Working = unlimited,
    ) -> None:
        """`defined` are the calendar's own zones, `also` those of calendars beside it; `working` counts what they cost."""
        self.own = own
        self.home = home
        self.unknown: set[str] = set()
        self._defined_in = [defined] if also is None else [defined, also]
        self._found: dict[str, ZoneInfo | None] = {}
        self._names: dict[ZoneInfo, str] = {}
        self._working = working

    def get(self, tzid: str) -> ZoneInfo | None:
        """The zone of a TZID: by its name if that is known, else by the calendar's VTIMEZONE; None if by neither."""
        try:
            return self._found[tzid]
        except KeyError:
            zone = known(tzid) or self._defined(tzid) or told(tzid)
            if zone is None:
                self.unknown.add(tzid)
            self._found[tzid] = zone
            return zone

    def _defined(self, tzid: str) -> ZoneInfo | None:
        name = bare(tzid)
        block = next((block for each in self._defined_in if (block := each.block(name))), None)
        if block is None:
            return None
        from calsight_ics.vtimezone import zone_of

        location = _first(_LOCATION, block)
        with self._working() as check:
            zone = zone_of(block, check)
            if zone is None:
                return iana(location)
            self._names[zone] = self._name_of(zone, location)
            return zone

    def name(self, zone: tzinfo | None) -> str:
        """The IANA name of a zone that `get` gave; "" for UTC and for zones that have none."""
        if zone is None:
            return self.name(self.home)
        key = getattr(zone, "key", None)
        if key is None:
            return self._names.get(zone, "") if isinstance(zone, ZoneInfo) else ""
        return "" if key in UTC_NAMES else str(key)

    def _name_of(self, zone: ZoneInfo, location: str) -> str:
        """What people would call a zone that the calendar defines itself: the first zone of the same clock."""
        if iana(location):
            return location
        from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

        names = (self.name(self.own) if self.own else "", self.name(self.home), *WINDOWS_TO_OLSON.values())
        alike = [name for name in names if (same := iana(name)) and _same_clock(same, zone, _SAMPLES)]
        # Those of almost the same clock change it at another hour.
        spring, autumn = (datetime(2025, month, 1, 0, 30) for month in (3, 10))  # noqa: DTZ001
        finer = (
            [begin + timedelta(hours=hour) for begin in (spring, autumn) for hour in range(60 * 24)]
            if alike[1:]
            else []
        )
        exact = (name for name in alike if (same := iana(name)) and _same_clock(same, zone, finer))
        return next(exact, alike[0] if alike else "")

    def moment(self, value: date, zone: tzinfo | None = None) -> datetime:
        """A date (its midnight) or time as a moment in UTC; without a zone of its own it is in `zone`, else at home."""
        value = midnight(value)
        if value.tzinfo is None:
            value = value.replace(tzinfo=zone or self.own or self.home)
        return value.astimezone(UTC)

    @property
    def dates(self) -> ZoneInfo:
        """The zone in which the calendar's all-day entries run from midnight to midnight."""
        return self.own or self.home


def _same_clock(one: ZoneInfo, other: ZoneInfo, moments: Iterable[datetime]) -> bool:
    return all(one.utcoffset(moment) == other.utcoffset(moment) for moment in moments)


def midnight(value: date) -> datetime:
    """A time as it is, a date as its midnight."""
    return value if isinstance(value, datetime) else datetime.combine(value, time())


def only_zone(blocks: list[bytes]) -> ZoneInfo | None:
    """The zone of a calendar that defines exactly one beside UTC, if it is a known one."""
    zones = {
        known(tzid) or iana(location)
        for tzid, location in ((_first(_TZID, b), _first(_LOCATION, b)) for b in dict.fromkeys(blocks))
    }
    zones -= {zone for zone in zones if zone is not None and zone.key in UTC_NAMES}
    return zones.pop() if len(zones) == 1 else None


def _first(pattern: re.Pattern[bytes], block: bytes) -> str:
    found = pattern.search(block)
    return found[1].decode("utf-8", "replace").strip() if found else ""
