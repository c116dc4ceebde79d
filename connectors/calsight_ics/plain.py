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
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

from calsight import Attendee, Organizer, Status, conference_links
from calsight_ics import translate
from calsight_ics.entries import unfold
from calsight_ics.parse import WANTED, BadEntryError, Decoder, person_line, wanted_lines

if TYPE_CHECKING:
    from calsight_ics.zones import Zones

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")

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
_BUSY, _INTENDED = "X-MICROSOFT-CDO-BUSYSTATUS", "X-MICROSOFT-CDO-INTENDEDSTATUS"
_TEXTS = frozenset({"SUMMARY", "DESCRIPTION", "LOCATION", "CLASS", "STATUS", "TRANSP"})
_BARE = frozenset({"RRULE", "DURATION", "SEQUENCE", "CREATED", "LAST-MODIFIED", "UID", _BUSY, _INTENDED})
_NAMES = frozenset(name.decode() for name in WANTED)

# What to do with a line, told by its head (all before the colon).
_IGNORE, _DECLINE, _TEXT, _LINK, _TIME, _ATTENDEE, _ORGANIZER, _BEGIN = range(8)
#: How a time is written.
UTC_TIME, ZONED, DATE = range(3)
#: So many different heads or values are remembered; more are those that never come twice.
_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """How a time is written: its kind and, for `ZONED`, its zone. There is one object for each, so `is` compares them."""

    kind: int
    zone: ZoneInfo | None = None


_UTC_FORM, _DATE_FORM = Form(UTC_TIME), Form(DATE)
#: An attendee, the same as organizer, and the address to compare.
_Person = tuple[Attendee, Attendee, str]


@dataclass(slots=True)
class Plain:
    """One VEVENT of plain shape. Times are naive wall times (dates at midnight) in `form`.

    `keywords` are the other fields of its `CalendarEvent`.
    """

    form: Form
    start: datetime
    end: datetime
    rule: str
    excluded: set[datetime]
    original: datetime | None
    keywords: dict[str, Any]


class PlainReader:
    """Reads the plain entries of one calendar; remembers the heads, people and marks that it has met."""

    def __init__(self, zones: Zones, source: translate.Source, decode: Decoder, *, tidy: bool) -> None:
        """`tidy`: no entry has an empty line, and no line is folded by a tab."""
        self._tidy = tidy
        self._decode = decode
        self._zones = zones
        self._source = source
        self._heads: dict[str, tuple[int, str, Form | None]] = {}
        self._forms: dict[ZoneInfo, Form] = {}
        self._people: dict[str, tuple[_Person, ...]] = {}
        self._organizers: dict[str, tuple[Organizer | None, str] | None] = {}
        self._marks: dict[tuple[str, ...], dict[str, Any]] = {}
        self._stamps: dict[str, datetime | None] = {}

    def texts(self, entries: Sequence[bytes]) -> list[str | None]:
        """The unfolded lines of each entry, for `read`; None for one that is not plain.

        All are unfolded at once where nothing speaks against it: each by itself takes three times as long. No entry of a
        tidy text has an empty line, so one can stand between them.
        """
        joined = b"\n\n".join(entries)
        lines = joined.translate(None, _CONTROLS)
        if self._tidy and len(joined) - len(lines) == joined.count(b"\r\n"):
            try:
                texts = lines.replace(b"\n ", b"").decode().split("\n\n")
            except UnicodeDecodeError:
                pass
            else:
                return [text if len(text) <= _LONGEST else None for text in texts]
        return [self._text(entry) for entry in entries]

    def _text(self, entry: bytes) -> str | None:
        lines = unfold(entry)
        if len(lines) > _LONGEST or len(lines.translate(None, _CONTROLS)) != len(lines):
            return None
        try:
            return lines.decode()
        except UnicodeDecodeError:
            try:
                return self._decode(wanted_lines(entry))
            except BadEntryError:
                return None

    def read(self, text: str) -> Plain | None:
        """The entry of which these are the unfolded lines, or None if it has any shape that is not plain."""
        found: dict[str, str] = {}
        times: dict[str, tuple[Form, str]] = {}
        excluded: list[tuple[Form, str]] = []
        listed: list[_Person] = []
        links: dict[str, list[str]] = {}
        heads = self._heads
        people = self._people
        lines = iter(text.split("\n"))
        for line in lines:
            known = people.get(line)
            if known is not None:
                listed += known
                continue
            head, colon, value = line.partition(":")
            action, name, form = heads.get(head) or self._learn(head)
            if action == _IGNORE:
                continue
            if action == _TEXT:
                if name in found or not colon:
                    return None
                found[name] = value
            elif action == _TIME and form is not None and colon:
                if name == "EXDATE":
                    excluded.append((form, value))
                elif name in times:
                    return None
                else:
                    times[name] = form, value
            elif action == _ATTENDEE:
                known = _attendee(line)
                if known is None:
                    return None
                people[line] = known
                listed += known
            elif action == _ORGANIZER:
                if "ORGANIZER" in found:
                    return None
                found["ORGANIZER"] = line
            elif action == _LINK and colon:
                links.setdefault(name, []).append(value)
            elif action == _BEGIN and value == "VEVENT":
                continue
            elif action == _BEGIN:  # of an alarm, say
                last = f"END:{value.strip().upper()}"
                if not any(inner.strip().upper() == last for inner in lines):
                    return None
            else:
                return None
        return self._plain(found, times, excluded, listed, links)

    def _plain(
        self,
        found: dict[str, str],
        times: dict[str, tuple[Form, str]],
        excluded: list[tuple[Form, str]],
        listed: list[_Person],
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
            later = wall_time(other, value) if other is form else None
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
            original = wall_time(other, value) if other is form else None
            if original is None:
                return None
        gone: set[datetime] = set()
        for other, values in excluded:
            for value in values.split(","):
                moment = wall_time(other, value) if other is form else None
                if moment is None or moment.time() != start.time():
                    return None
                gone.add(moment)
        if original is not None and ("RRULE" in found or gone):
            return None
        keywords = self._keywords(found, listed, links)
        if keywords is None:
            return None
        return Plain(form, start, end, found.get("RRULE", ""), gone, original, keywords)

    def _keywords(
        self, found: dict[str, str], listed: list[_Person], links: dict[str, list[str]]
    ) -> dict[str, Any] | None:
        """What `translate.fields_of` says of the same entry."""
        get = found.get
        sequence = get("SEQUENCE", "0")
        if not (sequence.isascii() and sequence.isdigit() and len(sequence) < 10):
            return None
        created, updated = get("CREATED"), get("LAST-MODIFIED")
        for stamp in (created, updated):
            if stamp is not None and stamp not in self._stamps and not _WRITTEN[UTC_TIME].fullmatch(stamp):
                return None
        organizer, organizing = None, ""
        if "ORGANIZER" in found:
            known = self._organizer(found["ORGANIZER"])
            if known is None:
                return None
            organizer, organizing = known
        attendees = tuple(
            [
                as_organizer if organizing and address == organizing else attendee
                for attendee, as_organizer, address in listed
            ]
        )
        title, description = plain_text(get("SUMMARY", "")), plain_text(get("DESCRIPTION", ""))
        if not links:
            conference = conference_links(description)
        elif any("\\" in value for name in ("URL", "CONFERENCE") for value in links.get(name, ())):
            return None
        else:
            conference = translate.conference_of(
                [value.strip() for name in translate.CONFERENCE_FIELDS for value in links.get(name, ())],
                [*(value.strip() for value in links.get("URL", ())), description],
            )
        marks = self._marks_of(
            (get("CLASS", ""), get("STATUS", ""), get("TRANSP", ""), get(_BUSY, ""), get(_INTENDED, ""))
        )
        return {
            "title": title,
            "organizer": organizer,
            "attendees": attendees,
            "location": plain_text(get("LOCATION", "")),
            "conference": conference,
            "participants_hidden": translate.hides_people(
                title, attendees, organizer, private=marks["private"], source=self._source
            ),
            "sequence": int(sequence),
            "created": self._stamp(created) if created else None,
            "updated": self._stamp(updated) if updated else None,
            **marks,
        }

    def _marks_of(self, written: tuple[str, ...]) -> dict[str, Any]:
        """What CLASS, STATUS, TRANSP and Microsoft's two busy statuses say together; there are few ways to set them."""
        marks = self._marks.get(written)
        if marks is None:
            visible, status, transp, busy, intended = map(plain_text, written)
            marks = {
                "private": visible.upper() not in ("", "PUBLIC"),
                "status": Status.CANCELLED if self._source.cancelling else translate.status_of(status),
                "show_as": translate.show_as_of(busy, intended, transp),
            }
            _remember(self._marks, written, marks)
        return marks

    def _organizer(self, line: str) -> tuple[Organizer | None, str] | None:
        """The organizer of a line and the address to compare; None if icalendar cannot read the line."""
        try:
            return self._organizers[line]
        except KeyError:
            known = self._organizers[line] = _organizer(line)
            return known

    def _stamp(self, value: str) -> datetime | None:
        """CREATED or LAST-MODIFIED; None where there is no such time (Google's holidays were made in the year 0)."""
        try:
            return self._stamps[value]
        except KeyError:
            wall = wall_time(_UTC_FORM, value)
            return _remember(self._stamps, value, wall.replace(tzinfo=UTC) if wall else None)

    def _learn(self, head: str) -> tuple[int, str, Form | None]:
        """What lines of that head are for; remembered, save for people's: theirs are as many as people."""
        if head.startswith("ATTENDEE") and head[8:9] in ("", ";"):
            return _ATTENDEE, "", None
        if head.startswith("ORGANIZER") and head[9:10] in ("", ";"):
            return _ORGANIZER, "", None
        return _remember(self._heads, head, self._action(head))

    def _action(self, head: str) -> tuple[int, str, Form | None]:
        name = head.partition(";")[0]
        if head in translate.CONFERENCE_FIELDS:
            return _LINK, head, None
        if (text := _TEXT_HEAD.fullmatch(head)) and (name in _TEXTS or head in _BARE):
            return _TEXT, text[1], None
        if (link := _LINK_HEAD.fullmatch(head)) and ("VALUE" not in link[2] or ";VALUE=URI" in link[2]):
            return _LINK, link[1], None
        if time := _TIME_HEAD.fullmatch(head):
            form = self._form(time[2], time[3] or time[4])
            return (_TIME, time[1], form) if form else (_DECLINE, "", None)
        bare = re.sub(r"[ \t]+", "", name).upper()
        if bare == "BEGIN":
            return _BEGIN, "", None
        return (_DECLINE if bare in _NAMES or bare == "EXRULE" else _IGNORE), "", None

    def _form(self, date: str | None, tzid: str | None) -> Form | None:
        if date:
            return _DATE_FORM
        if tzid is None:
            return _UTC_FORM
        zone = self._zones.get(tzid)
        if not isinstance(zone, ZoneInfo) or not self._zones.name(zone):
            return None
        return self._forms.setdefault(zone, Form(ZONED, zone))


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


def _attendee(line: str) -> tuple[_Person, ...] | None:
    """Who an ATTENDEE line is about: one, or none who takes part; None if icalendar cannot read the line."""
    value = person_line(line)
    if value is None:
        return None
    attendee = translate.attendee_of(value)
    if attendee is None:
        return ()
    as_organizer = translate.with_organizer(attendee, Organizer(attendee.address))
    return ((attendee, as_organizer, attendee.address.lower()),)


def _organizer(line: str) -> tuple[Organizer | None, str] | None:
    value = person_line(line)
    if value is None:
        return None
    organizer = translate.organizer_of(value)
    return organizer, organizer.address.lower() if organizer else ""


def _remember(memory: dict[_Key, _Value], key: _Key, value: _Value) -> _Value:
    """`value`, put into `memory`, which is emptied before it grows beyond measure."""
    if len(memory) > _REMEMBERED:
        memory.clear()
    memory[key] = value
    return value
