"""Signing in to Microsoft: in the browser, with a code, as an application, with a ready token; staying so, and leaving."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from api_support import MONDAY, WINDOW, Waits, self_signed, user_who
from calsight.errors import CalsightError, NotSignedInError, PermissionMissingError, ServerTroubleError, SettingsError
from calsight.protocols import ConnectorContext
from calsight_outlook import OutlookConnector, auth
from fakes.graph import WORK, FakeGraph
from fakes.graph_items import ME, event
from fakes.login import CLIENT, TENANT, FakeLogin, entra_error
from fakes.server import Answer, Trouble
from keyring_support import MemoryKeyring

Make = Callable[..., OutlookConnector]


@pytest.fixture
def login(graph: FakeGraph) -> Iterator[FakeLogin]:
    graph.put(WORK, event("a", MONDAY, subject="Salary"))
    with FakeLogin(graph) as fake:
        yield fake


@pytest.fixture
def make(graph: FakeGraph, login: FakeLogin, tmp_path: Path, waits: Waits) -> Make:
    """Makes connectors that know the fakes and their registration, and that are signed in to nothing."""

    def made(**settings: Any) -> OutlookConnector:
        if "client_secrets" in settings or "certificate" in settings:
            settings.setdefault("authority", f"https://login.microsoftonline.com/{TENANT}")
        given = {"api_endpoint": graph.url, "client_id": CLIENT, **settings}
        context = ConnectorContext(given, state_dir=tmp_path / "state")
        return OutlookConnector(context, policy=waits.policy, session=login.session)

    return made


@pytest.fixture(autouse=True)
def browser(login: FakeLogin, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A browser whose user is Ana."""
    with user_who(login.visit, monkeypatch) as visited:
        yield visited


def keys(connector: OutlookConnector, reference: str = "") -> list[str]:
    (calendar,) = connector.calendars(reference)
    return [one.key for page in connector.fetch(calendar, WINDOW) for one in page.events]


def quietly(text: str) -> None:
    """Nobody listens."""


class TestInTheBrowser:
    def test_sign_in_read_and_leave(
        self, login: FakeLogin, make: Make, ring: MemoryKeyring, browser: list[str]
    ) -> None:
        said: list[str] = []
        assert make().status() == "not signed in: calsight connect outlook"
        make().connect(interactive=True, say=said.append)
        assert len(browser) == 1
        assert said[-1] == "Signed in to Microsoft. The sign-in is kept in the keyring (keyring support MemoryKeyring)."
        assert make().status() == "signed in"
        assert keys(make()) == ["a"]
        make().disconnect()
        assert ring.kept == {}
        with pytest.raises(NotSignedInError, match="calsight connect outlook"):
            keys(make())

    def test_the_least_consent_is_asked_for(self, make: Make, browser: list[str]) -> None:
        make().connect(interactive=True, say=quietly)
        scope = requests.compat.unquote_plus(browser[0])  # type: ignore[attr-defined]
        assert "https://graph.microsoft.com/Calendars.Read" in scope
        assert "Write" not in scope
        assert "/common/oauth2/" in scope

    def test_a_token_is_used_as_long_as_it_lasts(self, login: FakeLogin, make: Make) -> None:
        make().connect(interactive=True, say=quietly)
        login.requests.clear()
        connector = make()
        keys(connector)
        keys(connector)
        assert login.asked("/token") == []

    def test_another_account_takes_the_place_of_the_first(self, graph: FakeGraph, login: FakeLogin, make: Make) -> None:
        make().connect(interactive=True, say=quietly)
        graph.add_user("bo@example.com", "Bo", calendar="bos")
        graph.put("bos", event("of-bo", MONDAY))
        login.user = "bo@example.com"
        make().connect(interactive=True, say=quietly)
        assert keys(make()) == ["of-bo"]


class TestWithACode:
    def test_it_is_typed_on_another_device(self, login: FakeLogin, make: Make, browser: list[str]) -> None:
        login.pending = 3
        said: list[str] = []
        make().connect(interactive=False, say=said.append)
        assert said[0] == "On any device visit https://microsoft.com/devicelogin and type the code ABCD1234"
        assert browser == []
        assert len(login.asked("/token")) == 4
        assert keys(make()) == ["a"]

    def test_an_unknown_registration(self, make: Make) -> None:
        with pytest.raises(SettingsError, match="does not let this app registration sign in"):
            make(client_id="other").connect(interactive=False, say=quietly)

    def test_the_code_expired(self, login: FakeLogin, make: Make) -> None:
        login.refusal = entra_error(70019, "expired_token")
        with pytest.raises(NotSignedInError, match="expired before anybody typed it"):
            make().connect(interactive=False, say=quietly)


class TestApplication:
    """A tenant's mailboxes, without a user."""

    def test_with_a_secret(self, login: FakeLogin, make: Make) -> None:
        login.mailboxes = (ME,)
        connector = make(client_secrets=login.secret)
        assert keys(connector, ME) == ["a"]
        assert connector.status() == "signed in (application)"
        assert len(login.asked("/token")) == 1

    def test_the_secret_may_be_in_a_file(self, login: FakeLogin, make: Make, tmp_path: Path) -> None:
        login.mailboxes = (ME,)
        path = tmp_path / "secret"
        path.write_text(f"{login.secret}\n")
        assert keys(make(client_secrets=path), ME) == ["a"]

    def test_with_a_certificate(self, login: FakeLogin, make: Make, certificate: tuple[Path, str]) -> None:
        login.mailboxes = (ME,)
        path, login.certificate = certificate
        assert keys(make(certificate=path), ME) == ["a"]

    def test_with_a_certificate_that_was_replaced(
        self, login: FakeLogin, make: Make, certificate: tuple[Path, str]
    ) -> None:
        login.certificate = self_signed("another").public
        with pytest.raises(NotSignedInError, match="secret or certificate"):
            keys(make(certificate=certificate[0]), ME)

    def test_a_wrong_secret(self, make: Make) -> None:
        with pytest.raises(NotSignedInError, match="wrong or has expired"):
            keys(make(client_secrets="x"), ME)

    def test_it_signs_in_to_one_tenant(self, make: Make) -> None:
        with pytest.raises(SettingsError, match="signs in to one tenant"):
            keys(make(client_secrets="x", authority="https://login.microsoftonline.com/common"), ME)

    def test_a_mailbox_that_it_may_not_read(self, login: FakeLogin, make: Make) -> None:
        with pytest.raises(PermissionMissingError, match="RBAC for Applications"):
            keys(make(client_secrets=login.secret), ME)

    def test_its_token_is_renewed(self, graph: FakeGraph, login: FakeLogin, make: Make) -> None:
        login.mailboxes = (ME,)
        connector = make(client_secrets=login.secret)
        keys(connector, ME)
        graph.grants.clear()
        assert keys(connector, ME) == ["a"]

    def test_a_file_that_is_no_certificate(self, make: Make, tmp_path: Path) -> None:
        with pytest.raises(SettingsError, match="not a PEM file"):
            keys(make(certificate=tmp_path / "none.pem"), ME)

    def test_there_is_nothing_to_connect(self, login: FakeLogin, make: Make, browser: list[str]) -> None:
        make(client_secrets=login.secret).connect(interactive=True, say=quietly)
        assert browser == []


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A PEM file with certificate and key, and the public key."""
    made = self_signed("calsight test")
    path = tmp_path_factory.mktemp("certificate") / "app.pem"
    path.write_text(made.private + made.certificate)
    return path, made.public


class TestNationalClouds:
    @pytest.mark.parametrize(
        ("host", "graph_host"),
        [
            ("login.microsoftonline.us", "graph.microsoft.us"),
            ("login.partner.microsoftonline.cn", "microsoftgraph.chinacloudapi.cn"),
        ],
    )
    def test_the_authority_says_where_graph_is(self, host: str, graph_host: str) -> None:
        settings = auth.OutlookSettings.of({"authority": f"https://{host}/contoso"}, {})
        assert settings.api_endpoint == f"https://{graph_host}/v1.0"
        assert settings.scopes[0] == f"https://{graph_host}/Calendars.Read"

    def test_signing_in_to_one(self, login: FakeLogin, make: Make, browser: list[str]) -> None:
        make(authority="https://login.microsoftonline.us/common").connect(interactive=True, say=quietly)
        assert browser[0].startswith("https://login.microsoftonline.us/common/oauth2/v2.0/authorize?")
        assert {one.headers["x-meant-for"] for one in login.requests} == {"login.microsoftonline.us"}


class TestSettings:
    @pytest.mark.parametrize(
        ("settings", "sentence"),
        [
            ({"client_ids": "x"}, "Did you mean 'client_id'"),
            ({"client_id": 3}, "client_id must be a text"),
            ({"access_token": 7}, "access_token must be a text"),
        ],
    )
    def test_what_is_wrong_is_said(self, settings: dict[str, Any], sentence: str) -> None:
        with pytest.raises(SettingsError, match=sentence):
            auth.OutlookSettings.of(settings, {})

    @pytest.mark.parametrize(
        "address", ["http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1/v1.0", "https://x.example"]
    )
    def test_plain_http_on_this_machine_only(self, address: str) -> None:
        assert auth.OutlookSettings.of({"api_endpoint": address}, {}).api_endpoint.endswith("/v1.0")

    def test_without_a_client_id_the_way_to_one_is_shown(self, make: Make) -> None:
        with pytest.raises(SettingsError, match=r"steps are above"):
            make(client_id="").connect(interactive=True, say=quietly)


# --- why not ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refusal", "error", "sentence"),
    [
        (entra_error(53003), NotSignedInError, "Conditional Access"),
        (entra_error(53000, "interaction_required"), NotSignedInError, "managed device"),
        (entra_error(50158, suberror="additional_action"), NotSignedInError, "Conditional Access"),
        (entra_error(50076), NotSignedInError, "second factor"),
        (entra_error(65001, suberror="consent_required"), PermissionMissingError, "Your consent to Calendars.Read"),
        (entra_error(90094), PermissionMissingError, "administrator only consent"),
        (entra_error(700082), NotSignedInError, "has expired"),
        (entra_error(50173), NotSignedInError, "revoked this sign-in"),
        (entra_error(700016, "unauthorized_client"), SettingsError, "client_id and authority"),
        (entra_error(90002), SettingsError, "no such tenant"),
        (entra_error(50057), NotSignedInError, "disabled"),
        (entra_error(9002313), NotSignedInError, "ended this sign-in"),
        (entra_error(12345, "something_new"), NotSignedInError, r"refused the sign-in \(AADSTS12345: https://login"),
    ],
)
def test_each_cause_has_its_own_sentence(
    graph: FakeGraph, login: FakeLogin, make: Make, refusal: Answer, error: type[CalsightError], sentence: str
) -> None:
    make().connect(interactive=True, say=quietly)
    graph.grants.clear()
    login.refusal = refusal
    with pytest.raises(error, match=sentence) as caught:
        keys(make())
    assert "ana@example.com" not in str(caught.value)
    assert "Trace ID" not in str(caught.value)


def test_the_login_hosts_trouble_is_weathered(graph: FakeGraph, login: FakeLogin, make: Make, waits: Waits) -> None:
    make().connect(interactive=True, say=quietly)
    graph.grants.clear()
    login.trouble(Trouble(cut_after=0), Trouble(cut_after=5), path="/openid-configuration")
    assert keys(make()) == ["a"]
    assert waits.now > 0


def test_signing_in_while_the_login_host_cannot_be_reached(login: FakeLogin, make: Make) -> None:
    login.storm = lambda number, request: Trouble(cut_after=0)
    with pytest.raises(ServerTroubleError, match="broke"):
        make().connect(interactive=True, say=quietly)


def test_an_authority_that_is_none(login: FakeLogin, make: Make) -> None:
    login.trouble(Trouble(Answer.json({"error": "invalid_tenant"}, 400)), path="/openid-configuration")
    with pytest.raises(SettingsError, match="Check the tenant"):
        make(authority="https://login.microsoftonline.com/nope").connect(interactive=False, say=quietly)


# --- eight processes, one cache -----------------------------------------------------------------------------------------------


def _write(folder: str, number: int, times: int) -> None:
    """One process that gets tokens for accounts of its own, again and again."""
    from calsight.kit.signins import SignIns
    from calsight_outlook.cache import token_cache

    cache = token_cache(SignIns(Path(folder), in_file=True))
    for time in range(times):
        who = f"{number}-{time}"
        info = {"uid": who, "utid": TENANT}
        cache.add(
            {
                "client_id": CLIENT,
                "scope": ["Calendars.Read"],
                "token_endpoint": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
                "response": {
                    "access_token": f"at-{who}",
                    "refresh_token": f"rt-{who}",
                    "expires_in": 3600,
                    "client_info": __import__("base64").urlsafe_b64encode(json.dumps(info).encode()).decode(),
                },
            }
        )


def test_eight_processes_lose_no_entry(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    processes = [context.Process(target=_write, args=(str(tmp_path), number, 1)) for number in range(8)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    kept = json.loads((tmp_path / "signin/outlook.json").read_text())
    wanted = {f"rt-{number}-{time}" for number in range(8) for time in range(1)}
    assert {entry["secret"] for entry in kept["RefreshToken"].values()} == wanted
    assert len(kept["AccessToken"]) == len(wanted)


def test_a_token_that_ends_soon_is_renewed_before(login: FakeLogin, make: Make) -> None:
    login.expires_in = 60
    make().connect(interactive=True, say=quietly)
    login.requests.clear()
    keys(make())
    assert len(login.asked("/token")) > 1
