"""When two people could meet: inside both their working hours, outside lunch, and where nothing else is.

Everything is computed in UTC from the clocks that people see, so that a day of a clock change is as right as any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from calsight.core.model.events import EventType, ShowAs, Status, Window
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Meeting
from calsight.core.model.options import Weekday, WorkOptions
from calsight.core.time.days import DAY, day_of, last_day_before, midnight
from calsight.core.time.intervals import Span, clip, subtract, union
from calsight.core.time.working import working_spans

LUNCH = "12:00-13:00"
_EVERYDAY: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_LUNCHES = WorkOptions(hours=dict.fromkeys(_EVERYDAY, (LUNCH,)))
_MARKERS = frozenset({EventType.WORKING_LOCATION, EventType.BIRTHDAY})
_FREE = frozenset({ShowAs.FREE, ShowAs.WORKING_ELSEWHERE})
_HALF_HOUR = timedelta(minutes=30)


def busy_time(meetings: Iterable[Meeting]) -> list[Span]:
    """The owner's busy time, as a union: every entry that stands and is not marked free, leave and all-day entries included."""
    return union((m.start, m.end) for m in meetings if _is_busy(m))


def _is_busy(meeting: Meeting) -> bool:
    event = meeting.event
    if event.status is Status.CANCELLED or meeting.reason in {"cancelled", "declined", "not_attending", "marker"}:
        return False
    if event.event_type in _MARKERS:
        return False
    # What the owner attends takes time, however it is marked.
    return event.show_as not in _FREE or meeting.held is not None


def free_slots(
    length: timedelta, frame: Frame, *, their_zone: str, busy: Iterable[Span], window: Window
) -> Iterator[Span]:
    """Every slot of that length inside the window, by start; slots begin when the owner's clocks show a full or half hour.

    The owner's working hours are those of the settings; the other's are not known and taken as the usual ones, Monday to Friday
    from nine to five, in `their_zone`. Lunch is left out for both. Slots overlap each other; they never overlap `busy`.
    """
    zone, work = frame.zone, frame.options.work
    days = list(_days(window, zone))
    mine = subtract(
        union(span for day in days for span in working_spans(day, work, zone)),
        union(span for day in days for span in working_spans(day, _LUNCHES, zone)),
    )
    usual = WorkOptions()
    theirs = subtract(
        union(span for day in days for span in working_spans(day, usual, their_zone)),
        union(span for day in days for span in working_spans(day, _LUNCHES, their_zone)),
    )
    both = clip((span for start, end in mine for span in clip(theirs, start, end)), window.start, window.end)
    for start, end in subtract(both, union(busy)):
        begin = _next_half_hour(start, zone)
        while begin + length <= end:
            yield begin, begin + length
            begin = _next_half_hour(begin + _HALF_HOUR, zone)


def coming(frame: Frame, *, days: int) -> Window:
    """So many days after the day of `as_of`; a day's end belongs to that day."""
    first = last_day_before(frame.as_of, frame.zone) + DAY
    return Window(midnight(first, frame.zone), midnight(first + days * DAY, frame.zone))


def _days(window: Window, zone: str) -> Iterator[date]:
    """Every day that touches the window anywhere on earth."""
    day, last = day_of(window.start, zone) - DAY, day_of(window.end, zone) + DAY
    while day <= last:
        yield day
        day += DAY


def _next_half_hour(moment: datetime, zone: str) -> datetime:
    """The first moment from `moment` on at which clocks in `zone` show a full or half hour."""
    local = moment.astimezone(ZoneInfo(zone))
    past = timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
    return moment + (_HALF_HOUR - past if past else timedelta())
