"""Increments: what has changed since a state, and when a state is worth nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api_support import MONDAY, WINDOW
from calsight import CalendarEvent, Window
from calsight.errors import PermissionMissingError
from calsight_outlook import OutlookConnector
from fakes.graph import WORK, FakeGraph, refuse
from fakes.graph_items import ME, all_day, event, series, when
from fakes.server import Answer, Trouble
from outlook_support import BO, WEEKLY, Connect, fetch, found, taken


def starts(events: dict[str, CalendarEvent]) -> dict[str, datetime]:
    return {key: one.start for key, one in events.items()}


class TestIncrement:
    @pytest.fixture
    def connector(self, connect: Connect) -> OutlookConnector:
        return connect()

    def test_only_what_has_changed_is_asked_for(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.put(WORK, *(event(f"e{number}", MONDAY + timedelta(hours=number)) for number in range(6)))
        first = fetch(connector)
        graph.put(WORK, event("e1", MONDAY, subject="Changed"), event("new", MONDAY))
        graph.remove(WORK, "e2")
        second = fetch(connector, state=first[-1].state)
        assert all(page.increment for page in second)
        assert sum(len(page.events) for page in second) == 2
        kept = taken(second, taken(first))
        assert sorted(kept) == ["e0", "e1", "e3", "e4", "e5", "new"]
        assert kept["e1"].title == "Changed"

    def test_nothing_changed(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.put(WORK, WEEKLY)
        first = fetch(connector)
        graph.requests.clear()
        second = fetch(connector, state=first[-1].state)
        assert taken(second, taken(first)).keys() == taken(first).keys()
        assert len(graph.asked("/delta")) == 1

    def test_an_occurrence_that_was_deleted_goes_though_graph_says_nothing_of_it(
        self, graph: FakeGraph, connector: OutlookConnector
    ) -> None:
        graph.put(WORK, WEEKLY)
        first = fetch(connector)
        graph.delete_occurrence(WORK, "s.20260309T0900")
        kept = taken(fetch(connector, state=first[-1].state), taken(first))
        assert len(kept) == 5
        assert "s.20260309T0900" not in kept

    def test_an_occurrence_that_was_moved(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.put(WORK, WEEKLY)
        first = fetch(connector)
        moved = MONDAY + timedelta(weeks=1, days=2)
        graph.change_occurrence(WORK, "s.20260309T0900", start=when(moved), end=when(moved + timedelta(minutes=45)))
        kept = taken(fetch(connector, state=first[-1].state), taken(first))
        assert len(kept) == 6
        assert kept["s.20260309T0900"].start == moved
        assert all(one.attendees for one in kept.values())

    def test_a_series_that_was_shortened_renamed_and_deleted(
        self, graph: FakeGraph, connector: OutlookConnector
    ) -> None:
        graph.put(WORK, WEEKLY)
        pages = fetch(connector)
        kept = taken(pages)
        graph.put(WORK, series({**WEEKLY, "subject": "Fortnightly"}, "weekly monday", 3, interval=2))
        pages = fetch(connector, state=pages[-1].state)
        kept = taken(pages, kept)
        assert {(one.title, one.start) for one in kept.values()} == {
            ("Fortnightly", MONDAY),
            ("Fortnightly", MONDAY + timedelta(weeks=2)),
            ("Fortnightly", MONDAY + timedelta(weeks=4, hours=-1)),
        }
        graph.remove(WORK, "s")
        assert taken(fetch(connector, state=pages[-1].state), kept) == {}

    def test_a_single_event_becomes_a_series_and_back(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        single = event("s", MONDAY, 45, BO)
        graph.put(WORK, single)
        pages = fetch(connector)
        kept = taken(pages)
        for version in (series(single, "weekly monday", 3), single):
            graph.put(WORK, version)
            pages = fetch(connector, state=pages[-1].state)
            kept = taken(pages, kept)
            assert starts(kept) == starts(found(connector))

    def test_an_event_that_leaves_the_window_goes(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.put(WORK, event("a", MONDAY), event("b", MONDAY))
        pages = fetch(connector)
        graph.put(WORK, event("a", MONDAY + timedelta(weeks=8, hours=5)), event("b", MONDAY + timedelta(weeks=20)))
        assert taken(fetch(connector, state=pages[-1].state), taken(pages)) == {}

    def test_a_state_that_graph_has_forgotten_means_everything(
        self, graph: FakeGraph, connector: OutlookConnector
    ) -> None:
        graph.put(WORK, event("a", MONDAY), event("b", MONDAY))
        first = fetch(connector)
        graph.remove(WORK, "a")
        graph.expire_delta_tokens()
        second = fetch(connector, state=first[-1].state)
        assert not second[-1].increment
        assert list(taken(second, taken(first))) == ["b"]
        assert second[-1].state

    def test_a_state_is_good_for_its_window_calendar_and_account_only(
        self, graph: FakeGraph, connector: OutlookConnector, connect: Connect
    ) -> None:
        graph.add_calendar(ME, "other", "Other")
        graph.add_user("bo@example.com", "Bo", calendar="work-of-bo")
        state = fetch(connector)[-1].state
        (calendar,), (other,) = connector.calendars(""), connector.calendars("Other")
        wider = Window(WINDOW.start, WINDOW.end + timedelta(days=1))
        assert not list(connector.fetch(calendar, wider, state=state))[-1].increment
        assert not list(connector.fetch(other, WINDOW, state=state))[-1].increment
        bos = connect(access_token=graph.token("bo@example.com"))
        (his,) = bos.calendars("")
        assert not list(bos.fetch(replace(his, id="me/work-of-bo"), WINDOW, state=state))[-1].increment
        assert list(connector.fetch(calendar, WINDOW, state=state))[-1].increment

    def test_a_new_mailbox_zone_means_everything(
        self, graph: FakeGraph, connector: OutlookConnector, connect: Connect
    ) -> None:
        graph.put(WORK, all_day("day", "2026-03-10"))
        state = fetch(connector)[-1].state
        graph.users[ME].zone = graph.calendar().zone = "Tokyo Standard Time"
        (page, *_) = fetch(connect(), state=state)
        assert not page.increment
        assert page.events[0].start == datetime(2026, 3, 9, 15, tzinfo=UTC)

    @pytest.mark.parametrize("state", [b"", b"x", b"{}", b"[]", b'{"full": 3}'])
    def test_a_state_of_somebody_else_means_everything(self, connector: OutlookConnector, state: bytes) -> None:
        assert not fetch(connector, state=state)[-1].increment

    def test_once_a_week_everything_is_read_anew(self, connector: OutlookConnector) -> None:
        now = MONDAY
        connector._now = lambda: now
        state = fetch(connector)[-1].state
        now += timedelta(days=4)
        later = fetch(connector, state=state)[-1]
        assert later.increment
        now += timedelta(days=4)
        assert not fetch(connector, state=later.state)[-1].increment

    def test_without_a_cache_there_is_no_state(self, connect: Connect) -> None:
        assert fetch(connect(keeps=False))[-1].state is None

    def test_a_series_that_may_not_be_read_any_more_is_not_taken_for_gone(
        self, graph: FakeGraph, connector: OutlookConnector
    ) -> None:
        graph.put(WORK, WEEKLY)
        first = fetch(connector)
        graph.delete_occurrence(WORK, "s.20260309T0900")
        graph.trouble(refuse(403, "ErrorAccessDenied"), path="/instances")
        with pytest.raises(PermissionMissingError):
            fetch(connector, state=first[-1].state)

    def test_a_bare_exception_is_joined_too(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        bare = {
            "id": "s.x",
            "type": "exception",
            "seriesMasterId": "s",
            "start": when(MONDAY + timedelta(hours=2)),
            "end": when(MONDAY + timedelta(hours=3)),
        }
        answer = Answer.json({"value": [bare, WEEKLY], "@odata.deltaLink": f"{graph.url}/me/x"})
        graph.trouble(Trouble(answer), path="/delta")
        (one,) = found(connector).values()
        assert (one.title, one.start, len(one.attendees)) == ("Weekly", MONDAY + timedelta(hours=2), 1)

    def test_a_master_that_graph_did_not_send_along(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        """Occurrences come before their master, or without it."""
        graph.put(WORK, WEEKLY, event("a", MONDAY))
        whole = graph._delta

        def shuffled(request: Any, held: Any) -> Any:
            held.items = dict(reversed(held.items.items()))
            return whole(request, held)

        graph._delta = shuffled  # type: ignore[method-assign]
        graph.page_size = 1
        graph.without_masters = True
        events = found(connector)
        assert len(events) == 7
        assert {one.title for key, one in events.items() if key != "a"} == {"Weekly"}
        assert len(graph.asked("/events/s")) == 1
