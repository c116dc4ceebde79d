"""How much of the owner's working time lies open, in blocks of half an hour or more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from calsight.core.model.events import CalendarEvent
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import WITH_PEOPLE, Kind
from calsight.core.model.options import WorkOptions
from calsight.core.model.report import SituationInput
from calsight.core.rate.exposure import Exposure
from calsight.core.time.days import DAY, day_of, week_days
from calsight.core.time.intervals import clip, length, subtract, union
from calsight.core.time.working import working_spans

_HALF_HOUR = timedelta(minutes=30)
_TAKEN = WITH_PEOPLE | {Kind.SOLO, Kind.UNKNOWN}
_NEVER = datetime.max.replace(tzinfo=UTC)


def open_time(exposure: Exposure, frame: Frame) -> SituationInput:
    """How much working time lies open. Known where entries fill a quarter of it: else the calendar is not kept so closely."""
    zone, options, work = frame.zone, frame.options.situation, frame.options.work
    taken = union([(m.event.start, m.event.end) for m in exposure.seen if m.kind in _TAKEN])
    whole = busy = open_time = timedelta()
    half_hours, weeks = 0, 0.0
    for week in exposure.weeks:
        if week.working <= 0 or week.silent:
            continue
        days = week_days(week.week)
        hours = clip((span for day in days for span in working_spans(day, work, zone)), frame.window.start, frame.now)
        worked = subtract(hours, exposure.absences)
        free = subtract(worked, taken)
        blocks = [end - start for start, end in free if end - start >= _HALF_HOUR]
        whole += length(worked)
        busy += length(worked) - length(free)
        open_time += sum(blocks, timedelta())
        half_hours += sum(block // _HALF_HOUR for block in blocks)
        weeks += week.working
    filled = busy / whole if whole else None
    with_people = [m.event for m in exposure.seen if m.kind in WITH_PEOPLE and m.held]
    with_people.sort(key=attrgetter("start"))
    return SituationInput(
        value=open_time / whole if whole else None,
        cut=options.time_cut,
        known=filled is not None and filled >= options.min_filled,
        details={
            "filled": filled,
            "open_half_hours_a_week": half_hours / weeks if weeks else None,
            "overlaps": _overlaps(with_people),
            "outside_working_hours": _outside(with_people, work, zone),
        },
    )


def _overlaps(events: Iterable[CalendarEvent]) -> int:
    """How many events, by start, begin before an earlier one has ended."""
    count = 0
    busy_until = datetime.min.replace(tzinfo=UTC)
    for event in events:
        if event.start < busy_until:
            count += 1
        if event.end > busy_until:
            busy_until = event.end
    return count


def _outside(events: Sequence[CalendarEvent], work: WorkOptions, zone: str) -> int:
    """How many events, by start, begin outside working hours."""
    if not events:
        return 0
    day = day_of(events[0].start, zone) - DAY  # a night shift began the day before
    days = (day_of(events[-1].start, zone) - day).days + 1
    hours = union([span for offset in range(days) for span in working_spans(day + offset * DAY, work, zone)])
    hours.append((_NEVER, _NEVER))
    outside = place = 0
    begin, end = hours[place]
    for event in events:
        while end <= event.start:
            place += 1
            begin, end = hours[place]
        outside += event.start < begin
    return outside
