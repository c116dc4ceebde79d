"""Recurring one-to-ones: whether a series is kept, and what is booked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import TypeAlias

from calsight.core.corrections import CALENDAR as NOTES
from calsight.core.intervals import Span, Spans
from calsight.core.meetings import Kind, Meeting

#: Of a series that is not kept, so many of the last occurrences are told.
TOLD_OCCURRENCES = 6

_RECENT_OCCURRENCES = 3

#: The start of an occurrence of a series, and whether it was held one-to-one.
Occurrence: TypeAlias = tuple[datetime, bool]


@dataclass(frozen=True, slots=True)
class Series:
    """A recurring entry with one person: for each past occurrence, oldest first, whether it was held one-to-one.

    Occurrences during the owner's absence, and those of which nobody knows who was there, are left out.
    """

    held: tuple[bool, ...]

    @property
    def kept(self) -> bool:
        """One of its last three occurrences was held."""
        return any(self.held[-_RECENT_OCCURRENCES:])

    @property
    def not_kept(self) -> bool:
        """None of its last three was. (Fewer than three prove nothing.)"""
        return len(self.held) >= _RECENT_OCCURRENCES and not self.kept


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
        series = meeting.event.series
        if series is not None and series in members and _tells(meeting) and not away.hold(meeting.event.start):
            members[series].append(meeting)  # most series are for many
    return {
        (series, identity): [
            (m.event.start, _held_with(m, identity)) for m in sorted(told, key=attrgetter("event.start"))
        ]
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
    return meeting.kind not in (Kind.UNKNOWN, Kind.ABSENCE) and meeting.reason != "during_absence"


def _held_with(meeting: Meeting, identity: str) -> bool:
    return bool(
        meeting.kind is Kind.ONE_TO_ONE and meeting.held and any(p.id == identity for p in meeting.counterparts[:1])
    )


def booked_of(
    one_to_ones: Iterable[Meeting], series: Mapping[tuple[str, str], Series], end: datetime
) -> dict[str, list[datetime]]:
    """The starts of one-to-ones to come, by person; not those of a series that is not kept."""
    booked: dict[str, list[datetime]] = defaultdict(list)
    for meeting in one_to_ones:
        if meeting.event.end <= end or meeting.event.calendar is NOTES:
            continue
        for person in meeting.counterparts[:1]:
            known = series.get((meeting.event.series, person.id)) if meeting.event.series is not None else None
            if known is None or known.kept or not known.held:
                booked[person.id].append(meeting.start)
    return booked
