"""Services of our own, and what tests of connectors to them need: no keyring of anybody's, no waiting, one window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from api_support import WINDOW, Waits
from calsight import Window
from fakes.google import FakeGoogle
from fakes.graph import FakeGraph
from keyring_support import MemoryKeyring, memory_keyring


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    for name in ("GOOGLE", "OUTLOOK"):
        for setting in ("ACCESS_TOKEN", "API_ENDPOINT"):
            monkeypatch.delenv(f"CALSIGHT_{name}_{setting}", raising=False)
    with memory_keyring() as ring:
        yield ring


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    with FakeGoogle() as fake:
        yield fake


@pytest.fixture
def graph() -> Iterator[FakeGraph]:
    with FakeGraph() as fake:
        yield fake


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def window() -> Window:
    """Eight weeks."""
    return WINDOW
