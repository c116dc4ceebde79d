"""How many one-to-ones a week, and how sure that is: Bayesian online change-point detection.

A rate is constant until life changes and then it is another (Adams & MacKay 2007, "Bayesian Online Changepoint Detection",
arXiv:0710.3742), with Poisson counts and conjugate Gamma rates. A *run* is a stretch of weeks without a change. For week w
with y one-to-ones and exposure e (in full working weeks):

    within one run     rate | data ~ Gamma(a0 + Σy, b0 + Σe), shape and weeks
    predictive of y    negative binomial, from the run's Gamma and e
    the run goes on    weight · predictive · (1 - h),         h = 1 - (1 - 1/change_weeks)^e
    a new run starts   Σ weights · predictive of the prior · h

The posterior of the rate is the mixture over the runs. No change is possible in the first week; a week without exposure says
nothing and is skipped. All owners are computed at once; W weeks cost W²/2 terms each, and no owner's digits depend on who
else is in the array.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from calsight.core.model.options import RateOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class RatePath:
    """What was known of each owner's rate at the end of each week. Arrays are [owners, weeks]; rates are a week of exposure.

    seen             weeks of exposure so far
    mean             posterior mean
    low, high        the central interval of `RateOptions.interval`; nan where not asked for
    p_low            P(rate < RateOptions.low)
    p_below_healthy  P(rate < RateOptions.healthy)
    p_change         probability that the current run began with a change by a factor of 1 / `fallen_share` or more (two), after
                     `min_weeks` of exposure (the start of the window is not a change)
    p_fallen         probability that it began so within the last `recent_weeks` weeks, and fell: to less than `fallen_share`
                     (half) of before and below twice `healthy`
    change           index of the likeliest week of that change, the falls first; -1 where there is none
    before, after    mean before that week, and within the run that it began; nan where there is none

    Weeks without exposure repeat the week before; weeks before the first exposure are nan (`seen` 0, `change` -1).
    """

    seen: Floats
    mean: Floats
    low: Floats
    high: Floats
    p_low: Floats
    p_below_healthy: Floats
    p_change: Floats
    p_fallen: Floats
    change: Ints
    before: Floats
    after: Floats


def rate_path(
    counts: ArrayLike, exposure: ArrayLike, options: RateOptions | None = None, *, intervals: bool = True
) -> RatePath:
    """The rate week by week from `counts` and `exposure`, both [owners, weeks].

    `intervals=False` leaves `low` and `high` nan: they cost more than all the rest.
    Raises ValueError for arrays that do not match, negative or non-finite numbers.
    """
    options = options or RateOptions()
    y, e = _checked(counts, exposure)
    owners, weeks = y.shape
    together = max(1, _MOST_TERMS // max(1, weeks**2))
    if intervals and owners > together:  # their mixtures are kept until all weeks are done
        parts = [rate_path(y[i : i + together], e[i : i + together], options) for i in range(0, owners, together)]
        names = [field.name for field in fields(RatePath)]
        return RatePath(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})
    shape = np.full((owners, weeks), float(options.prior_shape))  # of the run that began in each week
    length = np.full((owners, weeks), float(options.prior_weeks))
    log_weight = np.full((owners, weeks), -np.inf)
    seen = np.cumsum(e, axis=1)
    hazard = -np.expm1(e * np.log1p(-1.0 / options.change_weeks))
    results = np.full((len(_FLOATS), owners, weeks), np.nan)
    path = dict(zip(_FLOATS, results, strict=True))
    change = np.full((owners, weeks), -1, dtype=np.int64)
    known: list[_Mixture] = []  # week by week, of those with exposure

    for week in range(weeks):
        if week:
            results[:, :, week] = results[:, :, week - 1]
            change[:, week] = change[:, week - 1]
        exposed = e[:, week] > 0
        if not exposed.any():
            continue
        rows = slice(None) if exposed.all() else np.flatnonzero(exposed)
        runs = slice(0, week + 1)
        log_weight[rows, runs] = _step(
            log_weight[rows, runs],
            shape[rows, runs],
            length[rows, runs],
            y[rows, week],
            e[rows, week],
            hazard[rows, week],
        )
        shape[rows, runs] += y[rows, week, None]
        length[rows, runs] += e[rows, week, None]
        mixture = _Mixture(np.exp(log_weight[rows, runs]), shape[rows, runs].copy(), length[rows, runs].copy())
        path["mean"][rows, week] = mixture.mean()
        for name, rate in (("p_low", options.low), ("p_below_healthy", options.healthy)):
            below = mixture.below(rate)
            # A week without a one-to-one is no good news. The prior of a new run alone would now and then make it some, by
            # about a thousandth, where the probability is near 1; leave instead of such a week must not look worse.
            before = np.where(y[rows, week] == 0, path[name][rows, week], -np.inf)  # still the week before's
            path[name][rows, week] = np.fmax(below, before)
        if intervals:
            known.append(mixture)
        _note_changes(path, change, mixture, rows, week, seen[rows, runs] - e[rows, runs], options)
    if known:
        edges = np.full((2, weeks, owners), np.nan)
        edges[:, (e > 0).T] = _intervals(known, options.interval)
        latest = np.maximum.accumulate(np.where(e > 0, np.arange(weeks), 0), axis=1)
        path["low"], path["high"] = np.take_along_axis(edges.transpose(0, 2, 1), latest[None], axis=2)
    return RatePath(seen=seen, change=change, **path)


_MOST_TERMS = 100_000  # of mixtures whose intervals are found at once
_FLOATS = ("mean", "low", "high", "p_low", "p_below_healthy", "p_change", "p_fallen", "before", "after")


def _checked(counts: ArrayLike, exposure: ArrayLike) -> tuple[Floats, Floats]:
    y, e = np.atleast_2d(np.asarray(counts, dtype=np.float64)), np.atleast_2d(np.asarray(exposure, dtype=np.float64))
    if y.shape != e.shape or y.ndim != 2:
        raise ValueError(f"counts {y.shape} and exposure {e.shape} must both be [owners, weeks]")
    if not (np.isfinite(y).all() and np.isfinite(e).all() and (y >= 0).all() and (e >= 0).all()):
        raise ValueError("counts and exposure must be finite and not negative")
    return y, e


def _step(log_weight: Floats, shape: Floats, length: Floats, y: Floats, e: Floats, hazard: Floats) -> Floats:
    """One week of the recursion: normalised log weights of all runs, the new one in the last column.

    The arrays hold the runs *before* this week; the last column of `shape` and `length` is the prior.
    """
    predictive = _log_negative_binomial(y[:, None], shape, length, e[:, None])
    total = np.logaddexp.reduce(log_weight, axis=1)  # 0, or -inf in an owner's first week
    result = log_weight + predictive + np.log1p(-hazard)[:, None]
    result[:, -1] = np.where(np.isinf(total), 0.0, total + np.log(hazard) + predictive[:, -1])
    return np.asarray(result - np.logaddexp.reduce(result, axis=1)[:, None])


def _log_negative_binomial(y: Floats, shape: Floats, length: Floats, e: Floats) -> Floats:
    """Log probability of y events in exposure e when rate ~ Gamma(shape, length)."""
    from scipy.special import gammaln

    return np.asarray(
        gammaln(shape + y)
        - gammaln(shape)
        - gammaln(y + 1.0)
        + shape * np.log(length / (length + e))
        + y * np.log(e / (length + e))
    )


@dataclass(frozen=True, slots=True)
class _Mixture:
    """Gamma mixtures, one a row: weights, shapes and lengths (inverse scales), [owners, runs]."""

    weight: Floats
    shape: Floats
    length: Floats

    def mean(self) -> Floats:
        return np.asarray((self.weight * self.shape / self.length).sum(axis=1))

    def below(self, rate: float) -> Floats:
        """P(rate < `rate`)."""
        from scipy.special import gammainc

        return np.asarray(np.minimum((self.weight * gammainc(self.shape, self.length * rate)).sum(axis=1), 1.0))


def _intervals(mixtures: Sequence[_Mixture], share: float) -> Floats:
    """The central interval with `share` of each mixture in it, [low and high, mixtures], by bisection to the last digits.

    A mixture's quantile lies between the smallest and the largest of its components'. Mixtures differ in their number of runs:
    the runs of all lie one after the other, and `sizes` says how many are whose.
    """
    from scipy.special import gammainc, gammaincinv

    sizes = np.concatenate([np.full(*mixture.weight.shape) for mixture in mixtures])
    starts = np.cumsum(sizes) - sizes
    weight = np.concatenate([mixture.weight.ravel() for mixture in mixtures])
    shape = np.concatenate([mixture.shape.ravel() for mixture in mixtures])
    length = np.concatenate([mixture.length.ravel() for mixture in mixtures])
    tail = (1.0 - share) / 2
    probability = np.array([[tail], [1.0 - tail]])
    parts = gammaincinv(shape, probability) / length
    live = weight > 0
    left = np.minimum.reduceat(np.where(live, parts, np.inf), starts, axis=1)
    right = np.maximum.reduceat(np.where(live, parts, -np.inf), starts, axis=1)
    for _ in range(45):
        middle = (left + right) / 2
        below = np.add.reduceat(weight * gammainc(shape, length * np.repeat(middle, sizes, axis=1)), starts, axis=1)
        under = below < probability
        left, right = np.where(under, middle, left), np.where(under, right, middle)
    return np.asarray((left + right) / 2)


def _note_changes(
    path: dict[str, Any],
    change: Ints,
    mixture: _Mixture,
    rows: Ints | slice,
    week: int,
    seen_before: Floats,
    options: RateOptions,
) -> None:
    """Write what `mixture` says of the last change into column `week` of `path` and `change`."""
    within = mixture.shape / mixture.length
    before = np.full_like(within, np.nan)
    before[:, 1:] = path["mean"][rows, :week]
    settled = seen_before >= options.min_weeks
    ratio = within / before  # nan before the first exposure: compares false
    fell = settled & (ratio < options.fallen_share)
    moved = fell | (settled & (ratio > 1.0 / options.fallen_share))
    recent = np.arange(week + 1) > week - options.recent_weeks
    fallen = fell & recent & (within < 2.0 * options.healthy)
    p_fallen = np.minimum((mixture.weight * fallen).sum(axis=1), 1.0)
    p_change = np.minimum((mixture.weight * moved).sum(axis=1), 1.0)
    # The week to name: among the falls where a recent fall is what there is to say, else among all changes.
    candidates = np.where((p_fallen >= options.fallen_probability)[:, None], fallen, moved)
    likeliest = np.where(candidates, mixture.weight, -1.0).argmax(axis=1)
    index = np.arange(len(within))
    known = candidates[index, likeliest]
    path["p_fallen"][rows, week] = p_fallen
    path["p_change"][rows, week] = p_change
    path["before"][rows, week] = np.where(known, before[index, likeliest], np.nan)
    path["after"][rows, week] = np.where(known, within[index, likeliest], np.nan)
    change[rows, week] = np.where(known, likeliest, -1)
