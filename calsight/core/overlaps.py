"""What overlaps: spans of absence, and one-to-ones that count once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from calsight.core.events import CalendarEvent
from calsight.core.meetings import Kind, Meeting, Scope


@dataclass(slots=True)
class Spans:
    """Spans of time, joined where they touch: the owner's absences, for instance."""

    _starts: list[datetime] = field(default_factory=list)
    _ends: list[datetime] = field(default_factory=list)

    def add(self, spans: Iterable[tuple[datetime, datetime]]) -> None:
        """Take these spans, once."""
        for start, end in sorted(spans):
            if end <= start:
                continue
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def touch(self, event: CalendarEvent) -> bool:
        """Whether an event overlaps one of them."""
        return self._inside(event) > timedelta()

    def cover(self, event: CalendarEvent) -> bool:
        """Whether at least half of an event lies inside them."""
        return bool(self._starts) and self._inside(event) * 2 >= event.end - event.start

    def _inside(self, event: CalendarEvent) -> timedelta:
        """How much of an event lies inside them."""
        inside = timedelta()
        place = max(0, bisect_right(self._starts, event.start) - 1)
        while place < len(self._starts) and self._starts[place] < event.end:
            inside += max(timedelta(), min(event.end, self._ends[place]) - max(event.start, self._starts[place]))
            place += 1
        return inside


def interactions(meetings: Iterable[Meeting]) -> list[Meeting]:
    """Held one-to-ones, sorted by start; those with one person that overlap count once.

    Of overlapping ones as many stand as fit beside each other, so that one more never means fewer. A title that leaves out the
    name ("1:1") counts only where no other one-to-one overlaps it.
    """
    by_person: dict[tuple[str, ...], list[Meeting]] = {}
    for meeting in meetings:
        if meeting.kind is Kind.ONE_TO_ONE and meeting.held:
            by_person.setdefault(tuple(person.id for person in meeting.counterparts), []).append(meeting)
    nameless = by_person.pop((), [])
    kept = [meeting for group in by_person.values() for meeting in _apart(group)]
    if nameless:
        named = Spans()
        named.add((meeting.start, meeting.end) for meeting in kept)
        kept += _apart([meeting for meeting in nameless if not named.touch(meeting.event)])
    return sorted(kept, key=lambda meeting: (meeting.event.start, meeting.event.end, meeting.event.uid))


def _apart(meetings: list[Meeting]) -> list[Meeting]:
    """As many as do not overlap (earliest end first); a title gives way to an entry that lists the person where that fits."""
    kept: list[Meeting] = []
    spare: list[Meeting] = []
    for meeting in sorted(meetings, key=lambda one: (one.event.end, one.inferred, one.event.start, one.event.uid)):
        if not kept or meeting.start >= kept[-1].end:
            kept.append(meeting)
        elif not meeting.inferred:
            spare.append(meeting)
    for place, one in enumerate(kept):
        if one.inferred:
            before = kept[place - 1].end if place else None
            after = kept[place + 1].start if place + 1 < len(kept) else None
            for other in spare:
                overlaps = other.start < one.end and one.start < other.end
                if overlaps and (before is None or other.start >= before) and (after is None or other.end <= after):
                    kept[place] = other
                    break
    return kept


def countable_one_to_ones(meetings: Iterable[Meeting]) -> list[Meeting]:
    """The one-to-ones that the rate counts: `interactions` of every scope but `personal`."""
    return [meeting for meeting in interactions(meetings) if meeting.scope is not Scope.PERSONAL]
