"""The rule that makes a level of numbers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calsight.core.model.options import RateOptions
from calsight.core.rate.bayes import RatePath, rate_path
from calsight.core.rate.levels import LEVELS, level_of, level_path, names

OPTIONS = RateOptions()


def path(**values: float) -> RatePath:
    """One owner, one week, in which all is well but for `values`."""
    fine = dict.fromkeys(RatePath._fields, 0.0)
    fine |= {"seen": 26.0, "p_low_old": 1.0, "usual": np.nan}
    return RatePath(**{name: np.array([[value]]) for name, value in (fine | values).items()})


LOW = {"p_low": 0.9, "p_wary": 0.815}


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ({}, "ok"),
        (LOW, "at_risk"),
        (LOW | {"p_wary": 0.814}, "watch"),
        (LOW | {"p_low_old": 0.5}, "at_risk"),
        (LOW | {"p_low_old": 0.499}, "watch"),
        (LOW | {"usual": 0.499}, "at_risk"),
        (LOW | {"usual": 0.5}, "watch"),
        ({"p_low": 0.5}, "watch"),
        ({"p_low": 0.499}, "ok"),
        ({"p_below_healthy": 0.8}, "watch"),
        (LOW | {"seen": 5.9}, "watch"),
        (LOW | {"seen": 3.9}, "insufficient_data"),
        ({"p_low": np.nan, "p_below_healthy": np.nan, "p_fallen": np.nan, "seen": 0.0}, "insufficient_data"),
    ],
)
def test_every_threshold_is_reached_at_its_value(values, level):
    assert names(level_of(path(**values), OPTIONS)) == [[level]]


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ({}, "watch"),
        ({"p_fallen": 0.799}, "ok"),
        ({"newest": 2.0}, "ok"),
        ({"newest": 1.5, "before": 3.0}, "ok"),
        ({"newest": 1.49, "before": 3.0}, "watch"),
        ({"newest": np.nan}, "ok"),
        ({"most": 5.0}, "ok"),
        ({"usual": 2.5}, "ok"),
        ({"usual": 2.49}, "watch"),
    ],
)
def test_a_fall_shows_in_four_weeks(values, level):
    fallen = {"p_fallen": 0.8, "before": 5.0, "newest": 1.49, "most": 2.0}
    assert names(level_of(path(**fallen | values), OPTIONS)) == [[level]]


@pytest.mark.parametrize(("healthy", "level"), [(1.3, "watch"), (1.25, "ok")])
def test_a_fall_is_one_to_less_than_twice_what_is_healthy(healthy: float, level: str):
    """From twelve a week to two and a half."""
    options, counts = RateOptions(healthy=healthy), [[12] * 10 + [2, 3] * 3]
    exposure = np.ones_like(counts)
    for known in (rate_path(counts, exposure, options), level_path(counts, exposure, options, since=0)):
        assert names(level_of(known, options))[0][-1] == level


def test_narrow_is_watched():
    assert names(level_of(path(), OPTIONS, narrow=True)) == [["watch"]]
    assert names(level_of(path(**LOW), OPTIONS, narrow=True)) == [["at_risk"]]


def test_a_week_without_exposure_repeats_the_level_whoever_is_met_in_it():
    counts, exposure = [[2] * 12 + [0] * 6] * 2, [[1.0] * 12 + [0.0] * 3 + [1.0] * 3, [0.0] * 3 + [1.0] * 15]
    narrow = np.zeros((2, 18), dtype=bool)
    narrow[0, 12:15] = True
    told = level_of(rate_path(counts, exposure, OPTIONS, intervals=False), OPTIONS, narrow=narrow)
    assert names(told)[0][10:15] == ["ok"] * 5
    assert names(told)[1][:6] == ["insufficient_data"] * 6


@pytest.mark.parametrize(("since", "level"), [(12, "watch"), (13, "watch"), (14, "ok")])
def test_a_fall_is_recent_for_thirteen_weeks(since: int, level: str):
    counts = [[12] * 10 + ([1, 2, 1] * 5)[:since]]
    exposure = np.ones_like(counts)
    for path in (rate_path(counts, exposure, OPTIONS), level_path(counts, exposure, OPTIONS, since=-1)):
        assert names(level_of(path, OPTIONS))[0][-1] == level


@given(st.lists(st.lists(st.integers(0, 4), min_size=9, max_size=9), min_size=1, max_size=5))
def test_rows_are_judged_each_for_itself(counts):
    exposure = np.ones((len(counts), 9))
    together = level_of(rate_path(counts, exposure, OPTIONS, intervals=False), OPTIONS)
    for row, alone in enumerate(counts):
        path_alone = rate_path(alone, exposure[row], OPTIONS, intervals=False)
        assert level_of(path_alone, OPTIONS)[0].tolist() == together[row].tolist()
    assert set(np.unique(together)) <= set(range(len(LEVELS)))


@st.composite
def lives(draw: st.DrawFn) -> list[tuple[list[int], list[float]]]:
    """Some lives with leave, pauses and falls, where levels lie close to each other."""
    stretch = st.tuples(
        st.sampled_from([0, 0, 0, 1, 1, 2, 5]), st.sampled_from([1.0, 1.0, 1.0, 0.6, 0.0]), st.integers(1, 7)
    )
    weeks = draw(st.integers(1, 30))
    found = []
    for parts in draw(st.lists(st.lists(stretch, min_size=2, max_size=8), min_size=1, max_size=4)):
        told = [(count, share) for count, share, long in parts for _ in range(long)]
        told = (told * (weeks // len(told) + 1))[:weeks]
        found.append(([count for count, _ in told], [share for _, share in told]))
    return found


@settings(max_examples=150)
@given(lives(), st.integers(-1, 20))
def test_what_no_level_hangs_on_need_not_be_known(some, since):
    counts, exposure = [one for one, _ in some], [two for _, two in some]
    since = min(since, len(counts[0]) - 1)
    whole = level_of(rate_path(counts, exposure, OPTIONS, intervals=False), OPTIONS)
    short = level_of(level_path(counts, exposure, OPTIONS, since=since), OPTIONS)
    assert short[:, since:].tolist() == whole[:, since:].tolist()
