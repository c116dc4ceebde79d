"""The charts of the weeks, as Vega-Lite specifications: the rate, the hours, and the heat map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

from calsight.core.model.report import HeatCell, Rate, Week
from calsight.render.html.charts import Spec, chart_spec, some, utc
from calsight.render.strings import Words

KINDS = ("one_to_one", "group", "conference_call", "solo")
_HALF_WEEK = timedelta(days=3, hours=12)
_HARDLY = 0.35


def rate_chart(weeks: Sequence[Week], rate: Rate, words: Words, *, since: date | None, level: str, width: int) -> Spec:
    """The rate with its band over the weeks, the thresholds, the weeks that hardly count, and since when."""
    rows = [
        {
            "week": utc(week.week),
            "mean": week.mean,
            "low": week.interval[0] if week.interval else None,
            "high": week.interval[1] if week.interval else None,
            "held": week.one_to_one,
        }
        for week in weeks
    ]
    away = [{"a": utc(week.week, -_HALF_WEEK), "b": utc(week.week, _HALF_WEEK)} for week in away_weeks(weeks)]
    marks = [(rate.changed.week, words("changed_mark"))] if rate.changed else []
    if since is not None and not (rate.changed and rate.changed.week == since):
        marks.append((since, words("since_mark", level=words(f"level_{level}").lower())))
    highest = [week.interval[1] for week in weeks if week.interval]
    top = max([rate.healthy, *highest, *(week.one_to_one for week in weeks)]) * (1.3 if marks else 1.1)
    x = {"field": "week", "type": "temporal", "axis": _time_axis(weeks, width)}
    y: Spec = {"type": "quantitative", "scale": {"domain": [0, top]}, "axis": {"title": None, "tickCount": 5}}
    layers: list[Spec] = [
        {
            "data": {"values": away},
            "mark": {"type": "rect", "color": "var(--away)"},
            "encoding": {"x": {**x, "field": "a"}, "x2": {"field": "b"}},
        },
        {
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "area", "color": "var(--band)"},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        *_thresholds(rate, words, y),
        {
            "mark": {
                "type": "point",
                "filled": False,
                "size": 26,
                "color": "var(--dot)",
                "opacity": 1,
                "strokeWidth": 1.5,
            },
            "encoding": {"x": x, "y": {**y, "field": "held"}},
        },
        {
            "transform": [{"filter": "isValid(datum.mean)"}],
            "mark": {"type": "line", "color": "var(--line)", "strokeWidth": 2.5},
            "encoding": {"x": x, "y": {**y, "field": "mean"}},
        },
    ]
    layers += [
        _moment(day, text, x, 2 + 15 * line, weeks)
        for line, (day, text) in enumerate(marks)
        if weeks and weeks[0].week < day
    ]
    return chart_spec(width, 250 if width > 500 else 220, rows, layer=layers)


def hours_chart(weeks: Sequence[Week], words: Words, *, width: int) -> Spec:
    """Hours by week and kind, stacked: the one-to-ones at the bottom, where they can be compared."""
    rows = [
        {"week": utc(week.week), "order": order, "hours": getattr(week.hours, kind)}
        for week in weeks
        for order, kind in enumerate(KINDS)
        if getattr(week.hours, kind)
    ]
    shown = [utc(week.week) for week in some(weeks, 5)]
    x = {
        "field": "week",
        "type": "ordinal",
        "scale": {"domain": [utc(week.week) for week in weeks], "paddingInner": 0.2},
        "axis": {
            "title": None,
            "values": shown,
            "labelAngle": 0,
            "labelExpr": "utcFormat(toDate(datum.value), '%-d %b')",
        },
    }
    return chart_spec(
        width,
        220,
        rows,
        mark={"type": "bar"},
        encoding={
            "x": x,
            "y": {"field": "hours", "type": "quantitative", "axis": {"title": words("hours_axis"), "tickCount": 5}},
            "order": {"field": "order"},
            "color": {
                "field": "order",
                "type": "ordinal",
                "scale": {"domain": [0, 1, 2, 3], "range": [f"var(--{kind.replace('_', '-')})" for kind in KINDS]},
                "legend": None,
            },
        },
    )


def heat_chart(cells: Sequence[HeatCell], words: Words, *, width: int) -> Spec:
    """Hours with others by weekday and hour, in five steps; one-to-one time as dots."""
    short = words.catalogue["weekdays_short"].split()
    timed = [(cell, with_others(cell)) for cell in cells if with_others(cell) or cell.solo]
    hours = [cell.hour for cell, _ in timed] or [9, 16]
    days = range(1, max([5, *(cell.weekday for cell, _ in timed)]) + 1)
    span = range(min([*hours, 8]), max([*hours, 17]) + 1)
    most = max((total for _, total in timed), default=0.0) or 1.0
    found = {(cell.weekday, cell.hour): (cell, total) for cell, total in timed}
    rows = [
        {
            "day": short[day - 1],
            "hour": f"{hour:02d}",
            "step": math.ceil(5 * found[day, hour][1] / most) if (day, hour) in found else 0,
            "one": found[day, hour][0].one_to_one if (day, hour) in found else 0,
        }
        for day in days
        for hour in span
    ]
    place = {
        "x": {
            "field": "hour",
            "type": "ordinal",
            "axis": {"title": None, "labelAngle": 0, "labelOverlap": "parity", "domain": False, "ticks": False},
        },
        "y": {
            "field": "day",
            "type": "ordinal",
            "sort": short,
            "axis": {"title": None, "domain": False, "ticks": False},
        },
    }
    colour = {
        "field": "step",
        "type": "ordinal",
        "scale": {"domain": list(range(6)), "range": [f"var(--heat-{step})" for step in range(6)]},
        "legend": None,
    }
    biggest = max((row["one"] for row in rows), default=0) or 1
    dots = {
        "transform": [{"filter": "datum.one > 0"}],
        "mark": {
            "type": "circle",
            "color": "var(--heat-dot)",
            "opacity": 1,
            "stroke": "var(--paper)",
            "strokeWidth": 1.2,
        },
        "encoding": {
            **place,
            "size": {
                "field": "one",
                "type": "quantitative",
                "scale": {"domain": [0, biggest], "range": [18, 150]},
                "legend": None,
            },
        },
    }
    rectangles = {
        "mark": {"type": "rect", "stroke": "var(--paper)", "strokeWidth": 1.5},
        "encoding": {**place, "color": colour},
    }
    return chart_spec(width, 36 * len(days), rows, layer=[rectangles, dots])


def away_weeks(weeks: Sequence[Week]) -> list[Week]:
    """The weeks that hardly count: mostly leave, or not a single entry. A last week that has only begun is none."""
    return [
        week
        for week in weeks
        if week.exposure < _HARDLY and (week.hours.absence > 0 or (week.exposure == 0 and week is not weeks[-1]))
    ]


def with_others(cell: HeatCell) -> float:
    """The hours of a cell in which the owner was with others."""
    return cell.one_to_one + cell.group + cell.conference_call


def _thresholds(rate: Rate, words: Words, y: Spec) -> list[Spec]:
    values = [
        {"y": rate.healthy, "text": f"{words('healthy')} {rate.healthy:.1f}", "dash": 0},
        {"y": rate.low, "text": f"{words('low')} {rate.low:.1f}", "dash": 1},
    ]
    return [
        {
            "data": {"values": values},
            "mark": {"type": "rule", "color": "var(--threshold)", "strokeWidth": 1.2},
            "encoding": {
                "y": {**y, "field": "y"},
                "strokeDash": {
                    "field": "dash",
                    "type": "nominal",
                    "scale": {"range": [[6, 4], [2, 3]]},
                    "legend": None,
                },
            },
        },
        {
            "data": {"values": values},
            "mark": {"type": "text", "align": "left", "baseline": "bottom", "dx": 4, "dy": -2, "color": "var(--ink)"},
            "encoding": {"x": {"value": 0}, "y": {**y, "field": "y"}, "text": {"field": "text"}},
        },
    ]


def _moment(day: date, text: str, x: Spec, down: int, weeks: Sequence[Week]) -> Spec:
    """A rule at the beginning of a week, named so far down from the top, on the side where there is room."""
    late = bool(weeks) and (day - weeks[0].week) > (weeks[-1].week - weeks[0].week) / 2
    at = {**x, "field": "at"}
    side = {"align": "right", "dx": -5} if late else {"align": "left", "dx": 5}
    return {
        "data": {"values": [{"at": utc(day, -_HALF_WEEK), "text": text}]},
        "layer": [
            {"mark": {"type": "rule", "color": "var(--line)", "strokeWidth": 1.2}, "encoding": {"x": at}},
            {
                "mark": {"type": "text", "baseline": "top", "color": "var(--ink)", **side},
                "encoding": {"x": at, "y": {"value": down}, "text": {"field": "text"}},
            },
        ],
    }


def _time_axis(weeks: Sequence[Week], width: int) -> Spec:
    return {
        "title": None,
        "values": [utc(week.week) for week in some(weeks, 9 if width > 500 else 4)],
        "labelExpr": "utcFormat(datum.value, '%-d %b')",
        "labelFlush": True,
    }
