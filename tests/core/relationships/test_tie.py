"""What is told of a tie, in numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from calsight.core.model.meetings import Person, Scope
from calsight.core.model.options import RelationshipOptions
from calsight.core.relationships.rhythm import gaps, mean_gap
from calsight.core.relationships.tie import Tie, reasons_of, relationship_of
from meeting_support import at, frame_of

FRAME = frame_of()  # 26 weeks, seen on the Sunday at their end
#: Met on three Mondays, two weeks apart, and last two weeks and six days ago.
BO = Tie(
    Person("bo@example.com", "Bo"),
    Scope.ORGANISATION,
    "relationship_signs",
    days=tuple(at(week).date() for week in (19, 21, 23)),
    gaps=(2.0, 2.0),
    silence=20 / 7,
    mean_gap=3.0,
    regularity=2.0,
    survival=0.4,
    by_rhythm=0.5,
    alive=0.5,
    status="cooling",
)


def told(tie: Tie) -> dict[str, dict[str, object]]:
    return {reason.code: dict(reason.values) for reason in reasons_of(tie, FRAME)}


def test_the_silence_is_held_against_the_usual_gap():
    said = told(BO)
    assert list(said) == ["tie_rhythm", "tie_alive"]
    assert said["tie_rhythm"] | {"ratio": 0} == {
        "name": "Bo",
        "gap_days": 14,
        "days": 20,
        "ratio": 0,
        "interactions": 0,
    }
    assert said["tie_rhythm"]["ratio"] == pytest.approx(20 / 14)


@pytest.mark.parametrize(("silence", "code"), [(1.9, "tie_within"), (2.0, "tie_within"), (2.1, "tie_rhythm")])
def test_a_silence_as_long_as_the_usual_gap_is_within_it(silence: float, code: str):
    assert code in told(replace(BO, silence=silence))


def test_one_gap_is_no_rhythm():
    """Twice within a week, and not for two months: that is said, and not that they meet every 7 days."""
    twice = replace(BO, days=BO.days[-2:], gaps=(1.0,), silence=9.4)
    said = told(twice)
    assert list(said) == ["tie_few", "tie_alive"]
    assert said["tie_few"] == {"name": "Bo", "gap_days": 7.0, "days": 20, "met": 2}


def test_the_terms_of_the_probability_are_told_in_days():
    said = told(BO)["tie_alive"]
    assert (said["gaps"], said["mean_gap_days"], said["survival"], said["regularity"]) == (2, 21.0, 0.4, 2.0)
    assert said["silence_days"] == pytest.approx(20)


@pytest.mark.parametrize("away", [0, 1, 2])
def test_a_day_away_is_told(away: int):
    said = told(replace(BO, away=away))
    assert said.get("tie_away") == ({"away": away} if away else None)


def test_gaps_that_lie_wholly_in_leave_do_not_make_the_rhythm():
    mixed = replace(BO, gaps=(0.0, 0.5, 2.5))
    assert mixed.counted_gaps == (0.5, 2.5)
    assert mixed.typical_gap == 7 * 1.5
    assert told(mixed)["tie_alive"]["gaps"] == 2
    assert replace(BO, gaps=(0.0,)).typical_gap is None
    assert "tie_once" in told(replace(BO, gaps=(0.0,)))


def test_gaps_below_a_week_are_gaps():
    found = gaps([0, 0, 0], [0, 0.5, 2.5], now=3, people=1)
    assert (found.count.tolist(), found.total.tolist(), found.silence.tolist()) == ([2.0], [2.5], [0.5])
    options = RelationshipOptions(prior_gaps=1, prior_gap_weeks=9)
    assert mean_gap(found, options).tolist() == [pytest.approx(11.5 / 3)]


def test_the_report_shows_days_in_two_digits():
    shown = relationship_of(replace(BO, gaps=(1.0, 1.0, 2.0), silence=1 + 1 / 3), FRAME)
    assert (shown.typical_gap_days, shown.silence_days) == (9.33, 9.33)


def test_one_who_was_named_and_never_met_has_no_numbers():
    named = Tie(Person("bo@example.com", "Bo"), Scope.ORGANISATION, "relationship_signs", role="manager")
    assert list(told(named)) == ["tie_you_said", "tie_not_met"]
    assert relationship_of(named, FRAME).silence_days is None
    assert (named.strength, named.recent, named.away) == (0, 0, 0)


def test_one_booked_is_told_with_its_day():
    booked = replace(BO, expectation=("booked",), next=at(27, 2) + timedelta(minutes=5))
    assert told(booked)["tie_booked"]["next"] == "2026-07-15"
    assert "tie_booked_then" in told(replace(booked, next=None))
