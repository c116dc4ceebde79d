"""Graph's event resources → `CalendarEvent`. Pure: the same page gives the same events.

The properties are those of https://learn.microsoft.com/graph/api/resources/event; `SELECT` names every one that is used, and
nothing else is asked for (where Graph lets one choose).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
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
)
from calsight.kit.entries import (
    BadEntryError,
    Found,
    Remembered,
    bad_entry,
    links_in,
    optional_text,
    required_text,
    translated,
)
from calsight.kit.times import local, midnight, stamp, utc
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

# MS-OXOCAL 2.2.1.27: class id, four bytes for the day of the occurrence, and the rest. Graph's iCalUId of an occurrence has
# that day in it (microsoft-graph-docs#17479); with zeros in its place it is what the series, ICS files and others' copies have.
_GLOBAL_OBJECT_ID = re.compile(r"(040000008200E00074C5B7101A82E008)([0-9A-F]{8})([0-9A-F]{48,})", re.IGNORECASE)
_FOREIGN = b"vCal-Uid"


@dataclass(slots=True)
class Translator:
    """Translates the events of one calendar.

    `home` is the zone in which all-day events are (the mailbox's); the calendar carries its owner's addresses; `sees_private`
    says whether private events come with their details.
    """

    calendar: Calendar
    home: str = "UTC"
    sees_private: bool = True
    _attendees: Remembered[Attendee] = field(default_factory=Remembered)
    _organizers: Remembered[Organizer] = field(default_factory=Remembered)
    _mine: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._mine = frozenset(address.lower() for address in self.calendar.owner)

    def page(self, items: Iterable[Any], window: Window, *, increment: bool = False) -> Found:
        """The events of one page that touch `window`. What cannot be read becomes a `Problem`.

        In an increment what is outside the window, or cannot be read, is gone.
        """

        def event(item: Any) -> CalendarEvent | None:
            made = self.event(item)
            return made if window.overlaps(made.start, made.end) else None

        return translated(items, event, self._problem, increment=increment)

    def _problem(self, item: Any, error: Exception) -> Problem:
        undocumented = "a property has a value that Microsoft does not document"
        return bad_entry(item, error, source=self.calendar.name, undocumented=undocumented, uid_in=("iCalUId", "id"))

    def event(self, item: Mapping[str, Any]) -> CalendarEvent:
        """One event resource. Raises `BadEntryError`, or whatever a value of the wrong type provokes."""
        identity = required_text(item, "id")
        whole_days = bool(item.get("isAllDay"))
        start, end = self._moment(item, "start", whole_days), self._moment(item, "end", whole_days)
        series = optional_text(item, "seriesMasterId") or None
        organizer = item.get("organizer")
        listed = item.get("attendees") or ()
        mine = self._organises(item, organizer, listed)
        private = item.get("sensitivity") in _PRIVATE
        location = item.get("location") or {}
        home = iana(self.home)
        return CalendarEvent.of(
            uid=uid(optional_text(item, "iCalUId")) or series or identity,
            start=start,
            end=end,
            all_day=whole_days,
            zone=home if whole_days else iana(optional_text(item, "originalStartTimeZone")) or home,
            title=optional_text(item, "subject"),
            organizer=self._organizer(organizer, mine) if organizer else None,
            attendees=self._everybody(item, listed, mine),
            series=series,
            original_start=(self._original(item, whole_days) or start) if series else None,
            status=_CANCELLED if item.get("isCancelled") else _CONFIRMED,
            show_as=_SHOW_AS.get(item.get("showAs") or "busy", _BUSY),
            event_type=_DEFAULT,
            location=optional_text(location, "displayName"),
            conference=_conference(item),
            private=private,
            # An event always has an organizer, save where only busy times are shared.
            participants_hidden=bool(item.get("hideAttendees") and not mine)
            or not (organizer or listed)
            or (private and not listed and not self.sees_private),
            sequence=0,
            created=stamp(item.get("createdDateTime")),
            updated=stamp(item.get("lastModifiedDateTime")),
            id=identity,
            calendar=self.calendar,
        )

    # --- times ------------------------------------------------------------------------------------------------------------

    def _moment(self, item: Mapping[str, Any], name: str, whole_days: bool) -> datetime:
        value = item.get(name)
        if not value:
            raise BadEntryError(f"it has no {name}")
        text, where = required_text(value, "dateTime"), value.get("timeZone") or "UTC"
        if where == "UTC":
            moment = utc(text) or local(text, None)
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
        moment = utc(text) or local(text, None)
        return self._day(moment) if whole_days else moment

    def _day(self, moment: datetime) -> datetime:
        """The beginning of an all-day event, which Graph gives as midnight whatever zone it was asked for (#1802)."""
        if moment.time() == time.min:
            return self._midnight(moment.date())
        there = moment.astimezone(zone(self.home) or UTC)
        if there.time() == time.min:
            return moment
        raise BadEntryError("it lasts all day and does not begin or end at midnight")

    def _midnight(self, day: date) -> datetime:
        return midnight(day, zone(self.home))

    # --- people -----------------------------------------------------------------------------------------------------------

    def _everybody(
        self, item: Mapping[str, Any], listed: Iterable[Mapping[str, Any]], mine: bool
    ) -> tuple[Attendee, ...]:
        """The list, with the owner's own answer: in a guest's copy the list does not know it, the event does."""
        everybody = _once_each(tuple(map(self._attendee, listed)))
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
        people = [place for place, person in enumerate(everybody) if person.cutype is not CuType.RESOURCE]
        if len(people) == 1:  # that line is how the owner was invited: whatever it stands for, it is nobody else
            (place,) = people
            group = replace(everybody[place], cutype=CuType.GROUP)
            everybody = (*everybody[:place], group, *everybody[place + 1 :])
        return (*everybody, invited)

    def _organises(
        self, item: Mapping[str, Any], organizer: Mapping[str, Any] | None, listed: Iterable[Mapping[str, Any]]
    ) -> bool:
        """Whether the owner organises. `isOrganizer` says so, save where the addresses contradict it.

        It has been seen false on meetings of the owner's own (copies, migrated mailboxes), and true on others', to which the
        owner is invited by an address of theirs.
        """
        flag = bool(item.get("isOrganizer"))
        who = (organizer or {}).get("emailAddress") or {}
        address = _address(who).lower()
        if not address or not self._mine:
            return flag
        if address in self._mine:
            return True
        named = _name(who).casefold()
        if not flag or (named and named == self.calendar.owner_name.casefold()):
            return flag  # by another address of theirs, as the name says
        return not any(_address(one.get("emailAddress") or {}).lower() in self._mine for one in listed)

    def _attendee(self, person: Mapping[str, Any]) -> Attendee:
        who, status = person.get("emailAddress") or {}, person.get("status") or {}
        kind, answer = person.get("type"), status.get("response")
        address = who.get("address")
        told = (address, who.get("name"), kind, answer)
        known = self._attendees.find(address, told)
        if known is not None:
            return known
        written = _address(who)
        made = Attendee(
            address=written,
            name=_name(who),
            partstat=_PARTSTAT.get(answer or "none", PartStat.NEEDS_ACTION),
            cutype=CuType.RESOURCE if kind == "resource" else CuType.INDIVIDUAL,
            optional=kind == "optional",
            is_me=written.lower() in self._mine,
            is_organizer=answer == "organizer",
        )
        return self._attendees.keep(address, told, made)

    def _organizer(self, person: Mapping[str, Any], mine: bool) -> Organizer:
        who = person.get("emailAddress") or {}
        told = (who.get("address"), who.get("name"), mine)
        return self._organizers.of(told[0], told, lambda: Organizer(_address(who), _name(who), mine))


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


def _conference(item: Mapping[str, Any]) -> tuple[str, ...]:
    meeting = item.get("onlineMeeting") or {}
    links = [link for link in (optional_text(meeting, "joinUrl"), optional_text(item, "onlineMeetingUrl")) if link]
    written = (item.get("body") or {}).get("content")
    if written:
        links += links_in(written)
    return tuple(dict.fromkeys(links))


def _once_each(everybody: tuple[Attendee, ...]) -> tuple[Attendee, ...]:
    """The same without those who have no address (see `_address`) and the name of somebody who has one."""
    if all(person.address for person in everybody):
        return everybody
    names = {person.name.casefold() for person in everybody if person.address}
    return tuple(person for person in everybody if person.address or person.name.casefold() not in names)


def _address(who: Mapping[str, Any]) -> str:
    """The e-mail address; "" for Exchange's own kind (X.500: /o=ExchangeLabs/ou=…/cn=…), by which nobody is known outside."""
    address = optional_text(who, "address")
    if address[:3].lower() == "/o=":
        return ""
    return address[7:] if address[:7].lower() == "mailto:" else address


def _name(who: Mapping[str, Any]) -> str:
    name = optional_text(who, "name")
    return "" if name == who.get("address") else name
