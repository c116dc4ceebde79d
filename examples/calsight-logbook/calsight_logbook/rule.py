"""The rule: what begins with "HOLD:" is no meeting."""

from __future__ import annotations

from calsight import CalendarEvent, Kind, Presence, Verdict


def hold(event: CalendarEvent, presence: Presence) -> Verdict | None:
    """Leave out entries that only keep a time free; say nothing of all others."""
    if event.title.upper().startswith("HOLD:"):
        return Verdict(Kind.EXCLUDED, "hold")
    return None
