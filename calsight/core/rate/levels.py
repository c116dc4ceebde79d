"""The level: what the numbers of a rate mean. One rule, for one owner, for several readings of a calendar, for a whole firm.

    path = level_path(counts, exposure, options, since=0)   both [rows, weeks]
    levels = level_of(path, options)                        [rows, weeks], as places in LEVELS
    LEVELS[levels[row, -1]]                                 the name of a row's latest level

A row is an owner, or one reading of an owner's calendar; no row's levels depend on the others. After `insufficient_data` the
order of `LEVELS` is from good to bad: the milder of two readings that say something is `np.minimum` of their levels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from calsight.core.model.options import ALMOST
from calsight.core.rate.bayes import RatePath, latest_exposed, path_with, with_age, with_changes

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from calsight.core.model.options import RateOptions
    from calsight.core.model.report import Level
    from calsight.core.rate.forward import Learnt

LEVELS: tuple[Level, ...] = ("insufficient_data", "ok", "watch", "at_risk")
INSUFFICIENT, OK, WATCH, AT_RISK = range(4)


def level_path(counts: ArrayLike, exposure: ArrayLike, options: RateOptions, *, since: int) -> RatePath:
    """The rate week by week as `level_of` wants it: what no level hangs on is nan. `since` as in `rate_path`."""

    def needed(path: RatePath, learnt: Learnt) -> RatePath:
        path = with_age(path, learnt, _hang_on_age(path, options), since)
        return with_changes(path, learnt, _may_have_fallen(path, options), since, recent=True)

    return path_with(needed, counts, exposure, options)


def level_of(path: RatePath, options: RateOptions, *, narrow: ArrayLike | None = None) -> NDArray[np.int8]:
    """The level of each row at the end of each week, [rows, weeks], as places in `LEVELS`.

    `narrow` [rows, weeks] (or what broadcasts to it) says where the one-to-ones hang on too few people; None: nowhere, or it is
    not known who was met. A week without exposure repeats the level of the week before.
    """
    with np.errstate(invalid="ignore"):  # weeks before the first exposure are nan, and say nothing
        watch = _low(path, options) | fallen_by_week(path, options)
        if narrow is not None:
            watch |= np.asarray(narrow, dtype=bool)
        at_risk = _hang_on_age(path, options) & (path.p_low_old >= options.run_probability)
    levels = np.where(at_risk, AT_RISK, np.where(watch, WATCH, OK)).astype(np.int8)
    levels[path.seen < options.min_weeks - ALMOST] = INSUFFICIENT
    return np.take_along_axis(levels, latest_exposed(path), axis=1)


def _hang_on_age(path: RatePath, options: RateOptions) -> NDArray[np.bool_]:
    """Where a rate is low enough to be at risk, if it has been for long enough."""
    with np.errstate(invalid="ignore"):
        low = (path.p_wary >= options.at_risk_probability) & ~(path.usual >= options.low)
    return np.asarray(low & (path.seen >= options.full_weeks - ALMOST))


def _low(path: RatePath, options: RateOptions) -> NDArray[np.bool_]:
    """Where a rate is low enough to be watched."""
    with np.errstate(invalid="ignore"):
        low = path.p_low >= options.watch_probability
        return np.asarray(low | (path.p_below_healthy >= options.below_healthy_probability))


def _may_have_fallen(path: RatePath, options: RateOptions) -> NDArray[np.bool_]:
    """Where a level hangs on a fall: what came before one in the recent weeks was at most the highest mean of these."""
    highest = np.full(path.mean.shape, -np.inf)
    for back in range(1, min(options.recent_weeks, path.mean.shape[1]) + 1):
        np.fmax(highest[:, back:], path.mean[:, :-back], out=highest[:, back:])
    return _shows(path, highest, options) & ~_low(path, options)


def fallen_by_week(path: RatePath, options: RateOptions) -> NDArray[np.bool_]:
    """Whether the rate has fallen, at the end of each week that has exposure, [rows, weeks]."""
    with np.errstate(invalid="ignore"):
        likely = path.p_fallen >= options.fallen_probability
        own_pause = path.usual >= options.fallen_share * path.before
        return np.asarray(likely & _shows(path, path.before, options) & ~own_pause)


def _shows(path: RatePath, before: NDArray[np.float64], options: RateOptions) -> NDArray[np.bool_]:
    """Where a fall from a rate `before` shows in four weeks, not in two at a trade fair.

    Their mean is below twice `healthy` and `fallen_share` of before, and none of them holds as many as was usual.
    """
    with np.errstate(invalid="ignore"):
        few = path.newest < np.minimum(options.fallen_share * before, 2.0 * options.healthy)
        return np.asarray(few & (path.most < before))


def names(levels: NDArray[np.int8]) -> list[list[Level]]:
    """The levels of each row by their names."""
    return [[LEVELS[level] for level in row] for row in levels.tolist()]
