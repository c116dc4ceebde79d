"""The page's charts with what stands around them: title, summary, legend, how to read it, and the numbers as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from calsight.core.model.report import HeatCell, Hours, Relationship, Report, SituationInput, Week
from calsight.core.wording.words import Words
from calsight.render.figures import interval_width
from calsight.render.html.charts import Spec, draw
from calsight.render.html.heat import heat_chart, with_others
from calsight.render.html.people import DRAWN, RING_STRENGTHS, rings_chart
from calsight.render.html.situation import situation_chart
from calsight.render.html.weeks import KINDS, away_weeks, hours_chart, kinds_of, rate_chart
from calsight.render.telling import first_upper, name_of, situation_says


def panels(report: Report, ties: Sequence[Relationship], rows: Mapping[str, str], words: Words) -> dict[str, Any]:
    """The charts by name; None where there is nothing to draw one of.

    `ties` are the people, the strongest first, `rows` the identifier of each one's row on the page, by their id.
    """
    return {
        "rate": _rate(report, words),
        "hours": _hours(report, words),
        "heat": _heat(report, words),
        "rings": _rings(ties, rows, words),
        "situation": _situation(report, words),
    }


def _chart(name: str, words: Words, summary: str, how: str, **parts: Any) -> dict[str, Any]:
    empty = {"style": "", "legend": [], "drawings": [], "head": [], "rows": []}
    return empty | {"id": name, "title": words(f"{name}_title"), "summary": summary, "how": how} | parts


def _rate(report: Report, words: Words) -> dict[str, Any]:
    rate, width = report.rate, interval_width(report)
    known = [(week.mean, week.week) for week in report.weeks if week.mean is not None]
    how = words("rate_how", width=width)
    if not known:
        return _chart("rate", words, words("rate_chart_none"), how)
    top, top_week = max(known)
    leave = sum(week.hours.absence > 0 for week in away_weeks(report.weeks))
    summary = [
        words(
            "rate_chart_says" if top_week != known[0][1] else "rate_chart_says_highest_first",
            first=known[0][0],
            first_week=known[0][1],
            last=known[-1][0],
            top=top,
            top_week=top_week,
            low=rate.low,
            healthy=rate.healthy,
        )
    ]
    if rate.changed is not None:
        summary.append(words("rate_changed", **dict(rate.changed)))
    if leave:
        summary.append(words("rate_leave", weeks=leave))
    since = report.flag.since
    drawings = [
        (
            style,
            _draw(rate_chart(report.weeks, rate, words, since=since, level=report.flag.level, width=size), words),
        )
        for style, size in (("wide", 1040), ("narrow", 350))
    ]
    head = [words(f"col_{name}") for name in ("held", "rate", "band", "low", "counts")]
    return _chart(
        "rate",
        words,
        " ".join(summary),
        how,
        drawings=drawings,
        legend=[
            ("line", "thin", words("rate_line")),
            ("band", "", words("rate_band", width=width)),
            ("dot", "round hollow", words("rate_dots")),
            ("away", "", words("rate_away")),
        ],
        head=[words("week_of"), *head],
        rows=[_rate_row(week, words) for week in report.weeks],
    )


def _rate_row(week: Week, words: Words) -> list[str]:
    unknown = words("unknown")
    return [
        words.day(week.week),
        words.number(week.one_to_one),
        unknown if week.mean is None else words.number(week.mean, ".2f"),
        unknown if week.interval is None else "-".join(words.number(end, ".2f") for end in week.interval),
        unknown if week.probability_low is None else words.percent(week.probability_low),
        words.number(week.exposure, ".2f"),
    ]


def _hours(report: Report, words: Words) -> dict[str, Any]:
    kinds = kinds_of(report.weeks)
    totals = {kind: sum(getattr(week.hours, kind) for week in report.weeks) for kind in kinds}
    how = words("hours_how")
    if not any(totals.values()):
        return _chart("hours", words, words("hours_summary_none"), how)
    return _chart(
        "hours",
        words,
        words("hours_summary" if kinds == KINDS else "hours_summary_unknown", total=sum(totals.values()), **totals),
        how,
        drawings=[("", _draw(hours_chart(report.weeks, words, width=430), words))],
        legend=[(kind, "", first_upper(words.label(kind, "kind"))) for kind in kinds],
        head=[words("week_of"), *(first_upper(words.label(kind, "kind")) for kind in kinds)],
        rows=[[words.day(week.week), *_by_kind(week.hours, kinds, words)] for week in report.weeks],
    )


def _heat(report: Report, words: Words) -> dict[str, Any]:
    cells = [cell for cell in report.heat if with_others(cell)]
    how = words("heat_how")
    if not cells:
        return _chart("heat", words, words("heat_summary_none"), how)
    days = words.language.weekdays

    def fullest(hours: Any) -> HeatCell:
        return max(cells, key=lambda cell: (hours(cell), -cell.weekday, -cell.hour))

    most, most_alone = fullest(with_others), fullest(lambda cell: cell.one_to_one)
    place = {"weekday": days[most.weekday - 1], "hour": most.hour}
    summary = (
        words("heat_summary", **place, one_weekday=days[most_alone.weekday - 1], one_hour=most_alone.hour)
        if most_alone.one_to_one
        else words("heat_summary_meetings", **place)
    )
    return _chart(
        "heat",
        words,
        summary,
        how,
        drawings=[("", _draw(heat_chart(report.heat, words, width=430), words))],
        legend=[("heat", "", words("heat_cell")), ("heat-dot", "round", words("heat_dot"))],
        head=[words("col_hour"), *(first_upper(words.label(kind, "kind")) for kind in KINDS)],
        rows=[
            [
                words("heat_hour", weekday=days[cell.weekday - 1], hour=cell.hour),
                *_by_kind(cell, KINDS, words),
            ]
            for cell in report.heat
        ],
    )


def _by_kind(hours: Hours | HeatCell, kinds: Sequence[str], words: Words) -> list[str]:
    return [words.number(getattr(hours, kind), ".1f") for kind in kinds]


def _rings(ties: Sequence[Relationship], rows: Mapping[str, str], words: Words) -> dict[str, Any]:
    inner, middle = RING_STRENGTHS
    how = words("people_how", inner=inner, middle=middle)
    if not ties:
        return _chart("rings", words, words("people_none"), how)
    statuses = [tie.status for tie in ties]
    summary = [
        words(
            "people_summary",
            people=len(ties),
            relationships=sum(tie.stage == "relationship_signs" for tie in ties),
            **{status: statuses.count(status) for status in ("active", "cooling", "dormant")},
        )
    ]
    if ties[0].strength:
        summary.append(words("people_strongest", name=name_of(ties[0], words)))
    if len(ties) > DRAWN:
        summary.append(words("people_shown", shown=DRAWN, people=len(ties)))

    def called(tie: Relationship) -> tuple[str, str, str]:
        return name_of(tie, words), person_says(tie, words), rows[tie.person.id]

    drawing = _draw(rings_chart(ties, words, called, width=420), words)
    return _chart(
        "rings",
        words,
        " ".join(summary),
        how,
        style="square",
        drawings=[("", drawing)],
        legend=[
            ("active", "round", words.label("active")),
            ("cooling", "diamond", words.label("cooling")),
            ("dormant", "round hollow", words.label("dormant")),
        ],
    )


def person_says(tie: Relationship, words: Words) -> str:
    """What pointing at a person says."""
    status = words.label(tie.status) if tie.status else words("status_none")
    if tie.last is None:
        return f"{name_of(tie, words)}: {status}."
    return words("person_says", name=name_of(tie, words), status=status, last=tie.last)


def _situation(report: Report, words: Words) -> dict[str, Any] | None:
    situation = report.situation
    if situation is None:
        return None
    margin = report.settings.get("situation", {}).get("borderline", 0.1)
    drawing = _draw(situation_chart(situation, words, margin=margin, width=420), words)
    return _chart(
        "field",
        words,
        situation_says(situation, words)[0],
        words("field_how"),
        style="square",
        drawings=[("", drawing)],
        head=[words("col_axis"), words("col_value"), words("col_cut")],
        rows=[
            _axis_row(words("field_time"), situation.time, situation.you_said.time, words),
            _axis_row(words("field_interest"), situation.interest, situation.you_said.interest, words),
        ],
    )


def _axis_row(name: str, axis: SituationInput, said: bool | None, words: Words) -> list[str]:
    if said is not None:
        value = words("said_yes" if said else "said_no")
    else:
        value = words.percent(axis.value) if axis.known and axis.value is not None else words("unknown")
    return [name, value, words.percent(axis.cut)]


def _draw(spec: Spec, words: Words) -> Markup:
    return Markup(draw(spec, words))  # noqa: S704 - Vega escapes what it draws; the tests hold it to that
