"""When others are busy: getSchedule, for some people and some weeks at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from calsight import Window
from calsight.errors import PayloadInvalidError
from calsight.kit.times import local
from calsight_outlook.mailbox import ME, root
from calsight_outlook.service import MICROSOFT
from calsight_outlook.zones import zone

if TYPE_CHECKING:
    from calsight_outlook.graph import Graph

#: https://learn.microsoft.com/graph/api/calendar-getschedule: addresses at once; a request may not span more than 62 days.
_AT_ONCE = 20
_LONGEST = timedelta(days=60)
_NOT_BUSY = frozenset({"free", "workingElsewhere", "unknown"})


def busy_spans(
    graph: Graph, people: Sequence[str], window: Window, *, application: bool
) -> dict[str, list[Window] | None]:
    """For each address the busy spans inside `window`, or None where Microsoft may not tell.

    An application has no mailbox of its own: it asks on behalf of the first of those it asks about.
    """
    found: dict[str, list[Window] | None] = {person: [] for person in people}
    for first in range(0, len(people), _AT_ONCE):
        some = list(people[first : first + _AT_ONCE])
        owner = root(some[0] if application else ME)
        start = window.start
        while start < window.end:
            part = Window(start, min(window.end, start + _LONGEST))
            for person, spans in _schedules(graph, owner, some, part).items():
                known = found[person]
                found[person] = None if spans is None or known is None else known + spans
            start = part.end
    return found


def _schedules(graph: Graph, owner: str, people: list[str], window: Window) -> dict[str, list[Window] | None]:
    body = {"schedules": people, "startTime": in_utc(window.start), "endTime": in_utc(window.end)}
    try:
        answer = graph.post(f"{owner}/calendar/getSchedule", body, asked_for="free/busy")
    except PayloadInvalidError:  # 400, 405, 501: this account has none
        return dict.fromkeys(people)
    told = {
        str(one.get("scheduleId", "")).lower(): one
        for one in MICROSOFT.members(answer, "value")
        if isinstance(one, dict)
    }
    return {person: _busy(told.get(person.lower()), window) for person in people}


def _busy(schedule: Mapping[str, Any] | None, window: Window) -> list[Window] | None:
    if schedule is None or schedule.get("error"):
        return None
    spans = []
    try:
        for item in schedule.get("scheduleItems") or ():
            start, end = (max(window.start, min(window.end, _moment(item[name]))) for name in ("start", "end"))
            if start < end and item.get("status") not in _NOT_BUSY:
                spans.append(Window(start, end))
    except (AttributeError, KeyError, TypeError, ValueError):
        return None  # somebody may be busy without our knowing when
    return spans


def _moment(value: Mapping[str, str]) -> datetime:
    return local(value["dateTime"], zone(value.get("timeZone") or "UTC"))


def in_utc(moment: datetime) -> dict[str, str]:
    """A dateTimeTimeZone."""
    return {"dateTime": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}
