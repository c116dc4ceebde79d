"""A connector that is signed in to a Google of our own and never waits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api_support import Waits
from calsight_google import GoogleConnector
from fakes.google import FakeGoogle
from google_support import signed_in


@pytest.fixture
def connect(google: FakeGoogle, waits: Waits) -> Callable[..., GoogleConnector]:
    """Makes connectors that are signed in with an access token; keyword arguments are settings."""
    return lambda **settings: signed_in(google, waits, **settings)


@pytest.fixture
def connector(connect: Callable[..., GoogleConnector]) -> GoogleConnector:
    return connect()
