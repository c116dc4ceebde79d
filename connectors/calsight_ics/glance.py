"""A glance at the bytes of an entry: whether it can touch the window at all. Most of a calendar is passed over unparsed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta

from calsight import Window
from calsight_ics.entries import Span
from calsight_ics.source import Text

#: No zone is further from UTC than a day; one more for good measure.
MARGIN = timedelta(days=2)
#: A line of DTSTART or DTEND that is not folded, at its line break, and its day as eight digits.
_DAY = re.compile(
    rb"\nDT(?:START|END)(?:;(?:TZID|VALUE)=(?:[A-Za-z0-9/_ .+-]+|\"[^\"\n]*\"))*"
    rb":(\d{4}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?:T\d{6}Z?)?\r?\n(?![ \t])"
)
#: Lines that put an occurrence where its DTSTART and DTEND do not say. Most calendars have none of them.
_MOVING = (b"\nRDATE", b"\nRECURRENCE-ID;RANGE", b"\nDURATION")
_UNTIL = re.compile(rb"[:;]UNTIL=(\d{8})(?:T\d{6}Z?)?(?:;|\r?$)")


class Glance:
    """Tells of one calendar which entries cannot touch the window.

    `tidy`: no line of it is folded by a tab or within its name, and none is empty.
    """

    def __init__(self, text: Text, window: Window) -> None:
        """`text` is what the spans given to `outside` refer to."""
        self._text = text
        self._regular = self.tidy = True
        moving: set[bytes] = set()
        for part in _parts(text, 0, len(text)):
            outline = _outline(part)
            self._regular = self._regular and not _has_odd_names(outline)
            self.tidy = self.tidy and self._regular and b"\n\t" not in outline
            moving.update(mark for mark in _MOVING if mark in part)
        self._moving = tuple(moving)
        first, last = (window.start - MARGIN).date(), (window.end + MARGIN).date()
        self._before = b"%04d%02d%02d" % (first.year, first.month, first.day)
        self._after = b"%04d%02d%02d" % (last.year, last.month, last.day)

    def outside(self, spans: Sequence[Span]) -> bool:
        """Whether no entry of a UID can touch the window, told without parsing. In doubt it can."""
        for begin, end in spans:
            if not self._is_outside(self._text[begin:end]):
                return False
        return self._regular or not any(
            _has_odd_names(_outline(part)) for begin, end in spans for part in _parts(self._text, begin, end)
        )

    def _is_outside(self, entry: bytes) -> bool:
        start = _day(entry, b"\nDTSTART")
        if not start or any(mark in entry for mark in self._moving):
            return False
        if start > self._after:
            return True
        if start >= self._before:
            return False
        rule = entry.find(b"\nRRULE")
        stop = _day(entry, b"\nDTEND")
        if stop is None:
            return rule < 0
        if not stop:
            return False
        if rule < 0:
            return stop < self._before
        return self._has_ended(entry, rule, start, stop)

    def _has_ended(self, entry: bytes, rule: int, start: bytes, stop: bytes) -> bool:
        """Whether a series of entries that begin and end on one day ended before the window."""
        if start[:6] != stop[:6] or int(stop) - int(start) not in (0, 1):
            return False
        line_end = entry.find(b"\n", rule + 1)
        if line_end < 0 or entry[line_end + 1] in b" \t" or entry.find(b"\nRRULE", line_end) >= 0:
            return False
        days = _UNTIL.findall(entry[rule:line_end])
        return len(days) == 1 and days[0] < self._before


def _day(entry: bytes, name: bytes) -> bytes | None:
    """The day, as eight digits, of the first line of that name: None where there is none, "" where a glance cannot tell."""
    at = entry.find(name)
    if at < 0:
        return None
    found = _DAY.match(entry, at)
    return found[1] if found and entry.find(b"\nBEGIN:", 0, at) < 0 else b""


_LETTERS = b"abcdefghijklmnopqrstuvwxyz"
_SMALL = bytes.maketrans(_LETTERS, b"a" * len(_LETTERS))
_LEFT_OUT = bytes(code for code in range(256) if code not in _LETTERS + b"\n\t :;")
#: A text is looked through in parts of this size; they overlap, for a name that lies across.
_PART = 1 << 20
_OVERLAP = 200


def _parts(text: Text, begin: int, end: int) -> Iterator[bytes]:
    for at in range(begin, end, _PART):
        yield text[at : min(at + _PART + _OVERLAP, end)]


def _outline(part: bytes) -> bytes:
    """The lines of a part without capitals, digits and all else that tells nothing of their layout."""
    return part.translate(_SMALL, _LEFT_OUT)


def _has_odd_names(outline: bytes) -> bool:
    """Whether some line's name would be missed by a glance: not all in capitals, or folded. An empty line looks folded too.

    In the first case a small letter is left at the beginning of the line; in the second nothing is left before the fold.
    """
    return b"\na" in outline or b"\n\n" in outline
