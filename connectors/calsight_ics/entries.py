"""The text of a calendar cut into its VEVENTs, grouped by UID. Nothing is parsed: an entry is a stretch of bytes.

`scan` does it with regular expressions; the fast road (`fast.scan`) finds the same marks several times faster and hands them to
`assembled` (a test holds the two equal).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from calsight_ics.around import Around
from calsight_ics.lines import line_end, pieces, unfold, whole_lines
from calsight_ics.places.text import Text, gathered

#: Start and end of one VEVENT in the text, both BEGIN and END lines included.
Extent = tuple[int, int]

BEGIN = b"BEGIN:VEVENT"
END = b"END:VEVENT"
_MARK = re.compile(rb"(?m)^(?:(BEGIN)|END):VEVENT(?=[\x00\t\n\r ]|\Z)")
_ODD_MARK = re.compile(rb"(?im)^[ \t]*(begin|end)[ \t]*:[ \t]*(v[a-z]+)[ \t\r]*$")
_COMPONENT_MARK = re.compile(rb"(?i)\n(BEGIN|END)[ \t]*:[ \t]*([A-Z-]+)[ \t]*(?=\n)")
_NOT_NESTED = re.compile(rb"(?:VEVENT|VCALENDAR)\b")
_PLAIN_UID = re.compile(rb"(?m)^(?:UID:()|BEGIN:(?!VEVENT(?:[\x00\t\n\r ]|\Z)))")
_UID = re.compile(rb"(?im)^UID(?:;[^:\n]*)?:([^\n]*)$")
_STAMP_OR_ZONE = re.compile(rb"(?m)^(?:(BEGIN:VTIMEZ)|(END:VTIM)|((?:DTSTAMP|CREATED|LAST-MODIFIED)[;:][^\n]*))")
#: In so much of an entry its UID is looked for, and so much of it is looked at.
_UID_WITHIN = 1 << 20
_LONGEST_UID = 10_000
#: Of more stamps than this the last few are kept.
MANY, _FEW = 100_000, 1_000


@dataclass(slots=True)
class Entries:
    """What the text holds.

    text       the text that the extents refer to (a tidied copy where the original needed one)
    groups     UID → its entries in the order of the file; entries without UID each have a key of their own (see `no_uid`)
    header     the unfolded lines around the entries: VCALENDAR's own properties
    zones      the VTIMEZONE blocks, unfolded
    others     components that are no events, by name ("VTODO")
    unclosed   entries that begin but do not end
    complete   every VCALENDAR that begins also ends
    stamps     the lines of DTSTAMP, CREATED and LAST-MODIFIED, each once, save those of zones; of very many the last
    odd        some mark of a component does not look as it should, or an entry does not end
    """

    text: Text
    groups: dict[bytes, list[Extent]] = field(default_factory=dict)
    header: bytes = b""
    zones: list[bytes] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    unclosed: list[Extent] = field(default_factory=list)
    complete: bool = True
    stamps: frozenset[bytes] = frozenset()
    odd: bool = False

    def __len__(self) -> int:
        return sum(map(len, self.groups.values()))


def scan(text: Text) -> Entries:
    """Find all entries. Marks in odd case, with blanks or folded are put right first, in a copy of the text."""
    entries = _scan(text)
    return _scan(tidied(text)) if needs_tidying(entries) else entries


def needs_tidying(entries: Entries) -> bool:
    """Whether the text has to be put right before its entries can be found."""
    return entries.odd or entries.text.find(b"\r" + BEGIN) >= 0


def _scan(text: Text) -> Entries:
    extents: list[Extent] = []
    unclosed: list[Extent] = []
    begin = -1
    for mark in _MARK.finditer(text):
        if begin >= 0:
            if mark[1]:
                unclosed.append((begin, mark.start()))
            else:
                extents.append((begin, mark.end()))
        begin = mark.start() if mark[1] else -1
    if begin >= 0:
        unclosed.append((begin, len(text)))
    entries = assembled(text, _gaps(text, sorted(extents + unclosed)), unclosed)
    group(entries, ((begin, end, _plain_uid(text, begin, end)) for begin, end in extents))
    stamps: set[bytes] = set()
    for stamp in _stamps(text):
        stamps.add(stamp)
        if len(stamps) > MANY:
            stamps = newest(stamps)
    entries.stamps = frozenset(stamps)
    return entries


def _gaps(text: Text, extents: list[Extent]) -> Iterator[Extent]:
    """Where something stands before, between and after the entries, save mere ends of lines."""
    at = 0
    for begin, end in [*extents, (len(text), len(text))]:
        if begin - at > len(b"\r\n"):
            yield at, begin
        at = end


def _plain_uid(text: Text, begin: int, end: int) -> int:
    """Where the first plain UID line of an entry begins; -1 where a component in it comes before."""
    found = _PLAIN_UID.search(text, begin, end)
    return found.start() if found and found[1] is not None else -1


def _stamps(text: Text) -> Iterator[bytes]:
    in_zone = 0
    for found in _STAMP_OR_ZONE.finditer(text):
        if found[3]:
            if in_zone <= 0:
                yield found[3]
        else:
            in_zone += 1 if found[1] else -1


def newest(stamps: set[bytes]) -> set[bytes]:
    """Of many stamps those that say most: the last is asked for, and some make no sense."""
    return set(sorted(stamps, key=lambda line: line.rpartition(b":")[2])[-_FEW:])


def assembled(text: Text, gaps: Iterable[Extent], unclosed: list[Extent]) -> Entries:
    """The entries of a text, not grouped yet. In `gaps` stands all that lies beside them."""
    around = Around.of(pieces(text, gaps))
    return Entries(
        text,
        header=around.header,
        zones=around.zones,
        others=around.others,
        unclosed=unclosed,
        complete=around.complete,
        odd=bool(unclosed) or around.odd,
    )


def group(entries: Entries, found: Iterable[tuple[int, int, int]]) -> None:
    """Put each entry to those of its UID. `found` are its begin, its end, and where its UID line begins.

    That is its first plain UID line, if it comes before any component in it; -1 where there is none: then it is looked for.
    """
    text, groups = entries.text, entries.groups
    for begin, end, at in found:
        if at >= 0:
            uid = _logical_line(text, at, end).removeprefix(b"UID:")
        else:
            uid = _searched_uid(text[begin : min(end, begin + _UID_WITHIN)])
        groups.setdefault(uid.strip() or no_uid(begin), []).append((begin, end))


def _logical_line(text: Text, at: int, end: int) -> bytes:
    """The unfolded line that begins at `at`."""
    stop = text.find(b"\n", at, end)
    if text[stop + 1] not in b" \t":
        return text[at : min(stop, at + _LONGEST_UID)]
    return unfold(text[at : min(line_end(text, at, end), at + _LONGEST_UID)])


def _searched_uid(entry: bytes) -> bytes:
    found = _UID.search(top_lines(entry))
    return found[1] if found else b""


def tidied(text: Text) -> Text:
    """The text unfolded, with each mark of a component as it should be, and each line ended by LF."""
    lone_returns = text.find(b"\r" + BEGIN) >= 0

    def tidy(lines: bytes) -> bytes:
        lines = unfold(lines)
        if lone_returns:
            lines = lines.replace(b"\r", b"\n")
        return _ODD_MARK.sub(lambda mark: mark[1].upper() + b":" + mark[2].upper(), lines)

    return gathered(map(tidy, whole_lines(text)))


def no_uid(begin: int) -> bytes:
    """The key of an entry without UID."""
    return b"\0%d" % begin


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
