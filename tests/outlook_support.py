"""What the tests about Outlook share: an invented guest, and what a caller makes of pages."""

from __future__ import annotations

from calsight import CalendarEvent
from calsight.protocols import Page
from fakes.graph import guest

BO = guest("bo@example.com", "Bo", "accepted")


def taken(pages: list[Page], kept: dict[str, CalendarEvent] | None = None) -> dict[str, CalendarEvent]:
    """What a caller has who had `kept` before."""
    found = dict(kept or {}) if pages[-1].increment else {}
    for page in pages:
        if page.increment is pages[-1].increment:
            gone = set(page.removed)
            found = {key: one for key, one in found.items() if key not in gone and one.series not in gone}
            found.update({one.key: one for one in page.events})
    return found
