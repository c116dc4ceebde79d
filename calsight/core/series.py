"""Recurring one-to-ones: whether a series is kept, and what is booked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from calsight.core.corrections import CALENDAR as NOTES
from calsight.core.intervals import Spans
from calsight.core.meetings import Kind, Meeting

#: Of a series that is not kept, so many of the last occurrences are told.
TOLD_OCCURRENCES = 6

_RECENT_OCCURRENCES = 3


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


def series_of(meetings: Sequence[Meeting], end: datetime) -> dict[tuple[str, str], Series]:
    """(series, person) → whether its past occurrences were held."""
    persons: dict[str, set[str]] = defaultdict(set)
    for meeting in meetings:
        if meeting.kind is Kind.ONE_TO_ONE and meeting.event.series is not None:
            persons[meeting.event.series].update(person.id for person in meeting.counterparts[:1])
    members: dict[str, list[Meeting]] = {series: [] for series, with_whom in persons.items() if with_whom}
    for meeting in meetings:
        if meeting.event.series in members:  # most series are for many
            members[meeting.event.series].append(meeting)
    absences = Spans.of((m.start, m.end) for m in meetings if m.kind is Kind.ABSENCE)
    found = {}
    for series, occurrences in members.items():
        told = [m for m in occurrences if m.event.start < end and _tells(m) and not absences.hold(m.event.start)]
        told.sort(key=attrgetter("event.start"))
        for identity in persons[series]:
            found[series, identity] = Series(tuple([_held_with(m, identity) for m in told]))
    return found


def _tells(meeting: Meeting) -> bool:
    """Whether an occurrence of a series tells if the series is kept."""
    return meeting.kind not in (Kind.UNKNOWN, Kind.ABSENCE) and meeting.reason != "during_absence"


def _held_with(meeting: Meeting, identity: str) -> bool:
    return bool(
        meeting.kind is Kind.ONE_TO_ONE and meeting.held and any(p.id == identity for p in meeting.counterparts[:1])
    )


def booked_of(
    meetings: Iterable[Meeting], series: Mapping[tuple[str, str], Series], end: datetime
) -> dict[str, list[datetime]]:
    """The starts of one-to-ones to come, by person; not those of a series that is not kept."""
    booked: dict[str, list[datetime]] = defaultdict(list)
    for meeting in meetings:
        if meeting.kind is not Kind.ONE_TO_ONE or meeting.event.end <= end or meeting.event.calendar is NOTES:
            continue
        for person in meeting.counterparts[:1]:
            known = series.get((meeting.event.series, person.id)) if meeting.event.series is not None else None
            if known is None or known.kept or not known.held:
                booked[person.id].append(meeting.start)
    return booked
