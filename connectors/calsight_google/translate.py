"""Google's event resources → `CalendarEvent`. Pure: the same page gives the same events.

The fields are those of https://developers.google.com/workspace/calendar/api/v3/reference/events; `FIELDS` names every one that
is used, and nothing else is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

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
    conference_links,
)

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
_MOST_REMEMBERED = 4096


class BadEntryError(ValueError):
    """An event resource that makes no sense. The message names the field and holds nothing of its content."""


@dataclass(frozen=True, slots=True)
class Translated:
    """What one page of events.list holds. `removed` are ids of occurrences, or of whole series, that are gone."""

    events: Sequence[CalendarEvent] = ()
    problems: Sequence[Problem] = ()
    removed: Sequence[str] = ()


@dataclass(slots=True)
class Translator:
    """Translates the pages of one calendar.

    People who are on many invitations are built once and shared; how many are remembered has a bound, so that memory does not
    grow with the number of pages. `role` is the reader's access role for the calendar.
    """

    calendar: Calendar
    role: str = "owner"
    _attendees: dict[Any, list[tuple[Mapping[str, Any], Attendee]]] = field(default_factory=dict)
    _remembered: int = 0
    _organizers: dict[Any, tuple[Mapping[str, Any], Organizer]] = field(default_factory=dict)

    def page(self, items: Sequence[Any], *, increment: bool) -> Translated:
        """One page. In an increment a cancelled entry says that something is gone.

        What cannot be read becomes a `Problem`; in an increment, what was known of it goes.
        """
        events: list[CalendarEvent] = []
        problems: list[Problem] = []
        removed: list[str] = []
        for item in items:
            try:
                if item.get("status") == "cancelled" and (increment or "start" not in item or "end" not in item):
                    if increment:
                        removed.append(_identity(item))
                else:
                    events.append(self.event(item))
            except (BadEntryError, AttributeError, TypeError, KeyError, ValueError, OverflowError) as error:
                problems.append(_problem(item, error, self.calendar.name))
                if increment and isinstance(item, dict) and isinstance(item.get("id"), str):
                    removed.append(item["id"])
        return Translated(events, problems, removed)

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
            # Where the occurrence was not moved, the two are the same.
            original_start=(start if originally in (begins, None) else self._moment(originally, "originalStartTime"))
            if series
            else None,
            status=_STATUS.get(get("status", ""), _CONFIRMED),
            show_as=_AWAY if event_type is _OUT_OF_OFFICE else _FREE if get("transparency") == "transparent" else _BUSY,
            event_type=event_type,
            location=location or "",
            conference=_conference(get("hangoutLink"), get("conferenceData"), get("description")),
            private=private,
            participants_hidden=self._hidden(get, private, guests, organizer),
            sequence=int(get("sequence") or 0),
            created=_stamp(get("created")),
            updated=_stamp(get("updated")),
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
            return _utc(text) or _local(text, value.get("timeZone") or self.calendar.zone)
        day = value.get("date")
        if day is None:
            raise BadEntryError(f"its {name} is neither a time nor a date")
        return _midnight(day, value.get("timeZone") or self.calendar.zone)

    def _guests(self, guests: Sequence[Mapping[str, Any]]) -> tuple[Attendee, ...]:
        known = self._attendees
        found = []
        for person in guests:
            email = person.get("email")
            for seen, attendee in known.get(email, ()):  # noqa: B007 - one for each way in which this person was listed
                if seen == person:
                    break
            else:
                attendee = self._new_attendee(email, person)
            found.append(attendee)
        return tuple(found)

    def _new_attendee(self, email: str | None, person: Mapping[str, Any]) -> Attendee:
        if self._remembered >= _MOST_REMEMBERED:
            self._attendees.clear()
            self._remembered = 0
        attendee = _attendee(person)
        self._attendees.setdefault(email, []).append((person, attendee))
        self._remembered += 1
        return attendee

    def _organizer(self, person: Mapping[str, Any]) -> Organizer:
        known = self._organizers
        key = person.get("email")
        held = known.get(key)
        if held is None or held[0] != person:
            if len(known) >= _MOST_REMEMBERED:
                known.clear()
            organizer = Organizer(
                _optional(person, "email"), _optional(person, "displayName"), bool(person.get("self"))
            )
            held = known[key] = (person, organizer)
        return held[1]


def _attendee(person: Mapping[str, Any]) -> Attendee:
    return Attendee(
        address=_optional(person, "email"),
        name=_optional(person, "displayName"),
        partstat=_PARTSTAT.get(person.get("responseStatus", "needsAction"), PartStat.NEEDS_ACTION),
        cutype=CuType.RESOURCE if person.get("resource") else CuType.INDIVIDUAL,
        optional=bool(person.get("optional")),
        is_me=bool(person.get("self")),
        is_organizer=bool(person.get("organizer")),
        guests=int(person.get("additionalGuests") or 0),
    )


def _conference(hangout: str | None, data: Mapping[str, Any] | None, description: str | None) -> tuple[str, ...]:
    described = _links(description) if description else ()
    if not data and not hangout:
        return described
    links: dict[str, None] = {}
    if data:
        for point in data.get("entryPoints") or ():
            if point.get("entryPointType") in _JOINED_BY and point.get("uri"):
                links[_optional(point, "uri")] = None
    if hangout:
        links[hangout] = None
    return tuple(links | dict.fromkeys(described))


@lru_cache(maxsize=2048)
def _links(description: str) -> tuple[str, ...]:
    """The links of a description; the occurrences of a series have one and the same."""
    return conference_links(description)


def _check_texts(item: Mapping[str, Any]) -> None:
    """Raise `BadEntryError` where a text is missing or is something else; null stands for none."""
    _identity(item)
    for name in ("iCalUID", "summary", "location"):
        _optional(item, name)


def _identity(item: Mapping[str, Any]) -> str:
    value = _optional(item, "id")
    if not value:
        raise BadEntryError("it has no id")
    return value


def _optional(item: Mapping[str, Any], name: str) -> str:
    value = item.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadEntryError(f"its {name} is not a text")
    return value


@lru_cache(maxsize=_MOST_REMEMBERED)
def _stamp(text: str | None) -> datetime | None:
    """A creation or modification time. Imported entries have years that do not exist (0000-12-30): unknown."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=_MOST_REMEMBERED)
def _utc(text: str) -> datetime | None:
    """A time with its offset in UTC; None where it has none. Most times of a calendar are those of several events."""
    moment = datetime.fromisoformat(text)
    return None if moment.tzinfo is None else moment.astimezone(UTC)


def _local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=_zone(zone) or UTC).astimezone(UTC)


@lru_cache(maxsize=1024)
def _known(zone: str) -> str:
    """The zone's name; "" for one that is unknown."""
    return zone if _zone(zone) else ""


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=_MOST_REMEMBERED)
def _midnight(day: str, zone: str) -> datetime:
    """The beginning of a day in a zone, UTC for an unknown one (its first moment, where a clock change skips midnight)."""
    return datetime.combine(date.fromisoformat(day), time.min, tzinfo=_zone(zone) or UTC).astimezone(UTC)


def _problem(item: Any, error: Exception, source: str) -> Problem:
    """What was set aside and why; nothing of its content, which may be anything."""
    cause = str(error) if isinstance(error, BadEntryError) else "a field has a value that Google does not document"
    uid = ""
    if isinstance(item, dict):
        uid = next((value for name in ("iCalUID", "id") if isinstance(value := item.get(name), str)), "")
    return Problem(
        code="bad_entry",
        text=f"An entry of this calendar could not be read ({cause}) and was set aside.",
        source=source,
        uid=uid,
    )
