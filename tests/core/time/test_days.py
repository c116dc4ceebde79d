"""Days, weeks and moments; pendulum is the oracle for what is computed without it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pendulum
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.time.days import (
    clock_moment,
    day_of,
    day_or_moment,
    in_utc,
    last_day_before,
    midnight,
    monday_of,
    week_days,
    week_of,
    weeks_before,
)

ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "Africa/Cairo",
    ]
)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@given(moments, ZONES)
def test_the_day_and_the_week_of_a_moment_are_pendulums(moment: datetime, zone: str):
    there = pendulum.instance(moment).in_timezone(zone)
    assert day_of(moment, zone) == there.date()
    assert monday_of(moment, zone) == there.start_of("week").date()


@given(days, ZONES)
def test_a_day_begins_where_pendulum_says(day: date, zone: str):
    assert midnight(day, zone) == pendulum.datetime(day.year, day.month, day.day, tz=zone)


@given(days, ZONES)
def test_a_day_ends_with_its_last_instant(day: date, zone: str):
    ends = midnight(day + timedelta(days=1), zone)
    assert last_day_before(midnight(day, zone), zone) < day or zone == "Pacific/Apia"  # which skipped 30 December 2011
    assert last_day_before(ends, zone) <= day
    assert day_of(ends, zone) > last_day_before(ends, zone)


def test_the_first_instant_of_a_day_is_of_that_day():
    day = date(2026, 3, 31)
    assert last_day_before(midnight(day, "Europe/Berlin") + timedelta(microseconds=1), "Europe/Berlin") == day


@given(days)
def test_a_week_is_seven_days_from_a_monday(day: date):
    week = week_days(week_of(day))
    assert (week[0].weekday(), len(week)) == (0, 7)
    assert day in week
    assert {one.isocalendar()[:2] for one in week} == {day.isocalendar()[:2]}


def test_minutes_past_midnight_run_on_into_the_next_day():
    assert clock_moment(date(2026, 3, 28), 26 * 60, "UTC") == datetime(2026, 3, 29, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("minutes", "shown"), [(59, "00:59"), (60, "01:00"), (1439, "23:59"), (1440, "00:00"), (1501, "01:01")]
)
def test_minutes_are_those_of_a_clock(minutes: int, shown: str):
    assert f"{clock_moment(date(2026, 1, 6), minutes, 'UTC'):%H:%M}" == shown


class TestWeeksBefore:
    @given(moments, st.integers(0, 30), ZONES)
    def test_clocks_show_the_same_unless_they_were_changed_just_then(self, moment: datetime, weeks: int, zone: str):
        before = weeks_before(moment, weeks, zone)
        now, then = (pendulum.instance(one).in_timezone(zone) for one in (moment, before))
        assert abs((now.naive() - then.naive()).total_seconds() - weeks * 7 * 86400) in {0, 1800, 3600, 86400}
        assert (type(before), before.tzinfo) == (datetime, UTC)

    def test_a_week_with_a_clock_change_is_an_hour_longer_or_shorter(self):
        monday = midnight(date(2026, 3, 30), "Europe/Berlin")
        assert weeks_before(monday, 1, "Europe/Berlin") == midnight(date(2026, 3, 23), "Europe/Berlin")
        assert monday - weeks_before(monday, 1, "Europe/Berlin") == timedelta(days=7, hours=-1)


class TestDayOrMoment:
    @pytest.mark.parametrize("text", ["2026-11-29", "20261129", "2026-W48-7", "2026W487", "2026-333", "2026/11/29"])
    def test_a_day_in_any_form_of_iso_8601(self, text: str):
        found = day_or_moment(text)
        assert (found, type(found)) == (date(2026, 11, 29), date)

    @pytest.mark.parametrize("text", ["2026-11-29T10:00+01:00", "2026-11-29 10:00:00+01:00", "20261129T090000Z"])
    def test_a_moment(self, text: str):
        found = day_or_moment(text)
        assert isinstance(found, datetime)
        assert type(found) is datetime
        assert found == datetime(2026, 11, 29, 9, tzinfo=UTC)

    def test_a_moment_without_an_offset_is_naive(self):
        assert day_or_moment("2026-11-29T10:00") == datetime(2026, 11, 29, 10)

    @pytest.mark.parametrize(
        "text", ["", "yesterday", "2026", "2026-11", "2026-W48", "10:00:00.0001", "2026-13-01", "2026-11-29/2026-12-01"]
    )
    def test_what_is_none(self, text: str):
        with pytest.raises(ValueError, match=r".+"):
            day_or_moment(text)


@pytest.mark.parametrize(
    "moment",
    [
        pendulum.datetime(2026, 11, 29, 10, 0, 0, 5, tz="Europe/Berlin"),
        datetime(2026, 11, 29, 14, 45, 0, 5, tzinfo=timezone(timedelta(hours=5, minutes=45))),
    ],
)
def test_in_utc_is_plain(moment: datetime):
    plain = in_utc(moment)
    assert plain == moment == datetime(2026, 11, 29, 9, 0, 0, 5, tzinfo=UTC)
    assert (type(plain), plain.tzinfo) == (datetime, UTC)
