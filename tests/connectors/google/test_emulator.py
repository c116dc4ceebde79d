"""Against a Google that others wrote (`emulator_support`).

It knows sign-in, the calendar list, paging, windows and free/busy; what it lacks is in `fakes.google`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from api_support import MONDAY, Waits, free_port, user_who
from calsight import Window
from calsight.errors import NotSignedInError, PermissionMissingError
from calsight.protocols import ConnectorContext
from calsight_google import GoogleConnector
from emulator_support import emulated, form_of
from keyring_support import MemoryKeyring

MARCH = Window(MONDAY - timedelta(hours=9), MONDAY + timedelta(weeks=4))
TEAM = "team@group.calendar.google.com"


def _event(number: int, start: datetime, calendar: str = "primary") -> dict[str, Any]:
    return {
        "id": f"evt_{number}",
        "user_email": "ana@example.com",
        "calendar_id": calendar,
        "summary": f"Meeting {number}",
        "start_date_time": start.isoformat(),
        "end_date_time": (start + timedelta(minutes=30)).isoformat(),
        "attendees": [
            {"email": "ana@example.com", "self": True},
            {"email": "bo@example.com", "display_name": "Bo"},
        ],
        "conference_entry_points": [{"entry_point_type": "video", "uri": "https://meet.google.com/abc-defg-hij"}],
    }


SEED = {
    "users": [{"email": "ana@example.com", "name": "Ana"}],
    "calendars": [
        {
            "id": "primary",
            "user_email": "ana@example.com",
            "summary": "ana@example.com",
            "primary": True,
            "time_zone": "Europe/Berlin",
        },
        {"id": TEAM, "user_email": "ana@example.com", "summary": "Team", "time_zone": "UTC"},
    ],
    "calendar_events": [
        *(_event(number, MONDAY + timedelta(days=number)) for number in range(7)),
        _event(98, MONDAY - timedelta(weeks=30)),
        _event(99, MONDAY, TEAM),
    ],
}


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Its address."""
    port = free_port()
    with emulated("google", SEED, tmp_path_factory.mktemp("emulator"), port):
        yield f"http://localhost:{port}"


@pytest.fixture(autouse=True)
def browser(emulator: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A browser whose user is Ana."""

    def visit(url: str) -> None:
        with requests.Session() as session:
            action, fields = form_of("ana@example.com", session.get(url).text)
            session.post(emulator + action, data=fields).raise_for_status()

    with user_who(visit, monkeypatch):
        yield


@pytest.fixture
def make(emulator: str, waits: Waits) -> Callable[[], GoogleConnector]:
    settings = {"authority": emulator, "api_endpoint": emulator, "client_id": "any", "client_secrets": "secret"}
    return lambda: GoogleConnector(ConnectorContext(settings), policy=waits.policy)


@pytest.fixture
def connector(make: Callable[[], GoogleConnector]) -> GoogleConnector:
    make().connect(interactive=True, say=lambda text: None)
    return make()


def keys(connector: GoogleConnector, window: Window, calendar: str = "") -> list[str]:
    (found,) = connector.calendars(calendar)
    return sorted(event.key for page in connector.fetch(found, window) for event in page.events)


def test_signed_in_renewed_and_revoked(
    connector: GoogleConnector, make: Callable[[], GoogleConnector], ring: MemoryKeyring
) -> None:
    (kept,) = ring.kept.values()
    assert connector.calendars("")[0].id == "primary"  # with an access token that was just renewed
    assert make().calendars("")[0].id == "primary"
    make().disconnect()
    assert ring.kept == {}
    ring.set_password("calsight", "google", kept)  # somebody kept a copy: it is of no use
    with pytest.raises(NotSignedInError, match="has ended this sign-in"):
        make().calendars("")


def test_calendars(connector: GoogleConnector) -> None:
    (own,) = connector.calendars("")
    assert (own.name, own.zone) == ("ana@example.com", "Europe/Berlin")
    assert connector.calendars("team") == connector.calendars(TEAM)
    with pytest.raises(PermissionMissingError, match="it lists 2"):
        connector.calendars("Gardening")


def test_the_window(connector: GoogleConnector) -> None:
    assert keys(connector, MARCH) == [f"evt_{number}" for number in range(7)]
    assert keys(connector, Window(MONDAY + timedelta(days=2), MONDAY + timedelta(days=4))) == ["evt_2", "evt_3"]
    assert keys(connector, MARCH, "Team") == ["evt_99"]


def test_paging(connector: GoogleConnector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("calsight_google.connector._PAGE", 2)
    (own,) = connector.calendars("")
    pages = list(connector.fetch(own, MARCH))
    assert [len(page.events) for page in pages] == [2, 2, 2, 1]
    assert all(page.state is None for page in pages)  # it knows no sync tokens


def test_what_an_event_says(connector: GoogleConnector) -> None:
    (own,) = connector.calendars("")
    event = next(event for page in connector.fetch(own, MARCH) for event in page.events if event.key == "evt_0")
    assert (event.start, event.end) == (MONDAY.astimezone(UTC), MONDAY + timedelta(minutes=30))
    assert (event.title, event.zone) == ("Meeting 0", "Europe/Berlin")
    assert event.conference == ("https://meet.google.com/abc-defg-hij",)
    me, bo = event.attendees
    assert (me.is_me, bo.name, bo.address) == (True, "Bo", "bo@example.com")


def test_free_busy(connector: GoogleConnector) -> None:
    monday = Window(MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=8))
    assert connector.free_busy(["primary", "nobody@example.com"], monday) == {
        "primary": [Window(MONDAY, MONDAY + timedelta(minutes=30))],
        "nobody@example.com": None,
    }


def test_a_calendar_that_is_not_there(connector: GoogleConnector) -> None:
    (nowhere,) = connector.calendars("nobody@example.com")
    with pytest.raises(PermissionMissingError, match="cannot find this calendar"):
        list(connector.fetch(nowhere, MARCH))
