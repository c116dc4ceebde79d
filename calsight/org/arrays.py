"""Columns of numbers: which are the same, and where they stand. Numbers are sorted sooner than columns are."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.int64]
    Bools: TypeAlias = NDArray[np.bool_]


def numbered(columns: Ints) -> Ints:
    """One number for each column, the same for the same."""
    number = np.zeros(columns.shape[1], dtype=np.int64)
    for row in columns:
        known, place = np.unique(row, return_inverse=True)
        _, number = np.unique(number * len(known) + place, return_inverse=True)
    return number


def distinct(columns: Ints) -> Ints:
    """Each column once."""
    _, first = np.unique(numbered(columns), return_index=True)
    return columns[:, first]


def find(keys: Ints, wanted: Ints) -> Ints:
    """The place among `keys` (distinct columns) of each of `wanted`; -1 where it is not among them."""
    place = numbered(np.concatenate([keys, wanted], axis=1))
    at = np.full(int(place.max(initial=-1)) + 1, -1, dtype=np.int64)
    at[place[: keys.shape[1]]] = np.arange(keys.shape[1])
    return at[place[keys.shape[1] :]]


def among(columns: Ints, others: Ints) -> Bools:
    """Which columns stand among the others."""
    if not others.shape[1] or not columns.shape[1]:
        return np.zeros(columns.shape[1], dtype=bool)
    return np.asarray(find(distinct(others), columns) >= 0)
