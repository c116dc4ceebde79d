"""The text of a calendar cut into its VEVENTs, grouped by UID. Nothing is parsed: an entry is a span of bytes."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from calsight_ics.source import Text

#: Start and end of one VEVENT in the text, both BEGIN and END lines included.
Span = tuple[int, int]

_BEGIN = b"BEGIN:VEVENT"
_END = b"END:VEVENT"
_LINE_END = b"\r\n"
_ODD_MARK = re.compile(rb"(?im)^[ \t]*(begin|end)[ \t]*:[ \t]*(v[a-z]+)[ \t\r]*$")
_NESTED = re.compile(
    rb"(?is)\nBEGIN[ \t]*:[ \t]*(?!VEVENT\b|VCALENDAR\b)([A-Z-]+)[ \t]*\n.*?\nEND[ \t]*:[ \t]*\1[ \t]*(?=\n)"
)
_UID = re.compile(rb"(?im)^UID(?:;[^:\n]*)?:([^\n]*)$")
_ZONE = re.compile(rb"(?s)BEGIN:VTIMEZONE.*?END:VTIMEZONE")
_COMPONENT = re.compile(rb"(?m)^BEGIN:(V[A-Z]+)")


@dataclass(slots=True)
class Entries:
    """What the text holds.

    text       the text that the spans refer to (a tidied copy where the original needed one)
    groups     UID → its entries in the order of the file; entries without UID each have a key of their own (see `no_uid`)
    header     the unfolded lines around the entries: VCALENDAR's own properties
    zones      the VTIMEZONE blocks, unfolded
    others     components that are no events, by name ("VTODO")
    unclosed   entries that begin but do not end
    complete   every VCALENDAR that begins also ends
    """

    text: Text
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
    entries, odd = _scan(text)
    if odd:
        lines = unfold(text[:])
        tidy = _ODD_MARK.sub(lambda mark: mark[1].upper() + b":" + mark[2].upper(), lines)
        if tidy != lines:
            entries, _ = _scan(tidy)
    return entries


def _scan(text: Text) -> tuple[Entries, bool]:
    """The entries, and whether some mark looks odd."""
    entries = Entries(text)
    gaps: list[bytes] = []
    groups = entries.groups
    size = len(text)
    position = 0
    begin = _mark(text, _BEGIN, 0, size)
    while begin >= 0:
        gaps.append(text[position:begin])
        end = _mark(text, _END, begin, size)
        following = _mark(text, _BEGIN, begin + 1, size)
        if end < 0 or 0 <= following < end:
            position = following if following >= 0 else size
            entries.unclosed.append((begin, position))
        else:
            position = end + len(_END)
            groups.setdefault(_uid(text, begin, position), []).append((begin, position))
        begin = following
    gaps.append(text[position:size])
    around = unfold(b"".join(gaps))
    odd = bool(entries.unclosed) or any(mark[2].upper() == b"VEVENT" for mark in _ODD_MARK.finditer(around))
    entries.zones = _ZONE.findall(around)
    entries.others = Counter(name.decode() for name in _COMPONENT.findall(around))
    del entries.others["VCALENDAR"], entries.others["VTIMEZONE"]
    entries.header = _NESTED.sub(b"", b"\n" + _ZONE.sub(b"", around))
    entries.complete = around.count(b"BEGIN:VCALENDAR") <= around.count(b"END:VCALENDAR")
    return entries, odd


def _mark(text: Text, mark: bytes, position: int, size: int) -> int:
    """The next `mark` that is a line of its own, or -1."""
    while True:
        position = text.find(mark, position, size)
        if position < 0:
            return -1
        after = position + len(mark)
        alone = after >= size or text[after] in b"\r\n \t"
        if alone and (position == 0 or text[position - 1] in _LINE_END):
            return position
        position = after


def _uid(text: Text, begin: int, end: int) -> bytes:
    """The UID of the entry: the plain line where there is one before any nested component, else whatever a search finds."""
    at = text.find(b"\nUID:", begin, end)
    if at >= 0 and text.find(b"\nBEGIN:", begin, at) < 0:
        stop = text.find(b"\n", at + 1, end)
        if stop >= 0 and text[stop + 1] not in b" \t":
            return text[at + 5 : stop].strip() or no_uid(begin)
    found = _UID.search(top_lines(text[begin:end]))
    return (found[1].strip() if found else b"") or no_uid(begin)


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
    return _NESTED.sub(b"", lines) if b"\nB" in lines or b"\nb" in lines else lines
