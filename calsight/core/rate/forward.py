"""What is known of rate and scatter at the end of each week: the forward pass of bayes.py.

Rows that begin alike are one *beginning* until their weeks differ; a week without exposure says nothing, and is left out of it.
Each beginning is worked out once, from the one that it continues. How much of it each run holds is not kept: where that is
asked for, runs.py finds it, for the few beginnings that it is asked of.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np

from calsight.core.rate.grid import Grid, grid_of, likelihoods
from calsight.core.rate.pauses import beyond_any

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from calsight.core.model.options import RateOptions

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_Of = TypeVar("_Of", bound=np.generic)


class Beginnings(NamedTuple):
    """The different beginnings of some rows, the shortest first.

    at      which one each row is at the end of each week, [rows, weeks]; -1 before the first exposure
    depth   and how many weeks it has, [rows, weeks]
    when    in which week of the row each of these was, [rows, most weeks]
    pair    the last week of each beginning: which of the pairs of `likelihoods`
    before  the beginning that it continues; -1: none
    bounds  those of n weeks are the ones from bounds[n - 1] up to bounds[n]
    """

    at: Ints
    depth: Ints
    when: Ints
    pair: Ints
    before: Ints
    bounds: Ints

    @property
    def layers(self) -> Iterator[slice]:
        """Those of one week, of two, and so on."""
        return map(slice, self.bounds[:-1].tolist(), self.bounds[1:].tolist())

    def of_each(self, values: NDArray[_Of]) -> NDArray[_Of]:
        """Of each beginning what `values` [rows, weeks] say of its last week."""
        found = np.zeros(len(self.pair), dtype=values.dtype)
        row, place = np.nonzero(self.when >= 0)
        week = self.when[row, place]
        found[self.at[row, week]] = values[row, week]
        return found


def beginnings_of(place: Ints, exposed: Bools) -> Beginnings:
    """The beginnings of rows whose weeks are `place` and count where `exposed`, both [rows, weeks]."""
    rows = len(place)
    depth: Ints = np.cumsum(exposed, axis=1, dtype=np.int64)
    longest = int(depth.max(initial=1))
    when, packed = np.full((2, rows, longest), -1)
    row, week = np.nonzero(exposed)
    when[row, depth[row, week] - 1] = week
    packed[row, depth[row, week] - 1] = place[row, week]
    order = np.lexsort(packed.T[::-1])
    packed = packed[order]
    apart = np.ones(packed.shape, dtype=bool)  # from the row before it in that order, by the end of so many weeks
    np.logical_or.accumulate(packed[1:] != packed[:-1], axis=1, out=apart[1:])
    fresh = (apart & (packed >= 0)).T
    number = np.cumsum(fresh).reshape(fresh.shape).T - 1  # after a row's last week, nobody looks at it
    number = np.concatenate([np.full((rows, 1), -1), number], axis=1)
    at = np.empty_like(depth)
    at[order] = np.take_along_axis(number, depth[order], axis=1)
    bounds = np.concatenate([[0], np.cumsum(fresh.sum(axis=1))])
    return Beginnings(at, depth, when, packed.T[fresh], number[:, :-1].T[fresh], bounds)


class Learnt(NamedTuple):
    """What is known at the end of each beginning; arrays are [beginnings], or [beginnings, scatters].

    counts, exposure   the weeks that it was learnt from, [rows, weeks]
    likely      the likelihood of each pair on the grid, [pairs, scatters, cells]
    seen        weeks of exposure so far, `began` those before the last week
    goes_on     the factor of a run that goes on into the last week, beside the likelihood
    begins      the weight of a run that begins in it, before it is seen how many one-to-ones it holds
    total       the factor by which all weights of a beginning are too large
    mean        posterior mean of the rate
    each        the weight of each scatter, `low` and `healthy` those of its cells below these rates
    counted     which scatters count at all
    empty       whether nobody was met in the last week
    rates       the weights of all rates, [beginnings, cells]; nothing where they are not asked for
    """

    counts: Floats
    exposure: Floats
    options: RateOptions
    grid: Grid
    beginnings: Beginnings
    likely: Floats
    seen: Floats
    began: Floats
    goes_on: Floats
    begins: Floats
    total: Floats
    mean: Floats
    each: Floats
    low: Floats
    healthy: Floats
    counted: Floats
    empty: Bools
    rates: Floats

    def held(self, values: Floats) -> Floats:
        """`values` of each beginning, which an empty last week does not lower.

        A week without a one-to-one is no good news. The prior of a new run alone would now and then make it some, by about a
        thousandth, where the probability is near 1; leave instead of such a week must not look worse.
        """
        found = values.copy()
        for layer in self.beginnings.layers:
            before = self.beginnings.before[layer]
            hold = self.empty[layer] & (before >= 0)
            found[layer] = np.where(hold, np.fmax(found[layer], found[before]), found[layer])
        return found


def learn(y: Floats, e: Floats, options: RateOptions, *, rates: bool) -> Learnt:
    """Learn from so many rows as fit together; `rates`: keep what is believed of every rate."""
    grid = grid_of(options)
    likely, place = likelihoods(y, e, grid)
    tree = beginnings_of(place, e > 0)
    size, scatters = len(tree.pair), grid.scatter.size
    exposure = tree.of_each(e)
    hazard = -np.expm1(exposure * np.log1p(-1.0 / options.change_weeks))
    cells = [grid.below(options.low), grid.below(options.healthy), grid.rate]
    within = [int(np.flatnonzero(each)[-1]) + 1 for each in cells]
    goes_on, (began, seen) = np.ones(size), np.zeros((2, size))
    begins, each, low, healthy, rate = np.zeros((5, size, scatters))
    total = np.ones(size)
    kept = []
    for layer in tree.layers:
        before = tree.before[layer]
        if not layer.start:
            begins[layer] = grid.scatter_share
            belief = begins[layer, :, None] * grid.prior_of_rate
        else:
            goes_on[layer] = (1.0 - hazard[layer]) / total[before]
            begins[layer] = each[before] * (hazard[layer] / total[before])[:, None]
            began[layer] = seen[before]
            belief = belief[before - layer.start]  # counted back from the last of the layer before
            belief *= goes_on[layer, None, None]
            belief += begins[layer, :, None] * grid.prior_of_rate
        belief *= likely[tree.pair[layer]]
        seen[layer] = began[layer] + exposure[layer]
        each[layer] = belief.sum(axis=2)
        total[layer] = positive(each[layer].sum(axis=1))
        for sums, share, some in zip((low, healthy, rate), cells, within, strict=True):
            np.einsum("osc,c->os", belief[:, :, :some], share[:some], out=sums[layer])
        if rates:
            kept.append(belief.sum(axis=1))
    # A silence that no rhythm of the owner's explains is no pause between bursts: it is judged as if there were none.
    counted = np.ones((size, scatters))
    counted[:, 1:] = ~(tree.of_each(beyond_any(y, e, options)) & (each[:, 0] > 0))[:, None]
    return Learnt(
        counts=y,
        exposure=e,
        options=options,
        grid=grid,
        beginnings=tree,
        likely=likely,
        seen=seen,
        began=began,
        goes_on=goes_on,
        begins=begins,
        total=total,
        mean=rate.sum(axis=1) / total,
        each=each,
        low=low,
        healthy=healthy,
        counted=counted,
        empty=tree.of_each(y == 0),
        rates=np.concatenate(kept) if kept else np.zeros((0, grid.rate.size)),
    )


def positive(weights: Floats) -> Floats:
    """The weights, to be divided by: 1 where there are none."""
    return np.where(weights > 0, weights, 1.0)
