"""Spans of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from calsight.core.time.intervals import Spans, clip, length, overlap, subtract, union
from calsight.testing import event

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


def span(begin: int, end: int):
    """From one minute to another."""
    return MONDAY + timedelta(minutes=begin), MONDAY + timedelta(minutes=end)


def lasting(begin: int, end: int):
    return event("ana", at=MONDAY + timedelta(minutes=begin), minutes=end - begin)


def test_what_touches_is_joined_and_what_is_empty_is_dropped():
    assert union([span(10, 20), span(0, 10)]) == [span(0, 20)]
    assert union([span(0, 9), span(10, 20)]) == [span(0, 9), span(10, 20)]
    assert union([span(5, 5)]) == []
    assert union([span(5, 5), span(7, 8)]) == [span(7, 8)]


def test_nothing_is_left_where_a_hole_begins_or_ends_with_a_span():
    assert subtract([span(0, 20)], [span(0, 5), span(15, 20)]) == [span(5, 15)]
    assert subtract([span(0, 20)], [span(0, 20)]) == []


def test_a_moment_at_the_end_is_not_in_it_any_more():
    spans = Spans.of([span(0, 10)])
    held = [minute for minute in (-1, 0, 9, 10, 11) if spans.hold(MONDAY + timedelta(minutes=minute))]
    assert held == [0, 9]


def test_those_that_only_touch_do_not_overlap():
    assert overlap(lasting(0, 10), lasting(9, 20))
    assert overlap(lasting(9, 20), lasting(0, 10))
    for other in (lasting(10, 20), lasting(20, 30)):
        assert not overlap(lasting(0, 10), other)
        assert not overlap(other, lasting(0, 10))


def test_an_event_is_covered_from_half_of_it_on():
    away = Spans.of([span(0, 10), span(20, 30), span(40, 50)])
    assert away.cover(lasting(5, 15))
    assert away.cover(lasting(0, 60))  # ten minutes, three times
    assert not away.cover(lasting(0, 61))
    assert not away.cover(lasting(6, 15))
    assert not Spans.of([span(10, 20)]).cover(lasting(0, 40))
    assert away.touch(lasting(9, 15))
    assert not away.touch(lasting(10, 20))
    assert not away.touch(lasting(30, 40))
    assert not Spans().cover(lasting(0, 10))
