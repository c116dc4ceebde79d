"""The level: what the numbers of a rate mean. One rule, for one owner, for several readings of a calendar, for a whole firm.

    path = rate_path(counts, exposure, options, intervals=False)   both [rows, weeks]
    levels = level_of(path, options)                               [rows, weeks], as places in LEVELS
    LEVELS[levels[row, -1]]                                        the name of a row's latest level

A row is an owner, or one reading of an owner's calendar; no row's levels depend on the others. After `insufficient_data` the
order of `LEVELS` is from good to bad: the milder of two readings that say something is `np.minimum` of their levels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from calsight.core.model.options import RateOptions
    from calsight.core.model.report import Level
    from calsight.core.rate.bayes import RatePath

LEVELS: tuple[Level, ...] = ("insufficient_data", "ok", "watch", "at_risk")
INSUFFICIENT, OK, WATCH, AT_RISK = range(4)
_ALMOST = 1e-9  # weeks summed from fifths may miss a whole number by a hair


def level_of(path: RatePath, options: RateOptions, *, narrow: ArrayLike | None = None) -> NDArray[np.int8]:
    """The level of each row at the end of each week, [rows, weeks], as places in `LEVELS`.

    `narrow` [rows, weeks] (or what broadcasts to it) says where the one-to-ones hang on too few people; None: nowhere, or it is
    not known who was met. A week without exposure repeats the level of the week before.
    """
    with np.errstate(invalid="ignore"):  # weeks before the first exposure are nan, and say nothing
        watch = (
            (path.p_low >= options.watch_probability)
            | (path.p_below_healthy >= options.below_healthy_probability)
            | fallen_by_week(path, options)
        )
        if narrow is not None:
            watch |= np.asarray(narrow, dtype=bool)
        at_risk = (
            (path.p_wary >= options.at_risk_probability)
            & (path.p_low_old >= options.run_probability)
            & ~(path.usual >= options.low)
            & (path.seen >= options.full_weeks - _ALMOST)
        )
    levels = np.where(at_risk, AT_RISK, np.where(watch, WATCH, OK)).astype(np.int8)
    levels[path.seen < options.min_weeks - _ALMOST] = INSUFFICIENT
    return np.take_along_axis(levels, latest_exposed(path), axis=1)


def fallen_by_week(path: RatePath, options: RateOptions) -> NDArray[np.bool_]:
    """Whether the rate has fallen, at the end of each week that has exposure, [rows, weeks].

    A fall shows in four weeks, not in two at a trade fair: their mean is below twice `healthy` and `fallen_share` of before,
    and none of them holds as many as was usual.
    """
    with np.errstate(invalid="ignore"):
        half = options.fallen_share * path.before
        shows = (path.newest < np.minimum(half, 2.0 * options.healthy)) & (path.most < path.before)
        return np.asarray((path.p_fallen >= options.fallen_probability) & shows & ~(path.usual >= half))


def latest_exposed(path: RatePath) -> NDArray[np.int64]:
    """The latest week with exposure up to each, [rows, weeks]; 0 before the first."""
    exposed = np.diff(path.seen, axis=1, prepend=0.0) > 0
    return np.maximum.accumulate(np.where(exposed, np.arange(exposed.shape[1]), 0), axis=1)


def names(levels: NDArray[np.int8]) -> list[list[Level]]:
    """The levels of each row by their names."""
    return [[LEVELS[level] for level in row] for row in levels.tolist()]
