"""Events as lines of JSON, one object a line: `calsight.event/1`, out and in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import MISSING, dataclass, field, fields
from functools import cache
from typing import TYPE_CHECKING, Any, get_type_hints

from calsight.core.model.events import NO_CALENDAR, Attendee, Calendar, CalendarEvent, Organizer, Problem
from calsight.reading.adapters import adapter, in_utc, utc

if TYPE_CHECKING:
    from pydantic import TypeAdapter

EVENT_SCHEMA = "calsight.event/1"
#: Lists that are remembered; a file of more starts anew, so that memory stays small however long it is.
_MOST = 50_000
#: How a line begins that is read quickly: as `calsight events` and json.dumps write it, with blanks or without.
_PLAIN = (b'{"schema": "calsight.event/1"', b'{"schema":"calsight.event/1"')
_TIMES = ("start", "end", "original_start", "created", "updated")


@dataclass(slots=True)
class Shared:
    """What lines have in common, made once: lists of attendees and calendars, by their text; one for all files of one run.

    Lines of one series, and those of one meeting in many mailboxes, then share their lists as what connectors read does: what
    is found out of a list is found out once. `attendees`, `organizers` and `same` (calendars) have every single one, by its
    fields.
    """

    lists: dict[bytes, tuple[Attendee, ...]] = field(default_factory=dict)
    attendees: dict[Attendee, Attendee] = field(default_factory=dict)
    organizers: dict[Organizer, Organizer] = field(default_factory=dict)
    calendars: dict[bytes, Calendar] = field(default_factory=dict)
    same: dict[Calendar, Calendar] = field(default_factory=dict)

    def people(self, text: bytes) -> tuple[Attendee, ...] | None:
        """The attendees of a list of JSON; None for what is none (a bracket in a name cut it short, or it is wrong)."""
        found = self.lists.get(text)
        if found is None:
            try:
                lines: list[Attendee] = adapter(list[Attendee]).validate_json(text)
            except ValueError:
                return None
            if len(self.lists) >= _MOST:
                self.lists.clear()
                self.attendees.clear()
                self.organizers.clear()
            found = self.lists[text] = tuple(self.attendees.setdefault(line, line) for line in lines)
        return found

    def calendar(self, text: bytes) -> Calendar | None:
        """The calendar of an object of JSON; None for what is none."""
        found = self.calendars.get(text)
        if found is None:
            try:
                read: Calendar = in_utc(adapter(Calendar).validate_json(text), "calendar.")
            except ValueError:
                return None
            found = self.calendars[text] = self.same_calendar(read)
        return found

    def same_calendar(self, calendar: Calendar) -> Calendar:
        """The one object of equal calendars."""
        return self.same.setdefault(calendar, calendar)


def event_line(event: CalendarEvent) -> dict[str, Any]:
    """One event as a JSON-able dict of schema `calsight.event/1`; `read_event_lines` is the way back."""
    line: dict[str, Any] = {"schema": EVENT_SCHEMA}
    line.update(adapter(CalendarEvent).dump_python(event, mode="json"))
    return line


def read_event_lines(
    lines: Iterable[str | bytes], *, name: str, shared: Shared | None = None
) -> Iterator[CalendarEvent | Problem]:
    """The events of a `.jsonl` file; a line that is not one becomes a `Problem` that names its number.

    Equal calendars become one object again, equal lists of attendees too. `name` names the file in Problems.
    """
    from pydantic import ValidationError

    shared = shared or Shared()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _read_event(line if isinstance(line, bytes) else line.encode(errors="surrogatepass"), shared)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            text = f"Line {number} is not a calsight event ({where}: {first['msg']}) and was set aside."
            yield Problem(code="bad_entry", text=text, source=name)
        except ValueError as error:
            text = f"Line {number} is not a calsight event ({error}) and was set aside."
            yield Problem(code="bad_entry", text=text, source=name)


def _read_event(line: bytes, shared: Shared) -> CalendarEvent:
    said = _quickly(line, shared) or _wholly(line, shared)
    for name in _TIMES:
        if said.get(name) is not None:
            said[name] = utc(said[name], name)
    if (organizer := said.get("organizer")) is not None:
        said["organizer"] = shared.organizers.setdefault(organizer, organizer)
    return CalendarEvent.of(**said)


@cache
def _fields() -> TypeAdapter[dict[str, Any]]:
    """What reads the fields of a line, each as `CalendarEvent` has it, without making one before its times are in UTC."""
    from typing import NotRequired

    from pydantic import TypeAdapter
    from typing_extensions import TypedDict

    kinds = get_type_hints(CalendarEvent)
    names = {each.name: each.default is MISSING for each in fields(CalendarEvent)}
    said = {name: kinds[name] if needed else NotRequired[kinds[name]] for name, needed in names.items()}
    return TypeAdapter(TypedDict("Line", said))  # type: ignore[operator]


def _wholly(line: bytes, shared: Shared) -> dict[str, Any]:
    from pydantic_core import from_json

    read = from_json(line)
    if not isinstance(read, dict):
        raise ValueError("not a JSON object")
    schema = read.pop("schema", None)
    if schema != EVENT_SCHEMA:
        raise ValueError(f"its schema is {schema!r}, not {EVENT_SCHEMA!r}")
    said = _fields().validate_python(read)
    said["attendees"] = tuple(shared.attendees.setdefault(one, one) for one in said.get("attendees", ()))
    said["calendar"] = shared.same_calendar(in_utc(said.get("calendar", NO_CALENDAR), "calendar."))
    return said


def _quickly(line: bytes, shared: Shared) -> dict[str, Any] | None:
    """What a plain line says, of which lists and calendar are known by their text; None where it is not plain, or wrong."""
    if not line.startswith(_PLAIN):
        return None
    people: tuple[Attendee, ...] = ()
    if b'"attendees"' in line:
        found = _cut(line, b'"attendees":', b"[", b"]")
        known = found and shared.people(line[found])
        if not found or known is None:
            return None
        line, people = line[: found.start] + b"[]" + line[found.stop :], known
    found = _cut(line, b'"calendar":', b"{", b"}")
    calendar = found and shared.calendar(line[found])
    if not found or calendar is None:
        return None
    try:
        said = _fields().validate_json(line[: found.start] + b"{}" + line[found.stop :])
    except ValueError:
        return None
    said["attendees"], said["calendar"] = people, calendar
    return said


def _cut(line: bytes, name: bytes, opens: bytes, closes: bytes) -> slice | None:
    """Where the value of a field of the event itself stands, which holds none of its own sort; None where that is not plain.

    A name in quotes with its colon stands in no text, whose quotes are escaped; but it may stand twice, or in another object.
    """
    at = line.find(name)
    if at < 0 or line.find(name, at + 1) >= 0 or line.count(b"{", 0, at) - line.count(b"}", 0, at) != 1:
        return None
    begin = line.find(opens, at)
    if line[at + len(name) : begin].strip():
        return None
    end = line.find(closes, begin) + 1
    return slice(begin, end) if end else None
