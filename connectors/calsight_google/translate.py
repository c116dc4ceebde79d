"""Google's event resources → `CalendarEvent`. Pure: the same page gives the same events.

The fields are those of https://developers.google.com/workspace/calendar/api/v3/reference/events; `FIELDS` names every one that
is used, and nothing else is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from calsight import Attendee, Calendar, CalendarEvent, CuType, EventType, Organizer, PartStat, Problem, ShowAs, Status
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
from calsight.kit.times import local, midnight, stamp, utc, zone_named

#: What is asked for of an answer to events.list (a partial response: less to carry, and less known of people).
FIELDS = (
    "nextPageToken,nextSyncToken,timeZone,accessRole,items("
    "id,iCalUID,status,summary,description,location,start,end,originalStartTime,recurringEventId,sequence,created,updated,"
    "organizer(email,displayName,self),attendeesOmitted,guestsCanSeeOtherGuests,visibility,transparency,eventType,hangoutLink,"
    "attendees(email,displayName,responseStatus,self,organizer,resource,optional,additionalGuests),"
    "conferenceData(entryPoints(entryPointType,uri)))"
)

#: Roles that see what is inside private events.
_SEES_PRIVATE = frozenset({"owner", "writer"})
_PRIVATE = frozenset({"private", "confidential"})
#: Entry points that one joins by; "more" leads to a page of further phone numbers.
_JOINED_BY = frozenset({"video", "phone", "sip"})

_PARTSTAT = {
    "accepted": PartStat.ACCEPTED,
    "declined": PartStat.DECLINED,
    "tentative": PartStat.TENTATIVE,
    "needsAction": PartStat.NEEDS_ACTION,
}
_CONFIRMED = Status.CONFIRMED
_STATUS = {"tentative": Status.TENTATIVE, "cancelled": Status.CANCELLED}
_BUSY, _FREE, _AWAY = ShowAs.BUSY, ShowAs.FREE, ShowAs.OUT_OF_OFFICE
_DEFAULT, _OUT_OF_OFFICE = EventType.DEFAULT, EventType.OUT_OF_OFFICE
_EVENT_TYPE = {
    "outOfOffice": EventType.OUT_OF_OFFICE,
    "focusTime": EventType.FOCUS_TIME,
    "workingLocation": EventType.WORKING_LOCATION,
    "birthday": EventType.BIRTHDAY,
}


@dataclass(slots=True)
class Translator:
    """Translates the pages of one calendar.

    `role` is the reader's access role for the calendar.
    """

    calendar: Calendar
    role: str = "owner"
    _attendees: Remembered[Attendee] = field(default_factory=Remembered)
    _organizers: Remembered[Organizer] = field(default_factory=Remembered)

    def page(self, items: Sequence[Any], *, increment: bool) -> Found:
        """One page. In an increment a cancelled entry says that something is gone.

        What cannot be read becomes a `Problem`; in an increment, what was known of it goes.
        """

        def event(item: Mapping[str, Any]) -> CalendarEvent | None:
            cancelled = item.get("status") == "cancelled"
            gone = cancelled and (increment or "start" not in item or "end" not in item)
            return None if gone else self.event(item)

        return translated(items, event, self._problem, increment=increment)

    def _problem(self, item: Any, error: Exception) -> Problem:
        undocumented = "a field has a value that Google does not document"
        return bad_entry(item, error, source=self.calendar.name, undocumented=undocumented, uid_in=("iCalUID", "id"))

    def event(self, item: Mapping[str, Any]) -> CalendarEvent:
        """One event resource. Raises `BadEntryError`, or whatever a value of the wrong type provokes."""
        get = item.get
        identity, uid, series = get("id"), get("iCalUID"), get("recurringEventId")
        title, location = get("summary", ""), get("location", "")
        if not (
            isinstance(identity, str) and isinstance(uid, str) and isinstance(title, str) and isinstance(location, str)
        ):
            _check_texts(item)
        begins: Any = get("start")
        start = self._moment(begins, "start")
        originally = get("originalStartTime")
        original_start = None
        if series:  # where the occurrence was not moved, the two are the same
            original_start = start if originally in (begins, None) else self._moment(originally, "originalStartTime")
        organizer = get("organizer")
        guests = get("attendees")
        event_type = _EVENT_TYPE.get(get("eventType", ""), _DEFAULT)
        private = get("visibility") in _PRIVATE
        return CalendarEvent.of(
            uid=uid or identity,
            start=start,
            end=self._moment(get("end"), "end"),
            all_day="dateTime" not in begins,
            zone=_known(begins.get("timeZone") or self.calendar.zone),
            title=title or "",
            organizer=self._organizer(organizer) if organizer else None,
            attendees=self._guests(guests) if guests else (),
            series=series,
            original_start=original_start,
            status=_STATUS.get(get("status", ""), _CONFIRMED),
            show_as=_AWAY if event_type is _OUT_OF_OFFICE else _FREE if get("transparency") == "transparent" else _BUSY,
            event_type=event_type,
            location=location or "",
            conference=_conference(get("hangoutLink"), get("conferenceData"), get("description")),
            private=private,
            participants_hidden=self._hidden(get, private, guests, organizer),
            sequence=int(get("sequence") or 0),
            created=stamp(get("created")),
            updated=stamp(get("updated")),
            id=identity,
            calendar=self.calendar,
        )

    def _hidden(self, get: Callable[[str], Any], private: bool, guests: Any, organizer: Any) -> bool:
        """Whether who takes part is hidden or dropped. An empty list of one's own event is nobody; this is not."""
        if get("attendeesOmitted") or self.role == "freeBusyReader":
            return True
        if get("guestsCanSeeOtherGuests") is False and not (organizer and organizer.get("self")):
            return True
        return private and not guests and self.role not in _SEES_PRIVATE

    def _moment(self, value: Mapping[str, Any] | None, name: str) -> datetime:
        """A time in UTC; of a date the midnight at which it begins."""
        if value is None:
            raise BadEntryError(f"it has no {name}")
        text = value.get("dateTime")
        if text is not None:
            return utc(text) or local(text, zone_named(value.get("timeZone") or self.calendar.zone))
        day = value.get("date")
        if day is None:
            raise BadEntryError(f"its {name} is neither a time nor a date")
        return midnight(date.fromisoformat(day), zone_named(value.get("timeZone") or self.calendar.zone))

    def _guests(self, guests: Sequence[Mapping[str, Any]]) -> tuple[Attendee, ...]:
        known = self._attendees
        return tuple([known.find(person.get("email"), person) or self._new(person) for person in guests])

    def _new(self, person: Mapping[str, Any]) -> Attendee:
        return self._attendees.keep(person.get("email"), person, _attendee(person))

    def _organizer(self, person: Mapping[str, Any]) -> Organizer:
        return self._organizers.of(person.get("email"), person, partial(_organizer, person))


def _organizer(person: Mapping[str, Any]) -> Organizer:
    return Organizer(optional_text(person, "email"), optional_text(person, "displayName"), bool(person.get("self")))


def _attendee(person: Mapping[str, Any]) -> Attendee:
    return Attendee(
        address=optional_text(person, "email"),
        name=optional_text(person, "displayName"),
        partstat=_PARTSTAT.get(person.get("responseStatus", "needsAction"), PartStat.NEEDS_ACTION),
        cutype=CuType.RESOURCE if person.get("resource") else CuType.INDIVIDUAL,
        optional=bool(person.get("optional")),
        is_me=bool(person.get("self")),
        is_organizer=bool(person.get("organizer")),
        guests=int(person.get("additionalGuests") or 0),
    )


def _conference(hangout: str | None, data: Mapping[str, Any] | None, description: str | None) -> tuple[str, ...]:
    described = links_in(description) if description else ()
    if not data and not hangout:
        return described
    links: dict[str, None] = {}
    if data:
        for point in data.get("entryPoints") or ():
            if point.get("entryPointType") in _JOINED_BY and point.get("uri"):
                links[optional_text(point, "uri")] = None
    if hangout:
        links[hangout] = None
    return tuple(links | dict.fromkeys(described))


def _check_texts(item: Mapping[str, Any]) -> None:
    """Raise `BadEntryError` where a text is missing or is something else; null stands for none."""
    required_text(item, "id")
    for name in ("iCalUID", "summary", "location"):
        optional_text(item, name)


def _known(zone: str) -> str:
    """The zone's name; "" for one that is unknown."""
    return zone if zone_named(zone) else ""
