"""The report on an organisation as one page that needs nothing else, in the house of the personal page.

Names of groups are strangers' words and go through the template engine's escaping; nothing runs on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from calsight.core.wording.words import Words
from calsight.org.out import GroupOut, OrgReport, ShareOut, WeekOut
from calsight.render import org_telling as telling
from calsight.render.html.renderer import asset, environment, policy

_WIDTH, _HEIGHT = 560, 120
_BAR = 72


@dataclass(frozen=True, slots=True)
class _Cell:
    text: str
    interval: str = ""
    bar: Markup | str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    cells: tuple[_Cell, ...]


@dataclass(frozen=True, slots=True)
class _Series:
    name: str
    drawing: Markup
    first: str
    last: str
    weeks: tuple[tuple[str, str], ...]


def organisation_page(report: OrgReport, words: Words | None = None) -> str:
    """The page, in the language of `words` (English)."""
    words = words or Words()
    style = asset("report.css") + asset("organisation.css")
    coverage = report.coverage
    groups = [report.total, *report.groups]
    template = environment().get_template("org.html.j2")
    return template.render(
        t=words,
        report=report,
        style=Markup(style),  # noqa: S704 - our own files
        policy=policy(style),
        span=words("org_span", weeks=report.weeks, as_of=report.as_of, judged=coverage.judged, people=coverage.people),
        lead=telling.lead(report, words),
        heads=[words(code) for code in telling.HEADS],
        rows=[_row(group, report.by, words) for group in groups if not group.hidden],
        hidden=[
            {"name": telling.name(group, report.by, words), "why": telling.hidden(group, report, words)}
            for group in groups
            if group.hidden
        ],
        series=list(_series(report, words)),
        flows=[telling.flow(flow, report, words) for flow in report.flows],
        network=telling.network(report.network, words) if report.network and report.flows else "",
        notes=[words.said(note) for note in report.notes],
    )


def _row(group: GroupOut, by: Sequence[str], words: Words) -> _Row:
    return _Row(telling.name(group, by, words), tuple(_cell(*told, words) for told in telling.cells(group, words)))


def _cell(text: str, share: ShareOut | None, words: Words) -> _Cell:
    return _Cell(text) if share is None else _Cell(text, telling.interval(share, words), _bar(share))


def _bar(share: ShareOut) -> Markup:
    """The share as a mark on a bar, with its interval."""
    low, high, at = (round(value * _BAR, 1) for value in (share.low, share.high, share.value))
    return Markup(  # noqa: S704 - numbers of our own
        f'<svg class="bar" width="{_BAR}" height="8" aria-hidden="true"><rect width="{_BAR}" height="8" rx="2"/>'
        f'<rect class="between" x="{low}" width="{round(high - low, 1)}" height="8"/>'
        f'<rect class="at" x="{max(0.0, at - 1)}" width="3" height="8"/></svg>'
    )


def _series(report: OrgReport, words: Words) -> Iterator[_Series]:
    for group, found in groupby(report.by_week, key=lambda week: week.group):
        weeks = list(found)
        if len(weeks) > 1:
            name = words("org_all") if group is None else group or words("org_unnamed")
            told = tuple((words.day(week.week, "medium"), telling.share(week.at_risk, words)) for week in weeks)
            yield _Series(name, _trend(weeks, name), told[0][0], told[-1][0], told)


def _trend(weeks: list[WeekOut], name: str) -> Markup:
    """The share at risk week by week, as a line between nought and all."""
    step = (_WIDTH - 40) / max(1, len(weeks) - 1)
    points = " ".join(
        f"{round(36 + place * step, 1)},{round(_HEIGHT - 14 - week.at_risk.value * (_HEIGHT - 28), 1)}"
        for place, week in enumerate(weeks)
    )
    return Markup(
        '<svg class="trend" viewBox="0 0 {width} {height}" role="img" aria-label="{name}">'
        '<text x="0" y="18">100 %</text><text x="0" y="{zero}">0 %</text>'
        '<rect x="36" y="{base}" width="{long}" height="1"/><polyline points="{points}"/></svg>'
    ).format(
        width=_WIDTH, height=_HEIGHT, name=name, zero=_HEIGHT - 10, base=_HEIGHT - 14, long=_WIDTH - 40, points=points
    )
