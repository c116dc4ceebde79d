"""What plugin authors are given: builders, and the contract. A connector that breaks one rule fails that rule's test."""

import inspect
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from calsight.core.model.events import Attendee, Calendar, CalendarEvent, Organizer, PartStat, Problem, Window
from calsight.errors import CancelledError, SourceError
from calsight.protocols import Cancel, ConnectorContext, Page, Progress, ProgressCallback
from calsight.testing import ConnectorContract, address, attendee, event, moment

WINDOW = Window(moment("2026-03-02 00:00"), moment("2026-03-30 00:00"))
TEAM = Calendar(id="team", name="Team")
EVENTS = tuple(
    event("ana", "bo", at=f"2026-03-{day:02} 10:00", title="Ana and Bo", calendar=TEAM, zone="Europe/Berlin")
    for day in (3, 10, 17, 24)
)


class Good:
    """Keeps the contract: two pages, a state, increments."""

    def __init__(self, context: ConnectorContext) -> None:
        self.context = context

    def calendars(self, reference: str) -> Sequence[Calendar]:
        if reference != "team":
            raise SourceError(f"There is no calendar {reference!r}; there is 'team'.")
        return [TEAM]

    def fetch(
        self,
        calendar: Calendar,
        window: Window,
        *,
        state: bytes | None = None,
        progress: ProgressCallback | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[Page]:
        if cancel and cancel.is_set():
            raise CancelledError("Cancelled.")
        found = [one for one in self.events() if one.start in window]
        if state == b"all read":
            yield Page(state=state, increment=True, calendar=TEAM)
            return
        if progress:
            progress(Progress(calendar.name, 1, 2))
            progress(Progress(calendar.name, 2, 2))
        problems = [Problem("bad_entry", "Entry x1 has no start; it is left out.", "Team", "x1")]
        yield Page(found[:2], problems, calendar=TEAM)
        yield Page(found[2:], state=b"all read", calendar=TEAM)

    def events(self) -> Sequence[CalendarEvent]:
        return EVENTS


class Touches(Good):
    def __init__(self, context: ConnectorContext) -> None:
        super().__init__(context)
        Path(__file__).read_bytes()


class Nothing(Good):
    def calendars(self, reference: str) -> Sequence[Calendar]:
        super().calendars(reference)
        return []


class Nameless(Good):
    def calendars(self, reference: str) -> Sequence[Calendar]:
        return [replace(calendar, name="") for calendar in super().calendars(reference)]


class Curt(Good):
    def calendars(self, reference: str) -> Sequence[Calendar]:
        if reference != "team":
            raise SourceError("404")
        return [TEAM]


class Silent(Good):
    def calendars(self, reference: str) -> Sequence[Calendar]:
        return [TEAM]

    def events(self) -> Sequence[CalendarEvent]:
        return EVENTS


class Changed(Good):
    """The good one with each event changed."""

    def __init__(self, context: ConnectorContext, change: dict[str, Any] | None = None) -> None:
        super().__init__(context)
        self.change = change or {}

    def events(self) -> Sequence[CalendarEvent]:
        return [replace(one, **self.change) for one in EVENTS]


def changed(**change: Any) -> Good:
    return Changed(ConnectorContext(), change)


class Rewound(Good):
    """The good one with its pages changed."""

    def __init__(self, context: ConnectorContext, pages: Callable[[list[Page]], list[Page]] = list) -> None:
        super().__init__(context)
        self.pages = pages

    def fetch(self, calendar: Calendar, window: Window, **options: Any) -> Iterator[Page]:
        yield from self.pages(list(super().fetch(calendar, window, **options)))


def repaged(change: Callable[[list[Page]], list[Page]]) -> Good:
    return Rewound(ConnectorContext(), change)


class Counting(Good):
    """Numbers what it finds."""

    def fetch(self, calendar: Calendar, window: Window, **options: Any) -> Iterator[Page]:
        numbers = count()
        for page in super().fetch(calendar, window, **options):
            yield replace(page, events=[replace(one, id=f"{next(numbers)}") for one in page.events])


class Deaf(Good):
    def fetch(
        self, calendar: Calendar, window: Window, *, cancel: Cancel | None = None, **options: Any
    ) -> Iterator[Page]:
        return super().fetch(calendar, window, **options)


class Trusting(Good):
    """Takes any state for its own."""

    def fetch(
        self, calendar: Calendar, window: Window, *, state: bytes | None = None, **options: Any
    ) -> Iterator[Page]:
        return super().fetch(calendar, window, state=b"all read" if state else None, **options)


class Fickle(Good):
    def __init__(self, context: ConnectorContext) -> None:
        super().__init__(context)
        self.asked = 0

    def events(self) -> Sequence[CalendarEvent]:
        self.asked += 1
        return EVENTS[: 2 + self.asked % 2]


class Backward(Good):
    def fetch(self, calendar: Calendar, window: Window, **options: Any) -> Iterator[Page]:
        if options.get("progress"):
            options["progress"](Progress(calendar.name, 9, 9))
        return super().fetch(calendar, window, **options)


class Talkative(Good):
    def events(self) -> Sequence[CalendarEvent]:
        for one in EVENTS:
            logging.getLogger("talkative").debug("read %s", one.title)
        return EVENTS


def said(text: str, code: str = "bad_entry") -> Good:
    return repaged(lambda pages: [replace(page, problems=[Problem(code, text, "Team")]) for page in pages])


def run(connector: Good, test: str, caplog: pytest.LogCaptureFixture, reference: str = "team") -> None:
    """Run one test of the contract."""
    given = {
        "connector": connector,
        "reference": reference,
        "window": WINDOW,
        "unreadable": "nowhere",
        "context": ConnectorContext(),
        "caplog": caplog,
    }
    method = getattr(ConnectorContract(), test)
    method(**{name: given[name] for name in inspect.signature(method).parameters})


TESTS = [name for name in dir(ConnectorContract) if name.startswith("test_")]
TWELVE_EAST = timezone(timedelta(hours=12))
BROKEN: list[tuple[Good, str]] = [
    (Touches(ConnectorContext()), "test_it_is_made_without_touching_disk_or_network"),
    (Nothing(ConnectorContext()), "test_it_names_its_calendars"),
    (Nameless(ConnectorContext()), "test_it_names_its_calendars"),
    (Curt(ConnectorContext()), "test_what_leads_nowhere_is_a_source_error_in_a_sentence"),
    (changed(start=datetime(2026, 3, 3, 12, tzinfo=TWELVE_EAST)), "test_times_are_aware_and_in_utc"),
    (changed(created=datetime(2026, 3, 3, 12, tzinfo=TWELVE_EAST)), "test_times_are_aware_and_in_utc"),
    (changed(zone="W. Europe Standard Time"), "test_times_are_aware_and_in_utc"),
    (changed(all_day=True), "test_all_day_events_run_from_midnight_to_midnight_in_their_zone"),
    (changed(attendees=(Attendee("mailto:bo@example.com"),)), "test_addresses_come_without_mailto"),
    (changed(organizer=Organizer("MAILTO:bo@example.com")), "test_addresses_come_without_mailto"),
    (changed(uid=""), "test_every_occurrence_has_a_uid_and_a_key_of_its_own"),
    (changed(id="same"), "test_every_occurrence_has_a_uid_and_a_key_of_its_own"),
    (changed(calendar=Calendar("team", "Team")), "test_all_events_share_one_calendar"),
    (Counting(ConnectorContext()), "test_a_part_of_the_window_shows_the_same_events"),
    (changed(start=moment("2025-01-01 10:00"), end=moment("2025-01-01 11:00")), "test_events_touch_the_window"),
    (repaged(lambda pages: [replace(page, events=()) for page in pages]), "test_events_touch_the_window"),
    (Fickle(ConnectorContext()), "test_the_same_question_gets_the_same_answer"),
    (
        repaged(lambda pages: [replace(page, state=b"too soon") for page in pages]),
        "test_only_the_last_page_carries_a_state",
    ),
    (
        repaged(lambda pages: [replace(page, removed=(EVENTS[0].key,)) if page.increment else page for page in pages]),
        "test_a_state_given_back_brings_what_has_changed",
    ),
    (Trusting(ConnectorContext()), "test_a_state_that_it_does_not_know_means_a_full_fetch"),
    (Deaf(ConnectorContext()), "test_it_stops_when_cancelled"),
    (Backward(ConnectorContext()), "test_progress_goes_forward"),
    (said("bad"), "test_problems_are_sentences_with_a_code"),
    (said("This entry has no start.", code="Bad entry"), "test_problems_are_sentences_with_a_code"),
    (said("The entry 'Ana and Bo' has no start."), "test_nothing_private_is_logged_or_said_in_problems"),
    (said("The entry of cy@example.com has no start."), "test_nothing_private_is_logged_or_said_in_problems"),
    (Talkative(ConnectorContext()), "test_nothing_private_is_logged_or_said_in_problems"),
]


@pytest.mark.parametrize("test", TESTS)
def test_a_good_connector_passes(test: str, caplog: pytest.LogCaptureFixture) -> None:
    run(Good(ConnectorContext()), test, caplog)


@pytest.mark.parametrize(("connector", "test"), BROKEN)
def test_a_connector_that_breaks_a_rule_fails_its_test(
    connector: Good, test: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises((AssertionError, pytest.fail.Exception)):
        run(connector, test, caplog)


def test_every_test_of_the_contract_can_fail() -> None:
    assert {test for _, test in BROKEN} == set(TESTS)


class TestByInheritance(ConnectorContract):
    """As a plugin's author writes it."""

    @pytest.fixture
    def connector(self, context: ConnectorContext) -> Good:
        return Good(context)

    @pytest.fixture
    def reference(self) -> str:
        return "team"

    @pytest.fixture
    def window(self) -> Window:
        return WINDOW


def test_the_builders_need_no_pytest() -> None:
    code = "import sys, calsight.testing; calsight.testing.event('ana'); sys.exit('pytest' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_event_reads_as_it_is_written() -> None:
    one = event("ana", "bo", at="2026-03-04 14:00", minutes=45, declined=["bo"], rooms=["Oslo"], title="Plan")
    assert (one.start, one.duration) == (datetime(2026, 3, 4, 14, tzinfo=UTC), timedelta(minutes=45))
    assert [(who.name, who.partstat) for who in one.attendees] == [
        ("Ana", PartStat.ACCEPTED),
        ("Bo", PartStat.DECLINED),
        ("Oslo", PartStat.ACCEPTED),
    ]
    assert one.organizer == Organizer("ana@example.com", "Ana")
    assert event("ana", "bo") == event("ana", "bo")
    assert event("ana", "bo").uid != event("ana", "cy").uid


def test_names_become_addresses() -> None:
    assert address("ana") == "ana@example.com"
    assert address("ana@example.org") == "ana@example.org"
    assert attendee("ana", optional=True) == Attendee("ana@example.com", "Ana", PartStat.ACCEPTED, optional=True)


def test_there_is_nothing_else() -> None:
    import calsight.testing

    with pytest.raises(AttributeError, match="no_such_thing"):
        _ = calsight.testing.no_such_thing
