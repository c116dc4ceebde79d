"""The contract that every connector keeps, kept by ours on each of the real servers."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest

from api_support import MONDAY, WINDOW
from caldav_homes import Home, Real
from caldav_support import REAL, day, entry, series
from calsight import Window
from calsight.errors import MissingExtraError
from calsight.protocols import ConnectorContext
from calsight.reading.plugins import load_connector
from calsight.testing import ConnectorContract
from calsight_caldav import CaldavConnector


@pytest.fixture(scope="module")
def stocked(real: Real) -> Iterator[Home]:
    """A user whose calendars hold something of everything, put there once."""
    with real.user() as home:
        work = home.make("work")
        home.put(work, "one.ics", entry("one", title="Salary talk"))
        home.put(work, "s.ics", series("s", moved=2, gone=3))
        home.put(work, "day.ics", day("day"))
        home.put(work, "late.ics", entry("late", MONDAY + timedelta(days=400)))
        private = home.make("private")
        home.put(private, "p.ics", entry("p", MONDAY + timedelta(hours=2)))
        yield home


class TestCaldav(ConnectorContract):
    @pytest.fixture
    def connector(self, context: ConnectorContext, stocked: Home) -> CaldavConnector:
        given = {
            "server": stocked.url,
            "user": stocked.user,
            "password": stocked.password,
            "ca_file": stocked.ca_file,
        }
        made = ConnectorContext(given, context.zone, context.cache_dir, context.state_dir)
        return CaldavConnector(made, policy=REAL)

    @pytest.fixture
    def reference(self) -> str:
        return ""

    @pytest.fixture
    def window(self) -> Window:
        return WINDOW


def test_without_its_packages_the_command_that_installs_them_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "calsight_caldav"]:
        monkeypatch.delitem(sys.modules, name)
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "dns" else find(name))
    with pytest.raises(MissingExtraError, match=r"pip install 'calsight\[caldav\]'"):
        load_connector("caldav")
