"""The report in a terminal: the verdict first, the caveat last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from calsight.core.model.report import Report
from calsight.core.wording.words import Words
from calsight.render.telling import CAVEAT, EVIDENCE, headline, last_day, owner_of, people_first, since
from calsight.render.terminal import sections
from calsight.render.terminal.screen import Look, bullets

_STYLES = {"at_risk": "red", "watch": "yellow", "ok": "green", "insufficient_data": "blue"}
_WIDE = 110


class ReportView:
    """A report that rich can print."""

    def __init__(self, report: Report, words: Words | None = None) -> None:
        self.report = report
        self.words = words or Words(zone=report.owner.zone)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look = Look.of(options)
        report, words = self.report, self.words
        yield _verdict(report, words, look)
        rest = sections.SECTIONS
        if people_first(report):
            rest = sections.PEOPLE_FIRST
        elif look.width >= _WIDE:
            yield _side_by_side(report, words, look)
            rest = rest[2:]
        for title, section in rest:
            yield from _section(words(title), section(report, words, look), look)
        yield from _caveat(report, words, look)


def _side_by_side(report: Report, words: Words, look: Look) -> RenderableType:
    """The first two sections, where there is room for both."""
    half = (look.width - 2) * 3 // 5
    (first, rate), (second, time) = sections.SECTIONS[:2]
    left = _section(words(first), rate(report, words, Look(half, look.ascii_only)), look)
    right = _section(words(second), time(report, words, Look(look.width - half - 4, look.ascii_only)), look)
    both = Table.grid(padding=(0, 4, 0, 0))
    both.add_column(width=half)
    both.add_column()
    both.add_row(Group(*left), Group(*right))
    return both


def _section(title: str, parts: Iterable[RenderableType], look: Look) -> Iterator[RenderableType]:
    parts = list(parts)
    if parts:
        yield Text()
        yield look.text(title, "bold")
        yield from (Padding(part, (0, 0, 0, 0 if look.width < 60 else 2), expand=False) for part in parts)


def _verdict(report: Report, words: Words, look: Look) -> RenderableType:
    flag = report.flag
    style = _STYLES[flag.level]
    why = words.all_said(reason for reason in flag.reasons if reason.code not in EVIDENCE)
    parts: list[RenderableType] = [look.text(headline(report, words), f"bold {style}"), *bullets(why, look)]
    if flag.since is not None and flag.level in ("at_risk", "watch"):
        parts.append(look.text(since(report, words), "dim"))
    who = owner_of(report) or words("your_calendar")
    return Panel(
        Group(*parts),
        title=look.text(words.label(flag.level).upper(), f"bold {style}"),
        title_align="left",
        subtitle=look.text(who if look.width < 60 else f"{who} · {_period(report, words)}", "dim"),
        subtitle_align="right",
        border_style=style,
        box=box.ROUNDED,
        padding=(0, 1),
    )


def _period(report: Report, words: Words) -> str:
    return f"{words.day(report.window.start)} – {words.day(last_day(report, words))}"


def _caveat(report: Report, words: Words, look: Look) -> Iterator[RenderableType]:
    yield Text()
    for text in words.all_said(reason for reason in report.flag.reasons if reason.code == CAVEAT):
        yield look.text(text, "dim italic")
    yield look.text(words("evarts"), "dim italic")
    engine, rate = report.engine, report.rate
    said = words("engine", version=engine.version, model=engine.model, low=rate.low, healthy=rate.healthy)
    yield look.text(said, "dim italic")
