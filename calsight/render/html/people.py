"""The charts of the people and of the four situations, as Vega-Lite specifications.

Where somebody stands is computed here; Vega draws it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from calsight.core.model.report import Relationship, Situation
from calsight.render.html.charts import Spec, chart_spec
from calsight.render.strings import Words

#: So many people are drawn.
DRAWN = 48
#: The least strength of the inner ring and of the middle one: about weekly, and every few weeks.
RING_STRENGTHS = (0.6, 0.3)
_RINGS = (0.4, 0.7, 1.0)
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))


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
    return chart_spec(width, width, rows, layer=[*rings, centre, dots, labels])


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
    return bool(abs(one["x"] - other["x"]) > reach or abs(one["below"] - other["below"]) > 0.09)


def _under(dot: dict[str, Any], name: dict[str, Any]) -> bool:
    """Whether a dot lies on a name."""
    reach = 0.011 * len(name["name"]) + 0.04
    return bool(abs(dot["x"] - name["x"]) < reach and -0.1 < dot["y"] - name["below"] < 0.03)


def _short(name: str, most: int = 18) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"


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
    return chart_spec(width, round(width * 0.8), [], layer=layers)


def _near_top(place: _Place, low: float, high: float) -> bool:
    """Whether the point would lie on what is written at the top of a quarter."""
    return place.known and place.high > low and place.point > high - (high - low) * 0.35


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the owner stands on one axis of the field: a point and the span in which it may as well lie."""

    point: float
    low: float
    high: float
    known: bool = True


def _axis_place(value: float | None, cut: float, said: bool | None, margin: float) -> _Place:
    if said is not None:  # somewhere on the side that the person named
        low, high = (cut, 1.0) if said else (0.0, cut)
        return _Place((low + high) / 2, low, high)
    if value is None:
        return _Place(0.5, 0.0, 1.0, known=False)
    return _Place(value, max(0.0, value - margin), min(1.0, value + margin))


def _share_axis(title: str) -> Spec:
    return {
        "title": f"{title} →",
        "format": ".0%",
        "values": [0, 0.25, 0.5, 0.75, 1],
        "grid": False,
        "titleAlign": "center",
    }
