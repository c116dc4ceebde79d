"""What goes wrong with Graph: tried again where that helps, else one sentence; complete or a clear error, never partial."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api_support import BROKEN, JSON, MONDAY, WINDOW, Waits, name_of, offline, said_while_failing
from calsight.errors import (
    CalsightError,
    NotSignedInError,
    PayloadInvalidError,
    PermissionMissingError,
    RateLimitedError,
    ServerTroubleError,
)
from calsight.kit.retry import RetryPolicy
from calsight.protocols import ConnectorContext
from calsight_outlook import OutlookConnector
from fakes.graph import ME, WORK, FakeGraph, damaged, event, guest, refuse, series, who
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


@pytest.mark.parametrize(
    "trouble",
    [
        refuse(429, "TooManyRequests"),
        refuse(408, "timeout"),
        refuse(500, "generalException"),
        refuse(502, "UnknownError"),
        refuse(503, "serviceNotAvailable"),
        refuse(509, "BandwidthLimitExceeded"),
        *BROKEN,
    ],
    ids=name_of,
)
def test_what_may_pass_is_tried_again(
    graph: FakeGraph, fetch: Callable[[], list[str]], waits: Waits, trouble: Trouble
) -> None:
    graph.trouble(trouble, trouble)
    assert fetch() == ALL
    assert round(waits.now, 6) == 1.5


def test_every_third_request_is_throttled(graph: FakeGraph, fetch: Callable[[], list[str]], waits: Waits) -> None:
    slow = refuse(429, "ApplicationThrottled", Retry_After="3")
    graph.storm = lambda number, request: slow if number % 3 == 0 else None
    assert fetch() == ALL
    assert waits.now >= 6


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(graph: FakeGraph, fetch: Callable[[], list[str]], waits: Waits, status: int) -> None:
    graph.trouble(refuse(status, "throttled", Retry_After="77"))
    assert fetch() == ALL
    assert waits.now == pytest.approx(77)


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


@pytest.mark.parametrize(
    ("trouble", "error", "sentence"),
    [
        (refuse(429, "x", Retry_After="7200"), RateLimitedError, "wait for 2 hours"),
        (refuse(429, "x"), RateLimitedError, "asks calsight to wait: try again"),
        (refuse(503, "x"), ServerTroubleError, r"in trouble \(status 503\)"),
        (Trouble(cut_after=0), ServerTroubleError, "broke again and again"),
        (Trouble(Answer(200, JSON, b"<html>")), PayloadInvalidError, "not JSON"),
    ],
)
def test_what_does_not_pass_ends_in_a_sentence(
    graph: FakeGraph,
    fetch: Callable[[], list[str]],
    waits: Waits,
    trouble: Trouble,
    error: type[CalsightError],
    sentence: str,
) -> None:
    graph.storm = lambda number, request: trouble
    with pytest.raises(error, match=sentence):
        fetch()
    assert waits.now <= 300


@pytest.mark.parametrize(
    ("trouble", "error", "sentence"),
    [
        (refuse(401, "InvalidAuthenticationToken"), NotSignedInError, "calsight connect outlook"),
        (refuse(403, "ErrorAccessDenied"), PermissionMissingError, "may not read the calendar 'Calendar'"),
        (refuse(404, "ErrorItemNotFound"), PermissionMissingError, "cannot find the calendar 'Calendar'"),
        (refuse(404, "MailboxNotEnabledForRESTAPI"), PermissionMissingError, "no mailbox in Exchange Online"),
        (refuse(400, "ErrorInvalidUrlQuery"), PayloadInvalidError, "status 400"),
        (Trouble(Answer(302, {"Location": "http://127.0.0.1:9/"}, b"")), PayloadInvalidError, "does not follow"),
        (Trouble(Answer(404, {}, b"not even JSON")), PermissionMissingError, "cannot find"),
        (Trouble(Answer(404, JSON, b'{"error": "x"}')), PermissionMissingError, "cannot find"),
        (Trouble(Answer(200, JSON, b"[]")), PayloadInvalidError, "not what was asked for"),
        (Trouble(Answer(200, JSON, b'{"value": [], "@odata.nextLink": 3}')), PayloadInvalidError, "not what was asked"),
    ],
)
def test_what_waiting_does_not_mend_is_said_at_once(
    graph: FakeGraph,
    fetch: Callable[[], list[str]],
    waits: Waits,
    trouble: Trouble,
    error: type[CalsightError],
    sentence: str,
) -> None:
    graph.storm = lambda number, request: trouble
    with pytest.raises(error, match=sentence):
        fetch()
    assert waits.now == 0


def test_a_round_without_an_end_is_not_taken_for_the_whole(graph: FakeGraph, connect: Connect) -> None:
    connector = connect()
    (calendar,) = connector.calendars("")
    graph.trouble(Trouble(Answer(200, JSON, b'{"value": []}')), path="/delta")
    with pytest.raises(PayloadInvalidError, match="did not finish"):
        list(connector.fetch(calendar, WINDOW))


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
        with pytest.raises(PayloadInvalidError, match="another host"):
            list(connector.fetch(calendar, WINDOW, state=elsewhere))

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


def test_offline_is_said_at_once(waits: Waits, monkeypatch: pytest.MonkeyPatch) -> None:
    offline(monkeypatch)
    connector = OutlookConnector(ConnectorContext({"access_token": "secret-token"}), policy=waits.policy)
    with pytest.raises(ServerTroubleError, match="check that you are online"):
        connector.calendars("")
    assert waits.now == 0


class TestOneBadEntry:
    def test_it_is_set_aside_with_a_problem(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.put(WORK, event("good", MONDAY))
        graph.put(WORK, damaged(event("bad", MONDAY, subject="Salary"), start={}), check=False)
        (calendar,) = connector.calendars("")
        pages = list(connector.fetch(calendar, WINDOW))
        assert sorted(taken(pages)) == ["good"]
        ((problem,),) = [page.problems for page in pages if page.problems]
        assert problem.uid == "bad@outlook"
        assert problem.text == "An entry of this calendar could not be read (it has no start) and was set aside."

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

    def test_a_change_of_nobody_knows_what_is_no_increment(self, graph: FakeGraph, connect: Connect) -> None:
        connector = connect()
        (calendar,) = connector.calendars("")
        state = list(connector.fetch(calendar, WINDOW))[-1].state
        graph.trouble(Trouble(Answer.json({"value": [{"subject": "x"}]})), path="/delta")
        with pytest.raises(PayloadInvalidError, match="without saying of what"):
            list(connector.fetch(calendar, WINDOW, state=state))


# --- privacy ------------------------------------------------------------------------------------------------------------------

SECRETS = ("eyJ0", "Salary", "bo@example.com", "ana@example.com", "ana%40", "Bo Smith", "deltatoken", "skiptoken")


@pytest.mark.parametrize("keeps", [True, False])
def test_nothing_of_people_is_in_any_log_or_error(
    graph: FakeGraph, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], tmp_path: Path, keeps: bool
) -> None:
    """All that a failing run says, on every channel and level, read for tokens, titles and addresses."""
    graph.page_size = 1
    graph.put(WORK, event("a", MONDAY, 30, guest("bo@example.com", "Bo Smith"), subject="Salary"), event("c", MONDAY))
    graph.put(WORK, damaged(event("b", MONDAY, 30, BO, subject="Salary"), start={}), check=False)
    failures = [
        *[refuse(status, "x") for status in (400, 401, 403, 404, 410, 429, 500)],
        Trouble(Answer(200, JSON, b'{"value": [{"subject": "Salary", "attendees": 3}]}')),
        Trouble(Answer(200, JSON, b'{"value": ["Salary", "bo@example.com"')),
        Trouble(cut_after=40),
        Trouble(Answer.json({"value": [], "@odata.nextLink": "https://evil.example/?ana@example.com"})),
    ]

    def connector() -> OutlookConnector:
        settings = {"api_endpoint": graph.url, "access_token": graph.token()}
        context = ConnectorContext(settings, cache_dir=tmp_path if keeps else None)
        return OutlookConnector(context, policy=RetryPolicy(deadline=0))

    paths = ("/me", "/calendar", "/calendarView", "/delta", "/getSchedule")
    said = said_while_failing(graph, failures, paths, connector, caplog, capfd)
    assert [(secret, text) for text in said for secret in SECRETS if secret in text] == []


def test_the_library_would_have_said_it(graph: FakeGraph, caplog: pytest.LogCaptureFixture) -> None:
    """Without this the test above could not fail."""
    import requests

    with caplog.at_level(logging.DEBUG), requests.Session() as session:
        session.get(f"{graph.url}/users/ana@example.com")
    assert any("ana@example.com" in record.getMessage() for record in caplog.records)


def test_an_error_of_another_kind_is_not_swallowed(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip of our own must look like one."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("calsight_outlook.graph.Session.request", broken)
    with pytest.raises(ZeroDivisionError):
        connect().calendars("")
