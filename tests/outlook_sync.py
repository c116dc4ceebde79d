"""What tests of keeping an Outlook calendar in step share: a calendar that is full, what happens to it, and who reads it."""

from __future__ import annotations

import random
from datetime import timedelta
from pathlib import Path

from api_support import MONDAY, Waits
from calsight import Calendar, CalendarEvent, Window
from calsight.protocols import ConnectorContext
from calsight.reading.store import Store
from calsight_outlook import OutlookConnector
from fakes.graph import WORK, FakeGraph, refuse
from fakes.graph_items import ME, event, guest, series, when, who
from outlook_support import BO

#: Graph has forgotten the state.
FORGOTTEN = refuse(410, "SyncStateNotFound")
SPAN = Window(MONDAY - timedelta(hours=9), MONDAY + timedelta(weeks=12))
MINE = Calendar(id=f"me/{WORK}", name="Calendar", owner=(ME,))


def made(url: str, token: str, cache: Path | None = None) -> OutlookConnector:
    context = ConnectorContext({"api_endpoint": url, "access_token": token}, cache_dir=cache)
    return OutlookConnector(context, policy=Waits().policy)


def told(events: list[CalendarEvent]) -> dict[str, tuple[str, str, int]]:
    return {one.key: (one.start.isoformat(), one.title, len(one.attendees)) for one in events}


def stored(url: str, token: str, folder: Path) -> dict[str, tuple[str, str, int]]:
    """What a connector with a store in `folder` has."""
    pages = Store(folder).read("outlook", made(url, token, folder), MINE, SPAN)
    return told([one for page in pages for one in page.events])


def truth(graph: FakeGraph) -> dict[str, tuple[str, str, int]]:
    """What the server holds, by a way of its own: calendarView, which has every occurrence whole."""
    connector = made(graph.url, graph.token())
    return told([one for page in connector.fetch(MINE, SPAN) for one in page.events])


def fill(graph: FakeGraph) -> None:
    graph.put(WORK, *(event(f"e{number}", MONDAY + timedelta(hours=29 * number), 30, BO) for number in range(40)))
    for number in range(6):
        master = event(f"s{number}", MONDAY + timedelta(hours=number), 45, guest(ME), organizer=who("bo@example.com"))
        graph.put(WORK, series(master, "weekly monday", 9))


def change(graph: FakeGraph, chance: random.Random) -> None:
    """New, changed, moved and removed entries and series, and occurrences that were moved or deleted."""
    held = graph.calendar().items
    for key in chance.sample(sorted(held), 12):
        item = held[key]
        recurs = item["type"] == "seriesMaster"
        match chance.randrange(5):
            case 0:
                graph.remove(WORK, key)
            case 1:
                graph.put(WORK, {**item, "subject": f"Changed {chance.randrange(1000)}"})
            case 2 if recurs:
                one = _occurrence(graph, key, chance)
                graph.delete_occurrence(WORK, one)
            case 3 if recurs:
                moved = MONDAY + timedelta(hours=chance.randrange(2000))
                one = _occurrence(graph, key, chance)
                graph.change_occurrence(
                    WORK, one, start=when(moved), end=when(moved + timedelta(minutes=20)), subject="Moved"
                )
            case _ if not recurs:
                start = MONDAY + timedelta(hours=chance.randrange(-500, 3000))
                graph.put(WORK, {**item, "start": when(start), "end": when(start + timedelta(minutes=30))})
    graph.put(WORK, *(event(f"n{chance.randrange(10**6)}", MONDAY + timedelta(days=day)) for day in range(3)))


def _occurrence(graph: FakeGraph, key: str, chance: random.Random) -> str:
    held = graph.calendar()
    inside = [one["id"] for one in held.view(MONDAY, MONDAY + timedelta(weeks=12), only=key)]
    return chance.choice(inside) if inside else f"{key}.{MONDAY:%Y%m%dT%H%M}"
