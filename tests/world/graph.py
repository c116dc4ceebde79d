"""The world as Microsoft Graph gives it: events and masters with recurrence, which the fake expands.

Graph has no words for two things of the story: guests whom a guest brings, and an organizer who does not take part. Nor has it
a revision number or a tentative event. `UNSAID` names the entries. An organizer is on the list only where they declined.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from fakes.graph import FakeGraph
from fakes.graph_items import Item, event, guest, who
from world.story import ANA, CANCELLED, Change, Entry, Guest, Who, entries

UNSAID = frozenset({"brings", "for-others"})

_ANSWER = {
    "accepted": "accepted",
    "declined": "declined",
    "tentative": "tentativelyAccepted",
    "needs_action": "notResponded",
}
_WINDOWS = {"Europe/Berlin": "W. Europe Standard Time", "America/New_York": "Eastern Standard Time"}
_DAYS = {"MO": "monday", "TU": "tuesday", "WE": "wednesday", "TH": "thursday", "FR": "friday"}


def fill(graph: FakeGraph, calendar: str) -> None:
    """Write the world into a calendar."""
    for entry in entries():
        if entry.id in UNSAID:
            continue
        graph.put(calendar, _resource(entry))
        zone = ZoneInfo(entry.zone)
        for was, change in entry.changes.items():
            moment = was.replace(tzinfo=zone).astimezone(UTC)
            identity = f"{entry.id}.{moment:%Y%m%dT%H%M}"
            if change is CANCELLED:
                graph.delete_occurrence(calendar, identity)
                continue
            kept = ("id", "type", "seriesMasterId", "originalStart", "recurrence", "@odata.etag")
            changed = {key: value for key, value in _resource(entry, change, was).items() if key not in kept}
            graph.change_occurrence(calendar, identity, **changed)


def _resource(entry: Entry, change: Change = Change(), was: datetime | None = None) -> Item:  # noqa: B008 - frozen
    local = change.start or was or entry.start
    start = local.replace(tzinfo=UTC if entry.days else ZoneInfo(entry.zone))
    minutes = entry.days * 1440 or (entry.minutes if change.minutes is None else change.minutes)
    guests = entry.guests if change.guests is None else change.guests
    organizer = entry.organizer or ANA
    stamp = f"{entry.made:%Y-%m-%dT%H:%M:%S}Z"
    own = next((one.answer for one in guests if one.who == ANA), "")
    made = event(
        entry.id,
        start,
        minutes,
        *(_guest(one, organizer) for one in guests if one.who != organizer or one.answer == "declined"),
        organizer=who(organizer.address, organizer.name),
        answer="organizer" if organizer == ANA else _ANSWER.get(own, "none"),
        zone=_WINDOWS[entry.zone],
        iCalUId=f"{entry.id}@google.com",
        subject=entry.title if change.title is None else change.title,
        createdDateTime=stamp,
        lastModifiedDateTime=stamp,
        isAllDay=bool(entry.days),
        location={"displayName": entry.location},
        body={"contentType": "text", "content": entry.description},
        onlineMeeting={"joinUrl": entry.meet} if entry.meet else None,
        showAs="oof" if entry.away else "free" if entry.free else "busy",
        sensitivity="private" if entry.private else "normal",
    )
    return {**made, "type": "seriesMaster", "recurrence": _recurrence(entry)} if entry.rule and was is None else made


def _guest(one: Guest, organizer: Who) -> Item:
    kind = "resource" if one.who.kind == "room" else "optional" if one.optional else "required"
    return guest(one.who.address, one.who.name, _ANSWER[one.answer], kind)


def _recurrence(entry: Entry) -> Item:
    """The story's rules as Graph writes them: it has COUNT and a last day, no UNTIL."""
    rule = dict(part.split("=") for part in entry.rule.split(";"))
    day = entry.start.strftime("%A").lower()
    days = [_DAYS[one.lstrip("-1")] for one in rule["BYDAY"].split(",")] if "BYDAY" in rule else [day]
    kind = {"DAILY": "daily", "WEEKLY": "weekly", "MONTHLY": "relativeMonthly", "YEARLY": "absoluteYearly"}[
        rule["FREQ"]
    ]
    last = datetime.fromisoformat(rule["UNTIL"]) if "UNTIL" in rule else entry.start
    return {
        "pattern": {
            "type": kind,
            "interval": int(rule.get("INTERVAL", 1)),
            "month": entry.start.month if kind == "absoluteYearly" else 0,
            "dayOfMonth": entry.start.day if kind == "absoluteYearly" else 0,
            "daysOfWeek": days if kind in ("weekly", "relativeMonthly") else [],
            "firstDayOfWeek": "monday",
            "index": "last" if kind == "relativeMonthly" else "first",
        },
        "range": {
            "type": "numbered" if "COUNT" in rule else "endDate",
            "startDate": f"{entry.start:%Y-%m-%d}",
            "endDate": f"{last:%Y-%m-%d}",
            "recurrenceTimeZone": _WINDOWS[entry.zone],
            "numberOfOccurrences": int(rule.get("COUNT", 0)),
        },
    }
