"""Real servers, each started once, and connectors that are signed in to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from caldav_homes import Home, Real
from caldav_servers import SERVERS, those
from caldav_support import signed_in
from calsight_caldav import CaldavConnector


@pytest.fixture(scope="session", params=those())
def real(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    """Each of the servers in turn."""
    with SERVERS[request.param](tmp_path_factory.mktemp(request.param)) as server:
        yield server


@pytest.fixture
def home(real: Real) -> Iterator[Home]:
    """A new user."""
    with real.user() as made:
        yield made


@pytest.fixture
def connect(home: Home) -> Callable[..., CaldavConnector]:
    """Makes connectors that are signed in; keyword arguments are settings."""
    return lambda **settings: signed_in(home, **settings)
