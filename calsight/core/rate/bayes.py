"""How many one-to-ones a week, and how sure that is: Bayesian online change-point detection.

A rate is constant until life changes and then it is another (Adams & MacKay 2007, "Bayesian Online Changepoint Detection",
arXiv:0710.3742). A *run* is a stretch of weeks without a change. One-to-ones come one by one or, with some people, in bursts;
which, is learnt from the owner's own weeks. For week w with y one-to-ones and exposure e (in full working weeks):

    a rate               λ ~ Gamma(a0, b0), a new one with each run
    the scatter          φ, one for life: 1 (Poisson) or, with prior probability `burst_share`, `burst_scatter`
    within one run       y ~ negative binomial with mean λe and variance φλe (its form "NB1": Cameron & Trivedi 1986)
    the run goes on      weight · probability of y · (1 - h),         h = 1 - (1 - 1/change_weeks)^e
    a new run starts     Σ weights · probability of y from the prior · h

The posterior of the rate is the mixture over the runs and scatters. No change is possible in the first week; a week without
exposure says nothing and is skipped. λ lives on a grid of rates (grid.py): with φ > 1 there is no conjugate prior. What is
known of rate and scatter needs one pass over the weeks, however many runs there may be (forward.py); how old the run is, and
with what change it began, is found for the weeks of which it is asked (runs.py). All owners are computed at once, and no
owner's digits depend on who else is in the array.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from calsight.core.model.options import RateOptions
from calsight.core.rate.forward import Learnt, learn, positive
from calsight.core.rate.grid import Grid, grid_of
from calsight.core.rate.pauses import usual_mean
from calsight.core.rate.runs import changes, low_and_old

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


class RatePath(NamedTuple):
    """What was known of each owner's rate at the end of each week. Arrays are [owners, weeks]; rates are a week of exposure.

    seen             weeks of exposure so far
    mean             posterior mean
    low, high        the central interval of `RateOptions.interval`; nan where not asked for
    p_low            P(rate < RateOptions.low)
    p_wary           P(rate < low) of somebody who is wary of bursts, to be held against `at_risk_probability` (see below)
    p_low_old        theirs, too: P(rate < low, and the run is at least `run_weeks` of exposure old)
    p_below_healthy  P(rate < RateOptions.healthy)
    p_bursts         probability that one-to-ones come in bursts: that weeks scatter more than Poisson's
    p_change         probability that the current run began with a change by a factor of 1 / `fallen_share` or more (two), after
                     `min_weeks` of exposure (the start of the window is not a change)
    p_fallen         probability that it began so within the last `recent_weeks`, and fell: to less than `fallen_share` (half)
                     of before and below twice `healthy`
    change           index of the likeliest week of that change, the falls first; -1 where there is none
    before, after    mean before that week, and within the run that it began; nan where there is none
    usual            mean of the last weeks, as many as `pause_factor` (two) of the owner's own longest pauses (pauses.py); nan
                     where no pause of theirs is known
    newest           plain mean of the newest four weeks; nan where none of them has exposure
    most             and how many the fullest of them holds

    Weeks without exposure repeat the week before; weeks before the first exposure are nan (`seen` 0, `change` -1).

    Wary: bursts count as likely beforehand as `wary_share`, for nobody knows how many have them, and where there are bursts,
    `at_risk_bursts_probability` is asked. `p_wary` is scaled by what is asked, so that one cut serves both.
    """

    seen: Floats
    mean: Floats
    low: Floats
    high: Floats
    p_low: Floats
    p_wary: Floats
    p_low_old: Floats
    p_below_healthy: Floats
    p_bursts: Floats
    p_change: Floats
    p_fallen: Floats
    change: Ints
    before: Floats
    after: Floats
    usual: Floats
    newest: Floats
    most: Floats

    def of(self, owners: slice | Sequence[int]) -> RatePath:
        """Those of some owners, in that order."""
        return RatePath._make(values[owners] for values in self)


def rate_path(
    counts: ArrayLike,
    exposure: ArrayLike,
    options: RateOptions | None = None,
    *,
    intervals: bool = True,
    since: int = 0,
) -> RatePath:
    """The rate week by week from `counts` and `exposure`, both [owners, weeks].

    `intervals=False` leaves `low` and `high` nan. `since` is the first week of which is asked what rests on its runs (-1: the
    last): `p_low_old` and the changes are nan before it.
    Raises ValueError for arrays that do not match, negative or non-finite numbers.
    """

    def whole(path: RatePath, learnt: Learnt) -> RatePath:
        asked = np.ones(path.seen.shape, dtype=bool)
        return with_changes(with_age(path, learnt, asked, since), learnt, asked, since)

    return path_with(whole, counts, exposure, options, intervals=intervals)


def path_with(
    more: Callable[[RatePath, Learnt], RatePath],
    counts: ArrayLike,
    exposure: ArrayLike,
    options: RateOptions | None = None,
    *,
    intervals: bool = False,
) -> RatePath:
    """The rate week by week with so much of its runs as `more` adds to it, of a few owners at a time."""
    learnt = _learnt(counts, exposure, options, rates=intervals)
    parts = [more(_without_runs(each), each) for each in learnt]
    return RatePath._make(map(np.concatenate, zip(*parts, strict=True)))


def wary_of_each(counts: ArrayLike, exposure: ArrayLike, options: RateOptions) -> Floats:
    """`RatePath.p_wary` at the end of each row's weeks, [rows], and nothing else of it. Arguments as for `rate_path`."""
    learnt = _learnt(counts, exposure, options, rates=False)
    return np.concatenate([_p_wary(each)[each.beginnings.at[:, -1]] for each in learnt])


def _learnt(counts: ArrayLike, exposure: ArrayLike, options: RateOptions | None, *, rates: bool) -> Iterator[Learnt]:
    """What there is to learn of the rows, of a few at a time."""
    options = options or RateOptions()
    y, e = _checked(counts, exposure)
    together = _MOST_TERMS // grid_of(options).size
    for begin in range(0, max(len(y), 1), together):
        some = slice(begin, begin + together)
        yield learn(y[some], e[some], options, rates=rates)


NEWEST = 4  # weeks of which no single one-to-one may make a level worse (levels.py, newest.py)
_MOST_TERMS = 130_000  # in memory at once: a megabyte, which a processor's cache holds


def _checked(counts: ArrayLike, exposure: ArrayLike) -> tuple[Floats, Floats]:
    y, e = np.atleast_2d(np.asarray(counts, dtype=np.float64)), np.atleast_2d(np.asarray(exposure, dtype=np.float64))
    if y.shape != e.shape or y.ndim != 2:
        raise ValueError(f"counts {y.shape} and exposure {e.shape} must both be [owners, weeks]")
    if not (np.isfinite(y).all() and np.isfinite(e).all() and (y >= 0).all() and (e >= 0).all()):
        raise ValueError("counts and exposure must be finite and not negative")
    return y, e


def _p_wary(learnt: Learnt) -> Floats:
    """P(rate < low) of somebody who is wary of bursts, of each beginning; and nan after the last, for weeks before any."""
    wary, asked = _wary(learnt.options, learnt.grid)
    suspected = (learnt.each * learnt.counted * wary * asked).sum(axis=1)
    return _held(learnt, (learnt.low * learnt.counted * wary).sum(axis=1) / positive(suspected))


def _held(learnt: Learnt, values: Floats) -> Floats:
    return np.append(learnt.held(np.minimum(values, 1.0)), np.nan)


def _without_runs(learnt: Learnt) -> RatePath:
    """All that is known of the rate but for the runs, of which nothing is said."""
    options, at, y, e = learnt.options, learnt.beginnings.at, learnt.counts, learnt.exposure
    total = positive((learnt.each * learnt.counted).sum(axis=1))

    def told(values: Floats) -> Floats:
        return np.append(values, np.nan)[at]

    def held(weights: Floats) -> Floats:
        return _held(learnt, (weights * learnt.counted).sum(axis=1) / total)[at]

    nothing = np.full(y.shape, np.nan)
    newest, most = _newest(y, e)
    intervals = {"low": nothing, "high": nothing}
    if len(learnt.rates):
        tail, rates = (1.0 - options.interval) / 2, learnt.rates / learnt.total[:, None]
        intervals = {
            "low": told(learnt.grid.quantile(rates, tail)),
            "high": told(learnt.grid.quantile(rates, 1.0 - tail)),
        }
    return RatePath(
        seen=np.cumsum(e, axis=1),
        mean=told(learnt.mean),
        **intervals,
        p_low=held(learnt.low),
        p_wary=_p_wary(learnt)[at],
        p_low_old=nothing,
        p_below_healthy=held(learnt.healthy),
        p_bursts=told(np.minimum(learnt.each[:, 1:].sum(axis=1) / learnt.total, 1.0)),
        p_change=nothing,
        p_fallen=nothing,
        change=np.full(y.shape, -1, dtype=np.int64),
        before=nothing,
        after=nothing,
        usual=usual_mean(y, e, options),
        newest=newest,
        most=most,
    )


def with_age(path: RatePath, learnt: Learnt, asked: Bools, since: int) -> RatePath:
    """The path with `p_low_old`, where it is `asked` for from the week `since` on; nan elsewhere."""
    at = learnt.beginnings.at
    wanted = asked & (at >= 0) & (np.arange(at.shape[1]) >= since % max(at.shape[1], 1))
    of = np.zeros(len(learnt.seen), dtype=bool)
    of[at[wanted]] = True
    wary, _ = _wary(learnt.options, learnt.grid)
    return path._replace(p_low_old=np.append(low_and_old(learnt, wary, of), np.nan)[at])


def with_changes(path: RatePath, learnt: Learnt, asked: Bools, since: int, *, recent: bool = False) -> RatePath:
    """The path with what is known of changes, where it is `asked` for from the week `since` on; nan elsewhere.

    `recent`: only of falls in the last `recent_weeks`.
    """
    tree = learnt.beginnings
    weeks = path.seen.shape[1]
    latest = latest_exposed(path)
    wanted = np.zeros(asked.shape, dtype=bool)
    row, week = np.nonzero(asked & (tree.at >= 0) & (np.arange(weeks) >= since % max(weeks, 1)))
    wanted[row, latest[row, week]] = True  # a week without exposure repeats the one before it
    row, week = np.nonzero(wanted)
    found = changes(learnt, row, week, recent=recent)

    def placed(values: Floats | Ints) -> Floats:
        whole = np.full(asked.shape, np.nan)
        whole[row, week] = values
        return np.take_along_axis(whole, latest, axis=1)

    return path._replace(
        p_change=placed(found.p_change),
        p_fallen=placed(found.p_fallen),
        change=np.nan_to_num(placed(found.change), nan=-1).astype(np.int64),
        before=placed(found.before),
        after=placed(found.after),
    )


def latest_exposed(path: RatePath) -> NDArray[np.int64]:
    """The latest week with exposure up to each, [rows, weeks]; 0 before the first."""
    exposed = np.diff(path.seen, axis=1, prepend=0.0) > 0
    return np.maximum.accumulate(np.where(exposed, np.arange(exposed.shape[1]), 0), axis=1)


def _wary(options: RateOptions, grid: Grid) -> tuple[Floats, Floats]:
    """How much more each scatter weighs with somebody who is wary of bursts, and how much more is then asked of it."""
    wary, asked = np.ones(grid.scatter.size), np.ones(grid.scatter.size)
    if grid.scatter.size > 1:
        believed = np.array([1.0 - options.wary_share, options.wary_share])
        np.divide(believed, grid.scatter_share, out=wary, where=grid.scatter_share > 0)
        asked[1] = max(1.0, options.at_risk_bursts_probability / options.at_risk_probability)
    return wary, asked


def _newest(y: Floats, e: Floats) -> tuple[Floats, Floats]:
    """One-to-ones a week over the newest four weeks and the most in one of them, at the end of each week."""
    weeks = np.arange(y.shape[1])
    latest = np.maximum.accumulate(np.where(e > 0, weeks, 0), axis=1)

    met, exposed = _backwards(np.where(e > 0, y, 0.0)), _backwards(e)
    total, most, length = (
        np.take_along_axis(values, latest, axis=1) for values in (sum(met), np.maximum.reduce(met), sum(exposed))
    )
    return total / np.where(length > 0, length, np.nan), np.where(length > 0, most, np.nan)


def _backwards(values: Floats) -> list[Floats]:
    """Of each week its own value, that of the week before, and so on for `NEWEST` weeks."""
    before = np.concatenate([np.zeros((len(values), NEWEST - 1)), values], axis=1)
    return [before[:, NEWEST - 1 - back : before.shape[1] - back] for back in range(NEWEST)]
