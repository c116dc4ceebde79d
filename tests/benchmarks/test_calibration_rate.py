"""The benchmark measures what it says. (Its own figures are in docs/scoring.md; a full run takes minutes.)"""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from benchmark_support import benchmark


@pytest.fixture(scope="module")
def calibration() -> ModuleType:
    return benchmark("calibration_rate")


def test_the_whole_road_and_the_arrays_agree(calibration):
    lives = calibration.live(calibration.POPULATIONS[0], 12, np.random.default_rng(1))
    assert (lives.exposure == 0).any()
    assert (lives.exposure == 0.8).any()
    assert calibration.agreement(lives, 12) == 1.0


def test_a_small_run_shows_what_the_large_one_does(calibration):
    lives = calibration.live(calibration.POPULATIONS[0], 3000, np.random.default_rng(2))
    methods = calibration._methods(calibration.POPULATIONS[0])
    rows = {
        name: calibration.evaluate(
            name, method(lives.counts, lives.exposure), lives, probability=not name.startswith("last")
        )
        for name, method in methods.items()
    }
    assert rows["calsight"].precision > 0.95
    assert rows["calsight"].recall > 0.6
    assert rows["calsight"].auc > max(rows["last 4 weeks"].auc, rows["last 13 weeks"].auc)
    assert rows["best possible"].brier <= rows["calsight"].brier + 0.002


def test_recent_rates_take_leave_into_account(calibration):
    counts, exposure = np.array([[1, 0, 1, 0, 0, 0, 0, 0]]), np.array([[1.0, 1, 1, 1, 1, 0, 0, 0]])
    judged = calibration.recent(4)(counts, exposure)
    assert judged.score[0].tolist() == pytest.approx([-1, -0.5, -2 / 3, -0.5, -0.25, -1 / 3, 0, 0])


@pytest.mark.parametrize("seed", range(3))
def test_auc_and_recall_at_a_precision(calibration, seed):
    rng = np.random.default_rng(seed)
    score, low = rng.integers(0, 6, 40).astype(float), rng.random(40) < 0.4
    pairs = [(a > b) + 0.5 * (a == b) for a in score[low] for b in score[~low]]
    assert calibration.auc(score, low) == pytest.approx(np.mean(pairs))
    cuts = [(low[score >= cut].mean(), (score >= cut)[low].mean()) for cut in range(6) if (score >= cut).any()]
    expected = max((recall for precision, recall in cuts if precision >= 0.5), default=0.0)
    assert calibration.recall_at(0.5, score, low) == pytest.approx(expected)


def test_populations_know_their_own_distribution(calibration):
    rng = np.random.default_rng(3)
    for population in calibration.POPULATIONS:
        rates = population.draw(rng, 20_000)
        for cut in (0.2, 0.5, 2.0):
            assert (rates < cut).mean() == pytest.approx(population.below(np.array(cut)), abs=0.015)
