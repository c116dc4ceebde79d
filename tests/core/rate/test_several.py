"""Several calendars at once are each what it is alone."""

from __future__ import annotations

import numpy as np
import pytest

from calsight.core.model.options import RateOptions
from calsight.core.rate.levels import OK, WATCH
from calsight.core.rate.several import Several, latest_of_each, levels_and_rates

OPTIONS = RateOptions()


def calendars() -> Several:
    """Some can be read in one way only, some generously, some with their silent weeks worked, some in all ways."""
    rng = np.random.default_rng(3)
    counts, exposure = rng.poisson(rng.choice([0.2, 1.0], (12, 1)), (12, 14)).astype(float), np.ones((12, 14))
    exposure[:, 8:11] = 0.0
    generous, worked = counts.copy(), exposure.copy()
    generous[::2] += 1.0
    worked[::3] = 1.0
    return Several(counts, exposure, generous, exposure.copy(), worked)


def test_what_is_read_in_one_way_only_is_worked_out_once():
    """Twelve calendars; every second is read generously too, and every third with its silent weeks worked."""
    counts, exposure, generous, worked = calendars().rows()
    assert len(counts) == len(exposure) == 12 + 6 + 4
    assert [row for row in range(12) if generous[row] != row] == [*range(0, 12, 2)]
    assert [row for row in range(12) if worked[row] != row] == [*range(0, 12, 3)]
    np.testing.assert_array_equal(counts[generous], calendars().generous)
    np.testing.assert_array_equal(exposure[worked], calendars().worked)


def test_each_has_the_levels_that_it_has_alone():
    together = calendars()
    narrow = np.zeros(together.counts.shape, dtype=bool)
    levels, path = levels_and_rates(together, OPTIONS, since=0)
    latest = latest_of_each(together, OPTIONS, narrow=narrow)
    assert latest_of_each(together, OPTIONS, narrow=narrow, path=path).tolist() == latest.tolist()
    assert len({*levels[:, -1].tolist()}) == 3
    for row in range(len(levels)):
        alone = Several(*(values[row : row + 1] for values in together))
        np.testing.assert_array_equal(levels_and_rates(alone, OPTIONS, since=0)[0][0], levels[row])
        assert latest_of_each(alone, OPTIONS, narrow=narrow[:1])[0] == latest[row]


@pytest.mark.parametrize("leave", [0, 1, 2])
def test_on_whom_it_hangs_is_asked_of_the_last_week_with_exposure(leave: int):
    counts, exposure = np.full((1, 14), 2.0), np.ones((1, 14))
    exposure[:, 14 - leave :] = 0.0
    alike = Several(counts, exposure, counts, exposure, exposure)
    then = np.arange(14)[None] == 13 - leave
    assert latest_of_each(alike, OPTIONS, narrow=then).tolist() == [WATCH]
    assert latest_of_each(alike, OPTIONS, narrow=~then).tolist() == [OK]
