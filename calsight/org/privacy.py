"""What may be said of a group: floors, rounding, and cells that are hidden so that no other cell can be worked out.

    floor        nothing is said of fewer than five judged people; more may be asked for, never less
    shares       levels from ten people on, rounded to 5 %, the ends as "at most 5 %" and "at least 95 %"
    hidden       a row or column with a hidden cell hides two cells and five people or more: else the margins would tell
    twice        a cell that changed by one to four people since it was last said is said of those who were in it before

The reasons: docs/organisation.md. `tests/org/test_privacy.py` attacks what is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, sqrt
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from calsight.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.int64]
    Bools: TypeAlias = NDArray[np.bool_]

#: Nothing is said of fewer judged people. No option, variable or settings file goes below.
FLOOR = 5
#: Shares of a level are said from so many people on: of 1 in 5 the 80 % interval is 6 to 49 %.
SHARES_FROM = 10
_STEP = 0.05
_Z = 1.2816  # of an interval of 80 %
Bound: TypeAlias = Literal["at_most", "at_least"]


@dataclass(frozen=True, slots=True)
class Share:
    """A share, rounded to 5 %, with the ends of its 80 % interval (Wilson's), rounded away from it.

    `bound` says that it is at most, or at least, so much.
    """

    value: float
    low: float
    high: float
    bound: Bound | None = None


def least(asked: int | None) -> int:
    """How many judged people a cell must have. Raises `UsageError` for fewer than five."""
    if asked is None:
        return FLOOR
    if asked < FLOOR:
        raise UsageError(f"--min-group can be raised, not lowered: nothing is said of fewer than {FLOOR} people.")
    return asked


def share(part: int, whole: int) -> Share:
    """The share of `part` in `whole` people, of whom there must be ten."""
    if whole < SHARES_FROM or not 0 <= part <= whole:
        raise ValueError(f"no share of {part} in {whole} people may be said")
    p, z2 = part / whole, _Z**2
    middle = (p + z2 / 2 / whole) / (1 + z2 / whole)
    half = _Z * sqrt(p * (1 - p) / whole + z2 / 4 / whole**2) / (1 + z2 / whole)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    value = min(max(_rounded(round(p / _STEP)), _STEP), 1 - _STEP)
    bound: Bound | None = "at_most" if value <= _STEP else "at_least" if value >= 1 - _STEP else None
    low_end, high_end = _rounded(floor(low / _STEP + 1e-9)), _rounded(ceil(high / _STEP - 1e-9))
    return Share(value, 0.0 if bound == "at_most" else low_end, 1.0 if bound == "at_least" else high_end, bound)


def _rounded(steps: int) -> float:
    return round(steps * _STEP, 2)


def hidden_in_row(people: Ints, least_people: int) -> Bools:
    """Which cells of one row, whose sum is said, are hidden: [cells]."""
    mask: Bools = hidden_cells(people[None, :], least_people, columns=False)[0]
    return mask


def hidden_cells(people: Ints, least_people: int, *, columns: bool = True, hidden: Bools | None = None) -> Bools:
    """Which cells of a table whose rows' (and columns') sums are said are hidden, [rows, columns].

    First all with too few people, and those of `hidden`; then, until each row and column that hides one hides two cells and
    `least_people` people or more, the smallest of the others. Where nothing is left to hide, the row or column is hidden whole.
    """
    mask: Bools = np.asarray((people > 0) & (people < least_people))
    if hidden is not None:
        mask = np.asarray(mask | (hidden & (people > 0)))
    changed = True
    while changed:
        changed = False
        for axis in (0, 1) if columns else (0,):
            for line in range(people.shape[axis]):
                here = (line, slice(None)) if axis == 0 else (slice(None), line)
                numbers, covered = people[here], mask[here]
                if not covered.any() or (covered.sum() >= 2 and numbers[covered].sum() >= least_people):
                    continue
                others = np.flatnonzero(~covered & (numbers > 0))
                if len(others):
                    chosen = int(others[numbers[others].argmin()])
                    mask[(line, chosen) if axis == 0 else (chosen, line)] = True
                    changed = True
    return mask


def open_lines(people: Ints, mask: Bools, least_people: int) -> tuple[Bools, Bools]:
    """Rows and columns whose sums may be said: those that hide nothing, or two cells and enough people."""

    def fine(axis: int) -> Bools:
        cells = mask.sum(axis=axis)
        covered = np.where(mask, people, 0).sum(axis=axis)
        return np.asarray((cells == 0) | ((cells >= 2) & (covered >= least_people)))

    return fine(1), fine(0)


_PLENTY = 1_000_000_000


def protect(people: Ints, mask: Bools, told: tuple[Bools, Bools], secret: Bools, least_people: int) -> Bools:
    """Hide more cells until no `secret` one can be worked out from the sums of rows and columns that are `told`.

    Worked out means: to within fewer than `least_people` people. Two hidden cells a line are not always enough: in a small
    table all hidden cells together may still leave but one way to fill them in. Where nothing helps, all is hidden.
    """
    mask = mask | secret
    while True:
        values, open_ = _with_slack(people, mask, told)
        loose = [
            (int(row), int(column))
            for row, column in zip(*np.nonzero(secret), strict=True)
            if leeway(values, open_, (int(row), int(column)), least_people) < least_people
        ]
        if not loose:
            return mask
        row, column = loose[0]
        beside = np.zeros_like(mask)
        beside[row, :] = beside[:, column] = True
        left = ~mask & (people > 0)
        choice = left & beside if (left & beside).any() else left
        if not choice.any():
            return np.ones_like(mask)
        numbers = np.where(choice, people, _PLENTY)
        mask[np.unravel_index(int(numbers.argmin()), mask.shape)] = True


def _with_slack(people: Ints, mask: Bools, told: tuple[Bools, Bools]) -> tuple[Ints, Bools]:
    """The table with one more row and column, which take and give what the lines do whose sums are not told."""
    rows, columns = people.shape
    values = np.full((rows + 1, columns + 1), _PLENTY, dtype=np.int64)
    open_ = np.ones((rows + 1, columns + 1), dtype=bool)
    values[:rows, :columns] = people
    open_[:rows, :columns] = mask
    open_[:rows, columns], open_[rows, :columns] = ~told[0], ~told[1]
    return values, open_


def leeway(values: Ints, open_: Bools, cell: tuple[int, int], enough: int) -> int:
    """Between how many people the sums of all lines leave one of the `open_` cells; `enough` is as good as any more.

    What a cell has more, others of its row and column have less, and so on around: a flow (Cox, "Network models for
    complementary cell suppression", 1995).
    """
    more = _flow(values, open_, cell, enough, 1)
    return more if more >= enough else more + min(int(values[cell]), _flow(values, open_, cell, enough, -1))


def _flow(values: Ints, open_: Bools, cell: tuple[int, int], enough: int, step: int) -> int:
    """How many people more (`step` 1) or less (-1) the cell can hold, up to `enough`."""
    values = values.copy()
    for moved in range(enough):
        way = _way(values, open_, cell, step)
        if way is None:
            return moved
        for place, each in enumerate(way):
            values[each] += -step if place % 2 == 0 else step
    return enough


def _way(values: Ints, open_: Bools, cell: tuple[int, int], step: int) -> list[tuple[int, int]] | None:
    """Open cells, from the cell's column around to its row, that make up for one person more (or less) in it; None: none do."""
    row, column = cell
    came: dict[tuple[bool, int], tuple[tuple[bool, int], tuple[int, int]]] = {}
    start = (True, column)  # a column that is out of balance; (False, i) is a row
    queue = [start]
    for node in queue:
        is_column, at = node
        line = open_[:, at] if is_column else open_[at, :]
        for other in np.flatnonzero(line).tolist():
            each = (other, at) if is_column else (at, other)
            gives = is_column == (step > 0)
            following = (not is_column, other)
            if each == cell or following in came or following == start or (gives and values[each] <= 0):
                continue
            came[following] = (node, each)
            if following == (False, row):
                way = []
                while following != start:
                    following, each = came[following]
                    way.append(each)
                return way[::-1]
            queue.append(following)
    return None
