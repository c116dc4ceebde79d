"""What is said at the end of the weeks: a level that no single one-to-one is to blame for (docs/scoring.md, "The flag").

Whoever learns from a calendar how weeks scatter, and when a life changed, may take one more one-to-one for a burst, or for the
last of a better time. So the same weeks are read without some of them, too:

- One more in the *newest* four weeks never makes a level worse: it is the best of those that the weeks have with as many of the
  newest one-to-ones as there are, or fewer. More one-to-ones give all the readings that fewer give.
- `at_risk` hangs on no single *older* one-to-one: it holds without any one of those before the recent weeks as well. One a
  quarter ago must not turn months of little into a fall from better times, or a burst into a life of bursts.
"""

from __future__ import annotations

from functools import cache
from itertools import product
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from calsight.core.rate.bayes import NEWEST, wary_of_each
from calsight.core.rate.levels import AT_RISK, OK, WATCH, level_of, level_path

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from calsight.core.model.options import RateOptions

    Floats: TypeAlias = NDArray[np.float64]
    Levels: TypeAlias = NDArray[np.int8]

#: So many one-to-ones in them are `ok` whatever came before; and fewer can be left out in few enough ways.
_MANY = 7 * NEWEST
_FIRST = 16  # ways of each row that are tried first, and then twice as many: one that is `ok` settles it
_AT_ONCE = 64  # or so many of all rows, if that is more: one takes nearly as long


def latest_level(
    counts: ArrayLike, exposure: ArrayLike, options: RateOptions, *, plain: Levels | None = None
) -> Levels:
    """The level at the end of each row's weeks, [rows], as places in `LEVELS`; with no more of the newest than speaks for it.

    `counts` and `exposure` are [rows, weeks], and no row's level depends on the others. `plain` are the levels of all these
    weeks, [rows], for whoever knows them already.
    """
    y, e = np.atleast_2d(np.asarray(counts, dtype=float)), np.atleast_2d(np.asarray(exposure, dtype=float))
    latest = _plain(y, e, options) if plain is None else plain.copy()
    ways = {}
    for row in np.flatnonzero(latest > OK):
        fewer = _with_fewer(y[row], e[row])
        if fewer is None:
            latest[row] = OK
        else:
            ways[row] = fewer
    begin, batch = 0, max(_FIRST, _AT_ONCE // max(len(ways), 1))
    while left := [row for row, fewer in ways.items() if latest[row] > OK and len(fewer) > begin]:
        tried = [ways[row][begin : begin + batch] for row in left]
        owner = np.repeat(left, [len(each) for each in tried])
        np.minimum.at(latest, owner, _plain(np.concatenate(tried), e[owner], options))
        begin, batch = begin + batch, 2 * batch
    flagged = np.flatnonzero(latest == AT_RISK)
    if flagged.size:
        tried = [_without_one_older(np.concatenate([y[row, None], ways[row]]), e[row], options) for row in flagged]
        owner = np.repeat(flagged, [len(each) for each in tried])
        wary = wary_of_each(np.concatenate(tried), e[owner], options)
        latest[owner[wary < options.at_risk_probability]] = WATCH
    return latest


def _plain(counts: Floats, exposure: Floats, options: RateOptions) -> Levels:
    return np.asarray(level_of(level_path(counts, exposure, options, since=-1), options)[:, -1])


def _with_fewer(counts: Floats, exposure: Floats) -> Floats | None:
    """The same weeks with fewer one-to-ones in the newest, in all ways; None where there are too many to leave any out."""
    newest = (counts * (exposure > 0))[-NEWEST:].astype(int)
    if newest.sum() >= _MANY:
        return None
    ways = _ways(tuple(newest.tolist()))
    fewer = np.repeat(counts[None], len(ways), axis=0)
    fewer[:, len(counts) - len(newest) :] = ways
    return fewer


@cache
def _ways(counts: tuple[int, ...]) -> Floats:
    """Fewer than these counts in all ways, [ways, weeks]."""
    ways = list(product(*(range(count + 1) for count in counts)))[:-1]  # the last is: all of them
    return np.array(ways, dtype=float).reshape(len(ways), len(counts))


def _without_one_older(counts: Floats, exposure: Floats, options: RateOptions) -> Floats:
    """Each of the `counts` [ways, weeks] of one row without one of the one-to-ones before the recent weeks, in all ways."""
    older = np.flatnonzero((exposure * counts[0])[: -options.recent_weeks] > 0)
    without = np.repeat(counts, len(older), axis=0)
    without[np.arange(len(without)), np.tile(older, len(counts))] -= 1
    return without
