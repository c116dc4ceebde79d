"""Each of Microsoft's codes has its cause and its next step, and what passes is not taken for a refusal."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from api_support import WINDOW, Waits
from calsight.errors import CalsightError, NotSignedInError, PermissionMissingError, ServerTroubleError, SettingsError
from calsight.kit.retry import Transient
from calsight.kit.signins import SignIns
from calsight.protocols import ConnectorContext
from calsight_outlook import OutlookConnector, auth, cache
from calsight_outlook.refusals import TABLE, TRANSIENT, refused
from calsight_outlook.service import MICROSOFT
from fakes.graph import FakeGraph
from fakes.graph_items import ME
from fakes.login import CLIENT, TENANT, FakeLogin, entra_error
from fakes.server import Answer, Trouble
from keyring_support import MemoryKeyring

CODES = sorted(code for row in TABLE for code in row.codes)
APPLICATION = auth.service_of(auth.OutlookSettings(client_secrets="x"))


def said(code: int, error: str = "invalid_grant", *, application: bool = False) -> Exception:
    answer = {"error": error, "error_description": f"AADSTS{code}: ana@example.com", "error_codes": [code]}
    return refused(answer, APPLICATION if application else MICROSOFT, application=application)


@pytest.mark.parametrize("code", CODES)
def test_each_code_is_a_cause_and_a_next_step(code: int) -> None:
    raised = said(code)
    assert isinstance(raised, NotSignedInError | PermissionMissingError | SettingsError)
    text = str(raised)
    assert re.search(
        r"calsight connect outlook|[Aa]sk (one|an|your|its|the) ?\w*|authority|app registration|client_id", text
    ), text
    assert "AADSTS" not in text
    assert "@" not in text
    assert "{" not in text


@pytest.mark.parametrize("code", CODES)
def test_an_application_is_never_sent_to_sign_in(code: int) -> None:
    """`calsight connect outlook` says that there is nothing to sign in to, and so the two would point at each other."""
    row = next(row for row in TABLE if code in row.codes)
    if "{sign_in}" in (row.application or row.sentence):
        assert row.codes <= {65004, 70019, 50055, 50135, 50144, 50053, 50126, 50056}, (
            "a person's own, never an application's"
        )
    else:
        assert "calsight connect" not in str(said(code, application=True))


def test_no_code_has_two_causes() -> None:
    assert len(CODES) == len(set(CODES))
    assert not TRANSIENT & set(CODES)
    for one, other in combinations(TABLE, 2):
        assert not one.errors & other.errors


@pytest.mark.parametrize(
    ("code", "error", "sentence"),
    [
        (50194, SettingsError, r'authority = "https://login.microsoftonline.com/TENANT"'),
        (9002331, SettingsError, r'authority = "https://login.microsoftonline.com/consumers"'),
        (9002332, SettingsError, r'authority = "https://login.microsoftonline.com/organizations"'),
        (50105, PermissionMissingError, "Users and groups"),
        (90072, SettingsError, "invite yours as a guest"),
        (500200, SettingsError, "personal Microsoft account"),
        (50055, NotSignedInError, "password of this account has expired"),
        (530033, NotSignedInError, "Conditional Access"),
        (53003, NotSignedInError, "Conditional Access"),
        (7000218, SettingsError, "Allow public client flows"),
        (650057, SettingsError, "API permissions"),
        (90094, PermissionMissingError, "administrator only"),
        (65004, NotSignedInError, "did not give your consent"),
    ],
)
def test_what_people_met(code: int, error: type[CalsightError], sentence: str) -> None:
    raised = said(code)
    assert type(raised) is error
    assert sentence in str(raised)


@pytest.mark.parametrize("code", sorted(TRANSIENT))
def test_trouble_of_microsoft_s_own_passes(code: int) -> None:
    assert isinstance(said(code), Transient)


@pytest.mark.parametrize("error", ["temporarily_unavailable", "server_error"])
def test_trouble_without_a_code_passes(error: str) -> None:
    assert isinstance(refused({"error": error}, MICROSOFT, application=False), Transient)


def test_a_code_that_nobody_knows_can_be_looked_up() -> None:
    assert "https://login.microsoftonline.com/error?code=12345)" in str(said(12345, "something_new"))


def test_an_application_without_consent_is_told_so() -> None:
    assert "has not granted this application" in str(said(65001, application=True))


# --- the login host in trouble ------------------------------------------------------------------------------------------------

Make = Callable[..., OutlookConnector]


@pytest.fixture
def make(graph: FakeGraph, login: FakeLogin, tmp_path: Path, waits: Waits) -> Make:
    def made(**settings: Any) -> OutlookConnector:
        given = {"api_endpoint": graph.url, "client_id": CLIENT, **settings}
        context = ConnectorContext(given, state_dir=tmp_path / "state")
        return OutlookConnector(context, policy=waits.policy, session=login.session)

    return made


def read(connector: OutlookConnector, reference: str = "") -> int:
    (calendar,) = connector.calendars(reference)
    return sum(len(page.events) for page in connector.fetch(calendar, WINDOW))


def signed_in(make: Make) -> None:
    make().connect(interactive=False, say=lambda text: None)


HTML = {"Content-Type": "text/html"}
DOWN = [
    Trouble(Answer(500, HTML, b"<html>oops</html>")),
    Trouble(Answer(502, HTML, b"")),
    Trouble(Answer(503, HTML, b"<html>busy</html>")),
    Trouble(Answer(504, HTML, b"<html>late</html>")),
    Trouble(Answer(200, HTML, b"<html>a proxy wants a word</html>")),
    Trouble(cut_after=0),
]


@pytest.mark.parametrize("path", ["/openid-configuration", "/token"])
@pytest.mark.parametrize("trouble", DOWN)
def test_it_is_asked_again_while_reading(
    graph: FakeGraph, login: FakeLogin, make: Make, waits: Waits, path: str, trouble: Trouble
) -> None:
    signed_in(make)
    graph.grants.clear()
    login.trouble(trouble, trouble, path=path)
    assert read(make()) == 0
    assert waits.now > 0


@pytest.mark.parametrize("trouble", DOWN)
def test_and_while_signing_in(login: FakeLogin, make: Make, waits: Waits, trouble: Trouble) -> None:
    login.trouble(trouble, trouble, path="/openid-configuration")
    signed_in(make)
    assert make().status() == "signed in"
    assert waits.now > 0


def test_when_it_stays_down_that_is_said(graph: FakeGraph, login: FakeLogin, make: Make) -> None:
    signed_in(make)
    graph.grants.clear()
    login.storm = lambda number, request: Trouble(Answer(503, HTML, b"<html>busy</html>"))
    with pytest.raises(ServerTroubleError, match="Microsoft's sign-in servers are in trouble"):
        read(make())
    with pytest.raises(ServerTroubleError, match="Microsoft's sign-in servers are in trouble"):
        signed_in(make)


# --- continuous access evaluation ---------------------------------------------------------------------------------------------


class TestClaimsChallenge:
    def test_it_is_met_once(self, graph: FakeGraph, login: FakeLogin, make: Make) -> None:
        signed_in(make)
        connector = make()
        assert read(connector) == 0
        graph.challenge = "1604106651"
        login.requests.clear()
        assert read(connector) == 0
        assert [request.form["grant_type"] for request in login.asked("/token")] == ["refresh_token"]
        assert "1604106651" in login.asked("/token")[0].form["claims"]

    def test_by_an_application_too(self, graph: FakeGraph, login: FakeLogin, make: Make) -> None:
        login.mailboxes = (ME,)
        connector = make(client_secrets=login.secret, authority=f"https://login.microsoftonline.com/{TENANT}")
        assert read(connector, ME) == 0
        graph.challenge = "1604106651"
        assert read(connector, ME) == 0

    def test_then_it_is_explained(self, graph: FakeGraph, login: FakeLogin, make: Make, waits: Waits) -> None:
        signed_in(make)
        graph.challenge, login.meets_claims = "1604106651", False
        with pytest.raises(
            NotSignedInError, match=r"device or its network has changed .* Sign in anew: calsight connect"
        ):
            read(make())
        assert waits.now == 0

    def test_a_refusal_of_the_login_host_says_why(self, graph: FakeGraph, login: FakeLogin, make: Make) -> None:
        signed_in(make)
        graph.challenge, login.refusal = "1604106651", entra_error(53003)
        with pytest.raises(NotSignedInError, match="Conditional Access"):
            read(make())

    def test_a_ready_token_cannot_meet_it(self, graph: FakeGraph, make: Make) -> None:
        graph.challenge = "1604106651"
        with pytest.raises(NotSignedInError, match="Give a new access token"):
            read(make(access_token=graph.token()))

    @pytest.mark.parametrize("header", ["Basic x", "Bearer", 'Bearer claims="%%"', 'Bearer claims="W10="', "Negotiate"])
    def test_what_is_no_challenge_is_a_plain_refusal(self, graph: FakeGraph, make: Make, header: str) -> None:
        signed_in(make)
        answer = Answer(401, {"WWW-Authenticate": header, "Content-Type": "application/json"}, b"{}")
        graph.storm = lambda number, request: Trouble(answer)
        with pytest.raises(NotSignedInError, match="does not accept the sign-in any more"):
            read(make())


# --- Windows ------------------------------------------------------------------------------------------------------------------


class Dpapi:
    """What msal-extensions has for Windows, without Windows: what is written cannot be read in the file."""

    is_encrypted = True

    def __init__(self, location: str) -> None:
        self.path = Path(location)

    def save(self, content: str) -> None:
        self.path.write_bytes(content.encode()[::-1])

    def load(self) -> str:
        if not self.path.exists():
            raise cache.PersistenceNotFound
        return self.path.read_bytes()[::-1].decode()

    def time_last_modified(self) -> float:
        if not self.path.exists():
            raise cache.PersistenceNotFound
        return self.path.stat().st_mtime

    def get_location(self) -> str:
        return str(self.path)


class TestOnWindows:
    """Its keyring is too small for msal's cache, so that lies in a file that only the user's account can decrypt."""

    @pytest.fixture(autouse=True)
    def windows(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(cache, "_on_windows", lambda: True)
        monkeypatch.setattr(cache, "FilePersistenceWithDataProtection", Dpapi)

    def test_signed_in_read_and_forgotten(self, make: Make, ring: MemoryKeyring, tmp_path: Path) -> None:
        path, heard = tmp_path / "state/signin/outlook.bin", []
        make().connect(interactive=False, say=heard.append)
        assert heard[-1] == f"Signed in to Microsoft. The sign-in is kept in {path} (encrypted for you)."
        assert b"RefreshToken" not in path.read_bytes()
        assert ring.kept == {}
        assert make().status() == "signed in"
        assert read(make()) == 0
        make().disconnect()
        assert not path.exists()
        assert make().status().startswith("not signed in")

    def test_what_cannot_be_decrypted_is_no_sign_in(self, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        signed_in(make)

        def broken(self: Dpapi) -> str:
            raise cache.PersistenceDecryptionError(err_no=13, message="another account's")

        monkeypatch.setattr(Dpapi, "load", broken)
        assert make().status().startswith("not signed in")

    def test_a_plain_file_where_one_asks_for_it(self, make: Make, tmp_path: Path) -> None:
        make(token_file=True).connect(interactive=False, say=lambda text: None)
        assert (tmp_path / "state/signin/outlook.json").exists()
        assert not (tmp_path / "state/signin/outlook.bin").exists()
        assert make(token_file=True).status() == "signed in"

    def test_without_a_state_folder_the_keyring_is_all_there_is(self) -> None:
        assert "keyring" in cache.check(SignIns(None))
