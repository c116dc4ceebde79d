"""Messages about one meeting (iTIP, RFC 5546) → the entries that hold now: the latest revision of each, with its answers.

A REQUEST or CANCEL of a higher SEQUENCE, or of the same and a later DTSTAMP, takes the place of the earlier (2.1.4, 2.1.5);
an ADD puts an occurrence beside the others (3.2.4); a REPLY is the newer word on who answers (3.2.3); a COUNTER is a proposal,
not a meeting (3.2.7). CANCEL and the answers need no DTSTART (3.2.5).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from calsight_ics.entries import top_lines
from calsight_ics.objects import ANSWERS, MESSAGES
from calsight_ics.parse import Component
from calsight_ics.translate import sequence_of

_STAMPS = tuple(re.compile(rb"(?im)^" + name + rb"[^:\n]*:(\d{8}T\d{6})") for name in (b"DTSTAMP", b"LAST-MODIFIED"))
_START = re.compile(rb"(?im)^DTSTART[;:]")
_NAMED = re.compile(rb"(?im)^RECURRENCE-ID((?:;[^:\n]*)?:[^\n]*)$")
_RANGE = re.compile(rb"(?i);RANGE=[A-Z]+")
#: The day that a RECURRENCE-ID names, or "" for the series itself.
_Place = str


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of a message: what the message is, its entry, and its DTSTAMP as written (UTC, so that texts sort as times).

    One that does not say when it is `starts` when the occurrence does that it names, or at no time that means anything.
    """

    method: str
    component: Component
    stamp: str
    starts: bool = True

    @property
    def rank(self) -> tuple[int, str]:
        """What decides between two revisions."""
        return sequence_of(self.component.get("SEQUENCE")), self.stamp


def message_lines(entry: bytes, method: str) -> bytes | None:
    """An entry of a message as it can be parsed: with a start if it needs none. None for one that says nothing that is kept."""
    if method in ANSWERS - {"REPLY"}:
        return None
    if method not in (*ANSWERS, "CANCEL") or starts(entry):
        return entry
    lines = top_lines(entry)
    named = _NAMED.search(lines)
    start = b"DTSTART" + _RANGE.sub(b"", named[1]) if named else b"DTSTART:19700101T000000Z"
    return lines.replace(b"\n", b"\n" + start + b"\n", 1)


def starts(entry: bytes) -> bool:
    """Whether an entry says when it is."""
    return _START.search(top_lines(entry)) is not None


def stamp_of(entry: bytes) -> str:
    """The DTSTAMP of an entry as written, else when it was last changed; "" where there is neither."""
    lines = top_lines(entry)
    return next((found[1].decode() for stamp in _STAMPS if (found := stamp.search(lines))), "")


def settled(messages: Sequence[Message]) -> list[Component]:
    """The entries that hold after all messages about one UID."""
    if not any(message.method in MESSAGES for message in messages):
        return [message.component for message in messages]  # two calendars with one meeting
    kept: dict[_Place, Message] = {}
    cancelled: dict[_Place, tuple[int, str]] = {}
    for message in messages:
        place = _place(message.component)
        if message.method in ANSWERS or message.method == "ADD":
            continue
        if message.method == "CANCEL":
            cancelled[place] = max(message.rank, cancelled.get(place, message.rank))
            if message.starts or place:
                kept.setdefault(place, message)
        elif place not in kept or kept[place].method == "CANCEL" or message.rank >= kept[place].rank:
            kept[place] = message
    _add(kept, [message for message in messages if message.method == "ADD"])
    _drop_outdated(kept)
    _fill_in(kept)
    for place, message in kept.items():
        ranks = [cancelled[where] for where in {place, ""} if where in cancelled]
        if any(rank >= message.rank for rank in ranks):
            message.component["STATUS"] = "CANCELLED"
    listed: dict[_Place, dict[str, Any]] = {}
    for reply in sorted((one for one in messages if one.method == "REPLY"), key=lambda one: one.rank):
        # An odd answer costs that answer.
        with suppress(TypeError, ValueError, AttributeError, KeyError, OverflowError):
            _answer(reply, kept, listed)
    return [message.component for message in kept.values()]


def _add(kept: dict[_Place, Message], added: list[Message]) -> None:
    """Put what is added beside the rest; a later revision of the whole knows of it already."""
    whole = kept.get("")
    for message in sorted(added, key=lambda one: one.rank):
        component = message.component
        if whole is None:
            place = f"added {component['DTSTART'].to_ical()!r}"
        elif message.rank <= whole.rank:
            continue
        elif "RRULE" in component or "RDATE" in component:
            place = f"added {component['DTSTART'].to_ical()!r}"
            component["SEQUENCE"] = whole.component.get("SEQUENCE", 0)  # else it would be a revision of the whole
        else:
            component["RECURRENCE-ID"] = component["DTSTART"]
            place = _place(component)
        kept[place] = message


def _fill_in(kept: dict[_Place, Message]) -> None:
    """Take what a cancellation does not say of its occurrence from the series."""
    whole = kept.get("")
    for place, message in kept.items():
        if whole is not None and not message.starts:
            occurrence = _occurrence(whole.component, message.component)
            kept[place] = message if occurrence is None else replace(message, component=occurrence)


def _drop_outdated(kept: dict[_Place, Message]) -> None:
    """Take out what was said of occurrences that the series no longer has, since a later revision moved it to another hour."""
    whole = kept.get("")
    if whole is None or whole.method == "CANCEL":
        return
    start = whole.component["DTSTART"].dt
    for place in [each for each in kept if each]:
        message = kept[place]
        named = getattr(message.component.get("RECURRENCE-ID"), "dt", None)
        if message.rank[0] >= whole.rank[0] or not isinstance(named, datetime) or not isinstance(start, datetime):
            continue
        there = named.astimezone(start.tzinfo) if named.tzinfo and start.tzinfo else named
        if there.time() != start.time():
            del kept[place]


def _place(component: Component) -> _Place:
    moment: date | None = getattr(component.get("RECURRENCE-ID"), "dt", None)
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return f"{moment.timestamp():.0f}"
    return "" if moment is None else moment.isoformat()


def _answer(reply: Message, kept: dict[_Place, Message], known_lines: dict[_Place, dict[str, Any]]) -> None:
    """Put the answers of a reply into the entry that it is about, unless that is a later revision or knows better.

    `known_lines` keeps who is on the list of each.
    """
    place = _place(reply.component)
    if place not in kept and "" in kept:
        occurrence = _occurrence(kept[""].component, reply.component)
        if occurrence is None:
            return
        kept[place] = Message(kept[""].method, occurrence, kept[""].stamp)
    about = kept.get(place)
    if about is None or sequence_of(reply.component.get("SEQUENCE")) < sequence_of(about.component.get("SEQUENCE")):
        return
    if place not in known_lines:
        known_lines[place] = {_address(line): line for line in _lines(about.component)}
    listed = known_lines[place]
    for line in _lines(reply.component):
        answer = getattr(line, "params", {}).get("PARTSTAT")
        known = listed.get(_address(line))
        if known is None:
            about.component.add("ATTENDEE", line)
            listed[_address(line)] = line
        elif answer and (
            reply.stamp >= about.stamp or str(known.params.get("PARTSTAT", "NEEDS-ACTION")) == "NEEDS-ACTION"
        ):
            known.params["PARTSTAT"] = answer


def _occurrence(series: Component, reply: Component) -> Component | None:
    """The occurrence of a series that a reply is about, as an entry of its own; None where their times differ in kind."""
    named, start, end = reply["RECURRENCE-ID"], series["DTSTART"].dt, series.get("DTEND")
    moment = named.dt.astimezone(start.tzinfo) if _aware(named.dt) and _aware(start) else named.dt
    times = [start, moment] if end is None else [start, moment, end.dt]
    if len({(isinstance(time, datetime), _aware(time)) for time in times}) > 1:
        return None
    entry = series.copy()
    for name in ("RRULE", "RDATE", "EXDATE", "EXRULE"):
        entry.pop(name, None)
    if lines := [copy(line) for line in _lines(series)]:  # each with answers of its own
        for line in lines:
            line.params = copy(line.params)
        entry["ATTENDEE"] = lines
    if end is not None:
        entry["DTEND"] = type(end)(moment + (end.dt - start))
    entry["DTSTART"] = type(series["DTSTART"])(moment)
    entry["RECURRENCE-ID"] = named
    return entry


def _aware(moment: date) -> bool:
    return isinstance(moment, datetime) and moment.tzinfo is not None


def _lines(component: Component) -> list[Any]:
    found = component.get("ATTENDEE")
    return found if isinstance(found, list) else [] if found is None else [found]


def _address(line: Any) -> str:
    return str(line).strip().lower().removeprefix("mailto:")
