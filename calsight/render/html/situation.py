"""The chart of the four situations, as a Vega-Lite specification."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from calsight.core.model.report import Situation
from calsight.core.wording.words import Words
from calsight.render.html.charts import Spec, chart_spec

#: How high a quarter's name is, and how far from the quarter's edge, in shares of the field.
_NAME, _EDGE = 0.105, 0.02
#: The colour of a quarter: another where the owner stands.
_GROUND: Spec = {
    "field": "here",
    "scale": {"domain": [False, True], "range": ["var(--quarter)", "var(--quarter-here)"]},
    "legend": None,
}


def situation_chart(situation: Situation, words: Words, *, margin: float, width: int) -> Spec:
    """The four situations as a field, with the owner's point and the box in which it may as well lie."""
    time, interest = situation.time, situation.interest
    x = _axis_place(time.value if time.known else None, time.cut, situation.you_said.time, margin)
    y = _axis_place(interest.value if interest.known else None, interest.cut, situation.you_said.interest, margin)
    share = {"type": "quantitative", "scale": {"domain": [0, 1]}}
    across = {**share, "axis": _share_axis(words("field_time"))}
    upwards = {**share, "axis": _share_axis(words("field_interest"))}
    quarters = _quarters(situation, x, y, words)
    layers = [_quarter_layer(quarters, across, upwards)]
    if x.known or y.known:
        layers.append(_box_layer(x, y, across, upwards))
    layers += _name_layers(quarters, across, upwards)
    if x.known and y.known:
        layers.append(
            {
                "data": {"values": [{"x": x.point, "y": y.point}]},
                "mark": {"type": "point", "filled": True, "size": 190, "color": "var(--line)", "opacity": 1},
                "encoding": {"x": {"field": "x", **across}, "y": {"field": "y", **upwards}},
            }
        )
    return chart_spec(width, round(width * 0.8), [], layer=layers)


def _quarters(situation: Situation, x: _Place, y: _Place, words: Words) -> list[dict[str, Any]]:
    """The four quarters: where each lies, what it is called, and whether the owner's calendar resembles it."""
    time, interest = situation.time, situation.interest
    return [
        {
            "x": left,
            "x2": right,
            "y": low,
            "y2": high,
            "name": words.label(name).split(", "),
            "mx": (left + right) / 2,
            "my": _name_top(x, y, (left, right), (low, high)),
            "here": name == situation.label,
        }
        for left, right, low, high, name in (
            (0, time.cut, 0, interest.cut, "little_time_low_interest"),
            (0, time.cut, interest.cut, 1, "little_time_high_interest"),
            (time.cut, 1, 0, interest.cut, "much_time_low_interest"),
            (time.cut, 1, interest.cut, 1, "much_time_high_interest"),
        )
    ]


def _quarter_layer(quarters: list[dict[str, Any]], across: Spec, upwards: Spec) -> Spec:
    """The quarters as areas."""
    return {
        "data": {"values": quarters},
        "mark": {"type": "rect", "stroke": "var(--paper)", "strokeWidth": 3},
        "encoding": {**_corners(across, upwards), "color": _GROUND},
    }


def _name_layers(quarters: list[dict[str, Any]], across: Spec, upwards: Spec) -> list[Spec]:
    """The names of the quarters, above a halo that keeps lines off them where there is no room beside these."""
    text = {"type": "text", "baseline": "top", "fontSize": 11.5, "lineHeight": 14}
    place = {"x": {"field": "mx", **across}, "y": {"field": "my", **upwards}, "text": {"field": "name"}}
    halo = {**text, "strokeWidth": 4, "strokeJoin": "round"}
    return [
        {"data": {"values": quarters}, "mark": halo, "encoding": {**place, "color": _GROUND, "stroke": _GROUND}},
        {"data": {"values": quarters}, "mark": {**text, "color": "var(--ink)"}, "encoding": place},
    ]


def _box_layer(x: _Place, y: _Place, across: Spec, upwards: Spec) -> Spec:
    """The box in which the owner's point may as well lie."""
    line = {"color": "var(--box)", "stroke": "var(--line)", "strokeDash": [4, 3], "strokeWidth": 1.5}
    return {
        "data": {"values": [{"x": x.low, "x2": x.high, "y": y.low, "y2": y.high}]},
        "mark": {"type": "rect", **line},
        "encoding": _corners(across, upwards),
    }


def _corners(across: Spec, upwards: Spec) -> Spec:
    return {
        "x": {"field": "x", **across},
        "x2": {"field": "x2"},
        "y": {"field": "y", **upwards},
        "y2": {"field": "y2"},
    }


def _name_top(x: _Place, y: _Place, across: tuple[float, float], upwards: tuple[float, float]) -> float:
    """Where the name of a quarter begins: at its top, or at its bottom where the box would lie on it there only."""
    low, high = upwards
    top, bottom = high - _EDGE, low + _EDGE + _NAME
    beside = x.high <= across[0] or x.low >= across[1]
    free = [begin for begin in (top, bottom) if beside or y.high <= begin - _NAME or y.low >= begin]
    return free[0] if free else top


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
