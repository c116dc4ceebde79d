"""The time in which one could have met, week by week, with its evidence (docs/meaning.md, "From meeting to interaction").

Exposure is working time less leave and public holidays, as a share of a full working week of the owner's. It begins in the
first week that shows the calendar in use with other people, and ends at the frame's `now`. A working week without a single
entry has none; a week's exposure shrinks by the share of its meetings whose participants are unknown. What is taken out is a
set of moments, so nothing is taken out twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from calsight.core.model.events import Window
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import WITH_PEOPLE, Kind, Meeting
from calsight.core.rate.overlaps import countable_one_to_ones
from calsight.core.time.days import WEEK, last_day_before, midnight, monday_of, week_days, week_of
from calsight.core.time.intervals import Span, clip, length, subtract, union
from calsight.core.time.working import full_week, usual_spans, working_spans

_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """One ISO week of the owner's.

    week          its Monday, in the owner's zone
    exposure      0 to 1: working time that was free of leave, times the share of meetings whose participants are known
    working       0 to 1: working time free of leave inside the window, before that share is applied
    absence       0 to 1: working time taken by absences, public holidays and days off
    silent        there was working time, and not a single entry; exposure is 0
    unknown       share of its meetings whose participants are unknown
    one_to_ones   held one-to-ones that count
    with_people   whether a meeting with other people, known ones, was held
    hours         hours of entries that were held or are past, by kind (of absences: the working hours they took)
    """

    week: date
    exposure: float
    working: float
    absence: float
    silent: bool
    unknown: float
    one_to_ones: int
    with_people: bool
    hours: Mapping[Kind, float]


@dataclass(frozen=True, slots=True)
class Exposure:
    """All weeks of the window up to `as_of`, and their totals.

    weeks          every ISO week that the window touches, in order; exposed or not
    total          exposure in full working weeks
    silent_weeks   how many weeks are silent
    absence_weeks  leave, public holidays and days off, in full working weeks
    known          how many meetings of the window, up to `now`, have known participants
    unknown        how many have unknown ones
    first          Monday of the first week that counts; None where no entry involves anybody
    absences       the owner's, inside the window or not, as a union
    seen           the meetings that start inside the window, and not after `now`, week by week
    counted        the one-to-ones among them that count, by start
    """

    weeks: tuple[WeekFacts, ...]
    total: float
    silent_weeks: int
    absence_weeks: float
    known: int
    unknown: int
    first: date | None
    absences: tuple[Span, ...] = field(default=(), repr=False)
    seen: tuple[Meeting, ...] = field(default=(), repr=False, compare=False)
    counted: tuple[Meeting, ...] = field(default=(), repr=False)


def measure(meetings: Sequence[Meeting], frame: Frame) -> Exposure:
    """The exposure of the frame's owner over its window, up to its `now`.

    `meetings` are all the owner's, of every kind; those outside the window are left alone.
    """
    window, zone, end, options = frame.window, frame.zone, frame.now, frame.options.work
    mondays = _mondays(window, frame.as_of, zone)
    whole_weeks = by_week(meetings, zone)
    inside = {
        monday: members if _lies_in(monday, window.start, end, zone) else _seen_of(members, window, end)
        for monday, members in whole_weeks.items()
    }
    counted = _seen_of(countable_one_to_ones(meetings), window, end)
    y = {monday: len(members) for monday, members in by_week(counted, zone).items()}
    first = min((monday for monday, members in inside.items() if any(map(_involves_others, members))), default=None)
    begin = end if first is None else max(window.start, midnight(first, zone))
    absence = Kind.ABSENCE
    absences = union([(m.start, m.end) for m in meetings if m.kind is absence])
    touched = _touched(whole_weeks, zone)
    full = full_week(options)

    participants = {monday: _participants(members) for monday, members in inside.items()}

    weeks = []
    for monday in mondays:
        members = inside.get(monday, [])
        days = week_days(monday)
        usual = clip([span for day in days for span in usual_spans(day, options, zone)], begin, end)
        worked = clip([span for day in days for span in working_spans(day, options, zone)], begin, end)
        free = subtract(worked, absences)
        working = min(1.0, length(free) / full) if full else 0.0
        known, unknown = participants.get(monday, (0, 0))
        share = unknown / (known + unknown) if unknown else 0.0
        silent = working > 0 and monday not in touched
        hours = hours_by_kind(members, end)
        if taken := length(worked) - length(free):
            hours[Kind.ABSENCE] = taken / _HOUR
        weeks.append(
            WeekFacts(
                week=monday,
                exposure=0.0 if silent else working * (1.0 - share),
                working=working,
                absence=min(1.0, (length(usual) - length(free)) / full) if full else 0.0,
                silent=silent,
                unknown=share,
                one_to_ones=y.get(monday, 0),
                with_people=any(m.kind in WITH_PEOPLE and m.held for m in members),
                hours=hours,
            )
        )

    return Exposure(
        weeks=tuple(weeks),
        total=sum(week.exposure for week in weeks),
        silent_weeks=sum(week.silent for week in weeks),
        absence_weeks=sum(week.absence for week in weeks),
        known=sum(known for known, _ in participants.values()),
        unknown=sum(unknown for _, unknown in participants.values()),
        first=first,
        absences=tuple(absences),
        seen=tuple([meeting for members in inside.values() for meeting in members]),
        counted=tuple(counted),
    )


def _seen_of(meetings: Iterable[Meeting], window: Window, end: datetime) -> list[Meeting]:
    """The meetings that start inside the window, and not after `end`."""
    first, stop = window.start, window.end
    return [m for m in meetings if first <= (start := m.event.start) < stop and start <= end]


def _mondays(window: Window, as_of: datetime, zone: str) -> list[date]:
    monday, stop = monday_of(window.start, zone), min(window.end, as_of)
    mondays = []
    while midnight(monday, zone) < stop:
        mondays.append(monday)
        monday += WEEK
    return mondays


def _lies_in(monday: date, begin: datetime, end: datetime, zone: str) -> bool:
    """Whether the whole week does."""
    return begin <= midnight(monday, zone) and midnight(monday + WEEK, zone) <= end


def by_week(meetings: Iterable[Meeting], zone: str) -> dict[date, list[Meeting]]:
    """The meetings by the Monday of the week in which they begin."""
    weeks: dict[date, list[Meeting]] = {}
    members: list[Meeting] = []
    begin = end = datetime.min.replace(tzinfo=UTC)
    for meeting in meetings:
        if not begin <= meeting.event.start < end:  # most begin in the week of the one before
            monday = monday_of(meeting.event.start, zone)
            begin, end = midnight(monday, zone), midnight(monday + WEEK, zone)
            members = weeks.setdefault(monday, [])
        members.append(meeting)
    return weeks


def _touched(by_week: Mapping[date, Iterable[Meeting]], zone: str) -> set[date]:
    """The weeks in which an entry lies, wholly or partly; given all entries by the week in which they begin.

    Markers (working location, birthdays) do not count: calendars write them by themselves, year after year. What is still to
    come in the current week does: the calendar is in use.
    """
    touched: set[date] = set()
    for monday, members in by_week.items():
        if any(m.reason != "marker" for m in members):
            touched.add(monday)
        over = midnight(monday + WEEK, zone)
        for end in {m.event.end for m in members if m.event.end > over and m.reason != "marker"}:
            last = week_of(last_day_before(end, zone))
            touched.update(monday + WEEK * weeks for weeks in range(1, (last - monday) // WEEK + 1))
    return touched


def _involves_others(meeting: Meeting) -> bool:
    return meeting.kind in WITH_PEOPLE or meeting.kind is Kind.UNKNOWN or bool(meeting.counterparts)


def _participants(meetings: Iterable[Meeting]) -> tuple[int, int]:
    """How many meetings have known participants, and how many unknown."""
    kinds = Counter(m.kind for m in meetings)
    return sum(kinds[kind] for kind in WITH_PEOPLE), kinds[Kind.UNKNOWN]


def hours_by_kind(meetings: Iterable[Meeting], end: datetime) -> dict[Kind, float]:
    """The hours of those meetings that ended by `end`. Absences, full of nights and weekends, are left out."""
    lengths: dict[Kind, list[timedelta]] = defaultdict(list)
    for meeting in meetings:
        begin, until = meeting.event.start, meeting.event.end
        if begin < until <= end:
            lengths[meeting.kind].append(until - begin)
    # Summed as time, not as floats: the order of entries must not show.
    return {
        kind: sum(lengths[kind], timedelta()) / _HOUR for kind in Kind if kind in lengths and kind is not Kind.ABSENCE
    }
