"""When the meetings are: hours by weekday and hour of the day, in the owner's zone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from calsight.core.model.meetings import Kind, Meeting
from calsight.core.model.report import HeatCell

#: What takes time at a time of day: the kinds that the map tells apart.
TIMED = (Kind.ONE_TO_ONE, Kind.GROUP, Kind.CONFERENCE_CALL, Kind.SOLO)
_HOUR = timedelta(hours=1)


def heat(meetings: Iterable[Meeting], zone: str) -> list[HeatCell]:
    """The cells that hold anything, by weekday and hour; their sum over a kind is that kind's hours.

    The caller chooses the meetings: those that are over and belong to the window.
    """
    tz = ZoneInfo(zone)
    cells: dict[tuple[int, int], dict[Kind, list[timedelta]]] = {}
    known: dict[datetime, tuple[dict[Kind, list[timedelta]], datetime]] = {}  # meetings share their starts
    for meeting in meetings:
        kind = meeting.kind
        if kind not in TIMED:
            continue
        moment, end = meeting.event.start, meeting.event.end
        while moment < end:  # cut where clocks strike
            hour = known.get(moment)
            if hour is None:
                cell, strikes = _clock_hour(moment, tz)
                if cell not in cells:
                    cells[cell] = {kind: [] for kind in TIMED}
                hour = known[moment] = cells[cell], strikes
            parts, strikes = hour
            until = end if end < strikes else strikes
            parts[kind].append(until - moment)
            moment = until
    return [
        HeatCell(weekday=weekday, hour=hour, **{kind: _hours(spent) for kind, spent in parts.items() if spent})
        for (weekday, hour), parts in sorted(cells.items())
    ]


def _clock_hour(moment: datetime, tz: ZoneInfo) -> tuple[tuple[int, int], datetime]:
    """The weekday and hour that clocks in `tz` show, and the moment (UTC) at which they strike next."""
    local = moment.astimezone(tz)
    left = timedelta(0, 3600 - 60 * local.minute - local.second, -local.microsecond)
    return (local.isoweekday(), local.hour), moment.astimezone(UTC) + left


def _hours(spent: Iterable[timedelta]) -> float:
    return round(sum(spent, timedelta()) / _HOUR, 4)
