"""`calsight connect google`, `calsight report google`, `calsight disconnect google`: as a person would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
import requests
from keyring.backends import fail

from api_support import user_who
from calsight.cli import main
from fakes.google import FakeGoogle
from fakes.google_api import refuse
from fakes.server import Answer, Trouble
from world import google as world_pages
from world import story

Cli = Callable[..., tuple[int, str, str]]
AS_OF = ("--as-of", story.AS_OF.isoformat())


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    with FakeGoogle(owner=story.ANA.address, zone=story.ZONE) as fake:
        fake.page_size = 100
        fake.put(story.ANA.address, *world_pages.items())
        yield fake


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, google: FakeGoogle) -> Path:
    """A home of its own, whose settings lead to the fake and its client file."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    settings = tmp_path / "settings.toml"
    settings.write_text(
        f'[connectors.google]\napi_endpoint = "{google.url}"\nclient_secrets = "{google.client_file(tmp_path)}"\n'
    )
    monkeypatch.setenv("CALSIGHT_SETTINGS", str(settings))
    return tmp_path


@pytest.fixture
def cli(home: Path, capfd: pytest.CaptureFixture[str]) -> Cli:
    def run(*words: str | Path) -> tuple[int, str, str]:
        capfd.readouterr()
        code = main([str(word) for word in words])
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with user_who(requests.get, monkeypatch):
        yield


def row(cli: Cli) -> dict[str, object]:
    code, out, _ = cli("sources", "--json")
    assert code == 0
    return next(row for row in json.loads(out)["sources"] if row["name"] == "google")


def test_from_signing_in_to_the_report_and_out_again(cli: Cli, google: FakeGoogle, home: Path, browser: None) -> None:
    assert row(cli)["state"] == "not signed in: calsight connect google"
    code, out, err = cli("report", "google", *AS_OF, "--json")
    assert (code, out) == (3, "")
    assert err.count("\n") == 1
    assert "calsight connect google" in err

    code, out, err = cli("connect", "google")
    assert (code, err) == (0, "")
    assert "Signed in to Google" in out
    assert row(cli)["state"] == "signed in"

    code, out, err = cli("report", "google", *AS_OF, "--json")
    assert code == 0, err
    first = json.loads(out)
    assert first["counts"]["one_to_one"] > 40
    assert first["owner"]["addresses"] == [story.ANA.address]
    assert google.refresh_tokens[0] not in out + err

    google.remove(story.ANA.address, "lunch-finn")
    code, out, _ = cli("report", "google:primary", *AS_OF, "--json")
    assert json.loads(out)["counts"]["one_to_one"] == first["counts"]["one_to_one"] - 1
    assert "syncToken" in google.asked("/events")[-1].query

    code, out, _ = cli("disconnect", "google")
    assert code == 0
    assert row(cli)["state"] == "not signed in: calsight connect google"
    assert google.refresh_tokens == []
    kept = [path for path in home.rglob("*") if path.is_file() and b"bo@example.com" in path.read_bytes()]
    assert kept == []


def test_without_the_cache_nothing_is_kept(cli: Cli, google: FakeGoogle, home: Path, browser: None) -> None:
    cli("connect", "google")
    for _ in range(2):
        code, out, _ = cli("meetings", "google", *AS_OF, "--json-lines", "--no-cache")
        assert code == 0
        assert out.count("\n") > 100
    assert not list(home.rglob("*.sqlite*"))
    assert not any("syncToken" in request.query for request in google.asked("/events"))


def test_where_there_is_no_keyring_a_file_does_if_one_asks_for_it(
    cli: Cli, google: FakeGoogle, home: Path, browser: None
) -> None:
    keyring.set_keyring(fail.Keyring())
    code, _, err = cli("connect", "google")
    assert code == 3
    assert "calsight connect google … --token-file" in err
    code, out, _ = cli("connect", "google", "--token-file")
    assert code == 0
    assert "google.json" in out
    assert cli("meetings", "google", *AS_OF, "--json-lines")[0] == 0


def test_the_client_file_may_be_named_on_the_line(cli: Cli, google: FakeGoogle, home: Path, browser: None) -> None:
    (home / "settings.toml").write_text(f'[connectors.google]\napi_endpoint = "{google.url}"\n')
    code, _, err = cli("connect", "google")
    assert code == 2
    assert "--client-secrets FILE" in err
    assert cli("connect", "google", "--client-secrets", home / "client_secret.json")[0] == 0


def test_suggest_says_how_to_let_it_know_when_others_are_busy(
    cli: Cli, google: FakeGoogle, home: Path, browser: None
) -> None:
    cli("connect", "google")
    code, out, _ = cli("suggest", "google", *AS_OF)
    assert code == 0
    said = " ".join(out.split())
    assert "When others are busy is not known." in said
    scopes = '["calendar.events.readonly", "calendar.calendarlist.readonly", "calendar.freebusy"]'
    assert f"scopes = {scopes}. Then: calsight connect google" in said

    settings = home / "settings.toml"
    settings.write_text(settings.read_text() + f"scopes = {scopes}\n")
    assert cli("connect", "google")[0] == 0
    code, out, _ = cli("suggest", "google", *AS_OF)
    assert "When others are busy" not in out
    assert google.asked("/freeBusy")


@pytest.mark.parametrize("command", ["connect", "disconnect"])
def test_a_connector_without_sign_in(cli: Cli, command: str) -> None:
    code, out, err = cli(command, "ics")
    assert (code, out) == (2, "")
    assert "needs no sign-in" in err


@pytest.mark.parametrize("command", ["connect", "disconnect"])
def test_a_connector_that_is_not_there(cli: Cli, command: str) -> None:
    code, _, err = cli(command, "gogle")
    assert code == 2
    assert "Did you mean 'google'?" in err


SECRETS = ("ya29.", "1//", "Career", "Partnership", "@example.com", "%40example.com", "Bo Lind", "client-secret")


@pytest.mark.parametrize(
    "trouble",
    [refuse(401), refuse(403, "forbidden"), refuse(400), Trouble(Answer.json(["Career"]))],
    ids=["401", "403", "400", "odd"],
)
def test_a_failing_run_tells_nothing_of_people(google: FakeGoogle, home: Path, trouble: Trouble) -> None:
    """All that a process of its own writes: the traceback of the library, the sentence of the command, every log at DEBUG."""
    environment = os.environ | {"CALSIGHT_GOOGLE_ACCESS_TOKEN": google.token()}
    loud = "import logging, sys; logging.basicConfig(level=1); "
    library = f"import calsight, datetime; calsight.analyze('google', as_of=datetime.date({story.AS_OF:%Y, %-m, %-d}))"
    command = "from calsight.cli import main; sys.exit(main(['report', 'google', '--verbose']))"
    for code, ends_with in ((library, 1), (command, 3)):
        google.troubles.clear()
        google.trouble(*[trouble] * 20, path="/events")
        done = subprocess.run(
            [sys.executable, "-c", loud + code], capture_output=True, text=True, check=False, env=environment
        )
        assert done.returncode == ends_with
        assert ("Traceback" in done.stderr) is (ends_with == 1)
        said = done.stdout + done.stderr
        assert [secret for secret in SECRETS if secret in said] == []
