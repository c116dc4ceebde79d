"""What the tests about CalDAV share: invented entries, and a connector that is signed in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from api_support import MONDAY
from caldav_homes import Home
from calsight.kit.retry import RetryPolicy
from calsight.protocols import ConnectorContext
from calsight_caldav import CaldavConnector

ME = "ana@example.com"
#: A real server that is slow is waited for, in real time, though not long.
REAL = RetryPolicy(first=0.1, longest=1, deadline=60)


def signed_in(home: Home, **settings: Any) -> CaldavConnector:
    """With the settings that a program gives."""
    given = {"server": home.url, "user": home.user, "password": home.password, "ca_file": home.ca_file, **settings}
    return CaldavConnector(ConnectorContext({**given}, zone="Europe/Berlin"), policy=REAL)


def entry(uid: str, start: datetime | str = MONDAY, *lines: str, minutes: int = 30, title: str = "Talk") -> str:
    """One entry of Ana's with Bo, as programs write it; `lines` come on top."""
    return calendar(_event(uid, start, *lines, minutes=minutes, title=title))


def series(uid: str, start: datetime = MONDAY, *lines: str, count: int = 6, moved: int = 0, gone: int = 0) -> str:
    """A weekly series; the occurrence number `moved` is a day later, the number `gone` is not there."""
    rule = [f"RRULE:FREQ=WEEKLY;COUNT={count}"]
    if gone:
        rule.append(f"EXDATE:{start + timedelta(weeks=gone):%Y%m%dT%H%M%SZ}")
    entries = [_event(uid, start, *rule, *lines)]
    if moved:
        was = start + timedelta(weeks=moved)
        entries.append(_event(uid, was + timedelta(days=1), f"RECURRENCE-ID:{was:%Y%m%dT%H%M%SZ}", *lines))
    return calendar(*entries)


def day(uid: str, first: str = "20260310", after: str = "20260312") -> str:
    """An entry of whole days."""
    lines = ["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"DTSTART;VALUE=DATE:{first}",
             f"DTEND;VALUE=DATE:{after}", "SUMMARY:Retreat", "END:VEVENT"]  # fmt: skip
    return calendar("\r\n".join(lines))


def task(uid: str) -> str:
    """No event."""
    return calendar("\r\n".join(["BEGIN:VTODO", f"UID:{uid}", "DTSTAMP:20260101T000000Z", "SUMMARY:Task", "END:VTODO"]))


def _event(uid: str, start: datetime | str, *lines: str, minutes: int = 30, title: str = "Talk") -> str:
    if isinstance(start, datetime):
        utc = start.astimezone(UTC)
        times = [f"DTSTART:{utc:%Y%m%dT%H%M%SZ}", f"DTEND:{utc + timedelta(minutes=minutes):%Y%m%dT%H%M%SZ}"]
    else:
        times = [f"DTSTART:{start}"]
    people = [
        f"ORGANIZER;CN=Ana:mailto:{ME}",
        f"ATTENDEE;CN=Ana;PARTSTAT=ACCEPTED:mailto:{ME}",
        "ATTENDEE;CN=Bo;PARTSTAT=ACCEPTED:mailto:bo@example.com",
    ]
    return "\r\n".join(
        [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            "DTSTAMP:20260101T000000Z",
            *times,
            f"SUMMARY:{title}",
            *people,
            *lines,
            "END:VEVENT",
        ]
    )


def calendar(*entries: str) -> str:
    """A calendar object as a server stores it."""
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//test//EN", *entries, "END:VCALENDAR", ""])
