"""Several calendars at once are each what it is alone."""

from __future__ import annotations

import numpy as np

from calsight.core.model.options import RateOptions
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


def test_each_has_the_levels_that_it_has_alone():
    together = calendars()
    narrow = np.zeros(together.counts.shape, dtype=bool)
    levels, path = levels_and_rates(together, OPTIONS)
    latest = latest_of_each(together, OPTIONS, narrow=narrow)
    assert latest_of_each(together, OPTIONS, narrow=narrow, path=path).tolist() == latest.tolist()
    assert len({*levels[:, -1].tolist()}) == 3
    for row in range(len(levels)):
        alone = Several(*(values[row : row + 1] for values in together))
        np.testing.assert_array_equal(levels_and_rates(alone, OPTIONS)[0][0], levels[row])
        assert latest_of_each(alone, OPTIONS, narrow=narrow[:1])[0] == latest[row]
