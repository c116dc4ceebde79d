"""One-to-ones that overlap count once."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from operator import attrgetter

from calsight.core.model.meetings import Kind, Meeting, Scope
from calsight.core.time.intervals import Spans, overlap

_ONE_TO_ONE = Kind.ONE_TO_ONE  # on Python 3.11 finding a member costs more than the comparison


def held_one_to_ones(meetings: Iterable[Meeting]) -> list[Meeting]:
    """Held one-to-ones, by start; those with one person that overlap count once.

    Of overlapping ones as many stand as fit beside each other, so that one more never means fewer. A title that leaves out the
    name ("1:1") counts only where no other one-to-one overlaps it.
    """
    by_person: dict[tuple[str, ...], list[Meeting]] = {}
    for meeting in meetings:
        if meeting.kind is _ONE_TO_ONE and meeting.held:
            by_person.setdefault(tuple([person.id for person in meeting.counterparts]), []).append(meeting)
    nameless = by_person.pop((), [])
    kept = [meeting for group in by_person.values() for meeting in _apart(group)]
    if nameless:
        named = Spans.of((meeting.start, meeting.end) for meeting in kept)
        kept += _apart([meeting for meeting in nameless if not named.touch(meeting.event)])
    return sorted(kept, key=attrgetter("event.start", "event.end", "event.uid"))


def _apart(meetings: list[Meeting]) -> list[Meeting]:
    """As many as do not overlap (earliest end first); a title gives way to an entry that lists the person where that fits."""
    if all(one.event.end <= other.event.start for one, other in pairwise(meetings)):
        return meetings  # nearly everyone's
    kept: list[Meeting] = []
    spare: list[Meeting] = []
    for meeting in sorted(meetings, key=_by_end):
        if not kept or meeting.event.start >= kept[-1].event.end:
            kept.append(meeting)
        elif not meeting.inferred:
            spare.append(meeting)
    for place, one in enumerate(kept):
        if one.inferred:
            before = kept[place - 1].end if place else None
            after = kept[place + 1].start if place + 1 < len(kept) else None
            for other in spare:
                if (
                    overlap(one, other)
                    and (before is None or other.start >= before)
                    and (after is None or other.end <= after)
                ):
                    kept[place] = other
                    break
    return kept


_by_end = attrgetter("event.end", "inferred", "event.start", "event.uid")


def countable_one_to_ones(meetings: Iterable[Meeting]) -> list[Meeting]:
    """The one-to-ones that the rate counts: `held_one_to_ones` of every scope but `personal`."""
    return [meeting for meeting in held_one_to_ones(meetings) if meeting.scope is not Scope.PERSONAL]
