"""Meetings as lines of JSON, one object a line: what `calsight meetings --json-lines` prints."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from calsight.core.model.meetings import Meeting
from calsight.core.time.zones import zone_or_utc


def _utc_text(moment: datetime) -> str:
    """ISO 8601 in UTC with `Z`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def meeting_line(meeting: Meeting) -> dict[str, Any]:
    """One meeting as a JSON-able dict with the keys of the outer contract. All-day entries have dates; unknown is None."""
    event = meeting.event

    def when(moment: datetime | None) -> str | None:
        if moment is None:
            return None
        if event.all_day:
            return moment.astimezone(zone_or_utc(event.zone)).date().isoformat()
        return _utc_text(moment)

    return {
        "source": event.calendar.name,
        "uid": event.uid,
        "original_start": when(event.original_start),
        "start": when(event.start),
        "end": when(event.end),
        "all_day": event.all_day,
        "title": event.title,
        "kind": str(meeting.kind),
        "reason": meeting.reason,
        "mode": str(meeting.mode),
        "size": None if meeting.size is None else str(meeting.size),
        "headcount": meeting.headcount,
        "counterparts": [{"name": person.name, "address": person.address} for person in meeting.counterparts],
        "organised_by_me": meeting.organised_by_me,
        "held": meeting.held,
        "inferred": meeting.inferred,
        "scope": None if meeting.scope is None else str(meeting.scope),
        "doubts": [str(doubt.code) for doubt in meeting.doubts],
        "could_be": meeting.could_be,
    }
