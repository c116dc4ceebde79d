"""When two people could meet."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.model.events import EventType, ShowAs, Status, Window
from calsight.core.model.meetings import Kind, Meeting
from calsight.core.model.options import WorkingPeriod, WorkOptions
from calsight.core.next.slots import busy_time, coming, free_slots
from calsight.testing import event, moment
from meeting_support import frame_of

HALF_HOUR = timedelta(minutes=30)
SHORT = timedelta(minutes=25)
#: Days before a clock change somewhere, and a quiet one.
DAYS = [date(2026, 3, 6), date(2026, 3, 27), date(2026, 4, 3), date(2026, 6, 1), date(2026, 10, 2), date(2026, 10, 23)]
ZONES = ["UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"]


def slots(day: str, *, length=SHORT, work=None, zone="UTC", their_zone=None, busy=()):
    start = moment(f"{day} 00:00")
    window = Window(start, start + timedelta(days=1))
    frame = frame_of(zone=zone, work=work or WorkOptions())
    free = free_slots(length, frame, their_zone=their_zone or zone, busy=busy, window=window)
    return [f"{slot[0].astimezone(ZoneInfo(zone)):%H:%M}" for slot in free]


def busy_with(**fields) -> Meeting:
    return Meeting(event("me", "bo", at="2026-06-01 10:00", **fields), Kind.UNKNOWN, "participants_unknown")


def test_a_free_day_offers_every_half_hour_but_lunch():
    assert slots("2026-06-01") == [f"{h:02d}:{m}" for h in (9, 10, 11, 13, 14, 15, 16) for m in ("00", "30")]


def test_fifty_minutes_end_before_lunch_and_before_the_evening():
    assert slots("2026-06-01", length=timedelta(minutes=50))[-1] == "16:00"
    assert "11:30" not in slots("2026-06-01", length=timedelta(minutes=50))


def test_busy_time_is_left_alone():
    busy = [(moment("2026-06-01 09:10"), moment("2026-06-01 16:10"))]
    assert slots("2026-06-01", busy=busy) == ["16:30"]


def test_weekends_and_days_off_offer_nothing():
    assert slots("2026-06-06") == []
    assert slots("2026-06-01", work=WorkOptions(days_off=(date(2026, 6, 1),))) == []
    assert slots("2026-12-25", work=WorkOptions(country="GB")) == []


def test_part_time_offers_what_there_is():
    work = WorkOptions(periods=(WorkingPeriod(hours={"monday": ("08:00-10:00",)}),))
    assert slots("2026-06-01", work=work) == ["09:00", "09:30"]  # the other one works from nine


def test_the_other_ones_zone_narrows_the_day():
    # Nine in New York is 15:00 in Berlin; its lunch is at 18:00 there.
    assert slots("2026-06-01", zone="Europe/Berlin", their_zone="America/New_York") == [
        "15:00",
        "15:30",
        "16:00",
        "16:30",
    ]


def test_where_no_hours_are_common_there_is_nothing():
    assert slots("2026-06-01", zone="Europe/Berlin", their_zone="Pacific/Auckland") == []


@pytest.mark.parametrize(
    "free",
    [
        busy_with(show_as=ShowAs.FREE),
        busy_with(show_as=ShowAs.WORKING_ELSEWHERE),
        busy_with(status=Status.CANCELLED),
        busy_with(event_type=EventType.WORKING_LOCATION),
        Meeting(event("me", "bo", at="2026-06-01 10:00"), Kind.EXCLUDED, "declined"),
    ],
)
def test_what_takes_no_time_is_not_busy(free):
    assert busy_time([free]) == []


@pytest.mark.parametrize(
    "taken",
    [
        busy_with(show_as=ShowAs.TENTATIVE),
        busy_with(show_as=ShowAs.OUT_OF_OFFICE),
        Meeting(event("me", at="2026-06-01 10:00"), Kind.SOLO, "alone"),
        Meeting(event("me", at="2026-06-01 10:00"), Kind.EXCLUDED, "all_day"),
        Meeting(event("me", at="2026-06-01 10:00"), Kind.ABSENCE, "out_of_office"),
        # Marked free, and yet the owner goes there.
        Meeting(
            event("me", "bo", at="2026-06-01 10:00", show_as=ShowAs.FREE), Kind.ONE_TO_ONE, "two_people", held=False
        ),
    ],
)
def test_everything_else_is_busy(taken):
    assert busy_time([taken]) == [(taken.start, taken.end)]


def test_the_coming_fortnight_begins_tomorrow_and_knows_the_clock_change():
    window = coming(frame_of(as_of=moment("2026-03-27 15:00"), zone="Europe/Berlin"), days=14)
    assert (window.start, window.end) == (moment("2026-03-27 23:00"), moment("2026-04-10 22:00"))


def test_a_days_end_belongs_to_that_day():
    assert coming(frame_of(as_of=moment("2026-06-02 00:00")), days=1).start == moment("2026-06-02 00:00")


spans = st.builds(lambda hours, minutes: (hours, minutes), st.integers(-24, 24 * 16), st.integers(5, 60 * 30))


@given(
    day=st.sampled_from(DAYS),
    zone=st.sampled_from(ZONES),
    their_zone=st.sampled_from(ZONES),
    minutes=st.sampled_from([25, 50]),
    taken=st.lists(spans, max_size=12),
)
def test_no_slot_is_ever_anywhere_it_should_not_be(day, zone, their_zone, minutes, taken):
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    frame = frame_of(as_of=noon, zone=zone)
    window = coming(frame, days=14)
    busy = [(noon + timedelta(hours=h), noon + timedelta(hours=h, minutes=m)) for h, m in taken]
    length = timedelta(minutes=minutes)
    found = list(free_slots(length, frame, their_zone=their_zone, busy=busy, window=window))
    for start, end in found:
        assert end - start == length
        assert window.start <= start
        assert end <= window.end
        assert not any(a < end and start < b for a, b in busy)
        assert start.astimezone(ZoneInfo(zone)).minute in {0, 30}
        for where in (zone, their_zone):
            first, last = (moment.astimezone(ZoneInfo(where)) for moment in (start, end))
            assert first.weekday() < 5
            assert (first.hour, first.minute) >= (9, 0)
            assert (last.hour, last.minute) <= (17, 0)
            assert first.date() == last.date()
            assert last.strftime("%H:%M") <= "12:00" or first.strftime("%H:%M") >= "13:00"
    assert all(one[0] < other[0] for one, other in pairwise(found))


def test_an_hour_fits_before_lunch_to_the_minute():
    hours = slots("2026-06-01", length=timedelta(hours=1))
    assert hours == [
        "09:00",
        "09:30",
        "10:00",
        "10:30",
        "11:00",
        "13:00",
        "13:30",
        "14:00",
        "14:30",
        "15:00",
        "15:30",
        "16:00",
    ]


def test_the_last_day_of_a_window_is_looked_at():
    frame = frame_of(zone="UTC")
    window = Window(moment("2026-06-01 00:00"), moment("2026-06-02 10:00"))
    found = list(free_slots(SHORT, frame, their_zone="UTC", busy=(), window=window))
    assert found[-1][0] == moment("2026-06-02 09:30")


def test_tomorrow_there_may_be_today_here():
    frame = frame_of(zone="Pacific/Honolulu")  # Monday's 10:00 is 09:00 of Tuesday in Auckland
    window = Window(moment("2026-01-05 10:00"), moment("2026-01-06 09:00"))
    found = list(free_slots(SHORT, frame, their_zone="Pacific/Auckland", busy=(), window=window))
    assert found[0][0] == moment("2026-01-05 20:00")
