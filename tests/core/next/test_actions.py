"""What to do next, at its borders. (More of it is in tests/core/picture/test_visibility.py.)"""

from __future__ import annotations

from typing import Any

import pytest

from calsight.core.model.meetings import Meeting, Scope
from calsight.core.model.options import OwnerOptions, PeopleOptions
from calsight.core.next.actions import next_actions
from calsight.core.rate.breadth import effective_number
from meeting_support import account_of, at, group, one_to_one, weekly

BUSY = [group(at(week)) for week in range(26)]


def said(*meetings: Meeting, roles: dict[str, Any] | None = None, **me: Any) -> dict[str, dict[str, Any]]:
    account = account_of([*BUSY, *meetings], people=PeopleOptions(roles=roles or {}), owner=OwnerOptions(**me))
    return {action.code: dict(action.values) for action in next_actions(account)}


def held(who: str, *weeks: float, **fields: Any) -> list[Meeting]:
    return [one_to_one(at(0, 0, 24 * 7 * week + 10), who, **fields) for week in weeks]


#: A one-to-one with ever another, long ago; and since then with one person only.
MANY = [one_to_one(at(week, 2), f"c{week}") for week in range(12)]
SAME = [one_to_one(at(week, day), "bo") for week in range(13, 26) for day in (1, 3)]


class TestBreadth:
    def test_who_meets_one_person_is_told_to_meet_more_by_the_people_of_the_last_thirteen_weeks(self):
        assert said(*MANY, *SAME)["action_broaden"] == {"effective_people": 1.0}

    def test_the_thirteen_weeks_begin_with_their_first_moment(self):
        first = one_to_one(at(13, 0, 0), "cy")
        assert said(*SAME, first)["action_broaden"]["effective_people"] == effective_number([26, 1])

    def test_who_meets_many_is_not(self):
        assert "action_broaden" not in said(*weekly([2] * 26))


class TestFirstStep:
    """Where fewer than two people can be named, and not all is well."""

    @pytest.mark.parametrize(("managers", "step"), [(0, True), (1, True), (2, False), (3, False)])
    def test_two_people_are_enough_to_begin_with(self, managers: int, step: bool):
        roles = {f"m{number}@example.com": "manager" for number in range(managers)}
        account = account_of(BUSY, people=PeopleOptions(roles=roles))
        assert account.assessment.flag.level == "at_risk"
        actions = [action.code for action in next_actions(account)]
        assert actions.count("action_meet_named") == min(managers, 2)
        assert ("action_first_step" in actions) is step

    def test_where_all_is_well_there_is_none(self):
        assert "action_first_step" not in said(*weekly([3] * 26))


class TestOutside:
    @pytest.mark.parametrize(
        ("weeks", "met"),
        [
            ((13, 20), 1),
            ((12, 20), 0),  # met before: not for the first time
            ((), 0),
        ],
    )
    def test_first_meetings_outside_in_the_last_thirteen_weeks(self, weeks: tuple[int, ...], met: int):
        outside = [one_to_one(at(week, 0, 0), "eva", scope=Scope.INDUSTRY) for week in weeks]
        inside = held("bo", 14, 16, 18)
        found = said(*outside, *inside, profile="self_employed")
        assert found["action_network"] == {"first_meetings": met, "weeks": 13}

    def test_who_meets_nobody_outside_is_told_so(self):
        bo = held("bo", *range(26))
        assert "action_outside" in said(*bo)
        assert "action_outside" not in said(*bo, *held("eva", 20, scope=Scope.INDUSTRY))
        assert "action_outside" not in said()


def test_the_days_are_those_since_the_last_one():
    found = said(*held("bo", 0, 2, 4, 6, 8, 10, 12, 14))["action_reach_out"]
    assert (found["days"], found["gap_days"]) == (83, 14.0)
