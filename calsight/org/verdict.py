"""Everybody's level: what core says of a rate, for all rows at once (docs/scoring.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from calsight.core.model.options import ALMOST, RateOptions
from calsight.core.rate.bayes import NEWEST
from calsight.core.rate.breadth import hang_on_few
from calsight.core.rate.grounds import enough_meetings, enough_weeks
from calsight.core.rate.levels import OK
from calsight.core.rate.readings import spread_unread
from calsight.core.rate.several import Several, latest_of_each, levels_and_rates
from calsight.core.time.days import DAY
from calsight.org.exposure import Exposures
from calsight.org.meetings import Met
from calsight.org.staff import Staff

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.int64]
    Floats: TypeAlias = NDArray[np.float64]
    Levels: TypeAlias = NDArray[np.int8]
    Bools: TypeAlias = NDArray[np.bool_]

_TOGETHER = 2000  # people whose readings are looked at in one go
_ALIKE = 8  # weeks of which some people have the same: hardly anybody's longer beginnings are


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Arrays are [people], `levels` [people, weeks], as places in core's LEVELS; nan where nothing can be said.

    people     the effective number of people met
    """

    levels: Levels
    p_low: Floats
    mean: Floats
    people: Floats

    @property
    def level(self) -> Levels:
        """The latest level of each."""
        return self.levels[:, -1]


def judge(exposures: Exposures, met: Met, staff: Staff, options: RateOptions) -> Verdicts:
    """The level of each at the end of each week."""
    narrow, people = _narrow(met, staff, options)
    levels = np.zeros((staff.size, staff.weeks), dtype=np.int8)
    p_low, mean = np.full(staff.size, np.nan), np.full(staff.size, np.nan)
    judged = np.flatnonzero(_sufficient(exposures, staff, options))
    read = _read(exposures, met, staff)
    # Whose weeks begin alike stand together: what is learnt of these is learnt once (core.rate.forward).
    begins = np.concatenate([read.exposure[judged, :_ALIKE], read.counts[judged, :_ALIKE]], axis=1)
    judged = judged[np.lexsort(begins.T)]
    for begin in range(0, len(judged), _TOGETHER):
        some = judged[begin : begin + _TOGETHER]
        several = _of(read, some)
        levels[some], path = levels_and_rates(several, options, narrow=narrow[some], since=0)
        levels[some, -1] = latest_of_each(several, options, narrow=narrow[some], path=path)
        p_low[some], mean[some] = path.p_low[: len(some), -1], path.mean[: len(some), -1]
        unwell = some[levels[some, -1] > OK]
        person, said = _in_other_ways(read, exposures, unwell, staff, narrow, options)
        np.minimum.at(levels[:, -1], person, said)
    return Verdicts(levels, p_low, mean, people)


def _read(exposures: Exposures, met: Met, staff: Staff) -> Several:
    """Everybody's calendar in all its readings."""
    return Several(
        counts=met.counts,
        exposure=exposures.exposure,
        generous=met.generous + _unread(exposures, staff),
        full=np.where(exposures.silent, 0.0, exposures.working),
        worked=np.where(exposures.asked, exposures.working * (1.0 - exposures.unknown), exposures.exposure),
    )


def _of(read: Several, some: Ints) -> Several:
    return Several(*(values[some] for values in read))


def _in_other_ways(
    read: Several, exposures: Exposures, some: Ints, staff: Staff, narrow: Bools, options: RateOptions
) -> tuple[Ints, Levels]:
    """Who of some people can be read in other ways, and the last level that each of these says (core.rate.rated)."""
    found: list[int] = []
    ways: list[Several] = []
    for person in exposures.rests_on_newest(some).tolist():
        for silent, asked in exposures.without(person, staff):
            found.append(person)
            ways.append(_without(_of(read, np.array([person])), exposures, person, silent, asked))
    owner = np.array(found, dtype=np.int64)
    if not ways:
        return owner, np.zeros(0, dtype=np.int8)
    several = Several(*map(np.concatenate, zip(*ways, strict=True)))
    said = latest_of_each(several, options, narrow=narrow[owner])
    return owner[said >= OK], said[said >= OK]


def _without(read: Several, exposures: Exposures, person: int, silent: Bools, asked: Bools) -> Several:
    """The readings of somebody if these weeks were silent (`core.rate.readings.Doubtful.all_ways`)."""
    working, known = exposures.working[[person]], 1.0 - exposures.unknown[[person]]
    exposure = np.where(silent, 0.0, working * known)
    full, worked = np.where(silent, 0.0, working), np.where(asked, working * known, exposure)
    return Several(read.counts, exposure, read.generous, full, worked)


def _sufficient(exposures: Exposures, staff: Staff, options: RateOptions) -> Bools:
    """Of whom something can be said: the grounds of core.rate.grounds."""
    total = np.cumsum(exposures.exposure, axis=1)[:, -1]
    met = np.cumsum(exposures.exposure * exposures.met, axis=1)[:, -1]
    enough = enough_weeks(total, options) & enough_meetings(met, total, options)
    return np.asarray((exposures.first >= 0) & (exposures.listed > 0) & enough & (staff.unlisted == 0))


def _unread(exposures: Exposures, staff: Staff) -> Floats:
    """How many entries of each week could not be read: each may have been a one-to-one."""
    found, mondays = np.zeros((staff.size, staff.weeks)), staff.mondays
    for person, days in enumerate(staff.lost):
        exposed = np.flatnonzero(exposures.exposure[person] > 0)
        if not days or not len(exposed):
            continue
        lost = [None if day < 0 else staff.epoch + DAY * day for day in days]
        for monday, times in spread_unread(lost, [mondays[week] for week in exposed.tolist()]).items():
            found[person, mondays.index(monday)] += times
    return found


def _narrow(met: Met, staff: Staff, options: RateOptions) -> tuple[Bools, Floats]:
    """Whether the recent one-to-ones hang on too few people, at the end of each week; and with how many they were in all."""
    pairs, weeks = met.pairs, staff.weeks
    week = met.table["week"][pairs.rows] - staff.first
    number = len(pairs.who)
    times = np.bincount((week + 1) * number + pairs.place, minlength=(weeks + 1) * number).astype(np.int32)
    until = np.cumsum(times.reshape(weeks + 1, number), axis=0, dtype=np.int32)
    narrow = np.zeros((staff.size, weeks), dtype=bool)
    known: dict[bytes, bool] = {}
    for each in range(weeks):
        begin, newest = max(0, each + 1 - options.recent_weeks), max(0, each + 1 - NEWEST)
        older, all_ = until[newest] - until[begin], until[each + 1] - until[begin]
        few = np.ones(staff.size, dtype=bool)
        for some in (older, all_):  # with none of the newest, and with all of them; core is asked about these few
            total, effective = _effective(pairs.who, some, staff.size)
            few &= (total >= options.narrow_interactions) & (effective < options.narrow_people - ALMOST)
        for person, met_each in _each(pairs.who, older, all_ - older, few):
            key = met_each.tobytes()
            if key not in known:
                known[key] = hang_on_few(met_each.tolist(), options)
            narrow[person, each] = known[key]
    return narrow, _effective(pairs.who, until[-1], staff.size)[1]


def _each(owner: Ints, older: Ints, newest: Ints, few: Bools) -> Iterator[tuple[int, Ints]]:
    """Of those of whom `few` is true, how often they met each person before the newest weeks and in these, [met, 2], sorted."""
    (some,) = np.nonzero(few[owner] & (older + newest > 0))
    some = some[np.lexsort((newest[some], older[some], owner[some]))]
    times, who = np.stack([older[some], newest[some]], axis=1), owner[some]
    begins = np.flatnonzero(np.diff(who, prepend=-1))
    for begin, end in pairwise([*begins.tolist(), len(who)]):
        yield int(who[begin]), times[begin:end]


def _effective(owner: Ints, times: Ints, size: int) -> tuple[Floats, Floats]:
    """How many one-to-ones, and among how many people as if all were met equally often (core.rate.breadth)."""
    total: Floats = np.bincount(owner, weights=times, minlength=size).astype(np.float64)
    squares: Floats = np.bincount(owner, weights=np.square(times, dtype=np.float64), minlength=size).astype(np.float64)
    return total, np.where(squares > 0, total**2 / np.where(squares > 0, squares, 1.0), 0.0)
