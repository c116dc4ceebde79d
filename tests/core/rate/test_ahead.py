"""What lies ahead, what is counted at the borders of a window, and on how few people it hangs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import ClassVar

import pytest

from calsight.core.model.events import Window
from calsight.core.model.meetings import Meeting
from calsight.core.model.options import RateOptions
from calsight.core.rate.bayes import NEWEST
from calsight.core.rate.breadth import effective_number, is_narrow, narrow_weeks
from calsight.core.rate.count import Count
from calsight.core.rate.exposure import measure
from meeting_support import SOLO, at, exposure_of, frame_of, group, meeting, one_to_one, weekly

WEDNESDAY = at(4, 2, 0)
BUSY = [group(at(week)) for week in range(4)]


def booked(*starts: object) -> list[Meeting]:
    return [one_to_one(start, f"p{n}", held=False) for n, start in enumerate(starts)]


class TestAhead:
    """The rest of this week and the two full ones that follow."""

    def test_so_much_of_each_week_is_still_to_be_worked(self):
        assert exposure_of(BUSY, as_of=WEDNESDAY).ahead.working == pytest.approx((0.6, 1.0, 1.0))

    def test_so_many_are_booked_in_each(self):
        coming = booked(at(4, 3), at(5, 1), at(5, 3), at(6, 0), at(6, 2), at(6, 4), at(7, 0), at(7, 1))
        assert exposure_of([*BUSY, *coming], as_of=WEDNESDAY).ahead.booked == (1, 2, 3)

    @pytest.mark.parametrize(
        ("start", "count"),
        [
            (WEDNESDAY, 0),  # it begins now
            (WEDNESDAY + timedelta(minutes=1), 1),
            (at(7, 0, 0) - timedelta(minutes=1), 0),  # of the third week, and counted there
        ],
    )
    def test_what_begins_later_than_now_is_ahead(self, start: object, count: int):
        assert exposure_of([*BUSY, *booked(start)], as_of=WEDNESDAY).ahead.booked[0] == count

    def test_after_the_last_sign_only_what_is_not_over(self):
        last_sign, ends = at(4, 0, 12), WEDNESDAY
        for start, count in ((ends - timedelta(minutes=30), 0), (ends - timedelta(minutes=29), 1)):
            found = exposure_of([*BUSY, *booked(start)], as_of=WEDNESDAY, last_sign=last_sign)
            assert found.ahead.booked[0] == count


class TestWindow:
    def test_a_meeting_belongs_to_it_from_its_first_moment_to_before_its_last(self):
        first, last, next_ = one_to_one(at(0, 0, 0)), one_to_one(at(1, 6, 23)), one_to_one(at(2, 0, 0))
        found = exposure_of([first, last, next_], weeks=2)
        assert found.seen == found.counted == (first, last)

    def test_of_the_week_in_which_it_opens_it_has_what_comes_later(self):
        before, after = group(at(0, 1)), group(at(0, 3))
        frame = replace(frame_of(weeks=1), window=Window(at(0, 2, 0), at(1, 0, 0)))
        assert list(measure([before, after], frame).seen) == [after]

    def test_of_a_week_without_entries_no_participants_are_unknown(self):
        assert [week.unknown for week in exposure_of([group(at(0)), group(at(2))], weeks=3).weeks] == [0.0, 0.0, 0.0]

    def test_a_week_of_ones_own_entries_is_a_whole_one(self):
        found = exposure_of([group(at(0)), meeting(SOLO, at(1)), group(at(2))], weeks=3)
        assert [week.exposure for week in found.weeks] == [1.0, 1.0, 1.0]


class TestCount:
    def test_what_ends_now_was_held(self):
        as_of = at(2, 0, 10.5)
        for minutes, held in ((30, 1), (31, 0)):
            found = exposure_of([*weekly([1, 1]), one_to_one(at(2), minutes=minutes, as_of=as_of)], as_of=as_of)
            assert found.count.held == 2 + held

    def test_nothing_is_nothing(self):
        assert exposure_of([group(at(0))], weeks=1).count == Count(0, 0, {})

    def test_of_those_held_after_the_last_sign_none_counts(self):
        sign = at(3, 0, 0)
        since = [one_to_one(at(3, 1), "bo"), one_to_one(at(3, 2), "cy")]
        found = exposure_of([*weekly([1, 1, 1]), *since], weeks=4, last_sign=sign).count
        assert (found.held, found.counted, dict(found.others)) == (5, 3, {"after_last_sign": 2})

    def test_what_begins_with_the_last_sign_is_not_after_it(self):
        sign = at(3, 1)
        twice = [one_to_one(sign, "bo"), one_to_one(sign, "bo", minutes=20)]
        found = exposure_of([*weekly([1, 1, 1]), *twice], weeks=4, last_sign=sign).count
        assert (found.held, found.counted, dict(found.others)) == (5, 4, {"at_once": 1})


class TestNarrow:
    OPTIONS = RateOptions(recent_weeks=6, narrow_interactions=6, narrow_people=2.0)
    #: The newest weeks decide nothing by being empty.
    QUIET: ClassVar[list[list[str]]] = [[] for _ in range(NEWEST)]

    @pytest.mark.parametrize(
        ("people", "narrow"),
        [
            ("bbbbb", False),  # five are too few to tell
            ("bbbbbb", True),
            ("bbbccc", False),  # two as often: two people
            ("bbbbcc", True),
            ("bbbbcd", False),  # 36 / 18
            ("bbbbbcd", True),
        ],
    )
    def test_six_with_fewer_than_two_people(self, people: str, narrow: bool):
        assert is_narrow([list(people), *self.QUIET], self.OPTIONS) is narrow

    @pytest.mark.parametrize(("newest", "narrow"), [("ccc", True), ("cccccc", False)])
    def test_whom_they_met_in_the_newest_weeks_can_only_make_them_wider(self, newest: str, narrow: bool):
        """81 / 45 is fewer than two."""
        assert is_narrow([list("bbbbbb"), list(newest), [], [], []], self.OPTIONS) is narrow

    def test_as_long_as_they_are_recent_and_not_the_newest(self):
        weeks = [list("bbbbbb"), *([[]] * 7)]
        narrow = [NEWEST <= week < self.OPTIONS.recent_weeks for week in range(len(weeks))]
        assert narrow_weeks(weeks, self.OPTIONS) == narrow

    def test_the_effective_number_of_people(self):
        assert [effective_number(counts) for counts in ([], [3], [2, 2], [3, 1])] == [0.0, 1.0, 2.0, 1.6]
