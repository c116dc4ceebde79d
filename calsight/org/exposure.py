"""The time in which each could have met, week by week: `core.rate.exposure` for everybody at once.

Core's own functions are asked once for each distinct week (schedule, moment, leave), and put back where it belongs; what they
say of a week does not depend on who it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import chain, combinations
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from calsight.core.model.frame import Frame
from calsight.core.rate.bayes import NEWEST
from calsight.core.rate.silence import ANSWERS, UNLIKELY, Sign, silent_stretches
from calsight.core.rate.worked import worked
from calsight.core.time.available import available_time
from calsight.org.arrays import numbered
from calsight.org.reduce import counted, person_week
from calsight.org.staff import Staff, moment_of, monday_of_week

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from calsight.org.engines import Table

    Ints: TypeAlias = NDArray[np.int64]
    Floats: TypeAlias = NDArray[np.float64]
    Bools: TypeAlias = NDArray[np.bool_]

_EPOCH_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Away:
    """Absences, joined where they touch: place of the person, from when, until when; sorted."""

    who: Ints
    start: Ints
    end: Ints


@dataclass(frozen=True, slots=True)
class Exposures:
    """Everybody's weeks, [people, weeks], as `WeekFacts` has them; `pace` is each week's of available time.

    signs, sign_ones   signs of presence, and how many of them are one-to-ones
    used, used_more    the weeks that show the calendar in use; those of which other entries than one-to-ones show it
    """

    exposure: Floats
    working: Floats
    unknown: Floats
    silent: Bools
    asked: Bools
    met: Bools
    pace: Floats
    known: Ints
    unknowns: Ints
    listed: Ints
    inferred: Ints
    first: Ints
    signs: Ints
    sign_ones: Ints
    used: Bools
    used_more: Bools

    def rests_on_newest(self, some: Ints) -> Ints:
        """Those of `some` people of whom `without` says anything."""
        signs, ones = self.signs[some, -NEWEST:], self.sign_ones[some, -NEWEST:]
        alone: Bools = np.asarray(((signs > 0) & (signs == ones)).any(axis=1))
        return some[alone]

    def without(self, person: int, staff: Staff) -> list[tuple[Bools, Bools]]:
        """Which weeks of a person were silent, and which of these are asked about, without some of the newest one-to-ones.

        Without those of any of the newest weeks in which nothing else shows them there (`core.rate.exposure.Exposure.without`).
        """
        signs, ones, working = self.signs[person], self.sign_ones[person], self.working[person]
        newest = range(max(0, staff.weeks - NEWEST), staff.weeks)
        alone = [week for week in newest if 0 < signs[week] == ones[week]]
        ways = []
        for some in chain.from_iterable(combinations(alone, many) for many in range(1, len(alone) + 1)):
            left, used = signs.copy(), self.used[person].copy()
            left[list(some)] -= ones[list(some)]
            used[list(some)] = self.used_more[person][list(some)]
            contrasting = _silent_of(left, working, person, staff)
            ways.append(((working > 0) & (~used | contrasting), (working > 0) & used & contrasting))
        return ways


def join_absences(found: Table, staff: Staff) -> Away:
    """The absences of the staff as unions."""
    mine = staff.known(found["person"]) & (found["end_s"] > found["start_s"])
    who, start, end = staff.place(found["person"][mine]), found["start_s"][mine], found["end_s"][mine]
    order = np.lexsort((end, start, who))
    who, start, end = who[order], start[order], end[order]
    if not len(who):
        return Away(who, start, end)
    # The latest end so far within one person: ends are lifted by a step a person, so that one running maximum does for all.
    step = int(end.max() - start.min()) + 1
    latest = np.maximum.accumulate(end - start.min() + who * step) - who * step + start.min()
    opens = np.ones(len(who), dtype=bool)
    opens[1:] = (who[1:] != who[:-1]) | (start[1:] > latest[:-1])
    begins = np.flatnonzero(opens)
    ends = np.append(begins[1:], len(who)) - 1
    return Away(who[begins], start[begins], latest[ends])


def calendar_of(away: Away, staff: Staff) -> tuple[Table, int]:
    """Every week of everybody (`person_week`), from the one before the window to the one after it, week by week.

    With `asof_s` and `now_s` of the person, and the absences that touch the week or the one after it, as columns
    `a0, b0, a1, b1 …` (0: none); and how many these are at most.
    """
    row, week = _touched(away, staff, staff.week_starts(staff.first, staff.last))
    weeks = np.arange(staff.first - 1, staff.last + 2)
    table = {
        "at": person_week(staff.person, weeks[:, None]).ravel(),
        "asof_s": np.tile(staff.asof_s, len(weeks)),
        "now_s": np.tile(staff.now_s, len(weeks)),
    }
    line = (week - weeks[0]) * staff.size + away.who[row]
    order = np.lexsort((away.start[row], line))
    row, line = row[order], line[order]
    fresh = np.diff(line, prepend=-1) != 0
    place = np.arange(len(line)) - np.flatnonzero(fresh)[np.cumsum(fresh) - 1]
    spans = int(place.max(initial=-1)) + 1
    for each in range(spans):
        at = place == each
        for name, values in (("a", away.start), ("b", away.end)):
            table[f"{name}{each}"] = np.zeros(len(table["at"]), dtype=np.int64)
            table[f"{name}{each}"][line[at]] = values[row[at]]
    return table, spans


def _touched(away: Away, staff: Staff, starts: Ints) -> tuple[Ints, Ints]:
    """Which absences touch which weeks, or the one after these (an entry may reach into it)."""
    last = starts.shape[1] - 2
    if not len(away.who):
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    mine = starts[staff.schedule[away.who]]
    # From the week before the one in which it begins, up to the one in which it ends.
    low = np.clip((mine[:, 1:] <= away.start[:, None]).sum(axis=1) - 1, 0, last)
    high = np.clip((mine[:, :-1] < away.end[:, None]).sum(axis=1) - 1, -1, last)
    low = np.where(away.end <= mine[:, 0], last + 1, low)
    count = np.maximum(high - low + 1, 0)
    row = np.repeat(np.arange(len(count)), count)
    within = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return row, low[row] + within + staff.first


def expose(weekly: Table, long: Table, away: Away, staff: Staff) -> Exposures:
    """Everybody's exposure, from what was counted of their weeks."""
    shape = (staff.size, staff.weeks)
    place = staff.place(weekly["person"]) * staff.weeks + weekly["week"] - staff.first

    def spread(name: str) -> Ints:
        flat = np.zeros(shape[0] * shape[1], dtype=np.int64)
        flat[place] = counted(weekly, name)
        return flat.reshape(shape)

    involved = spread("involves") > 0
    first = np.where(involved.any(axis=1), involved.argmax(axis=1), -1)
    working, pace = _worked(away, staff, first)
    used = spread("touch") > 0
    _reach(used, long, staff)
    yes, no = spread("sign_yes"), spread("sign_no")
    answers = (yes.sum(axis=1) >= ANSWERS * (yes + no).sum(axis=1))[:, None]
    signs = spread("sign") - np.where(answers, no, 0)
    contrasting = silent_by_contrast(signs, working, staff)
    silent = (working > 0) & (~used | contrasting)
    known, unknown, inferred = spread("known"), spread("unknown"), spread("inferred").sum(axis=1)
    total = known + unknown
    share = np.where(unknown > 0, unknown / np.where(total > 0, total, 1), 0.0)
    return Exposures(
        exposure=np.where(silent, 0.0, working * (1.0 - share)),
        working=working,
        unknown=share,
        silent=silent,
        asked=silent & used,
        met=spread("met") > 0,
        pace=np.where(silent, 0.0, pace),
        known=known.sum(axis=1),
        unknowns=unknown.sum(axis=1),
        listed=known.sum(axis=1) - inferred,
        inferred=inferred,
        first=first,
        signs=signs,
        sign_ones=spread("sign_one") - np.where(answers, spread("sign_one_no"), 0),
        used=used,
        used_more=spread("touch_more") > 0,
    )


def _reach(used: Bools, long: Table, staff: Staff) -> None:
    """Note the later weeks into which entries reach."""
    who = staff.place(long["person"])
    for person, week, last in zip(who.tolist(), long["week"].tolist(), long["last_week"].tolist(), strict=True):
        begin, end = max(week + 1 - staff.first, 0), min(last - staff.first, staff.weeks - 1)
        used[person, begin : end + 1] = True


def _worked(away: Away, staff: Staff, first: Ints) -> tuple[Floats, Floats]:
    """The working time of each week, and its pace as time in which gaps between meetings are measured, [people, weeks]."""
    starts = staff.week_starts(staff.first, staff.last)
    mine = starts[staff.schedule]
    begin = np.maximum(mine[np.arange(staff.size), np.maximum(first, 0)], staff.joined_s)
    begin = np.where(first < 0, np.iinfo(np.int64).max, begin)
    memory = _Memory(staff)
    full = np.array(
        [[memory.week(at, week, ()) for week in range(staff.weeks)] for at in range(len(staff.frames))]
    ).reshape(len(staff.frames), staff.weeks, 2)
    working, pace = full[staff.schedule, :, 0].copy(), full[staff.schedule, :, 1].copy()
    before, after = mine[:, 1:] <= begin[:, None], mine[:, :-1] >= staff.now_s[:, None]
    working[before | after] = 0.0
    cut = ~before & ~after & ((mine[:, :-1] < begin[:, None]) | (mine[:, 1:] > staff.now_s[:, None]))
    lone, spans = _spans_by_week(away, staff, starts, cut)
    who, when = lone[:2]
    alike = np.stack([staff.schedule[who], *lone[1:]])
    _, first_of, which = np.unique(numbered(alike), return_index=True, return_inverse=True)
    told = np.array([memory.week(at, week, ((a, b),)) for at, week, a, b in alike[:, first_of].T.tolist()])
    told = told.reshape(-1, 2)[which]
    working[who, when] = np.where((before | after)[who, when], 0.0, told[:, 0])
    pace[who, when] = told[:, 1]
    special = {(int(p), int(w)) for p, w in zip(*np.nonzero(cut), strict=True)} | spans.keys()
    for person, week in special:
        at = int(staff.schedule[person])
        left, right = int(mine[person, week]), int(mine[person, week + 1])
        found = memory.week(
            at,
            week,
            spans.get((person, week), ()),
            begin=int(begin[person]) if left < begin[person] < right else None,
            now=int(staff.now_s[person]) if left < staff.now_s[person] < right else None,
        )
        if not (before[person, week] or after[person, week]):
            working[person, week] = found[0]
        pace[person, week] = found[1]
    return working, pace


def _spans_by_week(
    away: Away, staff: Staff, starts: Ints, cut: Bools
) -> tuple[Ints, dict[tuple[int, int], tuple[tuple[int, int], ...]]]:
    """The absences of each person and week of the window, cut to the week.

    First those that are alone in a week that is not `cut` otherwise (nearly all), as [person, week, begin, end] by columns.
    """
    row, week = _touched(away, staff, starts)
    who, week = away.who[row], week - staff.first
    left, right = starts[staff.schedule[who], week], starts[staff.schedule[who], week + 1]
    found = np.stack([who, week, np.maximum(away.start[row], left), np.minimum(away.end[row], right)])
    found = found[:, found[3] > found[2]]
    place = found[0] * staff.weeks + found[1]
    lone = (np.bincount(place)[place] == 1) & ~cut[found[0], found[1]]
    others: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for person, at, begin, end in found[:, ~lone].T.tolist():
        others.setdefault((person, at), []).append((begin, end))
    return found[:, lone], {key: tuple(sorted(spans)) for key, spans in others.items()}


class _Memory:
    """What core says of a week, asked once for each that is alike."""

    def __init__(self, staff: Staff) -> None:
        self._staff = staff
        self._known: dict[object, tuple[float, float]] = {}

    def week(
        self,
        at: int,
        week: int,
        spans: Sequence[tuple[int, int]],
        *,
        begin: int | None = None,
        now: int | None = None,
    ) -> tuple[float, float]:
        """Working time and pace of a week with these absences; `begin` and `now` are moments inside it that cut it."""
        key = (at, week, spans, begin, now)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._ask(self._staff.frames[at], week, spans, begin, now)
        return found

    def _ask(
        self,
        frame: Frame,
        week: int,
        spans: Sequence[tuple[int, int]],
        begin: int | None,
        now: int | None,
    ) -> tuple[float, float]:
        monday = monday_of_week(week + self._staff.first)
        away = [(moment_of(start), moment_of(end)) for start, end in spans]
        from_then = moment_of(begin or 0)
        until = _at_end(frame, monday) if now is None else replace(frame, as_of=moment_of(now))
        time = available_time(monday, monday, away, options=frame.options.work, zone=frame.zone)
        return worked(monday, from_then, away, until).working, time.shares[0]


def _at_end(frame: Frame, monday: date) -> Frame:
    """The frame when this week is over, or at its own `as_of` where that comes first."""
    end = datetime.combine(monday + timedelta(days=8), datetime.min.time(), UTC)
    return frame if frame.as_of <= end else replace(frame, as_of=end)


def silent_by_contrast(signs: Ints, working: Floats, staff: Staff) -> Bools:
    """The weeks that are silent by contrast with the person's others, [people, weeks]."""
    silent = np.zeros(working.shape, dtype=bool)
    quiet = np.where(signs == 0, working, 0.0).sum(axis=1)
    # All signs over the weeks that hold them: no rate of core's is higher, and no stretch longer than all quiet weeks.
    shown = np.maximum(np.where(signs > 0, working, 0.0).sum(axis=1), 1e-9)
    may_be: Bools = np.asarray(signs.sum(axis=1) / shown * quiet >= -np.log(UNLIKELY) - 1e-6)
    for person in np.flatnonzero((quiet > 0) & may_be).tolist():
        silent[person] = _silent_of(signs[person], working[person], person, staff)
    return silent


def _silent_of(signs: Ints, working: Floats, person: int, staff: Staff) -> Bools:
    """Core's own answer for the weeks of one person."""
    day, mondays = int(staff.alive_day[person]), staff.mondays
    alive = None if day < 0 else _EPOCH_DAY + timedelta(days=day)
    told = {Sign(mondays[week], alive): times for week, times in enumerate(signs.tolist()) if times}
    stretches = silent_stretches(told, dict(zip(mondays, working.tolist(), strict=True)))
    silent = {monday for stretch in stretches for monday in stretch}
    return np.array([monday in silent for monday in mondays], dtype=bool)
