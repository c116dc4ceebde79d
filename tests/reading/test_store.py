"""The local store: what a reader gets is what the server holds, whatever happened in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from calsight.core.model.events import Calendar, PartStat, Problem, Window
from calsight.protocols import Page
from calsight.reading.store import SLACK, Store
from calsight.testing import attendee, event
from store_support import MARCH, MONDAY, WORK, Server, held, keys, meeting, read


def test_the_second_read_asks_for_changes_only(store: Store) -> None:
    server = Server(meeting("a"), meeting("b", 2), meeting("c", 3))
    assert keys(read(store, server)) == ["a", "b", "c"]
    server.put(meeting("b", 9, title="Moved"), meeting("d", 5))
    server.remove("a")
    assert [(one.key, one.title) for one in read(store, server)] == [("c", "Meeting"), ("d", "Meeting"), ("b", "Moved")]
    assert server.fetches == ["full", "increment"]


def test_an_event_comes_back_as_it_was(store: Store) -> None:
    one = event(
        "ana",
        "bo",
        at="2026-03-04 14:00",
        id="x",
        zone="Europe/Berlin",
        series="weekly",
        original_start=MONDAY,
        attendees=(attendee("ana", is_me=True), attendee("bo", partstat=PartStat.TENTATIVE, guests=2)),
        conference=("https://meet.example.com/x",),
        participants_hidden=True,
        created=MONDAY,
        updated=MONDAY,
    )
    (back,) = read(store, Server(one))
    assert back == replace(one, calendar=back.calendar)
    assert back.calendar == replace(WORK, last_sign=MONDAY + timedelta(seconds=1))
    assert {moment.tzinfo for moment in (back.start, back.end, back.created, back.calendar.last_sign) if moment} == {
        UTC
    }


def test_all_events_share_one_calendar(store: Store) -> None:
    events = read(store, Server(*(meeting(str(number), number % 20) for number in range(2500)), page_size=500))
    assert len(events) == 2500
    assert len({id(one.calendar) for one in events}) == 1


def test_a_refused_state_is_reconciled_not_deleted_first(store: Store) -> None:
    server = Server(meeting("a"), meeting("b", 2))
    read(store, server)
    server.put(meeting("c", 3))
    server.remove("a")
    server.expired = 1000
    seen: list[list[str]] = []
    server.before_page = lambda number: seen.append(held(store))
    assert keys(read(store, server)) == ["b", "c"]
    assert seen == [["a", "b"]]  # while pages arrived everybody else still saw the old fetch


def test_an_increment_that_becomes_a_full_fetch_is_a_full_fetch(store: Store) -> None:
    server = Server(meeting("a"), meeting("b", 2))
    read(store, server)

    class Changing(Server):
        def fetch(self, calendar: Calendar, window: Window, **rest: Any) -> Iterator[Page]:
            yield Page(events=[meeting("gone", 4)], increment=True, calendar=calendar)
            yield Page(events=[meeting("b", 2)], calendar=calendar)
            yield Page(events=[meeting("c", 3)], state=b"7", calendar=calendar)

    assert keys(read(store, Changing())) == ["b", "c"]


def test_a_series_goes_with_all_its_occurrences(store: Store) -> None:
    server = Server(*(meeting(f"s_{week}", 7 * week, series="s") for week in range(4)), meeting("a"))
    read(store, server)
    server.remove("s")
    assert keys(read(store, server)) == ["a"]


def test_what_is_removed_and_made_again_in_one_increment_stays(store: Store) -> None:
    server = Server(meeting("a"))
    read(store, server)
    server.remove("a")
    server.put(meeting("a", title="Again"))
    server.put(meeting("b"))
    server.remove("b")
    assert [(one.key, one.title) for one in read(store, server)] == [("a", "Again")]


def test_what_moves_out_of_the_window_is_gone(store: Store) -> None:
    server = Server(meeting("a"), meeting("b"))
    read(store, server)
    server.put(meeting("a", 400), meeting("b", -400))
    assert read(store, server) == []
    assert held(store) == []


def test_a_window_that_moves_on_a_little_needs_no_full_fetch(store: Store) -> None:
    server = Server(meeting("a"))
    read(store, server)
    later = Window(MARCH.start + timedelta(weeks=1), MARCH.end + timedelta(weeks=1))
    server.put(meeting("late", 30))
    assert keys(read(store, server, later)) == ["late"]
    assert server.fetches == ["full", "increment"]
    assert server.windows[0] == server.windows[1] == Window(MARCH.start, MARCH.end + SLACK)


def test_a_wider_window_is_read_in_full(store: Store) -> None:
    server = Server(meeting("early", -10), meeting("a"))
    assert keys(read(store, server)) == ["a"]
    wider = Window(MARCH.start - timedelta(weeks=4), MARCH.end)
    assert keys(read(store, server, wider)) == ["early", "a"]
    assert keys(read(store, server)) == ["a"]
    assert server.fetches == ["full", "full", "increment"]


def test_an_event_that_runs_into_the_window_belongs_to_it(store: Store) -> None:
    before = replace(meeting("night", -0.01), end=MONDAY + timedelta(hours=1))
    assert keys(read(store, Server(before, meeting("old", -2)))) == ["night"]


def test_problems_stay_until_their_entry_is_mended(store: Store) -> None:
    server = Server(meeting("a"))
    server.problems = [Problem("bad_entry", "No start.", "Work", uid="b@example.com")]
    problems = lambda: [one for page in store.read("server", server, WORK, MARCH) for one in page.problems]  # noqa: E731
    assert problems() == server.problems
    server.problems, kept = [], server.problems
    assert problems() == kept
    server.put(meeting("b"))
    assert problems() == []


def test_calendars_and_connectors_do_not_mix(store: Store) -> None:
    one, two = Server(meeting("a")), Server(meeting("b"))
    assert keys(read(store, one, name="one")) == ["a"]
    assert keys(read(store, two, name="two")) == ["b"]
    assert keys(read(store, one, name="one")) == ["a"]


@pytest.mark.parametrize(
    ("pages", "message"),
    [
        ([], "without a single page"),
        ([Page(increment=True, state=b"1")], "no state was given"),
        ([Page(state=None), Page(increment=True, state=b"1")], "cannot become an increment"),
    ],
)
def test_a_connector_that_breaks_the_rules_is_told(store: Store, pages: list[Page], message: str) -> None:
    class Broken(Server):
        def fetch(self, calendar: Calendar, window: Window, **rest: Any) -> Iterator[Page]:
            yield from pages

    with pytest.raises(ValueError, match=message):
        read(store, Broken())
