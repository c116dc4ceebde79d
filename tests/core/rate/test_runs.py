"""What is known of the run that a life is in: against a list of every set of weeks in which one may have begun.

Nothing here is a recursion, and rates lie so close together that sums are integrals: the formulas stand as docs/scoring.md and
calsight/core/rate/bayes.py write them down.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, combinations, pairwise
from math import factorial, prod

import numpy as np
import pytest

from calsight.core.model.options import RateOptions
from calsight.core.rate.bayes import rate_path
from calsight.core.rate.forward import learn
from calsight.core.rate.runs import changes as run_changes

#: So short that each of them ends inside a life of eight weeks.
OPTIONS = RateOptions(min_weeks=2.0, run_weeks=3.0, recent_weeks=4, fallen_probability=0.5, healthy=1.2)
#: What the grid of rates may cost a probability.
GRID = 0.003

_ROOT = (np.arange(8_000) + 0.5) * (80**0.25 / 8_000)
RATE = _ROOT**4  # close together near 0, where the prior is steep


@dataclass(frozen=True)
class Life:
    """One-to-ones and exposure by week, and the prior probability that they come in bursts."""

    counts: tuple[int, ...]
    exposure: tuple[float, ...]
    bursts: float = OPTIONS.burst_share

    def likelihood(self, week: int, scatter: float) -> np.ndarray:
        y, mean = self.counts[week], self.exposure[week] * RATE
        if scatter == 1:
            return mean**y * np.exp(-mean) / factorial(y)
        size = mean / (scatter - 1)
        rising = prod((size + k for k in range(y)), start=np.ones_like(size))
        return rising / factorial(y) * scatter**-size * (1 - 1 / scatter) ** y

    def begun(self, scatter: float) -> dict[int, np.ndarray]:
        """How likely each rate is, and a run that began in each week; up to a factor."""
        prior = RATE ** (OPTIONS.prior_shape - 1) * np.exp(-OPTIONS.prior_weeks * RATE) * _ROOT**3
        prior /= prior.sum()
        first, *later = weeks = [week for week, exposed in enumerate(self.exposure) if exposed]
        change = {week: 1 - (1 - 1 / OPTIONS.change_weeks) ** self.exposure[week] for week in weeks}
        found = {week: np.zeros_like(RATE) for week in weeks}
        each = {week: self.likelihood(week, scatter) for week in weeks}
        for starts in chain.from_iterable(combinations(later, number) for number in range(len(weeks))):
            bounds = [first, *starts, len(self.counts)]
            *over, now = [
                prior * prod(each[week] for week in weeks if begin <= week < end) for begin, end in pairwise(bounds)
            ]
            chance = prod(change[week] if week in starts else 1 - change[week] for week in later)
            found[bounds[-2]] += chance * prod(run.sum() for run in over) * now
        return found

    @property
    def mean(self) -> float:
        return float(sum((run * RATE).sum() for run in known(self).values()))


@cache
def known(life: Life) -> dict[int, np.ndarray]:
    """Of a run that began in each week, how likely it and each rate is; all of it together is 1."""
    steady, bursts = shares(life)
    return {week: steady[week] + bursts[week] for week in steady}


@cache
def shares(life: Life) -> tuple[dict[int, np.ndarray], dict[int, np.ndarray]]:
    """The same with one-to-ones that come one by one, and in bursts."""
    steady, bursts = life.begun(1.0), life.begun(OPTIONS.burst_scatter)
    shared = [(1 - life.bursts) * run for run in steady.values()], [life.bursts * run for run in bursts.values()]
    total = sum(run.sum() for one in shared for run in one)
    weeks = list(steady)
    return tuple({week: run / total for week, run in zip(weeks, one, strict=True)} for one in shared)


def below(run: np.ndarray, cut: float) -> float:
    return float(run[np.less(RATE, cut)].sum())


def changes(life: Life) -> dict[str, float]:
    """Whether the run began with a change, and which, as `RatePath` says it."""
    last = len(life.counts) - 1
    told = []  # of each run that began with a change: weight, week, mean before, mean within, whether it is a recent fall
    for week, run in known(life).items():
        if sum(life.exposure[:week]) + 1e-9 < OPTIONS.min_weeks:
            continue
        before, within = Life(life.counts[:week], life.exposure[:week]).mean, float((run * RATE).sum() / run.sum())
        fell = within < OPTIONS.fallen_share * before
        if fell or within * OPTIONS.fallen_share > before:
            fallen = fell and last - week < OPTIONS.recent_weeks and within < 2 * OPTIONS.healthy
            told.append((float(run.sum()), week, before, within, fallen))
    p_fallen = sum(one[0] for one in told if one[4])
    named = [one for one in told if one[4]] if p_fallen >= OPTIONS.fallen_probability else told
    _, change, before, after, _ = max(named, default=(0.0, -1, np.nan, np.nan, False))
    p_change = sum(one[0] for one in told)
    return {"p_change": p_change, "p_fallen": p_fallen, "change": change, "before": before, "after": after}


def told(life: Life, *names: str) -> dict[str, float]:
    path = rate_path(life.counts, life.exposure, replace(OPTIONS, burst_share=life.bursts))
    return {name: float(getattr(path, name)[0, -1]) for name in names}


LIVES = {
    "a fall": Life((4, 3, 5, 0, 1, 0, 0, 1), (1.0,) * 8),
    "a fall, and weeks of days": Life((2, 2, 1, 0, 0, 3, 0, 1), (1.0, 0.6, 0.4, 1.0, 0.8, 0.0, 1.0, 0.2)),
    "a fall that is over": Life((5, 6, 0, 0, 0, 0, 1), (1.0,) * 7),
    "a fall to more than enough": Life((18, 20, 5, 4, 6), (1.0,) * 5),
    "a fall to enough": Life((8, 9, 9, 2, 2, 2), (1.0,) * 6),
    "a fall to three a week": Life((12, 11, 3, 3, 3), (1.0,) * 5),
    "a rise": Life((0, 0, 1, 4, 5, 3), (1.0,) * 6),
    "steady": Life((1, 2, 1, 1, 2, 1), (1.0,) * 6),
    "quiet": Life((0, 0, 1, 0, 0, 0, 1), (1.0,) * 7),
    "in bursts": Life((9, 0, 0, 8, 0, 1), (1.0,) * 6),
    "the first two weeks away": Life((0, 0, 3, 2, 0, 1), (0.0, 0.0, 1.0, 1.0, 1.0, 1.0)),
}


@pytest.mark.parametrize("name", LIVES)
class TestEveryRunThatMayHaveBegun:
    def test_the_change_with_which_it_began(self, name: str):
        found = changes(LIVES[name])
        assert told(LIVES[name], *found) == pytest.approx(found, abs=GRID, rel=0.01, nan_ok=True)

    def test_how_low_the_rate_is(self, name: str):
        """The last week of each life has a one-to-one: an empty one may hold a probability at the week before's."""
        life = LIVES[name]
        rates, wary = sum(known(life).values()), replace(life, bursts=OPTIONS.wary_share)
        old = [run for week, run in known(wary).items() if sum(life.exposure[week:]) + 1e-9 >= OPTIONS.run_weeks]
        expected = {
            "mean": life.mean,
            "p_low": below(rates, OPTIONS.low),
            "p_below_healthy": below(rates, OPTIONS.healthy),
            "p_bursts": sum(run.sum() for run in shares(life)[1].values()),
            "p_low_old": sum(below(run, OPTIONS.low) for run in old),
        }
        assert told(life, *expected) == pytest.approx(expected, abs=GRID, rel=0.01)

    def test_its_interval_holds_four_fifths(self, name: str):
        life = LIVES[name]
        rates, ends = np.cumsum(sum(known(life).values())), told(life, "low", "high")
        assert np.interp([ends["low"], ends["high"]], RATE, rates) == pytest.approx([0.1, 0.9], abs=0.01)


@pytest.mark.parametrize("min_weeks", [0.5, 2.0])
def test_whoever_asks_for_recent_falls_only_gets_the_same(min_weeks: float):
    """In lives shorter than the weeks that are recent, and in longer ones; their first run is no fall, their second may be."""
    options, rng = replace(OPTIONS, min_weeks=min_weeks), np.random.default_rng(12)
    falls = 0
    for weeks in (3, 12):
        counts = rng.poisson(np.where(np.arange(weeks) < rng.integers(1, weeks, (40, 1)), 6.0, 0.5)).astype(float)
        learnt = learn(counts, np.ones_like(counts), options, rates=False)
        row, week = np.nonzero(np.ones_like(counts))
        whole, recent = run_changes(learnt, row, week), run_changes(learnt, row, week, recent=True)
        np.testing.assert_allclose(recent.p_fallen, whole.p_fallen, rtol=1e-9, atol=1e-12)
        fallen = whole.p_fallen >= options.fallen_probability
        falls += fallen.sum()
        np.testing.assert_array_equal(recent.change[fallen], whole.change[fallen])
    assert falls


def test_a_life_may_change_after_its_first_week():
    path = rate_path([9, 0, 0, 0], [1.0] * 4, replace(OPTIONS, min_weeks=0.5))
    assert path.change[0, -1] == 1
    assert path.before[0, -1] == path.mean[0, 0]


def test_where_a_life_never_changes_no_change_is_named():
    path = rate_path([9] * 4 + [0] * 4, [1.0] * 8, replace(OPTIONS, change_weeks=np.inf))
    assert (path.change == -1).all()
    assert path.p_change[0, -1] == 0.0


def test_where_a_run_need_not_be_old_a_low_rate_is_low_and_old():
    """Of somebody who is no more wary of bursts than the formula is."""
    options = replace(OPTIONS, run_weeks=0.5, wary_share=OPTIONS.burst_share)
    path = rate_path([1, 0, 2, 0, 0], [1.0] * 5, options)
    assert path.p_low_old[0].tolist() == pytest.approx(path.p_low[0].tolist())
