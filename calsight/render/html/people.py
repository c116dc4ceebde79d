"""The chart of the people around the owner, as a Vega-Lite specification.

Where somebody stands is computed here; Vega draws it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from calsight.core.model.report import Relationship
from calsight.core.wording.words import Words
from calsight.render.html.charts import Spec, asked, chart_spec

#: What a person is called, what pointing at them says, and the identifier of their row on the page.
Called: TypeAlias = tuple[str, str, str]
#: So many people are drawn.
DRAWN = 48
#: The least strength of the inner ring and of the middle one: about weekly, and every few weeks.
RING_STRENGTHS = (0.6, 0.3)
_RINGS = (0.4, 0.7, 1.0)
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
_STATUSES = ("active", "cooling", "dormant", "none")
_AXIS: Spec = {"type": "quantitative", "axis": None, "scale": {"domain": [-1.12, 1.12]}}


def rings_chart(
    people: Sequence[Relationship], words: Words, called: Callable[[Relationship], Called], *, width: int
) -> Spec:
    """The strongest `DRAWN` people around the owner, in a ring by strength and within it the nearer the stronger.

    Names stand where there is room, the strongest first and those that are cooling before the rest. Marks and names are links.
    """
    rows = _places(list(people[:DRAWN]), called)
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
        "encoding": {"x": {"field": "x", **_AXIS}, "y": {"field": "y", **_AXIS}, "text": {"field": "text"}},
    }
    labels = {
        "data": {"values": _labelled(rows)},
        "mark": {"type": "text", "color": "var(--ink)", "baseline": "top", "fontSize": 11, "aria": True},
        "encoding": asked(
            x={"field": "x", **_AXIS}, y={"field": "below", **_AXIS}, text={"field": "name"}, href={"field": "row"}
        ),
    }
    return chart_spec(width, width, rows, layer=[*rings, centre, _dots(len(rows)), labels])


def _places(drawn: Sequence[Relationship], called: Callable[[Relationship], Called]) -> list[dict[str, Any]]:
    """Where each stands: angles by the golden angle, so that neighbours in rank are none on the page."""
    rows = []
    for place, (person, radius) in enumerate(zip(drawn, _radii(drawn), strict=True)):
        angle = place * _GOLDEN_ANGLE - math.pi / 2
        name, says, row = called(person)
        rows.append(
            {
                "says": says,
                "row": f"#{row}",
                "x": round(radius * math.cos(angle), 4),
                "y": round(radius * math.sin(angle), 4),
                "status": person.status or "none",
                "name": _short(name),
                "below": round(radius * math.sin(angle) - 0.075, 4),
            }
        )
    return rows


def _labelled(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those whose names have room, the cooling first."""
    labelled: list[dict[str, Any]] = []
    for row in sorted(rows, key=lambda row: row["status"] != "cooling"):
        if all(_apart(row, other) for other in labelled) and not any(_under(other, row) for other in rows):
            labelled.append(row)
    return labelled


def _dots(count: int) -> Spec:
    """The people as marks: full for active, a diamond for cooling, hollow for dormant."""

    def by_status(marks: list[str]) -> Spec:
        return {"field": "status", "scale": {"domain": list(_STATUSES), "range": marks}, "legend": None}

    return {
        "mark": {"type": "point", "size": 95 if count <= 24 else 45, "opacity": 1, "strokeWidth": 2, "aria": True},
        "encoding": asked(
            x={"field": "x", **_AXIS},
            y={"field": "y", **_AXIS},
            href={"field": "row"},
            shape=by_status(["circle", "diamond", "circle", "circle"]),
            fill=by_status([f"var(--fill-{status})" for status in _STATUSES]),
            stroke=by_status([f"var(--{status})" for status in _STATUSES]),
        ),
    }


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
    reach = 0.03 * (len(one["name"]) + len(other["name"])) / 2 + 0.02
    return bool(abs(one["x"] - other["x"]) > reach or abs(one["below"] - other["below"]) > 0.09)


def _under(dot: dict[str, Any], name: dict[str, Any]) -> bool:
    """Whether a dot lies on a name."""
    reach = 0.0155 * len(name["name"]) + 0.04
    return bool(abs(dot["x"] - name["x"]) < reach and -0.1 < dot["y"] - name["below"] < 0.03)


def _short(name: str, most: int = 18) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"
