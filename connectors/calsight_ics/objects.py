"""The calendar objects of one stream. Most hold one; exports that were joined, and folders of messages, hold many.

Each VCALENDAR has its own METHOD, its own X-WR-TIMEZONE and its own zones. Objects that agree in these are read together, so
that a series and its overrides may stand in files of their own; a UID that iTIP messages (RFC 5546) share is put by for `itip`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from calsight_ics import facts
from calsight_ics.entries import Entries, Extent, assembled
from calsight_ics.zone_names import bare, known

#: Methods of messages that answer or ask, and are no meeting themselves.
ANSWERS = frozenset({"REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH"})
MESSAGES = ANSWERS | {"REQUEST", "CANCEL", "ADD"}
#: So many headers are known by their bytes.
_REMEMBERED = 1_000
#: A UID's entries in one object: which part it is of, and where they stand.
Copies = list[tuple[int, list[Extent]]]


@dataclass(slots=True)
class Part:
    """Objects that are read together: what their headers say, the zones that they define, their entries by UID."""

    header: facts.Header
    zones: list[bytes]
    groups: dict[bytes, list[Extent]] = field(default_factory=dict)


@dataclass(slots=True)
class Stream:
    """What a stream holds. `shared` are the UIDs whose entries stand in several objects that are not read together.

    `zones` are those of all objects, for what one uses and does not define; the first of a name is taken.
    """

    parts: list[Part]
    zones: list[bytes]
    shared: dict[bytes, Copies] = field(default_factory=dict)


def stream_of(entries: Entries) -> Stream:
    """The objects of a text, those that agree put together."""
    whole = Part(facts.header_of(entries.header), entries.zones, entries.groups)
    if entries.header.count(b"\nBEGIN:VCALENDAR") < 2 or _agree(entries):
        return Stream([whole], entries.zones)
    begins = [found.start() for found in re.finditer(rb"(?im)^[ \t]*BEGIN[ \t]*:[ \t]*VCALENDAR\b", entries.text)]
    parts: dict[tuple[object, ...], int] = {}
    stream = Stream([], entries.zones)
    of_object = []
    conflicting = _conflicting(entries.zones)
    headers: dict[bytes, facts.Header] = {}
    for one in _objects(entries, begins):
        header = headers.get(one.header) or facts.header_of(one.header)
        if len(headers) < _REMEMBERED:
            headers[one.header] = header
        zones = tuple(block for block in one.zones if _tzid(block) in conflicting)
        character = (header.method, header.zone or header.zone_name, header.microsoft, zones)
        if character not in parts:
            parts[character] = len(parts)
            stream.parts.append(Part(header, []))
        of_object.append(parts[character])
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


def _objects(entries: Entries, begins: list[int]) -> Iterator[Entries]:
    """What lies around the entries of each object, as `entries.assembled` has it."""
    extents = sorted(extent for group in entries.groups.values() for extent in group)
    starts = [begin for begin, _ in extents]
    for begin, end in zip(begins, [*begins[1:], len(entries.text)], strict=True):
        own = extents[bisect_right(starts, begin) : bisect_right(starts, end)]
        opens, closes = [begin, *(last for _, last in own)], [*(first for first, _ in own), end]
        yield assembled(entries.text, zip(opens, closes, strict=True), [])


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
