"""Running the command line as a person would, away from this machine's own settings and caches."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from calsight.cli import main
from calsight.demo import invent

AS_OF = "2026-11-22"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home))
    for name in ("CALSIGHT_SETTINGS", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def cli(capfdbinary: pytest.CaptureFixture[bytes]) -> Callable[..., Ran]:
    """Run a command in this process."""

    def run(*words: str | Path) -> Ran:
        capfdbinary.readouterr()
        code = main([str(word) for word in words])
        captured = capfdbinary.readouterr()
        return Ran(code, captured.out.decode(), captured.err.decode())

    return run


@pytest.fixture
def shell() -> Callable[..., Ran]:
    """Run a command in a process of its own; `before` and `after` are what a shell would put around it."""

    def run(*words: str | Path, env: dict[str, str] | None = None, stdin: bytes = b"") -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "calsight", *map(str, words)],
            input=stdin,
            capture_output=True,
            env=os.environ | (env or {}),
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))

    return run


@pytest.fixture(scope="session")
def calendar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small but whole calendar: Theo's of the demo, as of `AS_OF`."""
    theo = invent("much_time_low_interest", as_of=datetime(2026, 11, 22, 20, tzinfo=UTC))
    path = tmp_path_factory.mktemp("calendar") / theo.file_name
    path.write_bytes(theo.ics)
    return path
