"""The chart of the hours of the week, as a Vega-Lite specification: the heat map."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from calsight.core.model.report import HeatCell
from calsight.core.wording.words import Words
from calsight.render.html.charts import Spec, asked, chart_spec


def heat_chart(cells: Sequence[HeatCell], words: Words, *, width: int) -> Spec:
    """Hours with others by weekday and hour, in five steps; one-to-one time as dots."""
    short = words.language.weekdays_short
    timed = [(cell, with_others(cell)) for cell in cells if with_others(cell) or cell.solo]
    days = range(1, max([5, *(cell.weekday for cell, _ in timed)]) + 1)
    rows = _rows(timed, days, words)
    bare = {"title": None, "domain": False, "ticks": False}
    place = {
        "x": {"field": "hour", "type": "ordinal", "axis": {**bare, "labelAngle": 0, "labelOverlap": "parity"}},
        "y": {"field": "day", "type": "ordinal", "sort": list(short), "axis": bare},
    }
    colour = {
        "field": "step",
        "type": "ordinal",
        "scale": {"domain": list(range(6)), "range": [f"var(--heat-{step})" for step in range(6)]},
        "legend": None,
    }
    rectangles = {
        "mark": {"type": "rect", "stroke": "var(--paper)", "strokeWidth": 1.5, "aria": True},
        "encoding": asked(**place, color=colour),
    }
    most = max((row["one"] for row in rows), default=0) or 1
    return chart_spec(width, 36 * len(days), rows, layer=[rectangles, _dots(place, most)])


def with_others(cell: HeatCell) -> float:
    """The hours of a cell in which the owner was with others."""
    return cell.one_to_one + cell.group + cell.conference_call


def _rows(timed: Sequence[tuple[HeatCell, float]], days: range, words: Words) -> list[dict[str, Any]]:
    """A row for each hour of the working week, and of what lies around it where something does."""
    short, long = words.language.weekdays_short, words.language.weekdays
    hours = [cell.hour for cell, _ in timed] or [9, 16]
    most = max((total for _, total in timed), default=0.0) or 1.0
    found = {(cell.weekday, cell.hour): (cell, total) for cell, total in timed}
    return [
        {
            "day": short[day - 1],
            "hour": f"{hour:02d}",
            "step": math.ceil(5 * found[day, hour][1] / most) if (day, hour) in found else 0,
            "one": found[day, hour][0].one_to_one if (day, hour) in found else 0,
            "says": words(
                "heat_says",
                weekday=long[day - 1],
                hour=hour,
                hours=found[day, hour][1] if (day, hour) in found else 0.0,
                one=found[day, hour][0].one_to_one if (day, hour) in found else 0.0,
            ),
        }
        for day in days
        for hour in range(min([*hours, 8]), max([*hours, 17]) + 1)
    ]


def _dots(place: Spec, most: float) -> Spec:
    """One-to-one time as dots, the largest for `most`."""
    size = {
        "field": "one",
        "type": "quantitative",
        "scale": {"domain": [0, most], "range": [18, 150]},
        "legend": None,
    }
    ring = {"stroke": "var(--paper)", "strokeWidth": 1.2}
    return {
        "transform": [{"filter": "datum.one > 0"}],
        "mark": {"type": "circle", "color": "var(--heat-dot)", "opacity": 1, **ring, "aria": True},
        "encoding": asked(**place, size=size),
    }
