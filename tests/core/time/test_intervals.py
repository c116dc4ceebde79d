"""Spans of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from calsight.core.time.intervals import Spans, clip, length, subtract, union

MONDAY = datetime(2026, 1, 5, tzinfo=UTC)
moments = st.integers(0, 60).map(lambda minutes: MONDAY + timedelta(minutes=minutes))
some_spans = st.lists(st.tuples(moments, moments), max_size=8)


def covered(spans) -> set[int]:
    return {m for m in range(61) for a, b in spans if a <= MONDAY + timedelta(minutes=m) < b}


@given(some_spans)
def test_a_union_covers_the_same_minutes_once(spans):
    joined = union(spans)
    assert covered(joined) == covered(spans)
    assert length(joined) == timedelta(minutes=len(covered(spans)))


@given(some_spans, some_spans)
def test_subtracting_leaves_what_only_the_first_covers(spans, holes):
    left = subtract(union(spans), union(holes))
    assert covered(left) == covered(spans) - covered(holes)
    assert left == union(left)


@given(some_spans, moments, moments)
def test_clipping_keeps_what_lies_between(spans, begin, end):
    assert covered(clip(spans, begin, end)) == covered(spans) & covered([(begin, end)])


@given(some_spans, moments)
def test_spans_hold_the_moments_that_they_cover(spans, moment):
    assert Spans.of(spans).hold(moment) == any(start <= moment < end for start, end in spans)
