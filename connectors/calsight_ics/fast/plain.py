"""The plain shapes of a VEVENT, read without parsing every line. Whatever is not listed here is declined (None), not guessed.

Taken are unfolded lines of

    DTSTART, DTEND              `:…Z`, `;TZID=…:…`, `:…` (floating) or `;VALUE=DATE:…`, with or without `VALUE=DATE-TIME`,
                                both ends alike (of single entries they may be in two zones), the end not before the start
    DURATION                    in place of DTEND, not negative
    RRULE                       see `recur`
    EXDATE, RECURRENCE-ID       in the form of DTSTART and, for EXDATE, at its time of day; for a day also a midnight in the
                                calendar's zone, as Exchange writes it; no RANGE
    ATTENDEE, ORGANIZER         parsed by icalendar, each distinct line once
    SUMMARY, DESCRIPTION, LOCATION, CLASS, STATUS, TRANSP     without parameters, or with LANGUAGE
    URL, CONFERENCE             with VALUE=URI or plain parameters, nothing escaped
    SEQUENCE, CREATED, LAST-MODIFIED, and the X- properties that name a conference or a busy status

and any line that calsight does not read. Everything else (RDATE, EXRULE, UTC under another name, repeated or damaged lines …)
is for icalendar and recurring-ical-events.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING

from calsight import Attendee
from calsight_ics import translate
from calsight_ics.charsets import Decoder
from calsight_ics.fast.lines import unfolded
from calsight_ics.fast.plain_fields import BUSY, INTENDED, Fields, PlainFields, remember
from calsight_ics.lengths import Length, duration
from calsight_ics.lines import unfold
from calsight_ics.parse import WANTED, UnreadableEntryError, wanted_lines
from calsight_ics.zone_names import is_utc

if TYPE_CHECKING:
    from calsight_ics.zones import Zones

#: Lines this long are for the slow path, which cuts them.
_LONGEST = 200_000
#: Stands between entries; one that holds it is not plain.
_BETWEEN = b"\x1e"
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n")
_TEXT_HEAD = re.compile(r"([A-Z-]+)(?:;LANGUAGE=[A-Za-z-]+)?")
_LINK_HEAD = re.compile(r"(URL|CONFERENCE)((?:;[A-Z-]+=[A-Za-z0-9,-]+)*)")
_TIME_HEAD = re.compile(
    r"(DTSTART|DTEND|RECURRENCE-ID|EXDATE)"
    r"(?:;VALUE=(DATE)|(?:;VALUE=DATE-TIME)?(?:;TZID=(?:\"([^\"^%\\]+)\"|([^;\"^%\\=]+)))?(?:;VALUE=DATE-TIME)?)"
)
_TEXTS = frozenset({"SUMMARY", "DESCRIPTION", "LOCATION", "CLASS", "STATUS", "TRANSP"})
_BARE = frozenset({"RRULE", "DURATION", "SEQUENCE", "CREATED", "LAST-MODIFIED", "UID", BUSY, INTENDED})
_NAMES = frozenset(name.decode() for name in WANTED)

# What to do with a line, told by its head (all before the colon).
_IGNORE, _DECLINE, _TEXT, _LINK, _TIME, _ATTENDEE, _ORGANIZER, _BEGIN, _AT_LAST = range(9)
#: How a time is written.
UTC_TIME, ZONED, FLOATING, DATE = range(4)


@dataclass(frozen=True, slots=True, eq=False)
class Form:
    """How a time is written: its kind, and the zone of `ZONED` and `FLOATING`. One object for each, so `is` compares them."""

    kind: int
    zone: tzinfo | None = None


_UTC_FORM, _DATE_FORM = Form(UTC_TIME), Form(DATE)
#: Of a line whose head does not tell: UTC where its value ends with Z, else floating.
_BARE_FORM = Form(UTC_TIME)


@dataclass(slots=True)
class Plain:
    """One VEVENT of plain shape. Times are naive wall times (dates at midnight) in `form`.

    `length` is what DURATION says, `fields` are the other fields of its `CalendarEvent`.
    """

    form: Form
    start: datetime
    end: datetime
    length: Length | None
    rule: str
    excluded: set[datetime]
    original: datetime | None
    fields: Fields


class PlainReader:
    """Reads the plain entries of one calendar; remembers the heads of lines that it has met."""

    def __init__(self, zones: Zones, source: translate.Source, decode: Decoder) -> None:
        self._decode = decode
        self._zones = zones
        self._fields = PlainFields(source)
        self._heads: dict[bytes, tuple[int, str, Form | None]] = {}
        self._forms: dict[tzinfo, Form] = {}
        self._floating = Form(FLOATING, zones.own or zones.home)

    def texts(self, entries: Sequence[bytes]) -> list[bytes | None]:
        """The unfolded lines of each entry in UTF-8, for `read`; None for one that is not plain.

        All are unfolded at once where nothing speaks against it: each by itself takes several times as long.
        """
        lines = unfolded(_BETWEEN.join(entries), _BETWEEN)
        if lines is not None and _is_utf8(lines):
            texts = lines.split(_BETWEEN)
            if len(texts) == len(entries):
                return [text if len(text) <= _LONGEST else None for text in texts]
        return [self._text(entry) for entry in entries]

    def _text(self, entry: bytes) -> bytes | None:
        lines = unfold(entry)
        if len(lines) > _LONGEST or len(lines.translate(None, _CONTROLS)) != len(lines):
            return None
        if _is_utf8(lines):
            return lines
        try:
            return self._decode(wanted_lines(entry)).encode()
        except UnreadableEntryError:
            return None

    def read(self, text: bytes) -> Plain | None:
        """The entry of which these are the unfolded lines, or None if it has any shape that is not plain."""
        found: dict[str, bytes] = {}
        times: dict[str, tuple[Form, bytes]] = {}
        excluded: list[tuple[Form, bytes]] = []
        listed: list[Attendee] = []
        links: dict[str, list[str]] = {}
        heads = self._heads
        people = self._fields.people
        lines = iter(text.split(b"\n"))
        for line in lines:
            known = people.get(line)
            if known is not None:
                listed += known
                continue
            head, colon, value = line.partition(b":")
            action, name, form = heads.get(head) or self._learn(head, value)
            if action == _TEXT:
                if name in found or not colon:
                    return None
                found[name] = value
                continue
            if action == _IGNORE:
                continue
            if action == _AT_LAST:  # a colon in the name of a zone: the value is behind the last one
                head, _, value = line.rpartition(b":")
                if len(value) < 8 or not value[:8].isdigit():
                    return None
                action, name, form = heads.get(head) or self._learn(head, b"")
            if action == _TIME and form is not None and colon:
                if form is _BARE_FORM:
                    form = _UTC_FORM if value.endswith(b"Z") else self._floating
                if name == "EXDATE":
                    excluded.append((form, value))
                elif name in times:
                    return None
                else:
                    times[name] = form, value
            elif action == _ATTENDEE:
                known = self._fields.attendee(line)
                if known is None:
                    return None
                listed += known
            elif action == _ORGANIZER:
                if "ORGANIZER" in found:
                    return None
                found["ORGANIZER"] = line
            elif action == _LINK and colon:
                links.setdefault(name, []).append(value.decode())
            elif action == _BEGIN:  # of an alarm, say
                component = value.strip().upper()
                if component in (b"VEVENT", b"VCALENDAR"):
                    return None
                if not any(inner.strip().upper() == b"END:" + component for inner in lines):
                    return None
            else:
                return None
        return self._plain(found, times, excluded, listed, links)

    def _plain(
        self,
        found: dict[str, bytes],
        times: dict[str, tuple[Form, bytes]],
        excluded: list[tuple[Form, bytes]],
        listed: list[Attendee],
        links: dict[str, list[str]],
    ) -> Plain | None:
        if "DTSTART" not in times:
            return None
        form, value = times["DTSTART"]
        start = _wall_time(form, value)
        if start is None:
            return None
        end = start
        length = None
        if "DTEND" in times:
            other, value = times["DTEND"]
            later = _wall_time(other, value)
            if other is not form and later is not None:
                single = "RRULE" not in found and not excluded
                later = _moved(later, other, form) if single else None
            if later is None or later < start:
                return None
            end = later
        if "DURATION" in found:
            length = duration(found["DURATION"].decode())
            if length is None or "DTEND" in times or length.days < 0 or (length.elapsed and form.kind == DATE):
                return None
            end = start + timedelta(days=length.days) + length.elapsed
            if end < start:
                return None
        original = None
        if "RECURRENCE-ID" in times:
            other, value = times["RECURRENCE-ID"]
            original = _wall_time(other, value) if other is form else self._day(form, other, value)
            if original is None:
                return None
        gone: set[datetime] = set()
        for other, values in excluded:
            for value in values.split(b","):
                moment = _wall_time(other, value) if other is form else self._day(form, other, value)
                if moment is None or moment.time() != start.time():
                    return None
                gone.add(moment)
        if original is not None and ("RRULE" in found or gone):
            return None
        fields = self._fields.fields(found, listed, links)
        if fields is None:
            return None
        return Plain(form, start, end, length, found.get("RRULE", b"").decode(), gone, original, fields)

    def _day(self, form: Form, other: Form, value: bytes) -> datetime | None:
        """The day that Exchange writes as a midnight in the calendar's zone where the entry itself is all-day; else None."""
        if form.kind != DATE or other.kind != ZONED or other.zone is not self._zones.dates:
            return None
        wall = _wall_time(other, value)
        return wall if wall is not None and wall.time() == time() else None

    def _learn(self, head: bytes, value: bytes) -> tuple[int, str, Form | None]:
        """What lines of that head are for; remembered, save for people's: theirs are as many as people."""
        if head.startswith(b"ATTENDEE") and head[8:9] in (b"", b";"):
            return _ATTENDEE, "", None
        if head.startswith(b"ORGANIZER") and head[9:10] in (b"", b";"):
            return _ORGANIZER, "", None
        if b";TZID=" in head and value.endswith(b"Z"):  # times in UTC: that zone is not asked for
            return _DECLINE, "", None
        if b";TZID=" in head and b":" in value:
            return remember(self._heads, head, (_AT_LAST, "", None))
        return remember(self._heads, head, self._action(head.decode()))

    def _action(self, head: str) -> tuple[int, str, Form | None]:
        name = head.partition(";")[0]
        if head in translate.CONFERENCE_FIELDS:
            return _LINK, head, None
        if (text := _TEXT_HEAD.fullmatch(head)) and (name in _TEXTS or head in _BARE):
            return _TEXT, text[1], None
        if (link := _LINK_HEAD.fullmatch(head)) and ("VALUE" not in link[2] or ";VALUE=URI" in link[2]):
            return _LINK, link[1], None
        if timed := _TIME_HEAD.fullmatch(head):
            form = self._form(timed[2], timed[3] or timed[4])
            return (_TIME, timed[1], form) if form else (_DECLINE, "", None)
        bare = re.sub(r"[ \t]+", "", name).upper()
        if bare == "BEGIN":
            return _BEGIN, "", None
        return (_DECLINE if bare in _NAMES or bare == "EXRULE" else _IGNORE), "", None

    def _form(self, date: str | None, tzid: str | None) -> Form | None:
        """The form of times with these parameters; None for UTC by one of its names, which is rare."""
        if date:
            return _DATE_FORM
        if tzid is None:
            return _BARE_FORM
        zone = self._zones.get(tzid)
        if zone is None:
            return self._floating
        if is_utc(zone):
            return None
        return self._forms.setdefault(zone, Form(ZONED, zone))


_WALL = re.compile(rb"\d{8}T\d{6}")
_WRITTEN = {UTC_TIME: re.compile(rb"\d{8}T\d{6}Z"), ZONED: _WALL, FLOATING: _WALL, DATE: re.compile(rb"\d{8}")}


def _wall_time(form: Form, value: bytes) -> datetime | None:
    """A time as written, naive; None if it is not written in that form."""
    if not _WRITTEN[form.kind].fullmatch(value):
        return None
    try:
        return datetime.fromisoformat(value[:15].decode())
    except ValueError:
        return None


def _moved(wall: datetime, form: Form, other: Form) -> datetime | None:
    """A time of one form as the wall time of another at that moment; None unless each has a zone."""
    zone, other_zone = (_zone_of(each) for each in (form, other))
    if zone is None or other_zone is None:
        return None
    return wall.replace(tzinfo=zone).astimezone(other_zone).replace(tzinfo=None)


def _zone_of(form: Form) -> tzinfo | None:
    return UTC if form.kind == UTC_TIME else form.zone if form.kind == ZONED else None


def _is_utf8(lines: bytes) -> bool:
    try:
        lines.decode()
    except UnicodeDecodeError:
        return False
    return True
