"""The signs of a relationship, at their edges."""

from __future__ import annotations

import pytest

from calsight.core.model.meetings import Person
from calsight.core.model.options import RelationshipOptions
from calsight.core.relationships.interactions import Interaction
from calsight.core.relationships.signs import dependency_of, expectation_of, stage_of
from meeting_support import at, one_to_one

OPTIONS = RelationshipOptions()


def began(side: str | None, *weeks: int) -> list[Interaction]:
    bo = Person("bo@example.com")
    return [Interaction(bo, at(week).date(), side, one_to_one(at(week))) for week in weeks]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("gaps", "regular"),
    [
        ([1, 3, 1, 3], True),  # a standard deviation of half the mean
        ([1, 3.1, 1, 3.1], False),
        ([2, 2, 2], False),  # three gaps are too few
        ([2, 2, 2, 2], True),
        ([0, 0, 0, 0], False),
    ],
)
def test_a_rhythm_is_four_gaps_that_spread_by_half_at_most(gaps, regular):
    assert ("rhythm" in expectation_of([], gaps, booked=False)) is regular


def test_a_date_is_an_expectation():
    assert expectation_of([], [], booked=True) == ("booked",)


@pytest.mark.parametrize(
    ("you", "they", "signs"),
    [
        ((0, 1), (2, 3), ("each_began",)),
        ((0, 1), (2,), ()),
        ((0, 1, 2), (3,), ("you_began",)),
        ((0, 0, 1), (), ()),  # three in two weeks
        ((), (0, 1, 2), ("they_began",)),
        ((), (0, 1), ()),
    ],
)
def test_who_begins_how_often_is_a_dependency(you, they, signs):
    assert dependency_of([*began("you", *you), *began("they", *they)]) == signs


@pytest.mark.parametrize(("weeks", "enough"), [((0, 0, 1), True), ((0, 0, 0), False), ((0, 1), False)])
def test_three_in_two_weeks_and_a_sign_are_signs_of_a_relationship(weeks, enough):
    stage = stage_of(began(None, *weeks), ("booked",), (), None, OPTIONS)
    assert (stage == "relationship_signs") is enough
