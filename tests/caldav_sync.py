"""What tests of keeping a CalDAV calendar in step share: a calendar that is full, what happens to it, and who reads it."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

from api_support import MONDAY, WINDOW, Waits
from caldav_support import entry, series
from calsight import CalendarEvent
from calsight.kit.retry import RetryPolicy
from calsight.protocols import ConnectorContext
from calsight.reading.store import Store
from calsight_caldav import CaldavConnector
from fakes.caldav import PASSWORD, USER, FakeCaldav, refuse

Told = dict[str, tuple[str, str]]
#: The server has forgotten the state.
FORGOTTEN = refuse(403)


def made(url: str, policy: RetryPolicy | None = None) -> CaldavConnector:
    given = {"server": url, "user": USER, "password": PASSWORD}
    return CaldavConnector(ConnectorContext(given, zone="Europe/Berlin"), policy=policy or Waits().policy)


def told(events: list[CalendarEvent]) -> Told:
    return {event.key: (event.start.isoformat(), event.title) for event in events if event.start in WINDOW}


def read(store: Store, connector: CaldavConnector) -> Told:
    (calendar,) = connector.calendars("")
    return told([event for page in store.read("caldav", connector, calendar, WINDOW) for event in page.events])


def truth(fake: FakeCaldav) -> Told:
    """What the server holds, read anew."""
    connector = made(fake.url)
    (calendar,) = connector.calendars("")
    return told([event for page in connector.fetch(calendar, WINDOW) for event in page.events])


def fill(fake: FakeCaldav) -> None:
    fake.put("s.ics", series("s", moved=2))
    for number in range(30):
        fake.put(f"e{number}.ics", entry(f"e{number}", MONDAY + timedelta(hours=17 * number)))


def change(fake: FakeCaldav, chance: random.Random) -> None:
    """New, changed, moved and removed entries."""
    for name in chance.sample(sorted(fake.entries), 8):
        if chance.randrange(3):
            moved = MONDAY + timedelta(hours=chance.randrange(-300, 1500))
            fake.put(name, entry(name.removesuffix(".ics"), moved, title=f"Changed {chance.randrange(1000)}"))
        else:
            fake.remove(name)
    for _ in range(4):
        name = f"n{chance.randrange(10**9)}"
        fake.put(f"{name}.ics", entry(name, MONDAY + timedelta(days=chance.randrange(50))))


def stored(url: str, folder: Path) -> Told:
    """What a connector with a store in `folder` has."""
    return read(Store(folder), made(url))
