"""One icalendar component → the fields of `CalendarEvent`. Pure: no bytes, no zones, no recurrence."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from calsight import Attendee, CuType, Organizer, PartStat, ShowAs, Status
from calsight_ics.parse import value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from calsight_ics.parse import Component

_PARTSTAT = {
    "ACCEPTED": PartStat.ACCEPTED,
    "DECLINED": PartStat.DECLINED,
    "TENTATIVE": PartStat.TENTATIVE,
    "DELEGATED": PartStat.DELEGATED,
}
_CUTYPE = {
    "": CuType.INDIVIDUAL,
    "INDIVIDUAL": CuType.INDIVIDUAL,
    "GROUP": CuType.GROUP,
    "RESOURCE": CuType.RESOURCE,
    "ROOM": CuType.ROOM,
}
_STATUS = {"CANCELLED": Status.CANCELLED, "TENTATIVE": Status.TENTATIVE}
_BUSY_STATUS = {
    "FREE": ShowAs.FREE,
    "TENTATIVE": ShowAs.TENTATIVE,
    "BUSY": ShowAs.BUSY,
    "OOF": ShowAs.OUT_OF_OFFICE,
    "WORKINGELSEWHERE": ShowAs.WORKING_ELSEWHERE,
}
#: Structured fields that hold nothing but the way into a meeting, in the order in which they are believed.
CONFERENCE_FIELDS = (
    "X-GOOGLE-CONFERENCE",
    "X-GOOGLE-HANGOUT",
    "CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
    "X-MICROSOFT-ONLINEMEETINGCONFLINK",
)
#: What calendars write in place of a title that they do not show, without case.
NO_DETAILS = frozenset(
    {
        "", "beschäftigt", "besetzt", "bezet", "busy", "free", "gebucht", "gesperrt", "libre", "no disponible", "occupato",
        "occupé", "occupied", "ocupado", "out of office", "oof", "privado", "private", "private appointment",
        "private event", "privater termin", "privat", "privato", "privé", "privé-afspraak", "rendez-vous privé", "tentative",
        "unavailable", "vertraulich",
    }
)  # fmt: skip
_MAILTO = re.compile(r"(?i)mailto:([^\s;,\"'>]+)")
_ANGLED = re.compile(r"([^<>]*)<\s*([^<>\s]+@[^<>\s@]+)\s*>")
_TOKEN = re.compile(r"(?i)@imip\.")  # iCloud's: the address of an invitation, not of a person
_PARAMETER = re.compile(r'(?i);(CN|PARTSTAT|CUTYPE|ROLE)=("[^"]*"|[^;:"]*)')


class Source(NamedTuple):
    """What of the calendar decides how its entries are read. `owner` are lower-case addresses."""

    published: bool = False
    cancelling: bool = False
    microsoft: bool = False
    owner: tuple[str, ...] = ()


@dataclass(slots=True)
class Fields:
    """The fields of `CalendarEvent` that all occurrences of one component share."""

    title: str = ""
    organizer: Organizer | None = None
    attendees: tuple[Attendee, ...] = ()
    status: Status = Status.CONFIRMED
    show_as: ShowAs = ShowAs.BUSY
    location: str = ""
    conference: tuple[str, ...] = ()
    private: bool = False
    participants_hidden: bool = False
    sequence: int = 0
    created: datetime | None = None
    updated: datetime | None = None

    def keywords(self) -> dict[str, Any]:
        """As keyword arguments of `CalendarEvent`."""
        return {name: getattr(self, name) for name in _FIELD_NAMES}


_FIELD_NAMES = tuple(Fields.__dataclass_fields__)


def fields_of(component: Component, source: Source) -> Fields:
    """Everything of a VEVENT but its times."""
    organizer = organizer_of(component.get("ORGANIZER"))
    attendees = attendees_of(_list(component.get("ATTENDEE")), organizer)
    attendees += tuple(_salvaged(component.errors))
    title = text_of(component.get("SUMMARY"))
    private = text_of(component.get("CLASS")).upper() not in ("", "PUBLIC")
    return Fields(
        title=title,
        organizer=organizer,
        attendees=attendees,
        status=Status.CANCELLED if source.cancelling else status_of(text_of(component.get("STATUS"))),
        show_as=show_as_of(
            text_of(component.get("X-MICROSOFT-CDO-BUSYSTATUS")),
            text_of(component.get("X-MICROSOFT-CDO-INTENDEDSTATUS")),
            text_of(component.get("TRANSP")),
        ),
        location=text_of(component.get("LOCATION")),
        conference=conference_of(
            (text_of(value) for name in CONFERENCE_FIELDS for value in _list(component.get(name))),
            [text_of(value) for name in ("URL", "DESCRIPTION") for value in _list(component.get(name))],
        ),
        private=private,
        participants_hidden=hides_people(title, attendees, organizer, private=private, source=source),
        sequence=sequence_of(component.get("SEQUENCE")),
        created=_moment(component.get("CREATED")),
        updated=_moment(component.get("LAST-MODIFIED")),
    )


def text_of(value: Any) -> str:
    """A text property; the first where it stands several times."""
    value = _first(value)
    return str(value).strip() if isinstance(value, str) else ""


def status_of(value: str) -> Status:
    """STATUS; what is unknown stands."""
    return _STATUS.get(value.upper(), Status.CONFIRMED)


def show_as_of(busy: str, intended: str, transp: str) -> ShowAs:
    """Microsoft's busy status where there is one (its own copy before what the organizer intends), else TRANSP."""
    for status in (busy, intended):
        if status.upper() in _BUSY_STATUS:
            return _BUSY_STATUS[status.upper()]
    return ShowAs.FREE if transp.upper() == "TRANSPARENT" else ShowAs.BUSY


def conference_of(structured: Iterable[str], free: Iterable[str]) -> tuple[str, ...]:
    """Ways into the meeting, each once: the structured fields, then the join links in free text."""
    found = dict.fromkeys(value for value in structured if value)
    texts = [text for text in free if text]
    if texts:
        from calsight import conference_links

        for text in texts:
            found.update(dict.fromkeys(conference_links(text)))
    return tuple(found)


def sequence_of(value: Any) -> int:
    """SEQUENCE; 0 where it is absent, negative or no number."""
    value = _first(value)
    return int(value) if isinstance(value, int) and value > 0 else 0


def hides_people(
    title: str, attendees: tuple[Attendee, ...], organizer: Organizer | None, *, private: bool, source: Source
) -> bool:
    """Whether an entry that names nobody else leaves people out rather than having none.

    Exchange and Outlook publish calendars without attendees; a private entry, or one that shows only that time is taken
    (perhaps with the calendar's own address as sole attendee, as Google does), says nothing about people.
    """
    if not attendees and source.microsoft and source.published:
        return True
    if title.casefold() not in NO_DETAILS:
        return False
    if not attendees:
        return private or not title or organizer is None
    return all(attendee.address.lower() in source.owner for attendee in attendees)


def organizer_of(value: Any) -> Organizer | None:
    """ORGANIZER, or None where it names nobody."""
    value = _first(value)
    if not isinstance(value, str):
        return None
    address, name = _who(value, getattr(value, "params", {}))
    return Organizer(address=address, name=name) if address or name else None


def attendees_of(values: Iterable[Any], organizer: Organizer | None) -> tuple[Attendee, ...]:
    """ATTENDEE lines, in their order, without those who are only kept informed (ROLE=NON-PARTICIPANT)."""
    found = (attendee_of(value) for value in values)
    return tuple(with_organizer(attendee, organizer) for attendee in found if attendee is not None)


def with_organizer(attendee: Attendee, organizer: Organizer | None) -> Attendee:
    """`attendee`, marked if it is the organizer."""
    if organizer is None or not organizer.address or attendee.address.lower() != organizer.address.lower():
        return attendee
    return replace(attendee, is_organizer=True)


def attendee_of(value: Any) -> Attendee | None:
    """One ATTENDEE line; None for one that names nobody or is only kept informed."""
    if not isinstance(value, str):
        return None
    parameters = getattr(value, "params", {})
    address, name = _who(value, parameters)
    if not address and not name:
        return None
    cutype = cutype_of(_parameter(parameters, "CUTYPE"))
    role = _parameter(parameters, "ROLE").upper()
    if role == "NON-PARTICIPANT" and cutype not in (CuType.ROOM, CuType.RESOURCE):
        return None
    return Attendee(
        address,
        name,
        _PARTSTAT.get(_parameter(parameters, "PARTSTAT").upper(), PartStat.NEEDS_ACTION),
        cutype,
        role == "OPT-PARTICIPANT",
        guests=_guests(_parameter(parameters, "X-NUM-GUESTS")),
    )


def cutype_of(value: str) -> CuType:
    """CUTYPE; individual where it is absent, unknown where it is none that we know."""
    return _CUTYPE.get(value.upper(), CuType.UNKNOWN)


def _guests(value: str) -> int:
    return min(int(value), 100_000) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _who(value: str, parameters: Mapping[str, Any]) -> tuple[str, str]:
    """Address and name of a CAL-ADDRESS, as servers really write it.

    An address in EMAIL stands in for a URN, a path, an account's name or a service's token. Of several `mailto:` in one value
    the last is the address: the others belong to a SENT-BY or MEMBER without quotes. A name may stand before the address, or in
    its place.
    """
    raw = str(value).strip()
    name, address = "", raw.rpartition(raw[at : at + 7])[2] if (at := raw.lower().rfind("mailto:")) >= 0 else raw
    named = _ANGLED.fullmatch(address.strip())
    if named:
        name, address = named[1].strip(" \"'"), named[2]
    address = address.strip(" \t\"'<>").rstrip(":;,")
    if "@" in address and address.lower().startswith(("/", "principal:", "http:", "https:")):
        address = next(part for part in reversed(address.split("/")) if "@" in part)
    email = _parameter(parameters, "EMAIL").strip()
    email = email[7:] if email[:7].lower() == "mailto:" else email
    if "@" in email and ("@" not in address or _TOKEN.search(address)):
        address = email
    elif address.lower().startswith("invalid:"):
        address = ""
    elif " " in address and "@" not in address and "/" not in address:
        name, address = address, ""
    return address, _parameter(parameters, "CN").strip() or name


def _parameter(parameters: Mapping[str, Any], name: str) -> str:
    """A parameter as one text; an unquoted comma makes icalendar see a list ("Berger, Ana")."""
    found = parameters.get(name, "")
    return found if type(found) is str else ",".join(found) if isinstance(found, list) else str(found)


def _salvaged(errors: list[tuple[str | None, str]]) -> Iterable[Attendee]:
    """The people on ATTENDEE lines that icalendar gave up on: to lose one would make a group look like a one-to-one."""
    for _, message in errors:
        _, mark, line = message.partition("parts: '")
        if not mark or not line.lstrip().upper().startswith("ATTENDEE"):
            continue
        addresses = _MAILTO.findall(line)
        if not addresses:
            continue
        parameters = {name.upper(): text.strip('"') for name, text in _PARAMETER.findall(line)}
        if parameters.get("ROLE", "").upper() == "NON-PARTICIPANT":
            continue
        yield Attendee(
            address=addresses[-1],
            name=parameters.get("CN", "").strip(),
            partstat=_PARTSTAT.get(parameters.get("PARTSTAT", "").upper(), PartStat.NEEDS_ACTION),
            cutype=cutype_of(parameters.get("CUTYPE", "")),
            optional=parameters.get("ROLE", "").upper() == "OPT-PARTICIPANT",
        )


def _moment(value: Any) -> datetime | None:
    """A stamp in UTC; the standard asks for UTC, so one without a zone is taken as such."""
    stamp = value_of(_first(value))
    if isinstance(stamp, datetime):
        try:
            return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)
        except OverflowError:
            return None
    return datetime(stamp.year, stamp.month, stamp.day, tzinfo=UTC) if isinstance(stamp, date) else None


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value
