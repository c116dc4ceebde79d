"""Which days are meant by --weeks, --as-of, --from and --to."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pendulum
import pytest
import tzlocal
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.model.events import Calendar
from calsight.errors import UsageError
from calsight.reading.sources import CalendarReading
from calsight.reading.window import owner_zone, span_of
from calsight.testing import event

NOW = datetime(2026, 6, 17, 14, 30, tzinfo=UTC)  # a Wednesday
BERLIN = "Europe/Berlin"


def span(**fields):
    given_ = {"weeks": None, "as_of": None, "start": None, "end": None, "zone": BERLIN, "now": NOW}
    return span_of(**{**given_, **fields})


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_by_default_the_window_begins_on_the_monday_26_weeks_before_this_week_and_ends_now():
    found = span()

    assert found.window.start == utc("2025-12-14 23:00")  # Monday 15 December in Berlin
    assert found.window.end == found.as_of == NOW


def test_a_date_as_of_is_that_days_end_in_the_owners_zone():
    assert span(as_of=date(2026, 6, 14)).as_of == utc("2026-06-14 22:00")


@pytest.mark.parametrize(
    "as_of",
    ["2026-06-14", "20260614", "2026-W24-7", pendulum.date(2026, 6, 14), "2026-06-15T00:00+02:00",
     pendulum.datetime(2026, 6, 15, tz=BERLIN), datetime(2026, 6, 15, tzinfo=ZoneInfo(BERLIN))],
)  # fmt: skip
def test_a_day_or_moment_may_be_a_text_or_pendulums(as_of):
    found = span(as_of=as_of)
    assert found.as_of == utc("2026-06-14 22:00")
    assert type(found.as_of) is datetime


def test_as_of_a_sunday_counts_back_from_that_sundays_week():
    assert span(as_of=date(2026, 6, 14), weeks=1).window.start == utc("2026-05-31 22:00")


def test_from_begins_at_midnight_and_to_includes_its_day():
    found = span(start=date(2026, 3, 1), end=date(2026, 3, 31))

    assert found.window.start == utc("2026-02-28 23:00")
    assert found.window.end == utc("2026-03-31 22:00")  # the clocks changed in between
    assert found.as_of == found.window.end


def test_a_window_that_reaches_into_the_future_is_judged_now():
    assert span(start=date(2026, 6, 1), end=date(2026, 7, 31)).as_of == NOW


def test_an_end_without_a_start_counts_weeks_back_from_it():
    assert span(end=date(2026, 3, 31), weeks=4).window.start == utc("2026-03-01 23:00")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"start": date(2026, 3, 2), "end": date(2026, 3, 1)}, "--from .2026-03-02. is after --to .2026-03-01."),
        ({"start": date(2027, 3, 2)}, "is after the day of the report"),
        ({"start": date(2026, 3, 2), "weeks": 4}, "either --weeks or --from"),
        ({"weeks": 0}, "between 1 and"),
        ({"weeks": "26"}, "between 1 and 2600, not .26."),
        ({"as_of": datetime(2026, 3, 2)}, "--as-of needs a time zone"),
        ({"as_of": "2026-03-02T10:00"}, "--as-of needs a time zone"),
        ({"start": "last week"}, "--from is no day: 'last week'"),
        ({"end": "2026-03"}, "--to is no day: '2026-03'"),
        ({"as_of": 20260302}, "--as-of is no day: 20260302"),
    ],
)
def test_what_makes_no_sense_is_said(fields, sentence):
    with pytest.raises(UsageError, match=sentence):
        span(**fields)


@given(
    as_of=st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC)),
    weeks=st.integers(1, 60),
    zone=st.sampled_from([BERLIN, "America/Santiago", "Asia/Beirut", "Pacific/Apia", "UTC"]),
)
def test_the_window_always_begins_on_a_local_monday_and_holds_at_least_the_weeks_asked_for(as_of, weeks, zone):
    found = span(as_of=as_of, weeks=weeks, zone=zone)

    local = found.window.start.astimezone(ZoneInfo(zone))
    assert local.weekday() == 0
    # Midnight, but for the days on which a zone skips it; half a day for Apia, which skipped a whole one.
    assert local.hour <= 1
    assert timedelta(weeks=weeks) - timedelta(days=1.1) <= found.window.end - found.window.start
    assert found.window.end - found.window.start <= timedelta(weeks=weeks + 1, days=1.1)


def reading(zone, count):
    calendar = Calendar(name=zone, zone=zone)
    events = tuple(event("ana", "bo", calendar=calendar) for _ in range(count))
    return CalendarReading("x", calendar, events, ())


def test_the_owners_zone_is_the_one_asked_for_else_that_of_most_events():
    both = [reading(BERLIN, 1), reading("Asia/Tokyo", 5)]

    assert owner_zone("America/New_York", both) == "America/New_York"
    assert owner_zone("", both) == "Asia/Tokyo"


def test_a_calendars_made_up_zone_is_not_believed():
    assert owner_zone("", [reading("Customized Time Zone", 9), reading(BERLIN, 1)]) == BERLIN


def test_where_no_calendar_names_one_it_is_the_systems():
    code = "from calsight.reading.window import owner_zone; print(owner_zone('', []))"
    environ = os.environ | {"TZ": "Asia/Tokyo"}
    told = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, check=True, text=True)
    assert told.stdout.strip() == "Asia/Tokyo"


@pytest.mark.parametrize("told", [None, "Mars/Olympus_Mons", ZoneInfoNotFoundError("two files, two zones")])
def test_a_system_that_does_not_know_its_zone_is_in_utc(monkeypatch, told):
    def asked():
        if isinstance(told, Exception):
            raise told
        return told

    monkeypatch.setattr(tzlocal, "get_localzone_name", asked)
    assert owner_zone("", []) == "UTC"


def test_a_zone_that_does_not_exist_is_an_error_that_shows_a_right_one():
    with pytest.raises(UsageError, match=r"Unknown time zone 'Berlin'.*Europe/Berlin"):
        owner_zone("Berlin", ())
