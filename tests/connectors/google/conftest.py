"""A Google of our own, and a connector that is signed in to it and never waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from api_support import WINDOW, Waits
from calsight import Window
from calsight.protocols import ConnectorContext
from calsight_google import GoogleConnector
from fakes.google import FakeGoogle
from keyring_support import MemoryKeyring, memory_keyring


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    for name in ("CALSIGHT_GOOGLE_ACCESS_TOKEN", "CALSIGHT_GOOGLE_API_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    with memory_keyring() as ring:
        yield ring


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    with FakeGoogle() as fake:
        yield fake


@pytest.fixture
def waits() -> Waits:
    return Waits()


@pytest.fixture
def connect(google: FakeGoogle, waits: Waits) -> Callable[..., GoogleConnector]:
    """Makes connectors that are signed in with an access token; keyword arguments are settings."""

    def made(**settings: Any) -> GoogleConnector:
        context = ConnectorContext({"api_endpoint": google.url, "access_token": google.token(), **settings})
        return GoogleConnector(context, policy=waits.policy)

    return made


@pytest.fixture
def connector(connect: Callable[..., GoogleConnector]) -> GoogleConnector:
    return connect()


@pytest.fixture
def window() -> Window:
    """Eight weeks."""
    return WINDOW
