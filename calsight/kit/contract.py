"""`calsight.testing.ConnectorContract`: what calsight relies on in a connector, as tests. Needs pytest."""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest

from calsight.core.model.events import NO_CALENDAR, CalendarEvent, Window
from calsight.errors import CancelledError, SourceError
from calsight.protocols import Connector, ConnectorContext, Page, Progress

_IO = {
    "open",
    "os.listdir",
    "os.mkdir",
    "os.scandir",
    "socket.connect",
    "socket.getaddrinfo",
    "sqlite3.connect",
    "subprocess.Popen",
}
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")


class ConnectorContract:
    """Inherit this in a test class, and give it three fixtures; pytest then runs every test below against your connector.

        class TestLogbook(ConnectorContract):
            @pytest.fixture
            def connector(self, context): return LogbookConnector(context)

            @pytest.fixture
            def reference(self, tmp_path): ...          # what follows "NAME:" in a source; write its data first

            @pytest.fixture
            def window(self): ...                       # a span in which that calendar has two events or more

    Two more have a default that may be replaced: `context`, with which the connector is made (folders of its own, Berlin's
    zone), and `unreadable`, a reference that makes sense and leads nowhere.
    """

    @pytest.fixture
    def context(self, tmp_path: Path) -> ConnectorContext:
        """What the connector is made with; its folders do not exist yet."""
        return ConnectorContext(zone="Europe/Berlin", cache_dir=tmp_path / "cache", state_dir=tmp_path / "state")

    @pytest.fixture
    def connector(self, context: ConnectorContext) -> Connector:
        """The connector to be tested."""
        raise NotImplementedError("give your test class a fixture `connector`")

    @pytest.fixture
    def reference(self) -> str:
        """What `calendars` is asked for."""
        raise NotImplementedError("give your test class a fixture `reference`")

    @pytest.fixture
    def window(self) -> Window:
        """A span in which the calendar has two events or more."""
        raise NotImplementedError("give your test class a fixture `window`")

    @pytest.fixture
    def unreadable(self) -> str:
        """A reference that leads nowhere."""
        return "no-such-calendar"

    def test_it_is_made_without_touching_disk_or_network(self, connector: Connector, context: ConnectorContext) -> None:
        """A connector is made to be listed, too; what it needs it fetches when it is asked."""
        with _watched() as touched:
            type(connector)(context)
        assert touched == []

    def test_it_names_its_calendars(self, connector: Connector, reference: str) -> None:
        """At least one, each with an id of its own and a name for people, and the same each time."""
        calendars = connector.calendars(reference)
        assert calendars, "a reference that can be read stands for at least one calendar"
        ids = [calendar.id for calendar in calendars]
        assert len(set(ids)) == len(ids)
        assert all(calendar.name for calendar in calendars)
        assert [calendar.id for calendar in connector.calendars(reference)] == ids

    def test_what_leads_nowhere_is_a_source_error_in_a_sentence(
        self, connector: Connector, unreadable: str, window: Window
    ) -> None:
        """The message is all that users see."""
        with pytest.raises(SourceError) as caught:
            _fetches(connector, unreadable, window)
        assert _is_sentence(str(caught.value))

    def test_times_are_aware_and_in_utc(self, connector: Connector, reference: str, window: Window) -> None:
        """The zone that people saw stands beside them, as an IANA name."""
        for event in _events(connector, reference, window):
            moments = (
                event.start,
                event.end,
                event.original_start,
                event.created,
                event.updated,
                event.calendar.last_sign,
            )
            for moment in moments:
                assert moment is None or moment.utcoffset() == timedelta(0)
            assert not event.zone or event.zone in available_timezones()

    def test_all_day_events_run_from_midnight_to_midnight_in_their_zone(
        self, connector: Connector, reference: str, window: Window
    ) -> None:
        """Dates are not moments; the zone says which span of time a date is."""
        for event in _events(connector, reference, window):
            if event.all_day:
                zone = ZoneInfo(event.zone or "UTC")
                assert not _clock(event.start, zone)
                assert not _clock(event.end, zone)

    def test_addresses_come_without_mailto(self, connector: Connector, reference: str, window: Window) -> None:
        """An address is what people write."""
        for event in _events(connector, reference, window):
            addresses = [attendee.address for attendee in event.attendees]
            if event.organizer:
                addresses.append(event.organizer.address)
            assert [address for address in addresses if address.lower().startswith("mailto:")] == []

    def test_every_occurrence_has_a_uid_and_a_key_of_its_own(
        self, connector: Connector, reference: str, window: Window
    ) -> None:
        """Within its calendar the key tells an occurrence from all others."""
        for pages in _fetches(connector, reference, window):
            events = _upserts(pages)
            assert all(event.uid for event in events)
            keys = [event.key for event in events]
            assert len(set(keys)) == len(keys)

    def test_all_events_share_one_calendar(self, connector: Connector, reference: str, window: Window) -> None:
        """One object, which is the page's, too, and the one that was asked for."""
        for calendar in connector.calendars(reference):
            pages = list(connector.fetch(calendar, window))
            shared = {id(event.calendar): event.calendar for event in _upserts(pages)}
            assert len(shared) <= 1
            assert all(event.calendar is page.calendar for page in pages for event in page.events)
            assert all(found.id == calendar.id for found in shared.values())

    def test_events_touch_the_window(self, connector: Connector, reference: str, window: Window) -> None:
        """They start in it or overlap it."""
        events = _events(connector, reference, window)
        assert len(events) >= 2, "the contract needs a window in which the calendar has two events or more"
        assert [event for event in events if not window.overlaps(event.start, event.end)] == []

    def test_a_part_of_the_window_shows_the_same_events(
        self, connector: Connector, reference: str, window: Window
    ) -> None:
        """What an occurrence is does not depend on the window through which it is seen."""
        middle = window.start + (window.end - window.start) / 2
        whole = _events(connector, reference, window)
        for part in (Window(window.start, middle), Window(middle, window.end)):
            seen = _events(connector, reference, part)
            assert _bare(event for event in seen if part.overlaps(event.start, event.end)) == _bare(
                event for event in whole if part.overlaps(event.start, event.end)
            )

    def test_the_same_question_gets_the_same_answer(self, connector: Connector, reference: str, window: Window) -> None:
        """Nothing depends on what was asked before."""
        assert _bare(_events(connector, reference, window)) == _bare(_events(connector, reference, window))

    def test_only_the_last_page_carries_a_state(self, connector: Connector, reference: str, window: Window) -> None:
        """A state promises that everything before it was delivered."""
        for pages in _fetches(connector, reference, window):
            assert pages, "a fetch yields one page or more"
            assert [page.state for page in pages[:-1] if page.state is not None] == []

    def test_a_state_given_back_brings_what_has_changed(
        self, connector: Connector, reference: str, window: Window
    ) -> None:
        """Here nothing has: the increment (or the whole, from a connector that keeps no state) changes nothing."""
        for calendar in connector.calendars(reference):
            first = list(connector.fetch(calendar, window))
            second = list(connector.fetch(calendar, window, state=first[-1].state))
            assert _kept(second, _kept(first, {})) == _kept(first, {})

    def test_a_state_that_it_does_not_know_means_a_full_fetch(
        self, connector: Connector, reference: str, window: Window
    ) -> None:
        """It may be of an older version, or of another account."""
        for calendar in connector.calendars(reference):
            pages = list(connector.fetch(calendar, window, state=b"\x00 of another world"))
            assert not pages[-1].increment
            assert _kept(pages, {}) == _kept(list(connector.fetch(calendar, window)), {})

    def test_it_stops_when_cancelled(self, connector: Connector, reference: str, window: Window) -> None:
        """With `CancelledError`, so that half a calendar is never taken for the whole."""
        cancel = threading.Event()
        cancel.set()
        for calendar in connector.calendars(reference):
            with pytest.raises(CancelledError):
                list(connector.fetch(calendar, window, cancel=cancel))

    def test_progress_goes_forward(self, connector: Connector, reference: str, window: Window) -> None:
        """It is never more than the total, where that is known."""
        for calendar in connector.calendars(reference):
            seen: list[Progress] = []
            list(connector.fetch(calendar, window, progress=seen.append))
            for unit in {progress.unit for progress in seen}:
                done = [progress.done for progress in seen if progress.unit == unit]
                assert done == sorted(done)
            assert all(progress.total is None or progress.done <= progress.total for progress in seen)

    def test_problems_are_sentences_with_a_code(self, connector: Connector, reference: str, window: Window) -> None:
        """What was set aside is said to people in a sentence, and to programs by a code."""
        for pages in _fetches(connector, reference, window):
            for problem in (problem for page in pages for problem in page.problems):
                assert re.fullmatch(r"[a-z][a-z0-9_]*", problem.code)
                assert _is_sentence(problem.text)
                assert problem.count >= 1

    def test_nothing_private_is_logged_or_said_in_problems(
        self, connector: Connector, reference: str, window: Window, caplog: pytest.LogCaptureFixture
    ) -> None:
        """No title and no person's address; a UID or the calendar's name may stand there."""
        said: list[str] = []
        with caplog.at_level(logging.DEBUG):
            for calendar in connector.calendars(reference):
                pages = list(connector.fetch(calendar, window))
                events = _upserts(pages)
                named = {calendar.id, calendar.name, *(event.uid for event in events)}
                problems = [problem for page in pages for problem in page.problems]
                said += [_without(problem.text, {*named, problem.uid, problem.source}) for problem in problems]
                said += [_without(record.getMessage(), named) for record in caplog.records]
                titles = {event.title for event in events if len(event.title) > 3}
                assert [text for text in said if any(title in text for title in titles)] == []
        assert [text for text in said if _ADDRESS.search(text)] == []


def _fetches(connector: Connector, reference: str, window: Window) -> list[list[Page]]:
    """The pages of each calendar."""
    return [list(connector.fetch(calendar, window)) for calendar in connector.calendars(reference)]


def _events(connector: Connector, reference: str, window: Window) -> list[CalendarEvent]:
    return [event for pages in _fetches(connector, reference, window) for event in _upserts(pages)]


def _upserts(pages: Sequence[Page]) -> list[CalendarEvent]:
    return [event for page in pages for event in page.events]


def _kept(pages: Sequence[Page], before: dict[str, CalendarEvent]) -> dict[str, CalendarEvent]:
    """What a caller who had `before` has after these pages."""
    kept = dict(before) if pages[-1].increment else {}
    for page in pages:
        if page.increment != pages[-1].increment:
            continue  # an increment that was given up; the full fetch after it replaces it
        gone = set(page.removed)
        kept = {key: event for key, event in kept.items() if key not in gone and event.series not in gone}
        kept.update({event.key: replace(event, calendar=NO_CALENDAR) for event in page.events})
    return kept


def _bare(events: Any) -> list[CalendarEvent]:
    """Events by key, without their calendar: the time of fetch stands there, which differs."""
    return sorted((replace(event, calendar=NO_CALENDAR) for event in events), key=lambda event: event.key)


def _clock(moment: datetime, zone: ZoneInfo) -> timedelta:
    local = moment.astimezone(zone)
    return timedelta(hours=local.hour, minutes=local.minute, seconds=local.second)


def _is_sentence(text: str) -> bool:
    return len(text.split()) >= 3 and text[-1] in ".?!'\"`)" and "Traceback" not in text


def _without(text: str, names: set[str]) -> str:
    for name in sorted(names - {""}, key=len, reverse=True):
        text = text.replace(name, "")
    return text


@contextmanager
def _watched() -> Iterator[list[str]]:
    """The names of what this thread does to disk and network inside the block."""
    touched: list[str] = []
    here, watching = threading.get_ident(), True

    def hook(name: str, _: tuple[Any, ...]) -> None:
        if watching and name in _IO and threading.get_ident() == here:
            touched.append(name)

    sys.addaudithook(hook)  # it cannot be removed again, so it learns when to be quiet
    try:
        yield touched
    finally:
        watching = False


__all__ = ["ConnectorContract"]
