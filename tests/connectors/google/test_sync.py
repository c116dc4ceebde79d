"""Connector, store and Google together: killed, or twice at once, the next run ends with exactly the server's events."""

from __future__ import annotations

import random
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest

from calsight import Calendar, Window
from calsight.protocols import ConnectorContext
from calsight.reading.store import Store
from calsight_google import GoogleConnector
from fakes.google import FakeGoogle
from fakes.server import Request
from google_sync import change, fill, made, read, told, truth
from kill_support import die_at_statement, forkserver, posix

# --- kill -9 ----------------------------------------------------------------------------------------------------------------


def _context() -> ForkServerContext:
    return forkserver("calsight_google.client", "google.oauth2.credentials")


def _sync(url: str, token: str, folder: str, die_at: int, answer: Connection | None = None) -> None:
    """One run in a process of its own. With `die_at` it dies (SIGKILL) before the so-many-th SQL statement."""
    statements = die_at_statement(die_at)
    found = told(read(Store(Path(folder)), made(url, token)))
    if answer:
        answer.send((found, statements()))
        answer.close()


def _kept(store: Store) -> dict[str, tuple[str, str]] | None:
    """What the file holds, seen by another program; None where it holds no calendar yet."""
    if not store.path.exists():
        return None
    db = sqlite3.connect(store.path)
    try:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'calendars'").fetchone()
        if tables == (0,) or db.execute("SELECT count(*) FROM calendars").fetchone() == (0,):
            return None
    finally:
        db.close()

    class Nothing(GoogleConnector):
        """Says that nothing has changed, so that the store gives what it has."""

        def fetch(self, calendar: Calendar, window: Window, *, state: bytes | None = None, **_: Any) -> Iterator[Any]:
            from calsight.protocols import Page

            yield Page(state=state, increment=state is not None, calendar=calendar)

    copy = store.path.with_name("copy") / store.path.name
    copy.parent.mkdir(exist_ok=True)
    for suffix in ("", "-wal"):
        source = store.path.with_name(store.path.name + suffix)
        if source.exists():
            copy.with_name(source.name).write_bytes(source.read_bytes())
    found = told(read(Store(copy.parent), Nothing(ConnectorContext())))
    for path in copy.parent.iterdir():
        path.unlink()
    return found


@posix
@pytest.mark.parametrize("kind", ["first", "increment", "forgotten"])
def test_killed_at_any_moment(google: FakeGoogle, tmp_path: Path, kind: str) -> None:
    """51 moments drawn from a seed: before any request, in the middle of any answer, before any statement of the store.

    `kind` is what is killed: the first fetch, an increment, or a full fetch because Google has forgotten the state.
    """
    context, token = _context(), google.token()
    google.page_size, google.chunk = 6, 100
    fill(google)
    chance = random.Random(kind)
    untouched = Store(tmp_path / "untouched")
    before = None if kind == "first" else told(read(untouched, made(google.url, token)))
    change(google, chance)
    if kind == "forgotten":
        google.expire_sync_tokens()
    after = truth(google)
    receiver, sender = context.Pipe(duplex=False)
    folder = tmp_path / "whole"
    _copied(untouched, folder)
    started = len(google.requests)
    whole = context.Process(target=_sync, args=(google.url, token, str(folder), 0, sender))
    whole.start()
    found, statements = receiver.recv()
    whole.join()
    requests = len(google.requests) - started
    assert found == after
    died, outcomes = 0, set()
    for number in range(17):
        folder = tmp_path / f"{number}"
        _copied(untouched, folder)
        die_at, die_in, die_while = _moment(chance, number, statements, requests)
        process = context.Process(target=_sync, args=(google.url, token, str(folder), die_at))
        with _killing(google, process, die_in, die_while):
            process.start()
            process.join()
        died += process.exitcode == -signal.SIGKILL
        kept = _kept(Store(folder))
        assert kept in (before, after)
        outcomes.add(kept == after)
        assert told(read(Store(folder), made(google.url, token))) == after
    assert died == 17
    assert outcomes == {False, True}


@contextmanager
def _killing(google: FakeGoogle, process: Any, die_in: int, die_while: int) -> Iterator[None]:
    """The server kills the process before it answers that request, or after the first part of that answer."""
    count = 0

    def before(number: int, request: Request) -> None:
        nonlocal count
        count += 1
        if count == die_in:
            process.kill()

    def while_sending(request: Request, sent: int) -> None:
        if sent > 0 and count == die_while:
            process.kill()

    google.storm, google.while_sending = before, while_sending
    try:
        yield
    finally:
        google.storm, google.while_sending = (lambda number, request: None), (lambda request, sent: None)


def _moment(chance: random.Random, number: int, statements: int, requests: int) -> tuple[int, int, int]:
    """(statement, request, request in the middle of whose answer) of which one is not 0; the last kill is after the commit."""
    if number == 16:
        return statements, 0, 0
    match number % 3:
        case 0:
            return chance.randint(1, statements), 0, 0
        case 1:
            return 0, chance.randint(1, requests), 0
        case _:
            return 0, 0, chance.randint(2, requests)


def _copied(store: Store, folder: Path) -> None:
    folder.mkdir()
    if store.path.exists():
        db = sqlite3.connect(store.path)
        copy = sqlite3.connect(folder / store.path.name)
        db.backup(copy)
        copy.close()
        db.close()


@posix
def test_two_runs_at_once_lose_nothing(google: FakeGoogle, tmp_path: Path) -> None:
    """Two processes, one store, a server that changes while both read: again and again."""
    context, token = _context(), google.token()
    google.page_size = 7
    fill(google)
    chance = random.Random(7)
    for round_ in range(4):
        changes = iter([3, 9])

        def before(number: int, request: Request, changes: Iterator[int] = changes) -> None:
            if len(google.asked("/events")) % 7 == 3 and next(changes, None):
                change(google, chance)

        google.storm = before
        pipes = [context.Pipe(duplex=False) for _ in range(2)]
        processes = [
            context.Process(target=_sync, args=(google.url, token, str(tmp_path), 0, sender)) for _, sender in pipes
        ]
        for process in processes:
            process.start()
        for receiver, _ in pipes:
            receiver.recv()
        for process in processes:
            process.join()
            assert process.exitcode == 0
        google.storm = lambda number, request: None
        assert told(read(Store(tmp_path), made(google.url, token))) == truth(google)
        change(google, random.Random(round_))
