"""What weeks come to one after the other: shared where they are alike, and never made better by an empty one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calsight.core.model.options import RateOptions
from calsight.core.rate.bayes import rate_path
from calsight.core.rate.forward import beginnings_of

OPTIONS = RateOptions()


def test_rows_that_begin_alike_are_one_until_their_weeks_differ():
    """As many as there are different ones of one week, of two, and so on; weeks without exposure part nobody."""
    rng = np.random.default_rng(11)
    place, exposed = rng.integers(0, 2, (60, 7)), rng.random((60, 7)) < 0.8
    rows = [tuple(week[told]) for week, told in zip(place, exposed, strict=True)]
    different = [{row[:weeks] for row in rows if len(row) >= weeks} for weeks in range(1, 8)]
    found = beginnings_of(place, exposed)
    assert [layer.stop - layer.start for layer in found.layers] == [len(each) for each in different]
    assert len(found.pair) == sum(map(len, different))


@pytest.mark.parametrize("rows", [0, 2])
def test_without_exposure_there_is_none(rows: int):
    found = beginnings_of(np.zeros((rows, 3), dtype=np.int64), np.zeros((rows, 3), dtype=bool))
    assert (found.at == -1).all()
    assert len(found.pair) == 0


def p_low(counts: list[int], exposure: list[float], options: RateOptions = OPTIONS) -> list[float]:
    return rate_path(counts, exposure, options, intervals=False).p_low[0].tolist()


def test_an_empty_week_does_not_make_the_one_before_it_look_better():
    """Where a life changes every other week, the prior of a new run would say more for a fifth of a week than for a whole."""
    restless = replace(OPTIONS, change_weeks=1.5)
    first, second, third = p_low([0, 0, 0], [1.0, 0.2, 0.2], restless)
    assert first == second == third
    first, second = p_low([0, 1], [1.0, 0.2], restless)
    assert first > second


def test_there_is_no_week_before_the_first():
    assert p_low([0] * 8, [1.0] * 8)[0] == p_low([0], [1.0])[0] < 0.8


def test_where_bursts_alone_explain_the_weeks_a_long_silence_is_judged_by_them():
    """Four rounds of 400 without a change of life, and then a silence far beyond the pauses between them."""
    weeks = [400, 0, 0, 0] * 4 + [0] * 14
    told = p_low(weeks, [1.0] * len(weeks), replace(OPTIONS, change_weeks=1e300))
    assert (np.diff(told[-10:]) > 0).all()
