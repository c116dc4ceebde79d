"""Spans of time: joined, cut, taken from each other, and asked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import NamedTuple, Protocol, TypeAlias

from calsight.core.model.events import CalendarEvent

Span: TypeAlias = tuple[datetime, datetime]
"""A half-open, aware span of time in UTC."""


class Timed(Protocol):
    """What lasts from a start to an end: an event, a meeting, a window."""

    @property
    def start(self) -> datetime:
        """Its start."""

    @property
    def end(self) -> datetime:
        """Its end; not in it any more."""


def overlap(one: Timed, other: Timed) -> bool:
    """Whether they share any time. Those that only touch do not, nor does one without length that begins with the other."""
    return one.start < other.end and other.start < one.end


def union(spans: Iterable[Span]) -> list[Span]:
    """The spans in order, with those that touch or overlap made one; empty ones dropped."""
    ordered = sorted(spans)
    if not ordered:
        return []
    merged: list[Span] = []
    begin = until = ordered[0][0]
    for start, end in ordered:
        if start > until:
            if begin < until:
                merged.append((begin, until))
            begin, until = start, end
        elif end > until:
            until = end
    if begin < until:
        merged.append((begin, until))
    return merged


def clip(spans: Iterable[Span], begin: datetime, end: datetime) -> list[Span]:
    """The parts of the spans inside [begin, end), as a union."""
    return union((max(a, begin), min(b, end)) for a, b in spans)


def subtract(spans: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """What is left of `spans` outside `holes`; both are unions."""
    left: list[Span] = []
    for start, end in spans:
        place = bisect_right(holes, start, key=itemgetter(1))  # the first hole that ends later
        while place < len(holes) and holes[place][0] < end:
            hole_start, hole_end = holes[place]
            if start < hole_start:
                left.append((start, hole_start))
            start = hole_end
            place += 1
        if start < end:
            left.append((start, end))
    return left


def length(spans: Iterable[Span]) -> timedelta:
    """The spans' length together."""
    return sum((end - start for start, end in spans), timedelta())


class Spans(NamedTuple):
    """A union of spans that can be asked: the owner's absences, for instance."""

    starts: Sequence[datetime] = ()
    ends: Sequence[datetime] = ()

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Spans:
        """From any spans."""
        joined = union(spans)
        return cls([start for start, _ in joined], [end for _, end in joined])

    def hold(self, moment: datetime) -> bool:
        """Whether a moment lies in one of them."""
        place = bisect_right(self.starts, moment)
        return place > 0 and moment < self.ends[place - 1]

    def touch(self, event: CalendarEvent) -> bool:
        """Whether an event overlaps one of them."""
        return self._inside(event) > timedelta()

    def cover(self, event: CalendarEvent) -> bool:
        """Whether at least half of an event lies inside them."""
        return bool(self.starts) and self._inside(event) * 2 >= event.end - event.start

    def _inside(self, event: CalendarEvent) -> timedelta:
        """How much of an event lies inside them."""
        inside = timedelta()
        place = max(0, bisect_right(self.starts, event.start) - 1)
        while place < len(self.starts) and self.starts[place] < event.end:
            inside += max(timedelta(), min(event.end, self.ends[place]) - max(event.start, self.starts[place]))
            place += 1
        return inside
