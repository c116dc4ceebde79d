"""Who draws: this process, or one that was started before anything was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from calsight.errors import CalsightError
from calsight.render.html import drawing

SPEC: dict[str, Any] = {
    "data": {"values": [{"who": "Zoë <b>", "times": 3}]},
    "mark": "bar",
    "encoding": {"x": {"field": "times", "type": "quantitative"}, "y": {"field": "who", "type": "nominal"}},
}


def test_an_engine_started_before_draws_the_same() -> None:
    here = drawing.to_svg(SPEC)
    assert "Zoë &lt;b&gt;" in here
    with drawing.started():
        engine = drawing._ENGINE.get()
        assert engine is not None
        assert [engine.draw({"vl_spec": SPEC, **drawing._OPTIONS}), drawing.to_svg(SPEC)] == [here, here]
        engine._process.kill()
        engine._process.wait()
        assert drawing.to_svg(SPEC) == here  # by this process
    assert drawing._ENGINE.get() is None


def test_what_fails_within_goes_on_and_ends_the_engine() -> None:
    def fail(kept: list[Any]) -> None:
        with drawing.started():
            kept.append(drawing._ENGINE.get())
            raise OSError("the page")

    kept: list[Any] = []
    with pytest.raises(OSError, match="the page"):
        fail(kept)
    engine = kept[0]
    assert engine._process.returncode is not None


def test_where_no_process_can_be_started_this_one_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing.sys, "executable", "/none/such")
    with drawing.started():
        assert drawing.to_svg(SPEC).startswith("<svg")


def test_an_engine_that_has_not_the_memory_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "_is_limited", lambda: True)
    monkeypatch.setattr(drawing, "_CHILD", "raise SystemExit(1)")
    with pytest.raises(CalsightError, match="more memory than this process may have"):
        drawing.to_svg(SPEC)
