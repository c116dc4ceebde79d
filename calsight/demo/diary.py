"""The entries of an invented diary, and the page on which they are placed without treading on each other."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

Answer = Literal["ACCEPTED", "DECLINED", "TENTATIVE", "NEEDS-ACTION"]
Link = Literal["", "meet", "teams", "zoom"]

DAY_START, DAY_END = 9 * 60, 17 * 60
_STEP = 30


@dataclass(frozen=True, slots=True)
class Person:
    """Someone invented."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Guest:
    """A person on an invitation, with their answer."""

    person: Person
    answer: Answer = "ACCEPTED"


@dataclass(frozen=True, slots=True)
class Rule:
    """How an entry repeats: on each of these weekdays (0 is Monday), every so many weeks."""

    weekdays: tuple[int, ...]
    every: int = 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry as a calendar exports it. `start` is local time without a zone; all-day entries run over `minutes` too.

    guests         everyone invited, the owner included where the calendar lists them; () for an entry of one's own
    organizer      None for an entry of one's own
    skipped        occurrences taken out (EXDATE)
    changed        occurrences that differ, each with its `original_start`
    """

    uid: str
    title: str
    start: datetime
    minutes: int
    organizer: Person | None = None
    guests: tuple[Guest, ...] = ()
    room: str = ""
    link: Link = ""
    all_day: bool = False
    out_of_office: bool = False
    free: bool = False
    private: bool = False
    cancelled: bool = False
    sequence: int = 0
    rule: Rule | None = None
    skipped: tuple[datetime, ...] = ()
    changed: tuple[Entry, ...] = ()
    original_start: datetime | None = None
    made_days_before: int = 7


@dataclass(slots=True)
class Diary:
    """Entries so far, and what of each day is taken. Weeks are counted back from the week of `as_of`: 1 is the last full
    week, 0 the current one, -1 the next."""

    this_monday: date
    chance: random.Random
    entries: list[Entry] = field(default_factory=list)
    away: set[date] = field(default_factory=set)
    _taken: dict[date, list[tuple[int, int]]] = field(default_factory=dict)

    def day(self, ago: int, weekday: int) -> date:
        """The date of a weekday (0 is Monday), `ago` weeks before the current week."""
        return self.this_monday - timedelta(weeks=ago) + timedelta(days=weekday)

    def take(self, day: date, start: int, minutes: int) -> None:
        """Mark a span of a day (minutes after midnight) as taken."""
        self._taken.setdefault(day, []).append((start, start + minutes))

    def taken(self, day: date) -> int:
        """Minutes of the working day that are taken, overlaps counted once."""
        total, reached = 0, DAY_START
        for start, end in sorted(self._taken.get(day, ())):
            begin, stop = max(start, reached), min(end, DAY_END)
            total += max(0, stop - begin)
            reached = max(reached, stop)
        return total

    def slot(self, day: date, minutes: int) -> datetime | None:
        """A free span of the working day, by chance; None where nothing is free or the owner is away."""
        if day in self.away:
            return None
        taken = self._taken.get(day, ())
        starts = [
            start
            for start in range(DAY_START, DAY_END - minutes + 1, _STEP)
            if all(end <= start or start + minutes <= begin for begin, end in taken)
        ]
        if not starts:
            return None
        start = self.chance.choice(starts)
        self.take(day, start, minutes)
        return datetime.combine(day, time(start // 60, start % 60))

    def slot_in_week(self, ago: int, minutes: int) -> datetime:
        """A free span on some day of a week; where every day is full, one that overlaps something, as in life."""
        weekdays = [weekday for weekday in range(5) if self.day(ago, weekday) not in self.away]
        self.chance.shuffle(weekdays)
        for weekday in weekdays:
            start = self.slot(self.day(ago, weekday), minutes)
            if start is not None:
                return start
        if not weekdays:
            raise ValueError(f"the owner is away for the whole of week {ago}")
        day, start_minute = self.day(ago, weekdays[0]), self.chance.randrange(DAY_START, DAY_END - minutes, _STEP)
        self.take(day, start_minute, minutes)
        return datetime.combine(day, time(start_minute // 60, start_minute % 60))
