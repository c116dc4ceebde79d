"""docs/google.md, outlook.md and caldav.md, walked: every command in them, in order, from a fresh home."""

from __future__ import annotations

import io
import re
import shlex
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from api_support import no_browser, self_signed
from caldav_homes import PASSWORD
from caldav_servers import radicale
from caldav_support import calendar as stored
from calsight.cli import main
from fakes.google import FakeGoogle
from fakes.google_items import item
from fakes.graph import WORK, FakeGraph
from fakes.graph_items import ME, event, guest, series
from fakes.login import CLIENT, FakeLogin
from fakes.nextcloud import FakeNextcloud
from google_support import ANA, BO
from process_support import Home

ROOT = Path(__file__).parents[2]


def commands(page: str) -> list[list[str]]:
    """The words of each command of calsight's in the blocks of a page, in order."""
    text = (ROOT / "docs" / page).read_text("utf-8")
    blocks = re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = [shlex.split(line[2:]) for block in blocks for line in block.splitlines() if line.startswith("$ ")]
    return [words[1:] for words in lines if words[0] == "calsight"]


def well(home: Home, words: list[str], **environ: str) -> str:
    """What calsight says; it must end well."""
    done = home.run(*words, **environ)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


#: One a week for twelve years, so that there are some whenever this test runs.
WEEKLY = [datetime(2025, 1, 7, 10, tzinfo=UTC) + timedelta(weeks=number) for number in range(600)]


def test_google(google: FakeGoogle, tmp_path: Path) -> None:
    google.put(ME, *(item(f"e{number}", start, 30, ANA, BO) for number, start in enumerate(WEEKLY)))
    google.client_file(tmp_path)
    walked = commands("google.md")
    assert [words[:2] for words in walked] == [["connect", "google"], ["connect", "google"], ["report", "google"]]
    home = Home(tmp_path)
    environ = {"CALSIGHT_GOOGLE_API_ENDPOINT": google.url, "BROWSER": home.browser}
    told = [well(home, words, **environ) for words in walked]
    assert "calsight connect google --client-secrets" in told[0]
    assert "Signed in to Google" in told[1]
    assert "Bo" in told[2]
    google.revoke_all()
    assert "Signed in to Google" in well(home, ["connect", "google"], **environ)  # seven days later


def test_outlook(graph: FakeGraph, tmp_path: Path) -> None:
    talk = event("s", WEEKLY[0], 30, guest("bo@example.com", "Bo", "accepted"))
    meetings = [series(talk, "weekly tuesday")]
    graph.put(WORK, *meetings)
    graph.add_user("ana@contoso.com", "Ana", calendar="contoso", shared_with={ME})
    graph.put("contoso", *meetings)
    walked = commands("outlook.md")
    assert any(CLIENT in words for words in walked)
    assert len(walked) >= 5
    with FakeLogin(graph) as login:
        home = Home(tmp_path, login.origin)
        told = [well(home, words, CALSIGHT_OUTLOOK_API_ENDPOINT=graph.url) for words in walked]
    assert "calsight connect outlook --client-id ID --account personal" in told[0]
    assert "type the code" in told[1]  # this home has no browser that shows more than text
    assert "Signed in to Microsoft" in told[1]
    assert "Bo" in told[2]


CLOUD = "https://cloud.example.com"


def at_home(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """A home in which nobody has run calsight yet, for commands that run in this process, without a browser."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(folder / "home"))
    monkeypatch.setattr("sys.stdin", io.StringIO())
    monkeypatch.chdir(folder)
    no_browser(monkeypatch)


def leading_to(places: Mapping[str, str], elsewhere: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every service of the page is ours: requests to these hosts come to these servers, those to all others elsewhere."""
    send = requests.Session.send

    def sent(self: requests.Session, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        _, _, rest = str(request.url).partition("://")
        host, _, path = rest.partition("/")
        if not host.startswith("127.0.0.1"):
            request.url = f"{places.get(host, elsewhere)}/{path}"
        return send(self, request, **options)

    monkeypatch.setattr(requests.Session, "send", sent)


def test_caldav(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    walked = commands("caldav.md")
    users = [option_of(words, "--user") or option_of(words, "--server") for words in walked]
    users = list(dict.fromkeys(user for user in users if user and "://" not in user))
    assert {"ana@icloud.com", "ana@fastmail.com", "ana@posteo.de", "AB12345"} <= set(users)
    (tmp_path / "ca.pem").write_text(self_signed("cal.example.com").certificate)
    (tmp_path / "radicale").mkdir()
    talk = f"DTSTART:{WEEKLY[0]:%Y%m%dT%H%M%SZ}\r\nDURATION:PT30M\r\nRRULE:FREQ=WEEKLY\r\nSUMMARY:Talk"
    people = "\r\n".join(f"ATTENDEE;CN={name};PARTSTAT=ACCEPTED:mailto:{name}@example.com" for name in ("Ana", "Bo"))
    event = f"BEGIN:VEVENT\r\nUID:s\r\nDTSTAMP:20260101T000000Z\r\n{talk}\r\n{people}\r\nEND:VEVENT"
    told = []
    with radicale(tmp_path / "radicale", *users) as server:
        for user in users:
            with server.user(user) as home:
                home.put(home.make("Work"), "s.ics", stored(event))
        at_home(monkeypatch, tmp_path)
        monkeypatch.setenv("CALSIGHT_CALDAV_PASSWORD", PASSWORD)
        with FakeNextcloud(
            behind=home.url, user="ana@example.com", password=PASSWORD, granted=True, name=CLOUD
        ) as cloud:
            leading_to({CLOUD.removeprefix("https://"): cloud.origin}, home.url.rstrip("/"), monkeypatch)
            for words in walked:
                code = main(words)
                said = capsys.readouterr()
                assert code == 0, (words, said.out + said.err)
                told.append(said.out)
    for words, text in zip(walked, told, strict=True):
        match words:
            case ["connect", _, "--guide"]:
                assert "--server ADDRESS" in text
            case ["connect", *_]:
                assert "Signed in to" in text, words
            case _:
                assert "Bo" in text, words


def option_of(words: list[str], name: str) -> str:
    return words[words.index(name) + 1] if name in words else ""
