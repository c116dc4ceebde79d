"""The grid of rates and scatters on which the posterior of a rate lives (bayes.py), and how likely a week is on it.

Rates are cells, equal in the logarithm within each of a few stretches, finer where rates are higher: the more one-to-ones, the
better a rate is known. Each cell has its exact share of the Gamma prior, and `RateOptions.low` is an edge. Rates beyond the
last edge, 256 times `low`, are told as that. The tests compare with numerical integration.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from calsight.core.rate.special import gamma_below, gamma_shares, ln_gamma

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from calsight.core.model.options import RateOptions

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

_TO_EACH_DOUBLING = ((-6, -3, 1), (-3, 3, 4), (3, 5, 6), (5, 8, 8))  # from, to (doublings of `low`), cells
_LEAST = 1e-200  # no prior is less, so that a week that no rate explains leaves a rate all the same


class Grid(NamedTuple):
    """Rates [cells], scatters [scatters], and what is believed of both before anything is known.

    edges          of the cells, [cells + 1]; the first is 0
    rate           the rate that a cell stands for
    prior_of_rate  the Gamma prior's share of each cell
    scatter        variance of a week over its mean; the first is 1 (Poisson)
    scatter_share  prior share of each scatter
    shape          of the Gamma prior: near 0 its distribution function goes with the rate to this power
    """

    edges: Floats
    rate: Floats
    prior_of_rate: Floats
    scatter: Floats
    scatter_share: Floats
    shape: float

    @property
    def size(self) -> int:
        """How many pairs of scatter and rate there are."""
        return self.scatter.size * self.rate.size

    def below(self, rate: float) -> Floats:
        """The share of each cell that lies below `rate`, [cells]: even in the logarithm."""
        share = np.ones(self.rate.size)
        share[0] = min(1.0, rate / self.edges[1]) ** self.shape
        left, right = self.edges[1:-1], self.edges[2:]
        share[1:] = np.clip(np.log(rate / left) / np.log(right / left), 0.0, 1.0)
        return share

    def quantile(self, rates: Floats, probability: float) -> Floats:
        """The rate below which `probability` of each distribution lies. `rates` [owners, cells] sum to 1."""
        below = np.concatenate([np.zeros((len(rates), 1)), np.cumsum(rates, axis=1)], axis=1)
        cell = np.minimum((below[:, 1:] < probability).sum(axis=1), self.rate.size - 1)
        owner = np.arange(len(rates))
        share = np.clip((probability - below[owner, cell]) / np.maximum(rates[owner, cell], _LEAST), 0.0, 1.0)
        left, right = self.edges[cell], self.edges[cell + 1]
        within = np.where(left > 0, left, 1.0)
        return np.asarray(np.where(cell == 0, right * share ** (1.0 / self.shape), within * (right / within) ** share))


def grid_of(options: RateOptions) -> Grid:
    """The grid for these settings."""
    return _grid(options.prior_shape, options.prior_weeks, options.low, options.burst_share, options.burst_scatter)


@cache
def _grid(shape: float, weeks: float, low: float, burst_share: float, burst_scatter: float) -> Grid:
    powers = [np.arange(first * cells, last * cells) / cells for first, last, cells in _TO_EACH_DOUBLING]
    edges = np.concatenate([[0.0], low * np.exp2(np.concatenate([*powers, [_TO_EACH_DOUBLING[-1][1]]]))])
    share = gamma_shares(shape, weeks * edges)
    rate = np.sqrt(edges[1:] * edges[:-1])
    first = weeks * float(edges[1])
    rate[0] = shape / weeks * gamma_below(shape + 1, first) / gamma_below(shape, first)
    scatter, scatter_share = np.array([1.0, burst_scatter]), np.array([1.0 - burst_share, burst_share])
    if not burst_share:
        scatter, scatter_share = scatter[:1], scatter_share[:1]
    return Grid(edges, rate, np.maximum(share, _LEAST), scatter, scatter_share, shape)


def likelihoods(counts: Floats, exposure: Floats, grid: Grid) -> tuple[Floats, Ints]:
    """How likely each pair of count and exposure is: [pairs, scatters, cells], and which pair each week is, [owners, weeks].

    Up to a factor of each pair's own; 1 throughout without exposure. With scatter φ > 1 a week is negative binomial of size
    r = λe/(φ - 1): its mean is λe, its variance φλe.
    """
    weeks = np.where(exposure > 0, counts + 1j * exposure, 0.0)
    pairs, place = np.unique(weeks, return_inverse=True)
    y, e = pairs.real[:, None], pairs.imag[:, None]
    mean = e * grid.rate
    log = np.zeros((pairs.size, grid.scatter.size, grid.rate.size))
    with np.errstate(divide="ignore", invalid="ignore"):  # the logarithm of no exposure is not looked at
        log[:, 0] = np.where(y > 0, y * np.log(mean), 0.0) - mean
        met = pairs.real > 0
        for number, scatter in enumerate(grid.scatter[1:], start=1):
            size = mean / (scatter - 1.0)
            log[:, number] = -size * np.log(scatter)
            grown = ln_gamma(y[met] + size[met]) - ln_gamma(size[met]) + y[met] * np.log1p(-1.0 / scatter)
            log[met, number] += grown
    return np.exp(log - log.max(axis=(1, 2), keepdims=True)), place.reshape(counts.shape)
