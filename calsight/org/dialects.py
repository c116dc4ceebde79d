"""Events of Microsoft Graph as lines of JSON: what Graph Data Connect and psoxy write.

Data Connect spells words of Graph's lists with their list (`microsoft.graph.responseType'declined'`), and some of its columns
hold JSON as text. A word that is on no list is a Problem: read as its default, it would make a meeting of what was declined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from calsight.core.model.events import (
    Attendee,
    Calendar,
    CalendarEvent,
    CuType,
    EventType,
    Organizer,
    PartStat,
    Problem,
    ShowAs,
    Status,
)
from calsight.kit.texts import read_json

_T = TypeVar("_T")
_SPELT = re.compile(r"microsoft\.graph\.\w+'(\w+)'")
_ANSWERS = {
    "accepted": PartStat.ACCEPTED,
    "declined": PartStat.DECLINED,
    "none": PartStat.NEEDS_ACTION,
    "notresponded": PartStat.NEEDS_ACTION,
    "organizer": PartStat.ACCEPTED,
    "tentativelyaccepted": PartStat.TENTATIVE,
}
_SORTS = {"required": CuType.INDIVIDUAL, "optional": CuType.INDIVIDUAL, "resource": CuType.RESOURCE}
_SHOWN = {
    "free": ShowAs.FREE,
    "tentative": ShowAs.TENTATIVE,
    "busy": ShowAs.BUSY,
    "oof": ShowAs.OUT_OF_OFFICE,
    "workingelsewhere": ShowAs.WORKING_ELSEWHERE,
    "unknown": ShowAs.BUSY,
}
_KINDS = {"singleinstance": False, "occurrence": True, "exception": True}


def is_graph_line(fields: Mapping[str, Any]) -> bool:
    """Whether an object is an event of Graph."""
    return "iCalUId" in fields and "start" in fields


def read_graph_lines(lines: Iterable[bytes], owner: tuple[str, ...]) -> tuple[list[CalendarEvent], list[Problem]]:
    """The events of one mailbox; what is none becomes a Problem. Series' masters, which are no occurrence, are left out."""
    # Graph's lists name organizers who take part, and Data Connect sets `isOrganizer` beside.
    calendar = Calendar(
        id="graph", name="calendar", owner=owner, organizer_listed=False, names_people=True, producer="graph"
    )
    events: list[CalendarEvent] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            fields = read_json(line)
            if _word(fields.get("type")) != "seriesmaster":
                events.append(_event(fields, calendar))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            said = str(error) if isinstance(error, _UnknownWordError) else type(error).__name__
            problems.append(
                Problem("bad_entry", f"Line {number} is no event of Graph ({said}) and was set aside.", "graph")
            )
    return events, problems


class _UnknownWordError(ValueError):
    """A word that is on none of Graph's lists."""


def _event(fields: Mapping[str, Any], calendar: Calendar) -> CalendarEvent:
    recurs = _known(_KINDS, fields.get("type") or "singleInstance")
    start, end = _moment(_object(fields["start"])), _moment(_object(fields["end"]))
    original = fields.get("originalStart")
    mine = _known(_ANSWERS, _object(fields.get("responseStatus") or {}).get("response") or "none")
    organizes = bool(fields.get("isOrganizer"))
    lines = [_attendee(_object(each)) for each in _list(fields.get("attendees"))]
    lines = [line for line in lines if line.address.casefold() not in calendar.owner] if not organizes else lines
    if lines and not organizes:
        lines.append(Attendee(calendar.owner[0], partstat=mine, is_me=True))
    meeting = _object(fields.get("onlineMeeting") or {})
    link = meeting.get("joinUrl") or fields.get("onlineMeetingUrl") or ""
    return CalendarEvent(
        uid=str(fields["iCalUId"]),
        start=start,
        end=end,
        all_day=bool(fields.get("isAllDay")),
        title=str(fields.get("subject") or ""),
        organizer=_organizer(_object(fields.get("organizer") or {}), lines),
        attendees=tuple(lines),
        series=str(fields.get("seriesMasterId") or fields["iCalUId"]) if recurs else None,
        original_start=(_parsed(str(original)) if original else start) if recurs else None,
        status=Status.CANCELLED if fields.get("isCancelled") else Status.CONFIRMED,
        show_as=_known(_SHOWN, fields.get("showAs") or "busy"),
        event_type=EventType.DEFAULT,
        location=str(_object(fields.get("location") or {}).get("displayName") or ""),
        conference=(str(link),) if link else ("online",) if fields.get("isOnlineMeeting") else (),
        private=_word(fields.get("sensitivity")) in ("private", "confidential"),
        participants_hidden=bool(fields.get("hideAttendees")) and not organizes,
        id=str(fields.get("id") or ""),
        calendar=calendar,
    )


def _organizer(found: Mapping[str, Any], lines: list[Attendee]) -> Organizer | None:
    address = _address(found)
    return Organizer(address) if address and lines else None


def _attendee(found: Mapping[str, Any]) -> Attendee:
    status = _object(found.get("status") or {})
    return Attendee(
        address=_address(found),
        name=str(_object(found.get("emailAddress") or {}).get("name") or ""),
        partstat=_known(_ANSWERS, status.get("response") or "none"),
        cutype=_known(_SORTS, found.get("type") or "required"),
    )


def _address(found: Mapping[str, Any]) -> str:
    return plain_address(_object(found.get("emailAddress") or {}).get("address") or "")


def plain_address(said: Any) -> str:
    """An address, of psoxy's pseudonymous ones (objects, or their JSON) the hash before the domain."""
    address = read_json(said) if isinstance(said, str) and said.startswith("{") else said
    if isinstance(address, dict):
        return f"{address.get('hash', '')}@{address.get('domain', '')}".casefold()
    return str(address)


def _object(value: Any) -> Mapping[str, Any]:
    """An object, or the text that holds one."""
    found = read_json(value) if isinstance(value, str) and value.strip().startswith("{") else value
    if not isinstance(found, dict):
        raise TypeError("not an object")
    return found


def _list(value: Any) -> list[Any]:
    found = read_json(value) if isinstance(value, str) and value.strip() else value or []
    if not isinstance(found, list):
        raise TypeError("not a list")
    return found


def _word(value: Any) -> str:
    """A word of one of Graph's lists, without the list."""
    text = str(value or "")
    spelt = _SPELT.fullmatch(text)
    return (spelt[1] if spelt else text).casefold()


def _known(words: Mapping[str, _T], value: Any) -> _T:
    word = _word(value)
    if word not in words:
        raise _UnknownWordError(f"it says {word!r}, which is on none of Graph's lists")
    return words[word]


def _moment(found: Mapping[str, Any]) -> datetime:
    """A time of Graph: where it has no offset, in the zone beside it."""
    from calsight.core.time.zones import zone_named

    moment = datetime.fromisoformat(str(found["dateTime"]))
    if moment.tzinfo is not None:
        return moment.astimezone(UTC)
    name = str(found.get("timeZone") or "UTC")
    zone = UTC if name in ("UTC", "Etc/UTC") else zone_named(name)
    if zone is None:
        raise _UnknownWordError(f"its zone is {name!r}; export times in UTC")
    return moment.replace(tzinfo=zone).astimezone(UTC)


def _parsed(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
