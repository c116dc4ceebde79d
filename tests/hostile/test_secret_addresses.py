"""Whoever knows the secret address of a calendar may read it: of an address nothing but its host leaves the process."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from calsight import pipeline
from calsight.cli import _COMMANDS
from calsight.errors import CalsightError
from cli.conftest import AS_OF, Ran
from hostile.servers import Answering, Server, serving
from serve.conftest import TOKEN, running

__all__ = ["running"]

Cli = Callable[..., Ran]
#: In each part of an address that is no host.
SECRETS = ("kennung", "losung", "private-6b1f", "deadbeef", "ausweis", "weiter-77aa")
PATH = "/ical/kennung%40x/private-6b1f/deadbeef.ics?key=ausweis"
USER = "kennung:losung@"


@pytest.fixture
def server(calendar: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "*")
    body = calendar.read_bytes()

    def answer(request: Answering) -> None:
        status = request.path.partition("/status-")[2][:3]
        if status.startswith("3"):
            request.say(
                int(status), Location=f"/weiter-77aa/deadbeef.ics?{request.path[:5]}", Cache_Control="max-age=99999"
            )
        elif status:
            request.say(int(status), b"private-6b1f")
        else:
            request.say(200, body, ETag='"1"', Cache_Control="max-age=99999")

    with serving(answer) as running:
        yield running


#: Where the address stands among words; before them where they do not say.
ADDRESS = "{}"
#: How each command is asked about a calendar; those that ask nothing of one, with the address where it does not belong.
WORDS = {
    "report": [
        (),
        ("--json",),
        ("--markdown", "-"),
        ("--html", "page.html"),
        ("--render", "markdown", "r.md"),
        ("--redact",),
    ],
    "meetings": [(), ("--explain",), ("--json-lines",)],
    "people": [(), ("--json-lines",)],
    "answer": [("--code", "companion")],
    "correct": [("person", "karin.sjogren@fjordbank.example", "me"), ()],
    "note": [("--with", "karin.sjogren@fjordbank.example"), ()],
    "suggest": [(), ("--ics", "times.ics")],
    "week": [()],
    "events": [(), ("--json-lines",)],
    "doctor": [(), ("--json",)],
    "sources": [(), ("--json",)],
    "connect": [(), ("ics",)],
    "disconnect": [(), ("ics",)],
    "settings": [(), ("--json",)],
    "setup": [()],
    "demo": [("--situation",)],
    "keep": [("--every", "3w"), ()],
    "serve": [("--no-browser",)],
    "new-connector": [()],
    "org": [
        (),
        ("ingest", ADDRESS, "--people", "people.csv", "--key-file", "key", "--out", "filled"),
        ("report", ADDRESS),
    ],
}


def left_behind(ran: Ran, folder: Path) -> str:
    """All that a run said, wrote and called its files."""
    files = "".join(f"{path} {path.read_bytes()!r}" for path in folder.rglob("*") if path.is_file())
    return f"{ran.out} {ran.err} {files}"


def held(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_every_command_is_tried() -> None:
    assert {*WORDS, "mcp"} == {*_COMMANDS}  # the MCP server speaks a protocol: below


@pytest.mark.parametrize("command", WORDS)
def test_no_command_says_more_of_an_address_than_its_host(
    cli: Cli, server: Server, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for more in WORDS[command]:
        address = server.url(PATH, user=USER)
        words = [word.replace(ADDRESS, address) for word in (more if ADDRESS in more else (ADDRESS, *more))]
        ran = cli(command, *words, *(("--as-of", AS_OF) if command in READING else ()), *VERBOSE)
        assert "defect" not in ran.err
        assert not held(left_behind(ran, tmp_path)), (command, more)


READING = ("report", "meetings", "people", "suggest", "week", "events", "doctor")
VERBOSE = ("--verbose",)


@pytest.mark.parametrize("status", [301, 302, 307, 308, 401, 403, 404, 410, 418, 429, 500, 503])
def test_no_answer_of_a_server_brings_more_to_light(cli: Cli, server: Server, tmp_path: Path, status: int) -> None:
    for _ in range(2):  # the second time from the cache
        ran = cli("events", server.url(f"{PATH}/status-{status}", user=USER), "--as-of", AS_OF, "--verbose")
        assert ran.code == (0 if status < 400 else 3)
        assert not held(left_behind(ran, tmp_path))
    assert server.seen


@pytest.mark.parametrize(
    "shape",
    [
        " {}",
        "<{}>",
        '"{}"',
        "ics:{}",
        "view-source:{}",
        "h{}",
        "see {}",
        "{}.jsonl",
        "http:/{}",
        "caldaw:{}",
        "webcal:{}",
        "HTTPS://[{}",
        "{}\n",
    ],
)
def test_what_is_almost_an_address_is_not_repeated_either(cli: Cli, tmp_path: Path, shape: str) -> None:
    for address in (f"http://{USER}127.0.0.1:9{PATH}", f"calendar.example.com{PATH}"):
        for command in ("events", "doctor"):
            ran = cli(command, shape.format(address), "--as-of", AS_OF)
            assert ran.code in (2, 3)
            assert "our fault" not in ran.err
            assert not held(left_behind(ran, tmp_path)), ran


def test_an_embedding_program_sees_nothing_of_it_either(
    server: Server, own_home: None, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    reading = pipeline.read(server.url(PATH, user=USER), as_of=AS_OF)
    report = pipeline.analyze(server.url(PATH, user=USER), as_of=AS_OF)
    assert not held(f"{reading!r} {report!r} {report.to_json()}")
    assert not [record for record in caplog.records if held(record.getMessage())]
    with pytest.raises(CalsightError) as raised:
        pipeline.read(server.url(f"{PATH}/status-404"), as_of=AS_OF)
    assert not held(repr(raised.value))


def test_two_secret_calendars_of_one_host_are_told_apart(server: Server, own_home: None) -> None:
    reading = pipeline.read(server.url(PATH), server.url(f"{PATH}2"), as_of=AS_OF)
    first, second = (calendar.calendar.id for calendar in reading.calendars)
    assert first != second
    assert re.fullmatch(r"http://127\.0\.0\.1#[0-9a-f]{16}", first)


def test_neither_assistants_nor_programs_see_anything_of_it(server: Server, own_home: None, tmp_path: Path) -> None:
    """Through the MCP server, and through the web API where it may read addresses: what is read, and what is refused."""
    anyio = pytest.importorskip("anyio", reason="the servers need the extra [serve]")
    mcp = pytest.importorskip("mcp", reason="the servers need the extra [serve]")
    from calsight.serve.mcp.calls import Manner
    from calsight.serve.mcp.server import make_server

    async def asked(path: str) -> list[str]:
        async with mcp.Client(make_server(Manner((server.url(path, user=USER),), only=True))) as client:
            tools = ("report", "meetings", "people", "explain", "suggest", "week", "doctor")
            return [repr(await client.call_tool(tool, {"as_of": AS_OF})) for tool in tools]

    said = [*anyio.run(asked, PATH), *anyio.run(asked, f"{PATH}/status-404")]
    assert "Karin" in said[0]  # it was read
    assert not [held(each) for each in said if held(each)]
    assert not held(left_behind(Ran(0, "", ""), tmp_path))


def test_the_web_api_does_not_say_it_either(
    server: Server, own_home: None, tmp_path: Path, running: Callable[..., Any]
) -> None:
    from calsight.serve import Limits, Reach, create_app

    api = running(create_app(token=TOKEN, limits=Limits(workers=1), sources=Reach(network="all")))
    for path, status in ((PATH, 200), (f"{PATH}/status-404", 422)):
        source = quote(server.url(path, user=USER), safe="")
        answer = api.ask("POST", f"/api/v1/report?as_of={AS_OF}&source={source}")
        assert answer.status == status
        assert not held(f"{answer.headers} {answer.body!r}")
    assert not held(left_behind(Ran(0, "", ""), tmp_path))
