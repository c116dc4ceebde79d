"""The cells in which a rate is thought to lie, and where a share of a distribution ends among them."""

from __future__ import annotations

import numpy as np
import pytest

from calsight.core.model.options import RateOptions
from calsight.core.rate.bayes import rate_path
from calsight.core.rate.grid import grid_of, likelihoods

GRID = grid_of(RateOptions(prior_shape=0.4, low=0.5))
LEAST, MOST = 0.5 / 64, 0.5 * 256


def shares(*cells: int) -> np.ndarray:
    """A distribution that lies evenly in these cells."""
    found = np.zeros((1, GRID.rate.size))
    found[0, list(cells)] = 1 / len(cells)
    return found


def test_the_cells_reach_from_nought_to_256_times_low_of_which_low_is_an_edge():
    assert GRID.edges[[0, 1, -1]].tolist() == [0.0, LEAST, MOST]
    assert 0.5 in GRID.edges
    assert (np.diff(GRID.edges) > 0).all()
    assert (GRID.edges[2:] / GRID.edges[1:-1]).max() == pytest.approx(2.0)  # nowhere is a cell wider than a doubling


def test_weeks_scatter_as_poisson_has_it_or_in_bursts():
    grid = grid_of(RateOptions(burst_scatter=5.0, burst_share=0.2))
    assert (grid.scatter.tolist(), grid.scatter_share.tolist()) == ([1.0, 5.0], [0.8, 0.2])
    assert grid_of(RateOptions(burst_share=0.0)).scatter.tolist() == [1.0]


def test_a_week_that_no_rate_explains_leaves_a_rate_all_the_same():
    """Of a prior that has hardly any above one a week: the highest rates have some of it, however little."""
    never = RateOptions(prior_weeks=10.0, burst_share=0.0)
    path = rate_path([0, 1, 0, 1, 1000], [1.0] * 5, never)
    assert MOST / 2 < path.low[0, -1] < path.mean[0, -1] < path.high[0, -1] < MOST


def test_a_week_without_exposure_is_as_likely_at_every_rate_whatever_stands_in_it():
    found, place = likelihoods(np.array([[2.0, 7.0]]), np.array([[1.0, 0.0]]), GRID)
    assert (found[place[0, 1]] == 1.0).all()
    assert not (found[place[0, 0]] == 1.0).all()


@pytest.mark.parametrize("probability", [0.1, 0.5, 1.0])
def test_in_the_first_cell_a_rate_is_as_likely_as_the_prior_has_it_near_nought(probability: float):
    """Its distribution function is the rate to the power of the shape."""
    assert GRID.quantile(shares(0), probability) == pytest.approx(LEAST * probability**2.5)


def test_in_the_others_it_is_even_in_the_logarithm():
    left, middle, right = GRID.edges[10:13]
    assert GRID.quantile(shares(10), 0.5) == pytest.approx((left * middle) ** 0.5)
    assert [GRID.quantile(shares(10, 11), each)[0] for each in (0.5, 1.0)] == pytest.approx([middle, right])


def test_what_the_last_digits_leave_over_lies_in_the_last_cell():
    assert GRID.quantile(shares(GRID.rate.size - 1) * (1 - 1e-12), 1.0) == pytest.approx(MOST)


def test_of_a_cell_so_much_lies_below_a_rate_as_the_same_distributions_have_it():
    below = GRID.below(LEAST / 2)
    assert (below[0], below[1:].any()) == (pytest.approx(0.5**0.4), False)
    left, right = GRID.edges[10:12]
    assert GRID.below((left * right) ** 0.5)[9:12] == pytest.approx([1.0, 0.5, 0.0])
