"""From what is known of everybody to what may be said of groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from calsight.core.model.options import Options
from calsight.core.rate.levels import AT_RISK, INSUFFICIENT, OK, WATCH
from calsight.errors import UsageError
from calsight.org.analysis import Analysis
from calsight.org.network import Flow, Network, flows_of, network_of
from calsight.org.out import FlowOut, GroupOut, NetworkOut, ShareOut, Shares, WeekOut
from calsight.org.privacy import SHARES_FROM, hidden_cells, hidden_in_row, open_lines, protect, share
from calsight.org.published import Published

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.int64]
    Floats: TypeAlias = NDArray[np.float64]
    Bools: TypeAlias = NDArray[np.bool_]

Why: TypeAlias = Literal["few", "margins", "changed"]
#: A group's name by each grouping; None where all are meant.
Name: TypeAlias = tuple[str | None, ...]
_HOUR = 3600.0
_STEP = 0.05


@dataclass(frozen=True, slots=True)
class Cell:
    """One group: its name, the places of its judged people, and why it is hidden."""

    name: Name
    people: Ints
    hidden: Why | None


class Tables:
    """The groups of a report. `by` are the groupings, at most two; `span` says which weeks are told of."""

    def __init__(
        self, found: Analysis, by: tuple[str, ...], least: int, *, published: Published, span: str, options: Options
    ) -> None:
        self._found, self._by, self._least = found, by, least
        self._published, self._span = published, span
        self._labels, self._places = _grouped(found, by)
        self._judged = np.asarray(found.verdicts.level != INSUFFICIENT)
        self._changed: set[Name] = set()
        self._leave_out_the_new()
        self.network: Network = network_of(found.ties, found.staff, options.relationships)
        self._reach = self.network.reach(self._places[0]) if by else np.full(found.staff.size, np.nan)
        self._hours = _hours(found)
        self.cells = self._cells()

    @property
    def judged(self) -> int:
        """How many people the tables tell of."""
        return int(self._judged.sum())

    def remember(self) -> None:
        """Note of whom each cell is told, for the next report."""
        for cell in self.cells:
            if cell.hidden is None:
                by, people = self._by_of(cell.name), self._numbers(cell.people)
                self._published.note(repr((by, cell.name)), people, self._span, cut=repr(by))

    def _by_of(self, name: Name) -> tuple[str, ...]:
        return tuple(by for by, each in zip(self._by, name, strict=True) if each is not None)

    def _numbers(self, people: Ints) -> list[int]:
        return [int(number) for number in self._found.staff.person[people]]

    def _names(self) -> Iterator[tuple[Name, Bools]]:
        """Every cell that could be told, margins and total too, with who is in it."""
        everyone = np.ones(self._found.staff.size, dtype=bool)
        yield (None,) * len(self._by), everyone
        for place in range(len(self._by)):
            for index, label in enumerate(self._labels[place]):
                yield self._name(place, label), self._places[place] == index
        if len(self._by) == 2:
            for one, first in enumerate(self._labels[0]):
                for two, second in enumerate(self._labels[1]):
                    yield (first, second), (self._places[0] == one) & (self._places[1] == two)

    def _leave_out_the_new(self) -> None:
        """Leave out whoever makes one to four of what a cell grew by since it was told, everywhere; until nobody is left to."""
        while True:
            out = np.zeros(len(self._judged), dtype=bool)
            self._changed = set()
            for name, members in self._names():
                people = np.flatnonzero(members & self._judged)
                told = np.array(
                    self._published.members(
                        repr((self._by_of(name), name)), self._numbers(people), self._span, self._least
                    ),
                    dtype=bool,
                )
                if len(people) and not told.any():
                    self._changed.add(name)
                elif not told.all():
                    out[people[~told]] = True
            if not out.any():
                return
            self._judged = self._judged & ~out

    def _cells(self) -> list[Cell]:
        """All cells with what is hidden; raises `UsageError` where nothing is left to say."""
        count, least = self.judged, self._least
        if count < least:
            raise UsageError(
                f"Only {count} people can be judged here, and nothing is said of fewer than {least}. "
                "See what is wanting: calsight org doctor DIR"
            )
        total = Cell((None,) * len(self._by), np.flatnonzero(self._judged), self._why((None,) * len(self._by), False))
        cells = [total]
        shown = 0
        masks: list[Bools] = []
        for place in range(len(self._by)):
            people = np.bincount(self._places[place][self._judged], minlength=len(self._labels[place]))
            mask = self._hidden_groups(place, people)
            masks.append(mask)
            cells += self._line(place, people, mask)
            shown += int((~mask & (people > 0)).sum())
        if len(self._by) == 2:
            inner = self._inside(masks)
            cells += inner
            shown = sum(cell.hidden is None for cell in inner)
        if self._by and not shown:
            raise UsageError(
                f"By {' and '.join(self._by)} every group has fewer than {least} judged people, or would give such a group "
                "away. Choose groups that are larger."
            )
        return cells

    def _hidden_groups(self, place: int, people: Ints) -> Bools:
        """Which groups of one grouping are hidden."""
        before = np.array([self._name(place, label) in self._changed for label in self._labels[place]], dtype=bool)
        members = {
            index: self._numbers(np.flatnonzero(self._judged & (self._places[place] == index)))
            for index in np.flatnonzero(people).tolist()
        }
        marks = {index: frozenset(self._published.marks(mine)) for index, mine in members.items()}
        while True:
            mask = _row(people, self._least, before)
            told = {index: mine for index, mine in marks.items() if not mask[index]}
            found = self._published.gives_away(told, self._span, self._least)
            if found is None:
                return mask
            before[found] = True

    def _name(self, place: int, label: str) -> Name:
        return tuple(label if each == place else None for each in range(len(self._by)))

    def _why(self, name: Name, masked: bool, people: int = 0) -> Why | None:
        if name in self._changed:
            return "changed"
        if not masked:
            return None
        return "few" if people < self._least else "margins"

    def _line(self, place: int, people: Ints, mask: Bools) -> Iterator[Cell]:
        for index, label in enumerate(self._labels[place]):
            if people[index]:
                name = self._name(place, label)
                members = np.flatnonzero(self._judged & (self._places[place] == index))
                yield Cell(name, members, self._why(name, bool(mask[index]), int(people[index])))

    def _inside(self, margins: list[Bools]) -> list[Cell]:
        """The cells of a table of two groupings. A hidden row or column has no cell that is told."""
        shape = (len(self._labels[0]), len(self._labels[1]))
        place = self._places[0] * shape[1] + self._places[1]
        people = np.bincount(place[self._judged], minlength=shape[0] * shape[1]).reshape(shape)
        before = np.array([[(one, two) in self._changed for two in self._labels[1]] for one in self._labels[0]])
        forced = margins[0][:, None] | margins[1][None, :] | before.reshape(shape)
        mask = hidden_cells(people, self._least, hidden=forced)
        secret = (people > 0) & ((people < self._least) | before.reshape(shape))
        mask = protect(people, mask, (~margins[0], ~margins[1]), secret, self._least)
        cells = []
        for one, first in enumerate(self._labels[0]):
            for two, second in enumerate(self._labels[1]):
                if people[one, two]:
                    members = np.flatnonzero(self._judged & (place == one * shape[1] + two))
                    why = self._why((first, second), bool(mask[one, two]), int(people[one, two]))
                    cells.append(Cell((first, second), members, why))
        return cells

    # What is said of a cell.

    def group(self, cell: Cell) -> GroupOut:
        """What may be said of a cell."""
        name = list(cell.name)
        if cell.hidden is not None:
            return GroupOut(group=name, hidden=cell.hidden)
        people, verdicts = cell.people, self._found.verdicts
        reach = self._reach[people]
        reached = reach[~np.isnan(reach)]
        return GroupOut(
            group=name,
            people=len(people),
            shares=_shares(verdicts.level[people]),
            rate=_mean(verdicts.mean[people]),
            breadth=_mean(verdicts.people[people]),
            reach=_stepped(float(reached.mean())) if len(reached) >= self._least else None,
            isolated=_share(int((self.network.ties[people] == 0).sum()), len(people)),
            hours={kind: _mean(values[people]) for kind, values in self._hours.items()},
        )

    def by_week(self) -> list[WeekOut]:
        """The shares at the end of each week, of all and of each group of the first grouping.

        A week in which one to four of a group could not be judged yet is left out: the next one would tell of these.
        """
        told = [cell for cell in self.cells if cell.hidden is None and all(each is None for each in cell.name[1:])]
        weeks = []
        for cell in told:
            levels = self._found.verdicts.levels[cell.people]
            for place, monday in enumerate(self._found.staff.mondays):
                known = levels[:, place][levels[:, place] != INSUFFICIENT]
                missing = len(cell.people) - len(known)
                if len(known) >= max(SHARES_FROM, self._least) and not 0 < missing < self._least:
                    found = _shares(known)
                    assert found is not None  # noqa: S101 - of ten and more there is one
                    name = cell.name[0] if cell.name else None
                    weeks.append(WeekOut(week=monday, group=name, at_risk=found.at_risk, watch=found.watch))
        return weeks

    def flows(self) -> tuple[list[FlowOut], NetworkOut | None]:
        """The living ties between the groups of the first grouping, and how these hang together."""
        if not self._by:
            return [], None
        labels = self._labels[0]
        told = {
            cell.name[0]
            for cell in self.cells
            if cell.hidden is None and cell.name[0] is not None and all(each is None for each in cell.name[1:])
        }
        flows = [
            flow
            for flow in flows_of(self.network, self._places[0], len(labels), self._judged)
            if labels[flow.one] in told and labels[flow.other] in told
        ]
        out = [
            FlowOut(
                group=labels[flow.one], other=labels[flow.other], ties=flow.ties if _enough(flow, self._least) else None
            )
            for flow in flows
        ]
        return out, hang_together(flows, len(told), self._least)


def _enough(flow: Flow, least: int) -> bool:
    return min(flow.people) >= least


def hang_together(flows: Iterable[Flow], groups: int, least: int) -> NetworkOut:
    """How so many groups hang together, by the flows between and within them.

    How many rest on one pair of people is left open where it would tell of each flow that is hidden.
    """
    between = [flow for flow in flows if flow.one != flow.other]
    hidden = sum(not _enough(flow, least) for flow in between)
    on_one = sum(flow.ties == 1 for flow in between)
    return NetworkOut(
        pairs_of_groups=len(between),
        without=groups * (groups - 1) // 2 - len(between),
        on_one_pair=on_one if on_one < max(hidden, 1) else None,
    )


def _row(people: Ints, least: int, before: Bools) -> Bools:
    """Which groups of one grouping are hidden; all, where hiding some would give one away."""
    if not before.any():
        mask = hidden_in_row(people, least)
    else:
        mask = hidden_cells(people[None, :], least, columns=False, hidden=before[None, :])[0]
    rows, _ = open_lines(people[None, :], mask[None, :], least)
    return mask if rows[0] else np.ones_like(mask)


def _grouped(found: Analysis, by: tuple[str, ...]) -> tuple[list[list[str]], list[Ints]]:
    """The names of the groups of each grouping, and which of them everybody is in."""
    if len(by) > 2:
        raise UsageError("Groups can be made by one or two columns at once, not more: the groups would be too small.")
    labels, places = [], []
    for name in by:
        if name not in found.staff.groups:
            known = ", ".join(sorted(found.staff.groups)) or "none; name columns with `calsight org ingest --group-by`"
            raise UsageError(f"There is nothing to make groups by called {name!r}. There is: {known}.")
        said = found.staff.groups[name]
        distinct = sorted(set(said))
        place = {label: index for index, label in enumerate(distinct)}
        labels.append(distinct)
        places.append(np.array([place[label] for label in said], dtype=np.int64))
    return labels, places


def _hours(found: Analysis) -> dict[str, Floats]:
    """Hours a week in meetings of each kind, over the weeks in which somebody was there, [people]."""
    staff = found.staff
    who = staff.place(found.weekly["person"])
    weeks = np.maximum((found.exposures.working > 0).sum(axis=1), 1)
    return {
        kind: np.bincount(who, weights=found.weekly[name] / _HOUR, minlength=staff.size) / weeks
        for kind, name in (("one_to_one", "pair_s"), ("group", "group_s"), ("conference_call", "call_s"))
    }


def _shares(levels: NDArray[np.int8]) -> Shares | None:
    """The shares of the levels; None for fewer than ten people."""
    if len(levels) < SHARES_FROM:
        return None
    at_risk, watch, ok = (_share(int((levels == level).sum()), len(levels)) for level in (AT_RISK, WATCH, OK))
    assert at_risk is not None  # noqa: S101 - of ten and more there is one
    assert watch is not None  # noqa: S101
    assert ok is not None  # noqa: S101
    return Shares(at_risk=at_risk, watch=watch, ok=ok)


def _share(part: int, whole: int) -> ShareOut | None:
    if whole < SHARES_FROM:
        return None
    found = share(part, whole)
    return ShareOut(value=found.value, low=found.low, high=found.high, bound=found.bound)


def _mean(values: Floats) -> float:
    """Rounded to a tenth: a mean tells of nobody."""
    return round(float(np.cumsum(values)[-1]) / len(values), 1)


def _stepped(value: float) -> float:
    return round(round(value / _STEP) * _STEP, 2)
