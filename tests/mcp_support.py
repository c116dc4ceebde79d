"""Speaking to the MCP server in this process, as the official client does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anyio
import pytest

pytest.importorskip("mcp", reason="the MCP server needs the extra [serve]")

from mcp import Client

from calsight.serve.mcp.calls import Manner
from calsight.serve.mcp.server import make_server
from serve.conftest import AS_OF

READS = {"report", "meetings", "people", "explain", "suggest", "week", "doctor"}
ASKED = {"as_of": AS_OF}


def asking(manner: Manner, work: Callable[[Any], Any]) -> Any:
    """What `work(client)` comes to, against a server in this process."""

    async def run() -> Any:
        async with Client(make_server(manner)) as client:
            return await work(client)

    return anyio.run(run)


def called(manner: Manner, name: str, **given: Any) -> Any:
    return asking(manner, lambda client: client.call_tool(name, ASKED | given))
