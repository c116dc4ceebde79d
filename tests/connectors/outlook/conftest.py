"""A Graph of our own, and a connector that is signed in to it and never waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api_support import WINDOW, Waits
from calsight import Window
from calsight.protocols import ConnectorContext
from calsight_outlook import OutlookConnector
from fakes.graph import FakeGraph
from keyring_support import MemoryKeyring, memory_keyring


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    for name in ("CALSIGHT_OUTLOOK_ACCESS_TOKEN", "CALSIGHT_OUTLOOK_API_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    with memory_keyring() as ring:
        yield ring


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


@pytest.fixture
def connect(graph: FakeGraph, waits: Waits, tmp_path: Path) -> Callable[..., OutlookConnector]:
    """Makes connectors that are signed in with an access token; keyword arguments are settings. `keeps`: with a cache."""

    def made(*, keeps: bool = True, **settings: Any) -> OutlookConnector:
        given = {"api_endpoint": graph.url, "access_token": graph.token(), **settings}
        cache = tmp_path / "cache" if keeps else None
        return OutlookConnector(
            ConnectorContext(given, zone="America/New_York", cache_dir=cache, state_dir=tmp_path / "state"),
            policy=waits.policy,
        )

    return made


@pytest.fixture(params=["delta", "view"])
def connector(connect: Callable[..., OutlookConnector], request: pytest.FixtureRequest) -> OutlookConnector:
    """Signed in; once with a cache folder, once without."""
    return connect(keeps=request.param == "delta")
