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
from itertools import accumulate
from zoneinfo import ZoneInfo

from calsight import Calendar, CalendarEvent, Problem, Window
from calsight.errors import PayloadInvalidError
from calsight_ics import facts
from calsight_ics.charsets import Decoder
from calsight_ics.places.text import to_utf8
from calsight_ics.reader import CalendarReader

_EVENT = re.compile(rb"(?im)^[ \t]*BEGIN[ \t]*:[ \t]*VEVENT\b")
_OF_ITS_OWN = re.compile(rb"(?im)^(?:METHOD|X-WR-TIMEZONE)[;:]")
_PRODUCER = re.compile(rb"(?im)^PRODID[^:\r\n]*:([^\r\n]*)")


@dataclass(frozen=True, slots=True)
class ObjectRead:
    """What one object gave. A problem's `uid` is the entry's."""

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
    together: dict[bool, dict[str, bytes]] = {False: {}, True: {}}
    alone: dict[str, bytes] = {}
    for name, written in objects.items():
        data = _utf8(written)
        if not _EVENT.search(data):
            continue
        if _is_plain(data):
            together[_is_microsoft(data)][name] = data
        else:
            alone[name] = data
    for group in together.values():
        found = _read_together(group, calendar, window, home) if group else {}
        yield from found.values()
        alone |= {name: data for name, data in group.items() if name not in found}
    for name, data in alone.items():
        yield _read_alone(name, data, calendar, window, home)


def _utf8(data: bytes) -> bytes:
    from contextlib import ExitStack

    with ExitStack() as stack:
        return bytes(to_utf8(data, stack)[:])


def _is_plain(data: bytes) -> bool:
    whole = data.count(b"BEGIN:VCALENDAR") == data.count(b"END:VCALENDAR") == 1
    return whole and data.count(b"BEGIN:VEVENT") == data.count(b"END:VEVENT") and not _OF_ITS_OWN.search(data)


def _is_microsoft(data: bytes) -> bool:
    """What is read together has one header; of all that it says, only this one matters to an entry."""
    found = _PRODUCER.search(data)
    return found is not None and facts.Header(producer=found[1].decode("utf-8", "replace")).microsoft


def _read_together(
    objects: Mapping[str, bytes], calendar: Calendar, window: Window, home: ZoneInfo
) -> dict[str, ObjectRead]:
    """What each object gave; those that cannot be told apart by their UIDs are missing."""
    names = list(objects)
    parts = [data if data.endswith(b"\n") else data + b"\r\n" for data in objects.values()]
    begins = [0, *accumulate(map(len, parts))]
    reader = CalendarReader(calendar, b"".join(parts), window, home.key, home=home)
    try:
        events, problems = _all(reader, calendar)
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


def _read_alone(name: str, data: bytes, calendar: Calendar, window: Window, home: ZoneInfo) -> ObjectRead:
    try:
        events, problems = _all(CalendarReader(calendar, data, window, home.key, home=home), calendar)
    except PayloadInvalidError:
        text = f"The entry {name!r} breaks off in the middle and was left out: nobody knows how much of it is missing."
        return ObjectRead(name, problems=[Problem("bad_entry", text, calendar.name)])
    return ObjectRead(name, events, problems)


def _all(reader: CalendarReader, calendar: Calendar) -> tuple[list[CalendarEvent], list[Problem]]:
    pages = list(reader.pages())
    events = [replace(event, calendar=calendar) for page in pages for event in page.events]
    return events, [problem for page in pages for problem in page.problems if problem.code != "no_events"]
