"""Special functions, against SciPy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special as scipys

from calsight.core.rate.special import gamma, gamma_below, gamma_shares, legendre, ln_gamma

positive = st.floats(1e-3, 300.0)


@given(st.lists(positive, min_size=1, max_size=20))
def test_gamma_and_its_logarithm(numbers: list[float]) -> None:
    assert ln_gamma(numbers) == pytest.approx(scipys.gammaln(numbers), rel=1e-12, abs=1e-13)
    small = [number % 20 + 0.1 for number in numbers]
    assert gamma(small) == pytest.approx(scipys.gamma(small), rel=1e-12)


@given(st.floats(0.05, 30.0), st.floats(0.0, 60.0))
def test_the_share_below(shape: float, x: float) -> None:
    assert gamma_below(shape, x) == pytest.approx(scipys.gammainc(shape, x), rel=1e-11, abs=1e-300)


@given(st.floats(0.05, 10.0), st.floats(1e-4, 1.0))
def test_the_shares_of_cells(shape: float, first: float) -> None:
    edges = np.concatenate([[0.0], first * np.exp2(np.arange(0, 6, 0.25))])
    below, above = scipys.gammainc(shape, edges), scipys.gammaincc(shape, edges)
    exact = np.where(below[1:] < 0.5, np.diff(below), -np.diff(above))
    assert gamma_shares(shape, edges) == pytest.approx(exact, rel=1e-9, abs=1e-15)


def test_arrays_keep_their_form() -> None:
    assert ln_gamma(np.ones((2, 3))).shape == (2, 3)


@pytest.mark.parametrize("number", [16, 24])
def test_nodes_and_weights_are_those_of_gauss_and_legendre(number: int) -> None:
    for ours, numpys in zip(legendre(number), np.polynomial.legendre.leggauss(number), strict=True):
        assert ours == pytest.approx(numpys, rel=1e-14)
