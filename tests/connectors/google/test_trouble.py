"""What goes wrong with Google only; what any service may do is in `tests/connectors/test_trouble.py`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta

import httplib2
import pytest
from google.auth.exceptions import DefaultCredentialsError, RefreshError
from googleapiclient.errors import HttpError, UnknownLinkType

from api_support import MONDAY, Waits, offline
from calsight import Window
from calsight.errors import (
    CalsightError,
    NotSignedInError,
    PayloadInvalidError,
    PermissionMissingError,
    ServerTroubleError,
    SourceError,
)
from calsight.kit.retry import Transient
from calsight.protocols import ConnectorContext
from calsight_google import GoogleConnector
from calsight_google.auth import GOOGLE, GoogleSettings
from calsight_google.refusals import TABLE, refused
from calsight_google.trouble import Asked, explain
from fakes.google import FakeGoogle
from fakes.google_api import refusal, refuse
from fakes.google_items import item
from fakes.server import Answer, Request, Trouble
from google_support import ME
from keyring_support import MemoryKeyring

SCOPE = "https://www.googleapis.com/auth/"


def test_the_newer_form_of_errors_is_understood(google: FakeGoogle, connector: GoogleConnector) -> None:
    detail = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
    answer = Answer.json({"error": {"code": 403, "status": "PERMISSION_DENIED", "details": [detail]}}, 403)
    google.trouble(Trouble(answer))
    with pytest.raises(PermissionMissingError, match="does not allow"):
        connector.calendars("")


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


def test_offline_is_said_at_once_where_a_sign_in_is_to_be_renewed(
    waits: Waits, ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    offline(monkeypatch)
    kept = dict.fromkeys(("refresh_token", "client_id", "client_secret"), "x")
    kept |= dict.fromkeys(("token_uri", "revoke_uri"), "https://oauth2.googleapis.com/token")
    ring.set_password("calsight", "google", json.dumps(kept))
    with pytest.raises(ServerTroubleError, match="check that you are online"):
        GoogleConnector(ConnectorContext(), policy=waits.policy).calendars("")
    assert waits.now == 0


class TestOneBadEntry:
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


# --- why a sign-in is refused -------------------------------------------------------------------------------------------------

KEPT, TOKEN = GoogleSettings(), GoogleSettings(access_token="ya29.x")
ROBOT = GoogleSettings(service_account="robot.json")


def explained(error: Exception, settings: GoogleSettings = KEPT) -> Exception:
    return explain(error, Asked("this calendar", SCOPE + "calendar.freebusy"), settings)


def refusal_of(code: str, *, description: str = "ya29.x", **more: str) -> RefreshError:
    return RefreshError("ya29.x", {"error": code, "error_description": description, **more})


@pytest.mark.parametrize("code", [*TABLE, "something_new"])
def test_each_code_has_a_cause_and_a_next_step(code: str) -> None:
    error = refusal_of("invalid_grant", error_subtype=code) if code == "invalid_rapt" else refusal_of(code)
    raised = explained(error)
    assert isinstance(raised, SourceError)
    assert "ya29" not in str(raised)
    assert re.search(
        r"calsight connect google|Admin console|Google Cloud console|ICS file|in the settings", str(raised)
    )
    assert str(raised) == str(refused(code, GOOGLE))


@pytest.mark.parametrize(
    ("error", "settings", "kind", "sentence"),
    [
        (refusal_of("invalid_grant"), KEPT, NotSignedInError, "seven days"),
        (
            refusal_of("invalid_grant", error_subtype="invalid_rapt"),
            KEPT,
            NotSignedInError,
            "new sign-in every so often",
        ),
        (refusal_of("admin_policy_enforced"), KEPT, PermissionMissingError, "Manage third-party app access"),
        (refusal_of("policy_enforced"), KEPT, PermissionMissingError, "Advanced Protection"),
        (refusal_of("disabled_client"), KEPT, NotSignedInError, "is disabled"),
        (refusal_of("invalid_client"), KEPT, NotSignedInError, "new client file"),
        (refusal_of("something_new"), KEPT, NotSignedInError, "(something_new). Sign in anew: calsight connect google"),
        (refusal_of("unauthorized_client"), ROBOT, PermissionMissingError, "Domain-wide delegation"),
        (refusal_of("access_denied"), ROBOT, PermissionMissingError, "Domain-wide delegation"),
        (
            refusal_of("invalid_grant", description="Invalid JWT Signature."),
            ROBOT,
            NotSignedInError,
            "was deleted or disabled",
        ),
        (
            refusal_of("invalid_grant", description="Invalid grant: account not found"),
            ROBOT,
            NotSignedInError,
            "does not know this service account",
        ),
        (
            refusal_of("invalid_grant", description="Invalid email or User ID"),
            ROBOT,
            PermissionMissingError,
            "subject under [connectors.google]",
        ),
        (
            refusal_of(
                "invalid_grant",
                description="Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.",
            ),
            ROBOT,
            NotSignedInError,
            "Set its clock",
        ),
        (refusal_of("invalid_grant"), ROBOT, NotSignedInError, "Check the three"),
        (RefreshError("ya29.x", "no details"), TOKEN, NotSignedInError, "Give a new access token"),
        (DefaultCredentialsError("ya29.x"), KEPT, NotSignedInError, "cannot be used"),
        (UnknownLinkType("ya29.x"), KEPT, PayloadInvalidError, "its own library cannot read"),
    ],
)
def test_what_the_libraries_raise_is_one_sentence_of_ours(
    error: Exception, settings: GoogleSettings, kind: type[CalsightError], sentence: str
) -> None:
    raised = explained(error, settings)
    assert type(raised) is kind
    assert sentence in str(raised)
    assert "ya29" not in str(raised)


@pytest.mark.parametrize(
    "error", [RefreshError("503", retryable=True), RefreshError("<html>Bad gateway</html>"), RefreshError("<html>", {})]
)
@pytest.mark.parametrize("settings", [KEPT, ROBOT], ids=["kept", "service account"])
def test_a_sign_in_server_in_trouble_may_recover(error: Exception, settings: GoogleSettings) -> None:
    raised = explained(error, settings)
    assert isinstance(raised, Transient)
    assert "sign-in servers are in trouble" in str(raised.error)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            KEPT,
            'scopes = ["calendar.events.readonly", "calendar.calendarlist.readonly", "calendar.freebusy"]. '
            "Then: calsight connect google",
        ),
        (GoogleSettings(scopes=(SCOPE + "calendar.freebusy",)), "tick its box: calsight connect google"),
        (TOKEN, "The Google access token does not allow 'calendar.freebusy'"),
        (ROBOT, "Then: allow it in the Admin console"),
    ],
    ids=["never asked for", "asked for", "a token", "a service account"],
)
def test_a_consent_that_is_missing_is_asked_for_where_it_can_be_given(settings: GoogleSettings, sentence: str) -> None:
    answer = refusal(403, "insufficientPermissions")
    raised = explained(HttpError(httplib2.Response({"status": "403"}), answer.body), settings)
    assert isinstance(raised, PermissionMissingError)
    assert sentence in str(raised)


@pytest.mark.parametrize("settings", [TOKEN, ROBOT, GoogleSettings(credentials=object())])
@pytest.mark.parametrize("status", [401, 403, 404])
def test_nobody_is_sent_to_sign_in_where_there_is_nothing_to_sign_in_to(settings: GoogleSettings, status: int) -> None:
    """`calsight connect google` says just that, and so the two would point at each other."""
    answer = refusal(status, "insufficientPermissions" if status == 403 else "authError")
    raised = explained(HttpError(httplib2.Response({"status": str(status)}), answer.body), settings)
    assert "calsight connect" not in str(raised)
    assert "calsight connect" not in str(explained(refusal_of("invalid_grant"), settings))


class TestAPageTokenThatIsRefused:
    """Google forgets it, or it is damaged: everything is read again, and nothing comes twice."""

    @pytest.fixture
    def connector(self, google: FakeGoogle, connect: Callable[..., GoogleConnector]) -> GoogleConnector:
        google.page_size = 2
        google.put(ME, *(item(f"e{number}", MONDAY + timedelta(days=number)) for number in range(6)))
        return connect()

    @pytest.mark.parametrize("status", [400, 410])
    def test_once(self, google: FakeGoogle, connector: GoogleConnector, window: Window, status: int) -> None:
        refused: list[Request] = []

        def storm(number: int, request: Request) -> Trouble | None:
            if len(google.asked("/events")) == 3 and not refused:
                refused.append(request)
                return refuse(status, "invalidPageToken")
            return None

        google.storm = storm
        (calendar,) = connector.calendars("")
        pages = list(connector.fetch(calendar, window))
        assert [event.key for page in pages for event in page.events] == [f"e{number}" for number in range(6)]
        assert "pageToken" in refused[0].query
        assert pages[-1].state

    def test_again_and_again(self, google: FakeGoogle, connector: GoogleConnector, window: Window) -> None:
        google.storm = lambda number, request: refuse(400, "x") if "pageToken" in request.query else None
        (calendar,) = connector.calendars("")
        with pytest.raises(PayloadInvalidError, match="status 400"):
            list(connector.fetch(calendar, window))
