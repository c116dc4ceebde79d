"""What goes wrong with Google: tried again where that helps, else one sentence with the next step."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import timedelta

import httplib2
import pytest
from google.auth.exceptions import DefaultCredentialsError, RefreshError
from googleapiclient.errors import HttpError, UnknownLinkType

from api_support import BROKEN, JSON, MONDAY, Waits, free_port, name_of, offline, said_while_failing
from calsight import Window
from calsight.errors import (
    CalsightError,
    NotSignedInError,
    PayloadInvalidError,
    PermissionMissingError,
    RateLimitedError,
    ServerTroubleError,
)
from calsight.kit.retry import RetryPolicy, Transient
from calsight.protocols import ConnectorContext
from calsight_google import GoogleConnector
from fakes.google import FakeGoogle, item, refusal, refuse
from fakes.server import Answer, Trouble
from google_support import ANA, BO, ME
from keyring_support import MemoryKeyring

SCOPE = "https://www.googleapis.com/auth/"


@pytest.fixture
def fetch(google: FakeGoogle, connector: GoogleConnector, window: Window) -> Callable[[], list[str]]:
    """Reads four events on two pages; the account's calendars are known already."""
    google.page_size = 2
    google.put(ME, *(item(f"e{number}", MONDAY + timedelta(days=number), 30, ANA, BO) for number in range(4)))
    (calendar,) = connector.calendars("")

    def run() -> list[str]:
        return [event.key for page in connector.fetch(calendar, window) for event in page.events]

    return run


ALL = ["e0", "e1", "e2", "e3"]


@pytest.mark.parametrize(
    "trouble",
    [
        refuse(403, "rateLimitExceeded"),
        refuse(403, "userRateLimitExceeded"),
        refuse(429, "rateLimitExceeded"),
        refuse(408, "timeout"),
        refuse(500),
        refuse(502),
        refuse(503),
        *BROKEN,
    ],
    ids=name_of,
)
def test_what_may_pass_is_tried_again(
    google: FakeGoogle, fetch: Callable[[], list[str]], waits: Waits, trouble: Trouble
) -> None:
    google.trouble(trouble, trouble)
    assert fetch() == ALL
    assert round(waits.now, 6) in (0.5, 1.5)  # httplib2 itself tries once more where a server just hangs up
    assert len(google.asked("/events")) == 4


def test_a_storm_on_every_page_is_weathered(google: FakeGoogle, fetch: Callable[[], list[str]], waits: Waits) -> None:
    slow, broken = refuse(429, "rateLimitExceeded", Retry_After="20"), Trouble(cut_after=5)
    google.trouble(slow, broken, refuse(503), broken, slow, refuse(500))
    assert fetch() == ALL
    assert 40 < waits.now < 120


def test_retry_after_is_obeyed(google: FakeGoogle, fetch: Callable[[], list[str]], waits: Waits) -> None:
    google.trouble(refuse(429, "rateLimitExceeded", Retry_After="77"))
    assert fetch() == ALL
    assert waits.now == pytest.approx(77)


@pytest.mark.parametrize(
    ("trouble", "error", "sentence"),
    [
        (refuse(429, "rateLimitExceeded", Retry_After="7200"), RateLimitedError, "wait for 2 hours"),
        (refuse(403, "rateLimitExceeded"), RateLimitedError, "asks calsight to wait: try again"),
        (refuse(503), ServerTroubleError, r"in trouble \(status 503\)"),
        (Trouble(cut_after=0), ServerTroubleError, "broke again and again"),
        (Trouble(Answer(200, {}, b"<html>")), PayloadInvalidError, "not JSON"),
    ],
)
def test_what_does_not_pass_ends_in_a_sentence(
    google: FakeGoogle,
    fetch: Callable[[], list[str]],
    waits: Waits,
    trouble: Trouble,
    error: type[CalsightError],
    sentence: str,
) -> None:
    google.storm = lambda number, request: trouble
    with pytest.raises(error, match=sentence):
        fetch()
    assert waits.now <= 300


@pytest.mark.parametrize(
    ("trouble", "error", "sentence"),
    [
        (refuse(401, "authError"), NotSignedInError, "calsight connect google"),
        (
            refuse(403, "insufficientPermissions"),
            PermissionMissingError,
            r"consent to 'calendar\.events\.readonly'",
        ),
        (refuse(403, "accessNotConfigured"), PermissionMissingError, "Calendar API is not enabled"),
        (refuse(403, "quotaExceeded"), RateLimitedError, "try tomorrow"),
        (refuse(403, "dailyLimitExceeded"), RateLimitedError, "try tomorrow"),
        (refuse(403, "forbidden"), PermissionMissingError, "may not read this calendar"),
        (refuse(404, "notFound"), PermissionMissingError, "cannot find this calendar"),
        (refuse(400, "badRequest"), PayloadInvalidError, "status 400"),
        (Trouble(Answer(403, {}, b"not even JSON")), PermissionMissingError, "may not read"),
        (Trouble(Answer(403, {}, b'{"error": "text"}')), PermissionMissingError, "may not read"),
        (Trouble(Answer(403, {}, b'{"error": {"errors": [{"reason": 7}]}}')), PermissionMissingError, "may not read"),
        (Trouble(Answer(200, {}, b"[]")), PayloadInvalidError, "not what was asked for"),
    ],
)
def test_what_waiting_does_not_mend_is_said_at_once(
    google: FakeGoogle,
    fetch: Callable[[], list[str]],
    waits: Waits,
    trouble: Trouble,
    error: type[CalsightError],
    sentence: str,
) -> None:
    google.storm = lambda number, request: trouble
    with pytest.raises(error, match=sentence):
        fetch()
    assert waits.now == 0


def test_the_newer_form_of_errors_is_understood(google: FakeGoogle, fetch: Callable[[], list[str]]) -> None:
    detail = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
    answer = Answer.json({"error": {"code": 403, "status": "PERMISSION_DENIED", "details": [detail]}}, 403)
    google.trouble(Trouble(answer))
    with pytest.raises(PermissionMissingError, match="consent"):
        fetch()


def test_a_scope_that_was_not_granted_is_named(google: FakeGoogle, waits: Waits, window: Window) -> None:
    token = google.token(SCOPE + "calendar.calendarlist.readonly")
    connector = GoogleConnector(
        ConnectorContext({"api_endpoint": google.url, "access_token": token}), policy=waits.policy
    )
    (calendar,) = connector.calendars("")
    with pytest.raises(PermissionMissingError, match=r"calendar\.events\.readonly"):
        list(connector.fetch(calendar, window))


def test_the_calendar_is_named_as_the_user_knows_it(
    google: FakeGoogle, connector: GoogleConnector, window: Window
) -> None:
    google.add_calendar("team@group.calendar.google.com", summary="Team", accessRole="none")
    (team,) = connector.calendars("Team")
    with pytest.raises(PermissionMissingError, match="may not read the calendar 'Team'"):
        list(connector.fetch(team, window))


@pytest.mark.parametrize("signed_in", [True, False], ids=["with a sign-in to renew", "with a ready token"])
def test_offline_is_said_at_once(
    waits: Waits, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch, signed_in: bool
) -> None:
    offline(monkeypatch)
    kept = dict.fromkeys(("refresh_token", "client_id", "client_secret"), "x")
    kept |= dict.fromkeys(("token_uri", "revoke_uri"), "https://oauth2.googleapis.com/token")
    ring.set_password("calsight", "google", json.dumps(kept))
    settings = {} if signed_in else {"access_token": "secret-token"}
    connector = GoogleConnector(ConnectorContext(settings), policy=waits.policy)
    with pytest.raises(ServerTroubleError, match="check that you are online"):
        connector.calendars("")
    assert waits.now == 0


def test_nobody_listens(waits: Waits) -> None:
    settings = {"api_endpoint": f"http://127.0.0.1:{free_port()}", "access_token": "secret-token"}
    with pytest.raises(ServerTroubleError, match="broke again and again"):
        GoogleConnector(ConnectorContext(settings), policy=waits.policy).calendars("")


class TestOneBadEntry:
    def test_it_is_set_aside_with_a_problem(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window
    ) -> None:
        google.put(ME, item("good", MONDAY, 30, ANA, BO), item("bad", MONDAY, summary="Salary") | {"start": {}})
        (calendar,) = connector.calendars("")
        (page,) = connector.fetch(calendar, window)
        assert [event.key for event in page.events] == ["good"]
        (problem,) = page.problems
        assert problem.uid == "bad@google.com"
        assert problem.text == (
            "An entry of this calendar could not be read (its start is neither a time nor a date) and was set aside."
        )

    def test_in_an_increment_what_was_known_of_it_goes(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window
    ) -> None:
        google.put(ME, item("a", MONDAY))
        (calendar,) = connector.calendars("")
        (page,) = connector.fetch(calendar, window)
        google.put(ME, item("a", MONDAY) | {"start": {}})
        (page,) = connector.fetch(calendar, window, state=page.state)
        assert list(page.removed) == ["a"]
        assert len(page.problems) == 1

    @pytest.mark.parametrize("items", [[None, 3, "x"], {"no": "list"}, "text"])
    def test_whatever_stands_where_entries_should(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window, items: object
    ) -> None:
        google.trouble(Trouble(Answer.json({"items": items})), path="/events")
        (calendar,) = connector.calendars("")
        (page,) = connector.fetch(calendar, window)
        assert page.events == []
        assert page.problems


# --- privacy ----------------------------------------------------------------------------------------------------------------

SECRETS = (
    "ya29.",
    "1//",
    "Salary",
    "bo@example.com",
    "ana@example.com",
    "ana%40example.com",
    "Bo Smith",
    "client-secret",
)


def test_nothing_of_people_is_in_any_log_or_error(
    google: FakeGoogle, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """All that a failing run says, on every channel and level, read for tokens, titles and addresses."""
    google.page_size = 1
    google.put(ME, item("a", MONDAY, 30, ANA, {**BO, "displayName": "Bo Smith"}, summary="Salary"))
    google.put(ME, item("b", MONDAY, 30, ANA, BO, summary="Salary") | {"start": {}}, item("c", MONDAY))
    failures = [
        *[refuse(status) for status in (400, 401, 403, 404, 410, 429, 500)],
        Trouble(Answer(200, JSON, b'{"items": [{"summary": "Salary", "attendees": 3}]}')),
        Trouble(Answer(200, JSON, b'{"items": ["Salary", "bo@example.com"')),
        Trouble(refusal(403, "forbidden", "bo@example.com Salary")),
        Trouble(cut_after=40),
    ]

    def connector() -> GoogleConnector:
        settings = {"api_endpoint": google.url, "access_token": google.token()}
        return GoogleConnector(ConnectorContext(settings), policy=RetryPolicy(deadline=0))

    said = said_while_failing(google, failures, ("/calendarList", "/events"), connector, caplog, capfd)
    assert [(secret, text) for text in said for secret in SECRETS if secret in text] == []


def test_the_libraries_would_have_said_it(google: FakeGoogle, caplog: pytest.LogCaptureFixture) -> None:
    """Without this the test above could not fail."""
    from google.oauth2.credentials import Credentials
    from googleapiclient.discovery import build

    endpoint = {"api_endpoint": f"{google.url}/calendar/v3/"}
    service = build("calendar", "v3", credentials=Credentials(google.token()), client_options=endpoint)
    with caplog.at_level(logging.DEBUG):
        service.events().list(calendarId=ME, singleEvents=True).execute()
    service.close()
    assert any("ana%40example.com" in record.getMessage() for record in caplog.records)


def test_an_error_of_another_kind_is_not_swallowed(connector: GoogleConnector, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip of our own must look like one."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("calsight_google.client.build", broken)
    with pytest.raises(ZeroDivisionError):
        connector.calendars("")


def explained(error: Exception) -> Exception:
    from calsight_google.trouble import explain

    return explain(error, asked_for="this calendar", scope="s")


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (RefreshError("ya29.x", {"error": "invalid_grant"}), NotSignedInError, "seven days"),
        (RefreshError("ya29.x", {"error": "unauthorized_client"}), PermissionMissingError, "Domain-wide delegation"),
        (RefreshError("ya29.x", {"error": "invalid_client"}), NotSignedInError, "new client file"),
        (RefreshError("ya29.x", {"error": "something_new"}), NotSignedInError, "Give a new one, or sign in"),
        (RefreshError("ya29.x", "no details"), NotSignedInError, "Give a new one, or sign in"),
        (DefaultCredentialsError("ya29.x"), NotSignedInError, "cannot be used"),
        (UnknownLinkType("ya29.x"), PayloadInvalidError, "its own library cannot read"),
    ],
)
def test_what_the_libraries_raise_is_one_sentence_of_ours(
    error: Exception, kind: type[CalsightError], sentence: str
) -> None:
    raised = explained(error)
    assert isinstance(raised, kind)
    assert sentence in str(raised)
    assert "ya29" not in str(raised)


def test_a_sign_in_server_in_trouble_may_recover() -> None:
    raised = explained(RefreshError("503", retryable=True))
    assert isinstance(raised, Transient)
    assert isinstance(raised.error, ServerTroubleError)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "Mon, 02 Mar 2026 12:00:30 GMT", "date": "Mon, 02 Mar 2026 12:00:00 GMT"}, 30),
        ({"retry-after": "9", "date": "yesterday"}, 9),
        ({}, None),
    ],
)
def test_a_date_to_wait_for_counts_from_the_answers_own(headers: dict[str, str], seconds: float | None) -> None:
    answer = httplib2.Response({"status": "429", **headers})
    raised = explained(HttpError(answer, b"{}"))
    assert isinstance(raised, Transient)
    assert raised.retry_after == seconds
