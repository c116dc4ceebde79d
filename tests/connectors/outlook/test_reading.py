"""Reading: which calendars there are, full fetches, increments, other people's mailboxes, free/busy."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from api_support import MONDAY, WINDOW, Waits
from calsight import Calendar, CalendarEvent, PartStat, Window
from calsight.errors import CancelledError, PayloadInvalidError, PermissionMissingError, UsageError
from calsight.protocols import ConnectorContext, Page, Progress
from calsight_outlook import OutlookConnector
from calsight_outlook.graph import Session
from calsight_outlook.translate import SELECT
from fakes.graph import READ, WORK, FakeGraph, refuse
from fakes.graph_items import ME, all_day, event, guest, series, when, who
from fakes.login import CLIENT, TENANT, FakeLogin
from fakes.server import Answer, Trouble
from outlook_support import BO, taken

Connect = Callable[..., OutlookConnector]
FROM_BO = who("bo@example.com", "Bo")
WEEKLY = series(event("s", MONDAY, 45, guest(ME, "Ana"), organizer=FROM_BO, subject="Weekly"), "weekly monday", 6)


def fetch(connector: OutlookConnector, reference: str = "", **more: Any) -> list[Page]:
    (calendar,) = connector.calendars(reference)
    return list(connector.fetch(calendar, WINDOW, **more))


def found(connector: OutlookConnector, reference: str = "") -> dict[str, CalendarEvent]:
    return taken(fetch(connector, reference))


def starts(events: dict[str, CalendarEvent]) -> dict[str, datetime]:
    return {key: one.start for key, one in events.items()}


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


class TestOtherMailboxes:
    def test_one_that_is_shared(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        bo = graph.add_user("bo@example.com", "Bo", "Tokyo Standard Time", calendar="bos")
        bo.shared_with.add(ME)
        graph.add_calendar("bo@example.com", "bos2", "Side")
        graph.put("bos", all_day("day", "2026-03-10"))
        (calendar,) = connector.calendars("bo@example.com")
        assert calendar.owner == ("bo@example.com",)
        (day,) = found(connector, "bo@example.com").values()
        assert day.zone == "Asia/Tokyo"
        assert connector.calendars("bo@example.com/Side")[0].id == "bo@example.com/bos2"

    def test_one_that_is_not(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.add_user("bo@example.com", "Bo")
        with pytest.raises(PermissionMissingError, match="they can share it in Outlook"):
            connector.calendars("bo@example.com")
        with pytest.raises(PermissionMissingError, match="cannot find the calendar of that mailbox"):
            connector.calendars("nobody@example.com")


class TestWhoseItIs:
    def test_an_application_that_may_ask_knows_the_other_addresses_of_a_mailbox(
        self, graph: FakeGraph, connect: Connect, login: FakeLogin
    ) -> None:
        graph.users[ME].profile = {"proxyAddresses": ["SMTP:ana@example.com", "smtp:a.novak@example.com", "x500:/o=x"]}
        login.mailboxes = (ME,)
        application = {"client_id": CLIENT, "client_secrets": login.secret, "access_token": ""}
        authority = f"https://login.microsoftonline.com/{TENANT}"
        connector = connect(login=login, authority=authority, **application)
        assert connector.calendars(ME)[0].owner == (ME,)
        login.scopes = READ | {"User.Read.All"}
        assert connect(login=login, authority=authority, **application).calendars(ME)[0].owner == (
            ME,
            "a.novak@example.com",
        )

    @pytest.mark.parametrize("purpose", ["shared", "room", "equipment"])
    def test_the_mailbox_of_a_team_or_a_room_is_nobody_s(
        self, graph: FakeGraph, connect: Connect, purpose: str
    ) -> None:
        """So whoever reads it is asked who they are."""
        graph.add_user("team@example.com", "Team", shared_with={ME}, purpose=purpose)
        connector = connect(access_token=graph.token(scopes=READ | {"MailboxSettings.Read"}))
        (calendar,) = connector.calendars("team@example.com")
        *_, last = connector.fetch(calendar, WINDOW)
        assert last.calendar is not None
        assert (last.calendar.owner, last.calendar.owner_name) == ((), "")

    def test_a_person_s_is_theirs(self, graph: FakeGraph, connect: Connect) -> None:
        graph.add_user("bo@example.com", "Bo", shared_with={ME})
        connector = connect(access_token=graph.token(scopes=READ | {"MailboxSettings.Read"}))
        *_, last = connector.fetch(connector.calendars("bo@example.com")[0], WINDOW)
        assert last.calendar is not None
        assert last.calendar.owner == ("bo@example.com",)


class TestFreeBusy:
    def test_busy_spans_of_those_who_may_be_asked(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.add_user("bo@example.com", "Bo", calendar="bos")
        graph.put("bos", event("a", MONDAY, 30), event("b", MONDAY + timedelta(hours=1), showAs="free"))
        graph.put("bos", event("c", MONDAY + timedelta(days=70), 60, showAs="tentative"))
        window = Window(MONDAY + timedelta(minutes=10), MONDAY + timedelta(days=100))
        busy = connector.free_busy(["Bo@example.com".lower(), "nobody@example.com"], window)
        third = MONDAY + timedelta(days=70)
        assert busy == {
            "bo@example.com": [
                Window(window.start, MONDAY + timedelta(minutes=30)),
                Window(third, third + timedelta(hours=1)),
            ],
            "nobody@example.com": None,
        }

    def test_many_people_are_asked_in_portions(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        people = [f"p{number}@example.com" for number in range(45)]
        for person in people:
            graph.add_user(person, person)
        assert connector.free_busy(people, WINDOW) == {person: [] for person in people}
        assert len(graph.asked("getSchedule")) == 3

    @pytest.mark.parametrize("items", [[{"status": "busy"}], ["x"], [{"start": 3, "end": 4}], 3])
    def test_what_makes_no_sense_is_unknown(self, graph: FakeGraph, connector: OutlookConnector, items: Any) -> None:
        answer = Answer.json({"value": [{"scheduleId": "bo@example.com", "scheduleItems": items}]})
        graph.trouble(Trouble(answer), path="/getSchedule")
        assert connector.free_busy(["bo@example.com"], WINDOW) == {"bo@example.com": None}

    def test_a_personal_account_may_not_ask(self, graph: FakeGraph, connector: OutlookConnector) -> None:
        graph.users[ME].personal = True
        assert connector.free_busy(["bo@example.com"], WINDOW) == {"bo@example.com": None}


def test_an_application_names_its_mailbox(graph: FakeGraph, tmp_path: Path, waits: Waits) -> None:
    settings = {"api_endpoint": graph.url, "client_id": "c", "client_secrets": "s"}
    connector = OutlookConnector(ConnectorContext(settings), policy=waits.policy)
    with pytest.raises(UsageError, match="outlook:ADDRESS"):
        connector.calendars("")


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
