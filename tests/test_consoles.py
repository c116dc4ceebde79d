"""Every command that a page shows does what the page says: all blocks of `console` are run, in order, from a fresh home.

What a block shows below a command is what the command prints; "…" stands for what is left out.
"""

from __future__ import annotations

import os
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import requests

import calsight
from calendar_support import weekly_talks
from calsight.cli import main

ROOT = Path(__file__).parents[1]
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")]
#: Pages that ask for more than a file: the tests that walk them.
WALKED = {
    "docs/google.md": "connectors/test_pages.py",
    "docs/outlook.md": "connectors/test_pages.py",
    "docs/caldav.md": "connectors/test_pages.py",
    "docs/serve.md": "test_consoles.py",
    "CONTRIBUTING.md": "test_consoles.py",
}
#: What each page's reader has: the calendar of the pages is Ana's, and it is the spring of 2026.
ANA = ("--me", "ana@example.com", "--as-of", "2026-03-31")


@dataclass
class Shown:
    """A command of a block, and what the page shows that it prints."""

    words: list[str]
    into: str = ""
    prints: list[str] = field(default_factory=list)


def shown(page: str) -> list[Shown]:
    """The commands of a page's blocks, in order."""
    text = (ROOT / page).read_text("utf-8")
    found: list[Shown] = []
    for block in re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            if line.startswith("$ "):
                words = shlex.split(line[2:], comments=True)
                words, into = (words[:-2], words[-1]) if ">" in words else (words, "")
                found.append(Shown(words, into))
            elif line:
                found[-1].prints.append(line)
    return found


def held(page: str) -> list[str]:
    return [command.words[0] for command in shown(page)]


CONSOLES = sorted(str(page.relative_to(ROOT)) for page in PAGES if "```console" in page.read_text("utf-8"))


def test_every_block_has_somebody_who_runs_it() -> None:
    for page in CONSOLES:
        assert held(page), f"{page}: a command begins with $"
    for page, walker in WALKED.items():
        assert Path(page).name in (ROOT / "tests" / walker).read_text("utf-8")
        assert page in CONSOLES


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with work.ics and without settings; nobody is at the keyboard."""
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    for name in ("CALSIGHT_SETTINGS", "COLUMNS", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "work.ics").write_text(weekly_talks(12), "utf-8")
    with Path(os.devnull).open(encoding="utf-8") as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        yield tmp_path


def extras(words: list[str]) -> None:
    """`pip install` names what can be installed: this package with extras that it has, or a folder."""
    have = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    for word in words[2:]:
        if match := re.fullmatch(r"(?:calsight|\.)(?:\[([a-z,]+)\])?", word):
            assert set((match[1] or "all").split(",")) <= set(have), word
        else:
            assert word in {"-e", "calsight-logbook"}, word


def agrees(prints: list[str], told: str) -> bool:
    """Whether what was printed is what the page shows."""
    wanted = "\n".join(prints)
    return re.fullmatch(re.escape(wanted).replace("…", ".*?"), told.strip(), re.DOTALL) is not None


@pytest.mark.parametrize("page", [page for page in CONSOLES if page not in WALKED])
def test_every_command_of_the_page_works(
    page: str, home: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logbook = ROOT / "examples/calsight-logbook"
    if page in {"docs/write-a-connector.md", "examples/calsight-logbook/README.md"}:
        tests = "tests" if "docs" in page else "."
        (home / tests).mkdir(exist_ok=True)
        (home / tests / "logbook.csv").write_bytes((logbook / "tests/logbook.csv").read_bytes())
        install_plugin(home, logbook, monkeypatch)
    for command in shown(page):
        match command.words:
            case ["pip" | "uvx" | "pipx" | "make" as program, *_]:
                if program == "pip":
                    extras(command.words)
                continue
            case ["calsight", *words]:
                pass
            case other:
                pytest.fail(f"{page} shows {other}, which nobody runs")
        given = ANA if "work.ics" in words and words[0] not in {"mcp"} else ()
        fewer = ["30" if word == "500" else word for word in words]
        code = main([*fewer, *given])
        told = capfd.readouterr()
        assert code == 0, (words, told.err)
        assert told.out or told.err or words[0] == "mcp", words
        if command.into:
            (home / command.into).write_text(told.out, "utf-8")
        if command.prints:
            assert agrees(command.prints, told.out), (words, told.out)


def install_plugin(home: Path, plugin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The plugin is on the path with its entry points, as `pip install -e .` would put it there."""
    points = tomllib.loads((plugin / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    info = home / "calsight_logbook-1.0.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.4\nName: calsight-logbook\nVersion: 1.0.0\n", "utf-8")
    lines = [
        f"[{group}]\n" + "".join(f"{name} = {where}\n" for name, where in of.items()) for group, of in points.items()
    ]
    (info / "entry_points.txt").write_text("".join(lines), "utf-8")
    monkeypatch.syspath_prepend(str(home))
    monkeypatch.syspath_prepend(str(plugin))


def test_the_targets_of_contributing_are_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = {
        command.words[1]
        for page in ("README.md", "CONTRIBUTING.md")
        for command in shown(page)
        if command.words[0] == "make"
    }
    assert {"demo", "test", "check"} <= named
    assert named <= targets


def test_the_web_app_and_the_web_api(home: Path) -> None:
    """docs/serve.md: the server says its address, and answers the request that the page shows."""
    install, serve, ask = shown("docs/serve.md")
    extras(install.words)
    command = [sys.executable, "-m", "calsight", *serve.words[1:], "--no-browser", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            assert re.sub(r":\d+/", ":43127/", address).startswith(serve.prints[0].removesuffix("…"))
            origin, token = address.split("/?token=")
            given = dict(zip(ask.words, ask.words[1:], strict=False))
            headers = dict(
                word.replace("$TOKEN", token).split(": ")
                for flag, word in zip(ask.words, ask.words[1:], strict=False)
                if flag == "-H"
            )
            url = f"{ask.words[-1].replace('http://127.0.0.1:43127', origin)}&as_of=2026-03-31"
            body = Path(given["--data-binary"].removeprefix("@")).read_bytes()
            answer = requests.post(url, data=body, headers=headers, timeout=60)
            assert answer.status_code == 200, answer.text
            assert answer.json()["flag"]["level"] == "ok"
        finally:
            server.terminate()


def test_the_python_of_the_pages_works(home: Path) -> None:
    """The README's and the report's: both read work.ics."""
    for page in ("README.md", "docs/report.md"):
        text = (ROOT / page).read_text("utf-8")
        (code,) = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        exec(compile(code, page, "exec"), {"calsight": calsight})


def test_the_screens_are_what_the_demo_prints() -> None:
    """docs/screens.md, whole."""
    made = runpy.run_path(str(ROOT / "docs/make_screens.py"))["page"]()
    assert (ROOT / "docs/screens.md").read_text("utf-8") == made, "docs/screens.md is behind: make screens"
