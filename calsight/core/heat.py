"""When the meetings are: hours by weekday and hour of the day, in the owner's zone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from calsight.core.meetings import Kind, Meeting
from calsight.core.report import HeatCell

#: What takes time at a time of day: the kinds that the map tells apart.
TIMED = (Kind.ONE_TO_ONE, Kind.GROUP, Kind.CONFERENCE_CALL, Kind.SOLO)
_HOUR = timedelta(hours=1)


def heat(meetings: Iterable[Meeting], zone: str) -> list[HeatCell]:
    """The cells that hold anything, by weekday and hour; their sum over a kind is that kind's hours.

    The caller chooses the meetings: those that are over and belong to the window.
    """
    tz = ZoneInfo(zone)
    cells: dict[tuple[int, int], dict[Kind, float]] = defaultdict(lambda: defaultdict(float))
    known: dict[tuple[datetime, datetime], list[tuple[int, int, float]]] = {}  # many meetings share their span
    for meeting in meetings:
        if meeting.kind in TIMED:
            span = (meeting.event.start, meeting.event.end)
            parts = known.get(span)
            if parts is None:
                parts = known[span] = list(_clock_hours(*span, tz))
            for weekday, hour, hours in parts:
                cells[weekday, hour][meeting.kind] += hours
    return [
        HeatCell(weekday=weekday, hour=hour, **{kind: round(hours, 4) for kind, hours in held.items()})
        for (weekday, hour), held in sorted(cells.items())
    ]


def _clock_hours(start: datetime, end: datetime, tz: ZoneInfo) -> Iterator[tuple[int, int, float]]:
    """The parts of a span, cut where clocks in `tz` strike, as (weekday, hour, hours that passed)."""
    moment = start.astimezone(UTC)
    while moment < end:
        local = moment.astimezone(tz)
        into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        until = min(end, moment + _HOUR - into)
        yield local.isoweekday(), local.hour, (until - moment) / _HOUR
        moment = until
