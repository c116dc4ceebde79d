"""What the tests of the store share: an invented server with a log of changes, and what a reader gets from it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from calsight.core.model.events import Calendar, CalendarEvent, Problem, Window
from calsight.protocols import Page
from calsight.reading.store import Store
from calsight.testing import event

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

    def fetch(self, calendar: Calendar, window: Window, *, state: bytes | None = None, **_: object) -> Iterator[Page]:
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


def held(store: Store) -> list[str]:
    """The keys in the file, as another program sees them."""
    db = sqlite3.connect(store.path)
    try:
        return [key for (key,) in db.execute("SELECT key FROM events ORDER BY key")]
    finally:
        db.close()
