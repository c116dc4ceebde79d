"""Connector, store and server together: increments and full fetches lead to the same, whatever happens in between.

Killed (SIGKILL) at any moment, or twice at once, the next run ends with exactly what the server holds.
"""

from __future__ import annotations

import random
import re
import signal
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import chain
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest

import caldav_sync
import google_sync
import outlook_sync
from calsight.reading.store import Store
from calsight_caldav import course
from fakes.caldav import FakeCaldav
from fakes.google import FakeGoogle
from fakes.graph import FakeGraph
from fakes.server import Request, Server, Trouble
from kill_support import copied, die_at_statement, forkserver, killing, posix


@dataclass(frozen=True)
class Synced:
    """A service with a calendar that is full of entries and series.

    read    what a connector with a store in that folder has of it, in this process or another
    truth   what the server holds, by a way of its own
    change  new, changed, moved and removed entries, occurrences among them; forget: all states, so that the next is refused
    """

    server: Server
    read: Callable[[Path], Mapping[str, Any]]
    truth: Callable[[], Mapping[str, Any]]
    change: Callable[[random.Random], None]
    forget: Callable[[], None]
    refusal: Trouble
    is_increment: Callable[[Request], bool]
    is_middle: Callable[[Request], bool]


def _google(google: FakeGoogle) -> Synced:
    google.page_size = 9
    google_sync.fill(google)
    return Synced(
        server=google,
        read=partial(google_sync.stored, google.url, google.token()),
        truth=lambda: google_sync.truth(google),
        change=lambda chance: google_sync.change(google, chance),
        forget=google.expire_sync_tokens,
        refusal=google_sync.FORGOTTEN,
        is_increment=lambda request: "syncToken" in request.query and "pageToken" not in request.query,
        is_middle=lambda request: "syncToken" in request.query and "pageToken" in request.query,
    )


def _outlook(graph: FakeGraph) -> Synced:
    graph.page_size = 3
    outlook_sync.fill(graph)
    return Synced(
        server=graph,
        read=partial(outlook_sync.stored, graph.url, graph.token()),
        truth=lambda: outlook_sync.truth(graph),
        change=lambda chance: outlook_sync.change(graph, chance),
        forget=graph.expire_delta_tokens,
        refusal=outlook_sync.FORGOTTEN,
        is_increment=lambda request: request.path.endswith("/delta") and "$deltatoken" in request.query,
        is_middle=lambda request: request.path.endswith("/delta") and "$skiptoken" in request.query,
    )


def _caldav(fake: FakeCaldav) -> Synced:
    fake.part = 3
    caldav_sync.fill(fake)
    return Synced(
        server=fake,
        read=partial(caldav_sync.stored, fake.url),
        truth=lambda: caldav_sync.truth(fake),
        change=lambda chance: caldav_sync.change(fake, chance),
        forget=fake.forget_tokens,
        refusal=caldav_sync.FORGOTTEN,
        is_increment=lambda request: re.search(rb"<d:sync-token>t\d+<", request.body) is not None,
        is_middle=lambda request: re.search(rb"<d:sync-token>t\d+p<", request.body) is not None,
    )


@pytest.fixture(params=["google", "outlook", "caldav"])
def synced(request: pytest.FixtureRequest) -> Iterator[Synced]:
    if request.param == "google":
        yield _google(request.getfixturevalue("google"))
    elif request.param == "outlook":
        yield _outlook(request.getfixturevalue("graph"))
    else:
        with FakeCaldav() as fake:
            yield _caldav(fake)


def test_increments_and_full_fetches_lead_to_the_same(synced: Synced, tmp_path: Path) -> None:
    for round_ in range(12):
        assert synced.read(tmp_path) == synced.truth()
        synced.change(random.Random(round_))
        if round_ % 4 == 3:
            synced.forget()
    assert len([request for request in synced.server.requests if synced.is_increment(request)]) == 11


def test_a_state_that_is_refused_in_the_middle_of_an_increment(synced: Synced, tmp_path: Path) -> None:
    synced.read(tmp_path)
    synced.change(random.Random(1))
    refused: list[Request] = []

    def storm(number: int, request: Request) -> Trouble | None:
        if synced.is_middle(request) and not refused:
            refused.append(request)
            return synced.refusal
        return None

    synced.server.storm = storm
    assert synced.read(tmp_path) == synced.truth()
    assert len(refused) == 1


# --- kill -9, and two at once -------------------------------------------------------------------------------------------------


def _run(
    read: Callable[[Path], Mapping[str, Any]], folder: Path, die_at: int = 0, answer: Connection | None = None
) -> None:
    """One run in a process of its own. With `die_at` it dies before the so-many-th SQL statement."""
    course.BATCH = 5  # CalDAV asks for many entries at once
    statements = die_at_statement(die_at)
    found = read(folder)
    if answer:
        answer.send((found, statements()))
        answer.close()


def _context() -> ForkServerContext:
    return forkserver(
        "calsight_google.client", "google.oauth2.credentials", "calsight_outlook.graph", "calsight_outlook.changes"
    )


def _held(folder: Path) -> list[tuple[str, str]]:
    """What the file of the store holds, seen by another program."""
    path = Store(folder).path
    if not path.exists():
        return []
    db = sqlite3.connect(path)
    try:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        if db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'events'").fetchone() == (0,):
            return []
        return db.execute("SELECT key, body FROM events ORDER BY key").fetchall()
    finally:
        db.close()


def _moments(synced: Synced, folder: Path, chance: random.Random) -> list[tuple[int, int, int]]:
    """(statement, request, request in the middle of whose answer) of a run in `folder`; one of them is not 0.

    The last is after the commit.
    """
    begun, long = len(synced.server.requests), set()

    def note(request: Request, sent: int) -> None:
        if sent:
            long.add(len(synced.server.requests) - begun)

    context = _context()
    receiver, sender = context.Pipe(duplex=False)
    synced.server.while_sending = note
    whole = context.Process(target=_run, args=(synced.read, folder, 0, sender))
    whole.start()
    found, statements = receiver.recv()
    whole.join()
    requests = len(synced.server.requests) - begun
    synced.server.while_sending = lambda request, sent: None
    assert found == synced.truth()
    drawn = [
        (
            (chance.randint(1, statements), 0, 0),
            (0, chance.randint(1, requests), 0),
            (0, 0, chance.choice(sorted(long))),
        )
        for _ in range(4)
    ]
    return [*chain.from_iterable(drawn), (statements, 0, 0)]


@posix
@pytest.mark.parametrize("kind", ["first", "increment", "forgotten"])
def test_killed_at_any_moment(synced: Synced, tmp_path: Path, kind: str) -> None:
    """Before a request, in the middle of an answer, before a statement of the store: it holds the old or the new.

    `kind` is what is killed: the first fetch, an increment, or a full fetch because the service has forgotten the state.
    """
    chance, untouched = random.Random(kind), Store(tmp_path / "untouched")
    synced.server.chunk = 100
    if kind != "first":
        synced.read(untouched.path.parent)
        synced.change(chance)
    if kind == "forgotten":
        synced.forget()
    copied(untouched, tmp_path / "whole")
    moments = _moments(synced, tmp_path / "whole", chance)
    before, after, outcomes = _held(untouched.path.parent), _held(tmp_path / "whole"), set()
    for number, (die_at, die_in, die_while) in enumerate(moments):
        folder = tmp_path / f"{number}"
        copied(untouched, folder)
        process = _context().Process(target=_run, args=(synced.read, folder, die_at))
        with killing(synced.server, process, die_in, die_while):
            process.start()
            process.join()
        assert process.exitcode == -signal.SIGKILL
        held = _held(folder)
        assert held in (before, after)
        outcomes.add(held == after)
        assert synced.read(folder) == synced.truth()
    assert outcomes == {False, True}


@posix
def test_two_runs_at_once_lose_nothing(synced: Synced, tmp_path: Path) -> None:
    """Two processes, one store, a server that changes while both read: again and again."""
    context, chance = _context(), random.Random(7)
    for round_ in range(3):
        changes = iter([3, 9])

        def before(number: int, request: Request, changes: Iterator[int] = changes) -> None:
            if number % 5 == 3 and next(changes, None):
                synced.change(chance)

        synced.server.storm = before
        pipes = [context.Pipe(duplex=False) for _ in range(2)]
        processes = [context.Process(target=_run, args=(synced.read, tmp_path, 0, sender)) for _, sender in pipes]
        for process in processes:
            process.start()
        for receiver, _ in pipes:
            receiver.recv()
        for process in processes:
            process.join()
            assert process.exitcode == 0
        synced.server.storm = lambda number, request: None
        assert synced.read(tmp_path) == synced.truth()
        synced.change(random.Random(round_))
