"""Times as services write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.kit.times import local, midnight, stamp, utc, utc_text, zone_named

moments = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.timezones())


@given(moments)
def test_a_moment_comes_back_as_it_was(moment: datetime) -> None:
    assert utc(utc_text(moment)) == moment.astimezone(UTC)
    assert utc_text(moment).endswith("+00:00")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T10:00:00+01:00", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-03-02T09:00:00Z", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-03-02T09:00:00.0000000Z", datetime(2026, 3, 2, 9, tzinfo=UTC)),
        ("2026-03-02T09:00:00", None),
        ("0000-12-30T00:00:00Z", None),
        ("0001-01-01T00:00:00Z", None),
        ("0001-01-01T00:00:00+05:00", None),
        ("yesterday", None),
        ("", None),
        (None, None),
    ],
)
def test_stamps_that_say_nothing_are_unknown(text: str | None, moment: datetime | None) -> None:
    assert stamp(text) == moment


def test_a_time_without_an_offset_is_of_its_zone() -> None:
    assert local("2026-07-01T10:00:00", ZoneInfo("Europe/Berlin")) == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert local("2026-07-01T10:00:00", None) == datetime(2026, 7, 1, 10, tzinfo=UTC)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc/passwd", "Europe", "a\0b"])
def test_what_names_no_zone_is_none(name: str) -> None:
    assert zone_named(name) is None


@given(st.dates(date(2012, 1, 1), date(2050, 1, 1)), st.timezones())
def test_a_day_begins_when_its_date_begins(day: date, zone: ZoneInfo) -> None:
    begins = midnight(day, zone)
    assert begins.astimezone(zone).date() == day
    assert (begins - timedelta(seconds=1)).astimezone(zone).date() < day
