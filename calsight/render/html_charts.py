"""The page's charts as Vega-Lite specifications, and their drawing.

Colours are CSS variables of the page, so that one drawing serves light, dark and print. Nothing here is interactive: the page
says every number in words and in a table beside the chart.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import vl_convert

from calsight.core.report import HeatCell, Rate, Relationship, Situation, Week
from calsight.render.strings import Words

Spec = dict[str, Any]

KINDS = ("one_to_one", "group", "conference_call", "solo")
#: So many people are drawn.
DRAWN = 48
#: The least strength of the inner ring and of the middle one: about weekly, and every few weeks.
RING_STRENGTHS = (0.6, 0.3)
_RINGS = (0.4, 0.7, 1.0)
_FONT = "sans-serif"
_HALF_WEEK = timedelta(days=3, hours=12)
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


def draw(spec: Spec, words: Words) -> str:
    """One specification as an SVG element that scales with its column."""
    svg: str = vl_convert.vegalite_to_svg(
        spec, vl_version="5.20", time_format_locale=_months(words), allowed_base_urls=[]
    )
    head, _, body = svg.partition(">")
    size = head[head.index('viewBox="') :]
    return f'<svg class="drawing" aria-hidden="true" focusable="false" {size}>{body}'


def rate_chart(weeks: Sequence[Week], rate: Rate, words: Words, *, since: date | None, level: str, width: int) -> Spec:
    """The rate with its band over the weeks, the thresholds, the weeks that hardly count, and since when."""
    rows = [
        {
            "week": _utc(week.week),
            "mean": week.mean,
            "low": week.interval[0] if week.interval else None,
            "high": week.interval[1] if week.interval else None,
            "held": week.one_to_one,
        }
        for week in weeks
    ]
    away = [{"a": _utc(week.week, -_HALF_WEEK), "b": _utc(week.week, _HALF_WEEK)} for week in weeks if is_away(week)]
    marks = [(rate.changed.week, words("changed_mark"))] if rate.changed else []
    if since is not None and not (rate.changed and rate.changed.week == since):
        marks.append((since, words("since_mark", level=words(f"level_{level}").lower())))
    top = max([rate.healthy, *(row["high"] or 0.0 for row in rows), *(float(row["held"]) for row in rows)]) * (
        1.3 if marks else 1.1
    )
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
    return _spec(width, 250 if width > 500 else 220, rows, layer=layers)


def hours_chart(weeks: Sequence[Week], words: Words, *, width: int) -> Spec:
    """Hours by week and kind, stacked: the one-to-ones at the bottom, where they can be compared."""
    rows = [
        {"week": _utc(week.week), "order": order, "hours": getattr(week.hours, kind)}
        for week in weeks
        for order, kind in enumerate(KINDS)
        if getattr(week.hours, kind)
    ]
    shown = [_utc(week.week) for week in _some(weeks, 5)]
    x = {
        "field": "week",
        "type": "ordinal",
        "scale": {"domain": [_utc(week.week) for week in weeks], "paddingInner": 0.2},
        "axis": {
            "title": None,
            "values": shown,
            "labelAngle": 0,
            "labelExpr": "utcFormat(toDate(datum.value), '%-d %b')",
        },
    }
    return _spec(
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
    return _spec(width, 36 * len(days), rows, layer=[rectangles, dots])


def rings_chart(
    people: Sequence[Relationship], words: Words, names: Callable[[Relationship], str], *, width: int
) -> Spec:
    """The strongest `DRAWN` people around the owner, in a ring by strength and within it the nearer the stronger.

    Names stand where there is room, the strongest first and those that are cooling before the rest.
    """
    drawn = list(people[:DRAWN])
    rows = []
    for place, (person, radius) in enumerate(zip(drawn, _radii(drawn), strict=True)):
        angle = place * _GOLDEN_ANGLE - math.pi / 2
        rows.append(
            {
                "x": round(radius * math.cos(angle), 4),
                "y": round(radius * math.sin(angle), 4),
                "status": person.status or "none",
                "name": _short(names(person)),
                "below": round(radius * math.sin(angle) - 0.075, 4),
            }
        )
    labelled: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: row["status"] != "cooling"):
        if all(_apart(row, other) for other in labelled) and not any(_under(other, row) for other in rows):
            labelled.append(row)
    statuses = ["active", "cooling", "dormant", "none"]
    axis = {"type": "quantitative", "axis": None, "scale": {"domain": [-1.12, 1.12]}}
    rings: list[Spec] = [
        {
            "data": {"values": [{}]},
            "mark": {
                "type": "arc",
                "theta": 0,
                "theta2": 2 * math.pi,
                "radius": round(width / 2 * radius / 1.12, 2),
                "radius2": round(width / 2 * radius / 1.12 - 1, 2),
                "color": "var(--grid)",
            },
        }
        for radius in _RINGS
    ]
    centre = {
        "data": {"values": [{"x": 0, "y": 0, "text": words("rings_you")}]},
        "mark": {"type": "text", "color": "var(--ink)", "fontWeight": "bold", "fontSize": 13},
        "encoding": {"x": {"field": "x", **axis}, "y": {"field": "y", **axis}, "text": {"field": "text"}},
    }
    dots = {
        "mark": {"type": "point", "size": 95 if len(rows) <= 24 else 45, "opacity": 1, "strokeWidth": 2},
        "encoding": {
            "x": {"field": "x", **axis},
            "y": {"field": "y", **axis},
            "shape": {
                "field": "status",
                "scale": {"domain": statuses, "range": ["circle", "diamond", "circle", "circle"]},
                "legend": None,
            },
            "fill": {
                "field": "status",
                "scale": {"domain": statuses, "range": [f"var(--fill-{status})" for status in statuses]},
                "legend": None,
            },
            "stroke": {
                "field": "status",
                "scale": {"domain": statuses, "range": [f"var(--{status})" for status in statuses]},
                "legend": None,
            },
        },
    }
    labels = {
        "data": {"values": labelled},
        "mark": {"type": "text", "color": "var(--ink)", "baseline": "top", "fontSize": 11},
        "encoding": {"x": {"field": "x", **axis}, "y": {"field": "below", **axis}, "text": {"field": "name"}},
    }
    return _spec(width, width, rows, layer=[*rings, centre, dots, labels])


def _radii(people: Sequence[Relationship]) -> list[float]:
    """How far from the middle each is drawn: evenly spread inside the ring of their strength."""
    rings = [sum((tie.strength or 0.0) < least for least in RING_STRENGTHS) for tie in people]
    radii = []
    for place, ring in enumerate(rings):
        inner, outer = (0.14, *_RINGS)[ring] + 0.04, _RINGS[ring] - 0.03
        members = rings.count(ring)
        radii.append(inner + (outer - inner) * (place - rings.index(ring) + 0.5) / members)
    return radii


def _apart(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two names do not run into each other."""
    reach = 0.022 * (len(one["name"]) + len(other["name"])) / 2 + 0.02
    return abs(one["x"] - other["x"]) > reach or abs(one["below"] - other["below"]) > 0.09


def _under(dot: dict[str, Any], name: dict[str, Any]) -> bool:
    """Whether a dot lies on a name."""
    return abs(dot["x"] - name["x"]) < 0.011 * len(name["name"]) + 0.04 and -0.1 < dot["y"] - name["below"] < 0.03


def situation_chart(situation: Situation, words: Words, *, margin: float, width: int) -> Spec:
    """The four situations as a field, with the owner's point and the box in which it may as well lie."""
    time, interest = situation.time, situation.interest
    x = _axis_place(time.value if time.known else None, time.cut, situation.you_said.time, margin)
    y = _axis_place(interest.value if interest.known else None, interest.cut, situation.you_said.interest, margin)
    quarters = [
        {
            "x": left,
            "x2": right,
            "y": low,
            "y2": high,
            "name": words.label("label", name).split(", "),
            "mx": (left + right) / 2,
            "my": low + 0.12 if _near_top(y, low, high) else high - 0.03,
            "here": name == situation.label,
        }
        for left, right, low, high, name in (
            (0, time.cut, 0, interest.cut, "little_time_low_interest"),
            (0, time.cut, interest.cut, 1, "little_time_high_interest"),
            (time.cut, 1, 0, interest.cut, "much_time_low_interest"),
            (time.cut, 1, interest.cut, 1, "much_time_high_interest"),
        )
    ]
    share = {"type": "quantitative", "scale": {"domain": [0, 1]}}
    across = {**share, "axis": _share_axis(words("field_time"))}
    upwards = {**share, "axis": _share_axis(words("field_interest"))}
    layers: list[Spec] = [
        {
            "data": {"values": quarters},
            "mark": {"type": "rect", "stroke": "var(--paper)", "strokeWidth": 3},
            "encoding": {
                "x": {"field": "x", **across},
                "x2": {"field": "x2"},
                "y": {"field": "y", **upwards},
                "y2": {"field": "y2"},
                "color": {
                    "field": "here",
                    "scale": {"domain": [False, True], "range": ["var(--quarter)", "var(--quarter-here)"]},
                    "legend": None,
                },
            },
        },
        {
            "data": {"values": quarters},
            "mark": {"type": "text", "color": "var(--ink)", "baseline": "top", "fontSize": 11.5, "lineHeight": 14},
            "encoding": {
                "x": {"field": "mx", **across},
                "y": {"field": "my", **upwards},
                "text": {"field": "name"},
            },
        },
    ]
    if x.known or y.known:
        layers += [
            {
                "data": {"values": [{"x": x.low, "x2": x.high, "y": y.low, "y2": y.high}]},
                "mark": {
                    "type": "rect",
                    "color": "var(--box)",
                    "stroke": "var(--line)",
                    "strokeDash": [4, 3],
                    "strokeWidth": 1.5,
                },
                "encoding": {
                    "x": {"field": "x", **across},
                    "x2": {"field": "x2"},
                    "y": {"field": "y", **upwards},
                    "y2": {"field": "y2"},
                },
            }
        ]
    if x.known and y.known:
        layers.append(
            {
                "data": {"values": [{"x": x.point, "y": y.point}]},
                "mark": {"type": "point", "filled": True, "size": 190, "color": "var(--line)", "opacity": 1},
                "encoding": {"x": {"field": "x", **across}, "y": {"field": "y", **upwards}},
            }
        )
    return _spec(width, round(width * 0.8), [], layer=layers)


def is_away(week: Week) -> bool:
    """Whether a week hardly counts: mostly leave, or not a single entry."""
    return week.exposure < 0.35 and (week.hours.absence > 0 or week.exposure == 0)


def with_others(cell: HeatCell) -> float:
    """The hours of a cell in which the owner was with others."""
    return cell.one_to_one + cell.group + cell.conference_call


def _near_top(place: _Place, low: float, high: float) -> bool:
    """Whether the point would lie on what is written at the top of a quarter."""
    return place.known and place.high > low and place.point > high - (high - low) * 0.35


class _Place:
    """Where the owner stands on one axis of the field: a point and the span in which it may as well lie."""

    def __init__(self, point: float, low: float, high: float, *, known: bool) -> None:
        self.point, self.low, self.high, self.known = point, max(0.0, low), min(1.0, high), known


def _axis_place(value: float | None, cut: float, said: bool | None, margin: float) -> _Place:
    if said is not None:  # somewhere on the side that the person named
        low, high = (cut, 1.0) if said else (0.0, cut)
        return _Place((low + high) / 2, low, high, known=True)
    if value is None:
        return _Place(0.5, 0.0, 1.0, known=False)
    return _Place(value, value - margin, value + margin, known=True)


def _spec(width: int, height: int, rows: list[dict[str, Any]], **rest: Any) -> Spec:
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": height,
        "background": None,
        "padding": 2,
        "autosize": {"type": "fit", "contains": "padding"},
        "data": {"values": rows},
        "config": {
            "aria": False,
            "font": _FONT,
            "view": {"stroke": None},
            "axis": {
                "labelColor": "var(--muted)",
                "titleColor": "var(--muted)",
                "labelFontSize": 12,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
                "gridColor": "var(--grid)",
                "domainColor": "var(--grid)",
                "tickColor": "var(--grid)",
            },
            "axisX": {"grid": False},
        },
        **rest,
    }


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
        "data": {"values": [{"at": _utc(day, -_HALF_WEEK), "text": text}]},
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
        "values": [_utc(week.week) for week in _some(weeks, 9 if width > 500 else 4)],
        "labelExpr": "utcFormat(datum.value, '%-d %b')",
        "labelFlush": True,
    }


def _share_axis(title: str) -> Spec:
    return {
        "title": f"{title} →",
        "format": ".0%",
        "values": [0, 0.25, 0.5, 0.75, 1],
        "grid": False,
        "titleAlign": "center",
    }


def _some(weeks: Sequence[Week], most: int) -> Sequence[Week]:
    """At most so many of the weeks, evenly spaced."""
    return weeks[:: max(1, math.ceil(len(weeks) / most))]


def _utc(day: date, shift: timedelta = timedelta()) -> str:
    """A day as the charts want it: its midnight, as if in UTC, `shift`ed."""
    return f"{datetime.combine(day, time()) + shift:%Y-%m-%dT%H:%M:%S}Z"


def _short(name: str, most: int = 18) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


def _months(words: Words) -> dict[str, Any]:
    long, short = words.catalogue["months"].split(), words.catalogue["months_short"].split()
    days, abbreviated = words.catalogue["weekdays"].split(), words.catalogue["weekdays_short"].split()
    return {
        "dateTime": "%x, %X",
        "date": "%-d %b %Y",
        "time": "%H:%M",
        "periods": ["AM", "PM"],
        "days": days[-1:] + days[:-1],
        "shortDays": abbreviated[-1:] + abbreviated[:-1],
        "months": long,
        "shortMonths": short,
    }
