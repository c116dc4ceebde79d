"""Why an entry is what it is, in a terminal: who was there, then the rules one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from calsight.core.judging.explain import Explanation, Step
from calsight.render.terminal.report import Look
from calsight.render.words import kind_label, reason_label, short_day

_MOST_DAYS = 6


class ExplanationsView:
    """The explanations of one entry that rich can print; times are in `zone`.

    Occurrences of a series that went the same way are shown once, with their days.
    """

    def __init__(self, explanations: Sequence[Explanation], zone: str) -> None:
        self.explanations = explanations
        self.zone = zone

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look = Look.of(options)
        alike: dict[tuple[object, ...], list[Explanation]] = {}
        for one in self.explanations:
            way = (one.event.title, one.event.duration, one.copies, one.people, one.steps, one.reason)
            alike.setdefault(way, []).append(one)
        for number, same in enumerate(alike.values()):
            if number:
                yield Text()
            yield from self._explained(same, look)

    def _explained(self, same: Sequence[Explanation], look: Look) -> RenderResult:
        first = same[0]
        inferred = ", inferred from its title" if first.inferred else ""
        yield look.text(first.event.title or "(no title)", "bold")
        yield look.text(_when([one.event.start for one in same], first, self.zone), "dim")
        for line in (*first.copies, *first.people):
            yield look.text(line)
        yield _steps(first.steps, look)
        verdict = f"So it is: {kind_label(first.kind, many=False)} ({reason_label(first.reason)}{inferred})"
        yield look.text(verdict, "bold cyan")


def _when(starts: Sequence[datetime], first: Explanation, zone: str) -> str:
    local = [start.astimezone(ZoneInfo(zone)) for start in starts]
    days = ", ".join(f"{short_day(start)} {start.year}" for start in local[:_MOST_DAYS])
    more = f" and {len(local) - _MOST_DAYS} more" if len(local) > _MOST_DAYS else ""
    minutes = first.event.duration.total_seconds() / 60
    time = "all day" if first.event.all_day else f"{local[0]:%H:%M}, {minutes:.0f} minutes"
    return f"{days}{more} · {time}"


def _steps(steps: Sequence[Step], look: Look) -> RenderableType:
    rows = Table.grid(padding=(0, 2, 0, 0))
    for step in steps:
        style = "bold" if step.answer else "dim"
        number = "rule" if step.number is None else str(step.number)
        answer = "yes" if step.answer else "no"
        rows.add_row(Text(number, style="dim"), look.text(step.question, style), Text(answer, style))
    return rows
