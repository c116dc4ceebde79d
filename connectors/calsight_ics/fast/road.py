"""The fast road: a UID whose entries are all plain becomes events by arithmetic; every other UID is declined.

What it says is what icalendar and recurring-ical-events say (tests/connectors/ics/test_fast.py holds the two equal).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

from calsight import Calendar, CalendarEvent, Window
from calsight_ics import translate
from calsight_ics.charsets import Decoder
from calsight_ics.entries import Entries, Extent
from calsight_ics.fast import recur
from calsight_ics.fast.glance import MARGIN, Glance
from calsight_ics.fast.plain import DATE, FLOATING, UTC_TIME, Plain, PlainReader
from calsight_ics.fast.scan import scan
from calsight_ics.lengths import Length, between
from calsight_ics.meetings import About, parted
from calsight_ics.places.text import Text
from calsight_ics.rules import most_occurrences
from calsight_ics.zones import Zones

_ONE_DAY = timedelta(days=1)
_NO_TIME = timedelta()
_NOWHERE = None, None
#: Days that are far enough from the first and the last that Python knows.
_DAYS = range(date(2, 1, 1).toordinal(), date(9999, 1, 1).toordinal())
#: Longer occurrences of a series ("until 9999-12-31") are left to the libraries, which give them up.
_LONGEST = timedelta(days=366 * 1000)


class FastRoad:
    """The fast road through one calendar: `entries` at once, then `open`, then `skips`, `texts` and `read` of each UID."""

    def __init__(self, text: Text, check: Callable[[int], None] = lambda _: None) -> None:
        """`check` is told how many entries have been found so far, and raises where they are too many."""
        self._scan = scan(text, check)
        self._glance: Glance | None = None
        self._clocks: dict[tzinfo, _Clock] = {}

    @property
    def entries(self) -> Entries:
        """What the text holds, as `entries.scan` finds it."""
        return self._scan.entries

    def open(self, calendar: Calendar, window: Window, zones: Zones, source: translate.Source, decode: Decoder) -> None:
        """Say what is known of the calendar, or of those of its objects that are read next, now that its entries are found."""
        self._calendar = calendar
        self._window = window
        self._zones = zones
        self._glance = self._glance or Glance(self._scan, window)
        self._plain = PlainReader(zones, source, decode)
        # What begins on a day between these begins in the window, whatever its zone.
        self._inner = ((window.start + MARGIN).toordinal(), (window.end - MARGIN).toordinal())
        self._first = (window.start - MARGIN).date()
        self._last = (window.end + MARGIN).date()

    def skips(self, extents: Sequence[Extent]) -> bool:
        """Whether no entry of a UID can touch the window, told without parsing. In doubt it can."""
        return self._glance is not None and self._glance.outside(extents)

    def texts(self, entries: Sequence[bytes]) -> list[bytes | None]:
        """The entries' lines, as `read` takes them; None for one that is not plain."""
        return self._plain.texts(entries)

    def read(self, uid: str, texts: Sequence[bytes | None]) -> list[CalendarEvent] | None:
        """The occurrences of a UID in the window, or None if any entry of it is not plain."""
        try:
            return self._read(uid, texts)
        except OverflowError:  # before the year 1 or after 9999
            return None

    def _read(self, uid: str, texts: Sequence[bytes | None]) -> list[CalendarEvent] | None:
        plains = []
        for text in texts:
            plain = self._plain.read(text) if text is not None else None
            if plain is None:
                return None
            plains.append(plain)
        first = plains[0]
        if len(plains) == 1 and first.original is None and not first.rule:
            return self._single(uid, first) if not first.excluded else None
        if any(plain.end - plain.start > _LONGEST for plain in plains):
            return None
        masters = [plain for plain in plains if plain.original is None]
        overrides = [plain for plain in plains if plain.original is not None]
        if not masters:
            return self._orphans(uid, overrides)
        if len(masters) == 1:
            return self._series(uid, uid, masters[0], overrides)
        events: list[CalendarEvent] = []
        for number, (master, own) in enumerate(parted(masters, overrides, _about)):
            found = self._meeting(uid, f"{uid}#{number + 1}" if number else uid, master, own)
            if found is None:
                return None
            events += found
        return events

    def _meeting(self, uid: str, series: str, master: Plain, overrides: list[Plain]) -> list[CalendarEvent] | None:
        """One of several meetings that share a UID."""
        if master.rule or overrides:
            return self._series(uid, series, master, overrides)
        return self._single(uid, master) if not master.excluded else None

    def _single(self, uid: str, plain: Plain) -> list[CalendarEvent]:
        zone, name = self._zone(plain)
        start, end = _moments(plain, self._clock(zone))
        if not self._window.overlaps(start, end):
            return []
        return [self._event(uid, plain, start, end, name)]

    def _orphans(self, uid: str, overrides: list[Plain]) -> list[CalendarEvent] | None:
        """Overrides without their series, as Google exports someone who is invited to single occurrences."""
        events = []
        places = set()
        for override in overrides:
            zone, name = self._zone(override)
            clock = self._clock(zone)
            start, end = _moments(override, clock)
            place = clock.moment(override.original or override.start)
            if self._window.overlaps(start, end):
                events.append(self._event(uid, override, start, end, name, (uid, place)))
            places.add(place)
        return events if len(places) == len(overrides) else None

    def _series(self, uid: str, series: str, master: Plain, overrides: list[Plain]) -> list[CalendarEvent] | None:
        if master.form.kind == UTC_TIME and self._zones.own is not None:
            return None  # its rule follows the clock of another zone
        at = master.start.time()
        gone = {wall.toordinal() for wall in master.excluded}
        zone, name = self._zone(master)
        clock = self._clock(zone)
        events = []
        replaced = set()
        for override in overrides:
            original = override.original
            if override.form is not master.form or original is None or original.time() != at:
                return None
            if original in replaced:
                return None
            replaced.add(original)
            if original in master.excluded:
                continue
            start, end = _moments(override, clock)
            if self._window.overlaps(start, end):
                events.append(self._event(uid, override, start, end, name, (series, clock.moment(original))))
        days = self._days(master, zone)
        if days is None:
            return None
        gone.update(wall.toordinal() for wall in replaced)
        times = self._times(master, clock, [day for day in days if day not in gone] if gone else days)
        for start, end in times:
            first = self._event(uid, master, start, end, name, (series, start))
            return [*events, first, *first.repeated(times)]
        return events

    def _times(self, master: Plain, clock: _Clock, days: Iterable[int]) -> Iterator[tuple[datetime, datetime]]:
        """Start and end of the master's occurrences on these days, as far as they touch the window."""
        opens, closes = self._window.start, self._window.end
        length = _length(master, clock)
        lasts = timedelta(days=length.days) + length.elapsed
        # The moment of an end is told by that of its start, and that by midnight, unless clocks change between them.
        even = not length.days or _NO_TIME <= lasts <= _ONE_DAY
        at = master.start.time()
        since_midnight = timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
        midnights = clock.midnights
        early, late = self._inner
        for day in days:
            midnight = midnights[day] if even else None
            if midnight is not None:
                start = midnight + since_midnight
                end = start + lasts
            else:
                wall = datetime.combine(date.fromordinal(day), at)
                start, end = clock.moment(wall), length.end(wall, clock.moment)
            if early < day < late or opens <= start < closes or start < opens < end:
                yield start, end

    def _days(self, master: Plain, zone: tzinfo) -> Sequence[int] | None:
        """The day numbers on which the master's rule puts occurrences near the window; None for a rule that is not plain."""
        if not master.rule:
            return (master.start.toordinal(),)
        form = master.form
        start: date = master.start.replace(tzinfo=zone)
        if form.kind == DATE:
            start = master.start.date()
        elif form.kind == FLOATING and self._zones.own is None:
            start = master.start
        rule = recur.plain_rule(master.rule, start, self._zones.dates)
        if rule is None:
            return None
        first = self._first.toordinal() - (master.end - master.start).days - 1
        until = rule.until
        if until is None:
            last = self._last.toordinal()
        elif not isinstance(until, datetime):
            last = min(self._last.toordinal(), until.toordinal())
        else:
            last = min(self._last.toordinal(), until.toordinal() + 1)
        days = recur.days(rule, master.start.date(), first, last)
        if len(days) > most_occurrences(self._last.toordinal() - first) or last > recur.LAST_DAY:
            return None
        if not isinstance(until, datetime):
            return days
        at = master.start.time()
        if until.tzinfo is None:
            return [day for day in days if datetime.combine(date.fromordinal(day), at) <= until]
        before = until.toordinal() - 1  # what is earlier by a day is earlier in every zone
        return [
            day for day in days if day < before or _moment(datetime.combine(date.fromordinal(day), at), zone) <= until
        ]

    def _event(
        self,
        uid: str,
        plain: Plain,
        start: datetime,
        end: datetime,
        zone: str,
        place: tuple[str, datetime] | None = None,
    ) -> CalendarEvent:
        """An occurrence; `place` is the series that it is of and where that puts it."""
        series, original = place or _NOWHERE
        who, rest = plain.fields
        # By position: naming 21 fields takes as long again. `Fields` and this follow the order of `CalendarEvent`.
        return CalendarEvent.of(
            uid, start, end, plain.form.kind == DATE, zone, *who, series, original, *rest, "", self._calendar
        )

    def _zone(self, plain: Plain) -> tuple[tzinfo, str]:
        """The zone in which the wall times of an entry count, and the name of the one in which people see it."""
        zones = self._zones
        if plain.form.kind == DATE:
            return zones.dates, zones.name(zones.dates)
        if plain.form.zone is not None:
            return plain.form.zone, zones.name(plain.form.zone)
        return UTC, zones.name(zones.own) if zones.own else ""

    def _clock(self, zone: tzinfo) -> _Clock:
        clock = self._clocks.get(zone)
        if clock is None:
            clock = self._clocks[zone] = _Clock(zone)
        return clock


class _Clock:
    """The clock of a zone, which remembers its midnights."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self.midnights = _Midnights(zone)

    def moment(self, wall: datetime) -> datetime:
        """The moment of a wall time, in UTC."""
        midnight = self.midnights[wall.toordinal()]
        if midnight is None:
            return _moment(wall, self._zone)
        return midnight + timedelta(0, wall.hour * 3600 + wall.minute * 60 + wall.second)


class _Midnights(dict[int, datetime | None]):
    """Day number → its midnight in a zone, in UTC; None in the years 1 and 9999, and where clocks change on it or the next."""

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone

    def __missing__(self, day: int) -> datetime | None:
        found = None
        if day in _DAYS:
            midnights = [datetime.fromordinal(each).replace(tzinfo=self._zone) for each in (day, day + 1, day + 2)]
            even = len({midnight.utcoffset() for midnight in midnights}) == 1
            found = _moment(midnights[0], self._zone) if even else None
        self[day] = found
        return found


def _moment(wall: datetime, zone: tzinfo) -> datetime:
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _about(plain: Plain) -> About:
    (title, organizer, _), (*_, sequence, _, _) = plain.fields
    return About(title, organizer, sequence, recurring=bool(plain.rule))


def _length(plain: Plain, clock: _Clock) -> Length:
    """How long an entry lasts; an all-day one a day at least."""
    if plain.form.kind == DATE:
        return Length(max(1, (plain.end - plain.start).days))
    return plain.length or between(plain.start, plain.end, clock.moment)


def _moments(plain: Plain, clock: _Clock) -> tuple[datetime, datetime]:
    """When an entry's own occurrence begins and ends."""
    start = clock.moment(plain.start)
    if plain.length or plain.form.kind == DATE:
        return start, _length(plain, clock).end(plain.start, clock.moment)
    end = clock.moment(plain.end)
    return start, end if end >= start else start + (plain.end - plain.start)  # as `lengths.between` has it
