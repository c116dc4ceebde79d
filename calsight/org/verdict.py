"""Everybody's level: what core says of a rate, for all rows at once (docs/scoring.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from calsight.core.model.options import RateOptions
from calsight.core.rate.breadth import narrow_weeks
from calsight.core.rate.grounds import enough_meetings, enough_weeks
from calsight.core.rate.levels import LEVELS, OK
from calsight.core.rate.readings import Readings, Row, latest_of_each, levels_and_rates, spread_unread
from calsight.core.time.days import DAY
from calsight.org.exposure import Exposures
from calsight.org.meetings import Met
from calsight.org.staff import Staff

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.int64]
    Floats: TypeAlias = NDArray[np.float64]
    Bools: TypeAlias = NDArray[np.bool_]

_TOGETHER = 2000  # people whose readings are looked at in one go
_ALMOST = 1e-9  # weeks summed from fifths may miss a whole number by a hair


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Arrays are [people], `levels` [people, weeks], as places in core's LEVELS; nan where nothing can be said.

    people     the effective number of people met
    """

    levels: NDArray[np.int8]
    p_low: Floats
    mean: Floats
    people: Floats

    @property
    def level(self) -> NDArray[np.int8]:
        """The latest level of each."""
        return self.levels[:, -1]


def judge(exposures: Exposures, met: Met, staff: Staff, options: RateOptions) -> Verdicts:
    """The level of each at the end of each week."""
    narrow, people = _narrow(met, staff, options)
    levels = np.zeros((staff.size, staff.weeks), dtype=np.int8)
    p_low, mean = np.full(staff.size, np.nan), np.full(staff.size, np.nan)
    judged = np.flatnonzero(_sufficient(exposures, staff, options))
    generous = met.generous + _unread(exposures, staff)
    full = np.where(exposures.silent, 0.0, exposures.working)
    worked = np.where(exposures.asked, exposures.working * (1.0 - exposures.unknown), exposures.exposure)
    asked: Bools = np.asarray(exposures.asked.any(axis=1))
    for begin in range(0, len(judged), _TOGETHER):
        some = judged[begin : begin + _TOGETHER]
        best = _rows(met.counts[some], exposures.exposure[some])
        readings = [
            Readings(best=one, generous=two, strict=one, worked=three if open_ else None)
            for one, two, three, open_ in zip(
                best,
                _rows(generous[some], full[some]),
                _rows(met.counts[some], worked[some]),
                asked[some].tolist(),
                strict=True,
            )
        ]
        levels[some], path, where = levels_and_rates(readings, options, narrow=narrow[some].tolist())
        p_low[some], mean[some] = path.p_low[where, -1], path.mean[where, -1]
        unwell = np.flatnonzero(levels[some, -1] > OK)
        ways = [
            {readings[row]: None, **dict.fromkeys(_without(exposures, met.counts, generous, int(some[row]), staff))}
            for row in unwell.tolist()
        ]
        levels[some[unwell], -1] = _latest(ways, narrow[some[unwell]].tolist(), options)
    return Verdicts(levels, p_low, mean, people)


def _without(exposures: Exposures, counts: Floats, generous: Floats, person: int, staff: Staff) -> Iterator[Readings]:
    """The readings of somebody as it were without some of the newest one-to-ones (`core.rate.readings.Doubtful.all_ways`)."""
    working, known = exposures.working[person], 1.0 - exposures.unknown[person]
    for silent, asked in exposures.without(person, staff):
        exposure, full = np.where(silent, 0.0, working * known), np.where(silent, 0.0, working)
        (best,) = _rows(counts[[person]], exposure[None])
        (most,) = _rows(generous[[person]], full[None])
        (worked,) = _rows(counts[[person]], np.where(asked, working * known, exposure)[None])
        yield Readings(best=best, generous=most, strict=best, worked=worked if asked.any() else None)


def _latest(ways: Sequence[Iterable[Readings]], narrow: Sequence[Sequence[bool]], options: RateOptions) -> list[int]:
    """The last level of each as it is said: the best of those that the calendar can be read with (`core.rate.rated`)."""
    pairs = [(place, way) for place, each in enumerate(ways) for way in each]
    if not pairs:
        return []
    said = latest_of_each([way for _, way in pairs], options, narrow=[narrow[place] for place, _ in pairs])
    found = [len(LEVELS)] * len(ways)
    for (place, _), level in zip(pairs, said, strict=True):
        if level >= OK:
            found[place] = min(found[place], level)
    return found


def _rows(counts: Floats, exposure: Floats) -> list[Row]:
    return [Row(tuple(one), tuple(two)) for one, two in zip(counts.tolist(), exposure.tolist(), strict=True)]


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
    rows = met.counted[met.table["partner"][met.counted] >= 0]
    who, week = met.who[rows], met.table["week"][rows] - staff.first
    pairs, place = np.unique(np.stack([who, met.table["partner"][rows]]), axis=1, return_inverse=True)
    owner = pairs[0]
    times = np.zeros((len(owner), staff.weeks + 1), dtype=np.int64)
    np.add.at(times, (place.ravel(), week + 1), 1)
    until = np.cumsum(times, axis=1)
    narrow = np.zeros((staff.size, staff.weeks), dtype=bool)
    for each in range(staff.weeks):
        recent = until[:, each + 1] - until[:, max(0, each + 1 - options.recent_weeks)]
        total, effective = _effective(owner, recent, staff.size)
        narrow[:, each] = (total >= options.narrow_interactions) & (effective < options.narrow_people - _ALMOST)
    # Core alone leaves the newest out of it; who is narrow there is so here, and these few are asked about.
    for person in np.flatnonzero(narrow.any(axis=1)).tolist():
        people: list[list[str]] = [[] for _ in range(staff.weeks)]
        for row in rows[who == person].tolist():
            people[int(met.table["week"][row]) - staff.first].append(str(int(met.table["partner"][row])))
        narrow[person] = narrow_weeks(people, options)
    return narrow, _effective(owner, until[:, -1], staff.size)[1]


def _effective(owner: Ints, times: Ints, size: int) -> tuple[Floats, Floats]:
    """How many one-to-ones, and among how many people as if all were met equally often (core.rate.breadth)."""
    total: Floats = np.bincount(owner, weights=times, minlength=size).astype(np.float64)
    squares: Floats = np.bincount(owner, weights=times * times, minlength=size).astype(np.float64)
    return total, np.where(squares > 0, total**2 / np.where(squares > 0, squares, 1.0), 0.0)
