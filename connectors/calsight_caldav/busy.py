"""When others are busy: through the scheduling outbox (RFC 6638, 5), else by the calendars that they share (RFC 4791, 7.10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from calsight import Window
from calsight.errors import PermissionMissingError
from calsight_caldav.account import Account
from calsight_caldav.trouble import Refused, service_of
from calsight_caldav.xml import CALDAV, busy_in, utc_stamp

Busy = dict[str, Sequence[Window] | None]


def busy_of(account: Account, people: Sequence[str], window: Window) -> Mapping[str, Sequence[Window] | None]:
    """For each address the busy spans inside `window`, or None. Raises `PermissionMissingError` where none can be asked."""
    asked = list(dict.fromkeys(people))
    me = account.me()
    found: Busy = {}
    refused = not me.outbox or not me.addresses
    if not refused:
        try:
            found = _through_outbox(account, me.outbox, me.addresses[0], asked, window)
        except Refused:
            refused = True
    shared = _through_shared(account, [one for one in asked if found.get(one) is None], window)
    found |= {person: spans for person, spans in shared.items() if spans is not None}
    if refused and not found:
        raise PermissionMissingError(
            f"{service_of(account.dav.login.server).name} does not tell when others are busy, and none of them shares a "
            "calendar with you there."
        )
    return {person: found.get(person) for person in people}


def _through_outbox(account: Account, outbox: str, me: str, people: Sequence[str], window: Window) -> Busy:
    body = _request(me, people, window)
    headers = {
        "Content-Type": "text/calendar; charset=utf-8; component=VFREEBUSY; method=REQUEST",
        "Originator": f"mailto:{me}",
        "Recipient": ", ".join(f"mailto:{one}" for one in people),
    }
    answer = account.dav.ask("POST", outbox, body, headers=headers)
    found: Busy = dict.fromkeys(people)
    by_address = {one.lower(): one for one in people}
    for response in () if answer.tree is None else answer.tree.iter(f"{CALDAV}response"):
        named = response.find(f"{CALDAV}recipient")
        recipient = "" if named is None else "".join(named.itertext())
        address = by_address.get(recipient.strip().lower().removeprefix("mailto:"))
        status = (response.findtext(f"{CALDAV}request-status") or "").strip()
        data = response.findtext(f"{CALDAV}calendar-data")
        if address and data and status.startswith("2"):
            found[address] = _spans(data.encode(), window)
    return found


def _request(me: str, people: Sequence[str], window: Window) -> str:
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//calsight//calsight//EN", "METHOD:REQUEST", "BEGIN:VFREEBUSY"),
        *(
            f"UID:{uuid4()}",
            f"DTSTAMP:{utc_stamp(window.start)}",
            f"DTSTART:{utc_stamp(window.start)}",
            f"DTEND:{utc_stamp(window.end)}",
        ),
        f"ORGANIZER:mailto:{me}",
        *(f"ATTENDEE:mailto:{one}" for one in people),
        *("END:VFREEBUSY", "END:VCALENDAR", ""),
    ]
    return "\r\n".join(lines)


def _through_shared(account: Account, people: Sequence[str], window: Window) -> Busy:
    """Of those who share a calendar with the account; of several of theirs, all."""
    found: Busy = {}
    for person in people:
        spans: list[Window] = []
        for one in account.of_person(person):
            with suppress(Refused):
                spans += _spans(account.dav.report(one.url, busy_in(window.start, window.end)).body, window)
                found[person] = spans
        spans.sort(key=lambda span: span.start)
    return found


def _spans(data: bytes, window: Window) -> list[Window]:
    """The busy spans of a VFREEBUSY inside the window, in order."""
    from icalendar import Calendar

    try:
        read = Calendar.from_ical(data)
    except ValueError:
        return []
    spans = [span for part in read.walk("VFREEBUSY") for span in _periods(part)]
    inside = (Window(max(start, window.start), min(end, window.end)) for start, end in spans)
    return sorted((one for one in inside if one.start < one.end), key=lambda one: one.start)


def _periods(part: Any) -> Iterator[tuple[datetime, datetime]]:
    lines = part.get("FREEBUSY", [])
    for line in lines if isinstance(lines, list) else [lines]:
        if str(getattr(line, "params", {}).get("FBTYPE", "BUSY")).upper() == "FREE":
            continue
        start, end = getattr(line, "dt", (None, None))
        end = start + end if isinstance(start, datetime) and isinstance(end, timedelta) else end
        if isinstance(start, datetime) and isinstance(end, datetime):
            yield start.astimezone(UTC), end.astimezone(UTC)
