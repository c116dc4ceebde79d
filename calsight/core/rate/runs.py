"""What is known of the run that a life is in: how old it is, and whether it began with a change (bayes.py).

What each run holds at the end of a beginning is found from there backwards, only for those beginnings that it is asked of and
only for as many runs. A run that began r weeks ago weighs what it began with, times the likelihoods of the weeks since.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from calsight.core.model.options import ALMOST
from calsight.core.rate.forward import Learnt, positive

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]

_MOST = 1e300  # a factor that great is of a run that weighs nothing


class Changes(NamedTuple):
    """The last change at the end of some weeks, as `RatePath` has it; arrays are [asked]."""

    p_change: Floats
    p_fallen: Floats
    change: Ints
    before: Floats
    after: Floats


def low_and_old(learnt: Learnt, wary: Floats, asked: Bools) -> Floats:
    """P(rate < `low`, and the run is at least `run_weeks` old) of the beginnings that are `asked` for; nan for the others.

    `wary` is how much more each scatter weighs.
    """
    tree, options, grid = learnt.beginnings, learnt.options, learnt.grid
    needed = asked.copy()
    for layer in reversed(list(tree.layers)):  # an empty week looks back to the one before it
        back = tree.before[layer][needed[layer] & learnt.empty[layer]]
        needed[back[back >= 0]] = True
    (some,) = np.nonzero(needed)
    below = grid.below(options.low) * grid.prior_of_rate
    below = below[: int(np.flatnonzero(below)[-1]) + 1]
    weigh = learnt.counted[some] * wary
    young = np.zeros(len(some))
    for place, run, likely, factor in _back(learnt, some, _young(learnt, some)):
        low = np.einsum("osc,c->os", likely[:, :, : len(below)], below)
        young[place] += (learnt.begins[run] * low * weigh[place]).sum(axis=1) * factor
    found = np.full(len(needed), np.nan)
    low = (learnt.low[some] * weigh).sum(axis=1)
    found[some] = np.clip((low - young) / positive((learnt.each[some] * weigh).sum(axis=1)), 0.0, 1.0)
    return learnt.held(found)


def changes(learnt: Learnt, row: Ints, week: Ints, *, recent: bool = False) -> Changes:
    """What is known of the last change of each `row` at the end of a `week` with exposure.

    `recent`: only of falls in the last `recent_weeks`; `p_change` is then no more than `p_fallen`.
    """
    tree, options = learnt.beginnings, learnt.options
    steps = tree.depth[row, week]
    if recent:  # what began before these weeks is no recent fall, and what began first is none
        steps = steps - tree.depth[row, np.maximum(week - options.recent_weeks, 0)]
    longest = int(steps.max(initial=1))
    weight, within, began = np.zeros((3, len(row), longest))  # the newest run stands last
    before = np.full((len(row), longest), np.nan)
    prior = learnt.grid.prior_of_rate
    for step, (place, run, likely, factor) in enumerate(_back(learnt, tree.at[row, week], steps), start=1):
        begins = learnt.begins[run]
        mass = (begins * np.einsum("osc,c->os", likely, prior)).sum(axis=1)
        rates = (begins * np.einsum("osc,c->os", likely, prior * learnt.grid.rate)).sum(axis=1)
        weight[place, -step] = mass * factor
        within[place, -step] = rates / positive(mass)
        began[place, -step] = learnt.began[run]
        earlier = tree.before[run]
        before[place, -step] = np.where(earlier >= 0, learnt.mean[earlier], np.nan)
    weight /= learnt.total[tree.at[row, week], None]
    when = tree.depth[row, week][:, None] + np.arange(-longest, 0)
    when = np.take_along_axis(tree.when[row], np.maximum(when, 0), axis=1)
    settled = (weight > 0) & (began >= options.min_weeks - ALMOST)
    with np.errstate(invalid="ignore"):  # nothing lies before the first run
        ratio = within / before
        fell = settled & (ratio < options.fallen_share)
        moved = fell | (settled & (ratio > 1.0 / options.fallen_share))
    fallen = fell & (when > week[:, None] - options.recent_weeks) & (within < 2.0 * options.healthy)
    p_fallen = _sum(weight * fallen)
    # The week to name: among the falls where a recent fall is what there is to say, else among all changes.
    candidates = np.where((p_fallen >= options.fallen_probability)[:, None], fallen, moved)
    likeliest = np.where(candidates, weight, -1.0).argmax(axis=1)
    one = np.arange(len(row)), likeliest
    named = candidates[one]
    return Changes(
        p_change=_sum(weight * moved),
        p_fallen=p_fallen,
        change=np.where(named, when[one], -1),
        before=np.where(named, before[one], np.nan),
        after=np.where(named, within[one], np.nan),
    )


def _back(learnt: Learnt, start: Ints, steps: Ints) -> Iterator[tuple[Ints, Ints, Floats, Floats]]:
    """The runs of each beginning, `steps` of them, from the newest on: of which (places in `start`), the beginning in which it
    began, and the likelihood of the weeks since, [those, scatters, cells], which is to be taken times a factor, [those]."""
    tree = learnt.beginnings
    order = np.argsort(-steps, kind="stable")
    run, left = start[order], steps[order]
    likely, factor = learnt.likely[tree.pair[run]], np.ones(len(run))
    for step in range(int(left.max(initial=0))):
        if step:
            many = int((left > step).sum())
            run, likely, factor = run[:many], likely[:many], factor[:many]
            with np.errstate(over="ignore"):
                factor = np.minimum(factor * learnt.goes_on[run], _MOST)
            run = tree.before[run]
            likely *= learnt.likely[tree.pair[run]]
        yield order[: len(run)], run, likely, factor


def _young(learnt: Learnt, start: Ints) -> Ints:
    """How many runs of each beginning are not yet `run_weeks` of exposure old."""
    steps, run = np.zeros(len(start), dtype=np.int64), start
    while True:
        age = learnt.seen[start] - learnt.began[run]
        young = (run >= 0) & (age < learnt.options.run_weeks - ALMOST)
        if not young.any():
            return steps
        steps += young
        run = np.where(young, learnt.beginnings.before[run], -1)


def _sum(weights: Floats) -> Floats:
    """The sum of each row, one by one: how many runs stand in it depends on the other rows."""
    return np.minimum(np.cumsum(weights, axis=1)[:, -1], 1.0)
