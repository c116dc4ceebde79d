"""Reading calendars: which, what of them, and what has changed since the last time. All over real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from api_support import MONDAY, Waits
from calsight import Calendar, CalendarEvent, Window
from calsight.errors import CancelledError, PermissionMissingError, SourceError, UsageError
from calsight.protocols import ConnectorContext, Page, Progress
from calsight_google import GoogleConnector
from calsight_google.translate import FIELDS
from fakes.google import FakeGoogle
from fakes.google_api import parse_mask
from fakes.google_items import item, occurrences, person
from google_support import ANA, BO, ME

Connect = Callable[..., GoogleConnector]


def events(pages: Sequence[Page]) -> list[CalendarEvent]:
    return [event for page in pages for event in page.events]


def keys(pages: Sequence[Page]) -> list[str]:
    return sorted(event.key for event in events(pages))


def removed(pages: Sequence[Page]) -> list[str]:
    return sorted(key for page in pages for key in page.removed)


def fetch(connector: GoogleConnector, window: Window, state: bytes | None = None) -> list[Page]:
    (calendar,) = connector.calendars("")
    return list(connector.fetch(calendar, window, state=state))


class TestCalendars:
    def test_ones_own_is_the_default(self, connector: GoogleConnector) -> None:
        (own,) = connector.calendars("")
        assert own == Calendar(
            id=ME, name=ME, zone="Europe/Berlin", owner=(ME,), organizer_listed=True, producer="google"
        )
        assert connector.calendars("primary") == connector.calendars("PRIMARY") == [own]

    def test_others_by_id_or_by_the_name_that_either_gave_them(
        self, google: FakeGoogle, connector: GoogleConnector
    ) -> None:
        team = "team@group.calendar.google.com"
        google.add_calendar(team, summary="Team", summaryOverride="My team", timeZone="Europe/Paris")
        for reference in (team, team.upper(), "team", "MY TEAM", " My team "):
            (found,) = connector.calendars(reference)
            assert (found.id, found.name, found.zone) == (team, "My team", "Europe/Paris")

    def test_two_of_one_name_must_be_told_apart(self, google: FakeGoogle, connector: GoogleConnector) -> None:
        google.add_calendar("one@group.calendar.google.com", summary="Team")
        google.add_calendar("two@group.calendar.google.com", summary="Team")
        with pytest.raises(UsageError, match=r"2 calendars .* are called 'Team'"):
            connector.calendars("Team")

    def test_an_unknown_name_is_said(self, connector: GoogleConnector) -> None:
        with pytest.raises(PermissionMissingError, match="no calendar 'Gardening'"):
            connector.calendars("Gardening")

    def test_an_address_need_not_be_listed(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window
    ) -> None:
        (bos,) = connector.calendars("bo@example.com")
        assert bos.owner == ("bo@example.com",)
        with pytest.raises(PermissionMissingError, match="cannot find this calendar, or it is not shared"):
            list(connector.fetch(bos, window))

    @pytest.mark.parametrize(
        ("identity", "entry", "owner"),
        [
            ("bo@example.com", {"accessRole": "reader"}, ("bo@example.com",)),
            ("c1@group.calendar.google.com", {"accessRole": "owner"}, (ME,)),
            ("c2@group.calendar.google.com", {"accessRole": "owner", "dataOwner": "bo@example.com"}, ()),
            ("c3@group.calendar.google.com", {"accessRole": "reader"}, ()),
            ("de.german#holiday@group.v.calendar.google.com", {"accessRole": "reader"}, ()),
        ],
    )
    def test_whose_it_is(
        self,
        google: FakeGoogle,
        connector: GoogleConnector,
        identity: str,
        entry: dict[str, str],
        owner: tuple[str, ...],
    ) -> None:
        google.add_calendar(identity, summary="Name", **entry)
        assert connector.calendars(identity)[0].owner == owner

    def test_an_account_without_a_calendar_of_its_own(self, google: FakeGoogle, connector: GoogleConnector) -> None:
        google._calendars.clear()
        with pytest.raises(SourceError, match="no calendar of its own"):
            connector.calendars("")

    def test_they_are_asked_for_once(self, google: FakeGoogle, connector: GoogleConnector, window: Window) -> None:
        fetch(connector, window)
        fetch(connector, window)
        assert len(google.asked("/calendarList")) == 1


class TestFullFetch:
    def test_google_expands_and_cuts_to_the_window(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window
    ) -> None:
        google.put(ME, *occurrences(item("s", MONDAY - timedelta(weeks=3), 45, ANA, BO), "FREQ=WEEKLY;COUNT=20"))
        found = events(fetch(connector, window))
        assert len(found) == 8
        assert {event.series for event in found} == {"s"}
        assert {event.uid for event in found} == {"s@google.com"}
        (asked,) = google.asked("/events")
        assert asked.query == {
            "alt": "json",
            "singleEvents": "true",
            "maxResults": "2500",
            "fields": FIELDS,
            "timeMin": "2026-03-02T00:00:00+00:00",
            "timeMax": "2026-04-27T09:00:00+00:00",
        }

    def test_nothing_that_is_not_used_is_asked_for(self) -> None:
        assert "summary" in parse_mask(FIELDS)["items"]
        assert {"htmlLink", "attachments", "creator", "extendedProperties"}.isdisjoint(parse_mask(FIELDS)["items"])

    def test_pages_are_counted(self, google: FakeGoogle, connector: GoogleConnector, window: Window) -> None:
        google.page_size = 2
        google.put(ME, *(item(f"e{day}", MONDAY + timedelta(days=day), 30, ANA, BO) for day in range(5)))
        seen: list[Progress] = []
        (calendar,) = connector.calendars("")
        pages = list(connector.fetch(calendar, window, progress=seen.append))
        assert [(one.done, one.pages, one.unit) for one in seen] == [
            (2, 1, "events"),
            (4, 2, "events"),
            (5, 3, "events"),
        ]
        assert [page.state is None for page in pages] == [True, True, False]
        assert len({id(event.calendar) for event in events(pages)}) == 1

    def test_an_empty_calendar_is_one_page(self, connector: GoogleConnector, window: Window) -> None:
        (page,) = fetch(connector, window)
        assert page.events == []
        assert page.state
        assert page.calendar is not None

    def test_new_entries_during_the_paging_do_not_disturb_it(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window
    ) -> None:
        google.page_size = 1
        google.put(ME, item("a", MONDAY), item("b", MONDAY))
        (calendar,) = connector.calendars("")
        pages = connector.fetch(calendar, window)
        first = next(pages)
        google.put(ME, item("c", MONDAY))
        rest = list(pages)
        assert keys([first, *rest]) == ["a", "b"]
        assert keys(fetch(connector, window, rest[-1].state)) == ["c"]

    def test_the_fetch_is_a_sign_of_life(self, connector: GoogleConnector, window: Window) -> None:
        connector._now = lambda: MONDAY + timedelta(microseconds=7)
        (page,) = fetch(connector, window)
        assert page.calendar is not None
        assert page.calendar.last_sign == MONDAY

    def test_the_same_page_again_and_again_is_an_error(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window
    ) -> None:
        google.page_size = 1
        google.put(ME, item("a", MONDAY), item("b", MONDAY), item("c", MONDAY))
        (calendar,) = connector.calendars("")
        pages = connector.fetch(calendar, window)
        next(pages)
        (token,) = google._pages
        identity, items, _, position, query = google._pages[token]
        google._pages[token] = (identity, items, 0, position, query)
        secrets_made = iter([token, token])
        google.new_page_token = lambda: next(secrets_made)
        with pytest.raises(SourceError, match="same page twice"):
            list(pages)

    def test_cancel_is_seen_between_pages(self, google: FakeGoogle, connector: GoogleConnector, window: Window) -> None:
        google.page_size = 1
        google.put(ME, item("a", MONDAY), item("b", MONDAY))
        cancel = threading.Event()
        (calendar,) = connector.calendars("")
        pages = connector.fetch(calendar, window, cancel=cancel)
        next(pages)
        cancel.set()
        with pytest.raises(CancelledError):
            next(pages)
        assert len(google.asked("/events")) == 1


class TestIncrement:
    def test_only_what_has_changed_is_asked_for(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window
    ) -> None:
        google.put(ME, item("a", MONDAY), item("b", MONDAY), item("c", MONDAY))
        state = fetch(connector, window)[-1].state
        google.put(ME, item("b", MONDAY + timedelta(days=1), summary="Moved"), item("d", MONDAY))
        google.remove(ME, "c")
        pages = fetch(connector, window, state)
        assert all(page.increment for page in pages)
        assert keys(pages) == ["b", "d"]
        assert removed(pages) == ["c"]
        query = google.asked("/events")[-1].query
        assert {"timeMin", "timeMax"}.isdisjoint(query)
        assert query["syncToken"]
        assert query["fields"] == FIELDS
        assert fetch(connector, window, pages[-1].state)[0].events == []

    def test_a_cancelled_occurrence_goes_alone(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window
    ) -> None:
        google.put(ME, *(weekly := occurrences(item("s", MONDAY, 30, ANA, BO), "FREQ=WEEKLY;COUNT=3")))
        state = fetch(connector, window)[-1].state
        google.remove(ME, weekly[1]["id"])
        assert removed(fetch(connector, window, state)) == ["s_20260309T090000Z"]

    def test_a_deleted_series_goes_whole_though_google_tells_some_occurrences_only(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window
    ) -> None:
        google.put(ME, *occurrences(item("s", MONDAY, 30, ANA, BO), "FREQ=WEEKLY;COUNT=6"))
        state = fetch(connector, window)[-1].state
        google.remove_series(ME, "s", tell=2)
        assert removed(fetch(connector, window, state)) == ["s", "s_20260302T090000Z", "s_20260309T090000Z"]

    def test_a_state_that_google_has_forgotten_means_everything(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window
    ) -> None:
        google.put(ME, item("a", MONDAY), item("b", MONDAY))
        state = fetch(connector, window)[-1].state
        google.remove(ME, "a")
        google.expire_sync_tokens()
        pages = fetch(connector, window, state)
        assert not any(page.increment for page in pages)
        assert keys(pages) == ["b"]
        assert ["syncToken" in request.query for request in google.asked("/events")] == [False, True, False]

    def test_a_state_is_good_for_its_window_only(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window
    ) -> None:
        google.put(ME, item("a", MONDAY))
        state = fetch(connector, window)[-1].state
        other = Window(window.start - timedelta(days=1), window.end)
        assert not fetch(connector, other, state)[0].increment
        assert fetch(connector, window, state)[0].increment

    def test_a_state_is_good_for_its_calendar_only(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window
    ) -> None:
        google.add_calendar("team@group.calendar.google.com", summary="Team")
        state = fetch(connector, window)[-1].state
        (team,) = connector.calendars("Team")
        assert not next(connector.fetch(team, window, state=state)).increment

    def test_a_state_is_good_for_its_account_only(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window, waits: Waits
    ) -> None:
        google.add_calendar("team@group.calendar.google.com", summary="Team", accessRole="reader")
        (team,) = connector.calendars("Team")
        *_, last = connector.fetch(team, window)
        with FakeGoogle(owner="bo@example.com") as other:
            other.add_calendar("team@group.calendar.google.com", summary="Team", accessRole="owner")
            settings = {"api_endpoint": other.url, "access_token": other.token()}
            bos = GoogleConnector(ConnectorContext(settings), policy=waits.policy)
            assert not next(bos.fetch(team, window, state=last.state)).increment

    @pytest.mark.parametrize("state", [b"", b"{}", b"[]", b"\xff\xfe", b'{"full": 3}', b'{"full": "2026-01-01"}'])
    def test_a_state_of_somebody_else_means_everything(
        self, connector: GoogleConnector, window: Window, state: bytes
    ) -> None:
        assert not fetch(connector, window, state)[0].increment

    def test_once_a_week_everything_is_read_anew(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window
    ) -> None:
        """What Google leaves out of its increments must not be wrong for ever."""
        now = MONDAY
        connector._now = lambda: now
        state = fetch(connector, window)[-1].state
        seen = []
        for _ in range(10):
            now += timedelta(days=1)
            pages = fetch(connector, window, state)
            state = pages[-1].state
            seen.append(pages[-1].increment)
        assert seen == [True] * 6 + [False] + [True] * 3


class TestRoles:
    def test_busy_times_without_details_hide_who_takes_part(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window
    ) -> None:
        google.add_calendar("bo@example.com", summary="Bo", accessRole="freeBusyReader")
        google.put("bo@example.com", item("a", MONDAY, 30, BO, person(ME)))
        (bos,) = connector.calendars("Bo")
        (event,) = events(list(connector.fetch(bos, window)))
        assert event.participants_hidden
        assert (event.title, event.attendees, event.private) == ("", (), True)

    @pytest.mark.parametrize(
        ("role", "hidden"),
        [("reader", True), ("writerWithoutPrivateAccess", True), ("writer", False), ("owner", False)],
    )
    def test_private_events_are_hidden_from_readers(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window, role: str, hidden: bool
    ) -> None:
        google.add_calendar("bo@example.com", summary="Bo", accessRole=role)
        google.put("bo@example.com", item("a", MONDAY, 30, BO, person(ME), visibility="private"))
        (bos,) = connector.calendars("Bo")
        (event,) = events(list(connector.fetch(bos, window)))
        assert event.participants_hidden is hidden
        assert len(event.attendees) == (0 if hidden else 2)

    def test_guests_who_may_not_see_each_other(
        self, google: FakeGoogle, connector: GoogleConnector, window: Window
    ) -> None:
        google.put(ME, item("theirs", MONDAY, 30, BO, ANA, person("cy@example.com"), guestsCanSeeOtherGuests=False))
        google.put(ME, item("mine", MONDAY, 30, ANA, BO, guestsCanSeeOtherGuests=False))
        seen = {event.key: event for event in events(fetch(connector, window))}
        assert seen["theirs"].participants_hidden
        assert [one.address for one in seen["theirs"].attendees] == [ME]
        assert not seen["mine"].participants_hidden
        assert len(seen["mine"].attendees) == 2


class TestFreeBusy:
    def test_busy_spans_of_those_who_may_be_asked(self, google: FakeGoogle, connect: Connect, window: Window) -> None:
        google.put(ME, item("a", MONDAY, 60), item("free", MONDAY + timedelta(days=1), transparency="transparent"))
        connector = connect(access_token=google.token("https://www.googleapis.com/auth/calendar.freebusy"))
        found = connector.free_busy([ME, "nobody@example.com", ME], window)
        assert found == {ME: [Window(MONDAY, MONDAY + timedelta(hours=1))], "nobody@example.com": None}

    def test_many_people_are_asked_in_portions(self, google: FakeGoogle, connect: Connect, window: Window) -> None:
        connector = connect(access_token=google.token("https://www.googleapis.com/auth/calendar.freebusy"))
        people = [f"p{number}@example.com" for number in range(120)]
        assert connector.free_busy(people, window) == dict.fromkeys(people)
        assert len(google.asked("/freeBusy")) == 3

    def test_it_needs_a_consent_of_its_own(self, connector: GoogleConnector, window: Window) -> None:
        with pytest.raises(PermissionMissingError, match=r"does not allow 'calendar\.freebusy'"):
            connector.free_busy([ME], window)


def test_threads_may_fetch_at_once(google: FakeGoogle, connector: GoogleConnector, window: Window) -> None:
    google.page_size = 5
    google.put(ME, *(item(f"e{number}", MONDAY + timedelta(hours=number), 30, ANA, BO) for number in range(60)))
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(keys(fetch(connector, window)))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [sorted(google.events(ME))] * 6
