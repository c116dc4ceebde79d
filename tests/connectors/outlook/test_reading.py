"""Reading: which calendars there are, and full fetches."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from api_support import MONDAY, WINDOW, Waits
from calsight import Calendar, PartStat, Window
from calsight.errors import CancelledError, PayloadInvalidError, PermissionMissingError, UsageError
from calsight.protocols import ConnectorContext, Progress
from calsight_outlook import OutlookConnector
from calsight_outlook.graph import Session
from calsight_outlook.translate import SELECT
from fakes.graph import READ, WORK, FakeGraph
from fakes.graph_items import ME, all_day, event, when
from fakes.server import Answer, Trouble
from outlook_support import BO, FROM_BO, WEEKLY, Connect, fetch, found, taken


class TestCalendars:
    def test_ones_own_is_the_default(self, connector: OutlookConnector) -> None:
        (calendar,) = connector.calendars("")
        assert (calendar.id, calendar.name, calendar.owner, calendar.producer) == (
            "me/work",
            "Calendar",
            (ME,),
            "graph",
        )
        assert calendar.organizer_listed is False
        assert connector.calendars("primary") == [calendar]

    def test_others_by_id_or_name(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.add_calendar(ME, "abc/d+=", "Project X")
        for reference in ("abc/d+=", "project x"):
            (calendar,) = connector.calendars(reference)
            assert calendar.id == "me/abc/d+="

    def test_an_id_with_odd_signs_is_read(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.add_calendar(ME, "abc/d+=", "Project X")
        graph.put("abc/d+=", event("a", MONDAY))
        assert list(found(connector, "Project X")) == ["a"]

    def test_two_of_one_name_must_be_told_apart(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        for number in (1, 2):
            graph.add_calendar(ME, f"x{number}", "Team")
        with pytest.raises(UsageError, match="2 calendars"):
            connector.calendars("Team")

    def test_an_unknown_name_is_said(self, connector: OutlookConnector) -> None:
        with pytest.raises(PermissionMissingError, match=r"no calendar 'Nope' \(it lists 1\)"):
            connector.calendars("Nope")

    def test_a_calendar_that_somebody_shared_is_theirs(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.add_calendar(ME, "bos", "Bo's", owner={"name": "Bo", "address": "bo@example.com"})
        (calendar,) = connector.calendars("Bo's")
        assert (calendar.owner, calendar.owner_name) == (("bo@example.com",), "Bo")

    def test_the_owner_has_all_the_users_addresses(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        """A personal account's calendar may name its owner by an address that nobody uses."""
        graph.users[ME].profile = {
            "userPrincipalName": "ana@corp.example",
            "otherMails": ["ana@home.example"],
            "proxyAddresses": ["SMTP:ana@example.com", "smtp:ana.novak@example.com", "X500:/o=corp"],
        }
        entry = graph.calendar().entry
        entry["owner"] = {"name": "Ana", "address": "outlook_0123@outlook.com"}
        (calendar,) = connector.calendars("")
        assert calendar.owner == (
            "ana@example.com",
            "ana@corp.example",
            "ana.novak@example.com",
            "ana@home.example",
            "outlook_0123@outlook.com",
        )

    def test_without_user_read_the_calendar_says_whose_it_is(self, graph: FakeGraph, connect: Connect) -> None:
        connector = connect(access_token=graph.token(scopes=frozenset({"Calendars.Read"})))
        assert connector.calendars("")[0].owner == (ME,)


class TestFullFetch:
    def test_graph_expands_and_what_touches_the_window_is_kept(
        self, graph: FakeGraph, connector: OutlookConnector
    ) -> None:
        graph.put(WORK, event("before", MONDAY - timedelta(hours=10), 59), event("a", MONDAY, 30, BO), WEEKLY)
        graph.put(WORK, event("far", MONDAY + timedelta(weeks=9)))
        events = found(connector)
        weeks = [MONDAY + timedelta(weeks=number) for number in range(6)]
        summer = [moment - timedelta(hours=1) if number > 3 else moment for number, moment in enumerate(weeks)]
        assert sorted(one.start for key, one in events.items() if key != "a") == summer
        assert all(one.series == "s" and one.uid == "s@outlook" for key, one in events.items() if key != "a")

    def test_occurrences_have_their_people_and_what_was_changed(
        self, graph: FakeGraph, connector: OutlookConnector
    ) -> None:
        graph.put(WORK, WEEKLY)
        moved = MONDAY + timedelta(weeks=1, days=2)
        graph.change_occurrence(WORK, "s.20260309T0900", start=when(moved), end=when(moved + timedelta(minutes=45)))
        graph.change_occurrence(
            WORK, "s.20260316T0900", responseStatus={"response": "declined", "time": "2026-03-01T00:00:00Z"}
        )
        graph.delete_occurrence(WORK, "s.20260323T0900")
        events = found(connector)
        assert len(events) == 5
        assert {one.organizer.name for one in events.values() if one.organizer} == {"Bo"}
        assert events["s.20260309T0900"].start == moved
        assert events["s.20260309T0900"].original_start == MONDAY + timedelta(weeks=1)
        declined = [key for key, one in events.items() if one.attendees[0].partstat is PartStat.DECLINED]
        assert declined == ["s.20260316T0900"]

    def test_all_day_events_are_in_the_mailboxs_zone(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        """The connector's own zone is New York; the mailbox's working hours are Berlin's."""
        graph.put(WORK, all_day("day", "2026-03-10"))
        (day,) = found(connector).values()
        assert (day.start, day.zone) == (datetime(2026, 3, 9, 23, tzinfo=UTC), "Europe/Berlin")
        assert day.calendar.zone == "Europe/Berlin"

    def test_an_all_day_event_at_the_edge_is_not_lost(self, graph: FakeGraph, connect: Connect) -> None:
        """It is stored in the mailbox's zone and asked for in UTC."""
        graph.users[ME].zone = graph.calendar().zone = "Tonga Standard Time"
        connector = connect()
        graph.put(WORK, all_day("day", "2026-03-10"))
        (calendar,) = connector.calendars("")
        window = Window(datetime(2026, 3, 9, 11, tzinfo=UTC), datetime(2026, 3, 9, 12, tzinfo=UTC))
        assert list(taken(list(connector.fetch(calendar, window)))) == ["day"]

    def test_the_zone_is_as_set_where_the_token_allows_to_ask(self, graph: FakeGraph, connect: Connect) -> None:
        graph.users[ME].zone = "AUS Eastern Standard Time"
        graph.put(WORK, event("a", MONDAY))
        connector = connect(access_token=graph.token(scopes=READ | {"MailboxSettings.Read"}))
        assert found(connector)["a"].calendar.zone == "Australia/Sydney"
        assert not graph.asked("getSchedule")

    def test_a_personal_account_does_not_tell_its_zone(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.users[ME].personal = True
        graph.put(WORK, all_day("day", "2026-03-10"))
        (day,) = found(connector).values()
        assert (day.calendar.zone, day.zone) == ("", "America/New_York")

    def test_the_fetch_is_a_sign_of_life(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        connector._now = lambda: MONDAY
        assert fetch(connector)[-1].calendar.last_sign == MONDAY  # type: ignore[union-attr]

    def test_pages_are_counted(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.page_size = 2
        graph.put(WORK, *(event(f"e{number}", MONDAY + timedelta(hours=number)) for number in range(5)))
        seen: list[Progress] = []
        fetch(connector, progress=seen.append)
        assert [progress.done for progress in seen][:3] == [2, 4, 5]
        assert {progress.unit for progress in seen} == {"events"}

    def test_an_empty_calendar_is_a_page(self, connector: OutlookConnector) -> None:
        assert taken(fetch(connector)) == {}

    def test_only_what_is_used_is_asked_for(self, graph: FakeGraph, connect: Connect) -> None:
        graph.put(WORK, event("a", MONDAY))
        fetch(connect(keeps=False))
        (request,) = graph.asked("/calendarView")
        assert request.query["$select"] == SELECT

    def test_times_ids_and_texts_are_asked_for_as_they_are_used(
        self, graph: FakeGraph, connector: OutlookConnector
    ) -> None:
        graph.put(WORK, event("a", MONDAY))
        assert list(found(connector)) == ["a"]  # without IdType="ImmutableId" the fake gives other ids
        for request in graph.requests:
            assert 'outlook.timezone="UTC"' in request.headers["prefer"]
            assert 'outlook.body-content-type="text"' in request.headers["prefer"]

    def test_cancel_is_seen_between_pages(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.page_size = 2
        graph.put(WORK, *(event(f"e{number}", MONDAY + timedelta(hours=number)) for number in range(6)))
        (calendar,) = connector.calendars("")
        cancel = threading.Event()
        pages = connector.fetch(calendar, WINDOW, cancel=cancel)
        next(pages)
        cancel.set()
        with pytest.raises(CancelledError):
            list(pages)

    def test_threads_may_fetch_at_once_four_requests_at_most(self, graph: FakeGraph, waits: Waits) -> None:
        graph.page_size = 4
        graph.put(WORK, *(event(f"e{number}", MONDAY + timedelta(hours=number)) for number in range(40)))
        lock, together, at_once, most = threading.Lock(), threading.Barrier(4, timeout=20), 0, 0
        waiting = iter(range(4))

        class Counting(Session):
            def request(self, *arguments: Any, **options: Any) -> requests.Response:
                nonlocal at_once, most
                with lock:
                    at_once += 1
                    most = max(most, at_once)
                    first = next(waiting, None) is not None
                if first:
                    together.wait()  # until there are four
                try:
                    return super().request(*arguments, **options)
                finally:
                    with lock:
                        at_once -= 1

        settings = {"api_endpoint": graph.url, "access_token": graph.token()}
        connector = OutlookConnector(ConnectorContext(settings), policy=waits.policy, session=Counting)
        results: list[list[str]] = []
        calendar = Calendar(id="me/work", name="Calendar")
        threads = [
            threading.Thread(target=lambda: results.append(sorted(taken(list(connector.fetch(calendar, WINDOW))))))
            for _ in range(9)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert results == [sorted(f"e{number}" for number in range(40))] * 9
        assert most == 4
        assert graph.most_at_once <= 4


class TestPrivate:
    def test_private_events_of_others_hide_who_takes_part(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        owner = {"name": "Bo", "address": "bo@example.com"}
        graph.add_calendar(ME, "bos", "Bo's", owner=owner, canViewPrivateItems=False)
        graph.put(
            "bos", event("a", MONDAY, organizer=FROM_BO, sensitivity="private"), event("b", MONDAY, organizer=FROM_BO)
        )
        events = found(connector, "Bo's")
        assert {key: one.participants_hidden for key, one in events.items()} == {"a": True, "b": False}


@pytest.mark.parametrize("body", [{}, {"value": None}, {"value": {"a": 1}}])
def test_an_answer_without_events_is_not_an_empty_calendar(
    graph: FakeGraph, connector: OutlookConnector, body: Any
) -> None:
    graph.put(WORK, event("a", MONDAY))
    (calendar,) = connector.calendars("")
    for path in ("/delta", "/calendarView"):
        graph.trouble(Trouble(Answer.json(body)), path=path)
    with pytest.raises(PayloadInvalidError, match="not what was asked for"):
        list(connector.fetch(calendar, WINDOW))
