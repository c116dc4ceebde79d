"""The contract that every connector keeps, kept by ours: fully signed in, against a calendar with a bit of everything."""

from __future__ import annotations

import importlib.util
import sys
from datetime import timedelta

import pytest

from api_support import MONDAY, WINDOW, Waits
from calsight import Window
from calsight.errors import MissingExtraError
from calsight.protocols import ConnectorContext
from calsight.reading.plugins import load_connector
from calsight.testing import ConnectorContract
from calsight_google import GoogleConnector
from fakes.google import FakeGoogle
from fakes.google_items import item, occurrences
from google_support import ANA, BO, ME


class TestGoogle(ConnectorContract):
    @pytest.fixture
    def connector(self, context: ConnectorContext, google: FakeGoogle, waits: Waits) -> GoogleConnector:
        google.page_size = 3
        google.add_calendar("team@group.calendar.google.com", summary="Team")
        google.put(ME, item("one", MONDAY, 30, ANA, BO, summary="Salary talk"))
        google.put(ME, *occurrences(item("s", MONDAY, 45, BO, ANA), "FREQ=WEEKLY;COUNT=6"))
        day = {"date": "2026-03-10"}
        google.put(ME, item("day", MONDAY, summary="Retreat", start=day, end={"date": "2026-03-12"}))
        google.put(ME, item("bad", MONDAY, summary="Secret", start={}))
        google.put(ME, item("late", MONDAY + timedelta(days=400), 30, ANA, BO))
        settings = {"api_endpoint": google.url, "access_token": google.token()}
        return GoogleConnector(
            ConnectorContext(settings, context.zone, context.cache_dir, context.state_dir), policy=waits.policy
        )

    @pytest.fixture
    def reference(self) -> str:
        return "primary"

    @pytest.fixture
    def window(self) -> Window:
        return WINDOW


@pytest.mark.parametrize("missing", ["googleapiclient", "google_auth_oauthlib"])
def test_without_its_packages_the_command_that_installs_them_is_named(
    missing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "calsight_google"]:
        monkeypatch.delitem(sys.modules, name)
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else find(name))
    with pytest.raises(MissingExtraError, match=r"pip install 'calsight\[google\]'"):
        load_connector("google")
