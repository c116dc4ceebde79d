"""The bytes of one component → an icalendar component. icalendar is the parser of record.

Only the lines that calsight reads are handed to it, so that a damaged line that nobody needs costs nothing, and TZIDs are
looked up in the calendar's own zones rather than in icalendar's, which are shared by all calendars of a process.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache
from typing import Any, Protocol, TypeAlias

from calsight_ics.charsets import Decoder, joined, readable
from calsight_ics.entries import top_lines
from calsight_ics.lengths import duration
from calsight_ics.lines import line_end
from calsight_ics.places.text import Text

#: An icalendar component. Its values are a union of some thirty types; what is looked at is checked where it is looked at.
Component: TypeAlias = Any

WANTED = frozenset(
    b"ATTENDEE CLASS CONFERENCE CREATED DESCRIPTION DTEND DTSTART DURATION EXDATE EXRULE LAST-MODIFIED LOCATION "
    b"ORGANIZER RDATE RECURRENCE-ID RRULE SEQUENCE STATUS SUMMARY TRANSP UID URL X-GOOGLE-CONFERENCE X-GOOGLE-HANGOUT "
    b"X-MICROSOFT-CDO-BUSYSTATUS X-MICROSOFT-CDO-INTENDEDSTATUS X-MICROSOFT-ONLINEMEETINGCONFLINK "
    b"X-MICROSOFT-ONLINEMEETINGEXTERNALLINK X-MICROSOFT-SKYPETEAMSMEETINGURL".split()
)
_NAME = re.compile(rb"[ \t]*([A-Za-z0-9-]+)[ \t]*[;:]")
_DATE_WITH_Z = re.compile(rb"(?<!\d)(\d{8})Z")
_LISTS = frozenset({b"RDATE", b"EXDATE"})
_RULES = frozenset({b"RRULE", b"EXRULE"})
#: Parts of a rule that say nothing: empty ones, those of a producer's own (RFC 2445), what RFC 7529 has as the usual, and a
#: negative count, with which some write "without end" (recurring-ical-events#128).
_IDLE_PART = re.compile(rb"(?i)(?:|[A-Z0-9-]+=|X-.*|RSCALE=GREGORIAN|SKIP=OMIT|COUNT=-\d+)")
#: An empty one says as much as none.
_MAY_BE_EMPTY = frozenset({b"RRULE", b"RDATE", b"EXDATE", b"EXRULE", b"DURATION", b"SEQUENCE"})
_DATED = frozenset({b"DTSTART", b"DTEND", b"RECURRENCE-ID", b"RDATE", b"EXDATE"})
#: The value of a line of dates and times; as RFC 5545 has them; one as only ISO 8601 has it: `2026-06-08T10:00:00+02:00`.
_MOMENT = re.compile(rb":([ \t]*)(?=\d{4}-?\d\d-?\d\d)")
_MOMENTS = re.compile(rb"[0-9TtZz:,.+ -]*")
_AS_RFC_5545 = re.compile(rb"\d{8}(?:T(?:[01]\d|2[0-3])\d\d[0-5]\dZ?)?(?:,\d{8}(?:T(?:[01]\d|2[0-3])\d\d[0-5]\dZ?)?)*")
_AS_ISO_8601 = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)(?:[Tt ](\d\d):?(\d\d)(?::?(\d\d)(?:\.\d+)?)?(?: ?([Zz]|[+-]\d\d(?::?\d\d)?))?)?"
)
_ZONE_PARAMETER = re.compile(rb"(?i)([^:]*?;TZID=)(.+?)((?:;[A-Z-]+=[^;]*)*)")
_ZONE_OF_ANY = re.compile(rb'(?i);TZID=(?:"[^"]*"|[^;]*)')
_ALL_UTC = re.compile(rb"\d{8}T\d{6}Z(?:,\d{8}T\d{6}Z)*")
_PLAIN_ZONE = re.compile(rb'[^":,;\\^]+|"[^"\\^]+"')
#: Longer than all that stands before the value of a date.
_LONGEST_HEAD = 500
_CONTROL = re.compile(rb"[\x00-\x08\x0b-\x1f]")
#: Longer lines are cut: nobody's title or description is longer, and icalendar looks at each character.
LINE_LIMIT = 200_000
#: Numbers and days that the parts of a rule list: icalendar makes an object of each, several times. "Each minute of each
#: working hour" has 69; no rule has been met that means something and has more than 20.
RULE_LIMIT = 100
ENTRY_LIMIT = 4_000_000
#: A larger entry is not copied as it is: it may be one attachment, or anything at all.
_LARGE = 1_000_000
#: In place of an entry that would be larger than `ENTRY_LIMIT` with nothing in it but what is read.
_OVERSIZED = b"\0"
#: Without these an entry would be somewhere else, or come more often than it does.
_NEEDED = ("DTSTART", "RECURRENCE-ID", "RRULE", "RDATE", "EXDATE", "EXRULE")
#: Text lines may be cut; a cut list of dates would be a different list.
_MAY_BE_CUT = frozenset({b"DESCRIPTION", b"SUMMARY", b"LOCATION"})


_WANTED_LINE = re.compile(rb"(?i)\n(BEGIN|END|" + b"|".join(sorted(WANTED)) + rb")[ \t]*[;:]")


class ZoneBook(Protocol):
    """The zones of one calendar (`zones.Zones`). `own` is that in which its UTC and floating times are meant, if any."""

    @property
    def own(self) -> tzinfo | None:
        """X-WR-TIMEZONE."""
        ...

    def get(self, tzid: str) -> tzinfo | None:
        """The zone of a TZID; None if nothing tells it."""
        ...


class UnreadableEntryError(Exception):
    """An entry that cannot be read; the text is the cause, in words for a Problem, without any of its content."""


_DAY = re.compile(rb"(?im)^DTSTART[^:\r\n]*:\s*(\d{4})-?(\d\d)-?(\d\d)")
_RECURS = re.compile(rb"(?im)^(?:RRULE|RDATE)[:;]")


def day_of(entry: bytes) -> date | None:
    """The day on which an entry that cannot be read seems to be; None where that cannot be told either, or where it recurs."""
    found = _DAY.search(entry)
    if found is None or _RECURS.search(entry):
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def entry_of(text: Text, begin: int, end: int) -> bytes:
    """The bytes of an entry; of a very large one only the lines that calsight reads, each no longer than it is read."""
    if end - begin <= _LARGE:
        return text[begin:end]
    kept, size, at = [text[begin : text.find(b"\n", begin)]], 0, begin
    while (found := _WANTED_LINE.search(text, at, end)) is not None:
        at = line_end(text, found.end(), end)
        longest = 2 * LINE_LIMIT if found[1].upper() in _MAY_BE_CUT else 2 * ENTRY_LIMIT
        line = text[found.start(1) : min(at, found.start() + longest)]
        if b"QUOTED-PRINTABLE" in line[:_LONGEST_HEAD].upper():
            line = line.rstrip(b"=\r")  # what stands on the next lines is not read
        kept.append(line)
        size += len(line)
        if size > ENTRY_LIMIT:
            return _OVERSIZED
    return b"\n".join(kept)


def parse_event(entry: bytes, zones: ZoneBook, decode: Decoder) -> Component:
    """One VEVENT. Raises `UnreadableEntryError` where it has no usable start or cannot be parsed at all."""
    component = parse_component(wanted_lines(entry), zones, decode)
    start = _single(component, "DTSTART")
    if start is None:
        raise UnreadableEntryError("it has no start (DTSTART)")
    for name in _NEEDED:
        for value in (component.get(name), *_values(component.get(name))):
            if value is not None and is_broken(value):
                raise UnreadableEntryError(f"its {name} cannot be read")
    for name in ("DTSTART", "RECURRENCE-ID"):
        value = _single(component, name)
        if value is not None and not isinstance(value_of(value), date):
            raise UnreadableEntryError(f"its {name} is no date")
    if not isinstance(value_of(_single(component, "DTEND")), date):
        component.pop("DTEND", None)
    if not isinstance(value_of(_single(component, "DURATION")), timedelta):
        component.pop("DURATION", None)
    sequence = _single(component, "SEQUENCE")
    if sequence is not None and not isinstance(sequence, int):
        component.pop("SEQUENCE")
    return component


def _values(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _single(component: Component, name: str) -> Any:
    """The first value of a property that may be there once only; later ones are dropped."""
    value = component.get(name)
    if isinstance(value, list):
        value = component[name] = value[0]
    return value


def is_broken(value: Any) -> bool:
    """Whether icalendar kept the property as text because its value is none of its type."""
    return hasattr(value, "expected_type")


def value_of(value: Any) -> Any:
    """The date, time or duration that a property holds; None for an absent or broken one."""
    return None if value is None or is_broken(value) else getattr(value, "dt", None)


def wanted_lines(entry: bytes) -> bytes:
    """The lines of an entry that calsight reads. Raises `UnreadableEntryError` for one of absurd size."""
    if entry == _OVERSIZED:
        raise UnreadableEntryError(f"it is larger than {ENTRY_LIMIT:,} bytes")
    lines = [b"BEGIN:VEVENT"]
    size = 0
    printable = b"QUOTED-PRINTABLE" in entry or b"quoted-printable" in entry
    found = top_lines(entry).split(b"\n")
    for line in map(readable, joined(found)) if printable else found:
        named = _NAME.match(line)
        if not named:
            continue
        name = named[1].upper()
        if name not in WANTED:
            continue
        if name in _MAY_BE_EMPTY and not line.rpartition(b":")[2].strip():
            continue
        if len(line) > LINE_LIMIT:
            if name not in _MAY_BE_CUT:
                raise UnreadableEntryError(f"its {name.decode()} is longer than {LINE_LIMIT:,} bytes")
            line = line[:LINE_LIMIT].rstrip(b"\\")
        if name in _DATED:
            line = _in_basic_form(line)
            if b"TZID" in line.upper():
                line = _quoted_zone(_without_zone_of_utc(line))
        if name in _RULES:
            line = _tidy_rule(line)
            if line.count(b",") + line.count(b"=") > RULE_LIMIT:
                raise UnreadableEntryError(f"its {name.decode()} lists more than {RULE_LIMIT} numbers")
        elif name in _LISTS:
            line = _as_dates(line)
        size += len(line)
        if size > ENTRY_LIMIT:
            raise UnreadableEntryError(f"it is larger than {ENTRY_LIMIT:,} bytes")
        lines.append(line.rstrip(b"\r"))
    lines.append(b"END:VEVENT")
    return _CONTROL.sub(b" ", b"\n".join(lines))


def _without_zone_of_utc(line: bytes) -> bytes:
    """A line of times in UTC without a TZID, which "MUST NOT be applied" to them (RFC 5545, 3.2.19)."""
    head, colon, value = line.rpartition(b":")
    if len(head) > _LONGEST_HEAD or not _ALL_UTC.fullmatch(value.rstrip()):
        return line
    return _ZONE_OF_ANY.sub(b"", head) + colon + value


def _quoted_zone(line: bytes) -> bytes:
    """A line of dates whose zone has a colon or comma in its name, unquoted as Exchange writes it, with that name quoted.

    No date has a colon: what is behind the last one is the value.
    """
    head, colon, value = line.rpartition(b":")
    found = _ZONE_PARAMETER.fullmatch(head) if len(head) < _LONGEST_HEAD else None
    if found is None or _PLAIN_ZONE.fullmatch(found[2]):
        return line
    return found[1] + b'"' + found[2].replace(b'"', b"") + b'"' + found[3] + colon + value


def _in_basic_form(line: bytes) -> bytes:
    """A line of dates and times that are written as ISO 8601 allows and RFC 5545 does not, put into its form.

    A blank before it, hyphens and colons, no seconds, an offset, a small `z`; 24:00 is midnight, and 60 seconds are 59 as
    3.3.12 says. Beside a TZID an offset says nothing more (a `Z` does: see `_without_zone_of_utc`).
    """
    found = _MOMENT.search(line)
    if found is None:
        return line
    head, value = line[: found.start(1)], line[found.end() :]
    if _AS_RFC_5545.fullmatch(value) or not _MOMENTS.fullmatch(value):
        return head + value
    zoned = b"TZID=" in head.upper()
    return head + b",".join(_basic(each, zoned) for each in value.split(b","))


def _basic(value: bytes, zoned: bool) -> bytes:
    found = _AS_ISO_8601.fullmatch(value.decode("ascii", "replace").strip())
    if found is None:
        return value
    *numbers, offset = (part or "" for part in found.groups())
    offset = "" if zoned and offset not in ("Z", "z") else offset
    year, month, day, hour, minute, second = (int(part or 0) for part in numbers)
    if not numbers[3]:
        return b"%04d%02d%02d" % (year, month, day)
    if (hour, minute, second) > (24, 0, 0):
        return value
    try:
        moment = datetime(year, month, day, hour % 24, minute, min(second, 59))  # noqa: DTZ001
        moment += timedelta(days=hour // 24)
        if offset[:1] in ("+", "-"):
            digits = offset[1:].replace(":", "").ljust(4, "0")
            moment -= timedelta(hours=int(digits[:2]), minutes=int(digits[2:])) * (-1 if offset[0] == "-" else 1)
    except (ValueError, OverflowError):
        return value
    return f"{moment:%Y%m%dT%H%M%S}{'Z' if offset else ''}".encode()


def _tidy_rule(line: bytes) -> bytes:
    """A rule without the parts that say nothing, without blanks and empty items, its UNTIL in the form of RFC 5545."""
    head, colon, value = line.partition(b":")
    parts = [part.rstrip(b",") for part in value.replace(b" ", b"").split(b";")]
    kept = [part for part in parts if not _IDLE_PART.fullmatch(part)]
    for number, part in enumerate(kept):
        name, equals, written = part.partition(b"=")
        if name.upper() == b"UNTIL" and not _AS_RFC_5545.fullmatch(written):
            kept[number] = name + equals + _basic(written, zoned=False)
    return head + colon + b";".join(kept)


def _as_dates(line: bytes) -> bytes:
    """Take out what some producers put into lists of days: blanks (Exchange), a "Z" after a date (Google's birthdays)."""
    head, colon, value = line.rpartition(b":")
    return head + colon + _DATE_WITH_Z.sub(rb"\1", value.replace(b" ", b""))


def parse_component(lines: bytes, zones: ZoneBook | None = None, decode: Decoder | None = None) -> Component:
    """Parse unfolded lines. Raises `UnreadableEntryError` for what icalendar cannot read at all."""
    text = (decode or Decoder(lines))(lines)
    try:
        parser = _parser_class()(text, zones)
        components = parser.parse()
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, OverflowError) as error:
        raise UnreadableEntryError(f"it cannot be parsed ({type(error).__name__})") from None
    if len(components) != 1:
        raise UnreadableEntryError("it does not end where it should")
    return components[0]


class Address(str):
    """A calendar address with its parameters, as icalendar's vCalAddress has them."""

    __slots__ = ("params",)
    params: dict[str, str]


_SAFE = r'[^\s";:,\\^%=\x7f]'
_PARAMETER = rf'([A-Z-]+)=(?:"([^"\\^%\t\x7f]*)"|({_SAFE}(?:[^\t";:,\\^%=\x7f]*{_SAFE})?|))'
_PLAIN_PERSON = re.compile(rf"(?:ATTENDEE|ORGANIZER)((?:;{_PARAMETER})*):([^\\]*)")
_EACH_PARAMETER = re.compile(f";{_PARAMETER}")


def person_line(line: str) -> Any:
    """The value of one unfolded ATTENDEE or ORGANIZER line as icalendar reads it; None where it gives the line up.

    A line in which nothing is escaped is split here, which spares a small calendar the import of icalendar; a test holds the
    two equal.
    """
    plain = _PLAIN_PERSON.fullmatch(line)
    if plain:
        parameters = {name: quoted or bare for name, quoted, bare in _EACH_PARAMETER.findall(plain[1])}
        if "VALUE" not in parameters:
            address = Address(plain[5])
            address.params = parameters
            return address
    return parsed_person(line)


def parsed_person(line: str) -> Any:
    """The same through icalendar, for every line."""
    from icalendar.parser import Contentline
    from icalendar.prop import vCalAddress

    try:
        _, parameters, value = Contentline(line).parts()  # type: ignore[no-untyped-call]
        if "VALUE" in parameters:
            return None  # another type of value, perhaps
        person = vCalAddress(value)
    except (ValueError, AssertionError):
        return None
    person.params = parameters
    return person


@cache
def _parser_class() -> Callable[[str, ZoneBook | None], Any]:
    """Made on first use: icalendar takes a while to import."""
    from icalendar.cal import Component as AnyComponent
    from icalendar.parser import Parameters
    from icalendar.parser.ical.component import ComponentIcalParser

    class Parser(ComponentIcalParser):
        """icalendar's parser with the calendar's own zones."""

        def __init__(self, text: str, zones: ZoneBook | None) -> None:
            super().__init__(text, AnyComponent._get_component_factory(), AnyComponent.types_factory)
            self._zones = zones

        def parse_and_add_property(self, name: str, params: Parameters, val: str, tzid: Any, line: Any) -> None:
            component: Component = self.component
            if name == "DURATION" and name not in component:
                component.length = duration(val.strip())  # a timedelta knows no days of the calendar
            zones = self._zones
            if zones is None or name not in self.datetime_names:
                super().parse_and_add_property(name, params, val, tzid, line)
                return
            if isinstance(tzid, list):
                tzid = ",".join(tzid)
            zone: Any = zones.get(tzid) if tzid and "T" in val else None
            super().parse_and_add_property(name, params, val, zone, line)
            if zones.own is not None:
                added = component[name]
                _into_own_zone(added[-1] if isinstance(added, list) else added, zones.own)

        def handle_end_component(self, vals: str) -> None:
            """As icalendar does, but a VTIMEZONE is not shared with other calendars."""
            if not self._stack:
                raise ValueError("END without BEGIN")
            component = self._stack.pop()
            if self._stack:
                self._stack[-1].add_component(component)
            else:
                self._components.append(component)

    return Parser


def _into_own_zone(value: Any, own: Any) -> None:
    """UTC and floating times of a calendar with X-WR-TIMEZONE are meant in that zone: their rules follow its clock."""
    for item in [value] if is_broken(value) else getattr(value, "dts", [value]):
        moment = value_of(item)
        if isinstance(moment, datetime):
            if moment.tzinfo is None:
                item.dt = moment.replace(tzinfo=own)
            elif moment.tzinfo is UTC or getattr(moment.tzinfo, "key", "") == "UTC":
                item.dt = moment.astimezone(own)
