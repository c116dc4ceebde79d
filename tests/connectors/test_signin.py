"""Signing in to any service with OAuth: staying so, leaving, what is kept where, and what goes wrong.

What only one of them does stands in `test_auth.py` of each.
"""

from __future__ import annotations

import logging
import stat
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import keyring
import pytest
import requests
from keyring.backends import fail

import calsight_google.auth
import calsight_outlook.auth
import fakes.google_items
import fakes.graph_items
from api_support import MONDAY, WINDOW, Waits, no_browser, user_who
from calsight.errors import NotSignedInError, SettingsError
from calsight.kit.quiet import quiet
from calsight.protocols import Connector, ConnectorContext, SignsIn
from calsight_google import GoogleConnector
from calsight_outlook import OutlookConnector
from fakes.google import FakeGoogle
from fakes.graph import WORK, FakeGraph
from fakes.graph_items import ME
from fakes.login import CLIENT, FakeLogin
from fakes.server import Answer
from keyring_support import MemoryKeyring


class Made(Connector, SignsIn):
    """What the tests ask of a connector."""


@dataclass
class Service:
    """A service with one entry "a" (Salary) in the calendar of Ana, who consents to all in her browser."""

    name: str
    auth: ModuleType
    settings: type[Any]
    kind: type[Any]
    #: Of a connector that knows the service and its client, and is signed in to nothing; with settings of one's own.
    make: Callable[..., Any]
    visit: Callable[[str], object]
    token: Callable[[], str]
    #: Ends all access tokens, as time does; ends the sign-ins, as their user may.
    expire: Callable[[], None]
    revoke: Callable[[], None]
    refuse_consent: Callable[[], None]
    endpoint: str
    secrets: tuple[str, ...]
    #: What may stand in the place of a sign-in and is none.
    senseless: tuple[str, ...]
    visiting: list[threading.Thread] = field(default_factory=list)

    def read(self, connector: Any = None) -> list[str]:
        """The keys of the entries, anew."""
        connector = connector or self.make()
        (calendar,) = connector.calendars("")
        return [event.key for page in connector.fetch(calendar, WINDOW) for event in page.events]

    def sign_in(self, *, interactive: bool = True, **settings: Any) -> list[str]:
        """What it says. Where it shows an address to be visited elsewhere, somebody does."""
        said: list[str] = []

        def say(text: str) -> None:
            said.append(text)
            if "paste it here" in text:
                address = next(word for word in text.split() if word.startswith("http"))
                self.visiting.append(threading.Thread(target=self.visit, args=(address,)))
                self.visiting[-1].start()

        self.make(**settings).connect(interactive=interactive, say=say)
        return said

    @property
    def command(self) -> str:
        return f"calsight connect {self.name}"


def _google(google: FakeGoogle, folder: Path, waits: Waits) -> Service:
    google.put(ME, fakes.google_items.item("a", MONDAY, summary="Salary"))

    def make(**settings: Any) -> GoogleConnector:
        settings = {"api_endpoint": google.url, "client_secrets": str(google.client_file(folder)), **settings}
        return GoogleConnector(ConnectorContext(settings, state_dir=folder / "state"), policy=waits.policy)

    def visit(url: str) -> None:
        with quiet("urllib3"), requests.Session() as session:  # what a browser would log is not ours
            session.get(url).raise_for_status()

    return Service(
        name="google",
        auth=calsight_google.auth,
        settings=calsight_google.auth.GoogleSettings,
        kind=GoogleConnector,
        make=make,
        visit=visit,
        token=google.token,
        expire=google.expire_access_tokens,
        revoke=google.revoke_all,
        refuse_consent=lambda: setattr(google, "consent", lambda scopes: None),
        endpoint=f"{google.url}/calendar/v3/",
        secrets=("ya29.", "1//", "client-secret", "code=", ME, "Salary"),
        senseless=("not JSON", "[]", "{}", '{"refresh_token": "1//x"}'),
    )


def _outlook(graph: FakeGraph, login: FakeLogin, folder: Path, waits: Waits) -> Service:
    graph.put(WORK, fakes.graph_items.event("a", MONDAY, subject="Salary"))

    def make(**settings: Any) -> OutlookConnector:
        context = ConnectorContext(
            {"api_endpoint": graph.url, "client_id": CLIENT, **settings}, state_dir=folder / "state"
        )
        return OutlookConnector(context, policy=waits.policy, session=login.session)

    refusal = Answer.json({"error": "access_denied", "error_description": "the user canceled"}, 400)
    return Service(
        name="outlook",
        auth=calsight_outlook.auth,
        settings=calsight_outlook.auth.OutlookSettings,
        kind=OutlookConnector,
        make=make,
        visit=login.visit,
        token=graph.token,
        expire=graph.grants.clear,
        revoke=login.revoke_all,
        refuse_consent=lambda: setattr(login, "refusal", refusal),
        endpoint=graph.origin,
        secrets=("eyJ0", "0.AX", "Salary", ME, "ana%40"),
        senseless=("not JSON", "[]", "{}", '{"RefreshToken": {}}'),
    )


@pytest.fixture(params=["google", "outlook"])
def service(request: pytest.FixtureRequest, tmp_path: Path, waits: Waits) -> Iterator[Service]:
    if request.param == "google":
        made = _google(request.getfixturevalue("google"), tmp_path, waits)
        yield made
    else:
        graph = request.getfixturevalue("graph")
        with FakeLogin(graph) as login:
            made = _outlook(graph, login, tmp_path, waits)
            yield made
    for thread in made.visiting:
        thread.join()


@pytest.fixture(autouse=True)
def browser(service: Service, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Ana's."""
    with user_who(service.visit, monkeypatch) as visited:
        yield visited


def test_sign_in_read_and_leave(service: Service, ring: MemoryKeyring, browser: list[str]) -> None:
    assert service.make().status() == f"not signed in: {service.command}"
    with pytest.raises(NotSignedInError, match=service.command):
        service.read()
    said = service.sign_in()
    assert len(browser) == 1
    assert "code_challenge_method=S256" in browser[0]
    assert said[-1].endswith("The sign-in is kept in the keyring (keyring support MemoryKeyring).")
    assert service.make().status() == "signed in"
    assert service.read() == ["a"]
    service.make().disconnect()
    assert ring.kept == {}
    assert service.make().status() == f"not signed in: {service.command}"
    with pytest.raises(NotSignedInError, match=service.command):
        service.read()


def test_an_access_token_that_has_ended_is_renewed(service: Service) -> None:
    service.sign_in()
    connector = service.make()
    assert service.read(connector) == ["a"]
    service.expire()
    assert service.read(connector) == ["a"]


def test_a_machine_without_any_browser_needs_no_option(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    no_browser(monkeypatch)
    service.sign_in()
    assert service.read() == ["a"]


def test_without_a_browser_the_way_is_shown(service: Service, browser: list[str]) -> None:
    assert "http" in service.sign_in(interactive=False)[0]
    assert browser == []
    assert service.read() == ["a"]


def test_no_consent(service: Service, ring: MemoryKeyring) -> None:
    service.refuse_consent()
    with pytest.raises(NotSignedInError, match="did not give your consent"):
        service.sign_in()
    assert "refresh" not in str(ring.kept).lower()
    assert service.make().status() == f"not signed in: {service.command}"


def test_nobody_signs_in(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service.auth, "PATIENCE", 0.2)
    monkeypatch.setattr("webbrowser.open", lambda address: True)
    monkeypatch.setattr("webbrowser.get", lambda using=None: type("Idle", (), {"open": lambda self, *_, **__: True})())
    with pytest.raises(NotSignedInError, match="Nobody signed in"):
        service.sign_in()


def test_in_a_file_where_there_is_no_keyring(service: Service, tmp_path: Path, browser: list[str]) -> None:
    keyring.set_keyring(fail.Keyring())
    with pytest.raises(NotSignedInError, match="--token-file"):
        service.sign_in()
    assert browser == []  # nobody is sent there in vain
    said = service.sign_in(token_file=True)
    path = tmp_path / "state/signin" / f"{service.name}.json"
    assert str(path) in said[-1]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or sys.platform == "win32"
    assert service.read() == ["a"]
    service.make().disconnect()
    assert not path.exists()


def test_in_a_file_that_was_asked_for(service: Service, ring: MemoryKeyring) -> None:
    service.sign_in(token_file=True)
    assert ring.kept == {}
    assert service.read(service.make(token_file=True)) == ["a"]


def test_what_makes_no_sense_is_no_sign_in(service: Service, ring: MemoryKeyring) -> None:
    for kept in service.senseless:
        ring.set_password("calsight", service.name, kept)
        assert service.make().status() == f"not signed in: {service.command}"
        with pytest.raises(NotSignedInError, match="not signed in"):
            service.read()


def test_leaving_twice_is_fine(service: Service) -> None:
    service.make().disconnect()
    service.sign_in()
    service.revoke()  # by the user, on the service's own page
    service.make().disconnect()
    assert service.make().status() == f"not signed in: {service.command}"


def test_a_sign_in_that_was_ended_is_said_at_once(service: Service, waits: Waits) -> None:
    service.sign_in()
    service.revoke()
    with pytest.raises(NotSignedInError, match=f"anew: {service.command}|revoked this sign-in") as caught:
        service.read()
    assert waits.now == 0
    for secret in service.secrets:
        assert secret not in str(caught.value)


def test_nothing_secret_is_logged(
    service: Service, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        said = service.sign_in()
        service.read()
        service.revoke()
        with pytest.raises(NotSignedInError) as caught:
            service.read()
        service.make().disconnect()
    told = [record.getMessage() + str(record.exc_info) for record in caplog.records]
    for text in [*told, *capfd.readouterr(), str(caught.value), *said[1:]]:
        for secret in service.secrets:
            assert secret not in text


class TestReadyTokens:
    def test_from_the_environment(self, service: Service, waits: Waits, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(f"CALSIGHT_{service.name.upper()}_ACCESS_TOKEN", service.token())
        monkeypatch.setenv(f"CALSIGHT_{service.name.upper()}_API_ENDPOINT", service.endpoint)
        connector = service.kind(ConnectorContext(), policy=waits.policy)
        assert service.read(connector) == ["a"]
        assert connector.status() == "signed in (with a token that was given)"

    def test_a_callable_is_asked_again_when_its_token_ends(self, service: Service) -> None:
        given: list[str] = []
        ended: list[bool] = [True]

        def token() -> str:
            if ended.pop() if ended else False:
                given.append(service.token())
            return given[-1]

        connector = service.make(access_token=token)
        assert service.read(connector) == ["a"]
        service.expire()
        ended.append(True)
        assert service.read(connector) == ["a"]
        assert len(given) == 2

    def test_a_token_that_has_ended_is_said(self, service: Service) -> None:
        connector = service.make(access_token=service.token())
        service.revoke()
        with pytest.raises(NotSignedInError, match=r"expired or was refused|does not accept the sign-in any more"):
            service.read(connector)


class TestSettings:
    @pytest.mark.parametrize(
        ("settings", "sentence"),
        [
            ({"token_files": True}, "no setting 'token_files'. Did you mean 'token_file'?"),
            ({"zzz": 1}, "no setting 'zzz'."),
            ({"token_file": "yes"}, "token_file must be true or false"),
            ({"scopes": "calendar"}, "scopes must be a list"),
            ({"scopes": [3]}, "scopes must be a list"),
            ({"client_secrets": 3}, "client_secrets must be"),
            ({"api_endpoint": "http://example.com/"}, "api_endpoint must begin with https://"),
            ({"api_endpoint": "ftp://localhost/"}, "api_endpoint must begin with https://"),
            ({"authority": "example.com"}, "authority must begin with https://"),
        ],
    )
    def test_what_is_wrong_is_said(self, service: Service, settings: dict[str, Any], sentence: str) -> None:
        with pytest.raises(SettingsError, match=sentence):
            service.settings.of(settings, {})

    @pytest.mark.parametrize(
        "address", ["https://x.example", "http://localhost:4", "http://127.3.2.1/", "http://[::1]:8/"]
    )
    def test_plain_http_on_this_machine_only(self, service: Service, address: str) -> None:
        assert service.settings.of({"api_endpoint": address}, {}).api_endpoint.startswith(address.rstrip("/"))
