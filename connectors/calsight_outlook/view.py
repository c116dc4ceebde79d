"""calendarView: all events of one calendar that touch a window, with what is used of them and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from calsight import Window
from calsight.kit.entries import Found
from calsight_outlook.graph import PAGE, Graph
from calsight_outlook.service import MICROSOFT
from calsight_outlook.translate import SELECT, Translator

#: All-day events are stored in their mailbox's zone and given as if in UTC (microsoft-graph-docs#16798): more is asked for.
_MARGIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class View:
    """One calendar through one window. `path` is the calendar's, `called` what a sentence calls it."""

    graph: Graph
    path: str
    called: str
    window: Window
    translator: Translator

    @property
    def span(self) -> Mapping[str, str]:
        """The window as Graph takes it, and a little more."""
        start, end = self.window.start - _MARGIN, self.window.end + _MARGIN
        return {"startDateTime": _utc(start), "endDateTime": _utc(end)}

    def everything(self) -> Iterator[Found]:
        """All there is, page by page."""
        seen: set[str] = set()
        address = self.graph.address(f"{self.path}/calendarView", {**self.span, "$select": SELECT, "$top": str(PAGE)})
        for answer in self.graph.pages(address, asked_for=self.called):
            fresh = []
            for item in MICROSOFT.members(answer, "value"):
                identity = item.get("id") if isinstance(item, dict) else None
                if isinstance(identity, str):
                    if identity in seen:  # what has moved between two pages comes twice
                        continue
                    seen.add(identity)
                fresh.append(item)
            yield self.translator.page(fresh, self.window)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
