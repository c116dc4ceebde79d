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

#: Positive nodes of Gauss-Legendre and their weights, by how many nodes there are in all. NumPy computes them too (`leggauss`,
#: which the tests compare); it would be imported and run in each short process for these two.
_NODES = {
    16: (
        (0.09501250983763744, 0.18945061045506864),
        (0.2816035507792589, 0.18260341504492364),
        (0.45801677765722737, 0.16915651939500265),
        (0.6178762444026438, 0.1495959888165767),
        (0.755404408355003, 0.12462897125553407),
        (0.8656312023878318, 0.0951585116824926),
        (0.9445750230732326, 0.062253523938647456),
        (0.9894009349916499, 0.027152459411754176),
    ),
    24: (
        (0.06405689286260563, 0.12793819534675202),
        (0.1911188674736163, 0.12583745634682825),
        (0.3150426796961634, 0.1216704729278033),
        (0.4337935076260451, 0.11550566805372552),
        (0.5454214713888396, 0.10744427011596556),
        (0.6480936519369755, 0.09761865210411393),
        (0.7401241915785544, 0.0861901615319532),
        (0.820001985973903, 0.07334648141108016),
        (0.8864155270044011, 0.05929858491543636),
        (0.9382745520027328, 0.04427743881741941),
        (0.9747285559713095, 0.02853138862893356),
        (0.9951872199970213, 0.01234122979998869),
    ),
}
_CELL = 16  # nodes in a cell that spans a doubling at most: exact to the last digits
_MOST_TERMS = 1000
_SMALL = 1e-17


def ln_gamma(x: ArrayLike) -> Floats:
    """The logarithm of the gamma function of each positive number (`math.lgamma`)."""
    return np.asarray(np.frompyfunc(math.lgamma, 1, 1)(np.asarray(x, dtype=np.float64)), dtype=np.float64)


def gamma(x: ArrayLike) -> Floats:
    """The gamma function of each positive number (`math.gamma`)."""
    return np.asarray(np.frompyfunc(math.gamma, 1, 1)(np.asarray(x, dtype=np.float64)), dtype=np.float64)


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
    nodes, weights = legendre(_CELL)
    left, right = np.log(edges[1:-1]), np.log(edges[2:])
    half = (right - left) / 2
    at = (right + left)[:, None] / 2 + half[:, None] * nodes
    density = np.exp(shape * at - np.exp(at) - math.lgamma(shape))
    return np.concatenate([[gamma_below(shape, float(edges[1]))], half * (density * weights).sum(axis=1)])


def legendre(number: int) -> tuple[Floats, Floats]:
    """So many nodes from -1 to 1, and the weights with which a sum over them is an integral (DLMF 3.5(v)): 16 or 24."""
    half = np.array(_NODES[number])
    nodes, weights = np.concatenate([half[::-1] * (-1.0, 1.0), half]).T
    return nodes, weights
