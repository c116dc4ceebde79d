"""Events of Google Calendar as lines of JSON, as psoxy's output has them: whose they are, and pseudonyms as addresses.

What an event means is left to the connector for Google, so that there is one answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calsight.core.model.events import Calendar, CalendarEvent, Problem
from calsight.kit.texts import read_json
from calsight.org.dialects import plain_address
from calsight.reading.sources import Reader

_PEOPLE = ("attendees", "organizer", "creator")


def is_google_line(fields: Mapping[str, Any]) -> bool:
    """Whether an object is an event of Google Calendar."""
    return fields.get("kind") == "calendar#event" or ("iCalUID" in fields and "start" in fields)


def google_owner(fields: Mapping[str, Any]) -> str:
    """In whose calendar an event of Google stands: whom it calls "self"; "" where it calls nobody so."""
    for name in _PEOPLE:
        found = fields.get(name)
        for person in found if isinstance(found, list) else (found,):
            if isinstance(person, dict) and person.get("self") and person.get("email"):
                return plain_address(person["email"])
    return ""


def read_google_lines(
    lines: Iterable[bytes], owner: tuple[str, ...], reader: Reader
) -> tuple[list[CalendarEvent], list[Problem]]:
    """The events of one mailbox; what is none becomes a Problem. Without the connector for Google it raises as that does."""
    calendar = Calendar(
        id="google", name="calendar", owner=owner, organizer_listed=True, names_people=True, producer="google"
    )
    items, problems = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            items.append(_with_addresses(read_json(line)))
        except (ValueError, TypeError, AttributeError):
            problems.append(Problem("bad_entry", f"Line {number} is no event of Google and was set aside.", "google"))
    page = reader.connector("google").translated(items, calendar)  # type: ignore[attr-defined]  # of this connector's own
    return list(page.events), [*problems, *page.problems]


def _with_addresses(fields: dict[str, Any]) -> dict[str, Any]:
    """The event with addresses in place of psoxy's pseudonyms."""
    return {name: _named(value) if name in _PEOPLE else value for name, value in fields.items()}


def _named(value: Any) -> Any:
    if isinstance(value, list):
        return [_named(each) for each in value]
    return {**value, "email": plain_address(value["email"])} if isinstance(value, dict) and "email" in value else value
