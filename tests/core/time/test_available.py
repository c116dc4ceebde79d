"""The owner's own time: weeks of leave take none of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from calsight.core.model.options import WorkOptions
from calsight.core.time.available import AvailableTime, available_time

MONDAY = date(2026, 1, 5)
#: An ordinary week, then one with half of it away.
TWO_WEEKS = AvailableTime.of([MONDAY, MONDAY + timedelta(weeks=1)], [1.0, 0.5])


@pytest.mark.parametrize(
    ("day", "weeks"),
    [
        (-7, -1.0),
        (0, 0.0),
        (7, 1.0),
        (14, 1.5),
        (18, 1.5 + 4 / 7),
        (21, 2.5),  # after the last week time runs at full pace
        (28, 3.5),
    ],
)
def test_a_week_takes_the_share_of_it_that_is_the_owners(day: int, weeks: float):
    assert TWO_WEEKS.weeks(MONDAY + timedelta(days=day)) == pytest.approx(weeks)


def test_without_any_week_time_is_the_calendars():
    nothing = AvailableTime.of([], [])
    assert nothing.weeks(MONDAY + timedelta(weeks=3)) - nothing.weeks(MONDAY) == pytest.approx(3)


def test_the_week_of_the_last_day_counts_where_that_is_its_monday():
    found = available_time(MONDAY, MONDAY + timedelta(weeks=2), [], options=WorkOptions(), zone="UTC")
    assert found.mondays == tuple(MONDAY + timedelta(weeks=n) for n in range(3))
    assert found.shares == (1.0, 1.0, 1.0)


def test_a_day_of_leave_is_a_fifth_of_a_week_and_one_that_was_free_anyway_nothing():
    leave = [(datetime(2026, 1, day, tzinfo=UTC), datetime(2026, 1, day + 1, tzinfo=UTC)) for day in (6, 10)]
    found = available_time(MONDAY, MONDAY, leave, options=WorkOptions(), zone="UTC")
    assert found.shares == (pytest.approx(0.8),)


def test_a_week_of_which_nothing_is_known_takes_no_time():
    found = available_time(MONDAY, MONDAY, [], silent=[MONDAY], options=WorkOptions(), zone="UTC")
    assert found.shares == (0.0,)


def test_without_any_working_hours_every_week_is_whole():
    found = available_time(MONDAY, MONDAY, [], options=WorkOptions(hours={}), zone="UTC")
    assert found.shares == (1.0,)
