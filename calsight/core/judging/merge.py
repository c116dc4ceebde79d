"""The same meeting in several calendars and files, counted once (docs/meaning.md, "The same meeting twice")."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import inf
from typing import NamedTuple

from calsight.core.model.events import CalendarEvent, Organizer
from calsight.core.model.order import content_of
from calsight.core.people.identities import plain_identity
from calsight.core.time.intervals import overlap


class Merged(NamedTuple):
    """One meeting: the copy that is trusted most, and every copy."""

    event: CalendarEvent
    copies: tuple[CalendarEvent, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        """The names of all calendars that hold it, sorted."""
        if len(self.copies) == 1:
            name = self.event.calendar.name
            return (name,) if name else ()
        return tuple(sorted({copy.calendar.name for copy in self.copies if copy.calendar.name}))


def parted(events: Sequence[CalendarEvent]) -> tuple[list[CalendarEvent], list[Merged]]:
    """The events that have no copy, which are nearly all, and the meetings that the others are; in no particular order.

    Copies share a UID and their original start: of a series, wherever the occurrence was moved to; single entries must overlap.
    The highest SEQUENCE wins, then the one that was touched last, then known participants, then most attendees. Copies with
    different titles *and* organizers are different meetings under a reused UID. Neither the order of `events` nor that of
    their attendees matters.
    """
    by_uid: dict[str, list[CalendarEvent]] = {}
    for event in events:
        by_uid.setdefault(event.uid, []).append(event)
    alone: list[CalendarEvent] = []
    copied: list[Merged] = []
    for uid, group in by_uid.items():
        if not uid or len(group) == 1 or _all_apart(group):
            alone += group
            continue
        for bucket in _same_start(group):
            for merged in _settle(bucket):
                if len(merged.copies) == 1:
                    alone.append(merged.event)
                else:
                    copied.append(merged)
    return alone, copied


def _all_apart(group: list[CalendarEvent]) -> bool:
    """Whether these are occurrences of a series, each with an original start of its own: nearly every series is that."""
    anchors = {event.original_start for event in group}
    return len(anchors) == len(group) and None not in anchors


def _same_start(group: list[CalendarEvent]) -> Iterable[list[CalendarEvent]]:
    """The entries of one UID, parted by original start; single entries by overlap."""
    anchored: dict[object, list[CalendarEvent]] = {}
    single: list[CalendarEvent] = []
    for event in group:
        if event.original_start is None:
            single.append(event)
        else:
            anchored.setdefault(event.original_start, []).append(event)
    yield from anchored.values()
    single.sort(key=lambda event: (event.start, event.end))
    run: list[CalendarEvent] = []
    until = None
    for event in single:
        if until is not None and event.start >= until and event.start != run[-1].start:
            yield run
            run, until = [], None
        run.append(event)
        until = event.end if until is None else max(until, event.end)
    if run:
        yield run


def _settle(bucket: list[CalendarEvent]) -> list[Merged]:
    if len(bucket) == 1:
        return [Merged(bucket[0], (bucket[0],))]
    clusters: list[list[CalendarEvent]] = []
    ranked = sorted(bucket, key=_trust)
    if any(_trust(one) == _trust(other) for one, other in pairwise(ranked)):
        ranked.sort(key=lambda event: (_trust(event), content_of(event)))
    for event in ranked:
        for cluster in clusters:
            if _same(cluster[0], event):
                cluster.append(event)
                break
        else:
            clusters.append([event])
    return [Merged(cluster[0], tuple(cluster)) for cluster in clusters]


def _trust(event: CalendarEvent) -> tuple[int, float, bool, int]:
    """Sorts the copy that is trusted most first; what is alike in this is told apart by all that it says."""
    touched = inf if event.updated is None else -event.updated.timestamp()
    unknown = event.participants_hidden or not event.attendees
    return -event.sequence, touched, unknown, -len(event.attendees)


def _same(one: CalendarEvent, other: CalendarEvent) -> bool:
    if one.original_start is None and not (one.start == other.start or overlap(one, other)):
        return False
    if one.title.strip().casefold() == other.title.strip().casefold():
        return True
    if one.organizer is None and other.organizer is None:
        return one.calendar != other.calendar  # within one calendar nothing but the UID speaks for it
    return one.organizer is None or other.organizer is None or _name(one.organizer) == _name(other.organizer)


def _name(organizer: Organizer) -> str:
    return plain_identity(organizer.address or organizer.name)
