"""The picture at its borders: what is open, what overlaps, what a cut means, and how far back the past lies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from calsight.core.model.meetings import Meeting
from calsight.core.model.options import IndexOptions, RateOptions, SituationOptions, WorkOptions
from calsight.core.model.report import Situation, SituationInput
from calsight.core.picture.heat import heat
from calsight.core.picture.open_time import open_time
from calsight.core.picture.situation import situation
from calsight.core.picture.visibility import Standing, score, standing_of, visibility
from calsight.core.relationships.account import Account
from meeting_support import account_of, at, away, group, one_to_one, weekly

WEEKDAYS = range(5)


def time_of(*meetings: Meeting, weeks: int = 1, **fields: Any) -> SituationInput:
    account = account_of(meetings, weeks=weeks, **fields)
    return open_time(account.exposure, account.frame)


class TestOpenTime:
    @pytest.mark.parametrize(("minutes", "half_hours"), [(29, 0), (30, 5), (59, 5), (60, 10)])
    def test_half_an_hour_is_open(self, minutes: int, half_hours: int):
        found = time_of(*(group(at(0, day, 9), minutes=480 - minutes) for day in WEEKDAYS))
        assert found.details["open_half_hours_a_week"] == half_hours

    @pytest.mark.parametrize(("hours", "known"), [(2.0, True), (1.9, False)])
    def test_it_is_known_where_a_quarter_is_filled(self, hours: float, known: bool):
        assert time_of(*(group(at(0, day, 9), minutes=60 * hours) for day in WEEKDAYS)).known is known

    def test_what_touches_does_not_overlap(self):
        one, next_, inside = group(at(0, 0, 10)), group(at(0, 0, 10.5)), group(at(0, 0, 10.75), minutes=5)
        for meetings, overlaps in (((one, next_), 0), ((one, next_, inside), 1)):
            assert time_of(*meetings).details["overlaps"] == overlaps

    def test_an_earlier_one_that_lasts_longer_overlaps_both(self):
        long = group(at(0, 0, 9), minutes=180)
        assert time_of(long, group(at(0, 0, 10)), group(at(0, 0, 11))).details["overlaps"] == 2

    @pytest.mark.parametrize(
        ("starts", "outside"),
        [
            ([], 0),
            ([(0, 9)], 0),
            ([(0, 8.9)], 1),
            ([(0, 17)], 1),  # the day has ended
            ([(0, 16.9), (2, 9)], 0),
            ([(0, 10), (2, 10), (4, 10)], 0),
            ([(0, 10), (2, 20), (4, 10)], 1),
            ([(0, 10), (5, 10)], 1),
        ],
    )
    def test_a_meeting_is_outside_by_its_start(self, starts: list[tuple[int, float]], outside: int):
        meetings = [group(at(0, day, hour)) for day, hour in starts]
        assert time_of(*meetings).details["outside_working_hours"] == outside

    def test_a_night_shift_belongs_to_the_day_before(self):
        nights = WorkOptions(hours={"monday": ("22:00-06:00",)})
        assert time_of(group(at(0, 1, 2)), work=nights).details["outside_working_hours"] == 0
        assert time_of(group(at(0, 2, 2)), work=nights).details["outside_working_hours"] == 1


class TestHeat:
    def test_a_meeting_is_cut_to_the_second(self):
        start = at(0, 0, 10) + timedelta(minutes=30, seconds=30)
        cells = heat([group(start, minutes=60)], "UTC")
        assert [(cell.hour, cell.group) for cell in cells] == [(10, 0.4917), (11, 0.5083)]

    def test_hours_have_four_digits(self):
        (cell,) = heat([group(at(0, 0, 10), minutes=1.24)], "UTC")
        assert cell.group == 0.0207


class TestCuts:
    @staticmethod
    def judged(hours: float, **options: float) -> Situation:
        """Days that are filled for so long, and eight one-to-ones that the owner arranged."""
        filled = [group(at(week, day, 9), minutes=60 * hours) for week in range(8) for day in WEEKDAYS]
        arranged = [one_to_one(at(n, 0, 9), f"p{n}", minutes=5, organised_by_me=True) for n in range(8)]
        account = account_of([*filled, *arranged], weeks=8, situation=SituationOptions(**options))
        return situation(account, "watch")

    def test_a_share_at_the_cut_is_much(self):
        assert self.judged(6, time_cut=0.25).time.value == 0.25
        assert (self.judged(6, time_cut=0.25).label or "").startswith("much_time")
        assert (self.judged(6, time_cut=0.26).label or "").startswith("little_time")

    def test_of_a_calendar_without_working_time_nothing_is_filled(self):
        found = situation(account_of([away(at(0, 0, 0), at(8, 0, 0))], weeks=8), "watch")
        (said,) = (reason for reason in found.reasons if reason.code == "situation_time_unknown")
        assert said.values["filled"] == 0.0


class TestPast:
    """Thursdays at midnight stand for their weeks."""

    RATE = RateOptions(recent_weeks=4, min_weeks=4)

    def people(self, day: float, **rate: Any) -> float | None:
        """How many people the standing knows of, seen so many days into week 26."""
        account = account_of([*weekly([1] * 26), group(at(26, 0, 9))], as_of=at(26, 0, 24 * day))
        options = RateOptions(**({"recent_weeks": 4, "min_weeks": 4} | rate))
        until = account.frame.now
        return standing_of(1.0, [], account.exposure, relationships=(), until=until, options=options).effective_people

    def test_four_weeks_of_four_are_enough(self):
        assert self.people(0) is not None
        assert self.people(0, min_weeks=4.1) is None

    def test_a_week_counts_where_its_thursday_lies_within(self):
        assert self.people(3) is not None  # the one of four weeks ago does, that of this week not yet
        assert self.people(3, min_weeks=4.1) is None
        assert self.people(4) is None  # three whole weeks, and four days of this one

    def test_the_people_are_those_from_then_to_the_moment(self):
        meetings = [one_to_one(at(16, 1), "bo"), one_to_one(at(20, 1), "cy"), one_to_one(at(18, 1), "di")]
        account = account_of([*weekly([0] * 26), *meetings])
        moments = ((at(20, 1), 2), (at(20, 1) + timedelta(minutes=1), 2), (at(20, 1, 9), 2), (at(22, 0), 2))
        for until, people in moments:
            found = standing_of(1.0, [], account.exposure, relationships=(), until=until, options=self.RATE)
            assert found.effective_people == pytest.approx(people)

    @staticmethod
    def account(weeks: int, *, cy: Iterable[int] = (), **rate: Any) -> Account:
        once = [one_to_one(at(week, 3), "cy") for week in cy]
        known = [one_to_one(at(week, 2), "bo", organised_by_me=bool(week % 2)) for week in range(weeks)]
        return account_of(
            [*weekly([2, 1] * (weeks // 2) + [2] * (weeks % 2)), *known, *once], weeks=weeks, rate=RateOptions(**rate)
        )

    @pytest.mark.parametrize(
        ("weeks", "least", "known"),
        [(5, 1, True), (4, 1, False), (6, 2, True), (6, 3, False), (7, 3, True)],
    )
    def test_the_past_is_known_from_enough_weeks_before_it(self, weeks: int, least: float, known: bool):
        found = visibility(self.account(weeks, recent_weeks=4, min_weeks=least))
        assert found is not None
        assert (found.before is not None) is known

    def test_the_past_is_the_standing_at_the_end_of_that_week(self):
        account = self.account(20, recent_weeks=4, min_weeks=4)
        found, rate = visibility(account), account.frame.options.rate
        then, until = account.assessment.weeks[15], at(16, 0, 0)
        assert then.mean is not None
        signs = {tie.person.id for tie in account.ties if tie.stage == "relationship_signs"}
        assert "bo@example.com" in signs
        before = standing_of(
            then.mean, account.ties_at(until), account.exposure, relationships=signs, until=until, options=rate
        )
        assert found is not None
        assert found.before == pytest.approx(score(before, IndexOptions())[0])

    def test_only_relationships_weigh(self):
        account = self.account(20, cy=[18])
        found = visibility(account)
        assert found is not None
        strengths = dict.fromkeys(("relationship_signs", "interactions_only"), 0.0)
        for tie in account.ties:
            strengths[tie.stage] += tie.strength
        assert all(strengths.values())
        standing = Standing(rate=0.0, strengths=strengths["relationship_signs"], effective_people=1.0, reach=1.0)
        assert found.contributions["relationships"] == pytest.approx(
            score(standing, IndexOptions())[1]["relationships"]
        )
