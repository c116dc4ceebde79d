"""The calendar objects of one stream. Most hold one; exports that were joined, and folders of messages, hold many.

Each VCALENDAR has its own METHOD, its own X-WR-TIMEZONE and its own zones. Objects that agree in these are read together, so
that a series and its overrides may stand in files of their own; a UID that iTIP messages (RFC 5546) share is put by for `itip`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from zoneinfo import ZoneInfo

from calsight_ics import facts
from calsight_ics.entries import Entries, Extent, assembled
from calsight_ics.zone_names import bare, known

#: Methods of messages that answer or ask, and are no meeting themselves.
ANSWERS = frozenset({"REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"})
MESSAGES = ANSWERS | {"REQUEST", "CANCEL", "ADD"}
#: So many objects are known by what stands around their entries, where that is shorter than this.
_REMEMBERED, _SHORT = 1_000, 10_000
#: A UID's entries in one object: which part it is of, and where they stand.
Copies = list[tuple[int, list[Extent]]]
#: METHOD, X-WR-TIMEZONE, whether Microsoft wrote it, and the zones of which others have another of that name.
_Character = tuple[str, ZoneInfo | str, bool, tuple[bytes, ...]]


@dataclass(slots=True)
class Part:
    """Objects that are read together: what their headers say, the zones that they define, their entries by UID."""

    header: facts.Header
    zones: list[bytes]
    groups: dict[bytes, list[Extent]] = field(default_factory=dict)


@dataclass(slots=True)
class Stream:
    """What a stream holds. `shared` are the UIDs whose entries stand in several objects that are not read together.

    `header` is what all objects say together. `zones` are those of all, for what one uses and does not define; the first of a
    name is taken.
    """

    header: facts.Header
    parts: list[Part]
    zones: list[bytes]
    shared: dict[bytes, Copies] = field(default_factory=dict)


def stream_of(entries: Entries, check: Callable[[int], None] = lambda _: None) -> Stream:
    """The objects of a text, those that agree put together. Where not all do, `check` may raise for so many."""
    header = facts.header_of(entries.header)
    if entries.header.count(b"\nBEGIN:VCALENDAR") < 2 or _agree(entries):
        return Stream(header, [Part(header, entries.zones, entries.groups)], entries.zones)
    begins = [found.start() for found in re.finditer(rb"(?im)^[ \t]*BEGIN[ \t]*:[ \t]*VCALENDAR\b", entries.text)]
    check(len(begins))
    parts: dict[_Character, int] = {}
    stream = Stream(header, [], entries.zones)
    of_object = []
    for one in _objects(entries, begins):
        if one.character not in parts:
            parts[one.character] = len(parts)
            stream.parts.append(Part(one.header, []))
        of_object.append(parts[one.character])
        stream.parts[of_object[-1]].zones += one.zones
    _deal(entries, begins, of_object, stream)
    return stream


def _agree(entries: Entries) -> bool:
    """Whether all objects say the same of what each may say for itself, and are no messages."""
    count = entries.header.count(b"\nBEGIN:VCALENDAR")
    said: defaultdict[bytes, int] = defaultdict(int)
    for line in re.findall(rb"(?im)^(?:METHOD|X-WR-TIMEZONE)[:;][^\n]*", entries.header):
        said[line.strip().upper()] += 1
    messages = any(facts.method_of(line) in MESSAGES for line in said)
    return not messages and all(times == count for times in said.values()) and not _conflicting(entries.zones)


def _conflicting(zones: list[bytes]) -> set[str]:
    """The names that nobody knows and that several zones have which are not the same."""
    defined: defaultdict[str, set[bytes]] = defaultdict(set)
    for block in set(zones):
        defined[_tzid(block)].add(block)
    return {name for name, blocks in defined.items() if len(blocks) > 1 and not known(name)}


def _tzid(block: bytes) -> str:
    found = re.search(rb"(?im)^TZID[^:\n]*:([^\n]*)$", block)
    return bare(found[1].decode("utf-8", "replace")) if found else ""


class _Object(NamedTuple):
    """What stands around the entries of one object. Those of one character are read together."""

    header: facts.Header
    zones: list[bytes]
    character: _Character


def _objects(entries: Entries, begins: list[int]) -> Iterator[_Object]:
    """The objects, one after the other. Most say the same of themselves: what is short and was met is not looked at again."""
    extents = sorted(extent for group in entries.groups.values() for extent in group)
    starts = [begin for begin, _ in extents]
    conflicting = _conflicting(entries.zones)
    met: dict[bytes, _Object] = {}
    for begin, end in zip(begins, [*begins[1:], len(entries.text)], strict=True):
        own = extents[bisect_right(starts, begin) : bisect_right(starts, end)]
        gaps = list(zip([begin, *(last for _, last in own)], [*(first for first, _ in own), end], strict=True))
        short = sum(last - first for first, last in gaps) < _SHORT
        lines = b"".join([entries.text[first:last] for first, last in gaps]) if short else b""
        found = met.get(lines) if short else None
        if found is None:
            found = _object(entries, gaps, conflicting)
            if short and len(met) < _REMEMBERED:
                met[lines] = found
        yield found


def _object(entries: Entries, gaps: list[Extent], conflicting: set[str]) -> _Object:
    around = assembled(entries.text, gaps, [])
    header = facts.header_of(around.header)
    zones = tuple(block for block in around.zones if _tzid(block) in conflicting)
    return _Object(header, around.zones, (header.method, header.zone or header.zone_name, header.microsoft, zones))


def _deal(entries: Entries, begins: list[int], of_object: list[int], stream: Stream) -> None:
    """Give each part the UIDs that are its own, and put the others by."""
    for uid, extents in entries.groups.items():
        by_object: defaultdict[int, list[Extent]] = defaultdict(list)
        for extent in extents:
            by_object[max(0, bisect_right(begins, extent[0]) - 1)].append(extent)
        numbers = {of_object[number] for number in by_object}
        message = any(stream.parts[number].header.method in MESSAGES for number in numbers)
        if len(numbers) > 1 or (message and len(by_object) > 1):
            stream.shared[uid] = [(of_object[number], found) for number, found in sorted(by_object.items())]
        else:
            stream.parts[numbers.pop()].groups[uid] = extents
