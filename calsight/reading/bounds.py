"""No text of a stranger's reaches the patterns that judge it at a length at which they would be slow.

Services hold titles to 255 (Outlook) or 1,024 characters (Google); what is longer, or repeats a sign or blanks without end,
is no title of a person's. Patterns over words look back and forth, so such a text is bounded once, here, for all connectors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from operator import is_

from calsight.core.model.events import Attendee, CalendarEvent, Organizer

#: Titles, places and names are cut here.
LONGEST = 255
#: Shorter texts are looked at only for what repeats.
_SHORT = 40
#: Signs and blanks that follow one another oftener than anybody writes them.
_REPEATED = re.compile(r"(\s)\s{3,}|([^\w\s])\2{8,}|(_)_{8,}")


def bounded(events: Iterable[CalendarEvent]) -> Iterator[CalendarEvent]:
    """The events, each as it is unless some text of it is too long to be one."""
    fine: dict[int, object] = {}  # short lists and organizers, each kept alive, so that its id stays its own
    for event in events:
        if (
            len(event.title) <= _SHORT
            and len(event.location) <= _SHORT
            and id(event.attendees) in fine
            and id(event.organizer) in fine
        ):
            yield event  # nearly every one
            continue
        title, location = short(event.title), short(event.location)
        organizer = event.organizer and _organizer(event.organizer)
        people = event.attendees if id(event.attendees) in fine else tuple(map(_person, event.attendees))
        kept = (title, location, organizer, *people)
        if all(map(is_, kept, (event.title, event.location, event.organizer, *event.attendees))):
            fine[id(event.attendees)], fine[id(event.organizer)] = event.attendees, event.organizer
            yield event
        else:
            yield replace(event, title=title, location=location, attendees=people, organizer=organizer)


def short(text: str) -> str:
    """The text itself if it is a title, place or name; else what of it may be one."""
    if len(text) <= _SHORT:
        return text
    kept = _REPEATED.sub(lambda found: (found[1] or found[2] or found[3]) * (1 if found[1] else 8), text[: 4 * LONGEST])
    if len(kept) > LONGEST:
        kept = f"{kept[: LONGEST - 1]}…"
    return text if kept == text else kept


def _person(person: Attendee) -> Attendee:
    name, address = short(person.name), short(person.address)
    return person if name is person.name and address is person.address else replace(person, name=name, address=address)


def _organizer(person: Organizer) -> Organizer:
    name, address = short(person.name), short(person.address)
    return person if name is person.name and address is person.address else replace(person, name=name, address=address)
