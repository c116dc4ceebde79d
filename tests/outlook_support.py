"""What the tests about Outlook share: an invented guest, a connector that is signed in, and what a caller makes of pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from api_support import MONDAY, WINDOW, Waits
from calsight import Calendar, CalendarEvent
from calsight.protocols import ConnectorContext, Page
from calsight_outlook import OutlookConnector
from calsight_outlook.translate import Translator
from fakes.graph import FakeGraph
from fakes.graph_items import ME, event, guest, series, who

BO = guest("bo@example.com", "Bo", "accepted")
FROM_BO = who("bo@example.com", "Bo")
WEEKLY = series(event("s", MONDAY, 45, guest(ME, "Ana"), organizer=FROM_BO, subject="Weekly"), "weekly monday", 6)
CALENDAR = Calendar(id="me/work", name="Calendar", zone="Europe/Berlin", owner=(ME, "ana.novak@example.com"))
#: Makes connectors that are signed in; keyword arguments are settings.
Connect = Callable[..., OutlookConnector]


def signed_in(
    graph: FakeGraph, waits: Waits, folder: Path, *, keeps: bool = True, login: Any = None, **settings: Any
) -> OutlookConnector:
    """With an access token; `keeps`: with a cache, and so through delta. `login`: a login host to ask for tokens."""
    context = ConnectorContext(
        {"api_endpoint": graph.url, "access_token": graph.token(), **settings},
        zone="America/New_York",
        cache_dir=folder / "cache" if keeps else None,
        state_dir=folder / "state",
    )
    return OutlookConnector(context, policy=waits.policy, session=login.session if login else None)


def taken(pages: list[Page], kept: dict[str, CalendarEvent] | None = None) -> dict[str, CalendarEvent]:
    """What a caller has who had `kept` before."""
    found = dict(kept or {}) if pages[-1].increment else {}
    for page in pages:
        if page.increment is pages[-1].increment:
            gone = set(page.removed)
            found = {key: one for key, one in found.items() if key not in gone and one.series not in gone}
            found.update({one.key: one for one in page.events})
    return found


def fetch(connector: OutlookConnector, reference: str = "", **more: Any) -> list[Page]:
    """The pages of one calendar."""
    (calendar,) = connector.calendars(reference)
    return list(connector.fetch(calendar, WINDOW, **more))


def found(connector: OutlookConnector, reference: str = "") -> dict[str, CalendarEvent]:
    """The events of one calendar, by their keys."""
    return taken(fetch(connector, reference))


def translated(item: dict[str, Any], **options: Any) -> CalendarEvent:
    """What becomes of one event resource in `CALENDAR`."""
    return Translator(options.pop("calendar", CALENDAR), **{"home": "Europe/Berlin", **options}).event(item)
