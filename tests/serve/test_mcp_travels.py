"""How the MCP server's answers travel: with progress, cancelled, over standard output and HTTP, to the Inspector."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from subprocess import PIPE
from typing import Any

import anyio
import pytest

pytest.importorskip("mcp", reason="the MCP server needs the extra [serve]")

from mcp import Client, StdioServerParameters, stdio_client

from calsight.serve.mcp import calls
from calsight.serve.mcp.brief import ReportBrief
from calsight.serve.mcp.calls import Manner
from calsight.serve.mcp.server import make_server
from mcp_support import ASKED, READS
from serve.conftest import AS_OF

HELLO = {"protocolVersion": "2025-06-18", "capabilities": {}}


def test_how_far_it_has_come_is_told_on_the_way(path):
    told: list[tuple[float, float | None, str | None]] = []

    async def run() -> None:
        heard = anyio.Event()

        async def progress(done: float, total: float | None, message: str | None) -> None:
            told.append((done, total, message))
            heard.set()

        async with Client(make_server(Manner((str(path),)))) as client:
            await client.call_tool("report", ASKED, progress_callback=progress)
            with anyio.fail_after(300):
                await heard.wait()

    anyio.run(run)
    done, total, message = told[0]
    assert total is not None
    assert 0 <= done <= total
    assert message == f"{done:g} entries"


@dataclass
class Slow:
    """A tool that waits until it is cancelled."""

    begun: threading.Event = field(default_factory=threading.Event)
    cancelled: threading.Event = field(default_factory=threading.Event)

    def __call__(self, call: calls.Call) -> tuple[ReportBrief, str]:
        """Wait."""
        self.begun.set()
        if call.cancel.wait(300):
            self.cancelled.set()
        return call.teller.report(call.report, full=False), ""


@pytest.mark.parametrize("over", ["memory", "http"])
def test_a_call_that_is_cancelled_ends_the_reading(running, path, over):
    slow, manner = Slow(), Manner((str(path),))
    server = make_server(manner)
    server.tool("slow")(calls.tool(manner, slow))
    at = f"{running(server.streamable_http_app()).address}/mcp" if over == "http" else server

    async def run() -> None:
        async with Client(at) as client, anyio.create_task_group() as calling:
            calling.start_soon(client.call_tool, "slow", {})
            assert await anyio.to_thread.run_sync(slow.begun.wait, 300)
            calling.cancel_scope.cancel()
        assert await anyio.to_thread.run_sync(slow.cancelled.wait, 300)

    anyio.run(run)


# --- over standard input and output, in a process of its own ---


def stdio(*words: str) -> StdioServerParameters:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    return StdioServerParameters(command=sys.executable, args=["-m", "calsight", "mcp", *words], env=environment)


def test_over_standard_input_and_output(path):
    async def run() -> Any:
        async with Client(stdio_client(stdio(str(path), "--private"))) as client:
            names = {tool.name for tool in (await client.list_tools()).tools}
            steps: list[float] = []

            async def progress(done: float, total: float | None, message: str | None) -> None:
                steps.append(done)

            return names, await client.call_tool("report", ASKED, progress_callback=progress), steps

    names, answer, _ = anyio.run(run)
    assert names == READS
    assert answer.structured_content["level"] in ("watch", "ok", "at_risk", "insufficient_data")


NOISY = """
import os, subprocess, sys
print("imported")
os.write(1, b"imported, past Python")
def rule(event, presence):
    print("judged", end="")
    os.write(1, b"judged, past Python\\n")
    subprocess.run([sys.executable, "-c", "print('a child')"] if not seen else ["true"])
    seen.append(event)
    return None
seen = []
"""


def test_nothing_but_the_protocol_is_on_standard_output(path, install, tmp_path, monkeypatch):
    """Whatever a plugin prints, by whichever road, and whenever that is flushed."""
    install("noisy", "plug_noisy", NOISY, rules="noisy = plug_noisy:rule")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    asked = [
        {"id": 1, "method": "initialize", "params": {**HELLO, "clientInfo": {"name": "tests", "version": "1"}}},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": {"name": "report", "arguments": ASKED}},
    ]
    lines = "".join(json.dumps({"jsonrpc": "2.0", **one}) + "\n" for one in asked)
    given = stdio(str(path))
    server = subprocess.Popen(
        [given.command, *given.args], stdin=PIPE, stdout=PIPE, stderr=PIPE, text=True, env=given.env
    )
    assert server.stdin
    assert server.stdout
    server.stdin.write(lines)
    server.stdin.flush()
    said = []
    while not any(one.get("id") == 2 for one in said):
        said.append(json.loads(server.stdout.readline()))
    rest, errors = server.communicate(timeout=300)
    assert said[-1]["result"]["structuredContent"]["level"]
    assert "imported, past Python" in errors
    assert "a child" in errors
    assert rest == ""


# --- the Inspector's command line ---


def test_the_inspector_lists_calls_and_sees_errors(inspector, path):
    server = [sys.executable, "-m", "calsight", "mcp"]
    listed = json.loads(inspector(*server, "--method", "tools/list").stdout)
    assert {tool["name"] for tool in listed["tools"]} == READS
    call = [*server, "--method", "tools/call", "--tool-name", "report", "--tool-arg"]
    done = json.loads(inspector(*call, f"source={path}", f"as_of={AS_OF}").stdout)
    assert done["structuredContent"]["level"]
    failed = json.loads(inspector(*call, "source=gone.ics").stdout)
    assert failed["isError"] is True


def test_the_inspector_speaks_to_it_over_http(running, inspector, path):
    # Its command line cannot bear a token (0.15), so this is the server without the guard before it.
    alone = running(make_server(Manner((str(path),))).streamable_http_app())
    server = [f"{alone.address}/mcp", "--transport", "http"]
    listed = json.loads(inspector(*server, "--method", "tools/list").stdout)
    assert {tool["name"] for tool in listed["tools"]} == READS
    given = ["--method", "tools/call", "--tool-name", "week", "--tool-arg", f"as_of={AS_OF}"]
    assert json.loads(inspector(*server, *given).stdout)["structuredContent"]["last_week"]
