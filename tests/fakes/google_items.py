"""Event resources as Google gives them, to put into a `FakeGoogle`. Recurrence is expanded with dateutil's rules."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

LONG_AGO = "2020-01-01T00:00:00.000Z"

Item = dict[str, Any]


def when(moment: datetime, zone: str = "UTC") -> dict[str, str]:
    """An EventDateTime."""
    return {"dateTime": moment.astimezone(ZoneInfo(zone)).isoformat(), "timeZone": zone}


def person(email: str, name: str = "", answer: str = "accepted", **more: Any) -> Item:
    """One attendee."""
    return {"email": email, **({"displayName": name} if name else {}), "responseStatus": answer, **more}


def item(identity: str, start: datetime, minutes: float = 30, /, *people: Item, zone: str = "UTC", **more: Any) -> Item:
    """One event resource, as Google gives it; of `people` the first organises. `more` are fields of it."""
    made: Item = {
        "kind": "calendar#event",
        "etag": f'"{identity}"',
        "id": identity,
        "status": "confirmed",
        "htmlLink": f"https://www.google.com/calendar/event?eid={identity}",
        "created": LONG_AGO,
        "updated": LONG_AGO,
        "summary": "Meeting",
        "start": when(start, zone),
        "end": when(start + timedelta(minutes=minutes), zone),
        "iCalUID": f"{identity}@google.com",
        "sequence": 0,
        "reminders": {"useDefault": True},
        "eventType": "default",
    }
    if people:
        first = people[0]
        made["organizer"] = {key: first[key] for key in ("email", "displayName", "self") if key in first}
        made["attendees"] = [{**first, "organizer": True}, *people[1:]]
    return made | more


def occurrences(master: Item, rule: str, zone: str = "UTC") -> list[Item]:
    """The instances of a recurring event, as singleEvents=true gives them."""
    if "date" in master["start"]:
        days = date.fromisoformat(master["end"]["date"]) - date.fromisoformat(master["start"]["date"])
        starts = rrulestr(rule, dtstart=datetime.fromisoformat(master["start"]["date"]))
        spans = [({"date": f"{day:%Y-%m-%d}"}, {"date": f"{day + days:%Y-%m-%d}"}, f"{day:%Y%m%d}") for day in starts]
    else:
        local = ZoneInfo(zone)
        begin = datetime.fromisoformat(master["start"]["dateTime"]).astimezone(local)
        length = datetime.fromisoformat(master["end"]["dateTime"]) - begin
        starts = rrulestr(re.sub(r"(UNTIL=\w+)Z", r"\1", rule), dtstart=begin.replace(tzinfo=None))
        moments = [naive.replace(tzinfo=local).astimezone(UTC) for naive in starts]
        spans = [(when(start, zone), when(start + length, zone), f"{start:%Y%m%dT%H%M%SZ}") for start in moments]
    found = []
    for start, end, suffix in spans:
        one = copy.deepcopy(master)
        one |= {"id": f"{master['id']}_{suffix}", "recurringEventId": master["id"], "originalStartTime": start}
        found.append(one | {"start": start, "end": end})
    return found


def cancelled(one: Item) -> Item:
    """What an increment says of an event that is gone: no more than Google guarantees."""
    kept = ("kind", "etag", "id", "recurringEventId", "originalStartTime")
    return {**{key: one[key] for key in kept if key in one}, "status": "cancelled"}


def pages_of(events: Sequence[Item], size: int = 2500) -> Iterator[Item]:
    """The same events as the pages of a full events.list answer, without a server."""
    for first in range(0, max(len(events), 1), size):
        last = first + size >= len(events)
        yield {
            "kind": "calendar#events",
            "timeZone": "Europe/Berlin",
            "accessRole": "owner",
            "items": list(events[first : first + size]),
            **({"nextSyncToken": "done"} if last else {"nextPageToken": str(first + size)}),
        }
