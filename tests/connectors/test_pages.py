"""docs/google.md and docs/outlook.md, walked: every command in them, in order, from a fresh home, as processes."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fakes.google import FakeGoogle
from fakes.google_items import item
from fakes.graph import WORK, FakeGraph
from fakes.graph_items import ME, event, guest, series
from fakes.login import CLIENT, FakeLogin
from google_support import ANA, BO

ROOT = Path(__file__).parents[2]
TESTS = ROOT / "tests"

#: A keyring that lasts from one process to the next, as a person's does.
KEYRING = """
import json, pathlib
from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

KEPT = pathlib.Path(__file__).with_name("kept.json")

class Lasting(KeyringBackend):
    priority = 5

    def _all(self):
        return json.loads(KEPT.read_text()) if KEPT.exists() else {}

    def set_password(self, service, username, password):
        KEPT.write_text(json.dumps(self._all() | {username: password}))

    def get_password(self, service, username):
        return self._all().get(username)

    def delete_password(self, service, username):
        kept = self._all()
        if kept.pop(username, None) is None:
            raise PasswordDeleteError("not there")
        KEPT.write_text(json.dumps(kept))
"""
#: A browser whose user consents at once.
BROWSER = "import sys, urllib.request; urllib.request.urlopen(sys.argv[1])"
#: The login host of Microsoft's is ours, in every process.
LOGIN = """
import requests
from fakes.login import HOSTS, _Redirected

before = requests.Session.get_adapter

def get_adapter(self, url):
    return _Redirected({origin!r}) if any(url.startswith(f"https://{{host}}/") for host in HOSTS) else before(self, url)

requests.Session.get_adapter = get_adapter
"""


def commands(page: str) -> list[list[str]]:
    """The words of each command of calsight's in the blocks of a page, in order."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = [shlex.split(line[2:]) for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return [words[1:] for words in lines if words[0] == "calsight"]


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs calsight in a home that holds nothing but a keyring and a browser."""
    (tmp_path / "lasting.py").write_text(KEYRING)
    (tmp_path / "visit.py").write_text(BROWSER)
    home = {name: str(tmp_path / "home") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")}
    clean = {key: value for key, value in os.environ.items() if not key.startswith("CALSIGHT_")}
    given = {
        "PYTHON_KEYRING_BACKEND": "lasting.Lasting",
        "PYTHONPATH": os.pathsep.join([str(tmp_path), str(TESTS)]),
        "DISPLAY": "",
        "BROWSER": "",
    }

    def ran(words: list[str], **environ: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "calsight", *words],
            cwd=tmp_path,
            env=clean | home | given | environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    return ran


#: One a week for twelve years, so that there are some whenever this test runs.
WEEKLY = [datetime(2025, 1, 7, 10, tzinfo=UTC) + timedelta(weeks=number) for number in range(600)]


def test_google(run: Callable[..., subprocess.CompletedProcess[str]], google: FakeGoogle, tmp_path: Path) -> None:
    google.put(ME, *(item(f"e{number}", start, 30, ANA, BO) for number, start in enumerate(WEEKLY)))
    google.client_file(tmp_path)
    walked = commands("google.md")
    assert [words[:2] for words in walked] == [["connect", "google"], ["connect", "google"], ["report", "google"]]
    environ = {
        "CALSIGHT_GOOGLE_API_ENDPOINT": google.url,
        "BROWSER": f"{shlex.quote(sys.executable)} {shlex.quote(str(tmp_path / 'visit.py'))} %s &",
    }
    told = [run(words, **environ).stdout for words in walked]
    assert "calsight connect google --client-secrets" in told[0]
    assert "Signed in to Google" in told[1]
    assert "Bo" in told[2]
    google.revoke_all()
    assert "Signed in to Google" in run(["connect", "google"], **environ).stdout  # seven days later


def test_outlook(run: Callable[..., subprocess.CompletedProcess[str]], graph: FakeGraph, tmp_path: Path) -> None:
    talk = event("s", WEEKLY[0], 30, guest("bo@example.com", "Bo", "accepted"))
    meetings = [series(talk, "weekly tuesday")]
    graph.put(WORK, *meetings)
    graph.add_user("ana@contoso.com", "Ana", calendar="contoso", shared_with={ME})
    graph.put("contoso", *meetings)
    walked = commands("outlook.md")
    assert any(CLIENT in words for words in walked)
    assert len(walked) >= 5
    with FakeLogin(graph) as login:
        (tmp_path / "sitecustomize.py").write_text(LOGIN.format(origin=login.origin))
        told = [run(words, CALSIGHT_OUTLOOK_API_ENDPOINT=graph.url).stdout for words in walked]
    assert "calsight connect outlook --client-id ID --account personal" in told[0]
    assert "type the code" in told[1]  # this home has no browser that shows more than text
    assert "Signed in to Microsoft" in told[1]
    assert "Bo" in told[2]
