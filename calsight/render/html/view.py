"""What the page's template is given: the report, said in words, sorted and drawn. Pure, save for the drawing itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from calsight.core.model.report import HeatCell, Relationship, Report, SituationInput, Week
from calsight.render.html.charts import Spec, draw
from calsight.render.html.people import DRAWN, RING_STRENGTHS, rings_chart, situation_chart
from calsight.render.html.weeks import KINDS, away_weeks, heat_chart, hours_chart, rate_chart, with_others
from calsight.render.strings import Words
from calsight.render.telling import (
    EVIDENCE,
    actions,
    clean,
    compare_title,
    compared,
    figures,
    interval_width,
    left_out,
    name_of,
    period,
    situation_says,
    strongest_first,
)
from calsight.render.words import headline

_ICONS = {"at_risk": "▲", "watch": "◆", "ok": "●", "insufficient_data": "○"}
_STATUS_ORDER = {"cooling": 0, "dormant": 1, "active": 2}
_MOST_PROBLEMS = 20


def view(report: Report, words: Words) -> dict[str, Any]:
    """Everything that `report.html.j2` names."""
    flag = report.flag
    ties = strongest_first(report)
    return {
        "t": words,
        "report": report,
        "owner": clean(report.owner.name or next(iter(report.owner.addresses), "")),
        "level": words(f"level_{flag.level}"),
        "icon": _ICONS[flag.level],
        "period": period(report, words),
        "verdict": headline(report),
        "since": words("since", since=flag.since) if flag.since else "",
        "reasons": [clean(reason.text) for reason in flag.reasons if reason.code not in EVIDENCE],
        "change": clean(flag.what_would_change.text) if flag.what_would_change else "",
        "figures": figures(report, words),
        "compare_title": compare_title(report, words),
        "compared": compared(report, words),
        "changes": [clean(reason.text) for reason in report.comparison.changes] if report.comparison else [],
        "charts": {
            "rate": _rate(report, words),
            "hours": _hours(report, words),
            "heat": _heat(report, words),
            "rings": _rings(report, ties, words),
            "situation": _situation(report, words),
        },
        "situation_says": situation_says(report.situation, words)[1:] if report.situation else [],
        "people": [_person(tie, words) for tie in ties],
        "actions": [clean(reason.text) for reason in actions(report)],
        "left_out": left_out(report, words),
        "problems": [clean(problem.text) for problem in report.problems[:_MOST_PROBLEMS]],
        "problem_count": sum(problem.count for problem in report.problems),
        "made": words(
            "made", version=report.engine.version, as_of=words.last_day(report.as_of), zone=report.owner.zone
        ),
    }


def _chart(name: str, words: Words, summary: str, how: str, **parts: Any) -> dict[str, Any]:
    empty = {"style": "", "legend": [], "drawings": [], "head": [], "rows": []}
    return empty | {"id": name, "title": words(f"{name}_title"), "summary": summary, "how": how} | parts


def _rate(report: Report, words: Words) -> dict[str, Any]:
    rate, width = report.rate, interval_width(report)
    known = [(week.mean, week.week) for week in report.weeks if week.mean is not None]
    how = words("rate_how", width=width)
    if not known:
        return _chart("rate", words, words("rate_summary_none"), how)
    top, top_week = max(known)
    leave = sum(week.hours.absence > 0 for week in away_weeks(report.weeks))
    summary = [
        words(
            "rate_summary",
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
        str(week.one_to_one),
        unknown if week.mean is None else f"{week.mean:.2f}",
        unknown if week.interval is None else f"{week.interval[0]:.2f}-{week.interval[1]:.2f}",
        unknown if week.probability_low is None else words("percent", value=week.probability_low),
        f"{week.exposure:.2f}",
    ]


def _hours(report: Report, words: Words) -> dict[str, Any]:
    totals = {kind: sum(getattr(week.hours, kind) for week in report.weeks) for kind in KINDS}
    how = words("hours_how")
    if not any(totals.values()):
        return _chart("hours", words, words("hours_summary_none"), how)
    return _chart(
        "hours",
        words,
        words("hours_summary", total=sum(totals.values()), **totals),
        how,
        drawings=[("", _draw(hours_chart(report.weeks, words, width=430), words))],
        legend=[(kind, "", words(f"kind_{kind}")) for kind in KINDS],
        head=[words("week_of"), *(words(f"kind_{kind}") for kind in KINDS)],
        rows=[[words.day(week.week), *(f"{getattr(week.hours, kind):.1f}" for kind in KINDS)] for week in report.weeks],
    )


def _heat(report: Report, words: Words) -> dict[str, Any]:
    cells = [cell for cell in report.heat if with_others(cell)]
    how = words("heat_how")
    if not cells:
        return _chart("heat", words, words("heat_summary_none"), how)
    days = words.catalogue["weekdays"].split()

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
        head=[words("col_hour"), *(words(f"kind_{kind}") for kind in KINDS)],
        rows=[
            [
                words("heat_hour", weekday=days[cell.weekday - 1], hour=cell.hour),
                *(f"{getattr(cell, kind):.1f}" for kind in KINDS),
            ]
            for cell in report.heat
        ],
    )


def _rings(report: Report, ties: Sequence[Relationship], words: Words) -> dict[str, Any]:
    inner, middle = RING_STRENGTHS
    how = words("people_how", inner=inner, middle=middle)
    if not ties:
        return _chart("rings", words, words("people_none"), how)
    statuses = [tie.status for tie in ties]
    summary = [
        words(
            "people_summary",
            people=len(ties),
            relationships=sum(tie.stage in {"relationship_signs", "confirmed"} for tie in ties),
            **{status: statuses.count(status) for status in ("active", "cooling", "dormant")},
        )
    ]
    if ties[0].strength:
        summary.append(words("people_strongest", name=name_of(ties[0], words)))
    if len(ties) > DRAWN:
        summary.append(words("people_shown", shown=DRAWN, people=len(ties)))
    drawing = _draw(rings_chart(ties, words, lambda tie: name_of(tie, words), width=420), words)
    return _chart(
        "rings",
        words,
        " ".join(summary),
        how,
        style="square",
        drawings=[("", drawing)],
        legend=[
            ("active", "round", words("status_active")),
            ("cooling", "diamond", words("status_cooling")),
            ("dormant", "round hollow", words("status_dormant")),
        ],
    )


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
        value = words("percent", value=axis.value) if axis.known and axis.value is not None else words("unknown")
    return [name, value, words("percent", value=axis.cut)]


def _person(tie: Relationship, words: Words) -> dict[str, Any]:
    more = []
    if tie.alive is not None:
        more.append(words("person_alive", alive=tie.alive))
    if tie.strength is not None:
        more.append(words("person_strength", strength=tie.strength))
    return {
        "name": name_of(tie, words),
        "status": words.label("status", tie.status, "status_none"),
        "status_code": tie.status if tie.status in _STATUS_ORDER else "none",
        "order": _STATUS_ORDER.get(tie.status or "", 3),
        "alive": "" if tie.alive is None else words("percent", value=tie.alive),
        "alive_key": "" if tie.alive is None else round(tie.alive, 6),
        "interactions": tie.interactions,
        "last": words.day(tie.last),
        "last_key": "" if tie.last is None else tie.last.isoformat(),
        "gap": _days(tie.typical_gap_days, words),
        "gap_key": "" if tie.typical_gap_days is None else round(tie.typical_gap_days, 3),
        "silence": _days(tie.silence_days, words),
        "silence_key": "" if tie.silence_days is None else round(tie.silence_days, 3),
        "next": words.day(tie.next) if tie.next else words("none"),
        "next_key": tie.next.isoformat() if tie.next else "",
        "where": words(
            "person_where",
            scope=words.label("role" if tie.role else "scope", tie.role or tie.scope).capitalize(),
            stage=words.label("stage", tie.stage),
        ),
        "reasons": [clean(reason.text) for reason in tie.reasons],
        "more": more,
    }


def _days(days: float | None, words: Words) -> str:
    return "" if days is None else words("days", days=round(days))


def _draw(spec: Spec, words: Words) -> Markup:
    return Markup(draw(spec, words))  # noqa: S704 - Vega escapes what it draws; the tests hold it to that
