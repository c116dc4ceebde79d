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
exposure says nothing and is skipped. λ lives on a grid of rates (grid.py): with φ > 1 there is no conjugate prior. All owners
are computed at once; W weeks cost W²/2 terms each, and no owner's digits depend on who else is in the array.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from calsight.core.model.options import RateOptions
from calsight.core.rate.grid import Grid, grid_of, likelihoods
from calsight.core.rate.pauses import beyond_any, usual_mean

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RatePath:
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

    def of(self, owners: Sequence[int]) -> RatePath:
        """Those of some owners, in that order."""
        return RatePath(**{field.name: getattr(self, field.name)[list(owners)] for field in fields(self)})


def rate_path(
    counts: ArrayLike,
    exposure: ArrayLike,
    options: RateOptions | None = None,
    *,
    intervals: bool = True,
    since: int = 0,
) -> RatePath:
    """The rate week by week from `counts` and `exposure`, both [owners, weeks].

    `intervals=False` leaves `low` and `high` nan. `since` is the first week that is asked for (-1: the last): what stands in
    the weeks before it is not for use, save `seen` and `mean`. Asking for the last alone takes half the time.
    Raises ValueError for arrays that do not match, negative or non-finite numbers.
    """
    options = options or RateOptions()
    y, e = _checked(counts, exposure)
    owners, weeks = y.shape
    grid = grid_of(options)
    together = max(1, _MOST_TERMS // max(1, weeks * grid.size))
    parts = [
        _path(y[i : i + together], e[i : i + together], options, grid, intervals, since % max(weeks, 1))
        for i in range(0, max(owners, 1), together)
    ]
    names = [field.name for field in fields(RatePath)]
    return RatePath(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


_ALMOST = 1e-9  # weeks summed from fifths may miss a whole number by a hair
NEWEST = 4  # weeks of which no single one-to-one may make a level worse (levels.py, newest.py)
_MOST_TERMS = 800_000  # in memory at once: some megabytes, which a processor's cache holds
_FLOATS = (
    "mean",
    "low",
    "high",
    "p_low",
    "p_wary",
    "p_low_old",
    "p_below_healthy",
    "p_bursts",
    "p_change",
    "p_fallen",
    "before",
    "after",
)


def _checked(counts: ArrayLike, exposure: ArrayLike) -> tuple[Floats, Floats]:
    y, e = np.atleast_2d(np.asarray(counts, dtype=np.float64)), np.atleast_2d(np.asarray(exposure, dtype=np.float64))
    if y.shape != e.shape or y.ndim != 2:
        raise ValueError(f"counts {y.shape} and exposure {e.shape} must both be [owners, weeks]")
    if not (np.isfinite(y).all() and np.isfinite(e).all() and (y >= 0).all() and (e >= 0).all()):
        raise ValueError("counts and exposure must be finite and not negative")
    return y, e


def _path(y: Floats, e: Floats, options: RateOptions, grid: Grid, intervals: bool, since: int) -> RatePath:
    """`rate_path` of so many owners as fit together. Rows that begin alike are one row until their weeks differ."""
    owners, weeks = y.shape
    values, place = likelihoods(y, e, grid)
    order, apart = _parting(place)
    many = apart.sum(axis=0).tolist()
    noted = _noted_from(y, e, since)
    seen = np.cumsum(e, axis=1)
    began = np.concatenate([np.zeros((owners, 1)), seen], axis=1)[:, :-1]  # exposure before each run
    hazard = -np.expm1(e * np.log1p(-1.0 / options.change_weeks))
    facts: tuple[Any, ...] = (place, y == 0, e > 0, hazard, seen, began, beyond_any(y, e, options))
    lens = _Lens.of(options, grid)
    runs = np.zeros((1, 0, grid.size))  # joint weight of run, scatter and rate, up to a factor that each owner has
    belief = np.zeros((1, grid.scatter.size, grid.rate.size))  # their sum over the runs
    total = np.ones(1)  # that factor
    results = np.full((len(_FLOATS), 1, weeks), np.nan)
    change = np.full((1, weeks), -1, dtype=np.int64)

    for week in range(weeks):
        if week == 0 or many[week + 1] > many[week]:
            parted = apart[:, week + 1]
            were = np.cumsum(apart[:, week])[parted] - 1
            before, runs = runs[were, :week], np.zeros((len(were), weeks, grid.size))
            runs[:, :week] = before
            belief, total, change, results = belief[were], total[were], change[were], results.take(were, axis=1)
            path = dict(zip(_FLOATS, results, strict=True))
            pair, empty, exposed, hazards, so_far, begin, beyond = (each[order[parted]] for each in facts)
        here = exposed[:, week]
        if here.any():
            first = here & (begin[:, week] == 0)
            probable = values[pair[:, week]]  # [owners, scatters, cells]; 1 without exposure
            scale = np.where(here, total, 1.0)  # without exposure not a digit may change
            goes_on = probable * ((1.0 - hazards[:, week]) / scale)[:, None, None]
            begins = belief.sum(axis=2) * (hazards[:, week] / scale)[:, None]
            begins = np.where(first[:, None], grid.scatter_share, begins)
            fresh = begins[:, :, None] * grid.prior_of_rate * probable
            runs[:, :week] *= goes_on.reshape(len(runs), 1, grid.size)
            runs[:, week] = fresh.reshape(len(runs), grid.size)
            belief = belief * goes_on + fresh
            known = _Known.of(runs[:, : week + 1], so_far[:, week, None] - begin[:, : week + 1], belief)
            total = known.total
            if week:
                results[:, :, week] = results[:, :, week - 1]
            path["mean"][:, week] = (known.rates * grid.rate).sum(axis=1) / total
            if week >= noted:
                _note_rate(path, known, week, empty[:, week], beyond[:, week], lens)
                _note_changes(path, change, known, week, lens)
            if intervals:
                tail = (1.0 - options.interval) / 2
                for name, probability in (("low", tail), ("high", 1.0 - tail)):
                    path[name][:, week] = grid.quantile(known.rates / total[:, None], probability)
        if not here.all():
            _repeat(results, change, week, ~here, so_far[:, week] == 0)
    own = np.empty(owners, dtype=np.int64)
    own[order] = np.cumsum(apart[:, -1]) - 1
    path = dict(zip(_FLOATS, results.take(own, axis=1), strict=True))
    newest, most = _newest(y, e)
    return RatePath(seen=seen, change=change[own], usual=usual_mean(y, e, options), newest=newest, most=most, **path)


def _repeat(results: Floats, change: Ints, week: int, away: Bools, unseen: Bools) -> None:
    """Write the week before into column `week` for who is `away` in it, and nan for whose first exposure is yet to come."""
    results[:, unseen, week] = np.nan
    if week:
        results[:, away, week] = results[:, away, week - 1]
        change[away, week] = change[away, week - 1]


def _parting(place: Ints) -> tuple[Ints, Bools]:
    """An order of the rows in which those that begin alike stand together, and where each parts from the row before it.

    The second is in that order, [owners, weeks + 1]: whether a row differs from the one before it in the first so many weeks.
    """
    owners, weeks = place.shape
    order = np.lexsort(place.T[::-1]) if weeks else np.arange(owners)
    apart = np.ones((owners, weeks + 1), dtype=bool)
    apart[1:, 0] = False
    ordered = place[order]
    np.logical_or.accumulate(ordered[1:] != ordered[:-1], axis=1, out=apart[1:, 1:])
    return order, apart


def _noted_from(y: Floats, e: Floats, since: int) -> int:
    """The first week on which those from `since` on rest: an empty one looks back to the one before it."""
    weeks = np.arange(y.shape[1])
    met = (e > 0) & (y > 0) & (weeks <= since)
    return int(np.where(met, weeks, 0).max(axis=1, initial=0).min(initial=len(weeks)))


def _newest(y: Floats, e: Floats) -> tuple[Floats, Floats]:
    """One-to-ones a week over the newest four weeks and the most in one of them, at the end of each week."""

    weeks = np.arange(y.shape[1])
    latest = np.maximum.accumulate(np.where(e > 0, weeks, 0), axis=1)

    def newest(values: Floats) -> Floats:
        back = latest[:, :, None] - np.arange(NEWEST)
        found = np.take_along_axis(values[:, :, None], np.maximum(back, 0), axis=1)
        return np.where(back >= 0, found, 0.0)

    met, exposed = newest(np.where(e > 0, y, 0.0)), newest(e).sum(axis=2)
    mean = np.where(exposed > 0, met.sum(axis=2) / np.where(exposed > 0, exposed, 1.0), np.nan)
    return mean, np.where(exposed > 0, met.max(axis=2), np.nan)


@dataclass(frozen=True, slots=True)
class _Lens:
    """What is asked of the grid week after week.

    low, healthy  the share of each cell below them
    rates         all cells' rates, once for each scatter
    wary          how much more each scatter weighs with somebody who is wary of bursts
    asked         and how much more is then asked of it
    """

    options: RateOptions
    grid: Grid
    low: Floats
    healthy: Floats
    rates: Floats
    wary: Floats
    asked: Floats

    @classmethod
    def of(cls, options: RateOptions, grid: Grid) -> _Lens:
        wary, asked = np.ones(grid.scatter.size), np.ones(grid.scatter.size)
        if grid.scatter.size > 1:
            believed = np.array([1.0 - options.wary_share, options.wary_share])
            np.divide(believed, grid.scatter_share, out=wary, where=grid.scatter_share > 0)
            asked[1] = max(1.0, options.at_risk_bursts_probability / options.at_risk_probability)
        low, healthy = grid.below(options.low), grid.below(options.healthy)
        return cls(options, grid, low, healthy, grid.wide(grid.rate), wary, asked)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the joint weights of runs, scatters and rates say at the end of a week; none is normalised.

    runs    [owners, runs, scatters · cells]
    age     exposure since each run began, [owners, runs]
    belief  their sum over the runs, [owners, scatters, cells]
    rates   its sum over the scatters, [owners, cells]
    total   the factor by which all of an owner's are too large; 1 before the first exposure
    """

    runs: Floats
    age: Floats
    belief: Floats
    rates: Floats
    total: Floats

    @classmethod
    def of(cls, runs: Floats, age: Floats, belief: Floats) -> _Known:
        rates = belief.sum(axis=1)
        total = rates.sum(axis=1)
        return cls(runs, age, belief, rates, np.where(total > 0, total, 1.0))


def _note_rate(path: dict[str, Any], known: _Known, week: int, empty: Bools, beyond: Bools, lens: _Lens) -> None:
    """Write what is known of the rate into column `week` of `path`.

    `empty` says who met nobody, `beyond` whose silence is too long for any rhythm of theirs.
    """
    # A silence that no rhythm of the owner's explains is no pause between bursts: it is judged as if there were none.
    share = np.ones((len(beyond), lens.grid.scatter.size))
    share[:, 1:] = ~(beyond & (known.belief[:, 0].sum(axis=1) > 0))[:, None]
    each = known.belief.sum(axis=2) * share  # of each scatter, [owners, scatters]
    low = (known.belief * lens.low).sum(axis=2) * share
    healthy = (known.belief * lens.healthy).sum(axis=2) * share
    total = _positive(each.sum(axis=1))
    wary = _positive((each * lens.wary).sum(axis=1))
    young = known.age < lens.options.run_weeks - _ALMOST
    first = int(young.any(axis=0).argmax())
    cells = ((share * lens.wary)[:, :, None] * lens.low).reshape(len(beyond), lens.grid.size)
    low_young = np.einsum("orc,oc->or", known.runs[:, first:], cells) * young[:, first:]
    low_young = np.cumsum(low_young, axis=1)[:, -1]  # one by one: `first` depends on who else is in the array
    low_wary = (low * lens.wary).sum(axis=1)
    found = {
        "p_low": np.minimum(low.sum(axis=1) / total, 1.0),
        "p_wary": np.minimum(low_wary / _positive((each * lens.wary * lens.asked).sum(axis=1)), 1.0),
        "p_low_old": np.clip((low_wary - low_young) / wary, 0.0, 1.0),
        "p_below_healthy": np.minimum(healthy.sum(axis=1) / total, 1.0),
    }
    for name, below in found.items():
        # A week without a one-to-one is no good news. The prior of a new run alone would now and then make it some, by
        # about a thousandth, where the probability is near 1; leave instead of such a week must not look worse.
        path[name][:, week] = np.where(empty, np.fmax(below, path[name][:, week]), below)  # still the week before's
    path["p_bursts"][:, week] = np.minimum(known.belief[:, 1:].sum(axis=(1, 2)) / known.total, 1.0)


def _positive(weights: Floats) -> Floats:
    return np.where(weights > 0, weights, 1.0)


def _note_changes(path: dict[str, Any], change: Ints, known: _Known, week: int, lens: _Lens) -> None:
    """Write what is known of the last change into column `week` of `path` and `change`."""
    options, age = lens.options, known.age
    mass = known.runs.sum(axis=2)
    within = np.einsum("orc,c->or", known.runs, lens.rates) / np.where(mass > 0, mass, 1.0)
    weight = mass / known.total[:, None]
    before = np.full_like(within, np.nan)
    before[:, 1:] = path["mean"][:, :week]
    settled = (mass > 0) & (age[:, :1] - age >= options.min_weeks - _ALMOST)
    ratio = within / before  # nan before the first exposure: compares false
    fell = settled & (ratio < options.fallen_share)
    moved = fell | (settled & (ratio > 1.0 / options.fallen_share))
    recent = np.arange(week + 1) > week - options.recent_weeks
    fallen = fell & recent & (within < 2.0 * options.healthy)
    p_fallen = np.minimum((weight * fallen).sum(axis=1), 1.0)
    p_change = np.minimum((weight * moved).sum(axis=1), 1.0)
    # The week to name: among the falls where a recent fall is what there is to say, else among all changes.
    candidates = np.where((p_fallen >= options.fallen_probability)[:, None], fallen, moved)
    likeliest = np.where(candidates, weight, -1.0).argmax(axis=1)
    index = np.arange(len(within))
    named = candidates[index, likeliest]
    path["p_fallen"][:, week] = p_fallen
    path["p_change"][:, week] = p_change
    path["before"][:, week] = np.where(named, before[index, likeliest], np.nan)
    path["after"][:, week] = np.where(named, within[index, likeliest], np.nan)
    change[:, week] = np.where(named, likeliest, -1)
