"""What tests of keeping a Google calendar in step share: a calendar that is full, what happens to it, and who reads it."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

from api_support import MONDAY, Waits
from calsight import Calendar, CalendarEvent, Window
from calsight.protocols import ConnectorContext
from calsight.reading.store import Store
from calsight_google import GoogleConnector
from fakes.google import FakeGoogle
from fakes.google_api import refuse
from fakes.google_items import item, occurrences
from google_support import ANA, BO, ME

SPAN = Window(MONDAY - timedelta(hours=9), MONDAY + timedelta(weeks=20))
MINE = Calendar(id=ME, name=ME)
#: Google has forgotten the state.
FORGOTTEN = refuse(410, "fullSyncRequired")


def made(url: str, token: str) -> GoogleConnector:
    waits = Waits()
    return GoogleConnector(ConnectorContext({"api_endpoint": url, "access_token": token}), policy=waits.policy)


def read(store: Store, connector: GoogleConnector, window: Window = SPAN) -> list[CalendarEvent]:
    return [event for page in store.read("google", connector, MINE, window) for event in page.events]


def told(events: list[CalendarEvent]) -> dict[str, tuple[str, str]]:
    return {event.key: (event.start.isoformat(), event.title) for event in events}


def truth(google: FakeGoogle, window: Window = SPAN) -> dict[str, tuple[str, str]]:
    """What the server holds, by a way of its own."""
    connector = made(google.url, google.token())
    return told([event for page in connector.fetch(MINE, window) for event in page.events])


def fill(google: FakeGoogle) -> None:
    google.put(ME, *(item(f"e{number}", MONDAY + timedelta(hours=17 * number), 30, ANA, BO) for number in range(70)))
    google.put(ME, *occurrences(item("s", MONDAY, 45, BO, ANA), "FREQ=WEEKLY;COUNT=10"))


def change(google: FakeGoogle, chance: random.Random) -> None:
    """New, changed, moved and cancelled entries, occurrences among them."""
    held = sorted(google.events(ME))
    for key in chance.sample(held, 25):
        match chance.randrange(3):
            case 0:
                google.remove(ME, key)
            case 1:
                google.put(ME, google.events(ME)[key] | {"summary": f"Changed {chance.randrange(1000)}"})
            case _:
                start = MONDAY + timedelta(hours=chance.randrange(-2000, 5000))
                old = google.events(ME)[key]
                google.put(ME, old | {name: item(key, start)[name] for name in ("start", "end")})
    google.put(ME, *(item(f"n{chance.randrange(10**6)}", MONDAY + timedelta(days=n), 30, ANA) for n in range(8)))


def stored(url: str, token: str, folder: Path) -> dict[str, tuple[str, str]]:
    """What a connector with a store in `folder` has."""
    return told(read(Store(folder), made(url, token)))
