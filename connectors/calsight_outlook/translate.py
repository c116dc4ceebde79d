"""Graph's event resources → `CalendarEvent`. Pure: the same page gives the same events.

The properties are those of https://learn.microsoft.com/graph/api/resources/event; `SELECT` names every one that is used, and
nothing else is asked for (where Graph lets one choose).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from calsight import (
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
    Window,
    conference_links,
)
from calsight_outlook.zones import iana, zone

#: What is asked for of an event.
SELECT = (
    "id,iCalUId,type,seriesMasterId,subject,body,start,end,isAllDay,originalStart,originalStartTimeZone,isCancelled,isOrganizer,"
    "organizer,attendees,hideAttendees,responseStatus,showAs,sensitivity,location,onlineMeeting,onlineMeetingUrl,"
    "createdDateTime,lastModifiedDateTime"
)

#: What an occurrence has of its own where Graph leaves the rest to its master (microsoft-graph-docs#7632).
_OWN = ("id", "type", "seriesMasterId", "start", "end", "originalStart")

_PARTSTAT = {
    "accepted": PartStat.ACCEPTED,
    "organizer": PartStat.ACCEPTED,
    "tentativelyAccepted": PartStat.TENTATIVE,
    "declined": PartStat.DECLINED,
    "notResponded": PartStat.NEEDS_ACTION,
    "none": PartStat.NEEDS_ACTION,
}
_SHOW_AS = {
    "free": ShowAs.FREE,
    "tentative": ShowAs.TENTATIVE,
    "busy": ShowAs.BUSY,
    "oof": ShowAs.OUT_OF_OFFICE,
    "workingElsewhere": ShowAs.WORKING_ELSEWHERE,
}
_CANCELLED, _CONFIRMED, _BUSY, _DEFAULT = Status.CANCELLED, Status.CONFIRMED, ShowAs.BUSY, EventType.DEFAULT
_PRIVATE = frozenset({"private", "confidential"})
_MOST_REMEMBERED = 4096

# MS-OXOCAL 2.2.1.27: class id, four bytes for the day of the occurrence, and the rest. Graph's iCalUId of an occurrence has
# that day in it (microsoft-graph-docs#17479); with zeros in its place it is what the series, ICS files and others' copies have.
_GLOBAL_OBJECT_ID = re.compile(r"(040000008200E00074C5B7101A82E008)([0-9A-F]{8})([0-9A-F]{48,})", re.IGNORECASE)
_FOREIGN = b"vCal-Uid"


class BadEntryError(ValueError):
    """An event resource that makes no sense. The message names the property and holds nothing of its content."""


@dataclass(slots=True)
class Found:
    """What a page held. `removed` are ids of occurrences, or of whole series."""

    events: list[CalendarEvent] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Translator:
    """Translates the events of one calendar.

    `home` is the zone in which all-day events are (the mailbox's); the calendar carries its owner's addresses; `sees_private`
    says whether private events come with their details. People who are on many invitations are built once and shared; how many
    are remembered has a bound.
    """

    calendar: Calendar
    home: str = "UTC"
    sees_private: bool = True
    _attendees: dict[tuple[Any, ...], Attendee] = field(default_factory=dict)
    _organizers: dict[tuple[Any, ...], Organizer] = field(default_factory=dict)
    _mine: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._mine = frozenset(address.lower() for address in self.calendar.owner)

    def page(self, items: Iterable[Any], window: Window, *, increment: bool = False) -> Found:
        """The events of one page that touch `window`. What cannot be read becomes a `Problem`.

        In an increment what is outside the window, or cannot be read, is gone.
        """
        found = Found()
        for item in items:
            try:
                event = self.event(item)
            except (BadEntryError, AttributeError, TypeError, KeyError, ValueError, OverflowError) as error:
                found.problems.append(problem(item, error, self.calendar.name))
                if increment and isinstance(item, dict) and isinstance(item.get("id"), str):
                    found.removed.append(item["id"])
                continue
            if event.start in window or event.start < window.start < event.end:
                found.events.append(event)
            elif increment:
                found.removed.append(event.id)
        return found

    def event(self, item: Mapping[str, Any]) -> CalendarEvent:
        """One event resource. Raises `BadEntryError`, or whatever a value of the wrong type provokes."""
        identity = _text(item, "id")
        whole_days = bool(item.get("isAllDay"))
        start, end = self._moment(item, "start", whole_days), self._moment(item, "end", whole_days)
        series = _optional(item, "seriesMasterId") or None
        organizer = item.get("organizer")
        mine = bool(item.get("isOrganizer"))
        listed = item.get("attendees") or ()
        private = item.get("sensitivity") in _PRIVATE
        location = item.get("location") or {}
        home = iana(self.home)
        return CalendarEvent.of(
            uid=uid(_optional(item, "iCalUId")) or series or identity,
            start=start,
            end=end,
            all_day=whole_days,
            zone=home if whole_days else iana(_optional(item, "originalStartTimeZone")) or home,
            title=_optional(item, "subject"),
            organizer=self._organizer(organizer, mine) if organizer else None,
            attendees=self._everybody(item, listed, mine),
            series=series,
            original_start=(self._original(item, whole_days) or start) if series else None,
            status=_CANCELLED if item.get("isCancelled") else _CONFIRMED,
            show_as=_SHOW_AS.get(item.get("showAs") or "busy", _BUSY),
            event_type=_DEFAULT,
            location=_optional(location, "displayName"),
            conference=_conference(item),
            private=private,
            # An event always has an organizer, save where only busy times are shared.
            participants_hidden=bool(item.get("hideAttendees") and not mine)
            or not (organizer or listed)
            or (private and not listed and not self.sees_private),
            sequence=0,
            created=_stamp(item.get("createdDateTime")),
            updated=_stamp(item.get("lastModifiedDateTime")),
            id=identity,
            calendar=self.calendar,
        )

    # --- times ------------------------------------------------------------------------------------------------------------

    def _moment(self, item: Mapping[str, Any], name: str, whole_days: bool) -> datetime:
        value = item.get(name)
        if not value:
            raise BadEntryError(f"it has no {name}")
        text, where = _text(value, "dateTime"), value.get("timeZone") or "UTC"
        if where == "UTC":
            moment = datetime.fromisoformat(text)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        else:
            known = zone(where)
            if known is None:
                raise BadEntryError(f"its {name} is in a time zone that nobody knows")
            moment = datetime.fromisoformat(text).replace(tzinfo=known)
            if whole_days and moment.time() == time.min:
                return self._midnight(moment.date())
            moment = moment.astimezone(UTC)
        return self._day(moment) if whole_days else moment

    def _original(self, item: Mapping[str, Any], whole_days: bool) -> datetime | None:
        text = item.get("originalStart")
        if not text:
            return None
        moment = datetime.fromisoformat(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return self._day(moment) if whole_days else moment

    def _day(self, moment: datetime) -> datetime:
        """The beginning of an all-day event, which Graph gives as midnight whatever zone it was asked for (#1802)."""
        if moment.time() == time.min:
            return self._midnight(moment.date())
        local = moment.astimezone(zone(self.home) or UTC)
        if local.time() == time.min:
            return moment
        raise BadEntryError("it lasts all day and does not begin or end at midnight")

    def _midnight(self, day: date) -> datetime:
        return _midnight(day, self.home)

    # --- people -----------------------------------------------------------------------------------------------------------

    def _everybody(
        self, item: Mapping[str, Any], listed: Iterable[Mapping[str, Any]], mine: bool
    ) -> tuple[Attendee, ...]:
        """The list, with the owner's own answer: in a guest's copy the list does not know it, the event does."""
        everybody = tuple(map(self._attendee, listed))
        answer = (item.get("responseStatus") or {}).get("response")
        if mine or not self._mine or answer in (None, "organizer"):
            return everybody
        for place, person in enumerate(everybody):
            if person.is_me:
                if answer == "none":
                    return everybody
                known = replace(person, partstat=_PARTSTAT.get(answer, PartStat.NEEDS_ACTION))
                return (*everybody[:place], known, *everybody[place + 1 :])
        if answer == "none" or not (everybody or item.get("organizer")):
            return everybody
        invited = Attendee(  # through a group, or by an address that nobody told us
            address=self.calendar.owner[0], partstat=_PARTSTAT.get(answer, PartStat.NEEDS_ACTION), is_me=True
        )
        return (*everybody, invited)

    def _attendee(self, person: Mapping[str, Any]) -> Attendee:
        who, status = person.get("emailAddress") or {}, person.get("status") or {}
        kind, answer = person.get("type"), status.get("response")
        key = (who.get("address"), who.get("name"), kind, answer)
        known = self._attendees.get(key)
        if known is None:
            address = _address(who)
            known = Attendee(
                address=address,
                name=_name(who),
                partstat=_PARTSTAT.get(answer or "none", PartStat.NEEDS_ACTION),
                cutype=CuType.RESOURCE if kind == "resource" else CuType.INDIVIDUAL,
                optional=kind == "optional",
                is_me=address.lower() in self._mine,
                is_organizer=answer == "organizer",
            )
            if len(self._attendees) >= _MOST_REMEMBERED:
                self._attendees.clear()
            self._attendees[key] = known
        return known

    def _organizer(self, person: Mapping[str, Any], mine: bool) -> Organizer:
        who = person.get("emailAddress") or {}
        key = (who.get("address"), who.get("name"), mine)
        known = self._organizers.get(key)
        if known is None:
            known = Organizer(_address(who), _name(who), mine)
            if len(self._organizers) >= _MOST_REMEMBERED:
                self._organizers.clear()
            self._organizers[key] = known
        return known


def joined(occurrence: Mapping[str, Any], master: Mapping[str, Any]) -> dict[str, Any]:
    """An occurrence of which Graph tells when it is and no more, with all that its master says of the series."""
    own = {name: occurrence.get(name) for name in _OWN}
    return {**master, **own, "seriesMasterId": own["seriesMasterId"] or master.get("id")}


def uid(text: str) -> str:
    """An iCalUId as the whole series, ICS files and other people's calendars have it."""
    parts = _GLOBAL_OBJECT_ID.fullmatch(text)
    if parts is None:
        return text
    head, _, tail = parts.groups()
    data = bytes.fromhex(tail) if len(tail) % 2 == 0 else b""
    if data[20:28] == _FOREIGN:  # MS-OXCICAL 2.1.3.1.1.20.26: another system's UID, wrapped
        return data[32:].rstrip(b"\0").decode("utf-8", "replace") or text
    return f"{head}00000000{tail}".upper()


def problem(item: Any, error: Exception, source: str) -> Problem:
    """What was set aside and why; nothing of its content, which may be anything."""
    cause = (
        str(error) if isinstance(error, BadEntryError) else "a property has a value that Microsoft does not document"
    )
    known = ""
    if isinstance(item, dict):
        known = next((value for name in ("iCalUId", "id") if isinstance(value := item.get(name), str)), "")
    return Problem(
        code="bad_entry",
        text=f"An entry of this calendar could not be read ({cause}) and was set aside.",
        source=source,
        uid=known,
    )


def _conference(item: Mapping[str, Any]) -> tuple[str, ...]:
    meeting = item.get("onlineMeeting") or {}
    links = [link for link in (_optional(meeting, "joinUrl"), _optional(item, "onlineMeetingUrl")) if link]
    written = (item.get("body") or {}).get("content")
    if written:
        links += _links(written)
    return tuple(dict.fromkeys(links))


@lru_cache(maxsize=2048)
def _links(written: str) -> tuple[str, ...]:
    """The links of a text; the occurrences of a series have one and the same."""
    return conference_links(written)


def _address(who: Mapping[str, Any]) -> str:
    address = _optional(who, "address")
    return address[7:] if address[:7].lower() == "mailto:" else address


def _name(who: Mapping[str, Any]) -> str:
    name = _optional(who, "name")
    return "" if name == who.get("address") else name


def _text(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if not isinstance(value, str) or not value:
        raise BadEntryError(f"it has no {name}")
    return value


def _optional(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadEntryError(f"its {name} is not a text")
    return value


def _stamp(text: str | None) -> datetime | None:
    """A creation or modification time; what is none (or the year 1, Microsoft's "never") is unknown."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo and moment.year > 1 else None
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=_MOST_REMEMBERED)
def _midnight(day: date, name: str) -> datetime:
    """The beginning of a day in a zone (its first moment, where a clock change skips midnight)."""
    return datetime.combine(day, time.min, tzinfo=zone(name) or UTC).astimezone(UTC)
