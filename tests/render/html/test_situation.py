"""The chart of the four situations: where the names of the quarters stand."""

from __future__ import annotations

from typing import Any

import pytest

pytest.importorskip("vl_convert", reason="the page needs the extra [html]")

from calsight.core.model.report import Situation, SituationInput
from calsight.core.wording.words import Words
from calsight.render.html.situation import situation_chart

#: A name is two lines high.
HEIGHT = 0.1


def chart_of(time: float | None, interest: float | None) -> tuple[list[dict[str, Any]], dict[str, float]]:
    """The names' places, and the box, of somebody with so much time and interest (None: unknown)."""
    shown = Situation(
        time=SituationInput(value=time, cut=0.35, known=time is not None),
        interest=SituationInput(value=interest, cut=0.4, known=interest is not None),
    )
    _, box, _, names, *_ = situation_chart(shown, Words(), margin=0.1, width=400)["layer"]
    return names["data"]["values"], box["data"]["values"][0]


@pytest.mark.parametrize(
    ("time", "interest"), [(None, 0.25), (0.6, 0.12), (0.42, 0.88), (None, 0.95), (0.1, 0.5), (0.9, 0.1)]
)
def test_no_name_lies_on_the_box(time, interest):
    names, box = chart_of(time, interest)
    for name in names:
        beside = box["x2"] <= name["x"] or box["x"] >= name["x2"]
        assert beside or name["my"] <= box["y"] or name["my"] - HEIGHT >= box["y2"], name["name"]
        assert name["y"] < name["my"] - HEIGHT < name["my"] < name["y2"], "it stands in its quarter"
