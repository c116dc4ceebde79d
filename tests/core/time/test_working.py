"""Working hours, at their borders. (What they make of a week is in tests/core/rate/test_exposure.py.)"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from calsight.core.model.options import WorkingPeriod, WorkOptions
from calsight.core.time.intervals import length
from calsight.core.time.working import full_week, in_working_hours, usual_spans, working_spans

TUESDAY = date(2026, 1, 6)
HOUR = timedelta(hours=1)


def tuesday(*texts: str) -> WorkOptions:
    return WorkOptions(hours={"tuesday": texts})


def at(hour: int, minute: int = 0, day: date = TUESDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "works"), [(at(8, 59), False), (at(9), True), (at(16, 59), True), (at(17), False), (at(23), False)]
)
def test_working_hours_begin_with_their_first_minute_and_end_before_the_last(moment: datetime, works: bool):
    assert in_working_hours(moment, tuesday("09:00-17:00"), "UTC") is works


def test_a_night_shift_is_of_the_day_on_which_it_began():
    wednesday = TUESDAY + timedelta(days=1)
    nights = tuesday("22:00-06:00")
    assert in_working_hours(at(5, day=wednesday), nights, "UTC")
    assert not in_working_hours(at(5), nights, "UTC")
    assert not in_working_hours(at(5, day=wednesday + timedelta(days=1)), nights, "UTC")


@pytest.mark.parametrize(
    ("texts", "hours"),
    [
        (("09:30-12:15",), [(9.5, 12.25)]),
        (("00:00-24:00",), [(0, 24)]),
        (("22:00-00:00",), [(22, 24)]),
        (("22:00-00:30",), [(22, 24.5)]),
        (("09:00-09:00",), [(9, 33)]),  # a whole day
        (("23:59-24:00",), [(23 + 59 / 60, 24)]),
        (("09:00-12:00", "12:00-17:00"), [(9, 17)]),  # they touch
        (("09:00-12:00", "12:01-17:00"), [(9, 12), (12 + 1 / 60, 17)]),
        (("09:00-17:00", "10:00-11:00"), [(9, 17)]),
        (("06:00-07:00", "08:00-12:00", "11:00-13:00"), [(6, 7), (8, 13)]),
        (("06:00-07:00", "08:00-12:00", "09:00-10:00"), [(6, 7), (8, 12)]),
    ],
)
def test_the_hours_of_a_day(texts: tuple[str, ...], hours: list[tuple[float, float]]):
    midnight = at(0)
    wanted = [(midnight + start * HOUR, midnight + end * HOUR) for start, end in hours]
    assert working_spans(TUESDAY, tuesday(*texts), "UTC") == wanted


@pytest.mark.parametrize(
    "text", ["24:00-25:00", "24:00-06:00", "09:00-24:01", "-1:00-09:00", "09:00--1:00", "25:00-26:00"]
)
def test_hours_of_no_day(text: str):
    with pytest.raises(ValueError, match="working hours"):
        working_spans(TUESDAY, tuesday(text), "UTC")


def test_a_period_has_its_first_and_its_last_day():
    short = {"tuesday": ("09:00-10:00",)}
    for begin, end, hours in ((0, 0, 1), (-1, 0, 1), (0, 1, 1), (1, 2, 8), (-2, -1, 8)):
        period = WorkingPeriod(TUESDAY + begin * timedelta(days=1), TUESDAY + end * timedelta(days=1), short)
        options = WorkOptions(periods=(period,))
        assert length(usual_spans(TUESDAY, options, "UTC")) == hours * HOUR


def test_a_full_week_is_that_of_the_usual_hours_or_else_of_the_fullest_period():
    short, long = {"tuesday": ("09:00-10:00",)}, {"tuesday": ("09:00-17:00",), "friday": ("09:00-10:30",)}
    year = (date(2026, 1, 1), date(2026, 12, 31))
    periods = (WorkingPeriod(*year, short), WorkingPeriod(*year, long))
    assert full_week(WorkOptions(hours=short, periods=periods)) == HOUR
    assert full_week(WorkOptions(hours={}, periods=periods)) == 9.5 * HOUR
    assert full_week(WorkOptions(hours={})) == timedelta()
    assert full_week(WorkOptions()) == 40 * HOUR


def test_a_holiday_is_one_of_the_country_that_is_named():
    new_year = date(2026, 1, 1)
    assert working_spans(new_year, WorkOptions(country="GB", subdivision="ENG"), "UTC") == []
    assert length(working_spans(new_year, WorkOptions(), "UTC")) == 8 * HOUR
    second = date(2026, 1, 2)  # in Scotland only
    assert working_spans(second, WorkOptions(country="GB", subdivision="SCT"), "UTC") == []
    assert length(working_spans(second, WorkOptions(country="GB", subdivision="ENG"), "UTC")) == 8 * HOUR
