"""The world as Google's API gives it: event resources, recurrence expanded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from fakes.google_items import Item, item, occurrences
from world.story import ANA, CANCELLED, Change, Entry, Guest, Who, entries

_ANSWER = {"accepted": "accepted", "declined": "declined", "tentative": "tentative", "needs_action": "needsAction"}


def items() -> list[Item]:
    """Every occurrence that Google would list."""
    return [one for entry in entries() for one in _occurrences(entry)]


def _occurrences(entry: Entry) -> list[Item]:
    first = _resource(entry)
    if not entry.rule:
        return [first]
    found = []
    zone = ZoneInfo(entry.zone)
    changes = {was.replace(tzinfo=zone).astimezone(UTC): change for was, change in entry.changes.items()}
    for one in occurrences(first, entry.rule, entry.zone):
        was = one["originalStartTime"]
        if "date" in was or (moment := _moment(was)) not in changes:
            found.append(one)
            continue
        change = changes[moment]
        if change is not CANCELLED:
            kept = {key: one[key] for key in ("id", "recurringEventId", "originalStartTime")}
            found.append(_resource(entry, change, one) | kept)
    return found


def _moment(value: Mapping[str, str]) -> datetime:
    return datetime.fromisoformat(value["dateTime"]).astimezone(UTC)


def _resource(entry: Entry, change: Change = Change(), of: Item | None = None) -> Item:  # noqa: B008 - frozen
    zone = ZoneInfo(entry.zone)
    local = entry.start if of is None else _moment(of["originalStartTime"]).astimezone(zone).replace(tzinfo=None)
    start = (change.start or local).replace(tzinfo=zone)
    minutes = entry.minutes if change.minutes is None else change.minutes
    stamp = f"{entry.made:%Y-%m-%dT%H:%M:%S}.000Z"
    made = item(
        entry.id,
        start.astimezone(UTC),
        minutes,
        zone=entry.zone,
        summary=entry.title if change.title is None else change.title,
        created=stamp,
        updated=stamp,
        sequence=entry.sequence,
        status="tentative" if entry.tentative else "confirmed",
    )
    if entry.days:
        made["start"] = {"date": f"{entry.start:%Y-%m-%d}"}
        made["end"] = {"date": f"{entry.start + timedelta(days=entry.days):%Y-%m-%d}"}
    guests = entry.guests if change.guests is None else change.guests
    made["organizer"] = _who(entry.organizer or ANA)
    if guests:
        made["attendees"] = [_attendee(guest, entry.organizer) for guest in guests]
    for name, value in (("location", entry.location), ("description", entry.description), ("hangoutLink", entry.meet)):
        if value:
            made[name] = value
    if entry.meet:
        made["conferenceData"] = {"entryPoints": [{"entryPointType": "video", "uri": entry.meet}]}
    if entry.free:
        made["transparency"] = "transparent"
    if entry.private:
        made["visibility"] = "private"
    if entry.away:
        made["eventType"] = "outOfOffice"
    return made


def _who(who: Who) -> Item:
    return {
        "email": who.address,
        **({"displayName": who.name} if who.name else {}),
        **({"self": True} if who == ANA else {}),
    }


def _attendee(guest: Guest, organizer: Who | None) -> Item:
    return {
        **_who(guest.who),
        "responseStatus": _ANSWER[guest.answer],
        **({"organizer": True} if guest.who == organizer else {}),
        **({"optional": True} if guest.optional else {}),
        **({"additionalGuests": guest.brings} if guest.brings else {}),
        **({"resource": True} if guest.who.kind == "room" else {}),
    }
