"""A calendar can often be read in two ways; a verdict must hold in each (docs/scoring.md, "Readings").

    best       every meeting as its kind says: the rate that is shown
    generous   every doubt that could be a one-to-one counts as one, with full exposure (not the known share of it)
    strict     every doubt that could be none is left out
    worked     best, with the weeks that are silent only by contrast read as worked

`at_risk` is said only where best and generous agree; else the most that is said is `watch`. An `ok` that `worked` would call
`at_risk` is said as `watch`: the owner is asked whether they were away. These are bounds from what is not known, in place of a
guess about it (Manski's partial identification). A reading is one more row of the arrays of `bayes` and `levels`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np

from calsight.core.model.frame import Frame
from calsight.core.model.meetings import AWAY, CouldBe, Doubt, DoubtCode, Kind, Meeting, Scope
from calsight.core.model.options import RateOptions
from calsight.core.rate.exposure import Exposure
from calsight.core.rate.newest import latest_level
from calsight.core.rate.overlaps import countable_one_to_ones
from calsight.core.rate.several import Several, latest_of_each, levels_and_rates
from calsight.core.rate.weeks import by_week
from calsight.core.time.days import week_of

if TYPE_CHECKING:
    from calsight.core.rate.several import Levels

Weekly: TypeAlias = tuple[float, ...]
Key: TypeAlias = tuple[str, str]
"""What one question settles: the code of a doubt, and the person, place or day that it is about ("" where it is none)."""


class Row(NamedTuple):
    """One-to-ones and exposure, week by week."""

    counts: Weekly
    exposure: Weekly

    def then(self, counts: Sequence[float], exposure: Sequence[float]) -> Row:
        """With further weeks after it."""
        return Row((*self.counts, *counts), (*self.exposure, *exposure))

    def ended(self, count: float, exposure: float) -> Row:
        """With so much more in its last week."""
        return Row((*self.counts[:-1], self.counts[-1] + count), (*self.exposure[:-1], self.exposure[-1] + exposure))

    def moved(self, weeks: int) -> Row:
        """Without its first weeks."""
        return Row(self.counts[weeks:], self.exposure[weeks:])

    def until(self, weeks: int) -> Row:
        """Its first weeks only."""
        return Row(self.counts[:weeks], self.exposure[:weeks])


class Answers(NamedTuple):
    """Answers to questions, to try them.

    `yes` says that meetings were one-to-ones, that two lines are one person, that a line is a room, that the owner was away;
    `no` says that not.
    """

    yes: frozenset[Key] = frozenset()
    no: frozenset[Key] = frozenset()


class Readings(NamedTuple):
    """The readings of one calendar. `worked` is None where no week is silent by contrast alone."""

    best: Row
    generous: Row
    strict: Row
    worked: Row | None

    @property
    def rows(self) -> tuple[Row, ...]:
        """The readings on which a level rests, `best` first."""
        return (self.best, self.generous, self.strict, self.worked or self.best)

    @property
    def one_way(self) -> bool:
        """Whether the calendar can be read in one way only."""
        return len(set(self.rows)) == 1

    def then(self, counts: Sequence[float], exposure: Sequence[float]) -> Readings:
        """With further weeks after it, about which there is no doubt."""
        return self._each(lambda row: row.then(counts, exposure))

    def ended(self, count: float, exposure: float) -> Readings:
        """With so much more in the last week: what is left of it."""
        return self._each(lambda row: row.ended(count, exposure))

    def moved(self, weeks: int) -> Readings:
        """Without the first weeks: a window that moved on."""
        return self._each(lambda row: row.moved(weeks))

    def until(self, weeks: int) -> Readings:
        """The first weeks only."""
        return self._each(lambda row: row.until(weeks))

    def _each(self, change: Callable[[Row], Row]) -> Readings:
        worked = None if self.worked is None else change(self.worked)
        return Readings(change(self.best), change(self.generous), change(self.strict), worked)


#: Doubts about who somebody is: to them "yes" means that it is as it was read.
_SETTLES_WHO = frozenset({DoubtCode.SAME_NAME, DoubtCode.PLACE})


def key_of(doubt: Doubt) -> Key:
    """The question that settles a doubt."""
    return (doubt.code.value, doubt.about)


@dataclass(frozen=True)
class Doubtful:
    """What of an owner's calendar can be read in two ways: the weeks of the exposure, and the meetings that count or could.

    `open` are the meetings with a doubt, of whatever kind, by the Monday of their week; `sure` the one-to-ones without one in
    the same weeks. `unread` is how many entries of a week could not be read, each of which may have been a one-to-one; those
    whose day is not known are spread over the exposed weeks. All other weeks are read in one way only.
    """

    exposure: Exposure
    open: Mapping[date, Sequence[Meeting]]
    sure: Mapping[date, Sequence[Meeting]]
    unread: Mapping[date, int] = field(default_factory=dict)

    @classmethod
    def of(cls, exposure: Exposure, frame: Frame) -> Doubtful:
        """From all that the exposure saw."""
        one_to_one, as_of = Kind.ONE_TO_ONE, frame.as_of
        doubted = by_week([m for m in exposure.seen if m.doubts and m.event.end <= as_of], frame.zone)
        unread = _unread(exposure, frame)
        if not doubted:
            return cls(exposure, {}, {}, unread)
        sure = [m for m in exposure.seen if m.kind is one_to_one and not m.doubts and m.event.end <= as_of]
        return cls(exposure, doubted, by_week(sure, frame.zone), unread)

    @property
    def all_ways(self) -> list[Readings]:
        """As it is, and as it were without some of the newest one-to-ones where they alone show that the owner was there."""
        return [self.as_is, *(replace(self, exposure=each).as_is for each in self.exposure.without)]

    @property
    def meetings(self) -> Iterator[Meeting]:
        """All meetings with a doubt."""
        return (meeting for members in self.open.values() for meeting in members)

    @property
    def keys(self) -> dict[Key, int]:
        """What could be asked, and how many meetings (for time away: weeks) hang on it."""
        found: dict[Key, int] = {}
        for meeting in self.meetings:
            for key in {key_of(doubt) for doubt in meeting.doubts}:
                found[key] = found.get(key, 0) + 1
        for stretch in self.exposure.stretches:
            found[(AWAY, stretch[0].isoformat())] = len(stretch)
        return found

    @cached_property
    def as_is(self) -> Readings:
        """The readings, with no question answered."""
        return self.read(Answers())

    def read(self, answers: Answers) -> Readings:
        """The readings, with some questions answered."""
        best = self._counts(lambda m: _settled(m, answers, None)) if any(answers) else self._as_they_are
        known, full, worked = self._exposures(answers)
        return Readings(
            best=Row(best, known),
            generous=Row(self._with_unread(self._counts(lambda m: _settled(m, answers, "one_to_one"))), full),
            strict=Row(self._counts(lambda m: _settled(m, answers, "none")), known),
            worked=None if worked is None else Row(best, worked),
        )

    def _exposures(self, answers: Answers) -> tuple[Weekly, Weekly, Weekly | None]:
        """The exposure of each week: by the known share of its meetings, in full, and with silent weeks read as worked."""
        was_there = {monday for key in answers.no for monday in self._stretch(key)}
        was_away = {monday for key in answers.yes for monday in self._stretch(key)}
        asked = {monday for stretch in self.exposure.stretches for monday in stretch} - was_there - was_away
        settled = any(code == DoubtCode.UNKNOWN for code, _ in answers.yes | answers.no)

        def exposed(*, full: bool, read_as_worked: Set[date]) -> Weekly:
            return tuple(
                0.0
                if week.silent and week.week not in read_as_worked
                else week.working * (1.0 if full or settled else 1.0 - week.unknown)
                for week in self.exposure.weeks
            )

        return (
            exposed(full=False, read_as_worked=was_there),
            exposed(full=True, read_as_worked=was_there),
            exposed(full=False, read_as_worked=was_there | asked) if asked else None,
        )

    @property
    def _as_they_are(self) -> Weekly:
        return tuple([float(week.one_to_ones) for week in self.exposure.weeks])

    def _counts(self, reading: Callable[[Meeting], Meeting | None]) -> Weekly:
        """The one-to-ones of each week; counted anew where a meeting is read in this way or that."""
        counted = {}
        for monday, members in self.open.items():
            read = [other for meeting in members if (other := reading(meeting)) is not None]
            together = sorted([*self.sure.get(monday, ()), *read], key=attrgetter("event.start", "event.uid"))
            counted[monday] = float(len(countable_one_to_ones(together)))
        return tuple([counted.get(week.week, float(week.one_to_ones)) for week in self.exposure.weeks])

    def _with_unread(self, counts: Weekly) -> Weekly:
        if not self.unread:
            return counts
        return tuple([n + self.unread.get(week.week, 0) for n, week in zip(counts, self.exposure.weeks, strict=True)])

    def _stretch(self, key: Key) -> tuple[date, ...]:
        code, about = key
        if code != AWAY:
            return ()
        return next((each for each in self.exposure.stretches if each[0].isoformat() == about), ())


def _unread(exposure: Exposure, frame: Frame) -> dict[date, int]:
    """How many entries of each week could not be read."""
    return spread_unread(frame.unread, [week.week for week in exposure.weeks if week.exposure])


def spread_unread(unread: Sequence[date | None], exposed: Sequence[date]) -> dict[date, int]:
    """How many entries of each of the `exposed` weeks (by Monday) could not be read; what has no day is spread over them."""
    known = Counter(week_of(day) for day in unread if day is not None)
    lost = unread.count(None)
    spread = Counter(exposed[place * len(exposed) // lost] for place in range(lost)) if exposed else Counter[date]()
    return {monday: known[monday] + spread[monday] for monday in exposed if monday in known or monday in spread}


def levels_of(
    readings: Sequence[Readings],
    options: RateOptions,
    *,
    narrow: Sequence[Sequence[bool]] | None = None,
    since: int = 0,
) -> Levels:
    """The level of each of several readings at the end of each week, [readings, weeks], as places in `LEVELS`.

    `narrow` and `since` as in `levels_and_rates`.
    """
    return levels_and_rates(_several(readings), options, narrow=narrow, since=since)[0]


def latest_of(readings: Readings, options: RateOptions, *, narrow: Sequence[bool]) -> int:
    """The latest level as it is said, a place in `LEVELS`. `narrow` as in `levels_of`, of this one's weeks."""
    return int(latest_of_each(_several([readings]), options, narrow=[narrow])[0])


def latest_levels(readings: Readings, options: RateOptions) -> tuple[int, int, int, int]:
    """The latest level of the best, generous, strict and worked reading, each by itself, as places in `LEVELS`."""
    rows = list(dict.fromkeys(readings.rows))
    found = latest_level([row.counts for row in rows], [row.exposure for row in rows], options)
    latest = dict(zip(rows, found.tolist(), strict=True))
    best, generous, strict, worked = (latest[row] for row in readings.rows)
    return best, generous, strict, worked


def _several(readings: Sequence[Readings]) -> Several:
    best, generous, _, worked = zip(*(each.rows for each in readings), strict=True)
    columns = (
        [row.counts for row in best],
        [row.exposure for row in best],
        [row.counts for row in generous],
        [row.exposure for row in generous],
        [row.exposure for row in worked],
    )
    return Several(*(np.array(column, dtype=np.float64) for column in columns))


def _settled(meeting: Meeting, answers: Answers, lean: CouldBe | None) -> Meeting | None:
    """The meeting as a one-to-one, or None if it is none in this reading.

    What is answered counts; of what is not, a reading leans to one side, the best one to neither.
    """
    counts = read_so = meeting.kind is Kind.ONE_TO_ONE and meeting.scope is not Scope.PERSONAL
    person = None
    for doubt in meeting.doubts:
        found = _answer(doubt, answers) or (doubt.could_be if doubt.could_be == lean else None)
        if found == "none":
            return None
        if found == "one_to_one":
            counts, person = True, doubt.person
    if not counts:
        return None
    if read_so:
        return meeting
    others = meeting.counterparts if meeting.kind is Kind.ONE_TO_ONE else (person,) if person else ()
    return replace(meeting, kind=Kind.ONE_TO_ONE, counterparts=others, held=True, scope=Scope.OTHER)


def _answer(doubt: Doubt, answers: Answers) -> CouldBe | Literal["as_read"] | None:
    """What the answers make of a doubtful meeting; None where they leave it open."""
    key = key_of(doubt)
    if key not in answers.yes and key not in answers.no:
        return None
    if doubt.code in _SETTLES_WHO:
        return "as_read" if key in answers.yes else doubt.could_be
    if key in answers.no:
        return "none"
    return "one_to_one" if doubt.could_be == "one_to_one" else "as_read"  # another doubt may read it as private
