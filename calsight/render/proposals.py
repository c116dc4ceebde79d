"""Suggestions as calendar entries that every calendar program imports, and that invite nobody.

An entry is TENTATIVE and has no ATTENDEE and no ORGANIZER, so that importing it notifies no one and no later report takes it
for a meeting that was held with somebody. Whoever is invited to it later receives all its fields: so none says why, how the
tie stands, or where the idea came from. The reason stays in the terminal and on the page.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime

from calsight.core.next.suggest import Suggestion
from calsight.core.people.names import called, spoken_name
from calsight.core.wording.words import Words

#: Equal proposals have equal UIDs, so that importing them twice makes one entry.
_SPACE = uuid.UUID("5f6c9a1e-3c0e-5d5b-9d53-0d4f7a1c2b8e")


def proposals(
    suggestions: Iterable[Suggestion], *, as_of: datetime, owner: str = "", words: Words | None = None
) -> bytes:
    """An iCalendar file (RFC 5545, UTF-8) of the suggestions that have a time, in the language of `words` (English).

    `owner` is the name of whoever proposes, for the title ("" where it is not known).
    """
    from icalendar import Calendar, Event

    words = words or Words()
    calendar = Calendar()
    calendar.add("prodid", f"-//calsight//{words.language.code.upper()}")
    calendar.add("version", "2.0")
    for suggestion in suggestions:
        if suggestion.slot is None:
            continue
        start, end = suggestion.slot
        event = Event()
        event.add("uid", str(uuid.uuid5(_SPACE, f"{suggestion.person.id} {start:%Y%m%dT%H%M}")))
        event.add("dtstamp", as_of.astimezone(UTC))
        event.add("dtstart", start.astimezone(UTC))
        event.add("dtend", end.astimezone(UTC))
        event.add("summary", _title(suggestion, spoken_name(owner), words))
        event.add("status", "TENTATIVE")
        event.add("transp", "OPAQUE")
        event.add("x-microsoft-cdo-busystatus", "TENTATIVE")
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def _title(suggestion: Suggestion, owner: str, words: Words) -> str:
    """A title that both of them can read."""
    name = called(suggestion.person)
    return words("proposal_title_both", name=name, owner=owner) if owner else words("proposal_title", name=name)
