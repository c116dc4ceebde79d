"""What is read of real servers: which calendars, whose, and what is in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from api_support import MONDAY, WINDOW
from caldav_homes import Home, Real
from caldav_support import day, entry, series, task
from calsight import CalendarEvent
from calsight.errors import NotSignedInError, PermissionMissingError
from calsight_caldav import CaldavConnector

Connect = Callable[..., CaldavConnector]


def events(connector: CaldavConnector, reference: str = "") -> list[CalendarEvent]:
    found = [
        event
        for calendar in connector.calendars(reference)
        for page in connector.fetch(calendar, WINDOW)
        for event in page.events
    ]
    return sorted(found, key=lambda event: event.start)


def test_what_recurs_is_expanded_here_with_what_was_moved_and_left_out(home: Home, connect: Connect) -> None:
    work = home.make("work")
    home.put(work, "s.ics", series("s", moved=2, gone=4))
    home.put(work, "one.ics", entry("one", MONDAY + timedelta(days=1, hours=3)))
    home.put(work, "day.ics", day("day"))
    home.put(work, "late.ics", entry("late", MONDAY + timedelta(days=400)))
    found = events(connect(), "work")
    starts = [MONDAY + timedelta(weeks=week, days=week == 2) for week in (0, 1, 2, 3, 5)]
    assert [event.start for event in found if event.uid == "s"] == starts
    assert {event.uid for event in found} == {"s", "one", "day"}
    (retreat,) = [event for event in found if event.all_day]
    assert retreat.start == datetime.fromisoformat("2026-03-09T23:00Z")
    (one,) = [event for event in found if event.uid == "one"]
    assert [attendee.address for attendee in one.attendees] == ["ana@example.com", "bo@example.com"]
    assert one.calendar.producer == "caldav"


def test_days_are_those_of_the_calendars_own_zone(real: Real, home: Home, connect: Connect) -> None:
    """Those that keep no zone, or cannot read it (Xandikos): of one's own."""
    work = home.make("work", zone="America/New_York" if real.name != "xandikos" else "")
    home.put(work, "day.ics", day("day"))
    (retreat,) = events(connect(), "work")
    zone, midnight = ("America/New_York", "10T04:00") if real.keeps_zone else ("Europe/Berlin", "09T23:00")
    assert (retreat.zone, retreat.start.isoformat()) == (zone, f"2026-03-{midnight}:00+00:00")


def test_tasks_are_passed_over(real: Real, home: Home, connect: Connect) -> None:
    if real.keeps_kinds:
        tasks = home.make("tasks", kind="VTODO")
        home.put(tasks, "t.ics", task("t"))
    work = home.make("work")
    home.put(work, "one.ics", entry("one"))
    connector = connect()
    assert "tasks" not in {calendar.name for calendar in connector.calendars("")}
    assert [event.uid for event in events(connector, "work")] == ["one"]


def test_all_of_ones_own_or_one_by_its_name_or_address(home: Home, connect: Connect) -> None:
    work, private = home.make("work", title="My work"), home.make("private")
    home.put(work, "a.ics", entry("a"))
    home.put(private, "b.ics", entry("b", MONDAY + timedelta(hours=1)))
    connector = connect()
    assert {"a", "b"} <= {event.uid for event in events(connector)}
    for reference in ("My work", "my WORK", "work", work):
        assert [event.uid for event in events(connector, reference)] == ["a"], reference
    with pytest.raises(PermissionMissingError, match="no calendar 'holidays'"):
        connector.calendars("holidays")


def test_whose_calendars_these_are(real: Real, home: Home, connect: Connect) -> None:
    home.make("work")
    (calendar,) = connect().calendars("work")
    expected = home.user if "@" in home.user else f"{home.user}@example.com"
    assert calendar.owner == ((expected,) if real.knows_addresses or "@" in home.user else ())


def test_a_wrong_password_is_a_sentence(home: Home, connect: Connect) -> None:
    with pytest.raises(NotSignedInError, match=r"does not accept this user and password.*calsight connect caldav"):
        connect(password="wrong").calendars("")


def test_a_path_where_nothing_is(home: Home, connect: Connect) -> None:
    from calsight.errors import CalsightError

    with pytest.raises(CalsightError) as caught:
        connect(server=f"{home.url}no/such/place/").calendars("")
    assert str(caught.value).endswith((".", "ADDRESS"))
