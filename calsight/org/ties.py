"""Everybody's ties: the rhythm of core.relationships for all pairs at once, and whether the next one is booked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from calsight.core.model.options import RelationshipOptions
from calsight.core.relationships import rhythm
from calsight.core.relationships.series import RECENT_OCCURRENCES, Series
from calsight.core.time.days import last_day_before
from calsight.org.arrays import among, distinct, find
from calsight.org.exposure import Exposures
from calsight.org.meetings import Met
from calsight.org.staff import Staff, moment_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from calsight.org.engines import Table

    Ints: TypeAlias = NDArray[np.int64]
    Floats: TypeAlias = NDArray[np.float64]
    Bools: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ties:
    """Each pair seen from one side: the place of the person, the number of the other, how often they met, P(alive).

    `gaps` is how many there are between the days on which they met.
    """

    who: Ints
    partner: Ints
    interactions: Ints
    gaps: Floats
    alive: Floats

    def living(self, options: RelationshipOptions) -> Bools:
        """Which of them live: core calls them active."""
        return np.asarray(self.alive >= rhythm.active_from(self.gaps, options))


def find_ties(met: Met, occurrences: Table, exposures: Exposures, staff: Staff, options: RelationshipOptions) -> Ties:
    """The ties of all, by person and partner."""
    pairs = met.pairs
    owner, place = pairs.who, pairs.place
    who = owner[place]
    today = _today(staff)
    elapsed = np.concatenate([np.zeros((staff.size, 1)), np.cumsum(exposures.pace, axis=1)], axis=1)
    when = _weeks(met.table["day"][pairs.rows], who, elapsed, exposures.pace, staff)
    now = _weeks(today, np.arange(staff.size), elapsed, exposures.pace, staff)
    gaps = rhythm.gaps(place, when - now[who], now=0.0, people=len(owner))
    alive = rhythm.p_alive(gaps, options) if len(owner) else np.zeros(0)
    booked = _booked(met, occurrences, staff)
    alive = np.where(among(np.stack([owner, pairs.partner]), booked), 1.0, alive)
    return Ties(owner, pairs.partner, np.bincount(place, minlength=len(owner)), gaps.count, alive)


def _today(staff: Staff) -> Ints:
    """The day up to which each one's calendar tells anything."""
    known: dict[tuple[int, int], int] = {}
    found = []
    for at, now in zip(staff.schedule.tolist(), staff.now_s.tolist(), strict=True):
        if (at, now) not in known:
            known[at, now] = (last_day_before(moment_of(now), staff.frames[at].zone) - staff.epoch).days
        found.append(known[at, now])
    return np.array(found, dtype=np.int64)


def _weeks(day: Ints, who: Ints, elapsed: Floats, pace: Floats, staff: Staff) -> Floats:
    """Weeks of available time to the beginning of each day (core.time.available)."""
    into = (day + 3) % 7 / 7.0
    week = (day + 3) // 7 - staff.first
    inside = np.clip(week, 0, staff.weeks - 1)
    found = elapsed[who, inside] + pace[who, inside] * into
    after = week >= staff.weeks
    return np.where(after, elapsed[who, -1] + (week - staff.weeks) + into, np.where(week < 0, week + into, found))


def _booked(met: Met, occurrences: Table, staff: Staff) -> Ints:
    """(person, partner) of those whose next one-to-one stands in the calendar, save of a series that is not kept."""
    table, who = met.table, met.who
    coming = np.flatnonzero((table["sure"] == 1) & (table["partner"] >= 0) & (table["end_s"] > staff.now_s[who]))
    told = staff.known(occurrences["person"])
    series = {name: values[told] for name, values in occurrences.items()}
    dead = _not_kept(series, staff, table, who)
    mine = np.stack([who[coming], table["series"][coming], table["partner"][coming]])
    stands = (mine[1] < 0) | ~among(mine, dead)
    return np.stack([who[coming], table["partner"][coming]])[:, stands]


def _not_kept(series: Table, staff: Staff, table: Table, met_who: Ints) -> Ints:
    """(person, series, partner) of one-to-one series that have past occurrences and are not kept, [3, series]."""
    sure = (table["sure"] == 1) & (table["series"] >= 0) & (table["partner"] >= 0)
    wanted = distinct(np.stack([met_who[sure], table["series"][sure], table["partner"][sure]]))
    if not wanted.shape[1] or not len(series["person"]):
        return np.zeros((3, 0), dtype=np.int64)
    # As the engine gives them, by person, series and start.
    who, name, partner = staff.place(series["person"]), series["series"], series["partner"]
    fresh = np.ones(len(who), dtype=bool)
    fresh[1:] = (who[1:] != who[:-1]) | (name[1:] != name[:-1])
    begin = np.flatnonzero(fresh)
    end = np.append(begin[1:], len(who))
    where = find(np.stack([who[begin], name[begin]]), wanted[:2])
    known = where >= 0
    wanted, begin, end = wanted[:, known], begin[where[known]], end[where[known]]
    number = np.minimum(end - begin, RECENT_OCCURRENCES)
    pattern = np.zeros(len(begin), dtype=np.int64)
    for back in range(1, RECENT_OCCURRENCES + 1):
        place = np.maximum(end - back, 0)
        pattern |= ((number >= back) & (partner[place] == wanted[2])).astype(np.int64) << (back - 1)
    dead = ~_KEPT[number, pattern] & (number > 0)
    return wanted[:, dead]


#: Whether a series is kept, by how many of its last occurrences are known and which of them were held: core's own answer.
_KEPT = np.array(
    [
        [
            Series(tuple(bool(bits >> (number - 1 - place) & 1) for place in range(number))).kept
            for bits in range(2**RECENT_OCCURRENCES)
        ]
        for number in range(RECENT_OCCURRENCES + 1)
    ]
)
