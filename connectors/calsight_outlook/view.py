"""calendarView: all events of one calendar that touch a window, with what is used of them and no more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from calsight import Window
from calsight.errors import PayloadInvalidError
from calsight.kit.entries import Found
from calsight_outlook.graph import PAGE, Graph
from calsight_outlook.service import MICROSOFT
from calsight_outlook.translate import SELECT, Translator

#: All-day events are stored in their mailbox's zone and given as if in UTC (microsoft-graph-docs#16798): more is asked for.
_MARGIN = timedelta(days=1)
#: So many pages in a row may bring nothing new.
_MOST_BARREN = 50


@dataclass(frozen=True, slots=True)
class View:
    """One calendar through one window.

    `path` is the calendar's, `called` what a sentence calls it. The ids in `seen` have come already, and do not come again.
    """

    graph: Graph
    path: str
    called: str
    window: Window
    translator: Translator
    seen: set[str] = field(default_factory=set)

    @property
    def span(self) -> Mapping[str, str]:
        """The window as Graph takes it, and a little more."""
        start, end = self.window.start - _MARGIN, self.window.end + _MARGIN
        return {"startDateTime": _utc(start), "endDateTime": _utc(end)}

    def everything(self) -> Iterator[Found]:
        """All there is, page by page."""
        address = self.graph.address(f"{self.path}/calendarView", {**self.span, "$select": SELECT, "$top": str(PAGE)})
        barren = Barren()
        for answer in self.graph.pages(address, asked_for=self.called):
            fresh = []
            for item in MICROSOFT.members(answer, "value"):
                identity = item.get("id") if isinstance(item, dict) else None
                if isinstance(identity, str):
                    if identity in self.seen:  # what has moved between two pages comes twice
                        continue
                    self.seen.add(identity)
                fresh.append(item)
            barren.page(anything_new=bool(fresh))
            yield self.translator.page(fresh, self.window)


class Barren:
    """Counts the pages in a row that bring nothing new: Graph may send some, and has been seen to send them for ever."""

    def __init__(self) -> None:
        self._in_a_row = 0

    def page(self, *, anything_new: bool) -> None:
        """One more. Raises `PayloadInvalidError` after too many."""
        self._in_a_row = 0 if anything_new else self._in_a_row + 1
        if self._in_a_row > _MOST_BARREN:
            raise PayloadInvalidError("Microsoft gave pages without end: try later.")


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
