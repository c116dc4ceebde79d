"""Recurring one-to-ones: whether a series is kept, and what is booked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import NamedTuple, TypeAlias

from calsight.core.model.events import NOTES
from calsight.core.model.meetings import Kind, Meeting
from calsight.core.time.intervals import Span, Spans

#: Of a series that is not kept, so many of the last occurrences are told.
TOLD_OCCURRENCES = 6
#: So many of the last occurrences tell whether a series is kept.
RECENT_OCCURRENCES = 3

_SILENT = (Kind.UNKNOWN, Kind.ABSENCE)
_ONE_TO_ONE = Kind.ONE_TO_ONE  # on Python 3.11 finding a member costs more than the comparison

#: The start of an occurrence of a series, and whether it was held one-to-one.
Occurrence: TypeAlias = tuple[datetime, bool]


class Series(NamedTuple):
    """A recurring entry with one person: for each past occurrence, oldest first, whether it was held one-to-one.

    Occurrences during the owner's absence, and those of which nobody knows who was there, are left out.
    """

    held: tuple[bool, ...]

    @property
    def kept(self) -> bool:
        """One of its last three occurrences was held."""
        return any(self.held[-RECENT_OCCURRENCES:])

    @property
    def not_kept(self) -> bool:
        """None of its last three was. (Fewer than three prove nothing.)"""
        return len(self.held) >= RECENT_OCCURRENCES and not self.kept


def occurrences_of(
    meetings: Iterable[Meeting], one_to_ones: Iterable[Meeting], absences: Iterable[Span]
) -> dict[tuple[str, str], list[Occurrence]]:
    """(series, person) → the occurrences that tell whether the series is kept, by start.

    `meetings` are those of every kind: an occurrence that became something else was not held.
    """
    persons: dict[str, set[str]] = defaultdict(set)
    for meeting in one_to_ones:
        if meeting.event.series is not None and meeting.counterparts:
            persons[meeting.event.series].add(meeting.counterparts[0].id)
    members: dict[str, list[Meeting]] = {series: [] for series in persons}
    away = Spans.of(absences)
    for meeting in meetings:
        told = members.get(meeting.event.series or "")  # most series are for many
        if told is not None and _tells(meeting) and not away.hold(meeting.event.start):
            told.append(meeting)
    for told in members.values():
        told.sort(key=attrgetter("event.start"))
    return {
        (series, identity): [(m.event.start, _held_with(m, identity)) for m in told]
        for series, told in members.items()
        for identity in persons[series]
    }


def series_of(
    occurrences: Mapping[tuple[str, str], Iterable[Occurrence]], end: datetime
) -> dict[tuple[str, str], Series]:
    """(series, person) → whether its occurrences before `end` were held."""
    return {key: Series(tuple([held for start, held in told if start < end])) for key, told in occurrences.items()}


def _tells(meeting: Meeting) -> bool:
    """Whether an occurrence of a series tells if the series is kept."""
    return meeting.kind not in _SILENT and meeting.reason != "during_absence"


def _held_with(meeting: Meeting, identity: str) -> bool:
    if meeting.kind is not _ONE_TO_ONE or not meeting.held:
        return False
    return bool(meeting.counterparts) and meeting.counterparts[0].id == identity


def booked_of(
    one_to_ones: Iterable[Meeting], series: Mapping[tuple[str, str], Series], end: datetime
) -> dict[str, list[datetime]]:
    """The starts of one-to-ones to come, by person; not those of a series that is not kept."""
    booked: dict[str, list[datetime]] = defaultdict(list)
    for meeting in one_to_ones:
        if meeting.event.end <= end or meeting.event.calendar == NOTES:
            continue
        for person in meeting.counterparts[:1]:
            known = series.get((meeting.event.series, person.id)) if meeting.event.series is not None else None
            if known is None or known.kept or not known.held:
                booked[person.id].append(meeting.start)
    return booked
