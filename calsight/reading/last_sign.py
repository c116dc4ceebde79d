"""When the sources were last known to be alive: what is missing after that is no evidence of anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from calsight.core.model.events import PLACES, Attendee, CalendarEvent
from calsight.reading.sources import CalendarReading


def last_sign(calendars: Sequence[CalendarReading], as_of: datetime) -> datetime | None:
    """When the sources were last known to be alive; None where they do not say (then `as_of` counts).

    A calendar's is the newest of what it says itself and of the starts of its single entries up to `as_of` (docs/meaning.md).
    Of several, it is that of the one with most invitations, and a later one only of a calendar that goes on with invitations
    after it: a private calendar that is kept on does not make weeks alone of those after an export from work.
    """
    used = [calendar for calendar in calendars if calendar.events] or calendars
    invitations = {}
    if len(used) > 1:
        for index, calendar in enumerate(used):
            invitations[index] = [e.start for e in calendar.events if e.start <= as_of and _names_two(e)]
    alive = [(_last_sign_of(calendar, as_of), invitations.get(index, [])) for index, calendar in enumerate(used)]
    if not alive:
        return None
    last = max(alive, key=lambda one: (len(one[1]), one[0] or as_of))[0]
    for sign, starts in sorted(alive, key=lambda one: one[0] or as_of):
        if last is not None and (sign is None or sign > last) and any(start > last for start in starts):
            last = sign
    return last


def _last_sign_of(calendar: CalendarReading, as_of: datetime) -> datetime | None:
    sign = calendar.calendar.last_sign
    if sign is None:
        return None
    return max([sign, *(event.start for event in calendar.events if event.series is None and event.start <= as_of)])


def _names_two(event: CalendarEvent) -> bool:
    people = (line for line in event.lines if not (isinstance(line, Attendee) and line.cutype in PLACES))
    return len({line.address or line.name for line in people}) > 1
