"""What stands around the entries of a calendar: what it says of itself, its zones, components that are no events.

It may be as large as the calendar, so it is looked through in parts, and only what is asked for is kept of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from calsight_ics.lines import unfold

#: A mark of an event that is not written as it should be. The end of nothing is none.
_ODD_EVENT = re.compile(rb"(?im)^(?!(?-i:END:VEVENT)$)[ \t]*(?:begin|end)[ \t]*:[ \t]*vevent[ \t\r]*$")
_OTHER = re.compile(rb"(?m)^BEGIN:(VTODO|VJOURNAL|VFREEBUSY)\b")
#: What begins a component in which other things are said than of the calendar.
_NESTED = re.compile(rb"(?im)^[ \t]*BEGIN[ \t]*:[ \t]*(?!(?:VEVENT|VCALENDAR)\b)([A-Z-]+)[ \t]*$")
#: What ends one; or begins a zone or a calendar, which are in none.
_ENDS = re.compile(rb"(?im)^[ \t]*(?:END[ \t]*:[ \t]*([A-Z-]+)[ \t]*$|(?=BEGIN:(?:VTIMEZONE|VCALENDAR)[ \t]*$))")
#: The lines in which a calendar speaks of itself.
_SAID = re.compile(
    rb"(?im)^[ \t]*(?:BEGIN:VCALENDAR|(?:METHOD|NAME|PRODID|X-OWNER|X-WR-CALNAME|X-WR-TIMEZONE)[ \t]*[;:])[^\n]*"
)
#: Nothing that a calendar says of itself is longer.
_LONGEST = 10_000
#: Lines enough for what 100,000 joined calendars say of themselves.
_MOST_SAID = 1_000_000
#: Nor is any zone's definition longer than this.
_LONGEST_ZONE = 1_000_000
_ZONE = b"VTIMEZONE"


@dataclass(slots=True)
class Around:
    """What has been found in the parts so far.

    header     the lines in which the calendar speaks of itself, each behind a line feed
    zones      the VTIMEZONEs that end, unfolded
    others     components that are no events, by name ("VTODO")
    complete   every VCALENDAR that begins also ends
    odd        some mark of an event does not look as it should
    """

    header: bytes = b""
    zones: list[bytes] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    open: int = 0
    odd: bool = False
    _said: list[bytes] = field(default_factory=list)
    _lines: int = 0
    _inside: bytes = b""
    _zone: list[bytes] = field(default_factory=list)

    @classmethod
    def of(cls, parts: Iterable[bytes]) -> Around:
        """What all these parts hold, one after the other; each is of whole lines."""
        found = cls()
        for part in parts:
            found._look(unfold(part))
        found.header = b"".join(found._said)
        return found

    @property
    def complete(self) -> bool:
        """Whether every VCALENDAR that begins also ends."""
        return self.open <= 0

    def _look(self, lines: bytes) -> None:
        self.open += lines.count(b"BEGIN:VCALENDAR") - lines.count(b"END:VCALENDAR")
        self.odd = self.odd or _ODD_EVENT.search(lines) is not None
        self.others.update(name.decode() for name in _OTHER.findall(lines))
        at = 0
        while at < len(lines):
            at = self._inner(lines, at) if self._inside else self._own(lines, at)

    def _own(self, lines: bytes, at: int) -> int:
        """Note what the calendar says of itself, up to the next component."""
        begin = _NESTED.search(lines, at)
        stop = begin.start() if begin else len(lines)
        said = [b"\n" + line[:_LONGEST] for line in _SAID.findall(lines, at, stop)] if self._lines < _MOST_SAID else []
        if said:
            self._said.append(b"".join(said))
            self._lines += len(said)
        if begin is None:
            return stop
        self._inside, self._zone = begin[1].upper(), []
        return self._inner(lines, begin.start(), begin.end())

    def _inner(self, lines: bytes, at: int, behind: int = -1) -> int:
        """Pass over a component to its end, or to where it must have ended; keep it if it is a zone."""
        stop, ended, given_up = len(lines), False, False
        for mark in _ENDS.finditer(lines, max(at, behind)):
            name = (mark[1] or b"VCALENDAR").upper()
            if name in (self._inside, b"VCALENDAR"):
                stop, ended, given_up = mark.end(), name == self._inside, name != self._inside
                break
        if self._inside == _ZONE and not given_up:
            self._zone.append(lines[at:stop])
            if sum(map(len, self._zone)) > _LONGEST_ZONE:
                self._zone, self._inside = [], b"-"  # no name: passed over to the next zone or calendar
            elif ended:
                self.zones.append(b"".join(self._zone))
        if ended or given_up:
            self._inside = b""
        return stop
