"""The verdict: levels, since when, what would change it, and whom it counts."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.model.meetings import Doubt, DoubtCode, Meeting, Person, Scope
from calsight.core.model.options import RateOptions
from calsight.core.rate.breadth import effective_number, is_narrow
from calsight.core.rate.verdict import Assessment, level_of_owner
from meeting_support import (
    SOLO,
    assessment,
    at,
    away,
    codes,
    exposure_of,
    frame_of,
    group,
    meeting,
    one_to_one,
    text,
    weekly,
)

OPTIONS = RateOptions()


class TestLevels:
    @pytest.mark.parametrize(
        ("per_week", "level"),
        [
            ([1] * 26, "ok"),
            ([2] * 26, "ok"),
            ([1, 0] * 13, "watch"),
            ([0, 1] * 13, "watch"),
            ([1, 0, 0, 0] * 6 + [1, 0], "at_risk"),
            ([0] * 26, "at_risk"),
            ([1] * 24 + [0] * 2, "ok"),
            ([1] * 22 + [0] * 4, "watch"),  # not for P(low), 0.41, but over 80 % likely below `healthy`
            ([1] * 20 + [0] * 6, "watch"),
            ([1] * 19 + [0] * 7, "watch"),
            ([1] * 18 + [0] * 8, "at_risk"),
            ([2] * 23 + [0] * 3, "watch"),
            ([2] * 22 + [0] * 4, "at_risk"),
            ([2] * 21 + [0] * 5, "at_risk"),
        ],
    )
    def test_the_reference_lives(self, per_week, level):
        assert assessment(weekly(per_week)).flag.level == level

    def test_two_a_week_then_three_weeks_of_leave(self):
        verdict = assessment([*weekly([2] * 23), away(at(23, 0, 0), at(26, 0, 0))])
        assert verdict.flag.level == "ok"
        assert verdict.flag.probability_low < 0.005
        assert [week.exposure for week in verdict.weeks][-3:] == [0.0, 0.0, 0.0]

    def test_fallen_is_watched_while_the_rate_is_still_fair(self):
        verdict = assessment(weekly([5] * 18 + [1] * 8))
        assert verdict.flag.level == "watch"
        assert verdict.flag.probability_low < 0.1
        assert "fallen" in codes(verdict)
        assert verdict.rate.changed.week == date(2026, 5, 11)
        assert verdict.rate.changed.before == pytest.approx(5, abs=0.5)
        assert verdict.rate.changed.after == pytest.approx(1, abs=0.2)

    def test_a_rise_is_told_and_is_no_reason_to_watch(self):
        verdict = assessment(weekly([0] * 6 + [3] * 14), weeks=20)
        assert verdict.flag.level == "ok"
        assert "changed" in codes(verdict)
        assert "fallen" not in codes(verdict)

    def test_narrow(self):
        verdict = assessment(weekly([1] * 26, people=1))
        assert verdict.flag.level == "watch"
        assert verdict.breadth.effective_people == 1.0
        assert "shared out as if among 1.0" in text(verdict, "narrow")
        assert verdict.flag.what_would_change.code == "would_change_people"
        assert assessment(weekly([1] * 26, people=3)).flag.level == "ok"

    def test_few_meetings_with_one_person_are_not_called_narrow(self):
        quiet: list[list[str]] = [[]] * 4
        assert not is_narrow([["bo"]] * 5 + quiet, OPTIONS)
        assert is_narrow([["bo"]] * 6 + quiet, OPTIONS)
        assert not is_narrow([["bo", "cem"]] * 3 + quiet, OPTIONS)

    def test_nobody_is_called_narrow_for_whom_they_met_in_the_newest_four_weeks(self):
        assert not is_narrow([["bo"]] * 5 + [["bo"]] * 4, OPTIONS)
        assert not is_narrow([["bo"]] * 6 + [["bo"], ["bo"], ["cem"] * 6, ["bo"] * 30], OPTIONS)
        assert is_narrow([["bo"]] * 6 + [["bo"], ["bo"], ["bo"], ["cem"]], OPTIONS)

    def test_two_weeks_at_a_fair_after_many_are_no_fall(self):
        verdict = assessment(weekly([5] * 23 + [0] * 3))
        assert verdict.flag.level == "watch"
        assert "fallen" not in codes(verdict)
        assert text(verdict, "too_new").endswith("until it has been 4 weeks the most that is said is “watch”.")

    def test_rounds_of_a_quarter_are_no_fall(self):
        verdict = assessment(weekly([8, 9, *[0] * 11, 8, 9, *[0] * 11]))
        assert verdict.flag.level in ("ok", "watch")
        assert "fallen" not in codes(verdict)

    def test_eight_in_each_fourth_week_are_no_fall_and_their_end_is_one(self):
        rounds = [8, 0, 0, 0] * 4
        assert assessment(weekly(rounds * 2)[:-20], weeks=26).flag.level != "at_risk"
        assert assessment(weekly(rounds + [0] * 10)).flag.level == "at_risk"

    def test_thresholds_are_settings(self):
        strict = dataclasses.replace(OPTIONS, at_risk_probability=0.999)
        assert assessment(weekly([0] * 12), weeks=12, options=strict).flag.level == "watch"


def values(verdict: Assessment, code: str) -> dict[str, Any]:
    """What the one reason of that code holds."""
    (found,) = [reason.values for reason in verdict.flag.reasons if reason.code == code]
    return found


def twice_a_week(first: int, last: int) -> list[Meeting]:
    return [one_to_one(at(week, day), f"p{day}") for week in range(first, last) for day in (1, 2)]


class TestWhatItSays:
    @pytest.mark.parametrize(("per_week", "said"), [([1, 0] * 8, True), ([2] * 16, False)])
    def test_a_rate_that_is_likely_below_what_is_healthy(self, per_week: list[int], said: bool):
        assert ("below_healthy" in codes(assessment(weekly(per_week), weeks=16))) is said

    @pytest.mark.parametrize(("weeks", "probability"), [(13, 0.885), (14, 0.958)])
    def test_how_likely_the_change_is_that_it_tells_of(self, weeks: int, probability: float):
        """From four a week to one: thirteen weeks ago it is a recent fall, or one a little older; then one that is older."""
        verdict = assessment(weekly([4] * 12 + [1] * weeks), weeks=12 + weeks)
        assert verdict.rate.changed.probability == pytest.approx(probability, abs=0.002)

    def test_of_a_steady_life_no_change_is_told_however_little_it_takes(self):
        anything = dataclasses.replace(OPTIONS, fallen_probability=0.0)
        assert assessment(weekly([1] * 8), weeks=8, options=anything).rate.changed is None

    @pytest.mark.parametrize(("many", "level", "own"), [(12, "watch", True), (11, "at_risk", False)])
    def test_whoever_often_pauses_as_long_is_told_so(self, many: int, level: str, own: bool):
        """Two rounds, eleven weeks apart, and then twelve weeks without: half a one-to-one a week over twice twelve weeks."""
        verdict = assessment(weekly([0, 0, many, *[0] * 11, many, *[0] * 12]), weeks=27)
        assert (verdict.flag.level, "own_pause" in codes(verdict)) == (level, own)
        if own:
            assert values(verdict, "own_pause") == {"rate": 0.5}

    def test_whoever_meets_in_bursts_is_told_so(self):
        """A quiet quarter after two rounds, too few of them to be sure that another would have come."""
        verdict = assessment(weekly([6, 0, 0, 0] * 2 + [0] * 12), weeks=20)
        assert verdict.flag.level == "watch"
        assert values(verdict, "may_be_bursts")["probability"] == pytest.approx(0.99868, abs=1e-5)

    @pytest.mark.parametrize("per_week", [[2] * 12 + [0] * weeks for weeks in (5, 6, 7)])
    def test_the_level_alone_is_the_one_that_is_said(self, per_week: list[int]):
        weeks, meetings = len(per_week), weekly(per_week)
        level = level_of_owner(exposure_of(meetings, weeks=weeks), frame_of(weeks=weeks))
        assert level == assessment(meetings, weeks=weeks).flag.level


class TestWhatIsSaid:
    """Where another reading keeps the level from being said more plainly, the verdict says so."""

    QUIET: ClassVar[list[Meeting]] = [meeting(SOLO, at(week)) for week in range(20, 23)]

    def test_weeks_that_may_have_been_worked(self):
        verdict = assessment([*twice_a_week(0, 20), *self.QUIET, *(meeting(SOLO, at(week)) for week in range(23, 26))])
        assert verdict.flag.level == "watch"
        assert "silence_differs" in codes(verdict)

    def test_not_where_they_would_change_nothing(self):
        groups = [group(at(week, day)) for week in range(20) for day in (1, 2)]
        for meetings, level in (([*twice_a_week(0, 20), *twice_a_week(23, 26)], "ok"), (groups, "at_risk")):
            verdict = assessment([*meetings, *self.QUIET])
            assert (verdict.flag.level, "silent_weeks" in codes(verdict)) == (level, True)
            assert "silence_differs" not in codes(verdict)

    def test_an_ok_that_rests_on_doubts(self):
        """Half a year, of which in the second half all are invitations without an answer."""
        unanswered = (Doubt(DoubtCode.UNANSWERED, "none", person=Person("bo@example.com", "Bo", "bo@example.com")),)
        sure, groups = twice_a_week(0, 26), [group(at(week)) for week in range(26)]
        open_ = [dataclasses.replace(each, answered=False, doubts=unanswered) for each in sure[26:]]
        verdict = assessment([*groups, *sure[:26], *open_])
        assert (verdict.flag.level, values(verdict, "rests_on_doubts")["one_to_ones"]) == ("ok", 26)
        assert "rests_on_doubts" not in codes(assessment([*groups, *sure, *open_[:2]]))


class TestSince:
    def test_the_first_week_of_the_unbroken_run(self):
        verdict = assessment(weekly([2] * 16 + [0] * 10))
        assert verdict.flag.level == "at_risk"
        assert verdict.flag.since == date(2026, 5, 18)  # the fourth empty week
        assert verdict.weeks[19].probability_low >= 0.815 > verdict.weeks[18].probability_low

    def test_leave_does_not_break_it(self):
        empty = [2] * 14 + [0] * 12
        with_leave = [*weekly(empty), away(at(20, 0, 0), at(22, 0, 0))]
        assert assessment(with_leave).flag.since == assessment(weekly(empty)).flag.since

    def test_the_path_of_weeks_is_what_was_known_then(self):
        whole, part = assessment(weekly([2] * 10 + [0] * 4), weeks=14), assessment(weekly([2] * 10), weeks=10)
        assert [w.probability_low for w in whole.weeks[:10]] == [w.probability_low for w in part.weeks]
        assert whole.weeks[-1].mean == whole.rate.mean
        assert whole.weeks[-1].interval == whole.rate.interval


class TestWhatWouldChange:
    @pytest.mark.parametrize("per_week", [[0] * 12, [2] * 22 + [0] * 4, [1, 0] * 13, [1, 0, 0, 0] * 6])
    def test_the_fewest_that_move_the_level_do_and_one_fewer_does_not(self, per_week):
        verdict = assessment(weekly(per_week), weeks=len(per_week))
        needed = verdict.flag.what_would_change.values["one_to_ones"]

        def after(extra: int) -> str:
            run_on = [*per_week, extra - extra // 2, extra // 2]
            return assessment(weekly(run_on), weeks=len(run_on)).flag.level

        order = ["at_risk", "watch", "ok"]
        assert after(needed) == verdict.flag.what_would_change.values["level"]
        assert order.index(after(needed)) > order.index(verdict.flag.level)
        assert order.index(after(needed - 1)) <= order.index(verdict.flag.level)

    @pytest.mark.parametrize(
        ("options", "weeks"),
        [(OPTIONS, range(1, 13)), (dataclasses.replace(OPTIONS, change_weeks=1e9, narrow_people=1.0), range(14, 52))],
        ids=["soon", "late"],
    )
    def test_what_an_ok_could_not_do_without(self, options, weeks):
        per_week = [2] * 20
        change = assessment(weekly(per_week), weeks=20, options=options).flag.what_would_change
        assert change.code == "would_fall"
        empty = change.values["weeks"]
        assert empty in weeks

        def after(pause: int) -> str:
            return assessment(weekly(per_week + [0] * pause), weeks=20 + pause, options=options).flag.level

        assert after(empty) == change.values["level"]
        assert after(empty - 1) == "ok"

    def test_what_is_booked_already_need_not_be_added(self):
        met = weekly([1, 0, 0, 0] * 6)
        coming = [one_to_one(at(24, 1), "p1", held=False), one_to_one(at(25, 1), "p2", held=False)]
        needed, left = (
            assessment(meetings, weeks=24).flag.what_would_change.values["one_to_ones"]
            for meetings in (met, [*met, *coming])
        )
        assert left == needed - 2

    def test_more_than_twenty_in_two_weeks_are_asked_of_nobody(self):
        def asked(goal: float) -> int | None:
            options = dataclasses.replace(OPTIONS, healthy=goal, low=0.1)
            change = assessment(weekly([0, 1] * 6, people=12), weeks=12, options=options).flag.what_would_change
            return change.values["one_to_ones"] if change else None

        needed = [asked(9 + n / 10) for n in range(11)]
        assert max(filter(None, needed)) == 20
        assert needed[-1] is None

    def test_an_ok_that_holds_for_more_than_a_year_is_not_said_to_end(self):
        def ends(low: float) -> int | None:
            lasting = {"change_weeks": 1e300, "narrow_people": 1.0, "fallen_probability": 1.0, "burst_share": 0.0}
            options = dataclasses.replace(OPTIONS, healthy=low, low=low / 2, **lasting)
            change = assessment(weekly([2] * 8), weeks=8, options=options).flag.what_would_change
            return change.values["weeks"] if change else None

        pauses = [ends(0.345 - n / 400) for n in range(12)]
        assert max(filter(None, pauses)) == 52
        assert pauses[-1] is None

    def test_too_few_weeks_need_weeks(self):
        change = assessment(weekly([1, 1]), weeks=2).flag.what_would_change
        assert change.text == "2.0 more available weeks of calendar are needed before anything can be said."


class TestBreadth:
    def test_people_and_scopes(self):
        meetings = [
            one_to_one(at(0, 1), "ana"),
            one_to_one(at(0, 2), "ana"),
            one_to_one(at(1, 1), "dee", scope=Scope.INDUSTRY),
            one_to_one(at(1, 2), "dee", scope=Scope.INDUSTRY),
            one_to_one(at(1, 3), "mum", scope=Scope.PERSONAL),
        ]
        breadth = assessment(meetings, weeks=2).breadth
        assert breadth.people == 2
        assert breadth.effective_people == 2.0
        assert breadth.organisation == 0.5
        assert breadth.industry == 0.5
        assert breadth.first_meetings_outside == 1

    def test_nobody(self):
        breadth = assessment([group(at(0))], weeks=1).breadth
        assert (breadth.people, breadth.effective_people, breadth.organisation) == (0, None, None)

    @given(st.lists(st.integers(1, 50), min_size=1, max_size=20))
    def test_effective_number_lies_between_one_and_all(self, counts):
        assert effective_number(counts) + 1e-9 >= 1
        assert effective_number(counts) <= len(counts) + 1e-9
        assert effective_number([counts[0]] * len(counts)) == pytest.approx(len(counts))
