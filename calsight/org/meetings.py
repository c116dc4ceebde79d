"""One-to-ones of many people: which count, and how many there could be if doubts were read generously.

Nearly nobody's one-to-ones overlap; where they do, core is asked with the few meetings of that person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from calsight.core.model.events import CalendarEvent
from calsight.core.model.meetings import Kind, Meeting, Person, Scope
from calsight.core.rate.overlaps import countable_one_to_ones
from calsight.org.staff import Staff

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from calsight.org.engines import Table

    Ints: TypeAlias = NDArray[np.int64]
    Floats: TypeAlias = NDArray[np.float64]
    Bools: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Who met whom one-to-one, sorted: the place of a person, and the number of the other, each two once.

    rows     rows of the one-to-ones that count and whose other person is known
    place    which pair each of these is of
    """

    who: Ints
    partner: Ints
    rows: Ints
    place: Ints


@dataclass(frozen=True, slots=True)
class Met:
    """One-to-ones, and what could be some.

    who        places of the people, of all rows
    counted    rows of those one-to-ones that count
    pairs      who met whom in these
    counts     how many count in each week, [people, weeks]
    generous   how many there were if all that could be some were some
    """

    table: Table
    who: Ints
    counted: Ints
    pairs: Pairs
    counts: Floats
    generous: Floats


def count_met(table: Table, staff: Staff) -> Met:
    """Count the one-to-ones of the staff; rows of others are left out."""
    mine = staff.known(table["person"])
    table = {name: values[mine] for name, values in table.items()}
    who = staff.place(table["person"])
    as_of, now = staff.asof_s[who], staff.now_s[who]
    held = table["end_s"] <= as_of
    inside = (table["start_s"] < as_of) & (table["start_s"] <= now)
    inside &= (table["week"] >= staff.first) & (table["week"] <= staff.last)
    sure = np.flatnonzero(held & (table["sure"] == 1))
    kept = sure[_apart(table, who, sure)]
    counted = kept[inside[kept] & (table["private"][kept] == 0)]
    counts = _by_week(table, who, counted, staff)
    could = np.flatnonzero(held & inside & (table["could"] == 1))
    generous = counts + _by_week(table, who, could, staff)
    _mend_generous(generous, table, who, np.flatnonzero(held & inside), staff)
    return Met(table, who, counted, _pairs(table, who, counted), counts, generous)


def _pairs(table: Table, who: Ints, counted: Ints) -> Pairs:
    rows = counted[table["partner"][counted] >= 0]
    partners, other = np.unique(table["partner"][rows], return_inverse=True)
    number = max(1, len(partners))
    pairs, place = np.unique(who[rows] * number + other, return_inverse=True)
    return Pairs(pairs // number, partners[pairs % number], rows, place)


def _by_week(table: Table, who: Ints, rows: Ints, staff: Staff) -> Floats:
    place = who[rows] * staff.weeks + table["week"][rows] - staff.first
    flat = np.bincount(place, minlength=staff.size * staff.weeks).astype(np.float64)
    return flat.reshape(staff.size, staff.weeks)


def _apart(table: Table, who: Ints, rows: Ints) -> Ints:
    """Places in `rows` of the one-to-ones that stand where some with one person overlap, by start."""
    partner = table["partner"][rows]
    clash = _overlapping(table, rows, who[rows], partner)
    # Of those who have one with somebody unnamed, all that overlap, whoever they are with.
    vague = np.flatnonzero(np.isin(who[rows], np.unique(who[rows][partner < 0])))
    clash[vague] |= _overlapping(table, rows[vague], who[rows[vague]], None)
    slow = np.flatnonzero(clash)
    if not len(slow):
        return np.arange(len(rows))
    keep = np.ones(len(rows), dtype=bool)
    keep[slow] = False
    order = slow[np.argsort(who[rows[slow]], kind="stable")]
    for part in np.split(order, np.flatnonzero(np.diff(who[rows[order]])) + 1):
        keep[part[_counting(table, rows[part], private=True)]] = True
    return np.flatnonzero(keep)


def _overlapping(table: Table, rows: Ints, who: Ints, partner: Ints | None) -> Bools:
    """Which rows are of a stretch without a break of one person's (and partner's) in which some overlap."""
    partner = np.zeros(len(rows), dtype=np.int64) if partner is None else partner
    order = np.lexsort((table["end_s"][rows], table["start_s"][rows], partner, who))
    start, end = table["start_s"][rows][order], table["end_s"][rows][order]
    apart = (np.diff(who[order]) != 0) | (np.diff(partner[order]) != 0)
    group = np.concatenate([[0], np.cumsum(apart)])[: len(rows)]
    # Ends are lifted by a step a group, so that one running maximum does for all.
    lift = group * (int(end.max(initial=0)) + 1)
    over = (np.maximum.accumulate(end + lift) - lift)[:-1]
    stretch = np.concatenate([[0], np.cumsum(apart | (start[1:] >= over))])[: len(rows)]
    found = np.zeros(len(rows), dtype=bool)
    found[order] = np.bincount(stretch)[stretch] > 1
    return found


def _counting(table: Table, rows: Ints, *, private: bool, lean: bool = False) -> list[int]:
    """Which of these rows, all of one person, core counts. `lean`: what could be one is read as one."""
    meetings = []
    place = {}
    columns = [table[name][rows].tolist() for name in ("meeting", "start_s", "end_s", "partner", "private", "inferred")]
    for index, (number, start, end, partner, hidden, inferred) in enumerate(zip(*columns, strict=True)):
        event = CalendarEvent(str(number), datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
        meeting = Meeting(
            event,
            Kind.ONE_TO_ONE,
            "two_people",
            counterparts=(Person(str(partner)),) if partner >= 0 else (),
            held=True,
            inferred=bool(inferred),
            scope=Scope.PERSONAL if hidden and not private and not lean else Scope.OTHER,
        )
        place[id(meeting)] = index
        meetings.append(meeting)
    meetings.sort(key=lambda one: (one.event.start, one.event.uid))
    return sorted(place[id(meeting)] for meeting in countable_one_to_ones(meetings))


def _mend_generous(generous: Floats, table: Table, who: Ints, rows: Ints, staff: Staff) -> None:
    """Count anew the weeks with something that could be a one-to-one, where entries of that week overlap."""
    could = (table["could"] == 1) & ((table["sure"] == 0) | (table["private"] == 1))
    told = rows[(could | ((table["sure"] == 1) & (table["private"] == 0)))[rows]]
    week = who * staff.weeks + table["week"] - staff.first
    open_weeks = np.unique(week[told][could[told]])
    told = told[np.isin(week[told], open_weeks)]
    order = np.argsort(week[told], kind="stable")
    told = told[order]
    if not len(told):
        return
    slow = told[np.isin(week[told], week[told[_overlapping(table, told, week[told], None)]])]
    for part in np.split(slow, np.flatnonzero(np.diff(week[slow])) + 1):
        if len(part):
            at = int(week[part[0]])
            generous[at // staff.weeks, at % staff.weeks] = len(_counting(table, part, private=False, lean=True))
