"""Connector, store and real servers together: after whatever happens, the next run ends with exactly the server's events."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from api_support import MONDAY, WINDOW
from caldav_homes import Home, Real
from caldav_support import REAL, entry, series
from calsight import CalendarEvent
from calsight.kit.sync import sync_state
from calsight.protocols import ConnectorContext, Page
from calsight.reading.store import Store
from calsight_caldav import CaldavConnector
from kill_support import copied, die_at_request, die_at_statement, forkserver, posix

Connect = Callable[..., CaldavConnector]
Told = dict[tuple[str, str], str]


def told(events: list[CalendarEvent]) -> Told:
    return {(event.uid, event.start.isoformat()): event.title for event in events}


def read(store: Store, connector: CaldavConnector) -> Told:
    (calendar,) = connector.calendars("work")
    pages = store.read("caldav", connector, calendar, WINDOW)
    return told([event for page in pages for event in page.events if event.start in WINDOW])


def truth(connector: CaldavConnector) -> Told:
    """What the server holds, read anew."""
    (calendar,) = connector.calendars("work")
    pages = connector.fetch(calendar, WINDOW)
    return told([event for page in pages for event in page.events if event.start in WINDOW])


def change(home: Home, work: str, held: set[str], chance: random.Random, many: int = 6) -> None:
    """New, changed, moved and removed entries; what was one meeting becomes a series, and the other way."""
    for name in chance.sample(sorted(held), min(many, len(held))):
        uid = name.removesuffix(".ics")
        match chance.randrange(4):
            case 0:
                home.delete(work, name)
                held.discard(name)
            case 1:
                home.put(work, name, entry(uid, MONDAY + timedelta(hours=chance.randrange(-400, 2000)), title="Moved"))
            case 2:
                home.put(work, name, series(uid, MONDAY + timedelta(hours=chance.randrange(48)), moved=2, gone=3))
            case _:
                home.put(work, name, entry(uid, title=f"Changed {chance.randrange(1000)}"))
    for _ in range(3):
        name = f"n{chance.randrange(10**9)}.ics"
        home.put(work, name, entry(name.removesuffix(".ics"), MONDAY + timedelta(days=chance.randrange(50))))
        held.add(name)


@pytest.fixture
def work(home: Home) -> str:
    made = home.make("work")
    home.put(made, "s.ics", series("s"))
    for number in range(8):
        home.put(made, f"e{number}.ics", entry(f"e{number}", MONDAY + timedelta(hours=17 * number)))
    return made


def test_increments_and_full_fetches_lead_to_the_same(home: Home, work: str, connect: Connect, tmp_path: Path) -> None:
    store, connector, chance = Store(tmp_path), connect(), random.Random(1)
    held = {"s.ics", *(f"e{number}.ics" for number in range(8))}
    for _ in range(4):
        assert read(store, connector) == truth(connector)
        change(home, work, held, chance)
    assert read(store, connector) == truth(connector)


def pages_since(connector: CaldavConnector, state: bytes) -> list[Page]:
    (calendar,) = connector.calendars("work")
    return list(connector.fetch(calendar, WINDOW, state=state))


def test_only_what_has_changed_is_asked_for(real: Real, home: Home, work: str, connect: Connect) -> None:
    """Some tell more: SOGo what changed in the same second, DAViCal what did not change at all."""
    connector = connect()
    (calendar,) = connector.calendars("work")
    first = list(connector.fetch(calendar, WINDOW))[-1].state
    assert first
    (nothing,) = pages_since(connector, first)
    assert nothing.increment
    assert nothing.events == [] or not real.exact
    home.put(work, "e1.ics", entry("e1", title="Changed"))
    home.delete(work, "s.ics")
    (page,) = pages_since(connector, nothing.state or b"")
    assert page.increment
    changed = [event.title for event in page.events if event.uid == "e1"]
    assert changed == ["Changed"]
    assert len(page.events) == 1 or not real.exact
    assert {"e1.ics", "s.ics"} <= set(page.removed)


@pytest.mark.parametrize("strange", ["garbage", "http://example.com/ns/sync/99999"])
def test_a_state_that_the_server_does_not_know_is_a_full_fetch(
    real: Real, home: Home, work: str, connect: Connect, strange: str
) -> None:
    """Not a failed sign-in, whatever status a server says it with (403, 412), and nothing of the calendar is lost."""
    import json

    connector = connect()
    (calendar,) = connector.calendars("work")
    kept = json.loads(list(connector.fetch(calendar, WINDOW))[-1].state or b"")
    bound = {key: kept[key] for key in ("version", "whose", "start", "end")}
    token = json.loads(kept["token"])
    assert ("sync" in token) == real.syncs
    state = sync_state(bound, json.dumps({"sync": strange}), kept["full"])
    pages = pages_since(connector, state)
    assert pages[-1].increment == real.never_forgets
    assert told([event for page in pages for event in page.events]) == truth(connector)


# --- kill -9, and two at once -------------------------------------------------------------------------------------------------


def _sync(given: dict[str, str], folder: str, dies: str, at: int, answer: Connection | None = None) -> None:
    """One run in a process of its own, which dies (SIGKILL) before a statement of the store or a request, or after one."""
    counts = {
        "statement": die_at_statement(at if dies == "statement" else 0),
        "request": die_at_request(at if dies in ("request", "answer") else 0, after=dies == "answer"),
    }
    found = read(Store(Path(folder)), CaldavConnector(ConnectorContext(given, zone="Europe/Berlin"), policy=REAL))
    if answer:
        answer.send((found, {kind: count() for kind, count in counts.items()}))
        answer.close()


def given_to(home: Home) -> dict[str, str]:
    return {"server": home.url, "user": home.user, "password": home.password, "ca_file": home.ca_file}


@posix
def test_killed_in_mid_sync(home: Home, work: str, connect: Connect, tmp_path: Path) -> None:
    """Whenever that is, the next run has it all."""
    context, chance = forkserver(), random.Random(2)
    untouched, connector = Store(tmp_path / "untouched"), connect()
    read(untouched, connector)
    change(home, work, {"s.ics", *(f"e{number}.ics" for number in range(8))}, chance)
    after = truth(connector)
    receiver, sender = context.Pipe(duplex=False)
    copied(untouched, tmp_path / "whole")
    process = context.Process(target=_sync, args=(given_to(home), str(tmp_path / "whole"), "", 0, sender))
    process.start()
    found, counts = receiver.recv()
    process.join()
    assert found == after
    for dies in ("statement", "request", "answer"):
        folder = tmp_path / dies
        copied(untouched, folder)
        at = chance.randint(1, counts["statement" if dies == "statement" else "request"])
        process = context.Process(target=_sync, args=(given_to(home), str(folder), dies, at))
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGKILL
        assert read(Store(folder), connector) == after


@posix
def test_two_runs_at_once_lose_nothing(home: Home, work: str, connect: Connect, tmp_path: Path) -> None:
    """Two processes, one store, and a calendar that changes while both read."""
    context, chance = forkserver(), random.Random(6)
    pipes = [context.Pipe(duplex=False) for _ in range(2)]
    arguments = [(given_to(home), str(tmp_path), "", 0, sender) for _, sender in pipes]
    processes = [context.Process(target=_sync, args=each) for each in arguments]
    for process in processes:
        process.start()
    change(home, work, {"s.ics", *(f"e{number}.ics" for number in range(8))}, chance)
    for receiver, _ in pipes:
        receiver.recv()
    for process in processes:
        process.join()
        assert process.exitcode == 0
    assert read(Store(tmp_path), connect()) == truth(connect())
