"""The lives with a rhythm are what they say. (The benchmark's own figures are in docs/scoring.md; a full run takes minutes.)"""

from __future__ import annotations

from types import ModuleType

import numpy as np
import pytest

from benchmark_support import benchmark


@pytest.fixture(scope="module")
def rhythms() -> ModuleType:
    benchmark("calibration_rate")  # the other imports it
    return benchmark("calibration_rhythms")


def test_every_rhythm_keeps_the_long_run_rate(rhythms):
    for rhythm in rhythms.RHYTHMS:
        share, _ = rhythm.pattern(np.random.default_rng(1), 4000)
        expected = 1 - 2 * 0.75 * 2 / 26 if rhythm.fairs else 1.0
        assert share.mean() == pytest.approx(expected, abs=0.03), rhythm.name


@pytest.mark.parametrize("scatter", [0.0, 1.0, 2.0, 4.0])
def test_counts_scatter_as_much_as_they_say(rhythms, scatter):
    counts = rhythms.drawn(np.random.default_rng(2), np.full((200, 500), 3.0), scatter)
    assert counts.mean() == pytest.approx(3.0, rel=0.02)
    assert counts.var() == pytest.approx(3.0 * scatter, rel=0.05, abs=1e-9)


def test_a_small_run_shows_what_the_large_one_does(rhythms):
    by_name = {rhythm.name: rhythm for rhythm in rhythms.RHYTHMS}
    row = rhythms.judged(by_name["one week in four"], 1000, [3])
    assert row["precision"] > 0.9
    assert row["any_week_2"] < 0.02
    assert rhythms.one_more(by_name["terms"], 200, [4])["newest_four"] <= 0.02
