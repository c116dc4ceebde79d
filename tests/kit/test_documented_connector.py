"""The connector of docs/write-a-connector.md, as it stands there, keeps the contract and does what the page says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from api_support import MONDAY, WINDOW, Waits
from calsight import Window
from calsight.errors import PermissionMissingError, ServerTroubleError, SettingsError
from calsight.protocols import Connector, ConnectorContext, Incremental, Page
from calsight.testing import ConnectorContract
from fakes.server import Answer, Request, Server, Trouble

PAGE = Path(__file__).parents[2] / "docs/write-a-connector.md"


class PunchClock(Server):
    """The service of that page: two entries on a page; its token is the number of changes that it tells of."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.log: list[dict[str, Any]] = []
        self.forgotten = 0

    def put(self, identity: str, hours: float = 0, **more: Any) -> None:
        start, end = f"2026-03-02T{9 + hours:02.0f}:00:00", f"2026-03-02T{10 + hours:02.0f}:00:00Z"
        self.log.append(
            {"id": identity, "start": start, "end": end, "title": "Talk", "people": ["bo@x.example"], **more}
        )

    def answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != "Bearer secret":
            return Answer.json({}, 401)
        since = int(request.query.get("since", 0))
        if "since" in request.query and since < self.forgotten:
            return Answer.json({}, 410)
        latest = {entry["id"]: entry for entry in self.log[since:]}
        entries = [entry for entry in latest.values() if "since" in request.query or not entry.get("deleted")]
        if "start" in request.query:
            entries = [
                one
                for one in entries
                if request.query["start"] < one["end"] and str(one["start"]) < request.query["end"]
            ]
        first = int(request.query["page"] or 0)
        more = {"next_page": str(first + 2)} if first + 2 < len(entries) else {"token": str(len(self.log))}
        return Answer.json({"entries": entries[first : first + 2], **more})


@pytest.fixture(scope="module")
def documented() -> ModuleType:
    (code,) = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    module = ModuleType("punch_clock")
    exec(compile(code, str(PAGE), "exec"), module.__dict__)
    return module


@pytest.fixture
def service() -> Iterator[PunchClock]:
    with PunchClock() as running:
        for number in range(5):
            running.put(f"e{number}", number)
        yield running


@pytest.fixture
def connector(documented: ModuleType, service: PunchClock) -> Connector:
    settings = {"api_endpoint": f"{service.origin}/entries", "access_token": "secret"}
    made: Connector = documented.PunchConnector(ConnectorContext(settings), Waits().policy)
    return made


class TestContract(ConnectorContract):
    @pytest.fixture
    def connector(self, connector: Connector) -> Connector:
        return connector

    @pytest.fixture
    def reference(self) -> str:
        return ""

    @pytest.fixture
    def window(self) -> Window:
        return Window(MONDAY.replace(hour=0), MONDAY.replace(hour=22))

    def test_what_leads_nowhere_is_a_source_error_in_a_sentence(
        self, connector: Any, service: Any, window: Any
    ) -> None:  # type: ignore[override]
        service.storm = lambda number, request: Trouble(Answer.json({}, 404))
        with pytest.raises(PermissionMissingError, match="cannot find the calendar 'Punch clock': ask its owner"):
            fetched(connector)


def fetched(connector: Connector, state: bytes | None = None) -> list[Page]:
    (calendar,) = connector.calendars("")
    return list(connector.fetch(calendar, WINDOW, state=state))


def told(pages: list[Page]) -> tuple[list[str], list[str]]:
    """(ids of events, what is gone)"""
    return [event.id for page in pages for event in page.events], [key for page in pages for key in page.removed]


def test_pages_and_increments(connector: Connector, service: PunchClock) -> None:
    assert isinstance(connector, Incremental)
    first = fetched(connector)
    assert [len(page.events) for page in first] == [2, 2, 1]
    service.put("e0", deleted=True)
    service.put("new", 6)
    service.put("bad", start=None)
    second = fetched(connector, first[-1].state)
    assert told(second) == (["new"], ["e0", "bad"])
    assert [problem.uid for page in second for problem in page.problems] == ["bad"]
    service.forgotten = 10
    third = fetched(connector, second[-1].state)
    assert told(third) == (["e1", "e2", "e3", "e4", "new"], [])
    assert not any(page.increment for page in third)


def test_what_may_pass_passes(connector: Connector, service: PunchClock) -> None:
    service.trouble(Trouble(Answer.json({}, 503)), Trouble(cut_after=3), Trouble(Answer(200, {}, b"<html>")))
    assert len(told(fetched(connector))[0]) == 5
    service.storm = lambda number, request: Trouble(Answer.json({}, 500))
    with pytest.raises(ServerTroubleError, match=r"Punch Clock's servers are in trouble \(status 500\)"):
        fetched(connector)


def test_a_token_goes_over_a_safe_way_only(documented: ModuleType) -> None:
    settings = {"api_endpoint": "http://punch.example", "access_token": "secret"}
    with pytest.raises(SettingsError, match="must begin with https"):
        fetched(documented.PunchConnector(ConnectorContext(settings)))
