"""Event resources as Microsoft Graph gives them, to put into a `FakeGraph`; what recurs is expanded with dateutil."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

ME = "ana@example.com"
LONG_AGO = "2020-01-01T00:00:00Z"
NEVER = "0001-01-01T00:00:00Z"
BERLIN = "W. Europe Standard Time"

Item = dict[str, Any]

_DAYS = {
    "monday": "MO",
    "tuesday": "TU",
    "wednesday": "WE",
    "thursday": "TH",
    "friday": "FR",
    "saturday": "SA",
    "sunday": "SU",
}
_FREQUENCY = {"daily": "DAILY", "weekly": "WEEKLY", "relativeMonthly": "MONTHLY", "absoluteYearly": "YEARLY"}


def when(moment: datetime) -> dict[str, str]:
    """A dateTimeTimeZone in UTC, with the seven digits that Graph gives."""
    return {"dateTime": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": "UTC"}


def stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def who(address: str, name: str = "") -> Item:
    """A recipient. Graph gives the address as name where it knows none."""
    return {"emailAddress": {"name": name or address, "address": address}}


def guest(address: str, name: str = "", answer: str = "none", kind: str = "required") -> Item:
    """One attendee."""
    return {"type": kind, "status": {"response": answer, "time": NEVER}, **who(address, name)}


def event(
    identity: str,
    start: datetime,
    minutes: float = 30,
    /,
    *guests: Item,
    organizer: Item | None = None,
    answer: str = "",
    zone: str = BERLIN,
    **more: Any,
) -> Item:
    """One event resource as Graph gives it; Ana organises unless `organizer` does. `answer` is the owner's own."""
    organizer = organizer or who(ME, "Ana")
    mine = organizer["emailAddress"]["address"] == ME
    made: Item = {
        "@odata.etag": f'W/"{identity}"',
        "id": identity,
        "createdDateTime": LONG_AGO,
        "lastModifiedDateTime": LONG_AGO,
        "changeKey": identity,
        "categories": [],
        "originalStartTimeZone": zone,
        "originalEndTimeZone": zone,
        "iCalUId": f"{identity}@outlook",
        "reminderMinutesBeforeStart": 15,
        "isReminderOn": True,
        "hasAttachments": False,
        "subject": "Meeting",
        "bodyPreview": "",
        "importance": "normal",
        "sensitivity": "normal",
        "isAllDay": False,
        "isCancelled": False,
        "isOrganizer": mine,
        "responseRequested": True,
        "seriesMasterId": None,
        "showAs": "busy",
        "type": "singleInstance",
        "webLink": f"https://outlook.office365.com/owa/?itemid={identity}",
        "onlineMeetingUrl": None,
        "isOnlineMeeting": False,
        "onlineMeetingProvider": "unknown",
        "allowNewTimeProposals": True,
        "isDraft": False,
        "hideAttendees": False,
        "recurrence": None,
        "onlineMeeting": None,
        "originalStart": None,
        "responseStatus": {"response": answer or ("organizer" if mine and guests else "none"), "time": NEVER},
        "body": {"contentType": "text", "content": ""},
        "start": when(start),
        "end": when(start + timedelta(minutes=minutes)),
        "location": {"displayName": ""},
        "locations": [],
        "attendees": list(guests),
        "organizer": organizer,
    }
    return made | more


def all_day(identity: str, first: str, days: int = 1, /, *guests: Item, **more: Any) -> Item:
    """An all-day event: midnight to midnight, and "UTC" whatever the zone (microsoft-graph-docs#1802)."""
    start = datetime.fromisoformat(first).replace(tzinfo=UTC)
    return event(identity, start, days * 1440, *guests, isAllDay=True, **more)


def series(master: Item, pattern: str, count: int = 0, **more: Any) -> Item:
    """A master of `event`, which repeats: "weekly monday", "daily", every `interval`; `count` times, or without end."""
    kind, *days = pattern.split()
    begin = _local(master["start"], master["originalStartTimeZone"])
    return {
        **master,
        "type": "seriesMaster",
        "recurrence": {
            "pattern": {
                "type": kind,
                "interval": more.get("interval", 1),
                "month": 0,
                "dayOfMonth": 0,
                "daysOfWeek": days,
                "firstDayOfWeek": "sunday",
                "index": "first",
            },
            "range": {
                "type": "numbered" if count else "noEnd",
                "startDate": begin.date().isoformat(),
                "endDate": "0001-01-01",
                "recurrenceTimeZone": master["originalStartTimeZone"],
                "numberOfOccurrences": count,
            },
        },
    }


def moment_of(value: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(value["dateTime"]).replace(tzinfo=UTC)


def _local(value: Mapping[str, str], zone: str) -> datetime:
    return moment_of(value).astimezone(ZoneInfo(WINDOWS_TO_OLSON.get(zone, zone)))


def occurrences(master: Item, until: datetime) -> Iterator[Item]:
    """What a master stands for, up to a moment. Each has an iCalUId of its own (microsoft-graph-docs#17479)."""
    pattern, span = master["recurrence"]["pattern"], master["recurrence"]["range"]
    rule = f"FREQ={_FREQUENCY[pattern['type']]};INTERVAL={pattern['interval']}"
    if pattern["daysOfWeek"]:
        place = "-1" if pattern["type"] == "relativeMonthly" and pattern["index"] == "last" else ""
        rule += ";BYDAY=" + ",".join(place + _DAYS[day] for day in pattern["daysOfWeek"])
    if span["type"] == "numbered":
        rule += f";COUNT={span['numberOfOccurrences']}"
    elif span["type"] == "endDate":
        rule += f";UNTIL={span['endDate'].replace('-', '')}T235959"
    whole_days = master["isAllDay"]
    begin = _local(master["start"], "UTC" if whole_days else master["originalStartTimeZone"])
    length = moment_of(master["end"]) - moment_of(master["start"])
    for naive in rrulestr(rule, dtstart=begin.replace(tzinfo=None)):
        start = naive.replace(tzinfo=begin.tzinfo).astimezone(UTC)
        if start > until:
            return
        yield {
            **master,
            "id": f"{master['id']}.{start:%Y%m%dT%H%M}",
            "type": "occurrence",
            "seriesMasterId": master["id"],
            "iCalUId": _dated(master["iCalUId"], naive),
            "recurrence": None,
            "originalStart": stamp(start),
            "start": when(start),
            "end": when(start + length),
        }


def _dated(uid: str, day: datetime) -> str:
    head, size = "040000008200E00074C5B7101A82E008", 8
    if not uid.startswith(head):
        return uid
    return f"{head}{day.year:04X}{day.month:02X}{day.day:02X}{uid[len(head) + size :]}"


def uid_of(number: int) -> str:
    """A global object id as Exchange makes them."""
    return f"040000008200E00074C5B7101A82E00800000000{number:032X}10000000{number:032X}"


def damaged(item: Item, **damage: Any) -> Item:
    """An event that Graph would never give; it is not checked."""
    return copy.deepcopy(item) | damage | {"x-damaged": True}


def pages_of(events: Sequence[Item], size: int = 250) -> Iterator[Item]:
    """The same events as the pages of a calendarView answer, without a server."""
    for first in range(0, max(len(events), 1), size):
        last = first + size >= len(events)
        link = (
            {}
            if last
            else {"@odata.nextLink": f"https://graph.microsoft.com/v1.0/me/calendarView?$skip={first + size}"}
        )
        yield {"value": list(events[first : first + size]), **link}
