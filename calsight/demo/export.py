"""A diary as ICS text, in the shape in which Google Calendar and Outlook export theirs.

The differences matter to whoever reads calendars: Google lists the organizer among the attendees, names zones as IANA does and
writes single entries in UTC; Outlook leaves the organizer out, names zones as Windows does, and marks leave as out of office.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, vCalAddress, vText

from calsight.demo.diary import Entry, Guest, Person
from calsight.demo.lives import Life

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_WINDOWS_ZONES = {"Europe/London": "GMT Standard Time", "Europe/Paris": "Romance Standard Time"}
_STANDARD_OFFSETS = {"Europe/London": 0, "Europe/Paris": 1, "Europe/Berlin": 1, "Europe/Stockholm": 1}
_GOOGLE_RULE = "-::~:~::~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~:~::~:~::-"


def to_ics(life: Life, entries: Sequence[Entry], exported: datetime) -> bytes:
    """The whole calendar, exported at that aware moment."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    if life.producer == "google":
        calendar.add("prodid", "-//Google Inc//Google Calendar 70.9054//EN")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", life.owner.address)
        calendar.add("x-wr-timezone", life.zone)
    else:
        calendar.add("prodid", "-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN")
        calendar.add("x-wr-calname", f"Calendar {life.owner.name}")
        calendar.add("x-primary-calendar", "TRUE")
    calendar.add_component(_timezone(life))
    for entry in entries:
        calendar.add_component(_event(life, entry, exported))
        for changed in entry.changed:
            calendar.add_component(_event(life, changed, exported))
    text: bytes = calendar.to_ical()
    return text


def _tzid(life: Life) -> str:
    return life.zone if life.producer == "google" else _WINDOWS_ZONES[life.zone]


def _timezone(life: Life) -> Timezone:
    """The zone's definition; all the owners live where the clocks change on the last Sundays of March and October."""
    standard = _STANDARD_OFFSETS[life.zone]
    begins = "19700101" if life.producer == "google" else "16010101"
    halves = (("DAYLIGHT", standard, standard + 1, 3), ("STANDARD", standard + 1, standard, 10))
    lines = ["BEGIN:VTIMEZONE", f"TZID:{_tzid(life)}"]
    for name, before, after, month in halves:
        # Both changes happen at 01:00 UTC.
        first = f"{begins[:4]}{month:02d}01" if life.producer == "google" else begins
        lines += [
            f"BEGIN:{name}",
            f"DTSTART:{_last_sunday(int(first[:4]), month):%Y%m%d}T{1 + before:02d}0000",
            f"TZOFFSETFROM:+{before:02d}00",
            f"TZOFFSETTO:+{after:02d}00",
            f"RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY=-1SU",
            f"END:{name}",
        ]
    zone = Timezone.from_ical("\r\n".join([*lines, "END:VTIMEZONE", ""]))
    if not isinstance(zone, Timezone):
        raise TypeError("a single zone was written")
    return zone


def _last_sunday(year: int, month: int) -> datetime:
    """The last Sunday of a month of 31 days."""
    end = datetime(year, month, 31)  # noqa: DTZ001 - a date for a rule
    return end - timedelta(days=(end.weekday() + 1) % 7)


def _event(life: Life, entry: Entry, exported: datetime) -> Event:
    event = Event()
    _add_times(event, life, entry, exported)
    event.add("uid", entry.uid)
    event.add("summary", entry.title)
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if entry.free else "OPAQUE")
    event.add("class", "PRIVATE" if entry.private else "PUBLIC" if life.producer == "outlook" else "DEFAULT")
    if entry.organizer is not None:
        event.add("organizer", _address(entry.organizer), encode=False)
    for guest in entry.guests:
        event.add("attendee", _attendee(life, guest), encode=False)
    if entry.room:
        event.add("attendee", _room(life, entry.room), encode=False)
    _add_place(event, life, entry)
    if life.producer == "outlook":
        status = "OOF" if entry.out_of_office else "FREE" if entry.free else "BUSY"
        event.add("x-microsoft-cdo-busystatus", status)
        event.add("x-microsoft-cdo-alldayevent", str(entry.all_day).upper())
        event.add("x-microsoft-cdo-importance", "1")
    return event


def _add_times(event: Event, life: Life, entry: Entry, exported: datetime) -> None:
    end = entry.start + timedelta(minutes=entry.minutes)
    if entry.all_day:
        event.add("dtstart", entry.start.date())
        event.add("dtend", end.date())
    elif life.producer == "google" and entry.rule is None and entry.original_start is None:
        event.add("dtstart", _utc(life, entry.start))
        event.add("dtend", _utc(life, end))
    else:
        _add_local(event, life, "dtstart", entry.start)
        _add_local(event, life, "dtend", end)
    if entry.rule is not None:
        rule: dict[str, object] = {"freq": "weekly", "byday": [_WEEKDAYS[day] for day in entry.rule.weekdays]}
        if entry.rule.every > 1:
            rule["interval"] = entry.rule.every
        event.add("rrule", rule)
    for skipped in entry.skipped:
        _add_local(event, life, "exdate", skipped)
    if entry.original_start is not None:
        _add_local(event, life, "recurrence-id", entry.original_start)
    made = min(_utc(life, entry.start) - timedelta(days=entry.made_days_before, hours=3), exported - timedelta(hours=1))
    event.add("dtstamp", exported)
    event.add("created", made)
    event.add("last-modified", min(made + timedelta(hours=2), exported))


def _utc(life: Life, local: datetime) -> datetime:
    return local.replace(tzinfo=ZoneInfo(life.zone)).astimezone(UTC)


def _add_local(event: Event, life: Life, name: str, local: datetime) -> None:
    event.add(name, local, parameters={"TZID": _tzid(life)})


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.address}")
    address.params["CN"] = vText(person.name)
    return address


def _attendee(life: Life, guest: Guest) -> vCalAddress:
    attendee = _address(guest.person)
    attendee.params["ROLE"] = vText("REQ-PARTICIPANT")
    attendee.params["PARTSTAT"] = vText(guest.answer)
    if life.producer == "google":
        attendee.params["CUTYPE"] = vText("INDIVIDUAL")
        attendee.params["X-NUM-GUESTS"] = vText("0")
    else:
        attendee.params["RSVP"] = vText("TRUE")
    return attendee


def _room(life: Life, name: str) -> vCalAddress:
    domain = life.owner.address.partition("@")[2]
    google = life.producer == "google"
    room = Person(name, f"c_188{_digits(name, 12)}@resource.calendar.google.com" if google else f"room-{name}@{domain}")
    address = _address(room)
    address.params["CUTYPE"] = vText("RESOURCE" if google else "ROOM")
    address.params["ROLE"] = vText("REQ-PARTICIPANT" if google else "NON-PARTICIPANT")
    address.params["PARTSTAT"] = vText("ACCEPTED")
    return address


def _add_place(event: Event, life: Life, entry: Entry) -> None:
    number = _digits(entry.uid, 10)
    if entry.link == "zoom":
        link = f"https://{life.owner.address.partition('@')[2].partition('.')[0]}.zoom.us/j/{number}"
        event.add("location", link)
        event.add("description", f"Join Zoom Meeting\n{link}\n\nMeeting ID: {number}\n")
    elif entry.link == "meet":
        letters = "".join("abcdefghij"[int(digit)] for digit in number)
        link = f"https://meet.google.com/{letters[:3]}-{letters[3:7]}-{letters[7:]}"
        event.add(
            "description",
            f"{_GOOGLE_RULE}\nJoin with Google Meet: {link}\n\nPlease do not edit this section.\n{_GOOGLE_RULE}",
        )
        event.add("x-google-conference", link)
    elif entry.link == "teams":
        link = f"https://teams.microsoft.com/l/meetup-join/19%3ameeting_{number}%40thread.v2/0"
        event.add("location", "Microsoft Teams Meeting")
        event.add("description", f"Microsoft Teams meeting\nJoin on your computer or mobile app\n{link}\n")
        event.add("x-microsoft-skypeteamsmeetingurl", link)
    if entry.room:
        event.add("location", entry.room)


def _digits(text: str, count: int) -> str:
    """So many digits that always belong to the same text."""
    return str(int(hashlib.sha256(text.encode()).hexdigest(), 16))[-count:]
