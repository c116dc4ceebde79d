"""What the page's template is given: the report, said in words, sorted and drawn. Pure, save for the drawing itself."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from calsight.core.report import HeatCell, Relationship, Report, Week
from calsight.render import html_charts as charts
from calsight.render.strings import Words

#: Reasons that say what the evidence is, not what follows from it: they stand under "what was left out".
EVIDENCE = frozenset(
    {"left_out", "inferred", "unknown_share", "silent_weeks", "source_ends_early", "possible_delegate", "caveat"}
)
_ICONS = {"at_risk": "▲", "watch": "◆", "ok": "●", "insufficient_data": "○"}
_STATUS_ORDER = {"cooling": 0, "dormant": 1, "active": 2}
_MOST_PROBLEMS = 20


def view(report: Report, words: Words) -> dict[str, Any]:
    """Everything that `report.html.j2` names."""
    flag = report.flag
    ties = charts.charted(report)
    return {
        "t": words,
        "report": report,
        "owner": clean(report.owner.name or next(iter(report.owner.addresses), "")),
        "level": words(f"level_{flag.level}"),
        "icon": _ICONS[flag.level],
        "period": period(report, words),
        "verdict": verdict(report, words),
        "since": words("since", since=flag.since) if flag.since else "",
        "reasons": [reason for reason in flag.reasons if reason.code not in EVIDENCE],
        "figures": figures(report, words),
        "compared": compared(report, words),
        "charts": {
            "rate": _rate(report, words),
            "hours": _hours(report, words),
            "heat": _heat(report, words),
            "rings": _rings(report, ties, words),
            "situation": _situation(report, words),
        },
        "situation": report.situation,
        "people": [_person(tie, words) for tie in ties],
        "actions": [*report.next_actions, *(report.situation.advice if report.situation else [])],
        "left_out": left_out(report, words),
        "problems": [clean(problem.text) for problem in report.problems[:_MOST_PROBLEMS]],
        "problem_count": sum(problem.count for problem in report.problems),
        "made": words("made", version=report.engine.version, as_of=report.as_of, zone=report.owner.zone),
    }


def clean(text: str) -> str:
    """Text without control characters and without the marks that turn the direction of what follows."""
    kept = (" " if unicodedata.category(char) == "Cc" else char for char in text if not _turns(char))
    return " ".join("".join(kept).split())


def _turns(char: str) -> bool:
    return "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069" or unicodedata.category(char) == "Cs"


def name_of(tie: Relationship, words: Words) -> str:
    """What to call a person: the name, else the address."""
    return clean(tie.person.name) or clean(tie.person.address) or words("someone")


def period(report: Report, words: Words) -> str:
    """The days that the report is about."""
    return words("period", start=report.window.start, end=report.window.end - timedelta(microseconds=1))


def verdict(report: Report, words: Words) -> str:
    """The verdict in one sentence."""
    return words(f"verdict_{report.flag.level}", rate=report.rate.mean or 0.0)


def compared(report: Report, words: Words) -> str:
    """What the earlier report said; "" without one."""
    before = report.comparison
    if before is None:
        return ""
    level = words(f"level_{before.level}")
    return (
        words("compare_was_none", level=level)
        if before.rate is None
        else words("compare_was", level=level, rate=before.rate)
    )


def figures(report: Report, words: Words) -> list[dict[str, Any]]:
    """The key figures, each with what it means."""
    rate, counts, hours = report.rate, report.counts, report.hours
    unknown = words("unknown")
    met = hours.one_to_one + hours.group + hours.conference_call
    known = report.coverage.participants_known
    breadth, exposure, visibility = report.breadth, report.exposure, report.visibility
    width = _interval_width(report)
    shown = [
        {
            "value": unknown if rate.mean is None else f"{rate.mean:.1f}",
            "name": words("figure_rate"),
            "below": ""
            if rate.interval is None
            else words("figure_rate_sub", width=width, low=rate.interval[0], high=rate.interval[1]),
            "why": words("figure_rate_why", low=rate.low, healthy=rate.healthy),
        },
        {
            "value": f"{counts.one_to_one:,}",
            "name": words("figure_one_to_ones"),
            "below": words("figure_one_to_ones_sub", hours=hours.one_to_one, share=hours.one_to_one / met)
            if met
            else words("figure_one_to_ones_sub_none", hours=hours.one_to_one),
            "why": words("figure_one_to_ones_why_unknown")
            if known is None
            else words("figure_one_to_ones_why", inferred=report.coverage.inferred, known=known),
        },
        {
            "value": f"{breadth.people:,}",
            "name": words("figure_people"),
            "below": words("figure_people_sub", effective=breadth.effective_people) if breadth.effective_people else "",
            "why": words("figure_people_why", outside=breadth.first_meetings_outside),
        },
    ]
    if visibility is not None and visibility.value is not None:
        shown.append(
            {
                "value": f"{visibility.value:.0f}",
                "name": words("figure_visibility"),
                "below": ""
                if visibility.interval is None
                else words("figure_visibility_sub", low=visibility.interval[0], high=visibility.interval[1]),
                "why": words("figure_visibility_why"),
                "parts": [
                    words("figure_visibility_part_unknown", name=words.label("part", part))
                    if points is None
                    else words("figure_visibility_part", name=words.label("part", part), points=points)
                    for part, points in visibility.contributions.items()
                ],
            }
        )
    shown.append(
        {
            "value": f"{exposure.weeks:.1f}",
            "name": words("figure_weeks"),
            "below": words("figure_weeks_sub", weeks=report.window.weeks),
            "why": words("figure_weeks_why", absence=exposure.absence_weeks, silent=exposure.silent_weeks),
        }
    )
    return [{"parts": []} | figure for figure in shown]


def left_out(report: Report, words: Words) -> list[Any]:
    """What the verdict does not rest on, and why; as objects with a `text`."""
    said = [reason for reason in report.flag.reasons if reason.code in EVIDENCE - {"caveat"}]
    codes = {reason.code for reason in said}
    lines = [
        words("left_source", name=clean(source.name) or words("unknown"), occurrences=source.occurrences)
        for source in report.sources
    ]
    more = [words("left_sources", sources=lines)] if lines else []
    if "left_out" not in codes:
        more.append(words("left_out", excluded=report.excluded) if report.excluded else words("left_none"))
    if "unknown_share" not in codes and report.counts.unknown:
        more.append(words("left_unknown", count=report.counts.unknown))
    return [*({"text": text} for text in more), *({"text": clean(reason.text)} for reason in said)]


def _chart(name: str, words: Words, summary: str, how: str, **parts: Any) -> dict[str, Any]:
    empty = {"style": "", "legend": [], "drawings": [], "head": [], "rows": []}
    return empty | {"id": name, "title": words(f"{name}_title"), "summary": summary, "how": how} | parts


def _rate(report: Report, words: Words) -> dict[str, Any]:
    rate, width = report.rate, _interval_width(report)
    known = [(week.mean, week.week) for week in report.weeks if week.mean is not None]
    how = words("rate_how", width=width)
    if not known:
        return _chart("rate", words, words("rate_summary_none"), how)
    top, top_week = max(known)
    leave = sum(charts.is_away(week) and week.hours.absence > 0 for week in report.weeks)
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
            _draw(
                charts.rate_chart(report.weeks, rate, words, since=since, level=report.flag.level, width=size), words
            ),
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
    totals = {kind: sum(getattr(week.hours, kind) for week in report.weeks) for kind in charts.KINDS}
    how = words("hours_how")
    if not any(totals.values()):
        return _chart("hours", words, words("hours_summary_none"), how)
    return _chart(
        "hours",
        words,
        words("hours_summary", total=sum(totals.values()), **totals),
        how,
        drawings=[("", _draw(charts.hours_chart(report.weeks, words, width=430), words))],
        legend=[(kind, "", words(f"kind_{kind}")) for kind in charts.KINDS],
        head=[words("week_of"), *(words(f"kind_{kind}") for kind in charts.KINDS)],
        rows=[
            [words.day(week.week), *(f"{getattr(week.hours, kind):.1f}" for kind in charts.KINDS)]
            for week in report.weeks
        ],
    )


def _heat(report: Report, words: Words) -> dict[str, Any]:
    cells = [cell for cell in report.heat if charts.with_others(cell)]
    how = words("heat_how")
    if not cells:
        return _chart("heat", words, words("heat_summary_none"), how)
    days = words.catalogue["weekdays"].split()

    def fullest(hours: Any) -> HeatCell:
        return max(cells, key=lambda cell: (hours(cell), -cell.weekday, -cell.hour))

    most, most_alone = fullest(charts.with_others), fullest(lambda cell: cell.one_to_one)
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
        drawings=[("", _draw(charts.heat_chart(report.heat, words, width=430), words))],
        legend=[("heat", "", words("heat_cell")), ("heat-dot", "round", words("heat_dot"))],
        head=[words("col_hour"), *(words(f"kind_{kind}") for kind in charts.KINDS)],
        rows=[
            [
                words("heat_hour", weekday=days[cell.weekday - 1], hour=cell.hour),
                *(f"{getattr(cell, kind):.1f}" for kind in charts.KINDS),
            ]
            for cell in report.heat
        ],
    )


def _rings(report: Report, ties: Sequence[Relationship], words: Words) -> dict[str, Any]:
    how = words("people_how")
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
    if len(ties) > charts.DRAWN:
        summary.append(words("people_shown", shown=charts.DRAWN, people=len(ties)))
    drawing = _draw(charts.rings_chart(ties, words, lambda tie: name_of(tie, words), width=420), words)
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
    time, interest, said = situation.time, situation.interest, situation.you_said
    says = (
        [words("situation_is", label=words.label("situation", situation.label))]
        if situation.label
        else [words("situation_unknown")]
    )
    if situation.borderline:
        near = [words.label("situation", label) for label in situation.borderline if label != situation.label]
        says += [words("situation_borderline", labels=near)] if near else []
    if said.time is not None:
        says.append(words(f"situation_time_said_{'much' if said.time else 'little'}"))
    elif time.known and time.value is not None:
        says.append(words("situation_time", value=time.value, cut=time.cut))
    else:
        says.append(words("situation_time_unknown"))
    if said.interest is not None:
        says.append(words(f"situation_interest_said_{'high' if said.interest else 'low'}"))
    elif interest.known and interest.value is not None:
        says.append(words("situation_interest", value=interest.value, cut=interest.cut))
    else:
        says.append(words("situation_interest_unknown"))
    margin = report.settings.get("situation", {}).get("borderline", 0.1)
    drawing = _draw(charts.situation_chart(situation, words, margin=margin, width=420), words)
    return _chart("situation", words, " ".join(says), words("situation_how"), style="square", drawings=[("", drawing)])


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
        "reasons": [reason.model_copy(update={"text": clean(reason.text)}) for reason in tie.reasons],
        "more": more,
    }


def _days(days: float | None, words: Words) -> str:
    return "" if days is None else words("days", days=round(days))


def _interval_width(report: Report) -> float:
    width: float = report.settings.get("rate", {}).get("interval", 0.8)
    return width


def _draw(spec: charts.Spec, words: Words) -> Markup:
    return Markup(charts.draw(spec, words))  # noqa: S704 - Vega escapes what it draws; the tests hold it to that
