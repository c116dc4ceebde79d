"""The fields of a plain entry that are not its times: what `translate.fields_of` says of the same entry, several times faster.

Attendees and organizers are read once for each distinct line, and so is what a line with few possible values says.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, TypeVar

from calsight import Attendee, Organizer, Status, conference_links
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
#: An attendee and the address to compare.
Person = tuple[Attendee, str]


class PlainFields:
    """Reads the fields of one calendar's entries. `people` are the ATTENDEE lines that it has met."""

    def __init__(self, source: translate.Source) -> None:
        self.people: dict[bytes, tuple[Person, ...]] = {}
        self._source = source
        self._organizers: dict[bytes, tuple[Organizer | None, str] | None] = {}
        self._marks: dict[tuple[bytes, ...], dict[str, Any]] = {}
        self._stamps: dict[bytes, datetime | None] = {}
        self._organizing: dict[int, Attendee] = {}
        #: The last DESCRIPTION and its links: an override mostly has that of the entry before it, its series.
        self._described: tuple[bytes, tuple[str, ...]] = b"", ()

    def keywords(
        self, found: dict[str, bytes], listed: list[Person], links: dict[str, list[str]]
    ) -> dict[str, Any] | None:
        """What `translate.fields_of` says of the same entry."""
        get = found.get
        sequence = get("SEQUENCE", b"0")
        if not (sequence.isdigit() and len(sequence) < 10):
            return None
        created, updated = get("CREATED"), get("LAST-MODIFIED")
        for stamp in (created, updated):
            if stamp is not None and stamp not in self._stamps and not _STAMP.fullmatch(stamp):
                return None
        organizer, organizing = None, ""
        if "ORGANIZER" in found:
            known = self._organizer(found["ORGANIZER"])
            if known is None:
                return None
            organizer, organizing = known
        attendees = tuple(
            [
                self._as_organizer(attendee) if organizing and address == organizing else attendee
                for attendee, address in listed
            ]
        )
        title, description = _text(get("SUMMARY", b"")), get("DESCRIPTION", b"")
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
        marks = self._marks_of(
            (get("CLASS", b""), get("STATUS", b""), get("TRANSP", b""), get(BUSY, b""), get(INTENDED, b""))
        )
        return {
            "title": title,
            "organizer": organizer,
            "attendees": attendees,
            "location": _text(get("LOCATION", b"")),
            "conference": conference,
            "participants_hidden": translate.hides_people(
                title, attendees, organizer, private=marks["private"], source=self._source
            ),
            "sequence": int(sequence),
            "created": self._stamp(created) if created else None,
            "updated": self._stamp(updated) if updated else None,
            **marks,
        }

    def _marks_of(self, written: tuple[bytes, ...]) -> dict[str, Any]:
        """What CLASS, STATUS, TRANSP and Microsoft's two busy statuses say together; there are few ways to set them."""
        marks = self._marks.get(written)
        if marks is None:
            visible, status, transp, busy, intended = map(_text, written)
            marks = {
                "private": visible.upper() not in ("", "PUBLIC"),
                "status": Status.CANCELLED if self._source.cancelling else translate.status_of(status),
                "show_as": translate.show_as_of(busy, intended, transp),
            }
            remember(self._marks, written, marks)
        return marks

    def attendee(self, line: bytes) -> tuple[Person, ...] | None:
        """Who an ATTENDEE line is about: one, or none who takes part; None if icalendar cannot read the line."""
        known = _attendee(line.decode())
        if known is not None:
            self.people[line] = known
        return known

    def _as_organizer(self, attendee: Attendee) -> Attendee:
        """One of `people`, marked as the organizer."""
        try:
            return self._organizing[id(attendee)]
        except KeyError:
            marked = translate.with_organizer(attendee, Organizer(attendee.address))
            self._organizing[id(attendee)] = marked
            return marked

    def _organizer(self, line: bytes) -> tuple[Organizer | None, str] | None:
        """The organizer of a line and the address to compare; None if icalendar cannot read the line."""
        try:
            return self._organizers[line]
        except KeyError:
            known = self._organizers[line] = _organizer(line.decode())
            return known

    def _stamp(self, value: bytes) -> datetime | None:
        """CREATED or LAST-MODIFIED; None where there is no such time (Google's holidays were made in the year 0)."""
        try:
            return self._stamps[value]
        except KeyError:
            return remember(self._stamps, value, _moment(value.decode()))


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


def _attendee(line: str) -> tuple[Person, ...] | None:
    """Who an ATTENDEE line is about: one, or none who takes part; None if icalendar cannot read the line."""
    value = person_line(line)
    if value is None:
        return None
    attendee = translate.attendee_of(value)
    if attendee is None:
        return ()
    return ((attendee, attendee.address.lower()),)


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
