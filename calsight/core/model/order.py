"""A total order over what entries say, so that nothing depends on the order in which they or their lines were read."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import Any

from calsight.core.model.events import Attendee, Calendar, CalendarEvent, Organizer


def content_of(event: CalendarEvent) -> tuple[object, ...]:
    """All that an entry says, to sort by: equal for two entries only if they say the same, whatever the order of attendees.

    Times first, then the rest of the entry, its people, and what it was read from.
    """
    organizer = event.organizer
    return (
        event.start,
        event.end,
        *map(_known, _said(event)),
        sorted(map(_line, event.attendees)),
        () if organizer is None else _leader(organizer),
        *map(_known, _source(event.calendar)),
    )


def _known(value: object) -> tuple[Any, ...]:
    """A value that may be unknown, which sorts first."""
    return () if value is None else (value,)


def _all_but(kind: type, *left_out: str) -> attrgetter[Any]:
    return attrgetter(*[each.name for each in fields(kind) if each.name not in left_out])


_said = _all_but(CalendarEvent, "start", "end", "attendees", "organizer", "calendar")
_line = _all_but(Attendee)
_leader = _all_but(Organizer)
_source = _all_but(Calendar)
