"""The report in a terminal: the verdict first, the caveat last."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import IO

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from calsight.core.model.report import Reason, Relationship, Report
from calsight.core.wording.reasons import percent
from calsight.render.terminal import plots
from calsight.render.words import (
    CAVEAT,
    EVARTS,
    LEFT_OUT,
    QUESTIONS,
    ascii_text,
    day,
    headline,
    kind_label,
    local_day,
    plain,
    short_day,
)

_STYLES = {"at_risk": "red", "watch": "yellow", "ok": "green", "insufficient_data": "blue"}
_STATUS = {"active": "green", "cooling": "yellow", "dormant": "red"}
_LEVELS = {"at_risk": "AT RISK", "watch": "WATCH", "ok": "OK", "insufficient_data": "NOT ENOUGH DATA"}
_PARTS = {
    "rate": "how often you meet",
    "relationships": "live relationships",
    "breadth": "how many people",
    "reach": "beyond your own team",
}
_TIME = ("one_to_one", "group", "conference_call", "solo", "unknown")
_MEETINGS = ("one_to_one", "group", "conference_call")
_WIDE = 110
_MOST_PROBLEMS = 5
_MOST_PEOPLE = 10
_MOST_SOURCES = 5


def console(file: IO[str] | None = None, *, width: int | None = None) -> Console:
    """A console for text that holds strangers' words: no markup, no emoji codes, no highlighting.

    rich itself keeps colour out of pipes and obeys NO_COLOR and COLUMNS.
    """
    return Console(file=file, width=width, markup=False, emoji=False, highlight=False)


@dataclass(frozen=True, slots=True)
class Look:
    """What the terminal can do: cells to a line, and whether only ASCII comes through."""

    width: int
    ascii_only: bool = False

    @classmethod
    def of(cls, options: ConsoleOptions) -> Look:
        """The look of a console."""
        return cls(options.max_width, options.ascii_only)

    @property
    def marks(self) -> plots.Marks:
        """The characters to draw with."""
        return plots.ASCII if self.ascii_only else plots.UNICODE

    def text(self, words: str, style: str = "") -> Text:
        """Words that are safe to print here."""
        safe = plain(words).replace(" %", "%")  # or a line might begin with it
        return Text(ascii_text(safe) if self.ascii_only else safe, style=style)


class ReportView:
    """A report that rich can print."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look = Look.of(options)
        report = self.report
        yield _verdict(report, look)
        if look.width >= _WIDE:
            half = (look.width - 2) * 3 // 5
            left = _section("One-to-ones a week", _rate(report, Look(half, look.ascii_only)), look)
            right = _section(
                "What the time went into", _time(report, Look(look.width - half - 4, look.ascii_only)), look
            )
            both = Table.grid(padding=(0, 4, 0, 0))
            both.add_column(width=half)
            both.add_column()
            both.add_row(Group(*left), Group(*right))
            yield both
            rest = _SECTIONS[2:]
        else:
            rest = _SECTIONS
        for title, section in rest:
            yield from _section(title, section(report, look), look)
        yield from _caveat(report, look)


def _section(title: str, parts: Iterable[RenderableType], look: Look) -> Iterator[RenderableType]:
    parts = list(parts)
    if parts:
        yield Text()
        yield look.text(title, "bold")
        yield from (Padding(part, (0, 0, 0, 0 if look.width < 60 else 2), expand=False) for part in parts)


def _bullets(sentences: Iterable[str], look: Look) -> Iterator[RenderableType]:
    rows = Table.grid(padding=(0, 1, 0, 0))
    for sentence in sentences:
        rows.add_row(look.text("•", "dim"), look.text(sentence))
    if rows.row_count:
        yield rows


def _verdict(report: Report, look: Look) -> RenderableType:
    flag = report.flag
    style = _STYLES[flag.level]
    shown_apart = {*LEFT_OUT, *QUESTIONS, CAVEAT}
    why = [reason.text for reason in flag.reasons if reason.code not in shown_apart]
    parts: list[RenderableType] = [look.text(headline(report), f"bold {style}"), *_bullets(why, look)]
    if flag.since is not None and flag.level in ("at_risk", "watch"):
        parts.append(look.text(f"This has been so since the week of {day(flag.since)}.", "dim"))
    who = plain(report.owner.name or (report.owner.addresses or ["your calendar"])[0])
    return Panel(
        Group(*parts),
        title=look.text(_LEVELS[flag.level], f"bold {style}"),
        title_align="left",
        subtitle=look.text(who if look.width < 60 else f"{who} · {_period(report)}", "dim"),
        subtitle_align="right",
        border_style=style,
        box=box.ROUNDED,
        padding=(0, 1),
    )


def _period(report: Report) -> str:
    zone = report.owner.zone
    end = min(report.window.end, report.as_of) - timedelta.resolution  # a day's end is the next midnight
    first, last = local_day(report.window.start, zone), local_day(end, zone)
    return f"{short_day(first)} {first.year} – {short_day(last)} {last.year}"


def _rate(report: Report, look: Look) -> Iterator[RenderableType]:
    rate = report.rate
    if rate.mean is None or rate.interval is None:
        return
    weeks = [week for week in report.weeks if week.mean is not None]
    low, high = rate.interval
    yield look.text(f"now about {rate.mean:.1f}, likely between {low:.1f} and {high:.1f}", "dim")
    yield from plots.rate_plot(weeks, low=rate.low, healthy=rate.healthy, width=look.width - 2, marks=look.marks)
    away = f"   {look.marks.away} away (or no entry)" if any(week.exposure == 0 for week in weeks) else ""
    yield look.text(f"1:1s: how many in the week   {look.marks.none} none{away}", "dim")


def _time(report: Report, look: Look) -> Iterator[RenderableType]:
    hours = report.hours.model_dump()
    counts = report.counts.model_dump()
    shown = [kind for kind in _TIME if counts[kind]]
    if shown:
        yield _bars(shown, hours, counts, look)
    meeting_hours = sum(hours[kind] for kind in _MEETINGS)
    if meeting_hours:
        share = percent(hours["one_to_one"] / meeting_hours)
        yield look.text(f"One-to-ones were {share} of your {meeting_hours:,.0f} hours with people.")
    exposure = report.exposure
    if exposure.weeks:
        sentence = f"{exposure.weeks:.1f} weeks in which you could have met"
        away = [f"{exposure.absence_weeks:.1f} of leave"] if exposure.absence_weeks else []
        away += [f"{exposure.silent_weeks} without an entry"] if exposure.silent_weeks else []
        yield look.text(f"{sentence}{' (not counted: ' + ', '.join(away) + ')' if away else ''}.", "dim")


def _bars(kinds: list[str], hours: dict[str, float], counts: dict[str, int], look: Look) -> RenderableType:
    rows = Table.grid(padding=(0, 1, 0, 0))
    rows.show_header, rows.header_style = True, "dim"
    rows.add_column(no_wrap=True)
    rows.add_column(no_wrap=True)
    rows.add_column("hours", justify="right", no_wrap=True)
    rows.add_column("times", justify="right", no_wrap=True)
    most = max(hours[kind] for kind in kinds)
    width = max(4, min(48, look.width - 34))
    for kind in kinds:
        style = "bold cyan" if kind == "one_to_one" else "dim"
        rows.add_row(
            look.text(kind_label(kind)),
            Text(plots.bar(hours[kind], most=most, width=width, marks=look.marks), style=style),
            look.text(f"{hours[kind]:,.0f}"),
            look.text(f"{counts[kind]:,}", "dim"),
        )
    return rows


def _people(report: Report, look: Look) -> Iterator[RenderableType]:
    breadth = report.breadth
    if not breadth.people:
        return
    one = breadth.people == 1
    sentence = f"{breadth.people} {'person' if one else 'people'} one-to-one"
    if breadth.effective_people is not None and not one:
        sentence += f", shared out as if among {breadth.effective_people:.1f}"
    places = [
        f"{percent(share)} {where}"
        for share, where in (
            (breadth.organisation, "in your organisation"),
            (breadth.industry, "elsewhere in the industry"),
        )
        if share
    ]
    yield look.text(f"{sentence}{': ' + ', '.join(places) if places else ''}.")
    if breadth.first_meetings_outside:
        many = breadth.first_meetings_outside != 1
        yield look.text(f"{breadth.first_meetings_outside} first meeting{'s' * many} with someone from outside.")
    if report.relationships:
        yield _relationships(report, look)


def _relationships(report: Report, look: Look) -> RenderableType:
    rows = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for heading in (
        ("", "how it is", "times", "last")
        if look.width < 70
        else ("", "how it is", "times", "last", "usual gap", "next")
    ):
        rows.add_column(heading, justify="right" if heading == "times" else "left")
    for tie in report.relationships[:_MOST_PEOPLE]:
        name, status, *rest = _relationship(tie, report.owner.zone)[: len(rows.columns)]
        rows.add_row(look.text(name), look.text(status, _STATUS.get(status, "dim")), *map(look.text, rest))
    more = len(report.relationships) - _MOST_PEOPLE
    return Group(rows, look.text(f"and {more} more", "dim")) if more > 0 else rows


def _relationship(tie: Relationship, zone: str) -> list[str]:
    return [
        tie.person.name or tie.person.address,
        tie.status or tie.stage.replace("_", " "),
        str(tie.interactions),
        short_day(local_day(tie.last, zone)) if tie.last else "",
        f"{tie.typical_gap_days:.0f} days" if tie.typical_gap_days else "",
        short_day(local_day(tie.next, zone)) if tie.next else "",
    ]


def _situation(report: Report, look: Look) -> Iterator[RenderableType]:
    if report.situation is not None:
        yield from _bullets((reason.text for reason in report.situation.reasons), look)


def _change(report: Report, look: Look) -> Iterator[RenderableType]:
    if report.flag.what_would_change is not None:
        yield look.text(report.flag.what_would_change.text)
    advice = report.situation.advice if report.situation is not None else []
    yield from _bullets((action.text for action in [*report.next_actions, *advice]), look)


def _visibility(report: Report, look: Look) -> Iterator[RenderableType]:
    index = report.visibility
    if index is None or index.value is None:
        return
    sentence = f"{index.value:.0f} of 100"
    if index.interval is not None:
        sentence += f", likely between {index.interval[0]:.0f} and {index.interval[1]:.0f}"
    if index.before is not None:
        sentence += f"; it was {index.before:.0f} some weeks ago"
    yield look.text(f"{sentence}. A summary for trends, never instead of the verdict.")
    parts = {_PARTS.get(part, part): points for part, points in index.contributions.items()}
    known = ", ".join(f"{part} {points:.0f}" for part, points in parts.items() if points is not None)
    unknown = ", ".join(part for part, points in parts.items() if points is None)
    yield look.text(f"Points: {known}{f'; not known: {unknown}' if unknown else ''}.", "dim")


def _comparison(report: Report, look: Look) -> Iterator[RenderableType]:
    before = report.comparison
    if before is None:
        return
    rate = "" if before.rate is None else f", about {before.rate:.1f} one-to-ones a week"
    then = day(local_day(before.as_of, report.owner.zone))
    yield look.text(f"Then, on {then}: {_LEVELS[before.level].lower()}{rate}.")
    yield from _bullets((change.text for change in before.changes), look)


def _left_out(report: Report, look: Look) -> Iterator[RenderableType]:
    yield from (look.text(reason.text) for reason in [*_of(report, LEFT_OUT), *report.corrections])
    read = [f"{source.name} ({source.occurrences:,})" for source in report.sources[:_MOST_SOURCES]]
    more = len(report.sources) - _MOST_SOURCES
    if read:
        yield look.text(f"Entries read: {', '.join(read)}{f' and {more} more sources' if more > 0 else ''}.", "dim")


def _questions(report: Report, look: Look) -> Iterator[RenderableType]:
    questions = [reason.text for reason in _of(report, QUESTIONS)]
    lost = sum(problem.count for problem in report.problems)
    shown = [f"{problem.source}: {problem.text}" if problem.source else problem.text for problem in report.problems]
    if len(shown) > _MOST_PROBLEMS:
        shown = [*shown[:_MOST_PROBLEMS], f"… and more, {lost} entries in all: calsight doctor lists them."]
    yield from _bullets([*questions, *shown], look)


def _of(report: Report, codes: tuple[str, ...]) -> list[Reason]:
    return [reason for reason in report.flag.reasons if reason.code in codes]


def _caveat(report: Report, look: Look) -> Iterator[RenderableType]:
    yield Text()
    for reason in _of(report, (CAVEAT,)):
        yield look.text(reason.text, "dim italic")
    yield look.text(EVARTS, "dim italic")
    engine = report.engine
    yield look.text(
        f"calsight {engine.version} ({engine.model}): at risk below {report.rate.low:g} a week, "
        f"well from {report.rate.healthy:g}; both are settings.",
        "dim italic",
    )


_SECTIONS: tuple[tuple[str, Callable[[Report, Look], Iterator[RenderableType]]], ...] = (
    ("One-to-ones a week", _rate),
    ("What the time went into", _time),
    ("Whom you met", _people),
    ("Time and interest", _situation),
    ("What would change it", _change),
    ("Visibility", _visibility),
    ("Since the last report", _comparison),
    ("What was left out", _left_out),
    ("Problems and questions", _questions),
)
