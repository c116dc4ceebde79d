"""The plain shapes of a VEVENT, read without parsing every line. Whatever is not listed here is declined (None), not guessed.

Taken are unfolded lines of

    DTSTART, DTEND              `:…Z`, `;TZID=<known zone>:…` or `;VALUE=DATE:…`, both ends alike, the end not before the start
    DURATION                    in place of DTEND, not negative
    RRULE                       see `recur`
    EXDATE, RECURRENCE-ID       in the form of DTSTART and, for times, at its time of day; no RANGE
    ATTENDEE, ORGANIZER         parsed by icalendar, each distinct line once
    SUMMARY, DESCRIPTION, LOCATION, CLASS, STATUS, TRANSP     without parameters, or with LANGUAGE
    URL, CONFERENCE             with VALUE=URI or plain parameters, nothing escaped
    SEQUENCE, CREATED, LAST-MODIFIED, and the X- properties that name a conference or a busy status

and any line that calsight does not read. Everything else (RDATE, EXRULE, floating times, zones that the calendar
defines itself, repeated or damaged lines …) is for icalendar and recurring-ical-events.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from calsight import Attendee, Organizer, Status
from calsight_ics import translate
from calsight_ics.entries import top_lines
from calsight_ics.parse import WANTED, BadEntryError, Decoder, person_line, wanted_lines

if TYPE_CHECKING:
    from calsight_ics.zones import Zones

#: Lines this long are for the slow path, which cuts them.
_LONGEST = 200_000
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n")
_ESCAPES = (("\\n", "\n"), ("\\,", ","), ("\\;", ";"), ("\\N", "\n"), ("\\:", ":"))
_ESCAPED = re.compile(r"\\([\\,;:nN])")
_TEXT_HEAD = re.compile(r"([A-Z-]+)(?:;LANGUAGE=[A-Za-z-]+)?")
_LINK_HEAD = re.compile(r"(URL|CONFERENCE)((?:;[A-Z-]+=[A-Za-z0-9,-]+)*)")
_TIME_HEAD = re.compile(
    r"(DTSTART|DTEND|RECURRENCE-ID|EXDATE)(?:;(?:VALUE=(DATE)|TZID=(?:\"([^;:\",^%]+)\"|([^;:\",]+))))?"
)
_DURATION = re.compile(r"P(?:(\d{1,3})W|(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:(\d{1,5})S)?)?)")
_TEXTS = frozenset({"SUMMARY", "DESCRIPTION", "LOCATION", "CLASS", "STATUS", "TRANSP"})
_BARE = frozenset({"RRULE", "DURATION", "SEQUENCE", "CREATED", "LAST-MODIFIED", "UID"})
_VERBATIM = frozenset(name.decode() for name in WANTED if name.startswith(b"X-"))
_NAMES = frozenset(name.decode() for name in WANTED)

# What to do with a line, told by its head (all before the colon).
_IGNORE, _DECLINE, _TEXT, _LINK, _TIME = range(5)
#: How a time is written.
UTC_TIME, ZONED, DATE = range(3)


@dataclass(slots=True)
class Form:
    """How a time is written: its kind and, for `ZONED`, its zone."""

    kind: int
    zone: ZoneInfo | None = None


_UTC_FORM = Form(UTC_TIME)


@dataclass(slots=True)
class Plain:
    """One VEVENT of plain shape. Times are naive wall times (dates at midnight) in `form`."""

    form: Form
    start: datetime
    end: datetime
    rule: str
    excluded: set[datetime]
    original: datetime | None
    keywords: dict[str, Any] = field(default_factory=dict)


class PlainReader:
    """Reads the plain entries of one calendar; remembers the heads and people that it has met."""

    def __init__(self, zones: Zones, source: translate.Source, decode: Decoder) -> None:
        self._decode = decode
        self._zones = zones
        self._source = source
        self._heads: dict[str, tuple[int, str, Form | None]] = {}
        self._people: dict[str, tuple[Attendee | None, Attendee | None, str] | None] = {}
        self._organizers: dict[str, tuple[Organizer | None, str] | None] = {}
        self._stamps: dict[str, datetime | None] = {}

    def read(self, entry: bytes) -> Plain | None:
        """The entry, or None if it has any shape that is not plain."""
        data = top_lines(entry)
        if len(data) > _LONGEST or len(data.translate(None, _CONTROLS)) != len(data):
            return None
        try:
            lines = data.decode().split("\n")
        except UnicodeDecodeError:
            try:
                lines = self._decode(wanted_lines(entry)).split("\n")
            except BadEntryError:
                return None
        found: dict[str, str] = {}
        times: dict[str, tuple[Form, str]] = {}
        excluded: list[tuple[Form, str]] = []
        people: list[str] = []
        links: dict[str, list[str]] = {}
        heads = self._heads
        for line in lines:
            if line.startswith(("ATTENDEE;", "ATTENDEE:")):
                people.append(line)
                continue
            if line.startswith(("ORGANIZER;", "ORGANIZER:")):
                if "ORGANIZER" in found:
                    return None
                found["ORGANIZER"] = line
                continue
            head, colon, value = line.partition(":")
            action, name, form = heads.get(head) or self._learn(head)
            if action == _IGNORE:
                continue
            if action == _DECLINE or not colon:
                return None
            if action == _TIME:
                assert form is not None  # noqa: S101 - for mypy: a time's head has a form
                if name == "EXDATE":
                    excluded.append((form, value))
                elif name in times:
                    return None
                else:
                    times[name] = form, value
            elif action == _LINK or name in translate.CONFERENCE_FIELDS:
                links.setdefault(name, []).append(value)
            elif name in found:
                return None
            else:
                found[name] = value
        return self._plain(found, times, excluded, people, links)

    def _plain(
        self,
        found: dict[str, str],
        times: dict[str, tuple[Form, str]],
        excluded: list[tuple[Form, str]],
        people: list[str],
        links: dict[str, list[str]],
    ) -> Plain | None:
        if "DTSTART" not in times:
            return None
        form, value = times["DTSTART"]
        start = wall_time(form, value)
        if start is None:
            return None
        end = start
        if "DTEND" in times:
            other, value = times["DTEND"]
            later = wall_time(other, value) if other == form else None
            if later is None or later < start:
                return None
            end = later
        if "DURATION" in found:
            length = _duration(found["DURATION"])
            if length is None or "DTEND" in times or (form.kind == DATE and length.seconds):
                return None
            end = start + length
        original = None
        if "RECURRENCE-ID" in times:
            other, value = times["RECURRENCE-ID"]
            original = wall_time(other, value) if other == form else None
            if original is None:
                return None
        gone: set[datetime] = set()
        for other, values in excluded:
            for value in values.split(","):
                moment = wall_time(other, value) if other == form else None
                if moment is None or moment.time() != start.time():
                    return None
                gone.add(moment)
        if original is not None and ("RRULE" in found or gone):
            return None
        keywords = self._keywords(found, people, links)
        if keywords is None:
            return None
        return Plain(form, start, end, found.get("RRULE", ""), gone, original, keywords)

    def _keywords(self, found: dict[str, str], people: list[str], links: dict[str, list[str]]) -> dict[str, Any] | None:
        """What `translate.fields_of` says of the same entry."""
        sequence = found.get("SEQUENCE", "0")
        if not (sequence.isascii() and sequence.isdigit() and len(sequence) < 10):
            return None
        stamps: dict[str, datetime] = {}
        for name in ("CREATED", "LAST-MODIFIED"):
            if name in found:
                if not _WRITTEN[UTC_TIME].fullmatch(found[name]):
                    return None
                stamp = self._stamp(found[name])
                if stamp is not None:  # Google's holidays were made in the year 0
                    stamps[name] = stamp
        listed = self._listed(found.get("ORGANIZER"), people)
        if listed is None:
            return None
        organizer, attendees = listed
        texts = {name: plain_text(found[name]) for name in _TEXTS if name in found}
        title = texts.get("SUMMARY", "")
        private = texts.get("CLASS", "").upper() not in ("", "PUBLIC")
        for value in (*links.get("URL", ()), *links.get("CONFERENCE", ())):
            if "\\" in value:
                return None
        source = self._source
        return {
            "title": title,
            "organizer": organizer,
            "attendees": attendees,
            "status": Status.CANCELLED if source.cancelling else translate.status_of(texts.get("STATUS", "")),
            "show_as": translate.show_as_of(
                found.get("X-MICROSOFT-CDO-BUSYSTATUS", "").strip(),
                found.get("X-MICROSOFT-CDO-INTENDEDSTATUS", "").strip(),
                texts.get("TRANSP", ""),
            ),
            "location": texts.get("LOCATION", ""),
            "conference": translate.conference_of(
                (value.strip() for name in translate.CONFERENCE_FIELDS for value in links.get(name, ())),
                [*(value.strip() for value in links.get("URL", ())), texts.get("DESCRIPTION", "")],
            ),
            "private": private,
            "participants_hidden": translate.hides_people(title, attendees, organizer, private=private, source=source),
            "sequence": int(sequence),
            "created": stamps.get("CREATED"),
            "updated": stamps.get("LAST-MODIFIED"),
        }

    def _listed(
        self, organizer_line: str | None, people: list[str]
    ) -> tuple[Organizer | None, tuple[Attendee, ...]] | None:
        organizer, organizing = None, ""
        if organizer_line is not None:
            try:
                known = self._organizers[organizer_line]
            except KeyError:
                known = self._organizers[organizer_line] = _organizer(organizer_line)
            if known is None:
                return None
            organizer, organizing = known
        attendees = []
        for line in people:
            try:
                person = self._people[line]
            except KeyError:
                person = self._people[line] = _attendee(line)
            if person is None:
                return None
            attendee, as_organizer, address = person
            if attendee is not None:
                attendees.append(as_organizer if organizing and address == organizing else attendee)
        return organizer, tuple(attendees)  # type: ignore[arg-type]  # the two are None together

    def _stamp(self, value: str) -> datetime | None:
        """CREATED or LAST-MODIFIED; None where there is no such time."""
        if value not in self._stamps:
            wall = wall_time(_UTC_FORM, value)
            self._stamps[value] = wall.replace(tzinfo=UTC) if wall else None
        return self._stamps[value]

    def _learn(self, head: str) -> tuple[int, str, Form | None]:
        """What lines of that head are for; remembered."""
        if len(self._heads) > 10_000:
            self._heads.clear()  # heads that never come twice
        action = self._heads[head] = self._action(head)
        return action

    def _action(self, head: str) -> tuple[int, str, Form | None]:
        name = head.partition(";")[0]
        if (text := _TEXT_HEAD.fullmatch(head)) and (name in _TEXTS or head in _BARE or head in _VERBATIM):
            return _TEXT, text[1], None
        if (link := _LINK_HEAD.fullmatch(head)) and ("VALUE" not in link[2] or ";VALUE=URI" in link[2]):
            return _LINK, link[1], None
        if time := _TIME_HEAD.fullmatch(head):
            form = self._form(time[2], time[3] or time[4])
            return (_TIME, time[1], form) if form else (_DECLINE, "", None)
        bare = re.sub(r"[ \t]+", "", name).upper()
        return (_DECLINE if bare in _NAMES or bare == "EXRULE" else _IGNORE), "", None

    def _form(self, date: str | None, tzid: str | None) -> Form | None:
        if date:
            return Form(DATE)
        if tzid is None:
            return Form(UTC_TIME)
        zone = self._zones.get(tzid)
        return Form(ZONED, zone) if isinstance(zone, ZoneInfo) and self._zones.name(zone) else None


_WRITTEN = {UTC_TIME: re.compile(r"\d{8}T\d{6}Z"), ZONED: re.compile(r"\d{8}T\d{6}"), DATE: re.compile(r"\d{8}")}


def wall_time(form: Form, value: str) -> datetime | None:
    """A time as written, naive; None if it is not written in that form."""
    if not _WRITTEN[form.kind].fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value[:15])
    except ValueError:
        return None


def _duration(value: str) -> timedelta | None:
    """A DURATION that is not negative; None if it is written otherwise."""
    found = _DURATION.fullmatch(value)
    if not found or value.endswith(("P", "T")):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)


def plain_text(value: str) -> str:
    """A TEXT value as icalendar reads it, without blanks around it."""
    if "\\" in value:
        if "\\\\" in value:
            value = _ESCAPED.sub(_unescape, value)
        else:  # no escaped backslash: each escape stands for itself
            for escape, character in _ESCAPES:
                value = value.replace(escape, character)
    return value.strip()


def _unescape(escaped: re.Match[str]) -> str:
    return "\n" if escaped[1] in "nN" else escaped[1]


def _attendee(line: str) -> tuple[Attendee | None, Attendee | None, str] | None:
    """The attendee of a line, the same as organizer, and the address to compare; None if icalendar cannot read the line."""
    value = person_line(line)
    if value is None:
        return None
    attendee = translate.attendee_of(value)
    if attendee is None:
        return None, None, ""
    address = attendee.address.lower()
    return attendee, translate.with_organizer(attendee, Organizer(attendee.address)), address


def _organizer(line: str) -> tuple[Organizer | None, str] | None:
    value = person_line(line)
    if value is None:
        return None
    organizer = translate.organizer_of(value)
    return organizer, organizer.address.lower() if organizer else ""
