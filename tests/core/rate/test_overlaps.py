"""One-to-ones with one person that overlap: a title gives way to an entry that lists the person, where that fits."""

from __future__ import annotations

import pytest

from calsight.core.model.meetings import Meeting
from calsight.core.rate.overlaps import held_one_to_ones
from meeting_support import at, one_to_one


def listed(begin: float, end: float, **fields: bool) -> Meeting:
    """From one hour of the day to another."""
    return one_to_one(at(0, 0, begin), minutes=60 * (end - begin), **fields)


TITLE = listed(10, 11, inferred=True)
BEFORE, AFTER = listed(9, 10), listed(12, 13)


@pytest.mark.parametrize(
    ("begin", "end", "fits"),
    [(10.5, 11.5, True), (10, 12, True), (9.75, 11.5, False), (10.5, 12.25, False)],
)
def test_between_two_others_it_gives_way_to_what_touches_them_at_most(begin: float, end: float, fits: bool):
    other = listed(begin, end)
    assert held_one_to_ones([BEFORE, TITLE, AFTER, other]) == [BEFORE, other if fits else TITLE, AFTER]


def test_where_it_is_the_first_or_the_last():
    other = listed(10.5, 11.5)
    assert held_one_to_ones([TITLE, other]) == [other]
    assert held_one_to_ones([TITLE, AFTER, other]) == [other, AFTER]
    assert held_one_to_ones([BEFORE, TITLE, other]) == [BEFORE, other]


def test_another_title_is_no_better():
    assert held_one_to_ones([TITLE, listed(10.5, 11.5, inferred=True)]) == [TITLE]


def test_what_touches_is_another():
    touching = listed(10, 11)
    assert held_one_to_ones([touching, BEFORE]) == [BEFORE, touching]
