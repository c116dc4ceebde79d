"""The charts of the weeks, as Vega-Lite specifications: the rate and the hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from calsight.core.model.report import Rate, Week
from calsight.core.wording.words import Words
from calsight.render.html.charts import Spec, asked, chart_spec, some, utc

KINDS = ("one_to_one", "group", "conference_call", "solo")
_UNKNOWN = "unknown"
_HALF_WEEK = timedelta(days=3, hours=12)
#: A week of which less than this counts hardly counts.
_HARDLY = 0.35
#: More weeks than these are a year and more: an axis then says months and years.
_A_YEAR = 54


def rate_chart(weeks: Sequence[Week], rate: Rate, words: Words, *, since: date | None, level: str, width: int) -> Spec:
    """The rate with its band over the weeks, the thresholds, the weeks that hardly count, and since when."""
    rows = [
        {
            "week": utc(week.week),
            "mean": week.mean,
            "low": week.interval[0] if week.interval else None,
            "high": week.interval[1] if week.interval else None,
            "held": week.one_to_one,
            "says": _rate_says(week, words),
        }
        for week in weeks
    ]
    away = [{"a": utc(week.week, -_HALF_WEEK), "b": utc(week.week, _HALF_WEEK)} for week in away_weeks(weeks)]
    marks = [(rate.changed.week, words("changed_mark"))] if rate.changed else []
    if since is not None and not (rate.changed and rate.changed.week == since):
        marks.append((since, words("since_mark", level=level)))
    highest = [week.interval[1] for week in weeks if week.interval]
    top = max([rate.healthy, *highest, *(week.one_to_one for week in weeks)]) * (1.3 if marks else 1.1)
    x = {"field": "week", "type": "temporal", "axis": _time_axis(weeks, words, width)}
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
                "aria": True,
            },
            "encoding": asked(x=x, y={**y, "field": "held"}),
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
    kinds = kinds_of(weeks)
    rows = [
        {
            "week": utc(week.week),
            "order": order,
            "hours": getattr(week.hours, kind),
            "says": words(
                "hours_says", week=week.week, hours=getattr(week.hours, kind), kind=words.label(kind, "kind")
            ),
        }
        for week in weeks
        for order, kind in enumerate(kinds)
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
            "labelExpr": f"utcFormat(toDate(datum.value), '{_label(weeks, words)}')",
        },
    }
    return chart_spec(
        width,
        220,
        rows,
        mark={"type": "bar", "aria": True},
        encoding=asked(
            x=x,
            y={"field": "hours", "type": "quantitative", "axis": {"title": words("hours_axis"), "tickCount": 5}},
            order={"field": "order"},
            color={
                "field": "order",
                "type": "ordinal",
                "scale": {
                    "domain": list(range(len(kinds))),
                    "range": [f"var(--{kind.replace('_', '-')})" for kind in kinds],
                },
                "legend": None,
            },
        ),
    )


def kinds_of(weeks: Sequence[Week]) -> tuple[str, ...]:
    """What hours went into: the unknown last, where there are any."""
    return (*KINDS, _UNKNOWN) if any(week.hours.unknown for week in weeks) else KINDS


def unknown_weeks(weeks: Sequence[Week]) -> list[Week]:
    """The weeks that do not count because none of their entries says who was there."""
    return [
        week
        for week in weeks
        if week.exposure == 0 and week.hours.unknown and not any(getattr(week.hours, kind) for kind in KINDS)
    ]


def _rate_says(week: Week, words: Words) -> str:
    held = words("year_week", week=week.week, count=week.one_to_one)
    if week.mean is None or week.interval is None:
        return held
    return f"{held} {words('rate_says', rate=week.mean, low=week.interval[0], high=week.interval[1])}"


def away_weeks(weeks: Sequence[Week]) -> list[Week]:
    """The weeks that hardly count: mostly leave, or not a single entry. A last week that has only begun is none."""
    return [
        week
        for week in weeks
        if week.exposure < _HARDLY and (week.hours.absence > 0 or (week.exposure == 0 and week is not weeks[-1]))
    ]


def _thresholds(rate: Rate, words: Words, y: Spec) -> list[Spec]:
    values = [
        {"y": rate.healthy, "text": f"{words('healthy')} {words.number(rate.healthy, '.1f')}", "dash": 0},
        {"y": rate.low, "text": f"{words('low')} {words.number(rate.low, '.1f')}", "dash": 1},
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


def _label(weeks: Sequence[Week], words: Words) -> str:
    """How an axis says its days: where it spans years, by month and year."""
    return words("chart_day") if len(weeks) <= _A_YEAR else "%b %Y"


def _time_axis(weeks: Sequence[Week], words: Words, width: int) -> Spec:
    return {
        "title": None,
        "values": [utc(week.week) for week in some(weeks, 9 if width > 500 else 4)],
        "labelExpr": f"utcFormat(datum.value, '{_label(weeks, words)}')",
        "labelFlush": True,
    }
