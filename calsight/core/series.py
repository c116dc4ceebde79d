"""Recurring one-to-ones: whether a series is kept, and what is booked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from calsight.core.corrections import CALENDAR as NOTES
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


def series_of(meetings: Iterable[Meeting], end: datetime) -> dict[tuple[str, str], Series]:
    """(series, person) → whether its past occurrences were held."""
    absences = [(m.start, m.end) for m in meetings if m.kind is Kind.ABSENCE]
    occurrences: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in meetings:
        if meeting.event.series is not None:
            occurrences[meeting.event.series].append(meeting)
    found = {}
    for key, members in occurrences.items():
        persons = {p.id for m in members if m.kind is Kind.ONE_TO_ONE for p in m.counterparts[:1]}
        if not persons:  # most series are for many
            continue
        past = sorted((m for m in members if m.start < end and _tells(m, absences)), key=lambda m: m.start)
        for identity in persons:
            found[key, identity] = Series(tuple(_held_with(m, identity) for m in past))
    return found


def _tells(meeting: Meeting, absences: Iterable[tuple[datetime, datetime]]) -> bool:
    """Whether an occurrence of a series tells if the series is kept."""
    if meeting.kind in (Kind.UNKNOWN, Kind.ABSENCE) or meeting.reason == "during_absence":
        return False
    return not any(start <= meeting.start < end for start, end in absences)


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
        if meeting.kind is not Kind.ONE_TO_ONE or meeting.end <= end or meeting.event.calendar is NOTES:
            continue
        for person in meeting.counterparts[:1]:
            known = series.get((meeting.event.series, person.id)) if meeting.event.series is not None else None
            if known is None or known.kept or not known.held:
                booked[person.id].append(meeting.start)
    return booked
