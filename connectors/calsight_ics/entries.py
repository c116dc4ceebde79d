"""The text of a calendar cut into its VEVENTs, grouped by UID. Nothing is parsed: an entry is a span of bytes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from calsight_ics.marks import Marks, marks_of
from calsight_ics.source import Text, gathered

if TYPE_CHECKING:
    from calsight_ics.lines import Places

#: Start and end of one VEVENT in the text, both BEGIN and END lines included.
Span = tuple[int, int]

_BEGIN = b"BEGIN:VEVENT"
_END = b"END:VEVENT"
_ODD_MARK = re.compile(rb"(?im)^[ \t]*(begin|end)[ \t]*:[ \t]*(v[a-z]+)[ \t\r]*$")
_COMPONENT_MARK = re.compile(rb"(?i)\n(BEGIN|END)[ \t]*:[ \t]*([A-Z-]+)[ \t]*(?=\n)")
_NOT_NESTED = re.compile(rb"(?:VEVENT|VCALENDAR)\b")
_UID = re.compile(rb"(?im)^UID(?:;[^:\n]*)?:([^\n]*)$")
_ZONE_BEGIN, _ZONE_END = b"BEGIN:VTIMEZONE", b"END:VTIMEZONE"
#: A text is tidied in parts of this size.
_PART = 1 << 22
_COMPONENT = re.compile(rb"(?m)^BEGIN:(V[A-Z]+)")


@dataclass(slots=True)
class Entries:
    """What the text holds.

    text       the text that the spans refer to (a tidied copy where the original needed one)
    marks      where its lines stand that say what is where
    begins, ends   the spans of all entries, in the order of the text
    groups     UID → its entries in the order of the file; entries without UID each have a key of their own (see `no_uid`)
    header     the unfolded lines around the entries: VCALENDAR's own properties
    zones      the VTIMEZONE blocks, unfolded
    others     components that are no events, by name ("VTODO")
    unclosed   entries that begin but do not end
    complete   every VCALENDAR that begins also ends
    """

    text: Text
    marks: Marks
    begins: Places
    ends: Places
    groups: dict[bytes, list[Span]] = field(default_factory=dict)
    header: bytes = b""
    zones: list[bytes] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    unclosed: list[Span] = field(default_factory=list)
    complete: bool = True

    def __len__(self) -> int:
        return sum(map(len, self.groups.values()))


def scan(text: Text) -> Entries:
    """Find all entries. Marks in odd case, with blanks or folded are put right first, in a copy of the text."""
    marks = marks_of(text)
    entries, odd = _cut(text, marks)
    if odd or (marks.lone_returns and text.find(b"\r" + _BEGIN) >= 0):
        tidy = _tidied(text)
        entries, _ = _cut(tidy, marks_of(tidy))
    return entries


def _cut(text: Text, marks: Marks) -> tuple[Entries, bool]:
    """The entries, and whether some mark looks odd."""
    size = len(text)
    begins = marks.entries
    end = np.append(marks.ends, size)[np.searchsorted(marks.ends, begins)]
    following = np.append(begins, size)[1:]
    closed = end < following
    ends = np.where(closed, end + len(_END), following)
    around = unfold(b"".join(_gaps(text, begins, ends)))
    entries = Entries(text, marks=marks, begins=begins[closed], ends=ends[closed])
    entries.unclosed = [*zip(begins[~closed].tolist(), ends[~closed].tolist(), strict=True)]
    entries.zones, rest = _zones_and_rest(around)
    entries.others = Counter(name.decode() for name in _COMPONENT.findall(around))
    del entries.others["VCALENDAR"], entries.others["VTIMEZONE"]
    entries.header = _without_nested(b"\n" + rest)
    entries.complete = around.count(b"BEGIN:VCALENDAR") <= around.count(b"END:VCALENDAR")
    _group(entries)
    return entries, bool(entries.unclosed) or any(mark[2].upper() == b"VEVENT" for mark in _ODD_MARK.finditer(around))


def _zones_and_rest(around: bytes) -> tuple[list[bytes], bytes]:
    """The VTIMEZONEs that end, and what is beside them."""
    zones, rest, at = [], [], 0
    while (begin := around.find(_ZONE_BEGIN, at)) >= 0 and (end := around.find(_ZONE_END, begin)) >= 0:
        rest.append(around[at:begin])
        at = end + len(_ZONE_END)
        zones.append(around[begin:at])
    return zones, b"".join([*rest, around[at:]])


def _gaps(text: Text, begins: Places, ends: Places) -> Iterator[bytes]:
    """What lies before, between and after the entries, save mere ends of lines."""
    opens, closes = np.insert(ends, 0, 0), np.append(begins, len(text))
    wide = closes - opens > len(b"\r\n")
    for begin, end in zip(opens[wide].tolist(), closes[wide].tolist(), strict=True):
        yield text[begin:end]


def _group(entries: Entries) -> None:
    """Put each entry to those of its UID: that of its first plain UID line before any component in it, or else any."""
    text, groups, marks = entries.text, entries.groups, entries.marks
    first, nested = (first_within(places, entries.begins, entries.ends) for places in (marks.uids, marks.begins))
    plain = np.where(first < nested, first, -1)
    for begin, end, at in zip(entries.begins.tolist(), entries.ends.tolist(), plain.tolist(), strict=True):
        uid = _logical_line(text, at, end)[4:] if at >= 0 else _searched_uid(text[begin:end])
        groups.setdefault(uid.strip() or no_uid(begin), []).append((begin, end))


def first_within(places: Places, begins: Places, ends: Places) -> Places:
    """The first of the sorted `places` in each of these spans; the span's end where there is none."""
    following: Places = np.append(places, np.iinfo(np.int64).max)[np.searchsorted(places, begins)]
    return np.minimum(following, ends)


def _logical_line(text: Text, at: int, end: int) -> bytes:
    """The unfolded line that begins at `at`."""
    stop = text.find(b"\n", at, end)
    if text[stop + 1] not in b" \t":
        return text[at:stop]
    while text[stop + 1] in b" \t":
        stop = text.find(b"\n", stop + 1, end)
    return unfold(text[at:stop])


def _searched_uid(entry: bytes) -> bytes:
    found = _UID.search(top_lines(entry))
    return found[1] if found else b""


def _tidied(text: Text) -> Text:
    """The text unfolded, with each mark of a component as it should be, and each line ended by LF."""
    lone_returns = text.find(b"\r" + _BEGIN) >= 0

    def tidy(lines: bytes) -> bytes:
        lines = unfold(lines)
        if lone_returns:
            lines = lines.replace(b"\r", b"\n")
        return _ODD_MARK.sub(lambda mark: mark[1].upper() + b":" + mark[2].upper(), lines)

    return gathered(map(tidy, _whole_lines(text)))


def _whole_lines(text: Text) -> Iterator[bytes]:
    """The text in parts of whole lines with all their continuations."""
    at, size = 0, len(text)
    while at < size:
        stop = text.find(b"\n", at + _PART)
        while stop >= 0 and text[stop + 1 : stop + 2] in (b" ", b"\t"):
            stop = text.find(b"\n", stop + 1)
        stop = stop + 1 if stop >= 0 else size
        yield text[at:stop]
        at = stop


def no_uid(begin: int) -> bytes:
    """The key of an entry without UID."""
    return b"\0%d" % begin


def unfold(data: bytes) -> bytes:
    """Join folded lines; lines end with LF. Done on bytes, so that a character cut in two by a fold is whole again."""
    if b"\r" in data:
        data = data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n")
    if b"\n\n" in data:
        data = re.sub(rb"\n{2,}", b"\n", data)
    if b"\n " in data:
        data = data.replace(b"\n ", b"")
    if b"\n\t" in data:
        data = data.replace(b"\n\t", b"")
    return data


def top_lines(entry: bytes) -> bytes:
    """The unfolded lines of an entry without those of its alarms and other nested components."""
    lines = unfold(entry)
    return _without_nested(lines) if b"\nB" in lines or b"\nb" in lines else lines


def _without_nested(lines: bytes) -> bytes:
    """The lines without components other than VEVENT and VCALENDAR, each to the first END of its name; in one pass."""
    marks = [(mark.start(), mark.end(), mark[1].upper(), mark[2].upper()) for mark in _COMPONENT_MARK.finditer(lines)]
    ends: defaultdict[bytes, list[tuple[int, int]]] = defaultdict(list)
    for start, stop, kind, name in marks:
        if kind == b"END":
            ends[name].append((start, stop))
    kept, at = [], 0
    for start, stop, kind, name in marks:
        if kind != b"BEGIN" or start < at or _NOT_NESTED.match(name):
            continue
        following = bisect_left(ends[name], (stop, stop))
        if following < len(ends[name]):
            kept.append(lines[at:start])
            at = ends[name][following][1]
    return b"".join([*kept, lines[at:]])
