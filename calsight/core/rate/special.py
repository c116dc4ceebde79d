"""Special functions on arrays: those of Python's own `math`, and what a Gamma distribution holds between two edges.

SciPy has all of these, and takes as long to import as a small calendar takes to read and judge; nothing else of it is needed at
run time (docs/decisions/imports.md). The tests compare with SciPy.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

_NODES = 16  # of a cell that spans a doubling at most: exact to the last digits
_MOST_TERMS = 1000
_SMALL = 1e-17


def ln_gamma(x: ArrayLike) -> Floats:
    """The logarithm of the gamma function of each positive number (`math.lgamma`)."""
    return np.asarray(np.frompyfunc(math.lgamma, 1, 1)(np.asarray(x, dtype=np.float64)), dtype=np.float64)


def gamma(x: ArrayLike) -> Floats:
    """The gamma function of each positive number (`math.gamma`)."""
    return np.asarray(np.frompyfunc(math.gamma, 1, 1)(np.asarray(x, dtype=np.float64)), dtype=np.float64)


def ln_beta(a: ArrayLike, b: ArrayLike) -> Floats:
    """The logarithm of the beta function; arrays broadcast."""
    one, other = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    return np.asarray(ln_gamma(one) + ln_gamma(other) - ln_gamma(one + other))


def gamma_below(shape: float, x: float) -> float:
    """The share of a Gamma(`shape`, 1) distribution below `x`: the regularised incomplete gamma function P(a, x).

    By its series x^a·e^-x·Σ xⁿ / (a·(a+1)…(a+n)) / Γ(a) (DLMF 8.11.4), whose terms are all positive; for `x` up to some 100.
    """
    if x <= 0:
        return 0.0
    term = total = 1.0 / shape
    for n in range(1, _MOST_TERMS):
        term *= x / (shape + n)
        total += term
        if term < _SMALL * total:
            break
    return min(1.0, total * math.exp(shape * math.log(x) - x - math.lgamma(shape)))


def gamma_shares(shape: float, edges: Floats) -> Floats:
    """The share of a Gamma(`shape`, 1) distribution in each cell between `edges` (rising, the first 0), [cells].

    The first by `gamma_below`; the others by Gauss-Legendre in the logarithm, so that none loses digits in the tail.
    """
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    left, right = np.log(edges[1:-1]), np.log(edges[2:])
    half = (right - left) / 2
    at = (right + left)[:, None] / 2 + half[:, None] * nodes
    density = np.exp(shape * at - np.exp(at) - math.lgamma(shape))
    return np.concatenate([[gamma_below(shape, float(edges[1]))], half * (density * weights).sum(axis=1)])
