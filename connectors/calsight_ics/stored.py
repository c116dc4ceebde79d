"""Calendar objects as a server stores them (RFC 4791, 4.1): each a small file with a name of its own. For other connectors.

    for found in read_objects({"a.ics": data, ...}, calendar, window, zone="Europe/Berlin"): ...

Objects are read together, which is several times faster; what would not mean the same in company (another METHOD or
X-WR-TIMEZONE, a UID that two of them have, no UID, no end) is read by itself.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from zoneinfo import ZoneInfo

from calsight import Calendar, CalendarEvent, Problem, Window
from calsight.errors import PayloadInvalidError
from calsight_ics import facts
from calsight_ics.charsets import Decoder
from calsight_ics.places.text import to_utf8
from calsight_ics.reader import CalendarReader
from calsight_ics.zone_names import known

_EVENT = re.compile(rb"(?im)^[ \t]*BEGIN[ \t]*:[ \t]*VEVENT\b")
_OF_ITS_OWN = re.compile(rb"(?im)^(?:METHOD|X-WR-TIMEZONE)[;:]")
_PRODUCER = re.compile(rb"(?im)^PRODID[^:\r\n]*:([^\r\n]*)")
_ZONE = re.compile(rb"(?ms)^BEGIN:VTIMEZONE\b.*?^END:VTIMEZONE[^\n]*\n")
_TZID = re.compile(rb"(?m)^TZID[^:\r\n]*:([^\r\n]*)")
#: What objects must have in common to be read together: whether Exchange or Outlook wrote them, and the zones of which only
#: they know.
_Character = tuple[bool, tuple[bytes, ...]]


@dataclass(frozen=True, slots=True)
class ObjectRead:
    """What one object gave. A problem's `uid` is the entry's.

    Events can be found, and removed, by the object's name. What recurs has it as its series, and a place in that; else the
    event itself has it. (An object that holds several meetings, against RFC 4791, 4.1, has it as the series of them all.)
    """

    name: str
    events: list[CalendarEvent] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_objects(
    objects: Mapping[str, bytes], calendar: Calendar, window: Window, *, zone: str = "UTC"
) -> Iterator[ObjectRead]:
    """The occurrences of each object that overlap `window`, by the object's name; nothing of those that hold no events.

    `zone` (an IANA name) is where floating times and dates belong, whatever zone an object happens to define. Every event's
    calendar is `calendar`. A damaged entry, or object, becomes a `Problem`.
    """
    home = ZoneInfo(zone)
    together: dict[_Character, dict[str, bytes]] = {}
    alone: dict[str, bytes] = {}
    for name, written in objects.items():
        data = _utf8(written)
        if b"BEGIN:VEVENT" not in data and not _EVENT.search(data):
            continue
        around = _around(*_outside(data)) if _is_plain(data) else None
        if around is not None:
            together.setdefault(around.character, {})[name] = data
        else:
            alone[name] = data
    for (microsoft, _), group in together.items():
        found = _read_together(group, calendar, window, home, microsoft=microsoft)
        for one in found.values():
            _name(one, calendar)
            yield one
        alone |= {name: data for name, data in group.items() if name not in found}
    for name, data in alone.items():
        one = _read_alone(name, data, calendar, window, home)
        _name(one, calendar)
        yield one


def _name(one: ObjectRead, calendar: Calendar) -> None:
    name, events = one.name, one.events
    if len(events) == 1 and events[0].series is None:
        events[0] = replace(events[0], id=name, calendar=calendar)
    else:
        events[:] = [
            replace(event, id=f"{name}#{event.key.rpartition('/')[2]}", series=name, calendar=calendar)
            for event in events
        ]


def _utf8(data: bytes) -> bytes:
    from contextlib import ExitStack

    with ExitStack() as stack:
        return bytes(to_utf8(data, stack)[:])


def _is_plain(data: bytes) -> bool:
    events = data.count(b"BEGIN:VEVENT")
    return data.count(b"BEGIN:VCALENDAR") == data.count(b"END:VCALENDAR") == 1 <= events == data.count(b"END:VEVENT")


def _outside(data: bytes) -> tuple[bytes, bytes]:
    """What stands before the first event of an object, and from the end of its last."""
    return data[: data.index(b"BEGIN:VEVENT")], data[data.rindex(b"END:VEVENT") :]


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around the events of an object that may be read with others."""

    character: _Character
    zones: tuple[bytes, ...]


@lru_cache(maxsize=256)  # most objects of a program have the same
def _around(head: bytes, tail: bytes) -> _Around | None:
    if _OF_ITS_OWN.search(head) or _OF_ITS_OWN.search(tail):
        return None
    found = _PRODUCER.search(head) or _PRODUCER.search(tail)
    microsoft = found is not None and facts.Header(producer=found[1].decode("utf-8", "replace")).microsoft
    zones = (*_ZONE.findall(head), *_ZONE.findall(tail))
    return _Around((microsoft, tuple(block for block in zones if not _is_known(block))), zones)


@lru_cache(maxsize=256)
def _is_known(block: bytes) -> bool:
    """Whether the name of a zone says which it is, whatever its definition says."""
    found = _TZID.search(block)
    return found is not None and known(found[1].decode("utf-8", "replace").strip()) is not None


def _read_together(
    objects: Mapping[str, bytes], calendar: Calendar, window: Window, home: ZoneInfo, *, microsoft: bool
) -> dict[str, ObjectRead]:
    """What each object gave; those that cannot be told apart by their UIDs are missing.

    They are put into one calendar, with the zones of all: each of theirs would be looked at as well.
    """
    names = list(objects)
    zones: dict[bytes, None] = {}
    for data in objects.values():
        if (around := _around(*_outside(data))) is not None:
            zones |= dict.fromkeys(around.zones)
    head = b"".join([b"BEGIN:VCALENDAR\nPRODID:", b"Microsoft\n" if microsoft else b"-\n", *zones])
    parts = [_events_of(data) for data in objects.values()]
    begins = list(accumulate(map(len, parts), initial=len(head)))
    text = b"".join([head, *parts, b"END:VCALENDAR\n"])
    reader = CalendarReader(calendar, text, window, home.key, home=home)
    try:
        events, problems = _all(reader)
    except PayloadInvalidError:
        return {}
    if reader.entries is None or reader.entries.text is not reader.text:
        return {}  # a mark was put right, in a copy of the text: offsets are its own
    found: dict[str, ObjectRead] = {name: ObjectRead(name) for name in names}
    holder: dict[str, str] = {}
    decode = Decoder(reader.text)
    for key, extents in reader.entries.groups.items():
        holders = {names[bisect_right(begins, begin) - 1] for begin, _ in extents}
        uid = "" if key.startswith(b"\0") else decode(key)
        if len(holders) > 1 or uid in holder or not uid:
            for name in holders | ({holder[uid]} if uid in holder else set()):
                found.pop(name, None)
        else:
            holder[uid] = holders.pop()
    for event in events:
        if (one := found.get(holder.get(event.uid, ""))) is not None:
            one.events.append(event)
    for problem in problems:
        if (one := found.get(holder.get(problem.uid, ""))) is not None:
            one.problems.append(problem)
        elif not problem.uid and found:  # of the zone that they share
            next(iter(found.values())).problems.append(problem)
    return found


def _events_of(data: bytes) -> bytes:
    """From the first event of an object to its last."""
    return data[data.index(b"BEGIN:VEVENT") : data.rindex(b"END:VEVENT")] + b"END:VEVENT\n"


def _read_alone(name: str, data: bytes, calendar: Calendar, window: Window, home: ZoneInfo) -> ObjectRead:
    try:
        events, problems = _all(CalendarReader(calendar, data, window, home.key, home=home))
    except PayloadInvalidError:
        text = f"The entry {name!r} breaks off in the middle and was left out: nobody knows how much of it is missing."
        return ObjectRead(name, problems=[Problem("bad_entry", text, calendar.name)])
    return ObjectRead(name, events, problems)


def _all(reader: CalendarReader) -> tuple[list[CalendarEvent], list[Problem]]:
    pages = list(reader.pages())
    events = [event for page in pages for event in page.events]
    return events, [problem for page in pages for problem in page.problems if problem.code != "no_events"]
