"""What goes wrong with any service: tried again where that helps, else one sentence; complete or an error, never partial.

What only one of them does stands in the folders of each.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import fakes.google_api
import fakes.google_items
import fakes.graph
import fakes.graph_items
import google_support
import outlook_support
from api_support import BROKEN, JSON, MONDAY, WINDOW, Waits, free_port, name_of, offline, said_while_failing
from calsight.errors import (
    CalsightError,
    NotSignedInError,
    PayloadInvalidError,
    PermissionMissingError,
    RateLimitedError,
    ServerTroubleError,
)
from calsight.kit.retry import RetryPolicy
from calsight.protocols import Connector, ConnectorContext, FreeBusy, Incremental, SignsIn
from calsight_google import GoogleConnector
from calsight_outlook import OutlookConnector
from fakes.google import FakeGoogle
from fakes.graph import WORK, FakeGraph
from fakes.graph_items import ME, guest
from fakes.server import Answer, Server, Trouble


@dataclass(frozen=True)
class Tried:
    """A service, and a connector that is signed in to it. `keys` is what `fetch` finds, on pages of two."""

    name: str
    server: Server
    connector: Connector
    keys: list[str]
    refuse: Callable[..., Trouble]
    spoil: Callable[[], None]

    def fetch(self) -> list[str]:
        (calendar,) = self.connector.calendars("")
        pages = list(self.connector.fetch(calendar, WINDOW))
        return sorted({event.key for page in pages for event in page.events})


def _google(google: FakeGoogle, waits: Waits) -> Tried:
    people = (google_support.ANA, google_support.BO)
    google.page_size = 2
    keys = [f"e{number}" for number in range(4)]
    google.put(
        ME, *(fakes.google_items.item(key, MONDAY + timedelta(days=day), 30, *people) for day, key in enumerate(keys))
    )
    bad = fakes.google_items.item("bad", MONDAY, summary="Salary") | {"start": {}}
    connector = google_support.signed_in(google, waits)
    return Tried("google", google, connector, keys, fakes.google_api.refuse, lambda: google.put(ME, bad))


def _outlook(graph: FakeGraph, waits: Waits, folder: Path, *, keeps: bool) -> Tried:
    bo = fakes.graph_items.who("bo@example.com")
    graph.page_size = 2
    graph.put(
        WORK,
        fakes.graph_items.series(fakes.graph_items.event("s", MONDAY, 45, guest(ME), organizer=bo), "weekly monday", 3),
    )
    keys = [f"e{number}" for number in range(8)]
    days = (fakes.graph_items.event(key, MONDAY + timedelta(days=day), 30, guest(ME)) for day, key in enumerate(keys))
    graph.put(WORK, *days)
    keys += [f"s.{day}T0900" for day in (20260302, 20260309, 20260316)]
    bad = fakes.graph_items.damaged(fakes.graph_items.event("bad", MONDAY, subject="Salary"), start={})
    connector = outlook_support.signed_in(graph, waits, folder, keeps=keeps)
    return Tried("outlook", graph, connector, keys, fakes.graph.refuse, lambda: graph.put(WORK, bad, check=False))


@pytest.fixture(params=["google", "outlook", "outlook without a cache"])
def service(request: pytest.FixtureRequest, waits: Waits, tmp_path: Path) -> Tried:
    """Its account, calendars and zone are known already, so that what goes wrong meets the reading of events."""
    if request.param == "google":
        made = _google(request.getfixturevalue("google"), waits)
    else:
        made = _outlook(request.getfixturevalue("graph"), waits, tmp_path, keeps=request.param == "outlook")
    assert made.fetch() == made.keys
    made.server.requests.clear()
    return made


def test_they_have_the_optional_capabilities(service: Tried) -> None:
    assert isinstance(service.connector, SignsIn)
    assert isinstance(service.connector, FreeBusy)
    assert isinstance(service.connector, Incremental)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_a_status_that_may_pass_is_tried_again(service: Tried, waits: Waits, status: int) -> None:
    service.server.trouble(*[service.refuse(status, "backendError")] * 2)
    assert service.fetch() == service.keys
    assert waits.now == pytest.approx(1.5)


@pytest.mark.parametrize("trouble", BROKEN, ids=name_of)
def test_an_answer_that_breaks_is_asked_for_again(service: Tried, waits: Waits, trouble: Trouble) -> None:
    service.server.trouble(trouble, trouble)
    assert service.fetch() == service.keys
    assert round(waits.now, 6) in (0.5, 1.5)  # httplib2 itself tries once more where a server just hangs up


@pytest.mark.parametrize(
    ("service", "trouble"),
    [
        ("google", fakes.google_api.refuse(403, "rateLimitExceeded")),
        ("google", fakes.google_api.refuse(403, "userRateLimitExceeded")),
        ("outlook", fakes.graph.refuse(509, "BandwidthLimitExceeded")),
    ],
    indirect=["service"],
)
def test_each_asks_for_patience_in_its_own_way_too(service: Tried, waits: Waits, trouble: Trouble) -> None:
    service.server.trouble(trouble, trouble)
    assert service.fetch() == service.keys
    assert waits.now == pytest.approx(1.5)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(service: Tried, waits: Waits, status: int) -> None:
    service.server.trouble(service.refuse(status, "throttled", Retry_After="77"))
    assert service.fetch() == service.keys
    assert waits.now == pytest.approx(77)


def test_a_storm_on_every_page_is_weathered(service: Tried, waits: Waits) -> None:
    slow, broken = service.refuse(429, "x", Retry_After="20"), Trouble(cut_after=5)
    service.server.trouble(slow, broken, service.refuse(503), broken, slow, service.refuse(500))
    assert service.fetch() == service.keys
    assert 40 < waits.now < 120


@pytest.mark.parametrize(
    ("trouble", "error", "sentence"),
    [
        ((429, "7200"), RateLimitedError, "wait for 2 hours"),
        ((429, ""), RateLimitedError, "asks calsight to wait: try again"),
        ((503, ""), ServerTroubleError, r"in trouble \(status 503\)"),
        (Trouble(cut_after=0), ServerTroubleError, "broke again and again"),
        (Trouble(Answer(200, JSON, b"<html>")), PayloadInvalidError, "not JSON"),
    ],
)
def test_what_does_not_pass_ends_in_a_sentence(
    service: Tried, waits: Waits, trouble: Any, error: type[CalsightError], sentence: str
) -> None:
    if not isinstance(trouble, Trouble):
        status, wait = trouble
        trouble = service.refuse(status, "x", **({"Retry_After": wait} if wait else {}))
    service.server.storm = lambda number, request: trouble
    with pytest.raises(error, match=sentence):
        service.fetch()
    assert waits.now <= 300


FINAL = {
    "google": [
        (fakes.google_api.refuse(401, "authError"), NotSignedInError, "Give a new access token"),
        (
            fakes.google_api.refuse(403, "insufficientPermissions"),
            PermissionMissingError,
            r"does not allow 'calendar\.events\.readonly'",
        ),
        (fakes.google_api.refuse(403, "accessNotConfigured"), PermissionMissingError, "Calendar API is not enabled"),
        (fakes.google_api.refuse(403, "quotaExceeded"), RateLimitedError, "try tomorrow"),
        (fakes.google_api.refuse(403, "dailyLimitExceeded"), RateLimitedError, "try tomorrow"),
        (fakes.google_api.refuse(403, "forbidden"), PermissionMissingError, "may not read this calendar"),
        (fakes.google_api.refuse(404, "notFound"), PermissionMissingError, "cannot find this calendar"),
        (fakes.google_api.refuse(400, "badRequest"), PayloadInvalidError, "Google refused the request .status 400"),
        (Trouble(Answer(403, {}, b"not even JSON")), PermissionMissingError, "may not read"),
        (Trouble(Answer(403, {}, b'{"error": "text"}')), PermissionMissingError, "may not read"),
        (Trouble(Answer(403, {}, b'{"error": {"errors": [{"reason": 7}]}}')), PermissionMissingError, "may not read"),
        (Trouble(Answer(200, {}, b"[]")), PayloadInvalidError, "not what was asked for"),
    ],
    "outlook": [
        (fakes.graph.refuse(401, "InvalidAuthenticationToken"), NotSignedInError, "Give a new access token"),
        (fakes.graph.refuse(403, "ErrorAccessDenied"), PermissionMissingError, "may not read the calendar 'Calendar'"),
        (fakes.graph.refuse(404, "ErrorItemNotFound"), PermissionMissingError, "cannot find the calendar 'Calendar'"),
        (fakes.graph.refuse(404, "MailboxNotEnabledForRESTAPI"), PermissionMissingError, "no mailbox in Exchange"),
        (fakes.graph.refuse(400, "ErrorInvalidUrlQuery"), PayloadInvalidError, "Microsoft refused .* .status 400"),
        (Trouble(Answer(302, {"Location": "http://127.0.0.1:9/"}, b"")), PayloadInvalidError, "does not follow"),
        (Trouble(Answer(404, {}, b"not even JSON")), PermissionMissingError, "cannot find"),
        (Trouble(Answer(404, JSON, b'{"error": "x"}')), PermissionMissingError, "cannot find"),
        (Trouble(Answer(200, JSON, b"[]")), PayloadInvalidError, "not what was asked for"),
        (Trouble(Answer(200, JSON, b'{"value": [], "@odata.nextLink": 3}')), PayloadInvalidError, "not what was asked"),
    ],
}


@pytest.mark.parametrize(
    ("service", "trouble", "error", "sentence"),
    [(name, *case) for name in ("google", "outlook", "outlook without a cache") for case in FINAL[name.split()[0]]],
    indirect=["service"],
)
def test_what_waiting_does_not_mend_is_said_at_once(
    service: Tried, waits: Waits, trouble: Trouble, error: type[CalsightError], sentence: str
) -> None:
    (calendar,) = service.connector.calendars("")
    service.server.storm = lambda number, request: trouble
    with pytest.raises(error, match=sentence):
        list(service.connector.fetch(calendar, WINDOW))
    assert waits.now == 0


@pytest.mark.parametrize("kind", [GoogleConnector, OutlookConnector])
def test_offline_is_said_at_once(
    kind: type[GoogleConnector | OutlookConnector], waits: Waits, monkeypatch: pytest.MonkeyPatch
) -> None:
    offline(monkeypatch)
    connector = kind(ConnectorContext({"access_token": "secret-token"}), policy=waits.policy)
    with pytest.raises(ServerTroubleError, match="cannot be found on the network: check that you are online"):
        connector.calendars("")
    assert waits.now == 0


@pytest.mark.parametrize("kind", [GoogleConnector, OutlookConnector])
def test_nobody_listens(kind: type[GoogleConnector | OutlookConnector], waits: Waits) -> None:
    settings = {"api_endpoint": f"http://127.0.0.1:{free_port()}", "access_token": "secret-token"}
    with pytest.raises(ServerTroubleError, match="broke again and again"):
        kind(ConnectorContext(settings), policy=waits.policy).calendars("")


def test_a_bad_entry_is_set_aside_with_a_problem(service: Tried) -> None:
    service.spoil()
    assert service.fetch() == service.keys
    (calendar,) = service.connector.calendars("")
    ((problem,),) = [page.problems for page in service.connector.fetch(calendar, WINDOW) if page.problems]
    assert problem.uid.partition("@")[0] == "bad"
    assert problem.text.startswith("An entry of this calendar could not be read (it")
    assert problem.text.endswith(") and was set aside.")


@pytest.mark.parametrize(
    ("kind", "uses"),
    [(GoogleConnector, "calsight_google.client.build"), (OutlookConnector, "calsight_outlook.graph.Session.request")],
)
def test_an_error_of_another_kind_is_not_swallowed(
    kind: type[GoogleConnector | OutlookConnector], uses: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slip of our own must look like one."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(uses, broken)
    with pytest.raises(ZeroDivisionError):
        kind(ConnectorContext({"access_token": "secret-token"})).calendars("")


# --- privacy ------------------------------------------------------------------------------------------------------------------

SECRETS = (
    *("ya29.", "1//", "client-secret", "eyJ0", "deltatoken", "skiptoken"),
    *("Salary", "bo@example.com", "ana@example.com", "ana%40", "Bo Smith"),
)
STATUSES = (400, 401, 403, 404, 410, 429, 500)


def test_nothing_of_people_is_in_any_log_or_error_google(
    google: FakeGoogle, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """All that a failing run says, on every channel and level, read for tokens, titles and addresses."""
    item, bo = fakes.google_items.item, {**google_support.BO, "displayName": "Bo Smith"}
    google.page_size = 1
    google.put(ME, item("a", MONDAY, 30, google_support.ANA, bo, summary="Salary"), item("c", MONDAY))
    google.put(ME, item("b", MONDAY, 30, google_support.ANA, bo, summary="Salary") | {"start": {}})
    failures = [
        *[fakes.google_api.refuse(status) for status in STATUSES],
        Trouble(Answer(200, JSON, b'{"items": [{"summary": "Salary", "attendees": 3}]}')),
        Trouble(Answer(200, JSON, b'{"items": ["Salary", "bo@example.com"')),
        Trouble(fakes.google_api.refusal(403, "forbidden", "bo@example.com Salary")),
        Trouble(cut_after=40),
    ]

    def connector() -> GoogleConnector:
        settings = {"api_endpoint": google.url, "access_token": google.token()}
        return GoogleConnector(ConnectorContext(settings), policy=RetryPolicy(deadline=0))

    said = said_while_failing(google, failures, ("/calendarList", "/events"), connector, caplog, capfd)
    assert [(secret, text) for text in said for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize("keeps", [True, False])
def test_nothing_of_people_is_in_any_log_or_error_outlook(
    graph: FakeGraph, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], tmp_path: Path, keeps: bool
) -> None:
    """The same of the other, through delta and through calendarView."""
    event, bo = fakes.graph_items.event, guest("bo@example.com", "Bo Smith")
    graph.page_size = 1
    graph.put(WORK, event("a", MONDAY, 30, bo, subject="Salary"), event("c", MONDAY))
    graph.put(WORK, fakes.graph_items.damaged(event("b", MONDAY, 30, bo, subject="Salary"), start={}), check=False)
    failures = [
        *[fakes.graph.refuse(status, "x") for status in STATUSES],
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


def test_the_libraries_would_have_said_it(
    google: FakeGoogle, graph: FakeGraph, caplog: pytest.LogCaptureFixture
) -> None:
    """Without this the tests above could not fail."""
    import requests
    from google.oauth2.credentials import Credentials
    from googleapiclient.discovery import build

    endpoint = {"api_endpoint": f"{google.url}/calendar/v3/"}
    service = build("calendar", "v3", credentials=Credentials(google.token()), client_options=endpoint)
    with caplog.at_level(logging.DEBUG), requests.Session() as session:
        service.events().list(calendarId=ME, singleEvents=True).execute()
        session.get(f"{graph.url}/users/bo@example.com")
    service.close()
    logged = [record.getMessage() for record in caplog.records]
    assert any("ana%40example.com" in text for text in logged)
    assert any("bo@example.com" in text for text in logged)
