"""Hours by weekday and hour of the day."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.model.meetings import Kind, Meeting
from calsight.core.picture.heat import TIMED, heat
from calsight.testing import event


def held(kind: Kind, at: str | datetime, minutes: float = 30) -> Meeting:
    return Meeting(event("ana", "bo", at=at, minutes=minutes), kind, "two_people", held=True)


def test_an_hour_belongs_to_the_clock_that_the_owner_saw():
    # 2026-03-04 was a Wednesday; 08:30 UTC is 09:30 in Berlin.
    [cell] = heat([held(Kind.ONE_TO_ONE, "2026-03-04 08:30")], "Europe/Berlin")
    assert (cell.weekday, cell.hour, cell.one_to_one) == (3, 9, 0.5)


def test_a_meeting_is_cut_where_the_clock_strikes():
    cells = heat([held(Kind.GROUP, "2026-03-04 08:45", minutes=90)], "UTC")
    assert [(cell.hour, cell.group) for cell in cells] == [(8, 0.25), (9, 1.0), (10, 0.25)]


def test_a_night_runs_into_the_next_day():
    cells = heat([held(Kind.SOLO, "2026-03-08 23:30", minutes=60)], "UTC")
    assert [(cell.weekday, cell.hour) for cell in cells] == [(1, 0), (7, 23)]


def test_absences_and_unknown_take_no_place():
    assert heat([held(Kind.ABSENCE, "2026-03-04 08:30"), held(Kind.UNKNOWN, "2026-03-04 08:30")], "UTC") == []


@given(
    spans=st.lists(
        st.tuples(
            st.sampled_from(TIMED),
            # Around the clock changes of both hemispheres, and any other day.
            st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC)),
            st.integers(1, 60 * 30),
        ),
        max_size=8,
    ),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"]),
)
def test_no_hour_is_lost_or_counted_twice(spans, zone):
    cells = heat([held(kind, at, minutes) for kind, at, minutes in spans], zone)
    for kind in TIMED:
        expected = sum((timedelta(minutes=m) for k, _, m in spans if k is kind), timedelta()) / timedelta(hours=1)
        assert sum(getattr(cell, kind) for cell in cells) == pytest.approx(expected, abs=0.01)
