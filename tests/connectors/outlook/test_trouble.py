"""What goes wrong with Graph only; what any service may do is in `tests/connectors/test_trouble.py`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api_support import JSON, MONDAY, WINDOW, Waits
from calsight.errors import (
    PayloadInvalidError,
)
from calsight.protocols import Page
from calsight_outlook import OutlookConnector
from fakes.graph import WORK, FakeGraph, refuse
from fakes.graph_items import ME, event, guest, series, who
from fakes.server import Answer, Request, Server, Trouble
from outlook_support import BO, taken

Connect = Callable[..., OutlookConnector]

ALL = [*(f"e{number}" for number in range(8)), *(f"s.{day}T0900" for day in (20260302, 20260309, 20260316))]


@pytest.fixture
def fetch(graph: FakeGraph, connector: OutlookConnector) -> Callable[[], list[str]]:
    """Reads eight events and a series on pages of two; calendar, account and zone are known already."""
    graph.page_size = 2
    graph.put(WORK, series(event("s", MONDAY, 45, guest(ME), organizer=who("bo@example.com")), "weekly monday", 3))
    graph.put(WORK, *(event(f"e{number}", MONDAY + timedelta(days=number), 30, BO) for number in range(8)))
    (calendar,) = connector.calendars("")
    list(connector.fetch(calendar, WINDOW))
    graph.requests.clear()

    def run() -> list[str]:
        return sorted(taken(list(connector.fetch(calendar, WINDOW))))

    return run


def test_every_third_request_is_throttled(graph: FakeGraph, fetch: Callable[[], list[str]], waits: Waits) -> None:
    slow = refuse(429, "ApplicationThrottled", Retry_After="3")
    graph.storm = lambda number, request: slow if number % 3 == 0 else None
    assert fetch() == ALL
    assert waits.now >= 6


def test_connections_are_cut_in_the_middle_of_every_page(graph: FakeGraph, fetch: Callable[[], list[str]]) -> None:
    seen: set[tuple[str, str]] = set()

    def cut(number: int, request: Request) -> Trouble | None:
        this = (request.path, str(request.query))
        if this in seen:
            return None
        seen.add(this)
        return Trouble(cut_after=200)

    graph.storm = cut
    assert fetch() == ALL
    assert len(seen) >= 5


def codes(pages: list[Page]) -> list[str]:
    return [problem.code for page in pages for problem in page.problems]


class TestWhatFallsBack:
    """Asking for changes is an optimisation: where it fails, all there is comes through calendarView, and that is said once."""

    @pytest.fixture
    def connector(self, connect: Connect, graph: FakeGraph) -> OutlookConnector:
        graph.page_size = 2
        graph.put(WORK, *(event(f"e{number}", MONDAY + timedelta(days=number), 30, BO) for number in range(8)))
        return connect()

    def read(self, connector: OutlookConnector, state: bytes | None = None) -> list[Page]:
        (calendar,) = connector.calendars("")
        pages = list(connector.fetch(calendar, WINDOW, state=state))
        keys = [one.key for page in pages for one in page.events if not page.increment]
        assert len(keys) == len(set(keys)), "an entry came twice"
        assert sorted(taken(pages)) == [f"e{number}" for number in range(8)]
        return pages

    @pytest.mark.parametrize(
        "trouble",
        [
            refuse(400, "ErrorInvalidRequest"),
            refuse(501, "NotImplemented"),
            refuse(504, "GatewayTimeout"),
            Trouble(Answer(200, JSON, b'{"value": []}')),
            Trouble(Answer(200, JSON, b"[]")),
        ],
        ids=["not supported", "not built", "never in time", "without an end", "something else"],
    )
    @pytest.mark.parametrize("first", [0, 2], ids=["at once", "half-way"])
    def test_the_first_round(
        self, graph: FakeGraph, connector: OutlookConnector, waits: Waits, trouble: Trouble, first: int
    ) -> None:
        asked: list[Request] = []

        def storm(number: int, request: Request) -> Trouble | None:
            if request.path.endswith("/delta"):
                asked.append(request)
                return trouble if len(asked) > first else None
            return None

        graph.storm = storm
        pages = self.read(connector)
        assert codes(pages) == ["read_as_a_whole"]
        assert pages[-1].state is None
        assert waits.now <= 60
        graph.storm = lambda number, request: None
        assert self.read(connector)[-1].state

    @pytest.mark.parametrize("trouble", [refuse(504, "GatewayTimeout"), Trouble(Answer(200, JSON, b'{"value": [{}]}'))])
    def test_an_increment(self, graph: FakeGraph, connector: OutlookConnector, waits: Waits, trouble: Trouble) -> None:
        state = self.read(connector)[-1].state
        graph.storm = lambda number, request: trouble if "$deltatoken" in request.query else None
        pages = self.read(connector, state)
        assert codes(pages) == []
        assert pages[-1].state
        assert not pages[-1].increment

    def test_pages_that_bring_nothing_new_for_ever(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        def endless(number: int, request: Request) -> Trouble | None:
            if not request.path.endswith("/delta"):
                return None
            link = f"{graph.origin}{request.path}?$skiptoken={number}"
            return Trouble(Answer.json({"value": [], "@odata.nextLink": link}))

        graph.storm = endless
        assert codes(self.read(connector)) == ["read_as_a_whole"]
        assert len(graph.asked("/delta")) < 60

    @pytest.mark.parametrize("status", [400, 410])
    @pytest.mark.parametrize("keeps", [True, False])
    def test_a_page_s_token_that_is_refused(
        self, graph: FakeGraph, connect: Connect, connector: OutlookConnector, status: int, *, keeps: bool
    ) -> None:
        refused: list[Request] = []

        def storm(number: int, request: Request) -> Trouble | None:
            if "$skiptoken" in request.query and len(graph.requests) % 3 == 0 and not refused:
                refused.append(request)
                return refuse(status, "ErrorInvalidUrlQuery")
            return None

        graph.storm = storm
        self.read(connect(keeps=keeps))
        assert refused

    def test_a_page_s_token_that_is_always_refused(self, graph: FakeGraph, connect: Connect, waits: Waits) -> None:
        graph.page_size = 2
        graph.put(WORK, *(event(f"e{number}", MONDAY + timedelta(days=number), 30, BO) for number in range(8)))
        graph.storm = lambda number, request: refuse(400, "x") if "$skiptoken" in request.query else None
        connector = connect()
        (calendar,) = connector.calendars("")
        with pytest.raises(PayloadInvalidError, match="status 400"):
            list(connector.fetch(calendar, WINDOW))

    @pytest.mark.parametrize(
        "trouble", [refuse(500), refuse(429, "x", Retry_After="30"), Trouble(cut_after=0), refuse(400)]
    )
    def test_looking_the_zone_up_never_stops_a_read(
        self, graph: FakeGraph, connector: OutlookConnector, waits: Waits, trouble: Trouble
    ) -> None:
        def storm(number: int, request: Request) -> Trouble | None:
            return trouble if request.path.endswith(("/mailboxSettings", "/getSchedule")) else None

        graph.storm = storm
        pages = self.read(connector)
        assert pages[-1].calendar is not None
        assert pages[-1].calendar.zone == ""
        assert waits.now <= 20


class TestNextLink:
    """The token goes to Graph and to nobody else."""

    def test_to_another_host(self, graph: FakeGraph, fetch: Callable[[], list[str]]) -> None:
        class Thief(Server):
            def answer(self, request: Request) -> Answer:
                return Answer.json({"value": []})

        with Thief() as thief:
            graph.next_link_origin = thief.origin
            with pytest.raises(PayloadInvalidError, match="another host"):
                fetch()
            assert thief.requests == []

    @pytest.mark.parametrize(
        "origin", ["https://graph.microsoft.com.evil.example", "http://user@127.0.0.1:9", "file://", "http://[", "//x"]
    )
    def test_to_odd_places(self, graph: FakeGraph, fetch: Callable[[], list[str]], origin: str) -> None:
        graph.next_link_origin = origin
        with pytest.raises(PayloadInvalidError, match="another host"):
            fetch()

    def test_to_itself(self, graph: FakeGraph, fetch: Callable[[], list[str]]) -> None:
        graph.same_next_link = True
        with pytest.raises(PayloadInvalidError, match="same page twice"):
            fetch()

    def test_without_end(
        self, graph: FakeGraph, fetch: Callable[[], list[str]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("calsight.kit.answers._MOST_PAGES", 3)
        with pytest.raises(PayloadInvalidError, match="pages without end"):
            fetch()

    def test_a_state_that_leads_elsewhere(self, graph: FakeGraph, connect: Connect) -> None:
        connector = connect()
        (calendar,) = connector.calendars("")
        state = list(connector.fetch(calendar, WINDOW))[-1].state or b""
        elsewhere = state.replace(graph.origin.encode(), b"http://127.0.0.1:9")
        pages = list(connector.fetch(calendar, WINDOW, state=elsewhere))
        assert not pages[-1].increment
        assert pages[-1].state

    def test_what_stands_in_netrc_is_not_sent(
        self, graph: FakeGraph, fetch: Callable[[], list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        netrc = tmp_path / "netrc"
        netrc.write_text("machine 127.0.0.1 login ana password other\n")
        monkeypatch.setenv("NETRC", str(netrc))
        assert fetch() == ALL


def test_a_page_that_comes_twice_counts_once(graph: FakeGraph, fetch: Callable[[], list[str]]) -> None:
    """An entry moves from one page to the next while they are read."""
    whole = graph._page

    def twice(request: Request, items: Any, *more: Any, **options: Any) -> Answer:
        return whole(request, [*items, *items[:3]] if "$skiptoken" not in request.query else items, *more, **options)

    graph._page = twice  # type: ignore[method-assign]
    assert fetch() == ALL


class TestOneBadEntry:
    @pytest.mark.parametrize("items", [[None, 3, "x"], [{}], [{"id": 3}]])
    def test_whatever_stands_where_entries_should(
        self, graph: FakeGraph, connect: Connect, items: list[object]
    ) -> None:
        connector = connect(keeps=False)
        (calendar,) = connector.calendars("")
        graph.trouble(Trouble(Answer.json({"value": items})), path="/calendarView")
        pages = list(connector.fetch(calendar, WINDOW))
        assert taken(pages) == {}
        assert sum(len(page.problems) for page in pages) == len(items)
