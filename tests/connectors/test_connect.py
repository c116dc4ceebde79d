"""`calsight connect` as a newcomer meets it: the steps, one complete next command, and a client that is remembered."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
import requests
from keyring.backends import fail

from api_support import Waits, user_who
from calsight.errors import NotSignedInError, PermissionMissingError, SettingsError
from calsight.protocols import ConnectorContext, Guides, SignsIn
from calsight_google import GoogleConnector, auth
from calsight_outlook import OutlookConnector
from calsight_outlook.auth import OutlookSettings
from calsight_outlook.guide import admin_consent
from fakes.google import FakeGoogle
from fakes.graph import FakeGraph
from fakes.login import CLIENT, FakeLogin, entra_error
from keyring_support import MemoryKeyring


class Terminal(io.StringIO):
    """An input at which somebody sits."""

    def isatty(self) -> bool:
        return True


KINDS = {"google": GoogleConnector, "outlook": OutlookConnector}


def heard(connector: SignsIn, *, interactive: bool = True) -> tuple[str, Exception | None]:
    """All that signing in says, and how it ends."""
    said: list[str] = []
    try:
        connector.connect(interactive=interactive, say=said.append)
    except (SettingsError, NotSignedInError, PermissionMissingError) as error:
        return "\n".join(said), error
    return "\n".join(said), None


@pytest.mark.parametrize("name", KINDS)
def test_without_a_client_the_steps_come_first(name: str, tmp_path: Path) -> None:
    connector = KINDS[name](ConnectorContext(state_dir=tmp_path))
    assert isinstance(connector, Guides)
    said, error = heard(connector)
    assert isinstance(error, SettingsError)
    assert "steps are above" in str(error)
    assert said == connector.guide()
    numbers = [int(number) for number in re.findall(r"^ (\d)\.", said, re.MULTILINE)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 4
    assert "https://" in said
    assert f"calsight connect {name} --client-" in said
    assert "calsight report" in said  # the road without a client
    assert "docs/" not in said + str(error)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", KINDS)
def test_the_next_command_is_complete_where_there_is_no_keyring(name: str, tmp_path: Path) -> None:
    keyring.set_keyring(fail.Keyring())
    said, _ = heard(KINDS[name](ConnectorContext(state_dir=tmp_path)))
    commands = [line for line in said.splitlines() if line.startswith(f"  calsight connect {name}")]
    assert commands
    assert all(line.endswith(" --token-file") for line in commands)
    with_one, _ = heard(KINDS[name](ConnectorContext({"token_file": True}, state_dir=tmp_path)))
    assert "--token-file" not in with_one


class TestGoogle:
    @pytest.fixture
    def make(self, google: FakeGoogle, tmp_path: Path, waits: Waits) -> Callable[..., GoogleConnector]:
        def made(**settings: object) -> GoogleConnector:
            context = ConnectorContext({"api_endpoint": google.url, **settings}, state_dir=tmp_path / "state")
            return GoogleConnector(context, policy=waits.policy)

        return made

    @pytest.fixture
    def browser(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        with user_who(requests.get, monkeypatch):
            yield

    def test_the_client_is_remembered(
        self, google: FakeGoogle, make: Callable[..., GoogleConnector], tmp_path: Path, browser: None
    ) -> None:
        """A sign-in that ends every seven days needs no option to be renewed."""
        make(client_secrets=str(google.client_file(tmp_path))).connect(interactive=True, say=lambda text: None)
        google.revoke_all()
        with pytest.raises(NotSignedInError, match="Sign in anew: calsight connect google"):
            make().calendars("")
        assert heard(make())[1] is None
        assert make().calendars("")
        make().disconnect()
        assert isinstance(heard(make())[1], SettingsError)

    def test_an_id_and_a_secret_do_as_well_as_a_file(
        self, google: FakeGoogle, make: Callable[..., GoogleConnector], browser: None
    ) -> None:
        identity, secret = google.client
        made = make(client_id=identity, client_secrets=secret, authority=google.url)
        assert heard(made)[1] is None

    def test_on_a_time_out_the_error_pages_are_explained(
        self, google: FakeGoogle, make: Callable[..., GoogleConnector], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(auth, "PATIENCE", 0)
        said, error = heard(make(client_secrets=str(google.client_file(tmp_path))), interactive=False)
        assert "Nobody signed in" in str(error)
        for page in ("Access blocked", "admin_policy_enforced", "test user", "redirect_uri_mismatch", "org_internal"):
            assert page in said

    def test_from_another_machine_the_address_is_pasted(
        self, google: FakeGoogle, make: Callable[..., GoogleConnector], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No tunnel: the browser elsewhere ends on an address that it cannot open, which is typed here."""
        read, write = os.pipe()
        typed = os.fdopen(read)
        monkeypatch.setattr("sys.stdin", typed)

        def say(text: str) -> None:
            if "paste it here" in text:
                address = next(word for word in text.split() if word.startswith("http"))
                ended = requests.get(address, allow_redirects=False, timeout=10).headers["Location"]
                os.write(write, f"{ended}\n".encode())

        make(client_secrets=str(google.client_file(tmp_path))).connect(interactive=False, say=say)
        os.close(write)
        typed.close()
        assert make().status() == "signed in"


class TestOutlook:
    @pytest.fixture
    def login(self, graph: FakeGraph) -> Iterator[FakeLogin]:
        with FakeLogin(graph) as fake:
            yield fake

    @pytest.fixture
    def make(self, graph: FakeGraph, login: FakeLogin, tmp_path: Path, waits: Waits) -> Callable[..., OutlookConnector]:
        def made(**settings: object) -> OutlookConnector:
            context = ConnectorContext({"api_endpoint": graph.url, **settings}, state_dir=tmp_path / "state")
            return OutlookConnector(context, policy=waits.policy, session=login.session)

        return made

    def test_the_client_is_remembered(
        self, login: FakeLogin, make: Callable[..., OutlookConnector], ring: MemoryKeyring, tmp_path: Path
    ) -> None:
        assert heard(make(client_id=CLIENT, account="any"), interactive=False)[1] is None
        assert make().calendars("")
        login.refresh_tokens.clear()
        assert heard(make(), interactive=False)[1] is None
        assert (tmp_path / "state/signin/outlook-client.json").stat().st_mode & 0o077 == 0
        make().disconnect()
        assert isinstance(heard(make(), interactive=False)[1], SettingsError)

    @pytest.mark.parametrize(
        ("account", "authority"),
        [
            ("personal", "https://login.microsoftonline.com/consumers"),
            ("any", "https://login.microsoftonline.com/common"),
            ("contoso.com", "https://login.microsoftonline.com/contoso.com"),
            ("", "https://login.microsoftonline.com/common"),
        ],
    )
    def test_whose_account_says_where_to_sign_in(self, account: str, authority: str) -> None:
        assert OutlookSettings.of({"account": account}, {}).authority == authority

    @pytest.mark.parametrize(
        ("typed", "authority"),
        [
            ("1\n", "https://login.microsoftonline.com/consumers"),
            ("5\n2\ncontoso.com\n", "https://login.microsoftonline.com/contoso.com"),
            ("3\n", "https://login.microsoftonline.com/common"),
        ],
    )
    def test_whoever_sits_there_is_asked_whose_account_it_is(
        self,
        make: Callable[..., OutlookConnector],
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        ring: MemoryKeyring,
        typed: str,
        authority: str,
    ) -> None:
        monkeypatch.setattr("sys.stdin", Terminal(typed))
        said, error = heard(make(client_id=CLIENT), interactive=False)
        assert error is None
        assert "Whose account" in said
        kept = json.loads((tmp_path / "state/signin/outlook-client.json").read_text())
        assert kept["authority"] == authority
        assert "Whose account" not in heard(make(client_id=CLIENT), interactive=False)[0]  # it is remembered

    @pytest.mark.parametrize("typed", ["", "2\n", "2\n\n"])
    def test_whoever_does_not_answer_is_sent_nowhere(
        self, make: Callable[..., OutlookConnector], monkeypatch: pytest.MonkeyPatch, ring: MemoryKeyring, typed: str
    ) -> None:
        monkeypatch.setattr("sys.stdin", Terminal(typed))
        error = heard(make(client_id=CLIENT), interactive=False)[1]
        assert isinstance(error, SettingsError)
        assert "--account personal|any|TENANT" in str(error)

    def test_an_administrator_s_consent_has_an_address(
        self, login: FakeLogin, make: Callable[..., OutlookConnector]
    ) -> None:
        login.refusal = entra_error(90094)
        said, error = heard(make(client_id=CLIENT), interactive=False)
        assert isinstance(error, PermissionMissingError)
        assert f"https://login.microsoftonline.com/organizations/adminconsent?client_id={CLIENT}" in said
        assert admin_consent("https://login.microsoftonline.us/contoso", "x") == (
            "https://login.microsoftonline.us/contoso/adminconsent?client_id=x"
        )


# --- as a process -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """`calsight` in a process of its own, from a fresh home on a machine without keyring and browser."""
    home = {name: str(tmp_path) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")}
    alone = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "BROWSER": "", "DISPLAY": "", "TERM": "dumb"}

    def ran(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        environment = {key: value for key, value in os.environ.items() if not key.startswith("CALSIGHT_")}
        return subprocess.run(
            [sys.executable, "-m", "calsight", *words],
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            env=environment | home | alone | environ,
        )

    return ran


@pytest.mark.parametrize("name", KINDS)
def test_a_newcomer_is_led(run: Callable[..., subprocess.CompletedProcess[str]], name: str) -> None:
    first = run("connect", name)
    assert first.returncode == 2
    assert "Traceback" not in first.stderr
    assert " 1. " in first.stdout
    assert " --token-file" in first.stdout
    assert "steps are above" in first.stderr
    guide = run("connect", name, "--guide")
    assert (guide.returncode, guide.stdout) == (0, first.stdout)


def test_a_connector_without_a_guide(run: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    done = run("connect", "ics", "--guide")
    assert done.returncode == 2
    assert "needs no sign-in" in done.stderr


def test_from_a_fresh_home_to_a_report(
    run: Callable[..., subprocess.CompletedProcess[str]], google: FakeGoogle, tmp_path: Path
) -> None:
    """The commands of the guide, in order: the client's file, then reading, then signing in anew without any option."""
    endpoint = {"CALSIGHT_GOOGLE_API_ENDPOINT": google.url}
    client = google.client_file(tmp_path)
    command = [
        sys.executable,
        "-u",
        "-m",
        "calsight",
        "connect",
        "google",
        "--client-secrets",
        str(client),
        "--token-file",
    ]
    environment = (
        os.environ
        | endpoint
        | {name: str(tmp_path) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")}
    )
    with subprocess.Popen(
        [*command, "--no-browser"], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        address = next(line for line in process.stdout if line.startswith("http"))
        ended = requests.get(address.strip(), allow_redirects=False, timeout=10).headers["Location"]
        process.stdin.write(f"{ended}\n")
        process.stdin.flush()
        assert "Signed in to Google" in process.stdout.read()
    assert process.returncode == 0
    kept = json.loads((next(tmp_path.rglob("signin")) / "google.json").read_text())
    assert kept["client_id"] == google.client[0]
    listed = run("sources", "--json", **endpoint)
    (row,) = (one for one in json.loads(listed.stdout)["sources"] if one["name"] == "google")
    assert row["state"] == "signed in"
