"""The visibility index and the next actions."""

from __future__ import annotations

from dataclasses import replace
from math import exp
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.model.events import Organizer
from calsight.core.model.meetings import Kind, Meeting, Scope
from calsight.core.model.options import IndexOptions, OwnerOptions, PeopleOptions, RateOptions, WorkOptions
from calsight.core.model.report import Reason
from calsight.core.next.actions import next_actions
from calsight.core.picture.visibility import Standing, score, standing_of, visibility
from calsight.core.relationships.account import Account
from meeting_support import account_of, assessment, at, away, group, one_to_one, weekly

numbers = st.floats(0, 50)


def actions(meetings: list[Meeting], *, roles: dict[str, Any] | None = None, **me: Any) -> list[Reason]:
    return next_actions(account_of(meetings, people=PeopleOptions(roles=roles or {}), owner=OwnerOptions(**me)))


def standing(account: Account, *relationships: str) -> Standing:
    now = account.frame.now
    return standing_of(
        1.0, account.ties, account.exposure, relationships=relationships, until=now, options=RateOptions()
    )


def begun(who: str, *weeks: int, scope: Scope = Scope.ORGANISATION) -> list[Meeting]:
    """One-to-ones outside a series, which the owner arranged: with three of them, signs of a relationship."""
    found = [one_to_one(at(week, 1, 14), who, organised_by_me=True, scope=scope) for week in weeks]
    return [replace(m, event=replace(m.event, organizer=Organizer("me@example.com"))) for m in found]


def busy() -> list[Meeting]:
    return [group(at(week, 0, 15)) for week in range(26)]


def test_weeks_of_fifths_are_enough_for_the_index_of_then():
    days_off = tuple(at(week, day).date() for week in range(3) for day in (0, 1))
    meetings = weekly([1] * 16)
    options = {"rate": RateOptions(min_weeks=1.8), "work": WorkOptions(days_off=days_off)}
    found = visibility(account_of(meetings, weeks=16, **options))
    assert found is not None
    assert found.before is not None


class TestScore:
    def test_it_is_the_formula(self):
        value, points = score(Standing(rate=1.2, strengths=2.0, effective_people=4.0, reach=0.5), IndexOptions())
        parts = [0.40 * (1 - exp(-1.2)), 0.30 * (1 - exp(-2 / 3)), 0.20 * (1 - exp(-4 / 5)), 0.10 * 0.5]
        assert value == pytest.approx(100 * sum(parts))
        assert list(points.values()) == pytest.approx([100 * part for part in parts])

    def test_what_is_unknown_is_left_out_and_is_not_zero(self):
        value, points = score(Standing(rate=1.2), IndexOptions())
        assert value == pytest.approx(100 * (1 - exp(-1.2)))
        assert points == {"rate": value, "relationships": None, "breadth": None, "reach": None}
        zero, _ = score(Standing(rate=1.2, strengths=0, effective_people=0, reach=0), IndexOptions())
        assert zero < value

    def test_the_weights_are_settings(self):
        only_the_rate = IndexOptions(relationships=0, breadth=0, reach=0)
        value, points = score(Standing(rate=1.2, strengths=2.0, effective_people=4.0, reach=0.5), only_the_rate)
        assert value == pytest.approx(100 * (1 - exp(-1.2)))
        assert points["reach"] == 0

    @given(numbers, numbers, numbers, st.none() | st.floats(0, 1))
    def test_it_lies_between_0_and_100_and_its_points_add_up(
        self, rate: float, strengths: float, people: float, reach: Any
    ):
        value, points = score(Standing(rate, strengths, people, reach), IndexOptions())
        assert 0 <= value <= 100 + 1e-9
        assert sum(point for point in points.values() if point is not None) == pytest.approx(value)


class TestIndex:
    def test_it_has_an_interval_around_it_and_a_past(self):
        found = visibility(account_of(weekly([2] * 26)))
        assert found is not None
        assert found.value is not None
        assert found.interval is not None
        assert found.before is not None
        assert found.interval[0] < found.value < found.interval[1]
        assert found.before == pytest.approx(found.value, abs=5)

    def test_it_falls_when_one_to_ones_do(self):
        found = visibility(account_of(weekly([2] * 13 + [0] * 13)))
        assert found is not None
        assert found.value is not None
        assert found.before is not None
        assert found.value < 15 < 50 < found.before

    def test_after_long_leave_how_many_people_there_are_is_unknown_and_not_zero(self):
        found = visibility(
            account_of([*[m for m in weekly([1] * 26) if m.start < at(13, 0, 0)], away(at(13, 0, 0), at(26, 0, 0))])
        )
        assert found is not None
        assert found.contributions["breadth"] is None
        idle = visibility(account_of(weekly([1] * 13 + [0] * 13)))
        assert idle is not None
        assert idle.contributions["breadth"] == 0

    def test_where_nothing_is_said_it_says_nothing(self):
        assert visibility(account_of([])) is None

    def test_too_little_evidence_thirteen_weeks_ago_is_no_past(self):
        late = [m for m in weekly([2] * 26) if m.start >= at(11)]
        found = visibility(account_of(late))
        assert found is not None
        assert found.before is None

    def test_reach_is_the_share_of_active_ties_outside(self):
        meetings = busy() + begun("bo", 20, 22, 24) + begun("cem@other.example", 19, 21, 23, scope=Scope.INDUSTRY)
        found = standing(account_of(meetings), "bo@example.com", "cem@other.example")
        assert found.reach == 0.5
        assert found.effective_people == 2

    def test_reach_is_unknown_where_nobody_can_be_placed(self):
        assert standing(account_of(busy())).reach is None


class TestNextActions:
    def test_who_is_cooling_comes_first_with_something_to_ask_and_to_offer(self):
        (first, *_) = actions(weekly([1] * 26) + begun("bo", 2, 5, 8, 11, 14))
        assert first.code == "action_reach_out"
        assert first.text.startswith("Write to Bo: ")
        assert all(
            "ask" in a.text.lower() and "offer" in a.text.lower() for a in actions(busy() + begun("bo", 1, 3, 5))
        )

    def test_a_series_that_is_not_kept_is_to_be_revived(self):
        held = [one_to_one(at(week, 1), "bo") for week in (0, 2)]
        cancelled = [
            replace(one_to_one(at(week, 1), "bo"), kind=Kind.EXCLUDED, held=None, reason="cancelled")
            for week in (4, 6, 8)
        ]
        series = [replace(m, event=replace(m.event, series="s")) for m in [*held, *cancelled]]
        assert "action_revive_series" in {a.code for a in actions(busy() + series)}

    def test_a_manager_never_met_is_named(self):
        (first, *_) = actions(weekly([1] * 26), roles={"boss@example.com": "manager"})
        assert (first.code, first.values["role"]) == ("action_meet_named", "manager")

    def test_nobody_is_bothered_who_has_a_date(self):
        coming = one_to_one(at(27), "bo", as_of=at(26, 0, 0))
        found = actions([*weekly([1] * 26), *begun("bo", 2, 5, 8), coming])
        assert not [a for a in found if "Bo" in a.text]

    @pytest.mark.parametrize(("profile", "said"), [("employed", False), ("self_employed", True), ("job_seeking", True)])
    def test_networking_is_said_only_where_it_is_the_work(self, profile: str, said: bool):
        texts = [a.text for a in actions(weekly([1] * 26), profile=profile)]
        assert any("etworking" in text for text in texts) is said

    def test_nothing_is_suggested_where_nothing_is_known(self):
        assert actions([]) == []
        assert assessment([]).flag.level == "insufficient_data"

    def test_two_people_at_most_are_named(self):
        cooling = [m for n, who in enumerate(("bo", "cy", "di")) for m in begun(who, 2 + n, 5 + n, 8 + n)]
        reached = [a for a in actions(busy() + cooling) if a.code == "action_reach_out"]
        assert len(reached) == 2

    def test_there_are_never_more_than_four(self):
        many = [m for n in range(8) for m in begun(f"p{n}", n, n + 1, n + 2)]
        assert 1 <= len(actions(busy() + many, profile="job_seeking")) <= 4
