"""The contract that every connector keeps, kept by ours: with a cache through delta, and without through calendarView."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api_support import MONDAY, WINDOW, Waits
from calsight import Window
from calsight.protocols import ConnectorContext
from calsight.testing import ConnectorContract
from calsight_outlook import OutlookConnector
from fakes.graph import WORK, FakeGraph
from fakes.graph_items import all_day, damaged, event, guest, series, who
from outlook_support import BO


class TestOutlook(ConnectorContract):
    @pytest.fixture
    def connector(self, context: ConnectorContext, graph: FakeGraph, waits: Waits) -> OutlookConnector:
        graph.page_size = 3
        bo = who("bo@example.com", "Bo")
        graph.put(WORK, event("one", MONDAY, 30, BO, subject="Salary talk"))
        graph.put(WORK, series(event("s", MONDAY, 45, guest("ana@example.com"), organizer=bo), "weekly monday", 6))
        graph.change_occurrence(WORK, "s.20260309T0900", subject="Moved", start=graph_time(50), end=graph_time(51))
        graph.delete_occurrence(WORK, "s.20260316T0900")
        graph.put(WORK, all_day("day", "2026-03-10", 2, subject="Retreat"))
        graph.put(WORK, damaged(event("bad", MONDAY, subject="Secret"), start={}), check=False)
        graph.put(WORK, event("late", MONDAY + timedelta(days=400), 30, BO))
        settings = {"api_endpoint": graph.url, "access_token": graph.token()}
        return OutlookConnector(
            ConnectorContext(settings, context.zone, context.cache_dir, context.state_dir), policy=waits.policy
        )

    @pytest.fixture
    def reference(self) -> str:
        return "primary"

    @pytest.fixture
    def window(self) -> Window:
        return WINDOW


class TestOutlookWithoutCache(TestOutlook):
    @pytest.fixture
    def context(self) -> ConnectorContext:
        return ConnectorContext(zone="Europe/Berlin")


def graph_time(hours: float) -> dict[str, str]:
    from fakes.graph_items import when

    return when(MONDAY + timedelta(hours=hours))
