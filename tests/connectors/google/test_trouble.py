"""What goes wrong with Google only; what any service may do is in `tests/connectors/test_trouble.py`."""

from __future__ import annotations

import json

import pytest
from google.auth.exceptions import DefaultCredentialsError, RefreshError
from googleapiclient.errors import UnknownLinkType

from api_support import MONDAY, Waits, offline
from calsight import Window
from calsight.errors import (
    CalsightError,
    NotSignedInError,
    PayloadInvalidError,
    PermissionMissingError,
    ServerTroubleError,
)
from calsight.kit.retry import Transient
from calsight.protocols import ConnectorContext
from calsight_google import GoogleConnector
from fakes.google import FakeGoogle
from fakes.google_items import item
from fakes.server import Answer, Trouble
from google_support import ME
from keyring_support import MemoryKeyring

SCOPE = "https://www.googleapis.com/auth/"


def test_the_newer_form_of_errors_is_understood(google: FakeGoogle, connector: GoogleConnector) -> None:
    detail = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
    answer = Answer.json({"error": {"code": 403, "status": "PERMISSION_DENIED", "details": [detail]}}, 403)
    google.trouble(Trouble(answer))
    with pytest.raises(PermissionMissingError, match="consent"):
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
