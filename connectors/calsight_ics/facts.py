"""What is known of a calendar as a whole, read from its bytes: its zone, owner, producer, last sign of life."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from calsight_ics.entries import Entries, top_lines
from calsight_ics.parse import entry_of, person_line
from calsight_ics.translate import attendee_of, organizer_of
from calsight_ics.zone_names import known, told
from calsight_ics.zones import only_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from calsight import Attendee, Organizer

#: An address, no longer than RFC 5321 has them; looked for in so much of a name.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_LONGEST_NAME = 1_000
_LINE = re.compile(rb"[^\n]+")
_STAMP = re.compile(rb"(?:DTSTAMP|CREATED|LAST-MODIFIED)(?:;[^:\n]*)?:(\d{8}T\d{6})Z?")
_PERSON = re.compile(rb"(?im)^(?:ATTENDEE|ORGANIZER)[;:][^\n]*")
#: So many people are known at a time.
_REMEMBERED = 10_000
_NOT_PEOPLE = ".calendar.google.com"


class Header(NamedTuple):
    """VCALENDAR's own properties. `owner` is an address that the calendar gives its owner, or "".

    `zone_name` is what X-WR-TIMEZONE says, and `zone` the zone that everybody knows by that name, if any.
    """

    name: str = ""
    producer: str = ""
    method: str = ""
    zone: ZoneInfo | None = None
    zone_name: str = ""
    owner: str = ""
    owner_name: str = ""

    @property
    def microsoft(self) -> bool:
        """Whether Exchange or Outlook wrote it."""
        return any(word in self.producer.lower() for word in ("microsoft", "outlook", "exchange"))

    @property
    def google(self) -> bool:
        """Whether Google Calendar wrote it."""
        return "google" in self.producer.lower()

    @property
    def organizer_listed(self) -> bool | None:
        """Whether an organizer who takes part is among the attendees (see `Calendar`)."""
        return True if self.google else False if self.microsoft else None


def method_of(line: bytes) -> str:
    """What a METHOD line says; "" for another line."""
    name, _, value = line.partition(b":")
    return value.decode("ascii", "replace").strip().upper() if name.partition(b";")[0].upper() == b"METHOD" else ""


def header_of(lines: bytes) -> Header:
    """The header of the first VCALENDAR that says something; later ones of a joined file fill the gaps."""
    found: dict[str, str] = {}
    met: set[bytes] = set()
    owner = owner_name = ""
    for each in _LINE.finditer(lines):
        if each[0] in met:
            continue
        if len(met) < _REMEMBERED:
            met.add(each[0])
        line = _decoded(each[0])
        head, colon, value = line.partition(":")
        name = head.partition(";")[0].strip().upper()
        if not colon or not value.strip():
            continue
        if name == "X-OWNER" and not owner:
            who = organizer_of(person_line(line))
            owner, owner_name = (who.address, who.name) if who else ("", "")
        found.setdefault(name, re.sub(r"\\([,;\\])", r"\1", value.strip()) if "\\" in value else value.strip())
    name = found.get("X-WR-CALNAME", "") or found.get("NAME", "")
    if not owner and (address := _ADDRESS.search(name[:_LONGEST_NAME])):
        owner = address[0]
    if owner.lower().endswith(_NOT_PEOPLE):
        owner = ""
    zone = found.get("X-WR-TIMEZONE", "")
    return Header(
        name=name,
        producer=found.get("PRODID", ""),
        method=found.get("METHOD", "").upper(),
        zone=(known(zone) or told(zone)) if zone else None,
        zone_name=zone,
        owner=owner,
        owner_name=owner_name,
    )


def zone_of(header: Header, zones: list[bytes]) -> ZoneInfo | None:
    """The calendar's zone: X-WR-TIMEZONE, else the only zone that it defines."""
    return header.zone or only_zone(zones)


def names_people(entries: Entries) -> bool:
    """Whether some entry names two different people (see `Calendar`)."""
    seen: dict[bytes, str] = {}
    for extents in entries.groups.values():
        for begin, end in extents:
            entry = entry_of(entries.text, begin, end)
            if b"ATTENDEE" not in entry and b"attendee" not in entry:
                continue
            who = {identity for identity in _identities(top_lines(entry), seen) if identity}
            if len(who) > 1:
                return True
    return False


def _identities(lines: bytes, seen: dict[bytes, str]) -> Iterator[str]:
    for line in _PERSON.findall(lines):
        if line not in seen:
            if len(seen) > _REMEMBERED:
                seen.clear()
            seen[line] = _identity(line)
        yield seen[line]


def _identity(line: bytes) -> str:
    """Who an ATTENDEE or ORGANIZER line is about, "" for a room or nobody."""
    who: Attendee | Organizer | None
    if line[:1] in b"Aa":
        who = attendee_of(person_line(_decoded(line)))
        if who is not None and who.cutype in ("room", "resource"):
            return ""
    else:
        who = organizer_of(person_line(_decoded(line)))
    if who is None or who.address.lower().endswith(_NOT_PEOPLE):
        return ""
    return (who.address or who.name).lower()


def last_sign(entries: Entries) -> datetime | None:
    """The newest DTSTAMP, CREATED or LAST-MODIFIED. Starts say nothing: an appointment next year is no sign of last month.

    A zone's own stamps are no sign of life.
    """
    if not entries.groups:
        return None
    return _newest({found[1] for found in map(_STAMP.match, entries.stamps) if found})


def _newest(stamps: set[bytes]) -> datetime | None:
    for stamp in sorted(stamps, reverse=True):
        if moment := _moment(stamp):
            return moment.replace(tzinfo=UTC)
    return None


def _moment(value: bytes) -> datetime | None:
    """A DATE-TIME value as a naive time; None where there is no such time."""
    try:
        return datetime.fromisoformat(value.decode())
    except ValueError:
        return None


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
