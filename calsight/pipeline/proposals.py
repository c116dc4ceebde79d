"""Suggestions as calendar entries that every calendar program imports, and that invite nobody.

An entry is TENTATIVE and has no ATTENDEE and no ORGANIZER, so that importing it notifies no one and no later report takes it
for a meeting that was held with somebody.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

from calsight.core.next.suggest import Suggestion
from calsight.core.people.names import called
from calsight.core.wording.words import Words

#: Equal proposals have equal UIDs, so that importing them twice makes one entry.
_SPACE = uuid.UUID("5f6c9a1e-3c0e-5d5b-9d53-0d4f7a1c2b8e")


def proposals(suggestions: Iterable[Suggestion], *, as_of: datetime, words: Words | None = None) -> bytes:
    """An iCalendar file (RFC 5545, UTF-8) of the suggestions that have a time, in the language of `words` (English)."""
    from icalendar import Calendar, Event

    words = words or Words()
    calendar = Calendar()
    calendar.add("prodid", f"-//calsight//proposals//{words.language.code.upper()}")
    calendar.add("version", "2.0")
    for suggestion in suggestions:
        if suggestion.slot is None:
            continue
        start, end = suggestion.slot
        event = Event()
        event.add("uid", f"{uuid.uuid5(_SPACE, f'{suggestion.person.id} {start:%Y%m%dT%H%M}')}@calsight")
        event.add("dtstamp", as_of.astimezone(UTC))
        event.add("dtstart", start.astimezone(UTC))
        event.add("dtend", end.astimezone(UTC))
        event.add("summary", _said(suggestion, "proposal_title", words))
        event.add("description", f"{words.said(suggestion.why)}\n\n{_said(suggestion, 'proposal_text', words)}")
        event.add("status", "TENTATIVE")
        event.add("transp", "OPAQUE")
        event.add("x-microsoft-cdo-busystatus", "TENTATIVE")
        event.add("categories", ["calsight"])
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def _said(suggestion: Suggestion, code: str, words: Words) -> str:
    person = suggestion.person
    if code == "proposal_text" and not person.address:
        code = "proposal_text_no_address"
    return words(code, name=called(person), address=person.address)
