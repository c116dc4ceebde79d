"""The benchmark of ties measures what it says. (Its own figures are in docs/relationships.md; a full run takes minutes.)"""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from benchmark_support import benchmark


@pytest.fixture(scope="module")
def calibration() -> ModuleType:
    return benchmark("calibration_ties")


def test_every_setting_of_the_proof_is_there(calibration):
    assert {(s.gap.__name__, s.drift, s.leave) for s in calibration.SETTINGS} == {
        (gap, drift, leave)
        for gap in ("exponential", "erlang", "bursty")
        for drift in (False, True)
        for leave in (False, True)
    }


def test_the_same_seed_makes_the_same_owners_with_leave_taken_out(calibration):
    setting = next(s for s in calibration.SETTINGS if s.leave)
    (ties, truth), (again, _) = (next(calibration.simulate(setting, 1, 5)) for _ in range(2))
    assert ties == again
    assert {tie.person.id for tie in ties} == set(truth)
    assert any(tie.away for tie in ties)


def test_a_small_run_shows_what_the_large_one_does(calibration):
    pytest.importorskip("lifetimes", reason="BG/NBD comes with the dependency group bench")
    row = calibration.evaluate(calibration.SETTINGS[0], owners=12)
    assert row.ties > 300
    assert row.against_bg_nbd < -0.15
    assert row.calsight < min(row.days_90, row.gaps_8)
    assert row.auc > row.auc_bg_nbd


def test_bg_nbd_is_the_published_formula(calibration):
    """P(alive) of Fader, Hardie & Lee (2008), at the parameters that were fitted."""
    lifetimes = pytest.importorskip("lifetimes", reason="BG/NBD comes with the dependency group bench")
    rng = np.random.default_rng(3)
    x = rng.integers(0, 12, 400).astype(float)
    age = rng.uniform(10, 26, 400)
    t = np.where(x > 0, age * rng.uniform(0.2, 1, 400), 0.0)
    alive, penalty = calibration._bg_nbd(x, t, age)
    r, alpha, a, b = lifetimes.BetaGeoFitter(penalizer_coef=penalty).fit(x, t, age).params_[["r", "alpha", "a", "b"]]
    odds = a / (b + np.maximum(x, 1) - 1) * ((alpha + age) / (alpha + t)) ** (r + x)
    assert alive == pytest.approx(np.where(x > 0, 1 / (1 + odds), 1.0))
