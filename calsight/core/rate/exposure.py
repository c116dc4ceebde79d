"""The time in which one could have met, week by week, with its evidence (docs/meaning.md, "From meeting to interaction").

Exposure is working time less leave and public holidays, as a share of a full working week of the owner's. It begins in the
first week that shows the calendar in use with other people, and ends at the frame's `now`. A working week in which nothing
shows that the owner was there has none: one without an entry of theirs, and one of a stretch that is silent by contrast with
their other weeks (`silence`). A week's exposure shrinks by the share of its meetings whose participants are unknown. What is
taken out is a set of moments, so nothing is taken out twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from itertools import chain, combinations
from typing import NamedTuple

from calsight.core.model.events import Window
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import WAS_THERE, WITH_PEOPLE, Kind, Meeting
from calsight.core.rate.bayes import NEWEST
from calsight.core.rate.count import Count, count
from calsight.core.rate.overlaps import countable_one_to_ones
from calsight.core.rate.silence import Sign, Stretch, signs_of_presence, silent_stretches
from calsight.core.rate.weeks import (
    HOUR,
    by_week,
    foreign_calendars,
    hours_by_kind,
    involves_others,
    participants,
    weeks_in_use,
)
from calsight.core.rate.worked import worked
from calsight.core.time.days import WEEK, last_day_before, midnight, monday_of, week_of
from calsight.core.time.intervals import Span, union


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """One ISO week of the owner's.

    week          its Monday, in the owner's zone
    exposure      0 to 1: working time that was free of leave, times the share of meetings whose participants are known
    working       0 to 1: working time free of leave inside the window, before that share is applied
    absence       0 to 1: working time taken by absences, public holidays and days off
    silent        there was working time, and nothing shows that the owner was there; exposure is 0
    asked         silent only by contrast with the other weeks, although entries stand in it: the owner is asked
    unknown       share of its meetings whose participants are unknown
    one_to_ones   held one-to-ones that count
    with_people   whether a meeting with other people, known ones, was held
    hours         hours of entries that were held or are past, by kind (of absences: the working hours they took)
    """

    week: date
    exposure: float
    working: float
    absence: float
    silent: bool
    asked: bool
    unknown: float
    one_to_ones: int
    with_people: bool
    hours: Mapping[Kind, float]


class Ahead(NamedTuple):
    """What is known of the rest of the current week, and of the two full weeks after it.

    working  working time free of leave, as shares of a full week
    booked   one-to-ones that stand in the calendar already and would count
    """

    working: tuple[float, float, float]
    booked: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Exposure:
    """All weeks of the window up to `as_of`, and their totals.

    weeks          every ISO week that the window touches, in order; exposed or not
    total          exposure in full working weeks
    silent_weeks   how many weeks are silent
    absence_weeks  leave, public holidays and days off, in full working weeks
    known          how many meetings of the window, up to `now`, have known participants
    unknown        how many have unknown ones
    first          Monday of the first week that counts; None where no entry involves anybody
    stretches      the Mondays of weeks that are silent by contrast, stretch by stretch
    without        the same, as it were without the one-to-ones of some of the newest weeks, where they alone show that the
                   owner was there: one more of them must not make weeks around it count that were silent (`newest`)
    absences       the owner's, inside the window or not, as a union
    seen           the meetings that start inside the window, and not after `now`, week by week
    counted        the one-to-ones among them that count, by start
    count          how many one-to-ones were held, and how many of them the rate counts
    ahead          the rest of the current week, and the two weeks after it
    """

    weeks: tuple[WeekFacts, ...]
    total: float
    silent_weeks: int
    absence_weeks: float
    known: int
    unknown: int
    first: date | None
    stretches: tuple[Stretch, ...]
    absences: tuple[Span, ...] = field(repr=False)
    seen: tuple[Meeting, ...] = field(repr=False, compare=False)
    counted: tuple[Meeting, ...] = field(repr=False)
    count: Count
    ahead: Ahead = field(compare=False)
    without: tuple[Exposure, ...] = field(default=(), repr=False, compare=False)


def measure(meetings: Sequence[Meeting], frame: Frame) -> Exposure:
    """The exposure of the frame's owner over its window, up to its `now`.

    `meetings` are all the owner's, of every kind; those outside the window are left alone.
    """
    measured = _Measured(meetings, frame)
    weeks = tuple(map(measured.week, measured.worked))
    found = Exposure(
        weeks=weeks,
        total=sum(week.exposure for week in weeks),
        silent_weeks=sum(week.silent for week in weeks),
        absence_weeks=sum(week.absence for week in weeks),
        known=sum(known for known, _ in measured.participants.values()),
        unknown=sum(unknown for _, unknown in measured.participants.values()),
        first=measured.first,
        stretches=measured.stretches_in_use,
        absences=tuple(measured.absences),
        seen=tuple([meeting for members in measured.inside.values() for meeting in members]),
        counted=tuple(measured.counted),
        count=count(meetings, measured.counted, {week.week: week.exposure for week in weeks}, frame),
        ahead=_ahead(meetings, measured.absences, frame),
    )
    return replace(found, without=tuple(measured.without(found)))


class _Measured:
    """What is found out of all weeks at once, by Monday, before each is looked at.

    inside        the meetings that start inside the window, and not after `now`
    counted       the one-to-ones among them that count
    first         the first week that counts
    worked        the working time of each week of the window
    used          the weeks that show the calendar in use
    participants  how many meetings have known participants, and how many unknown
    """

    def __init__(self, meetings: Sequence[Meeting], frame: Frame) -> None:
        self.frame = frame
        window, zone, end = frame.window, frame.zone, frame.now
        whole_weeks = by_week(meetings, zone)
        self.inside = {
            monday: members if _lies_in(monday, window.start, end, zone) else _seen_of(members, window, end)
            for monday, members in whole_weeks.items()
        }
        self.counted = _seen_of(countable_one_to_ones(meetings), window, end)
        with_others = [monday for monday, members in self.inside.items() if any(map(involves_others, members))]
        self.first = min(with_others, default=None)
        absence = Kind.ABSENCE
        self.absences = union([(m.start, m.end) for m in meetings if m.kind is absence])
        begin = end if self.first is None else max(window.start, midnight(self.first, zone))
        self.worked = {monday: worked(monday, begin, self.absences, frame) for monday in _mondays(frame)}
        self.used = weeks_in_use(whole_weeks, foreign_calendars(meetings), zone)
        self.participants = {monday: participants(members) for monday, members in self.inside.items()}
        self._whole_weeks, self._meetings = whole_weeks, meetings
        self._signs = signs_of_presence(meetings, until=frame.now, zone=zone)
        self._stretches = self._silent(self._signs)
        self._contrasting = set(chain.from_iterable(self._stretches))
        self._one_to_ones = {monday: len(members) for monday, members in by_week(self.counted, zone).items()}

    @property
    def stretches_in_use(self) -> tuple[Stretch, ...]:
        """The stretches that are silent by contrast, without the weeks in which nothing stands at all."""
        return _in_use(self._stretches, self.used)

    def without(self, found: Exposure) -> Iterator[Exposure]:
        """What was `found`, without the one-to-ones of any of the newest weeks in which nothing else shows the owner there."""
        newest = list(self.worked)[-NEWEST:]
        other = {sign.week for sign in self._signs if not sign.one_to_one}
        alone = [m for m in newest if m not in other and any(s.week == m for s in self._signs)]
        if not alone:
            return
        foreign, zone = foreign_calendars(self._meetings), self.frame.zone
        for some in chain.from_iterable(combinations(alone, many) for many in range(1, len(alone) + 1)):
            signs = [sign for sign in self._signs if sign.week not in some or not sign.one_to_one]
            stretches = self._silent(signs)
            left = {m: [one for one in self._whole_weeks[m] if one.kind is not Kind.ONE_TO_ONE] for m in some}
            used = self.used.difference(some) | weeks_in_use(left, foreign, zone)
            contrasting = set(chain.from_iterable(stretches))
            yield replace(
                found,
                weeks=tuple(_silenced(week, used, contrasting) for week in found.weeks),
                stretches=_in_use(stretches, used),
            )

    def _silent(self, signs: Sequence[Sign]) -> list[Stretch]:
        """The stretches of weeks that are silent by contrast, without those in which the owner says that they were there."""
        there = {monday_of(m.event.start, self.frame.zone) for m in self._meetings if m.reason == WAS_THERE}
        stretches = silent_stretches(signs, {monday: one.working for monday, one in self.worked.items()})
        return [left for each in stretches if (left := tuple(monday for monday in each if monday not in there))]

    def week(self, monday: date) -> WeekFacts:
        """The facts of one week of the window."""
        one, members = self.worked[monday], self.inside.get(monday, [])
        known, unknown = self.participants.get(monday, (0, 0))
        share = unknown / (known + unknown) if unknown else 0.0
        silent = _is_silent(monday, one.working, self.used, self._contrasting)
        hours = hours_by_kind(members, self.frame.now)
        if one.taken:
            hours[Kind.ABSENCE] = one.taken / HOUR
        return WeekFacts(
            week=monday,
            exposure=0.0 if silent else one.working * (1.0 - share),
            working=one.working,
            absence=one.absence,
            silent=silent,
            asked=silent and monday in self.used,
            unknown=share,
            one_to_ones=self._one_to_ones.get(monday, 0),
            with_people=any(m.kind in WITH_PEOPLE and m.held for m in members),
            hours=hours,
        )


def _ahead(meetings: Sequence[Meeting], absences: Sequence[Span], frame: Frame) -> Ahead:
    zone, now = frame.zone, frame.now
    current = week_of(last_day_before(now, zone))
    mondays = [current, current + WEEK, current + 2 * WEEK]
    over = midnight(current + 3 * WEEK, zone)
    later = replace(frame, window=Window(now, over), as_of=over, last_sign=None)
    coming = [
        replace(m, held=True)
        for m in meetings
        if m.kind is Kind.ONE_TO_ONE and not m.held and m.event.end > frame.as_of and now < m.event.start < over
    ]
    booked = by_week(countable_one_to_ones(coming), zone)
    first, second, third = (
        (worked(monday, now, absences, later).working, len(booked.get(monday, ()))) for monday in mondays
    )
    return Ahead((first[0], second[0], third[0]), (first[1], second[1], third[1]))


def _silenced(week: WeekFacts, used: Set[date], contrasting: Set[date]) -> WeekFacts:
    """The week as it is where other weeks are used, and silent by contrast."""
    silent = _is_silent(week.week, week.working, used, contrasting)
    exposure = 0.0 if silent else week.working * (1.0 - week.unknown)
    return replace(week, silent=silent, asked=silent and week.week in used, exposure=exposure)


def _is_silent(monday: date, working: float, used: Set[date], contrasting: Set[date]) -> bool:
    """Whether there was working time in a week, and nothing shows that the owner was there."""
    return working > 0 and (monday not in used or monday in contrasting)


def _in_use(stretches: Iterable[Stretch], used: Set[date]) -> tuple[Stretch, ...]:
    """The stretches without the weeks in which nothing stands at all."""
    return tuple(kept for each in stretches if (kept := tuple(monday for monday in each if monday in used)))


def _seen_of(meetings: Iterable[Meeting], window: Window, end: datetime) -> list[Meeting]:
    """The meetings that start inside the window, and not after `end`."""
    first, stop = window.start, window.end
    return [m for m in meetings if first <= (start := m.event.start) < stop and start <= end]


def _mondays(frame: Frame) -> list[date]:
    """The Mondays of the weeks that the window touches, up to `as_of`."""
    monday, stop = monday_of(frame.window.start, frame.zone), min(frame.window.end, frame.as_of)
    mondays = []
    while midnight(monday, frame.zone) < stop:
        mondays.append(monday)
        monday += WEEK
    return mondays


def _lies_in(monday: date, begin: datetime, end: datetime, zone: str) -> bool:
    """Whether the whole week does."""
    return begin <= midnight(monday, zone) and midnight(monday + WEEK, zone) <= end
