"""The frame's one "now"."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from calsight.core.model.events import Window
from meeting_support import at, frame_of


@pytest.mark.parametrize(
    ("as_of", "closes", "last_sign", "now", "ended_by"),
    [
        (at(26), at(26), None, at(26), "as_of"),
        (at(20), at(26), None, at(20), "as_of"),
        (at(26), at(20), None, at(20), "as_of"),
        (at(26), at(26), at(18), at(18), "last_sign"),
        (at(26), at(26), at(26), at(26), "as_of"),
        (at(26), at(20), at(22), at(20), "as_of"),
        (at(26), at(26), datetime(9999, 1, 1, tzinfo=UTC), at(26), "as_of"),
    ],
)
def test_now_is_as_of_the_windows_end_or_the_last_sign_whichever_is_first(as_of, closes, last_sign, now, ended_by):
    frame = replace(frame_of(as_of=as_of, last_sign=last_sign), window=Window(at(0), closes))
    assert (frame.now, frame.ended_by) == (now, ended_by)
