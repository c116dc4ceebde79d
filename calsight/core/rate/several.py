"""What is said of several calendars at once, each in all its readings (readings.py): for one owner, or for a whole firm."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from calsight.core.rate.bayes import RatePath
from calsight.core.rate.levels import AT_RISK, OK, WATCH, level_of, level_path
from calsight.core.rate.newest import latest_level

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from calsight.core.model.options import RateOptions

    Floats: TypeAlias = NDArray[np.float64]
    Ints: TypeAlias = NDArray[np.int64]
    Levels: TypeAlias = NDArray[np.int8]


class Several(NamedTuple):
    """The readings on which levels rest, of several calendars; arrays are [calendars, weeks].

    counts, exposure   the best reading
    generous, full     the one-to-ones and exposure of the generous one
    worked             the exposure where weeks that are silent only by contrast are read as worked
    """

    counts: Floats
    exposure: Floats
    generous: Floats
    full: Floats
    worked: Floats

    def rows(self) -> tuple[Floats, Floats, Ints, Ints]:
        """One-to-ones and exposure of every row, the best readings first, and which is each generous and each worked one."""
        more = (self.generous != self.counts).any(axis=1) | (self.full != self.exposure).any(axis=1)
        asked = (self.worked != self.exposure).any(axis=1)
        number = len(self.counts)
        generous, worked = np.arange(number), np.arange(number)
        generous[more] = number + np.arange(more.sum())
        worked[asked] = number + more.sum() + np.arange(asked.sum())
        counts = np.concatenate([self.counts, self.generous[more], self.counts[asked]])
        return counts, np.concatenate([self.exposure, self.full[more], self.worked[asked]]), generous, worked


def levels_and_rates(
    several: Several, options: RateOptions, *, narrow: ArrayLike | None = None, since: int
) -> tuple[Levels, RatePath]:
    """The level at the end of each week, [calendars, weeks], as places in `LEVELS`, and the rates (`level_path`).

    The first rows of the rates are those of the best readings. `narrow` [calendars, weeks] says where the one-to-ones of these
    hang on too few people. What one more one-to-one in the newest weeks may do is left as it is: `latest_of_each` is what is
    said. `since` as in `rate_path`.
    """
    counts, exposure, generous, worked = several.rows()
    path = level_path(counts, exposure, options, since=since)
    plain = level_of(path, options)
    best = level_of(path.of(slice(len(generous))), options, narrow=narrow)
    return agreed(best, plain[generous], plain[worked]), path


def latest_of_each(
    several: Several, options: RateOptions, *, narrow: ArrayLike, path: RatePath | None = None
) -> Levels:
    """The latest level as it is said, [calendars], as places in `LEVELS`; no calendar's depends on the others.

    `narrow` as in `levels_and_rates`, and `path` the rates of the same calendars from there, where they are known.
    """
    counts, exposure, generous, worked = several.rows()
    plain = None if path is None else level_of(path, options)[:, -1]
    latest = latest_level(counts, exposure, options, plain=plain)
    best = latest[: len(generous)].copy()
    exposed = several.exposure > 0
    last = exposed.shape[1] - 1 - exposed[:, ::-1].argmax(axis=1)
    thin = np.asarray(narrow, dtype=bool)[np.arange(len(last)), last] & exposed.any(axis=1)
    best[(best == OK) & thin] = WATCH
    return agreed(best, latest[generous], latest[worked])


def agreed(best: Levels, generous: Levels, worked: Levels) -> Levels:
    """What may be said where readings differ: `at_risk` only if the generous one says so too, no `ok` that silence hides."""
    said = np.where((best == AT_RISK) & (generous != AT_RISK), WATCH, best)
    return np.where((said == OK) & (worked == AT_RISK), WATCH, said).astype(np.int8)
