"""Signing in to Google: in the browser, with a service account, with a ready token; staying so, and leaving."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from google.oauth2.credentials import Credentials

from api_support import Certificate, Waits, self_signed, user_who
from calsight.errors import NotSignedInError, PermissionMissingError, ServerTroubleError, SettingsError
from calsight.kit.quiet import quiet
from calsight.protocols import ConnectorContext
from calsight_google import GoogleConnector, auth
from fakes.google import READ, FakeGoogle
from google_support import ME
from keyring_support import MemoryKeyring

Make = Callable[..., GoogleConnector]


@pytest.fixture
def make(google: FakeGoogle, tmp_path: Path, waits: Waits) -> Make:
    """Makes connectors that know the fake and its client file, and that are signed in to nothing."""

    def made(**settings: Any) -> GoogleConnector:
        settings = {"api_endpoint": google.url, "client_secrets": str(google.client_file(tmp_path)), **settings}
        return GoogleConnector(ConnectorContext(settings, state_dir=tmp_path / "state"), policy=waits.policy)

    return made


@pytest.fixture(autouse=True)
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """A browser whose user consents at once: it visits the address and follows the redirect, in a thread of its own."""
    with user_who(_visit, monkeypatch) as visited:
        yield visited


def _visit(url: str) -> None:
    with quiet("urllib3"), requests.Session() as session:  # what a browser would log is not ours
        answer = session.get(url)
        answer.raise_for_status()


def sign_in(connector: GoogleConnector, *, interactive: bool = True) -> list[str]:
    said: list[str] = []
    connector.connect(interactive=interactive, say=said.append)
    return said


class TestInTheBrowser:
    def test_sign_in_read_and_leave(
        self, google: FakeGoogle, make: Make, ring: MemoryKeyring, browser: list[str]
    ) -> None:
        connector = make()
        assert connector.status() == "not signed in: calsight connect google"
        with pytest.raises(NotSignedInError, match="calsight connect google"):
            connector.calendars("")
        said = sign_in(connector)
        assert browser[0] in said[0]
        assert "the keyring" in said[-1]
        assert "code_challenge_method=S256" in browser[0]
        assert make().status() == "signed in"
        assert make().calendars("")[0].id == ME
        make().disconnect()
        assert google.refresh_tokens == []
        assert ring.kept == {}
        assert make().status() == "not signed in: calsight connect google"

    def test_the_least_consent_is_asked_for(self, make: Make, browser: list[str]) -> None:
        sign_in(make())
        query = requests.models.PreparedRequest()
        query.prepare_url(browser[0], None)
        scopes = dict(part.split("=") for part in browser[0].split("?")[1].split("&"))["scope"]
        assert scopes.replace("%3A", ":").replace("%2F", "/").split("+") == READ.split()

    def test_what_is_kept_is_the_refresh_token_not_the_access_token(self, make: Make, ring: MemoryKeyring) -> None:
        sign_in(make())
        (kept,) = ring.kept.values()
        assert "1//" in kept
        assert "ya29" not in kept

    def test_without_a_browser_the_address_is_shown(self, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        threads: list[threading.Thread] = []
        said: list[str] = []

        def say(text: str) -> None:
            said.append(text)
            if "paste it here" in text:
                address = next(word for word in text.split() if word.startswith("http"))
                threads.append(threading.Thread(target=_visit, args=(address,)))
                threads[-1].start()

        make().connect(interactive=False, say=say)
        for thread in threads:
            thread.join()
        assert len(threads) == 1
        assert make().status() == "signed in"

    def test_half_a_consent_names_what_is_missing(self, google: FakeGoogle, make: Make, ring: MemoryKeyring) -> None:
        google.consent = lambda scopes: scopes.split()[1]
        with pytest.raises(PermissionMissingError, match=r"missing for: calendar\.events\.readonly\. Sign in again"):
            sign_in(make())
        assert ring.kept == {}

    def test_more_consent_than_asked_for_is_fine(self, google: FakeGoogle, make: Make) -> None:
        google.consent = lambda scopes: scopes + " https://www.googleapis.com/auth/calendar.freebusy"
        sign_in(make())
        assert make().status() == "signed in"

    def test_an_unknown_client(self, google: FakeGoogle, make: Make) -> None:
        connector = make()
        google.client = (google.client[0], "another secret")
        with pytest.raises(NotSignedInError, match="does not know this OAuth client any more"):
            sign_in(connector)

    def test_the_authority_may_be_another(self, google: FakeGoogle, make: Make) -> None:
        google_id, secret = google.client
        connector = make(client_id=google_id, client_secrets=secret, authority=google.url)
        sign_in(connector)
        assert make().calendars("")[0].id == ME

    def test_an_authority_that_is_none(self, google: FakeGoogle, make: Make) -> None:
        with pytest.raises(ServerTroubleError, match="does not say where to sign in"):
            sign_in(make(authority=f"{google.url}/nothing"))

    def test_google_cannot_be_reached(self, google: FakeGoogle, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
        def broken(*_: object, **__: object) -> None:
            raise requests.ConnectionError("https://accounts.google.com/?code=secret")

        monkeypatch.setattr("calsight_google.flow.InstalledAppFlow.fetch_token", broken)
        with pytest.raises(ServerTroubleError, match="could not be reached"):
            sign_in(make())


class TestTheEnd:
    def test_an_ended_sign_in_explains_the_seven_days(self, google: FakeGoogle, make: Make) -> None:
        sign_in(make())
        google.revoke_all()
        with pytest.raises(NotSignedInError, match=r"seven days .* Sign in anew: calsight connect google") as caught:
            make().calendars("")
        assert caught.value.__context__ is None

    def test_leaving_while_google_cannot_be_reached(self, make: Make, ring: MemoryKeyring) -> None:
        sign_in(make())
        kept = json.loads(ring.kept["calsight", "google"]) | {"revoke_uri": "http://127.0.0.1:9/revoke"}
        ring.set_password("calsight", "google", json.dumps(kept))
        with pytest.raises(ServerTroubleError, match="forgotten here, but Google could not be told"):
            make().disconnect()
        assert ring.kept == {}


@pytest.fixture(scope="module")
def key() -> Certificate:
    """A service account's."""
    return self_signed("invented")


class TestServiceAccount:
    @pytest.fixture
    def key_file(self, google: FakeGoogle, key: Certificate, tmp_path: Path) -> Path:
        email = "robot@invented.iam.gserviceaccount.com"
        google.service_accounts[email] = (key.certificate, frozenset(READ.split()))
        path = tmp_path / "robot.json"
        content = {
            "type": "service_account",
            "client_email": email,
            "private_key": key.private,
            "token_uri": f"{google.url}/token",
        }
        path.write_text(json.dumps(content))
        return path

    def test_it_acts_for_a_user_of_its_domain(self, make: Make, key_file: Path) -> None:
        connector = make(service_account=str(key_file), subject=ME)
        assert connector.calendars("")[0].owner == (ME,)
        assert connector.status() == "signed in (service account)"

    def test_whom_it_may_not_act_for(self, make: Make, key_file: Path) -> None:
        connector = make(service_account=str(key_file), subject="boss@example.com")
        with pytest.raises(PermissionMissingError, match="Domain-wide delegation"):
            connector.calendars("")

    def test_what_it_may_not_see(self, make: Make, key_file: Path) -> None:
        with pytest.raises(PermissionMissingError, match="Domain-wide delegation"):
            make(service_account=str(key_file), subject=ME, scopes=["calendar.events"]).calendars("")

    @pytest.mark.parametrize(
        "content", ["not JSON", "{}", '{"client_email": "x", "token_uri": "y", "private_key": "z"}']
    )
    def test_a_file_that_is_no_key(self, make: Make, tmp_path: Path, content: str) -> None:
        path = tmp_path / "broken.json"
        path.write_text(content)
        with pytest.raises(SettingsError, match=r"broken\.json is not"):
            make(service_account=str(path)).calendars("")

    def test_there_is_nothing_to_connect(self, make: Make, key_file: Path, browser: list[str]) -> None:
        assert "nothing to sign in to" in sign_in(make(service_account=str(key_file)))[0]
        assert browser == []


class TestReadyTokens:
    def test_credentials_of_the_embedding_program(self, google: FakeGoogle, make: Make) -> None:
        assert make(credentials=Credentials(google.token())).calendars("")[0].id == ME
        assert make(credentials=lambda: Credentials(google.token())).calendars("")[0].id == ME


class TestSettings:
    @pytest.mark.parametrize(
        ("settings", "sentence"),
        [
            ({"client_secret": "x"}, "no setting 'client_secret'. Did you mean 'client_secrets'?"),
            ({"subject": 3}, "must be a text"),
        ],
    )
    def test_what_is_wrong_is_said(self, settings: dict[str, Any], sentence: str) -> None:
        with pytest.raises(SettingsError, match=sentence):
            auth.GoogleSettings.of(settings, {})

    def test_scopes_may_be_short(self) -> None:
        assert auth.GoogleSettings.of({"scopes": ["calendar.freebusy"]}, {}).scopes == (auth.FREE_BUSY,)

    def test_a_path_may_be_a_path(self, tmp_path: Path) -> None:
        assert auth.GoogleSettings.of({"client_secrets": tmp_path}, {}).client_secrets == str(tmp_path)

    @pytest.mark.parametrize(
        ("content", "sentence"),
        [
            (None, "cannot be read"),
            ("not JSON", "is not JSON"),
            ("[]", "is not the client file of a desktop app"),
            ('{"web": {"client_id": "x", "client_secret": "y"}}', "is not the client file of a desktop app"),
            (
                '{"installed": {"client_id": "x", "client_secret": "y", "token_uri": "http://evil.example/"}}',
                "must begin with https://",
            ),
        ],
    )
    def test_a_client_file_that_is_none(self, make: Make, tmp_path: Path, content: str | None, sentence: str) -> None:
        path = tmp_path / "client.json"
        if content is not None:
            path.write_text(content)
        with pytest.raises(SettingsError, match=sentence):
            sign_in(make(client_secrets=str(path)))

    def test_without_a_client_file_the_way_to_one_is_shown(self, make: Make) -> None:
        with pytest.raises(
            SettingsError, match=r"steps are above\. Then: calsight connect google --client-secrets FILE"
        ):
            sign_in(make(client_secrets=""))
