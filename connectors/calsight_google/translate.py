"""Google's event resources → `CalendarEvent`. Pure: the same page gives the same events.

The fields are those of https://developers.google.com/workspace/calendar/api/v3/reference/events; `FIELDS` names every one that
is used, and nothing else is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
_STATUS = {"confirmed": Status.CONFIRMED, "tentative": Status.TENTATIVE, "cancelled": Status.CANCELLED}
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
    _attendees: dict[tuple[Any, ...], Attendee] = field(default_factory=dict)
    _organizers: dict[tuple[Any, ...], Organizer] = field(default_factory=dict)

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
                        removed.append(_text(item, "id"))
                else:
                    events.append(self.event(item))
            except (BadEntryError, AttributeError, TypeError, KeyError, ValueError, OverflowError) as error:
                problems.append(_problem(item, error, self.calendar.name))
                if increment and isinstance(item, dict) and isinstance(item.get("id"), str):
                    removed.append(item["id"])
        return Translated(events, problems, removed)

    def event(self, item: Mapping[str, Any]) -> CalendarEvent:
        """One event resource. Raises `BadEntryError`, or whatever a value of the wrong type provokes."""
        identity = _text(item, "id")
        start, zone, all_day = self._moment(item, "start")
        end, _, _ = self._moment(item, "end")
        series = _optional(item, "recurringEventId") or None
        listed = item.get("attendees") or ()
        visibility = item.get("visibility", "default")
        organizer = item.get("organizer")
        event_type = _EVENT_TYPE.get(item.get("eventType", "default"), EventType.DEFAULT)
        return CalendarEvent(
            uid=_optional(item, "iCalUID") or identity,
            start=start,
            end=end,
            all_day=all_day,
            zone=zone,
            title=_optional(item, "summary"),
            organizer=self._organizer(organizer) if organizer else None,
            attendees=tuple(map(self._attendee, listed)),
            series=series,
            original_start=self._moment(item, "originalStartTime", start)[0] if series else None,
            status=_STATUS.get(item.get("status", "confirmed"), Status.CONFIRMED),
            show_as=_show_as(item, event_type),
            event_type=event_type,
            location=_optional(item, "location"),
            conference=_conference(item),
            private=visibility in _PRIVATE,
            participants_hidden=self._hidden(item, visibility, listed, organizer),
            sequence=int(item.get("sequence") or 0),
            created=_stamp(item.get("created")),
            updated=_stamp(item.get("updated")),
            id=identity,
            calendar=self.calendar,
        )

    def _hidden(self, item: Mapping[str, Any], visibility: str, listed: Any, organizer: Any) -> bool:
        """Whether who takes part is hidden or dropped. An empty list of one's own event is nobody; this is not."""
        if item.get("attendeesOmitted") or self.role == "freeBusyReader":
            return True
        mine = bool(organizer and organizer.get("self"))
        if item.get("guestsCanSeeOtherGuests") is False and not mine:
            return True
        return visibility in _PRIVATE and not listed and self.role not in _SEES_PRIVATE

    def _moment(
        self, item: Mapping[str, Any], name: str, default: datetime | None = None
    ) -> tuple[datetime, str, bool]:
        """A start or end in UTC, the zone that people see it in, and whether it is a date."""
        value = item.get(name)
        if value is None:
            if default is not None:
                return default, "", False
            raise BadEntryError(f"it has no {name}")
        zone = value.get("timeZone") or self.calendar.zone
        text = value.get("dateTime")
        if text is not None:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                moment = moment.replace(tzinfo=_zone(zone) or UTC)
            return moment.astimezone(UTC), zone if _zone(zone) else "", False
        day = value.get("date")
        if day is None:
            raise BadEntryError(f"its {name} is neither a time nor a date")
        known = _zone(zone)
        return _midnight(day, zone if known else ""), zone if known else "", True

    def _attendee(self, person: Mapping[str, Any]) -> Attendee:
        key = tuple(person.items())
        known = self._attendees.get(key)
        if known is None:
            known = Attendee(
                address=_optional(person, "email"),
                name=_optional(person, "displayName"),
                partstat=_PARTSTAT.get(person.get("responseStatus", "needsAction"), PartStat.NEEDS_ACTION),
                cutype=CuType.RESOURCE if person.get("resource") else CuType.INDIVIDUAL,
                optional=bool(person.get("optional")),
                is_me=bool(person.get("self")),
                is_organizer=bool(person.get("organizer")),
                guests=int(person.get("additionalGuests") or 0),
            )
            if len(self._attendees) >= _MOST_REMEMBERED:
                self._attendees.clear()
            self._attendees[key] = known
        return known

    def _organizer(self, person: Mapping[str, Any]) -> Organizer:
        key = tuple(person.items())
        known = self._organizers.get(key)
        if known is None:
            known = Organizer(_optional(person, "email"), _optional(person, "displayName"), bool(person.get("self")))
            if len(self._organizers) >= _MOST_REMEMBERED:
                self._organizers.clear()
            self._organizers[key] = known
        return known


def _show_as(item: Mapping[str, Any], event_type: EventType) -> ShowAs:
    if event_type is EventType.OUT_OF_OFFICE:
        return ShowAs.OUT_OF_OFFICE
    return ShowAs.FREE if item.get("transparency") == "transparent" else ShowAs.BUSY


def _conference(item: Mapping[str, Any]) -> tuple[str, ...]:
    links: list[str] = []
    data = item.get("conferenceData")
    if data:
        links = [
            point["uri"]
            for point in data.get("entryPoints") or ()
            if point.get("entryPointType") in _JOINED_BY and point.get("uri")
        ]
    if item.get("hangoutLink"):
        links.append(item["hangoutLink"])
    description = _optional(item, "description")
    if description:
        links += conference_links(description)
    return tuple(dict.fromkeys(links))


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
    """A creation or modification time. Imported entries have years that do not exist (0000-12-30): unknown."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=_MOST_REMEMBERED)
def _midnight(day: str, zone: str) -> datetime:
    """The beginning of a day in a zone (its first moment, where a clock change skips midnight)."""
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
