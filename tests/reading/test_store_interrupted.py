"""A store that is interrupted, overtaken, killed, or read in any order holds the old or the new, never a mixture."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
import sys
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from calsight.core.model.events import Window
from calsight.errors import CancelledError, ServerTroubleError
from calsight.reading import store as store_module
from calsight.reading.store import Store
from store_support import MARCH, MONDAY, Server, held, keys, meeting, read


def test_a_failed_fetch_leaves_the_store_as_it_was(store: Store) -> None:
    server = Server(meeting("a"), meeting("b", 2))
    read(store, server)
    server.put(meeting("c", 3), meeting("d", 4), meeting("e", 5))
    server.remove("a")

    def fail(number: int) -> None:
        if number == 1:
            raise ServerTroubleError("The server failed.")

    server.before_page = fail
    with pytest.raises(ServerTroubleError):
        read(store, server)
    assert held(store) == ["a", "b"]
    server.before_page = lambda number: None
    assert keys(read(store, server)) == ["b", "c", "d", "e"]
    assert server.fetches == ["full", "increment", "increment"]


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, CancelledError])
def test_stopping_at_any_page_leaves_the_store_as_it_was(store: Store, interrupt: type[BaseException]) -> None:
    server = Server(*(meeting(str(number), number) for number in range(8)))
    read(store, server)
    server.put(*(meeting(str(number), number, title="New") for number in range(8)))
    for stop_at in range(4):

        def stop(number: int, stop_at: int = stop_at) -> None:
            if number == stop_at:
                raise interrupt

        server.before_page = stop
        with pytest.raises(interrupt):
            read(store, server)
    server.before_page = lambda number: None
    assert {one.title for one in read(store, server)} == {"New"}


def test_an_increment_that_came_second_is_asked_for_anew(store: Store) -> None:
    """Two processes start from one state; the one that ends later must not put back what the other removed."""
    server = Server(meeting("a"), meeting("b", 2), meeting("c", 3))
    read(store, server)
    server.put(meeting("b", 2, title="First change"))
    slow = Server()
    slow.log = list(server.log)  # what the slow process sees of the server

    def overtake(number: int) -> None:
        slow.before_page = lambda number: None
        server.put(meeting("b", 2, title="Second change"))
        server.remove("a")
        read(store, server)
        slow.log = list(server.log)

    slow.before_page = overtake
    assert [(one.key, one.title) for one in read(store, slow)] == [("b", "Second change"), ("c", "Meeting")]
    assert slow.fetches == ["increment", "increment"]


def test_a_reader_gets_its_whole_window_whatever_others_ask_for(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """After each of our commits somebody replaces the calendar by another window: nothing may be missing from ours."""
    server, other = Server(meeting("a"), meeting("b", 300)), Server(meeting("a"), meeting("b", 300))
    elsewhere = Window(MONDAY + timedelta(days=290), MONDAY + timedelta(days=310))
    commit = store_module._commit

    def commit_and_be_overtaken(*arguments: Any) -> bool:
        done = commit(*arguments)
        if arguments[4].start == MARCH.start:
            assert keys(read(store, other, elsewhere)) == ["b"]
        return done

    monkeypatch.setattr(store_module, "_commit", commit_and_be_overtaken)
    assert keys(read(store, server)) == ["a"]
    assert len(server.fetches) == 5


class AnyHistory(RuleBasedStateMachine):
    """Whatever happens on the server and in whichever order it is read, a read gives exactly what the server holds."""

    @initialize(page_size=st.integers(1, 5))
    def begin(self, page_size: int) -> None:
        from tempfile import TemporaryDirectory

        self.folder = TemporaryDirectory()
        self.store = Store(Path(self.folder.name))
        self.server = Server(page_size=page_size)
        self.window = MARCH

    @rule(key=st.sampled_from("abcdef"), day=st.integers(-40, 60), title=st.sampled_from(["One", "Two"]))
    def put(self, key: str, day: int, title: str) -> None:
        self.server.put(meeting(key, day, title))

    @rule(number=st.integers(0, 3), day=st.integers(0, 27))
    def put_occurrence(self, number: int, day: int) -> None:
        self.server.put(meeting(f"s_{number}", day, series="s"))

    @rule(key=st.sampled_from(["a", "b", "c", "s", "s_0", "s_1"]))
    def remove(self, key: str) -> None:
        self.server.remove(key)

    @rule()
    def expire(self) -> None:
        self.server.expired = len(self.server.log) + 1

    @rule(start=st.integers(-30, 10), length=st.integers(1, 50))
    def look_elsewhere(self, start: int, length: int) -> None:
        self.window = Window(MONDAY + timedelta(days=start), MONDAY + timedelta(days=start + length))

    @rule(page=st.integers(0, 4))
    def read_and_fail(self, page: int) -> None:
        def fail(number: int) -> None:
            if number == page:
                raise ServerTroubleError("The server failed.")

        self.server.before_page = fail
        try:
            read(self.store, self.server, self.window)
        except ServerTroubleError:
            pass
        finally:
            self.server.before_page = lambda number: None

    @rule()
    def read_all(self) -> None:
        got = {one.key: (one.start, one.title) for one in read(self.store, self.server, self.window)}
        assert got == {
            key: (one.start, one.title)
            for key, one in self.server.now().items()
            if one.start < self.window.end and one.end >= self.window.start
        }

    @invariant()
    def the_file_is_whole(self) -> None:
        if hasattr(self, "store") and self.store.path.exists():
            db = sqlite3.connect(self.store.path)
            assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            db.close()

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(max_examples=40, stateful_step_count=20)


def _many_reads(folder: str, events: int, reads: int, answer: Connection) -> None:
    server = Server(*(meeting(str(number), number % 28) for number in range(events)), page_size=50)
    found = [len(read(Store(Path(folder)), server)) for _ in range(reads)]
    answer.send(json.dumps(found))
    answer.close()


def _dies_in_statement(folder: str, statement: int) -> None:
    """Read a change of everything, and die with SIGKILL before the so-many-th SQL statement."""
    seen = 0

    def count(sql: str) -> None:
        nonlocal seen
        seen += 1
        if seen == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    def opened(*arguments: object, **named: object) -> sqlite3.Connection:
        db = connect(*arguments, **named)  # type: ignore[call-overload]
        db.set_trace_callback(count)
        return db  # type: ignore[no-any-return]

    connect, sqlite3.connect = sqlite3.connect, opened  # type: ignore[assignment]
    server = Server(*(meeting(str(number), number) for number in range(6)))
    server.put(*(meeting(str(number), number, title="New") for number in range(6)))
    server.remove("0")
    read(Store(Path(folder)), server)


def forkserver() -> ForkServerContext:
    """Processes that begin with everything imported, so that each costs milliseconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["pytest", "hypothesis.stateful", "pydantic", "calsight.reading.store", "calsight.testing"]
    )
    return context


posix = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL and forkserver are POSIX")


@posix
def test_many_processes_open_one_new_store_at_once(tmp_path: Path) -> None:
    context = forkserver()
    pipes = [context.Pipe(duplex=False) for _ in range(6)]
    processes = [context.Process(target=_many_reads, args=(str(tmp_path), 200, 5, sender)) for _, sender in pipes]
    for process in processes:
        process.start()
    for _, sender in pipes:
        sender.close()
    assert [json.loads(receiver.recv()) for receiver, _ in pipes] == [[200] * 5] * 6
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * 6


@posix
def test_a_process_killed_at_any_statement_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    """The kill falls on every kind of statement: opening, gathering, committing, reading."""
    context = forkserver()
    outcomes = set()
    for statement in range(1, 90, 4):
        folder = tmp_path / str(statement)
        before = Server(*(meeting(str(number), number) for number in range(6)))
        read(Store(folder), before)
        process = context.Process(target=_dies_in_statement, args=(str(folder), statement))
        process.start()
        process.join()
        titles = {key: json.loads(body).get("title") for key, body in _bodies(folder)}
        old = {str(number): "Meeting" for number in range(6)}
        new = {str(number): "New" for number in range(1, 6)}
        assert titles in (old, new)
        outcomes.add((process.exitcode, titles == new))
        after = Server(*(meeting(str(number), number) for number in range(6)))
        after.put(*(meeting(str(number), number, title="New") for number in range(6)))
        after.remove("0")
        assert {one.key: one.title for one in read(Store(folder), after)} == new
    assert {(-signal.SIGKILL, False), (-signal.SIGKILL, True)} <= outcomes


def _bodies(folder: Path) -> list[tuple[str, bytes]]:
    db = sqlite3.connect(Store(folder).path)
    try:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return db.execute("SELECT key, body FROM events").fetchall()
    finally:
        db.close()
