"""The world as Google Calendar exports it, or another program: one iCalendar file."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText
from icalendar.prop import vRecur

from world.story import ANA, CANCELLED, SEEN, ZONE, Change, Entry, Guest, entries

_ANSWER = {"accepted": "ACCEPTED", "declined": "DECLINED", "tentative": "TENTATIVE", "needs_action": "NEEDS-ACTION"}
_KIND = {"person": "INDIVIDUAL", "group": "GROUP", "room": "RESOURCE"}


GOOGLE = "-//Google Inc//Google Calendar 70.9054//EN"


def write(name: str = "ana@example.com", *, without: Collection[str] = (), producer: str = GOOGLE) -> bytes:
    """The file; `without` are ids of entries to leave out, `producer` is who wrote it."""
    calendar = Calendar()
    calendar.add("prodid", producer)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", ZONE)
    for entry in entries():
        if entry.id in without:
            continue
        calendar.add_component(_event(entry))
        for was, change in entry.changes.items():
            if change is not CANCELLED:
                calendar.add_component(_event(entry, was, change))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _event(entry: Entry, was: datetime | None = None, change: Change = Change()) -> Event:  # noqa: B008 - frozen
    event = Event()
    zone = ZoneInfo(entry.zone)
    start = change.start or was or entry.start
    event.add("uid", f"{entry.id}@google.com")
    event.add("dtstamp", SEEN.replace(tzinfo=UTC))
    event.add("created", entry.made.replace(tzinfo=UTC))
    event.add("last-modified", entry.made.replace(tzinfo=UTC))
    event.add("summary", entry.title if change.title is None else change.title)
    event.add("sequence", entry.sequence)
    if entry.days:
        event.add("dtstart", start.date())
        event.add("dtend", start.date() + timedelta(days=entry.days))
    else:
        minutes = entry.minutes if change.minutes is None else change.minutes
        local = start.replace(tzinfo=zone)
        event.add("dtstart", local)
        event.add("dtend", (local.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(zone))
    if was is not None:
        event.add("recurrence-id", was.replace(tzinfo=zone))
    elif entry.rule:
        event.add("rrule", vRecur.from_ical(entry.rule))
        for day, what in entry.changes.items():
            if what is CANCELLED:
                event.add("exdate", day.replace(tzinfo=zone))
    guests = entry.guests if change.guests is None else change.guests
    who = entry.organizer or ANA
    organizer = vCalAddress(f"mailto:{who.address}")
    organizer.params["CN"] = vText(who.name or who.address)
    event.add("organizer", organizer)
    for guest in guests:
        event.add("attendee", _attendee(guest))
    event.add("status", "TENTATIVE" if entry.tentative else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.free else "OPAQUE")
    for name, value in (("location", entry.location), ("description", entry.description)):
        if value:
            event.add(name, value)
    if entry.meet:
        event.add("x-google-conference", entry.meet)
    if entry.private:
        event.add("class", "PRIVATE")
    if entry.away:
        event.add("x-microsoft-cdo-busystatus", "OOF")
    return event


def _attendee(guest: Guest) -> vCalAddress:
    line = vCalAddress(f"mailto:{guest.who.address}")
    line.params["CUTYPE"] = vText(_KIND[guest.who.kind])
    line.params["ROLE"] = vText("OPT-PARTICIPANT" if guest.optional else "REQ-PARTICIPANT")
    line.params["PARTSTAT"] = vText(_ANSWER[guest.answer])
    line.params["CN"] = vText(guest.who.name or guest.who.address)
    line.params["X-NUM-GUESTS"] = vText(str(guest.brings))
    return line
