"""Connector, store and Graph together: killed at any moment, the next run ends with exactly the server's events."""

from __future__ import annotations

import random
import signal
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from calsight.reading.store import Store
from fakes.graph import FakeGraph
from fakes.server import Request
from kill_support import die_at_statement, forkserver, posix
from outlook_sync import MINE, SPAN, change, fill, made, synced, truth

# --- kill -9 ------------------------------------------------------------------------------------------------------------------


def _sync(url: str, token: str, folder: str, die_at: int) -> None:
    """One run in a process of its own. With `die_at` it dies (SIGKILL) before the so-many-th SQL statement."""
    die_at_statement(die_at)
    for _ in Store(Path(folder)).read("outlook", made(url, token, Path(folder)), MINE, SPAN):
        pass


def _context() -> ForkServerContext:
    return forkserver("calsight_outlook.graph", "calsight_outlook.changes", "icalendar")


@posix
@pytest.mark.parametrize("kind", ["first", "increment"])
def test_killed_at_any_moment(graph: FakeGraph, tmp_path: Path, kind: str) -> None:
    """Before a request, in the middle of an answer, before a statement of the store: the next run has it all."""
    graph.page_size = 5
    fill(graph)
    token = graph.token()
    chance = random.Random(kind)
    died = 0
    for number in range(9):
        folder = tmp_path / str(number)
        if kind == "increment":
            synced(graph, folder, token)
            change(graph, chance)
        process = _context().Process(
            target=_sync, args=(graph.url, token, str(folder), chance.randint(1, 200) if number % 3 == 0 else 0)
        )
        with_requests = chance.randint(1, 4)
        before = len(graph.requests)

        def kill(
            request: Request, sent: int, at: int = with_requests, begun: int = before, mode: int = number % 3
        ) -> None:
            count = len(graph.requests) - begun
            if mode and count >= at and (mode == 1 or sent > 0 or count > at):
                process.kill()  # noqa: B023 - it is this round's

        graph.while_sending = kill
        process.start()
        process.join()
        graph.while_sending = lambda request, sent: None
        died += process.exitcode == -signal.SIGKILL
        assert synced(graph, folder, token) == truth(graph)
    assert died >= 6
