"""Whoever has a mailbox in our Graph, and their calendars with what is in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from fakes.graph_items import Item, moment_of, occurrences


@dataclass
class Calendar:
    """Its items and what was changed in their series; `log` has each key that changed, for delta from `oldest` on."""

    entry: Item
    zone: str
    items: dict[str, Item] = field(default_factory=dict)
    exceptions: dict[str, dict[str, Item | None]] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    oldest: int = 0

    def view(self, low: datetime, high: datetime, only: str = "") -> list[Item]:
        """Every occurrence that overlaps a span; of the series `only`, if given."""
        found = []
        for item in list(self.items.values()):
            if only and item["id"] != only:
                continue
            for one in self._of(item, high):
                try:
                    start, end = self._real(one, "start"), self._real(one, "end")
                except (KeyError, TypeError, ValueError):
                    found.append(one)  # what no Graph would give; a test wants to see what becomes of it
                    continue
                if end > low and start < high:
                    found.append(one)
        return found

    def _of(self, item: Item, until: datetime) -> Iterator[Item]:
        if item["type"] != "seriesMaster":
            yield item
            return
        changed = self.exceptions.get(item["id"], {})
        for one in occurrences(item, until + timedelta(days=60)):
            kept = changed.get(one["id"], one)
            if kept is not None:
                yield kept

    def _real(self, item: Item, name: str) -> datetime:
        """When it really is: an all-day event is stored in the mailbox's zone (microsoft-graph-docs#16798)."""
        moment = moment_of(item[name])
        if not item["isAllDay"]:
            return moment
        return moment.replace(tzinfo=ZoneInfo(WINDOWS_TO_OLSON.get(self.zone, self.zone))).astimezone(UTC)


@dataclass
class User:
    """Whoever has a mailbox. `personal`: an account without getSchedule; `purpose`: what the mailbox is for."""

    address: str
    name: str
    zone: str
    calendars: dict[str, Calendar] = field(default_factory=dict)
    shared_with: set[str] = field(default_factory=set)
    profile: Item = field(default_factory=dict)
    personal: bool = False
    purpose: str = "user"
