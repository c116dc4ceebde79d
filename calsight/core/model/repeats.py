"""Occurrences that are alike. Most of a series differ in nothing but when they are: what they share is found out once.

Lists (attendees, organizer, calendar) are compared by identity, for the occurrences of a series share theirs. That is quick,
and errs towards finding out anew; a list's id is its own as long as its event lives.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from operator import attrgetter
from typing import NamedTuple

from calsight.core.model.events import CalendarEvent

SHORTEST_DAY = timedelta(hours=23)  # when the clocks go forward

#: The fields on which a verdict may depend, besides when the event is: those of lists, and the others.
LISTS = ("attendees", "organizer", "calendar")
SAID = (
    "title",
    "location",
    "conference",
    "status",
    "show_as",
    "event_type",
    "all_day",
    "private",
    "participants_hidden",
)

_lists = attrgetter(*LISTS)
_said = attrgetter(*SAID)
_looked_at = attrgetter(*SAID, *LISTS)


class Alike(NamedTuple):
    """`groups`: one event of each group whose events are judged alike; `places`: the group of each event, by index."""

    groups: list[CalendarEvent]
    places: list[int]


def judged_alike(events: Iterable[CalendarEvent]) -> Alike:
    """Events with the same presence, mode and verdict, save for the owner's absences, which are asked of each event.

    Besides `LISTS` and `SAID` only the length counts: whether an entry is leave, or takes a whole day. That depends on the hour
    too, but on no other day of it than its own: long entries are alike only where they begin at the same moment.
    """
    groups: list[CalendarEvent] = []
    places: list[int] = []
    known: dict[object, int] = {}
    same = length = None
    for event in events:
        lasts, shared = event.end - event.start, _looked_at(event)
        if lasts == length and shared == same and lasts < SHORTEST_DAY:
            places.append(places[-1])  # occurrences of a series follow each other, so that most are like the one before
            continue
        same, length = shared, lasts
        moment = None if lasts < SHORTEST_DAY else (event.start, event.zone)
        key = (*map(id, _lists(event)), *_said(event), lasts, moment)
        place = known.setdefault(key, len(groups))
        if place == len(groups):
            groups.append(event)
        places.append(place)
    return Alike(groups, places)


def listed_alike(events: Iterable[CalendarEvent]) -> list[CalendarEvent]:
    """One event for all of one UID that share their lists, and of whom all or none hide who takes part."""
    found: dict[object, CalendarEvent] = {}
    before = None
    for event in events:
        if before is None or not (
            event.attendees is before.attendees
            and event.organizer is before.organizer
            and event.calendar is before.calendar
            and event.participants_hidden is before.participants_hidden
            and event.uid == before.uid
        ):
            found.setdefault((event.uid, event.participants_hidden, *map(id, _lists(event))), event)
            before = event
    return list(found.values())
