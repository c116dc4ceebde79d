"""Exposure: the weeks in which one could have met."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calsight.core.model.events import Window
from calsight.core.model.meetings import Kind, Meeting, Scope
from calsight.core.model.options import WorkingPeriod, WorkOptions
from calsight.core.rate.exposure import Exposure, measure
from calsight.core.time.intervals import length
from calsight.core.time.working import working_spans
from meeting_support import MONDAY, SOLO, UNKNOWN, at, away, exposure_of, frame_of, group, meeting, one_to_one, weekly

HOUR = timedelta(hours=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


class TestWorkingSpans:
    def test_nine_to_five_on_weekdays(self):
        assert working_spans(date(2026, 3, 2), WorkOptions(), "UTC") == [(utc(2026, 3, 2, 9), utc(2026, 3, 2, 17))]
        assert working_spans(date(2026, 3, 7), WorkOptions(), "UTC") == []

    def test_clocks_change_between_friday_and_monday(self):
        friday, monday = date(2026, 3, 27), date(2026, 3, 30)
        assert working_spans(friday, WorkOptions(), "Europe/Berlin") == [(utc(2026, 3, 27, 8), utc(2026, 3, 27, 16))]
        assert working_spans(monday, WorkOptions(), "Europe/Berlin") == [(utc(2026, 3, 30, 7), utc(2026, 3, 30, 15))]

    def test_a_night_shift_runs_into_the_next_day_and_loses_the_hour_that_the_clocks_skip(self):
        nights = WorkOptions(hours={"saturday": ("22:00-06:00",)})
        spans = working_spans(date(2026, 3, 28), nights, "Europe/Berlin")
        assert spans == [(utc(2026, 3, 28, 21), utc(2026, 3, 29, 4))]
        assert length(spans) == 7 * HOUR

    def test_several_spans_a_day_are_kept_and_overlapping_ones_joined(self):
        split = WorkOptions(hours={"monday": ("13:30-17:00", "09:00-12:30"), "tuesday": ("09:00-13:00", "12:00-24:00")})
        assert length(working_spans(date(2026, 3, 2), split, "UTC")) == 7 * HOUR
        assert working_spans(date(2026, 3, 3), split, "UTC") == [(utc(2026, 3, 3, 9), utc(2026, 3, 4))]

    def test_the_last_period_that_fits_a_day_wins(self):
        half = WorkingPeriod(date(2026, 1, 1), date(2026, 6, 30), {"monday": ("09:00-13:00",)})
        none = WorkingPeriod(date(2026, 3, 1), date(2026, 3, 31), {})
        options = WorkOptions(periods=(half, none))
        assert length(working_spans(date(2026, 2, 2), options, "UTC")) == 4 * HOUR
        assert working_spans(date(2026, 3, 2), options, "UTC") == []
        assert length(working_spans(date(2026, 7, 6), options, "UTC")) == 8 * HOUR

    def test_public_holidays_depend_on_country_and_subdivision(self):
        epiphany = date(2026, 1, 6)
        assert working_spans(epiphany, WorkOptions(country="DE", subdivision="BY"), "UTC") == []
        assert working_spans(epiphany, WorkOptions(country="DE"), "UTC") != []
        assert working_spans(epiphany, WorkOptions(days_off=(epiphany,)), "UTC") == []

    @pytest.mark.parametrize(
        ("options", "named"),
        [
            (WorkOptions(country="XX"), "XX"),
            (WorkOptions(country="DE", subdivision="ZZ"), "DE, ZZ"),
            (WorkOptions(hours={"tuesday": ("9 to 5",)}), "9 to 5"),
            (WorkOptions(hours={"tuesday": ("09:00-25:00",)}), "09:00-25:00"),
        ],
    )
    def test_what_makes_no_sense_is_named(self, options: WorkOptions, named: str):
        with pytest.raises(ValueError, match=named):
            working_spans(date(2026, 1, 6), options, "UTC")


class TestWeeks:
    def test_a_full_week_is_one(self):
        exposure = exposure_of(weekly([1, 2]), weeks=2)
        assert [week.exposure for week in exposure.weeks] == [1.0, 1.0]
        assert [week.one_to_ones for week in exposure.weeks] == [1, 2]
        assert [week.week for week in exposure.weeks] == [date(2026, 1, 5), date(2026, 1, 12)]
        assert exposure.total == 2.0

    def test_it_begins_in_the_first_week_that_involves_others(self):
        exposure = exposure_of([meeting(SOLO, at(0)), group(at(2, 3))], weeks=3)
        assert [week.exposure for week in exposure.weeks] == [0.0, 0.0, 1.0]
        assert exposure.first == date(2026, 1, 19)
        assert exposure.silent_weeks == 0  # the week before the first is not silent, it does not count

    def test_unknown_participants_begin_it_too(self):
        exposure = exposure_of([meeting(UNKNOWN, at(1)), group(at(2))], weeks=3)
        assert exposure.first == date(2026, 1, 12)

    def test_nobody_at_all(self):
        exposure = exposure_of([meeting(SOLO, at(0))], weeks=3)
        assert exposure.first is None
        assert exposure.total == 0.0

    def test_the_current_week_counts_up_to_as_of(self):
        wednesday_noon = at(1, 2, 13)
        exposure = exposure_of(weekly([1, 1]), as_of=wednesday_noon)
        assert [week.exposure for week in exposure.weeks] == pytest.approx([1.0, 0.5])

    def test_as_of_on_monday_midnight_opens_no_new_week(self):
        assert len(exposure_of(weekly([1]), as_of=at(1, 0, 0)).weeks) == 1

    def test_a_week_without_a_single_entry_is_silent(self):
        exposure = exposure_of([group(at(0)), group(at(2))], weeks=3)
        assert [week.exposure for week in exposure.weeks] == [1.0, 0.0, 1.0]
        assert [week.silent for week in exposure.weeks] == [False, True, False]
        assert exposure.silent_weeks == 1

    def test_markers_that_calendars_write_by_themselves_do_not_break_the_silence(self):
        birthday = meeting(Kind.EXCLUDED, at(1), reason="marker")
        assert exposure_of([group(at(0)), birthday, group(at(2))], weeks=3).silent_weeks == 1
        declined = meeting(Kind.EXCLUDED, at(1), reason="declined")
        assert exposure_of([group(at(0)), declined, group(at(2))], weeks=3).silent_weeks == 1

    @pytest.mark.parametrize(("minutes", "silent"), [(0, [4]), (1, [])])
    def test_one_entry_over_several_weeks_stands_in_each_of_them(self, minutes: int, silent: list[int]):
        """A project from Wednesday of the second week to the end of the fourth, or into the fifth."""
        project = meeting(SOLO, at(1, 2, 0), minutes=19 * 24 * 60 + minutes)
        found = exposure_of([group(at(0)), project, group(at(5))], weeks=6)
        assert [week for week, facts in enumerate(found.weeks) if facts.silent] == silent

    def test_an_entry_still_to_come_breaks_the_silence_of_the_current_week(self):
        tuesday = at(1, 1, 0)
        planned = group(at(1, 3), as_of=tuesday)
        assert exposure_of([group(at(0)), planned], as_of=tuesday).weeks[-1].exposure == pytest.approx(0.2)
        assert exposure_of([group(at(0))], as_of=tuesday).weeks[-1].exposure == 0.0

    def test_unknown_participants_shrink_a_week(self):
        exposure = exposure_of([group(at(0)), *(meeting(UNKNOWN, at(0, 1, 9 + n)) for n in range(3))], weeks=1)
        assert exposure.weeks[0].exposure == pytest.approx(0.25)
        assert exposure.weeks[0].working == 1.0
        assert (exposure.known, exposure.unknown) == (1, 3)

    def test_a_sunday_evening_belongs_to_the_owners_week(self):
        sunday_evening_in_new_york = at(1, 0, 2)  # already Monday in UTC
        meetings = [group(at(0, 2)), one_to_one(sunday_evening_in_new_york), group(at(1, 2))]
        new_york = exposure_of(meetings, as_of=at(1, 4, 0), zone="America/New_York")
        counted = {week.week: week.one_to_ones for week in new_york.weeks}
        assert counted[date(2026, 1, 5)] == 1
        assert counted[date(2026, 1, 12)] == 0

    def test_part_time_is_a_share_of_the_full_week(self):
        half = WorkingPeriod(
            date(2026, 1, 12), date(2026, 1, 18), {"monday": ("09:00-17:00",), "friday": ("09:00-13:00",)}
        )
        exposure = exposure_of(weekly([1, 1]), weeks=2, work=WorkOptions(periods=(half,)))
        assert [week.exposure for week in exposure.weeks] == pytest.approx([1.0, 0.3])

    def test_longer_hours_than_usual_are_still_one_week(self):
        long = WorkingPeriod(
            date(2026, 1, 5), date(2026, 1, 11), {"monday": ("00:00-24:00",), "sunday": ("00:00-24:00",)}
        )
        assert exposure_of(weekly([1]), weeks=1, work=WorkOptions(periods=(long,))).weeks[0].exposure == 1.0

    def test_shifts_that_stand_in_periods_only(self):
        early = WorkingPeriod(
            date(2026, 1, 5), date(2026, 1, 11), {"monday": ("06:00-14:00",), "tuesday": ("06:00-14:00",)}
        )
        late = WorkingPeriod(date(2026, 1, 12), date(2026, 1, 18), {"monday": ("14:00-22:00",)})
        exposure = exposure_of(weekly([1, 1]), weeks=2, work=WorkOptions(hours={}, periods=(early, late)))
        assert [week.exposure for week in exposure.weeks] == pytest.approx([1.0, 0.5])

    def test_no_working_hours_at_all(self):
        exposure = exposure_of(weekly([1]), weeks=1, work=WorkOptions(hours={}))
        assert exposure.total == 0.0
        assert exposure.silent_weeks == 0


class TestAbsence:
    def test_leave_holiday_and_part_week_are_taken_out_once(self):
        # New Year's Day 2026 is a Thursday; leave runs from Wednesday to Friday, twice entered; seen on Friday noon.
        start = datetime(2025, 12, 29, tzinfo=UTC)
        leave = away(start + timedelta(days=2), start + timedelta(days=5))
        again = away(start + timedelta(days=3), start + timedelta(days=4))
        as_of = start + timedelta(days=4, hours=13)
        frame = replace(frame_of(as_of=as_of, work=WorkOptions(country="DE")), window=Window(start, as_of))
        exposure = measure([group(start + timedelta(hours=10)), leave, again], frame)
        (week,) = exposure.weeks
        assert week.exposure == pytest.approx(2 / 5)
        assert week.absence == pytest.approx(2.5 / 5)  # Wednesday, Thursday and half of Friday, each once
        assert exposure.absence_weeks == pytest.approx(0.5)
        assert week.hours[Kind.ABSENCE] == pytest.approx(12.0)  # without the holiday, which was free anyhow

    def test_a_whole_week_of_leave_is_not_silent(self):
        exposure = exposure_of([group(at(0)), away(at(1, 0, 0), at(2, 0, 0)), group(at(2))], weeks=3)
        assert [week.exposure for week in exposure.weeks] == [1.0, 0.0, 1.0]
        assert exposure.silent_weeks == 0
        assert exposure.absence_weeks == 1.0

    def test_a_week_of_leave_from_longer_hours_than_usual_is_one(self):
        long = WorkingPeriod(
            date(2026, 1, 12), date(2026, 1, 18), {"monday": ("00:00-24:00",), "friday": ("00:00-24:00",)}
        )
        meetings = [group(at(0)), away(at(1, 0, 0), at(2, 0, 0)), group(at(2))]
        assert exposure_of(meetings, weeks=3, work=WorkOptions(periods=(long,))).weeks[1].absence == 1.0

    def test_leave_at_night_and_at_weekends_takes_nothing(self):
        exposure = exposure_of([group(at(0)), away(at(0, 4, 17), at(0, 6, 24))], weeks=1)
        assert exposure.total == 1.0

    @given(
        st.lists(
            st.tuples(st.integers(0, 14 * 24), st.integers(1, 24 * 5)).map(
                lambda pair: (MONDAY + pair[0] * HOUR, MONDAY + sum(pair) * HOUR)
            ),
            max_size=6,
        ),
        st.lists(st.integers(0, 13).map(lambda day: date(2026, 1, 5) + timedelta(days=day)), max_size=4),
        st.integers(1, 14 * 24),
    )
    def test_time_there_and_time_away_make_up_the_time_that_passed(self, leaves, days_off, hours):
        as_of = MONDAY + hours * HOUR
        meetings = [group(at(0)), group(at(1)), *(away(a, b) for a, b in leaves)]
        options = WorkOptions(days_off=tuple(days_off))
        exposure = exposure_of(meetings, as_of=as_of, work=options)
        if exposure.first is None:
            return
        for week in exposure.weeks:
            monday = datetime.combine(week.week, datetime.min.time(), UTC)
            passed = sum(
                1 for hour in range(7 * 24) if hour // 24 < 5 and 9 <= hour % 24 < 17 and monday + hour * HOUR < as_of
            )
            assert 0 <= week.working <= 1
            assert 0 <= week.absence <= 1
            assert week.working + week.absence == pytest.approx(passed / 40)


class TestEnd:
    def test_an_export_that_ends_early_is_exposed_up_to_its_last_sign(self):
        exposure = exposure_of(weekly([1] * 26), last_sign=at(18, 0, 0))
        assert exposure.total == 18.0
        assert exposure.silent_weeks == 0
        assert len(exposure.counted) == 18  # what the series promise for later was not seen to happen

    def test_the_meeting_that_is_itself_the_last_sign_counts(self):
        meetings = [group(at(0)), one_to_one(at(1, 1))]
        exposure = exposure_of(meetings, weeks=8, last_sign=at(1, 1))
        assert len(exposure.counted) == 1

    def test_a_last_sign_in_the_future_changes_nothing(self):
        meetings = weekly([1] * 4)
        assert exposure_of(meetings, weeks=4, last_sign=at(90)) == exposure_of(meetings, weeks=4)


def odd():
    """Lengths whose hours are no round floats."""
    return [group(at(3, day, 14), minutes=minutes) for day, minutes in enumerate((7, 11, 13, 20, 50))]


class TestCounting:
    def test_what_counts(self):
        meetings = [
            group(at(0)),
            one_to_one(at(0, 1)),
            one_to_one(at(0, 2), scope=Scope.PERSONAL),
            one_to_one(at(0, 3), held=False),
            one_to_one(at(-1, 3)),  # before the window
            one_to_one(at(3)),  # after it
        ]
        exposure = exposure_of(meetings, weeks=1)
        assert [m.start for m in exposure.counted] == [at(0, 1)]

    def test_hours_by_kind(self):
        meetings = [group(at(0), minutes=90), one_to_one(at(0, 1)), one_to_one(at(0, 4, 23), minutes=45)]
        (week,) = exposure_of(meetings, weeks=1).weeks
        assert week.hours == {Kind.GROUP: 1.5, Kind.ONE_TO_ONE: 1.25}

    @settings(max_examples=50)
    @given(st.permutations([*weekly([0, 2, 1, 3]), away(at(1), at(1, 3)), meeting(UNKNOWN, at(2, 3)), *odd()]))
    def test_the_order_of_meetings_does_not_matter(self, shuffled):
        assert exposure_of(shuffled, weeks=4) == exposure_of(sorted(shuffled, key=lambda m: m.start), weeks=4)


class TestWithoutTheNewest:
    """As it were without the one-to-ones of some of the newest weeks, where they alone show that the owner was there."""

    ALONE: ClassVar[list[Meeting]] = [one_to_one(at(9, 1)), one_to_one(at(11, 1))]

    @staticmethod
    def silent(found: Exposure, what: str = "silent") -> list[int]:
        return [week for week, facts in enumerate(found.weeks) if getattr(facts, what)]

    def test_each_of_them_and_all_together_are_left_out(self):
        unknown = meeting(UNKNOWN, at(3, 2))
        found = exposure_of([*(group(at(week)) for week in range(8)), unknown, *self.ALONE], weeks=12)
        assert self.silent(found) == [8, 10]
        assert list(map(self.silent, found.without)) == [[8, 9, 10], [8, 10, 11], [8, 9, 10, 11]]
        assert all(each.weeks[:9] == found.weeks[:9] for each in found.without)
        assert [week.exposure for week in found.without[-1].weeks] == [1, 1, 1, 0.5, 1, 1, 1, 1, 0, 0, 0, 0]

    def test_where_an_entry_of_ones_own_stands_they_are_asked_about(self):
        usual = [group(at(week, day)) for week in range(8) for day in range(3)]
        found = exposure_of([*usual, meeting(SOLO, at(9, 0)), *self.ALONE], weeks=12)
        asked = [(self.silent(each, "asked"), each.stretches) for each in found.without]
        ninth = ([9], (((MONDAY + 9 * timedelta(weeks=1)).date(),),))
        assert asked == [ninth, ([], ()), ninth]

    @pytest.mark.parametrize(("week", "ways"), [(7, 0), (8, 1)])
    def test_four_weeks_are_the_newest(self, week: int, ways: int):
        found = exposure_of([*(group(at(n)) for n in range(12) if n != week), one_to_one(at(week, 1))], weeks=12)
        assert len(found.without) == ways
