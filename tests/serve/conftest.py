"""Real servers on this machine, spoken to as anybody's program would."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the server needs the extra [serve]")

from calsight.demo import DemoCalendar, invent

AS_OF = "2026-11-22"
TOKEN = "a-token-of-the-tests"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Served:
    """A server that runs, and how it is asked."""

    port: int
    app: Any
    headers: Mapping[str, str] = field(default_factory=lambda: {"Authorization": f"Bearer {TOKEN}"})

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str | None] | None = None) -> Answer:
        """One request on a connection of its own; a header that is None is left out."""
        given = {**self.headers, **(headers or {})}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            connection.request(method, path, body, {name: text for name, text in given.items() if text is not None})
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def post(self, document: str, body: Any, media: str = "text/calendar", **headers: str | None) -> Answer:
        return self.ask("POST", f"/api/v1/{document}", body, {"Content-Type": media, **headers})


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))
    for name in ("CALSIGHT_SETTINGS", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture(scope="session")
def demo() -> Callable[[str], DemoCalendar]:
    known: dict[str, DemoCalendar] = {}

    def calendar(situation: str = "little_time_low_interest") -> DemoCalendar:
        if situation not in known:
            known[situation] = invent(situation, as_of=datetime(2026, 11, 22, 18, tzinfo=UTC))  # type: ignore[arg-type]
        return known[situation]

    return calendar


@pytest.fixture(scope="session")
def ics(demo: Callable[[str], DemoCalendar]) -> bytes:
    return demo("little_time_low_interest").ics


@pytest.fixture
def path(ics: bytes, tmp_path: Path) -> Path:
    file = tmp_path / "work.ics"
    file.write_bytes(ics)
    return file


@pytest.fixture(scope="module")
def running() -> Iterator[Callable[[Any], Served]]:
    """Starts an application on a free port; it ends with the module."""
    from calsight.serve.run import listening, server_of

    ends = []

    def start(app: Any) -> Served:
        port = listening("127.0.0.1", 0)
        server = server_of(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [port]}, daemon=True)
        thread.start()
        ends.append((server, thread))
        return Served(port.getsockname()[1], app)

    yield start
    for server, thread in ends:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def inspector() -> Callable[..., subprocess.CompletedProcess[str]]:
    """The MCP Inspector's command line, from npm's cache; where it is not there, its tests are skipped."""
    npx, name = shutil.which("npx"), "@modelcontextprotocol/inspector"
    if npx is None:
        pytest.skip("the Inspector needs Node")
    command = [npx, "--offline", "--yes", name, "--cli"]
    environment = {**os.environ, "npm_config_cache": str(Path.home() / ".npm")}  # tests have a home of their own
    tried = subprocess.run([*command, "--help"], capture_output=True, text=True, env=environment, timeout=300)
    if tried.returncode:
        pytest.skip(f"the Inspector is not in npm's cache: npx --yes {name} --cli --help")

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        home = {key: os.environ[key] for key in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")}
        return subprocess.run([*command, *words], capture_output=True, text=True, env=environment | home, timeout=300)

    return run
