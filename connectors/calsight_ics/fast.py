"""The fast road: a UID whose entries are all plain becomes events by arithmetic; every other UID is declined.

What it says is what icalendar and recurring-ical-events say (tests/connectors/ics/test_fast.py holds the two equal).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from calsight import Calendar, CalendarEvent, Window
from calsight_ics import recur, translate
from calsight_ics.entries import Span
from calsight_ics.parse import Decoder
from calsight_ics.plain import DATE, UTC_TIME, Plain, PlainReader
from calsight_ics.rules import MOST_OCCURRENCES
from calsight_ics.source import Text
from calsight_ics.zones import Zones

#: No zone is further from UTC than a day; one more for good measure.
_MARGIN = timedelta(days=2)
_VALUE = re.compile(rb":(\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?:T\d{6}Z?)?\r?$")
#: Lines in lower case, or folded within their name, which a glance would miss.
_ODD = re.compile(rb"\n(?:[a-z]|[A-Za-z-]*\r?\n[ \t])")
#: Lines that put an occurrence where its DTSTART and DTEND do not say. Most calendars have none of them.
_MOVING = (b"\nRDATE", b"\nRECURRENCE-ID;RANGE", b"\nDURATION")
_RULE_UNTIL = re.compile(rb"[:;]UNTIL=(\d{8})")
_ONE_DAY = timedelta(days=1)
_NO_TIME = timedelta()


class FastReader:
    """Reads what is plain in one calendar. `outside` tells by a glance at the bytes; `read` returns None to decline."""

    def __init__(
        self, text: Text, calendar: Calendar, window: Window, zones: Zones, source: translate.Source, decode: Decoder
    ) -> None:
        """`text` is what the spans given to `outside` refer to."""
        self._text = text
        self._odd = _ODD.search(text) is not None
        self._moving = [mark for mark in _MOVING if text.find(mark) >= 0]
        self._calendar = calendar
        self._window = window
        self._zones = zones
        self._plain = PlainReader(zones, source, decode)
        self._first = (window.start - _MARGIN).date()
        self._last = (window.end + _MARGIN).date()
        self._midnights: dict[tzinfo, dict[int, datetime | None]] = {}
        self._before = b"%04d%02d%02d" % (self._first.year, self._first.month, self._first.day)
        self._after = b"%04d%02d%02d" % (self._last.year, self._last.month, self._last.day)

    # --- a glance ---------------------------------------------------------------------------------------------------

    def outside(self, spans: Sequence[Span]) -> bool:
        """Whether no entry of a UID can touch the window, told without parsing. In doubt it can."""
        for begin, end in spans:
            if not self._is_outside(begin, end):
                return False
        return not self._odd or all(_ODD.search(self._text, begin, end) is None for begin, end in spans)

    def _is_outside(self, begin: int, end: int) -> bool:
        text = self._text
        find = text.find
        at = find(b"\nDTSTART", begin, end)
        if at < 0:
            return False
        nested = find(b"\nBEGIN:", begin, end)
        if 0 <= nested < at:
            return False
        start = _day(text, at, end)
        if start is None or any(find(mark, begin, end) >= 0 for mark in self._moving):
            return False
        if start > self._after:
            return True
        rule = find(b"\nRRULE", begin, end)
        at = find(b"\nDTEND", begin, end)
        if at < 0:
            return rule < 0 and start < self._before
        if 0 <= nested < at:
            return False
        stop = _day(text, at, end)
        if stop is None:
            return False
        if rule < 0:
            return start < self._before and stop < self._before
        return self._has_ended(text, rule, end, start, stop)

    def _has_ended(self, text: Text, rule: int, end: int, start: bytes, stop: bytes) -> bool:
        """Whether a series of entries that begin and end on one day ended before the window."""
        if start[:6] != stop[:6] or int(stop) - int(start) not in (0, 1):
            return False
        line_end = text.find(b"\n", rule + 1, end)
        if line_end < 0 or text[line_end + 1] in b" \t" or text.find(b"\nRRULE", line_end, end) >= 0:
            return False
        until = _RULE_UNTIL.search(text[rule:line_end])
        return until is not None and until[1] < self._before and start < self._before

    # --- events -----------------------------------------------------------------------------------------------------

    def read(self, uid: str, entries: Sequence[bytes]) -> list[CalendarEvent] | None:
        """The occurrences of a UID in the window, or None if any entry of it is not plain."""
        try:
            return self._read(uid, entries)
        except OverflowError:  # before the year 1 or after 9999
            return None

    def _read(self, uid: str, entries: Sequence[bytes]) -> list[CalendarEvent] | None:
        master = None
        overrides = []
        for entry in entries:
            plain = self._plain.read(entry)
            if plain is None:
                return None
            if plain.original is not None:
                overrides.append(plain)
            elif master is not None:
                return None
            else:
                master = plain
        if master is None:
            return None
        if not overrides and not master.rule:
            return list(self._single(uid, master)) if not master.excluded else None
        return self._series(uid, master, overrides)

    def _single(self, uid: str, plain: Plain) -> Iterator[CalendarEvent]:
        zone, name = self._zone(plain)
        start = plain.start.replace(tzinfo=zone).astimezone(UTC)
        end = _end(plain).replace(tzinfo=zone).astimezone(UTC)
        if self._touches(start, end):
            yield CalendarEvent(
                uid=uid,
                start=start,
                end=end,
                all_day=plain.form.kind == DATE,
                zone=name,
                calendar=self._calendar,
                **plain.keywords,
            )

    def _series(self, uid: str, master: Plain, overrides: list[Plain]) -> list[CalendarEvent] | None:
        if master.form.kind == UTC_TIME and self._zones.own is not None:
            return None  # its rule follows the clock of another zone
        replaced = set()
        for override in overrides:
            original = override.original
            if override.form != master.form or original is None or original.time() != master.start.time():
                return None
            if original in replaced:
                return None
            replaced.add(original)
        events = []
        zone, name = self._zone(master)
        for override in overrides:
            if override.original in master.excluded or override.original is None:
                continue
            start = override.start.replace(tzinfo=zone).astimezone(UTC)
            end = _end(override).replace(tzinfo=zone).astimezone(UTC)
            if self._touches(start, end):
                original = override.original.replace(tzinfo=zone).astimezone(UTC)
                events.append(self._event(uid, override, start, end, original, name))
        walls = self._walls(master, zone)
        if walls is None:
            return None
        lasts = _end(master) - master.start
        short = _NO_TIME <= lasts <= _ONE_DAY
        since_midnight = master.start - datetime.combine(master.start.date(), time())
        first: CalendarEvent | None = None
        for wall in walls:
            if wall in replaced or wall in master.excluded:
                continue
            midnight = self._even_midnight(wall.toordinal(), zone) if short else None
            if midnight is not None:
                start = midnight + since_midnight
                end = start + lasts
            else:
                start = wall.replace(tzinfo=zone).astimezone(UTC)
                end = (wall + lasts).replace(tzinfo=zone).astimezone(UTC)
            if not self._touches(start, end):
                continue
            if first is None:
                first = self._event(uid, master, start, end, start, name)
                events.append(first)
            else:
                events.append(first.at(start, end, start))
        return events

    def _even_midnight(self, day: int, zone: tzinfo) -> datetime | None:
        """Midnight of a day in `zone`, in UTC; None where clocks change on that day or the next."""
        days = self._midnights.setdefault(zone, {})
        if day not in days:
            midnights = [datetime.fromordinal(each).replace(tzinfo=zone) for each in (day, day + 1, day + 2)]
            even = len({midnight.utcoffset() for midnight in midnights}) == 1
            days[day] = midnights[0].astimezone(UTC) if even else None
        return days[day]

    def _walls(self, master: Plain, zone: tzinfo) -> Sequence[datetime] | None:
        """The wall times at which the master's rule puts occurrences near the window; None for a rule that is not plain."""
        if not master.rule:
            return (master.start,)
        dated = master.form.kind == DATE
        start: date = master.start.date() if dated else master.start.replace(tzinfo=zone)
        rule = recur.plain_rule(master.rule, start, self._zones.dates)
        if rule is None:
            return None
        first = self._first.toordinal() - (_end(master) - master.start).days
        at = master.start.time()
        walls = [
            datetime.combine(date.fromordinal(day), at)
            for day in recur.days(rule, master.start.date(), first, self._last.toordinal())
        ]
        if len(walls) > MOST_OCCURRENCES:
            return None
        until = rule.until
        if isinstance(until, datetime):
            return [wall for wall in walls if wall.replace(tzinfo=zone).astimezone(UTC) <= until]
        if until is not None:
            last = datetime.combine(until, time())
            return [wall for wall in walls if wall <= last]
        return walls

    def _event(
        self, uid: str, plain: Plain, start: datetime, end: datetime, original: datetime, zone: str
    ) -> CalendarEvent:
        return CalendarEvent(
            uid=uid,
            start=start,
            end=end,
            all_day=plain.form.kind == DATE,
            zone=zone,
            series=uid,
            original_start=original,
            calendar=self._calendar,
            **plain.keywords,
        )

    def _zone(self, plain: Plain) -> tuple[tzinfo, str]:
        """The zone in which the wall times of an entry count, and the name of the one in which people see it."""
        zones = self._zones
        if plain.form.kind == DATE:
            return zones.dates, zones.name(zones.dates)
        if plain.form.zone is not None:
            return plain.form.zone, zones.name(plain.form.zone)
        return UTC, zones.name(zones.own) if zones.own else ""

    def _touches(self, start: datetime, end: datetime) -> bool:
        window = self._window
        return window.start <= start < window.end or start < window.start < end


def _day(text: Text, at: int, end: int) -> bytes | None:
    """The day, as eight digits, of the DTSTART or DTEND line at `at`; None for one that is folded or odd."""
    line_end = text.find(b"\n", at + 1, end)
    if line_end < 0 or text[line_end + 1] in b" \t":
        return None
    value = _VALUE.search(text[at + 1 : line_end])
    return value[1] if value else None


def _end(plain: Plain) -> datetime:
    """The wall time at which an entry ends; an all-day one lasts a day at least."""
    if plain.form.kind == DATE and plain.end <= plain.start:
        return plain.start + _ONE_DAY
    return plain.end
