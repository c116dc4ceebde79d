"""Whatever a plugin raises, returns, prints or exits with is said with its name, and standard output stays ours."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from calsight.pipeline import rules
from calsight.reading import guests, plugins
from cli.conftest import AS_OF, Ran
from kill_support import posix

Cli = Callable[..., Ran]
READ = ("--as-of", AS_OF)

CONNECTOR = """
import os, sys
from datetime import datetime, UTC
from calsight import Calendar, CalendarEvent
from calsight.protocols import Page
CALENDAR = Calendar(id="1", name="one")
GOOD = CalendarEvent(uid="a", start=datetime(2026, 11, 2, 9, tzinfo=UTC), end=datetime(2026, 11, 2, 10, tzinfo=UTC),
                     title="good", calendar=CALENDAR)
class Plug:
    def __init__(self, context):
        {made}
    def calendars(self, reference):
        {calendars}
        return [CALENDAR]
    def status(self):
        {status}
        return "signed in"
    def connect(self, *, interactive, say):
        {connect}
    def disconnect(self): pass
    def fetch(self, calendar, window, **_):
        yield Page(events=[GOOD], calendar=CALENDAR)
        {fetch}
"""
#: What a guest may do instead of its work.
RUDE = {
    "raise": "raise ValueError('Lunch with Ana')",
    "exit": "sys.exit(0)",
    "exit with words": "sys.exit('Lunch with Ana')",
    "raise from the bottom": "raise BaseException('Lunch with Ana')",
    "end the generator": "raise StopIteration",
    "recurse": "self.calendars.__func__ and (lambda f: f(f))(lambda f: f(f))",
}
PLACES = ("made", "calendars", "fetch")


def connector(install: Callable[..., None], **places: str) -> None:
    empty = dict.fromkeys((*PLACES, "status", "connect"), "pass")
    install("rude-plug", "plug_rude", CONNECTOR.format(**(empty | places)), connectors="rude = plug_rude:Plug")


def blamed(ran: Ran, code: int) -> None:
    assert ran.code == code, ran
    assert "'rude' of rude-plug 1.0" in ran.err
    assert "Lunch" not in ran.err
    assert "our fault" not in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("rude", RUDE.values(), ids=RUDE)
def test_what_a_connector_raises(cli: Cli, install: Callable[..., None], place: str, rude: str) -> None:
    connector(install, **{place: rude})
    for command in ("events", "report"):
        blamed(cli(command, "rude", *READ), 3)


def test_one_that_fails_among_several_costs_itself(cli: Cli, install: Callable[..., None]) -> None:
    code = CONNECTOR.replace("return [CALENDAR]", "return [CALENDAR, Calendar(id='2', name='two')]")
    empty = dict.fromkeys((*PLACES, "status", "connect"), "pass") | {"fetch": "if calendar.id == '2': raise ValueError"}
    install("rude-plug", "plug_rude", code.format(**empty), connectors="rude = plug_rude:Plug")
    ran = cli("events", "rude", *READ)
    assert ran.code == 0
    assert json.loads(ran.out)["title"] == "good"
    assert "'rude' of rude-plug 1.0" in ran.err


@pytest.mark.parametrize(
    "given", ["yield 7", "yield None; yield Page(calendar=7, events=7)", "yield Page(problems=[7])"]
)
def test_pages_that_are_none(cli: Cli, install: Callable[..., None], given: str) -> None:
    connector(install, fetch=given)
    ran = cli("events", "rude", *READ)
    assert ran.code in (0, 3)
    assert "our fault" not in ran.err


@pytest.mark.parametrize(
    "field", ["title=7", "start=None", "start=datetime(2026, 11, 2)", "attendees=[7]", "end='noon'", "calendar=None"]
)
def test_events_that_are_none_are_left_out_and_the_others_read(
    cli: Cli, install: Callable[..., None], field: str
) -> None:
    connector(
        install,
        fetch=f"from dataclasses import replace; yield Page(events=[replace(GOOD, {field}), 7], calendar=CALENDAR)",
    )
    ran = cli("events", "rude", *READ)
    assert ran.code == 0, ran
    assert [json.loads(line)["title"] for line in ran.out.splitlines()] == ["good"]
    assert ran.err.count("'rude' of rude-plug 1.0") == 2


def test_calendars_that_are_none(cli: Cli, install: Callable[..., None]) -> None:
    for given in ("return None", "return [7]", "return 'work'"):
        connector(install, calendars=given)
        blamed(cli("events", "rude", *READ), 3)


@pytest.mark.parametrize("way", ["print('hello')", "sys.stdout.write('hello')", "sys.stdout.buffer.write(b'hello')"])
def test_standard_output_stays_ours(cli: Cli, install: Callable[..., None], way: str) -> None:
    connector(install, made=way, calendars=way, fetch=way, status=way)
    for words in (("events", "rude"), ("sources", "--json"), ("doctor", "rude", "--json")):
        ran = cli(*words, *(READ if "rude" in words else ()))
        assert ran.code == 0
        assert "hello" not in ran.out
        assert [json.loads(line) for line in ([ran.out] if "--json" in words else ran.out.splitlines())]


@pytest.mark.parametrize(
    "way",
    [
        "sys.stdout.close()",
        "sys.stdout.buffer.close()",
        "sys.stdout = None",
        "import io; sys.stdout = io.StringIO()",
        "os.chdir('/')",
        "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)",
        "sys.setrecursionlimit(90)",
    ],
)
def test_what_belongs_to_the_whole_process_is_put_back(
    cli: Cli, install: Callable[..., None], way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    connector(install, made=way, calendars=way, fetch=way)
    before = signal.getsignal(signal.SIGINT), sys.getrecursionlimit(), Path.cwd()
    ran = cli("events", "rude", *READ)
    assert (ran.code, json.loads(ran.out)["title"]) == (0, "good")
    assert (signal.getsignal(signal.SIGINT), sys.getrecursionlimit(), Path.cwd()) == before


def test_what_a_module_prints_or_ends_with_while_it_is_imported(cli: Cli, install: Callable[..., None]) -> None:
    for number, code in enumerate(("print('hello')", "import sys; sys.exit(3)", "raise SystemExit", "1 / 0", "what?")):
        install("rude-plug", f"plug_rude{number}", code, connectors=f"rude = plug_rude{number}:Plug")
        ran = cli("events", "rude", *READ)
        assert (ran.code, ran.out) == (2, "")
        assert "'rude' of rude-plug 1.0" in ran.err
        assert cli("sources").code == 0


def test_signing_in_and_status(cli: Cli, install: Callable[..., None]) -> None:
    connector(install, connect="raise ValueError('Lunch with Ana')", status="raise ValueError('Lunch with Ana')")
    blamed(cli("connect", "rude"), 3)
    rows = json.loads(cli("sources", "--json").out)["sources"]
    assert ["rude-plug 1.0" in row["state"] for row in rows if row["name"] == "rude"] == [True]


@pytest.mark.parametrize(
    "body",
    [*RUDE.values(), "return None", "return 7", "return [7]", "return [b'x']", "print('hello')\n    return ['y']"],
)
def test_renderers(cli: Cli, install: Callable[..., None], calendar: Path, tmp_path: Path, body: str) -> None:
    body = body.replace("self.calendars.__func__ and ", "")
    install(
        "rude-plug", "plug_rude", f"import sys\ndef render(report):\n    {body}\n", renderers="rude = plug_rude:render"
    )
    ran = cli("report", calendar, *READ, "--render", "rude", tmp_path / "out")
    assert "hello" not in ran.out
    if "'y'" in body:
        assert (tmp_path / "out").read_text() == "y"
    else:
        blamed(ran, 3)
        assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("body", [*list(RUDE.values())[:3], "return 7", "print('hello')"])
def test_rules(cli: Cli, install: Callable[..., None], calendar: Path, body: str) -> None:
    install(
        "rude-plug", "plug_rude", f"import sys\ndef rule(event, presence):\n    {body}\n", rules="rude = plug_rude:rule"
    )
    ran = cli("report", calendar, *READ, "--json")
    assert ran.code == 0, ran
    problems = [problem["text"] for problem in json.loads(ran.out)["problems"]]
    assert ["rude-plug 1.0" in text for text in problems] == ([] if "hello" in body else [True])


# --- without end ------------------------------------------------------------------------------------------------------

#: What never comes to an end by itself; the last takes no error for an answer.
FOREVER = {
    "loops": "while True: pass",
    "sleeps": "import time; time.sleep(600)",
    "goes on": "exec('import time\\nwhile True:\\n try: time.sleep(600)\\n except Exception: pass')",
}


@posix
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("forever", FOREVER.values(), ids=FOREVER)
def test_a_connector_that_never_answers(
    cli: Cli, install: Callable[..., None], monkeypatch: pytest.MonkeyPatch, place: str, forever: str
) -> None:
    monkeypatch.setattr(guests, "PATIENCE", 0.05)
    connector(install, **{place: forever})
    ran = cli("events", "rude", *READ)
    blamed(ran, 3)
    assert "longer than 0.05 seconds" in ran.err
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


@posix
def test_a_module_a_renderer_and_a_rule_that_never_come_to_an_end(
    cli: Cli, install: Callable[..., None], calendar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (guests, plugins, rules):
        monkeypatch.setattr(module, "PATIENCE", 0.05)
    install("rude-plug", "plug_rude", "while True: pass", connectors="rude = plug_rude:Plug")
    assert "longer than 0.05 seconds" in cli("events", "rude", *READ).err
    install("rude-plug", "plug_rend", "def render(report):\n    while True: pass", renderers="rude = plug_rend:render")
    blamed(cli("report", calendar, *READ, "--render", "rude", tmp_path / "out"), 3)
    install("rude-plug", "plug_rule", "def rule(event, presence):\n    while True: pass", rules="rude = plug_rule:rule")
    ran = cli("report", calendar, *READ, "--json")
    (problem,) = (each for each in json.loads(ran.out)["problems"] if each["code"] == "rule_failed")
    assert "rude-plug 1.0) was asked no more: it took longer than 0.05 seconds" in problem["text"]


@pytest.mark.parametrize(
    ("place", "forever"),
    [
        ("calendars", "return iter(lambda: CALENDAR, 0)"),
        ("fetch", "while True: yield Page()"),
        ("fetch", "while True: yield Page(events=[GOOD], calendar=CALENDAR)"),
        ("fetch", "yield Page(events=iter(lambda: GOOD, 0), calendar=CALENDAR)"),
        ("fetch", "yield Page(problems=iter(lambda: GOOD, 0))"),
        ("fetch", "yield Page(removed=iter(lambda: 'a', 0))"),
    ],
)
def test_a_connector_that_gives_without_end(
    cli: Cli, install: Callable[..., None], monkeypatch: pytest.MonkeyPatch, place: str, forever: str
) -> None:
    monkeypatch.setattr(guests, "_MOST_CALENDARS", 50)
    monkeypatch.setattr(guests, "_MOST_ITEMS", 50)
    connector(install, **{place: forever})
    ran = cli("events", "rude", *READ)
    blamed(ran, 3)
    assert "too many" in ran.err


@pytest.mark.parametrize("piece", ["'x'", "''"])
def test_a_renderer_that_gives_without_end(
    cli: Cli,
    install: Callable[..., None],
    calendar: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    piece: str,
) -> None:
    monkeypatch.setattr(guests, "_MOST_TEXT", 50)
    code = f"def render(report):\n    while True: yield {piece}\n"
    install("rude-plug", "plug_rude", code, renderers="rude = plug_rude:render")
    ran = cli("report", calendar, *READ, "--render", "rude", tmp_path / "out")
    blamed(ran, 3)
    assert "text without end" in ran.err
