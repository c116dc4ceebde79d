"""A connector that is signed in to a Graph of our own and never waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api_support import Waits
from calsight_outlook import OutlookConnector
from fakes.graph import FakeGraph
from fakes.login import FakeLogin
from outlook_support import signed_in


@pytest.fixture
def login(graph: FakeGraph) -> Iterator[FakeLogin]:
    with FakeLogin(graph) as fake:
        yield fake


@pytest.fixture
def connect(graph: FakeGraph, waits: Waits, tmp_path: Path) -> Callable[..., OutlookConnector]:
    """Makes connectors that are signed in with an access token; keyword arguments are settings. `keeps`: with a cache."""

    def made(*, keeps: bool = True, **settings: Any) -> OutlookConnector:
        return signed_in(graph, waits, tmp_path, keeps=keeps, **settings)

    return made


@pytest.fixture(params=["delta", "view"])
def connector(connect: Callable[..., OutlookConnector], request: pytest.FixtureRequest) -> OutlookConnector:
    """Signed in; once with a cache folder, once without."""
    return connect(keeps=request.param == "delta")
