"""The fields of a plain entry that are not its times: what `translate.fields_of` says of the same entry, several times faster.

Attendees and organizers are read once for each distinct line, and so is what a line with few possible values says.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, TypeVar

from calsight import Attendee, EventType, Organizer, ShowAs, Status, conference_links
from calsight_ics import translate
from calsight_ics.parse import person_line

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

BUSY, INTENDED = "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-INTENDEDSTATUS"
_ESCAPES = (("\\n", "\n"), ("\\,", ","), ("\\;", ";"), ("\\N", "\n"), ("\\:", ":"))
_ESCAPED = re.compile(r"\\([\\,;:nN])")
_STAMP = re.compile(rb"\d{8}T\d{6}Z")
#: So many different heads or values are remembered; more are those that never come twice.
_REMEMBERED = 10_000
#: Fields of an event in its own order: from its title to its attendees, and from its status to its last change.
Fields = tuple[
    tuple[str, Organizer | None, tuple[Attendee, ...]],
    tuple[Status, ShowAs, EventType, str, tuple[str, ...], bool, bool, int, datetime | None, datetime | None],
]
#: Lines in every entry that name nobody, known beforehand.
_OF_NOBODY = (b"BEGIN:VEVENT", b"END:VEVENT")
#: A stamp that is none.
_ODD = object()


class PlainFields:
    """Reads the fields of one calendar's entries. `people` are who takes part by the lines that it has met."""

    def __init__(self, source: translate.Source) -> None:
        self.people: dict[bytes, tuple[Attendee, ...]] = dict.fromkeys(_OF_NOBODY, ())
        self._source = source
        self._silent = source.microsoft and source.published
        #: By address (in small letters): attendees as they are, and by their `id` those marked as organizers.
        self._unmarked: dict[str, list[Attendee]] = {}
        self._organizing: dict[str, dict[int, Attendee]] = {}
        self._organizers: dict[bytes, tuple[Organizer | None, str] | None] = {}
        self._marks: dict[tuple[bytes, ...], tuple[Status, ShowAs, bool, int] | None] = {}
        self._stamps: dict[bytes, object] = {}
        self._titles: dict[bytes, tuple[str, bool]] = {}
        self._locations: dict[bytes, str] = {}
        #: The last DESCRIPTION and its links: an override mostly has that of the entry before it, its series.
        self._described: tuple[bytes, tuple[str, ...]] = b"", ()

    def fields(self, found: dict[str, bytes], listed: list[Attendee], links: dict[str, list[str]]) -> Fields | None:
        """What `translate.fields_of` says of the same entry."""
        get = found.get
        created, updated = self._stamp(get("CREATED")), self._stamp(get("LAST-MODIFIED"))
        marks = self._marks_of(
            (
                get("CLASS", b""),
                get("STATUS", b""),
                get("TRANSP", b""),
                get(BUSY, b""),
                get(INTENDED, b""),
                get("SEQUENCE", b"0"),
            )
        )
        if created is _ODD or updated is _ODD or marks is None:
            return None
        status, show_as, private, sequence = marks
        attendees = tuple(listed)
        organizer = None
        if "ORGANIZER" in found:
            known = self._organizer(found["ORGANIZER"])
            if known is None:
                return None
            organizer, address = known
            if address in self._unmarked:
                self._mark(address)
            if marked := self._organizing.get(address):
                attendees = tuple([marked.get(id(attendee), attendee) for attendee in listed])
        description = get("DESCRIPTION", b"")
        if not links:
            if description != self._described[0]:
                self._described = description, conference_links(_text(description))
            conference = self._described[1]
        elif any("\\" in value for name in ("URL", "CONFERENCE") for value in links.get(name, ())):
            return None
        else:
            conference = translate.conference_of(
                [value.strip() for name in translate.CONFERENCE_FIELDS for value in links.get(name, ())],
                [*(value.strip() for value in links.get("URL", ())), _text(description)],
            )
        title, tells = self._title(get("SUMMARY", b""))
        hidden = (self._silent or not tells) and translate.hides_people(
            title, attendees, organizer, private=private, source=self._source
        )
        return (title, organizer, attendees), (
            status, show_as, EventType.DEFAULT, self._location(get("LOCATION", b"")), conference, private, hidden, sequence,
            created, updated,
        )  # fmt: skip

    def _marks_of(self, written: tuple[bytes, ...]) -> tuple[Status, ShowAs, bool, int] | None:
        """What CLASS, STATUS, TRANSP, Microsoft's two busy statuses and SEQUENCE say together; there are few ways to set them.

        None for a SEQUENCE that is no plain number.
        """
        try:
            return self._marks[written]
        except KeyError:
            visible, status, transp, busy, intended, sequence = map(_text, written)
            plain = written[-1].isdigit() and len(written[-1]) < 10
            return remember(
                self._marks,
                written,
                (
                    Status.CANCELLED if self._source.cancelling else translate.status_of(status),
                    translate.show_as_of(busy, intended, transp),
                    visible.upper() not in ("", "PUBLIC"),
                    int(sequence),
                )
                if plain
                else None,
            )

    def attendee(self, line: bytes) -> tuple[Attendee, ...] | None:
        """Who an ATTENDEE line is about: one, or none who takes part; None if icalendar cannot read the line."""
        value = person_line(line.decode())
        if value is None:
            return None
        attendee = translate.attendee_of(value)
        known = self.people[line] = () if attendee is None else (attendee,)
        if attendee is not None and attendee.address:
            self._unmarked.setdefault(attendee.address.lower(), []).append(attendee)
        return known

    def _mark(self, address: str) -> None:
        """Mark the attendees of that address as organizers."""
        marked = self._organizing.setdefault(address, {})
        for attendee in self._unmarked.pop(address):
            marked[id(attendee)] = translate.with_organizer(attendee, Organizer(address))

    def _organizer(self, line: bytes) -> tuple[Organizer | None, str] | None:
        """The organizer of a line and the address to compare; None if icalendar cannot read the line."""
        try:
            return self._organizers[line]
        except KeyError:
            known = self._organizers[line] = _organizer(line.decode())
            return known

    def _stamp(self, value: bytes | None) -> Any:
        """CREATED or LAST-MODIFIED; None where there is no such time (Google's holidays were made in the year 0)."""
        if not value:
            return None if value is None else _ODD
        try:
            return self._stamps[value]
        except KeyError:
            moment = _moment(value.decode()) if _STAMP.fullmatch(value) else _ODD
            return remember(self._stamps, value, moment)

    def _title(self, value: bytes) -> tuple[str, bool]:
        """A title, and whether it says more than that time is taken."""
        try:
            return self._titles[value]
        except KeyError:
            title = _text(value)
            return remember(self._titles, value, (title, title.casefold() not in translate.NO_DETAILS))

    def _location(self, value: bytes) -> str:
        try:
            return self._locations[value]
        except KeyError:
            return remember(self._locations, value, _text(value))


def _text(value: bytes) -> str:
    return plain_text(value.decode())


def plain_text(value: str) -> str:
    """A TEXT value as icalendar reads it, without blanks around it."""
    if "\\" in value:
        if "\\\\" in value:
            value = _ESCAPED.sub(_unescape, value)
        else:  # no escaped backslash: each escape stands for itself
            for escape, character in _ESCAPES:
                value = value.replace(escape, character)
                if "\\" not in value:
                    break
    return value.strip()


def _unescape(escaped: re.Match[str]) -> str:
    return "\n" if escaped[1] in "nN" else escaped[1]


def _organizer(line: str) -> tuple[Organizer | None, str] | None:
    value = person_line(line)
    if value is None:
        return None
    organizer = translate.organizer_of(value)
    return organizer, organizer.address.lower() if organizer else ""


def _moment(stamp: str) -> datetime | None:
    """A UTC time as written; None where there is no such time."""
    try:
        return datetime.fromisoformat(stamp)
    except ValueError:
        return None


def remember(memory: dict[_Key, _Value], key: _Key, value: _Value) -> _Value:
    """`value`, put into `memory`, which is emptied before it grows beyond measure."""
    if len(memory) > _REMEMBERED:
        memory.clear()
    memory[key] = value
    return value
