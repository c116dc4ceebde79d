"""The local store: what a reader gets is what the server holds, whatever happened in between."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from calsight.core.model.events import Calendar, CalendarEvent, PartStat, Problem, Window
from calsight.errors import CancelledError, ServerTroubleError, StoreError
from calsight.protocols import Cancel, Page, ProgressCallback
from calsight.reading import store as store_module
from calsight.reading.store import SLACK, Store
from calsight.testing import attendee, event

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
MARCH = Window(MONDAY, MONDAY + timedelta(weeks=4))
WORK = Calendar(id="work", name="Work", zone="Europe/Berlin", owner=("ana@example.com",), last_sign=MONDAY)


def meeting(key: str, day: float = 1, title: str = "Meeting", series: str | None = None) -> CalendarEvent:
    """One invented occurrence, `day` days into March's window."""
    start = MONDAY + timedelta(days=day)
    return event(
        "ana", "bo", at=start, title=title, uid=f"{key}@example.com", id=key, series=series, original_start=None
    )


class Server:
    """A calendar with a log of changes: what a connector with sync tokens speaks to.

    `log` holds (key, event or None); a state is a position in it. `expired` states are refused, as Google's 410.
    """

    incremental = True

    def __init__(self, *events: CalendarEvent, page_size: int = 2) -> None:
        self.log: list[tuple[str, CalendarEvent | None]] = [(one.key, one) for one in events]
        self.problems: list[Problem] = []
        self.page_size = page_size
        self.fetches: list[str] = []
        self.windows: list[Window] = []
        self.expired = 0
        self.before_page: Callable[[int], None] = lambda number: None

    def put(self, *events: CalendarEvent) -> None:
        self.log += [(one.key, one) for one in events]

    def remove(self, *keys: str) -> None:
        self.log += [(key, None) for key in keys]

    def now(self) -> dict[str, CalendarEvent]:
        held: dict[str, CalendarEvent] = {}
        for key, one in self.log:
            if one is None:
                held = {other: kept for other, kept in held.items() if key not in (other, kept.series)}
            else:
                held[key] = one
        return held

    def calendars(self, reference: str) -> Sequence[Calendar]:
        return [WORK]

    def fetch(
        self,
        calendar: Calendar,
        window: Window,
        *,
        state: bytes | None = None,
        progress: ProgressCallback | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[Page]:
        self.windows.append(window)
        position = len(self.log)
        usable = state is not None and int(state) >= self.expired
        self.fetches.append("increment" if usable else "full")
        if usable:
            assert state is not None
            changes: list[tuple[str, CalendarEvent | None]] = self.log[int(state) : position]
        else:
            changes = [
                (key, one) for key, one in self.now().items() if one.start < window.end and one.end >= window.start
            ]
        parts = [changes[at : at + self.page_size] for at in range(0, len(changes), self.page_size)] or [[]]
        for number, part in enumerate(parts):
            self.before_page(number)
            last = number == len(parts) - 1
            # One change a page keeps their order; within a page removals come first.
            for index, (key, one) in enumerate(part or [("", None)]):
                final = last and index == max(len(part) - 1, 0)
                yield Page(
                    events=[replace(one, calendar=calendar)] if one else [],
                    removed=[key] if key and one is None else [],
                    problems=self.problems if final else [],
                    state=str(position).encode() if final else None,
                    increment=usable,
                    calendar=replace(calendar, last_sign=MONDAY + timedelta(seconds=position)),
                )


def read(store: Store, server: Server, window: Window = MARCH, name: str = "server") -> list[CalendarEvent]:
    return [one for page in store.read(name, server, WORK, window) for one in page.events]


def keys(events: Sequence[CalendarEvent]) -> list[str]:
    return [one.key for one in events]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "cache")


def test_the_second_read_asks_for_changes_only(store: Store) -> None:
    server = Server(meeting("a"), meeting("b", 2), meeting("c", 3))
    assert keys(read(store, server)) == ["a", "b", "c"]
    server.put(meeting("b", 9, title="Moved"), meeting("d", 5))
    server.remove("a")
    assert [(one.key, one.title) for one in read(store, server)] == [("c", "Meeting"), ("d", "Meeting"), ("b", "Moved")]
    assert server.fetches == ["full", "increment"]


def test_an_event_comes_back_as_it_was(store: Store) -> None:
    one = event(
        "ana",
        "bo",
        at="2026-03-04 14:00",
        id="x",
        zone="Europe/Berlin",
        series="weekly",
        original_start=MONDAY,
        attendees=(attendee("ana", is_me=True), attendee("bo", partstat=PartStat.TENTATIVE, guests=2)),
        conference=("https://meet.example.com/x",),
        participants_hidden=True,
        created=MONDAY,
        updated=MONDAY,
    )
    (back,) = read(store, Server(one))
    assert back == replace(one, calendar=back.calendar)
    assert back.calendar == replace(WORK, last_sign=MONDAY + timedelta(seconds=1))
    assert {moment.tzinfo for moment in (back.start, back.end, back.created, back.calendar.last_sign) if moment} == {
        UTC
    }


def test_all_events_share_one_calendar(store: Store) -> None:
    events = read(store, Server(*(meeting(str(number), number % 20) for number in range(2500)), page_size=500))
    assert len(events) == 2500
    assert len({id(one.calendar) for one in events}) == 1


def test_a_refused_state_is_reconciled_not_deleted_first(store: Store) -> None:
    server = Server(meeting("a"), meeting("b", 2))
    read(store, server)
    server.put(meeting("c", 3))
    server.remove("a")
    server.expired = 1000
    seen: list[list[str]] = []
    server.before_page = lambda number: seen.append(held(store))
    assert keys(read(store, server)) == ["b", "c"]
    assert seen == [["a", "b"]]  # while pages arrived everybody else still saw the old fetch


def held(store: Store) -> list[str]:
    """The keys in the file, as another program sees them."""
    db = sqlite3.connect(store.path)
    try:
        return [key for (key,) in db.execute("SELECT key FROM events ORDER BY key")]
    finally:
        db.close()


def test_an_increment_that_becomes_a_full_fetch_is_a_full_fetch(store: Store) -> None:
    server = Server(meeting("a"), meeting("b", 2))
    read(store, server)

    class Changing(Server):
        def fetch(self, calendar: Calendar, window: Window, **rest: Any) -> Iterator[Page]:
            yield Page(events=[meeting("gone", 4)], increment=True, calendar=calendar)
            yield Page(events=[meeting("b", 2)], calendar=calendar)
            yield Page(events=[meeting("c", 3)], state=b"7", calendar=calendar)

    assert keys(read(store, Changing())) == ["b", "c"]


def test_a_series_goes_with_all_its_occurrences(store: Store) -> None:
    server = Server(*(meeting(f"s_{week}", 7 * week, series="s") for week in range(4)), meeting("a"))
    read(store, server)
    server.remove("s")
    assert keys(read(store, server)) == ["a"]


def test_what_is_removed_and_made_again_in_one_increment_stays(store: Store) -> None:
    server = Server(meeting("a"))
    read(store, server)
    server.remove("a")
    server.put(meeting("a", title="Again"))
    server.put(meeting("b"))
    server.remove("b")
    assert [(one.key, one.title) for one in read(store, server)] == [("a", "Again")]


def test_what_moves_out_of_the_window_is_gone(store: Store) -> None:
    server = Server(meeting("a"), meeting("b"))
    read(store, server)
    server.put(meeting("a", 400), meeting("b", -400))
    assert read(store, server) == []
    assert held(store) == []


def test_a_window_that_moves_on_a_little_needs_no_full_fetch(store: Store) -> None:
    server = Server(meeting("a"))
    read(store, server)
    later = Window(MARCH.start + timedelta(weeks=1), MARCH.end + timedelta(weeks=1))
    server.put(meeting("late", 30))
    assert keys(read(store, server, later)) == ["late"]
    assert server.fetches == ["full", "increment"]
    assert server.windows[0] == server.windows[1] == Window(MARCH.start, MARCH.end + SLACK)


def test_a_wider_window_is_read_in_full(store: Store) -> None:
    server = Server(meeting("early", -10), meeting("a"))
    assert keys(read(store, server)) == ["a"]
    wider = Window(MARCH.start - timedelta(weeks=4), MARCH.end)
    assert keys(read(store, server, wider)) == ["early", "a"]
    assert keys(read(store, server)) == ["a"]
    assert server.fetches == ["full", "full", "increment"]


def test_an_event_that_runs_into_the_window_belongs_to_it(store: Store) -> None:
    before = replace(meeting("night", -0.01), end=MONDAY + timedelta(hours=1))
    assert keys(read(store, Server(before, meeting("old", -2)))) == ["night"]


def test_problems_stay_until_their_entry_is_mended(store: Store) -> None:
    server = Server(meeting("a"))
    server.problems = [Problem("bad_entry", "No start.", "Work", uid="b@example.com")]
    problems = lambda: [one for page in store.read("server", server, WORK, MARCH) for one in page.problems]  # noqa: E731
    assert problems() == server.problems
    server.problems, kept = [], server.problems
    assert problems() == kept
    server.put(meeting("b"))
    assert problems() == []


def test_calendars_and_connectors_do_not_mix(store: Store) -> None:
    one, two = Server(meeting("a")), Server(meeting("b"))
    assert keys(read(store, one, name="one")) == ["a"]
    assert keys(read(store, two, name="two")) == ["b"]
    assert keys(read(store, one, name="one")) == ["a"]


def test_forgetting_leaves_no_trace(store: Store) -> None:
    read(store, Server(meeting("a", title="Salary negotiation")), name="one")
    read(store, Server(meeting("b")), name="two")
    store.forget("one")
    assert held(store) == ["b"]
    for path in store.path.parent.iterdir():
        assert b"Salary" not in path.read_bytes()
    store.forget("never used")
    Store(store.path.parent / "absent").forget("one")
    assert not (store.path.parent / "absent").exists()


def test_another_version_of_calsight_reads_everything(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(meeting("a"))
    read(store, server)
    store_module._made_by.cache_clear()
    monkeypatch.setattr(store_module, "__version__", "99.0")
    read(store, server)
    store_module._made_by.cache_clear()
    assert server.fetches == ["full", "full"]


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


def test_the_file_is_its_owners_alone(store: Store) -> None:
    if sys.platform == "win32":
        pytest.skip("file modes are POSIX")
    os_umask = os.umask(0)
    try:
        modes: set[int] = set()
        server = Server(meeting("a"))
        read(store, server)
        store.path.chmod(0o644)
        for page in store.read("server", server, WORK, MARCH):
            assert page.calendar is not None
            modes |= {stat.S_IMODE(path.stat().st_mode) for path in store.path.parent.iterdir()}
        assert modes == {0o600}
    finally:
        os.umask(os_umask)


@pytest.mark.parametrize("damage", [b"not a database at all " * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_named_with_the_way_out(store: Store, damage: bytes) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(damage)
    with pytest.raises(StoreError, match=r"events-1\.sqlite cannot be used .*--no-cache") as caught:
        read(store, Server(meeting("a")))
    assert caught.value.__suppress_context__


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be used"):
        read(Store(tmp_path / "file" / "cache"), Server())


def test_a_file_of_unknown_version_is_left_alone(store: Store) -> None:
    read(store, Server(meeting("a")))
    db = sqlite3.connect(store.path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="another version wrote it"):
        read(store, Server(meeting("a")))


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        ([], "without a single page"),
        ([Page(increment=True, state=b"1")], "no state was given"),
        ([Page(state=None), Page(increment=True, state=b"1")], "cannot become an increment"),
    ],
)
def test_a_connector_that_breaks_the_rules_is_told(store: Store, pages: list[Page], message: str) -> None:
    class Broken(Server):
        def fetch(self, calendar: Calendar, window: Window, **rest: Any) -> Iterator[Page]:
            yield from pages

    with pytest.raises(ValueError, match=message):
        read(store, Broken())


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
