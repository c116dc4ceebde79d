"""The sections of a report in a terminal, each under its title; one that has nothing to say yields nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from calsight.core.model.report import Reason, Relationship, Report
from calsight.core.wording.words import Words
from calsight.render.telling import LEFT_OUT, QUESTIONS, actions, hints, leads_to, name_of, tells_a_span, usual_gap
from calsight.render.terminal import plots
from calsight.render.terminal.screen import STATUS_STYLES, Look, bullets

Section = Callable[[Report, Words, Look], Iterator[RenderableType]]

_TIME = ("one_to_one", "group", "conference_call", "solo", "unknown")
_MEETINGS = ("one_to_one", "group", "conference_call")
#: Hours are said in whole ones where there are as many of some kind.
_MANY_HOURS = 10
#: Weeks that are not counted are named from so many on.
_WORTH_SAYING = 0.5
_MOST_PROBLEMS = 5
_MOST_PEOPLE = 10
_MOST_SOURCES = 5


def _rate(report: Report, words: Words, look: Look) -> Iterator[RenderableType]:
    rate = report.rate
    if rate.mean is None or rate.interval is None:
        return
    weeks = [week for week in report.weeks if week.mean is not None]
    low, high = rate.interval
    code = "rate_now" if tells_a_span(rate.interval, ".1f") else "rate_now_alone"
    yield look.text(words(code, mean=rate.mean, low=low, high=high), "dim")
    yield from plots.rate_plot(
        weeks, low=rate.low, healthy=rate.healthy, words=words, width=look.width - 2, marks=look.marks
    )
    key = [words("plot_key", mark=look.marks.none)]
    if any(week.exposure == 0 for week in weeks):
        key.append(words("plot_key_away", mark=look.marks.away))
    yield look.text("   ".join(key), "dim")


def _time(report: Report, words: Words, look: Look) -> Iterator[RenderableType]:
    hours = report.hours.model_dump()
    counts = report.counts.model_dump()
    shown = [kind for kind in _TIME if counts[kind]]
    if shown:
        yield _bars(shown, hours, counts, words, look)
    meeting_hours = sum(hours[kind] for kind in _MEETINGS)
    if meeting_hours:
        yield look.text(words("time_share", share=hours["one_to_one"] / meeting_hours, hours=meeting_hours))
    exposure = report.exposure
    if exposure.weeks:
        leave, silent = exposure.absence_weeks, exposure.silent_weeks
        code = {(False, False): "", (True, False): "_leave", (False, True): "_silent", (True, True): "_both"}
        said = words(f"time_weeks{code[bool(leave), bool(silent)]}", weeks=exposure.weeks, leave=leave, silent=silent)
        if exposure.unknown_weeks >= _WORTH_SAYING:
            said = f"{said} {words('time_weeks_unknown', weeks=exposure.unknown_weeks)}"
        yield look.text(said, "dim")


def _bars(
    kinds: Sequence[str], hours: dict[str, float], counts: dict[str, int], words: Words, look: Look
) -> RenderableType:
    rows = Table.grid(padding=(0, 1, 0, 0))
    rows.show_header, rows.header_style = True, "dim"
    rows.add_column(no_wrap=True)
    rows.add_column(no_wrap=True)
    rows.add_column(look.text(words("head_hours")), justify="right", no_wrap=True)
    rows.add_column(look.text(words("head_times")), justify="right", no_wrap=True)
    most = max(hours[kind] for kind in kinds)
    names = [words.label(kind, "kind", count=2) for kind in kinds]
    width = max(4, min(48, look.width - 18 - max(16, *map(len, names))))
    for kind, name in zip(kinds, names, strict=True):
        style = "bold cyan" if kind == "one_to_one" else "dim"
        rows.add_row(
            look.text(name),
            Text(plots.bar(hours[kind], most=most, width=width, marks=look.marks), style=style),
            look.text(words.number(hours[kind], ",.0f" if most >= _MANY_HOURS else ".1f")),
            look.text(words.number(counts[kind], ","), "dim"),
        )
    return rows


def _people(report: Report, words: Words, look: Look) -> Iterator[RenderableType]:
    yield from bullets(words.all_said(own.reason for own in report.own_people), look)
    breadth = report.breadth
    if not breadth.people:
        return
    if breadth.effective_people is None or breadth.people == 1:
        met = words("met", people=breadth.people)
    else:
        met = words("met_shared", people=breadth.people, effective=breadth.effective_people)
    shares = (("met_organisation", breadth.organisation), ("met_industry", breadth.industry))
    places = [words(code, share=share) for code, share in shares if share]
    yield look.text(words("met_where", met=met, places=", ".join(places)) if places else words("met_only", met=met))
    if breadth.first_meetings_outside:
        yield look.text(words("met_outside", count=breadth.first_meetings_outside))
    if report.relationships:
        yield _relationships(report, words, look)


def _relationships(report: Report, words: Words, look: Look) -> RenderableType:
    rows = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    heads = ("how", "times", "last") if look.width < 70 else ("how", "times", "last", "gap", "next")
    rows.add_column("")
    for head in heads:
        rows.add_column(look.text(words(f"head_{head}")), justify="right" if head == "times" else "left")
    for tie in report.relationships[:_MOST_PEOPLE]:
        name, status, *rest = _relationship(tie, words)[: len(rows.columns)]
        style = STATUS_STYLES.get(tie.status or "", "dim")
        rows.add_row(look.text(name), look.text(status, style), *map(look.text, rest))
    more = len(report.relationships) - _MOST_PEOPLE
    return Group(rows, look.text(words("and_more", count=more), "dim")) if more > 0 else rows


def _relationship(tie: Relationship, words: Words) -> list[str]:
    return [
        name_of(tie, words),
        words.label(tie.status or tie.stage),
        words.number(tie.interactions),
        words.day(tie.last, "short") if tie.last else "",
        words("days", days=round(gap)) if (gap := usual_gap(tie)) else "",
        words.day(tie.next, "short") if tie.next else "",
    ]


def _situation(report: Report, words: Words, look: Look) -> Iterator[RenderableType]:
    if report.situation is not None:
        yield from bullets(words.all_said(report.situation.reasons), look)


def _change(report: Report, words: Words, look: Look) -> Iterator[RenderableType]:
    if report.flag.what_would_change is not None:
        yield look.text(words.said(report.flag.what_would_change))
    yield from bullets([*words.all_said(actions(report)), *hints(report, words)], look)


def _visibility(report: Report, words: Words, look: Look) -> Iterator[RenderableType]:
    index = report.visibility
    if index is None or index.value is None:
        return
    values = {"value": index.value, "before": index.before}
    code = "index_is"
    if index.interval is not None and tells_a_span(index.interval, ".0f"):
        code = "index_between"
        values |= {"low": index.interval[0], "high": index.interval[1]}
    said = words(f"{code}_before" if index.before is not None else code, **values)
    yield look.text(f"{said} {words('index_means')}")
    parts = {words.label(part, "part"): points for part, points in index.contributions.items()}
    points = {
        "known": ", ".join(
            words("index_point", name=part, points=points) for part, points in parts.items() if points is not None
        ),
        "unknown": ", ".join(part for part, points in parts.items() if points is None),
    }
    yield look.text(words("index_points_unknown" if points["unknown"] else "index_points", **points), "dim")


def _comparison(report: Report, words: Words, look: Look) -> Iterator[RenderableType]:
    before = report.comparison
    if before is None:
        return
    code = "then_was_none" if before.rate is None else "then_was"
    yield look.text(words(code, as_of=words.last_day(before.as_of), level=before.level, rate=before.rate))
    yield from bullets(words.all_said(before.changes), look)


def _left_out(report: Report, words: Words, look: Look) -> Iterator[RenderableType]:
    yield from map(look.text, words.all_said([*_of(report, LEFT_OUT), *report.corrections]))
    read = [f"{source.name} ({words.number(source.occurrences, ',')})" for source in report.sources[:_MOST_SOURCES]]
    more = len(report.sources) - _MOST_SOURCES
    if read:
        code = "entries_read_more" if more > 0 else "entries_read"
        yield look.text(words(code, sources=", ".join(read), count=more), "dim")


def _questions(report: Report, words: Words, look: Look) -> Iterator[RenderableType]:
    for question in report.questions:
        yield from bullets([words.said(question.said)], look)
        said = [leads_to(question, words), question.command]
        yield from (Padding(look.text(each, "dim"), (0, 0, 0, 2)) for each in said if each)
    questions = words.all_said(_of(report, QUESTIONS))
    lost = sum(problem.count for problem in report.problems)
    shown = [f"{problem.source}: {problem.text}" if problem.source else problem.text for problem in report.problems]
    if len(shown) > _MOST_PROBLEMS:
        shown = [*shown[:_MOST_PROBLEMS], words("problems_more", entries=lost)]
    yield from bullets([*questions, *shown], look)


def _of(report: Report, codes: Sequence[str]) -> list[Reason]:
    return [reason for reason in report.flag.reasons if reason.code in codes]


#: Each section's title and what it says, in the order in which they stand.
SECTIONS: tuple[tuple[str, Section], ...] = (
    ("section_rate", _rate),
    ("hours_title", _time),
    ("section_people", _people),
    ("section_situation", _situation),
    ("what_would_change", _change),
    ("section_visibility", _visibility),
    ("section_comparison", _comparison),
    ("section_left_out", _left_out),
    ("section_questions", _questions),
)
#: The same where no verdict is possible: whom one met, and what would help, before anything else.
PEOPLE_FIRST = tuple(sorted(SECTIONS, key=lambda entry: entry[0] not in ("section_people", "what_would_change")))
