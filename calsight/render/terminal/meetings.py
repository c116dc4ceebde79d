"""Meetings in a terminal: one line each, by day."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from calsight.core.model.meetings import WITH_PEOPLE, Kind, Meeting
from calsight.render.terminal.report import Look
from calsight.render.words import kind_label, reason_label

_STYLES = {Kind.ONE_TO_ONE: "bold cyan", Kind.UNKNOWN: "yellow", Kind.EXCLUDED: "dim", Kind.ABSENCE: "dim"}
_NAMED = 3


class MeetingsView:
    """Meetings that rich can print; times are in `zone`. Those that are still to come are dim."""

    def __init__(self, meetings: Sequence[Meeting], zone: str) -> None:
        self.meetings = meetings
        self.zone = zone

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look = Look.of(options)
        wide = look.width >= 70
        rows = Table.grid(padding=(0, 2, 0, 0))
        for name in ("day", "time", "kind", "who", "title")[: 5 if wide else 4]:
            rows.add_column(no_wrap=True, overflow="ellipsis", ratio=1 if name in ("who", "title") else None)
        rows.expand = True
        tz, before = ZoneInfo(self.zone), ""
        for meeting in self.meetings:
            start = meeting.start.astimezone(tz)
            day = f"{start:%a} {start.day:2} {start:%b}"
            rows.add_row(
                Text(day if day != before else "", style="dim"),
                Text("all day" if meeting.event.all_day else f"{start:%H:%M}", style="dim"),
                look.text(kind_label(meeting.kind, many=False), _STYLES.get(meeting.kind, "")),
                look.text(_who(meeting), "" if meeting.counterparts else "dim"),
                *([look.text(meeting.event.title)] if wide else []),
                style="dim italic" if meeting.held is False else "",
            )
            before = day
        yield rows


def _who(meeting: Meeting) -> str:
    """Who was there; for the rest why the entry is what it is."""
    names = [person.name or person.address for person in meeting.counterparts]
    if meeting.kind not in WITH_PEOPLE or not names:
        return reason_label(meeting.reason)
    more = len(names) - _NAMED
    said = ", ".join(names[:_NAMED] if more > 0 else names)
    return f"{said} and {more} more" if more > 0 else said
