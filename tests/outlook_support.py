"""What the tests about Outlook share: an invented guest, a connector that is signed in, and what a caller makes of pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from api_support import Waits
from calsight import CalendarEvent
from calsight.protocols import ConnectorContext, Page
from calsight_outlook import OutlookConnector
from fakes.graph import FakeGraph
from fakes.graph_items import guest

BO = guest("bo@example.com", "Bo", "accepted")


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
