"""Connector, store and server together: after whatever happens, the next run ends with exactly the server's events."""

from __future__ import annotations

import random
import signal
from datetime import timedelta
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

import pytest

from api_support import MONDAY, Waits
from calsight import Calendar, CalendarEvent, Window
from calsight.protocols import ConnectorContext
from calsight.reading.store import Store
from calsight_outlook import OutlookConnector
from fakes.graph import WORK, FakeGraph, refuse
from fakes.graph_items import ME, event, guest, series, when, who
from fakes.server import Request
from kill_support import die_at_statement, forkserver, posix
from outlook_support import BO

SPAN = Window(MONDAY - timedelta(hours=9), MONDAY + timedelta(weeks=12))
MINE = Calendar(id=f"me/{WORK}", name="Calendar", owner=(ME,))


def made(url: str, token: str, cache: Path | None = None) -> OutlookConnector:
    context = ConnectorContext({"api_endpoint": url, "access_token": token}, cache_dir=cache)
    return OutlookConnector(context, policy=Waits().policy)


def told(events: list[CalendarEvent]) -> dict[str, tuple[str, str, int]]:
    return {one.key: (one.start.isoformat(), one.title, len(one.attendees)) for one in events}


def synced(graph: FakeGraph, folder: Path, token: str = "") -> dict[str, tuple[str, str, int]]:
    connector = made(graph.url, token or graph.token(), folder)
    return told([one for page in Store(folder).read("outlook", connector, MINE, SPAN) for one in page.events])


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


def test_increments_and_full_fetches_lead_to_the_same(graph: FakeGraph, tmp_path: Path) -> None:
    graph.page_size = 9
    fill(graph)
    token = graph.token()
    for round_ in range(10):
        assert synced(graph, tmp_path, token) == truth(graph)
        change(graph, random.Random(round_))
        if round_ % 4 == 3:
            graph.expire_delta_tokens()
    assert len([one for one in graph.asked("/delta") if "$deltatoken" in one.query]) == 9


def test_a_410_in_the_middle_of_an_increment(graph: FakeGraph, tmp_path: Path) -> None:
    graph.page_size = 3
    fill(graph)
    synced(graph, tmp_path)
    change(graph, random.Random(1))
    refused: list[Request] = []

    def storm(number: int, request: Request) -> Any:
        if request.path.endswith("/delta") and "$skiptoken" in request.query and not refused:
            refused.append(request)
            return refuse(410, "SyncStateNotFound")
        return None

    graph.storm = storm
    assert synced(graph, tmp_path) == truth(graph)
    assert refused


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
