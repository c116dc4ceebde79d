"""From one-to-ones to interactions: with whom, on which day, and who arranged it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import Literal, NamedTuple, TypeAlias

from calsight.core.model.events import NOTES
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Meeting, Person, Scope
from calsight.core.people.directory import Directory
from calsight.core.time.days import day_of, last_day_before, week_of

Began: TypeAlias = Literal["you", "they"]


class Interaction(NamedTuple):
    """A held one-to-one. `day` is its day in the owner's zone; `began` says who arranged it, None within a series (which is one
    act of organising) and where a third person did."""

    person: Person
    day: date
    began: Began | None
    meeting: Meeting

    @property
    def week(self) -> date:
        """The Monday of its ISO week."""
        return week_of(self.day)


def interactions(meetings: Iterable[Meeting], directory: Directory, zone: str) -> list[Interaction]:
    """The interactions in these one-to-ones, by start. Those with someone unnamed tell of no tie and are left out.

    `meetings` are one-to-ones that count (`Exposure.counted`, or `countable_one_to_ones`).
    """
    return [
        Interaction(person, day_of(meeting.event.start, zone), _began(meeting, person, directory), meeting)
        for meeting in sorted(meetings, key=attrgetter("event.start"))
        for person in meeting.counterparts[:1]
    ]


def noted_since(one_to_ones: Iterable[Meeting], directory: Directory, frame: Frame) -> list[Interaction]:
    """One-to-ones that the owner noted after the source's last sign of life, as if of its last day.

    They tell that a tie is alive, and nothing of how many others there were: so they lengthen nobody's silence.
    """
    window, now = frame.window, frame.now
    since = [m for m in one_to_ones if m.event.calendar == NOTES and m.held and m.start in window and m.start >= now]
    counted = (m for m in since if m.scope is not Scope.PERSONAL)
    today = last_day_before(now, frame.zone)
    return [noted._replace(day=min(noted.day, today)) for noted in interactions(counted, directory, frame.zone)]


def _began(meeting: Meeting, person: Person, directory: Directory) -> Began | None:
    """Who arranged a one-to-one: a series is one act of organising and says nothing here, nor does a third person's."""
    if meeting.event.series is not None or meeting.organised_by_me is None:
        return None
    if meeting.organised_by_me:
        return "you"
    organizer = meeting.event.organizer
    return "they" if organizer and directory.identity(organizer.address) == person.id else None
