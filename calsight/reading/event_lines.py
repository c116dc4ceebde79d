"""Events as lines of JSON, one object a line: `calsight.event/1`, out and in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from calsight.core.model.events import Calendar, CalendarEvent, Problem
from calsight.reading.adapters import adapter, in_utc

EVENT_SCHEMA = "calsight.event/1"


def event_line(event: CalendarEvent) -> dict[str, Any]:
    """One event as a JSON-able dict of schema `calsight.event/1`; `read_event_lines` is the way back."""
    line: dict[str, Any] = {"schema": EVENT_SCHEMA}
    line.update(adapter(CalendarEvent).dump_python(event, mode="json"))
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
    event: CalendarEvent = adapter(CalendarEvent).validate_python(fields)
    calendar: Calendar = in_utc(event.calendar, "calendar.")
    return replace(in_utc(event), calendar=known.setdefault(calendar, calendar))
