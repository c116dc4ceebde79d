"""calendarView/delta: all there is with a token for the next time, and what has changed since.

Graph tells of an occurrence of a series when it is and no more (microsoft-graph-docs#7632): the rest is its master's. Of an
occurrence that was deleted it tells nothing (microsoft-graph-docs#4501), so in an increment a series that is mentioned at all
is read anew and replaces what was known of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from calsight.errors import PayloadInvalidError
from calsight.kit.entries import Found
from calsight_outlook.graph import PAGE
from calsight_outlook.service import MICROSOFT
from calsight_outlook.translate import SELECT, joined
from calsight_outlook.trouble import GoneError
from calsight_outlook.view import Barren, View

_PAGES_OF = f"odata.maxpagesize={PAGE}"


@dataclass(slots=True)
class Changes:
    """One round of delta for a calendar. `token` is the address to begin the next round with, once the round is over."""

    view: View
    token: str = ""
    _masters: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _waiting: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    _changed: dict[str, None] = field(default_factory=dict)

    def everything(self) -> Iterator[Found]:
        """All events that touch the window, page by page; the last holds those whose master came after them."""
        seen: dict[str, Any] = {}
        address = self.view.graph.address(f"{self.view.path}/calendarView/delta", self.view.span)
        for items in self._round(address, incremental=False):
            ready: list[Any] = []
            for item in items:
                mark = _mark(item)
                if mark is None:
                    ready.append(item)  # becomes a Problem
                elif mark not in seen.items():
                    seen.update([mark])
                    ready += self._complete(item)
            yield self._translated(ready)
        late: list[Any] = []
        for series, waiting in self._waiting.items():
            master = self._master(series)
            late += (joined(item, master) for item in waiting if master is not None)
        yield self._translated(late)
        for series in self._changed:
            yield self._series(series)

    def since(self, token: str) -> Iterator[Found]:
        """What has changed. Raises `StateRefusedError` if Graph does not know the token any more."""
        touched: dict[str, None] = {}
        for items in self._round(token, incremental=True):
            removed: list[str] = []
            single: list[Any] = []
            for item in items:
                if "@removed" in item:
                    removed.append(item["id"])
                elif item.get("type") == "seriesMaster":
                    touched[item["id"]] = None
                elif isinstance(series := item.get("seriesMasterId"), str):
                    touched[series] = None
                else:
                    removed.append(item["id"])  # it may have been a series before
                    single.append(item)
            found = self.view.translator.page(single, self.view.window, increment=True)
            found.removed = [*removed, *found.removed]
            yield found
        for series in touched:
            found = self._series(series)
            found.removed = [series]
            yield found

    def _round(self, address: str, *, incremental: bool) -> Iterator[list[Any]]:
        met, barren = set[str](), Barren()
        for answer in self.view.graph.pages(
            address, asked_for=self.view.called, prefer=_PAGES_OF, incremental=incremental
        ):
            items = MICROSOFT.members(answer, "value")
            new = {str((item.get("id"), item.get("@odata.etag"))) for item in items if isinstance(item, dict)} - met
            met |= new
            barren.page(anything_new=bool(new) or "@odata.deltaLink" in answer)
            if incremental and not all(isinstance(item, dict) and isinstance(item.get("id"), str) for item in items):
                raise PayloadInvalidError("Microsoft tells of changes without saying of what: try later.")
            token = answer.get("@odata.deltaLink")
            yield items
        if not isinstance(token, str):
            raise PayloadInvalidError("Microsoft did not finish its answer: try later.")
        self.token = token

    def _complete(self, item: Mapping[str, Any]) -> list[Any]:
        """The items that can be translated now that this one has come."""
        if "@removed" in item:
            return []  # gone while we read
        kind, identity = item.get("type"), item["id"]
        if kind == "seriesMaster":
            if identity in self._masters:  # it was changed while we read
                self._changed[identity] = None
            self._masters[identity] = item
            return [joined(occurrence, item) for occurrence in self._waiting.pop(identity, ())]
        series = item.get("seriesMasterId")
        if "subject" in item or not isinstance(series, str):
            return [item]
        if series in self._masters:
            return [joined(item, self._masters[series])]
        self._waiting.setdefault(series, []).append(item)
        return []

    def _master(self, series: str) -> Mapping[str, Any] | None:
        """A master that Graph did not send along; None if the series is gone meanwhile."""
        try:
            return self.view.graph.get(
                f"{self.view.path}/events/{quote(series, safe='')}", {"$select": SELECT}, asked_for=self.view.called
            )
        except GoneError:
            return None

    def _series(self, series: str) -> Found:
        """All occurrences of a series that touch the window; none if it is gone."""
        found = Found()
        address = self.view.graph.address(
            f"{self.view.path}/events/{quote(series, safe='')}/instances",
            {**self.view.span, "$select": SELECT, "$top": str(PAGE)},
        )
        try:
            for answer in self.view.graph.pages(address, asked_for=self.view.called):
                page = self.view.translator.page(MICROSOFT.members(answer, "value"), self.view.window)
                found.events += page.events
                found.problems += page.problems
        except GoneError:
            return Found()
        return found

    def _translated(self, items: list[Any]) -> Found:
        return self.view.translator.page(items, self.view.window)


def _mark(item: Any) -> tuple[str, Any] | None:
    """What tells one version of an event from another."""
    if not isinstance(item, dict) or not isinstance(item.get("id"), str):
        return None
    return item["id"], item.get("@odata.etag")
