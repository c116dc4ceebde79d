"""Connector, store and real servers together: after whatever happens, the next run ends with exactly the server's events."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from api_support import MONDAY, WINDOW
from caldav_homes import Home, Real
from caldav_support import entry, series
from calsight import CalendarEvent
from calsight.kit.sync import sync_state
from calsight.protocols import Page
from calsight.reading.store import Store
from calsight_caldav import CaldavConnector

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
