"""One JSON object a line: `calsight.event/1` out and in, and the lines of `calsight meetings --json-lines`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from calsight.core.model.events import Calendar, CalendarEvent, Problem
from calsight.core.model.meetings import Meeting

if TYPE_CHECKING:
    from pydantic import TypeAdapter

EVENT_SCHEMA = "calsight.event/1"
_TIMES = ("start", "end", "original_start", "created", "updated")


def event_line(event: CalendarEvent) -> dict[str, Any]:
    """One event as a JSON-able dict of schema `calsight.event/1`; `read_event_lines` is the way back."""
    line: dict[str, Any] = {"schema": EVENT_SCHEMA}
    line.update(_adapter().dump_python(event, mode="json"))
    return line


def read_event_lines(lines: Iterable[str | bytes], *, name: str) -> Iterator[CalendarEvent | Problem]:
    """The events of a `.jsonl` file; a line that is not one becomes a `Problem` that names its number.

    Equal calendars become one object again. `name` names the file in Problems.
    """
    from pydantic import ValidationError

    known: dict[Calendar, Calendar] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            yield _read_event(line, known)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the line"
            text = f"Line {number} is not a calsight event ({where}: {first['msg']}) and was set aside."
            yield Problem(code="bad_entry", text=text, source=name)
        except ValueError as error:
            text = f"Line {number} is not a calsight event ({error}) and was set aside."
            yield Problem(code="bad_entry", text=text, source=name)


def _read_event(line: str | bytes, known: dict[Calendar, Calendar]) -> CalendarEvent:
    from pydantic_core import from_json

    fields = from_json(line)
    if not isinstance(fields, dict):
        raise ValueError("not a JSON object")
    schema = fields.pop("schema", None)
    if schema != EVENT_SCHEMA:
        raise ValueError(f"its schema is {schema!r}, not {EVENT_SCHEMA!r}")
    event = _adapter().validate_python(fields)
    calendar = event.calendar
    if calendar.last_sign is not None:
        calendar = replace(calendar, last_sign=_utc(calendar.last_sign, "calendar.last_sign"))
    calendar = known.setdefault(calendar, calendar)
    times: dict[str, Any] = {key: _utc(value, key) for key in _TIMES if (value := getattr(event, key)) is not None}
    return replace(event, calendar=calendar, **times)


def _utc(moment: datetime, name: str) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{name} has no zone: write it in UTC with Z")
    return moment.astimezone(UTC)


@cache
def _adapter() -> TypeAdapter[CalendarEvent]:
    from pydantic import TypeAdapter

    return TypeAdapter(CalendarEvent)


def utc_text(moment: datetime) -> str:
    """ISO 8601 in UTC with `Z`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def meeting_line(meeting: Meeting) -> dict[str, Any]:
    """One meeting as a JSON-able dict with the keys of the outer contract. All-day entries have dates; unknown is None."""
    event = meeting.event

    def when(moment: datetime | None) -> str | None:
        if moment is None:
            return None
        if event.all_day:
            return moment.astimezone(ZoneInfo(event.zone or "UTC")).date().isoformat()
        return utc_text(moment)

    return {
        "source": event.calendar.name,
        "uid": event.uid,
        "original_start": when(event.original_start),
        "start": when(event.start),
        "end": when(event.end),
        "all_day": event.all_day,
        "title": event.title,
        "kind": str(meeting.kind),
        "reason": meeting.reason,
        "mode": str(meeting.mode),
        "size": None if meeting.size is None else str(meeting.size),
        "headcount": meeting.headcount,
        "counterparts": [{"name": person.name, "address": person.address} for person in meeting.counterparts],
        "organised_by_me": meeting.organised_by_me,
        "held": meeting.held,
        "inferred": meeting.inferred,
        "scope": None if meeting.scope is None else str(meeting.scope),
    }
