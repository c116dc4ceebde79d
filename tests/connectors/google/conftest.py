"""A Google of our own, and a connector that is signed in to it and never waits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import keyring
import pytest

from calsight import Window
from calsight.protocols import ConnectorContext
from calsight_google import GoogleConnector
from fakes.google import FakeGoogle
from google_support import MONDAY, Waits
from keyring_support import MemoryKeyring


@pytest.fixture(autouse=True)
def ring(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    for name in ("CALSIGHT_GOOGLE_ACCESS_TOKEN", "CALSIGHT_GOOGLE_API_ENDPOINT"):
        monkeypatch.delenv(name, raising=False)
    before, ring = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


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
    return Window(MONDAY - timedelta(hours=9), MONDAY + timedelta(weeks=8))
