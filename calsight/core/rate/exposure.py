"""The time in which one could have met, week by week, with its evidence (docs/meaning.md, "From meeting to interaction").

Exposure is working time less leave and public holidays, as a share of a full working week of the owner's. It begins in the
first week that shows the calendar in use with other people, and ends at the frame's `now`. A working week in which nothing
shows that the owner was there has none: one without an entry of theirs, and one of a stretch that is silent by contrast with
their other weeks (`silence`). A week's exposure shrinks by the share of its meetings whose participants are unknown. What is
taken out is a set of moments, so nothing is taken out twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from calsight.core.model.events import Window
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import WAS_THERE, WITH_PEOPLE, YOU_SAID, Kind, Meeting
from calsight.core.rate.count import Count, count
from calsight.core.rate.overlaps import countable_one_to_ones
from calsight.core.rate.silence import Stretch, signs_of_presence, silent_stretches
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
    silent        there was working time, and nothing shows that the owner was there; exposure is 0
    asked         silent only by contrast with the other weeks, although entries stand in it: the owner is asked
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
    asked: bool
    unknown: float
    one_to_ones: int
    with_people: bool
    hours: Mapping[Kind, float]


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is known of the rest of the current week, and of the two full weeks after it.

    working  working time free of leave, as shares of a full week
    booked   one-to-ones that stand in the calendar already and would count
    """

    working: tuple[float, float, float] = (0.0, 1.0, 1.0)
    booked: tuple[int, int, int] = (0, 0, 0)


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
    stretches      the Mondays of weeks that are silent by contrast, stretch by stretch
    absences       the owner's, inside the window or not, as a union
    seen           the meetings that start inside the window, and not after `now`, week by week
    counted        the one-to-ones among them that count, by start
    count          how many one-to-ones were held, and how many of them the rate counts
    ahead          the rest of the current week, and the two weeks after it
    """

    weeks: tuple[WeekFacts, ...]
    total: float
    silent_weeks: int
    absence_weeks: float
    known: int
    unknown: int
    first: date | None
    stretches: tuple[Stretch, ...] = ()
    absences: tuple[Span, ...] = field(default=(), repr=False)
    seen: tuple[Meeting, ...] = field(default=(), repr=False, compare=False)
    counted: tuple[Meeting, ...] = field(default=(), repr=False)
    count: Count = field(default_factory=Count)
    ahead: Ahead = field(default=Ahead(), compare=False)


def measure(meetings: Sequence[Meeting], frame: Frame) -> Exposure:
    """The exposure of the frame's owner over its window, up to its `now`.

    `meetings` are all the owner's, of every kind; those outside the window are left alone.
    """
    window, zone, end = frame.window, frame.zone, frame.now
    whole_weeks = by_week(meetings, zone)
    inside = {
        monday: members if _lies_in(monday, window.start, end, zone) else _seen_of(members, window, end)
        for monday, members in whole_weeks.items()
    }
    counted = _seen_of(countable_one_to_ones(meetings), window, end)
    first = min((monday for monday, members in inside.items() if any(map(_involves_others, members))), default=None)
    absence = Kind.ABSENCE
    absences = union([(m.start, m.end) for m in meetings if m.kind is absence])
    begin = end if first is None else max(window.start, midnight(first, zone))
    times = {monday: _times(monday, begin, absences, frame) for monday in _mondays(window, frame.as_of, zone)}
    working = {monday: time.working for monday, time in times.items()}
    stretches = _stretches(meetings, working, frame)
    touched = _touched(whole_weeks, _foreign_calendars(meetings), zone)
    asked = {monday for stretch in stretches for monday in stretch}
    participants = {monday: _participants(members) for monday, members in inside.items()}
    y = {monday: len(members) for monday, members in by_week(counted, zone).items()}

    weeks = []
    for monday, time in times.items():
        members = inside.get(monday, [])
        known, unknown = participants.get(monday, (0, 0))
        share = unknown / (known + unknown) if unknown else 0.0
        silent = time.working > 0 and (monday not in touched or monday in asked)
        hours = hours_by_kind(members, end)
        if time.taken:
            hours[Kind.ABSENCE] = time.taken / _HOUR
        weeks.append(
            WeekFacts(
                week=monday,
                exposure=0.0 if silent else time.working * (1.0 - share),
                working=time.working,
                absence=time.absence,
                silent=silent,
                asked=silent and monday in touched,
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
        stretches=tuple(kept for each in stretches if (kept := tuple(m for m in each if m in touched))),
        absences=tuple(absences),
        seen=tuple([meeting for members in inside.values() for meeting in members]),
        counted=tuple(counted),
        count=count(meetings, counted, {week.week: week.exposure for week in weeks}, frame),
        ahead=_ahead(meetings, absences, frame),
    )


def _ahead(meetings: Sequence[Meeting], absences: Sequence[Span], frame: Frame) -> Ahead:
    zone, now = frame.zone, frame.now
    current = week_of(last_day_before(now, zone))
    mondays = [current, current + WEEK, current + 2 * WEEK]
    over = midnight(current + 3 * WEEK, zone)
    later = replace(frame, window=Window(now, over), as_of=over, last_sign=None)
    coming = [
        replace(m, held=True)
        for m in meetings
        if m.kind is Kind.ONE_TO_ONE and not m.held and m.event.end > frame.as_of and now < m.event.start < over
    ]
    booked = by_week(countable_one_to_ones(coming), zone)
    first, second, third = (
        (_times(monday, now, absences, later).working, len(booked.get(monday, ()))) for monday in mondays
    )
    return Ahead((first[0], second[0], third[0]), (first[1], second[1], third[1]))


@dataclass(frozen=True, slots=True)
class _Times:
    """The working time of one week: free of leave, and not, as shares of a full week; and how much leave took of it."""

    working: float
    absence: float
    taken: timedelta


def _times(monday: date, begin: datetime, absences: Sequence[Span], frame: Frame) -> _Times:
    zone, end, options = frame.zone, frame.now, frame.options.work
    days = week_days(monday)
    usual = clip([span for day in days for span in usual_spans(day, options, zone)], begin, end)
    worked = clip([span for day in days for span in working_spans(day, options, zone)], begin, end)
    free = subtract(worked, absences)
    full = full_week(options)
    return _Times(
        working=min(1.0, length(free) / full) if full else 0.0,
        absence=min(1.0, (length(usual) - length(free)) / full) if full else 0.0,
        taken=length(worked) - length(free),
    )


def _stretches(meetings: Sequence[Meeting], working: Mapping[date, float], frame: Frame) -> list[Stretch]:
    """The stretches of weeks that are silent by contrast, without those in which the owner says that they were there."""
    signs = signs_of_presence(meetings, until=frame.now, zone=frame.zone)
    there = {monday_of(m.event.start, frame.zone) for m in meetings if m.reason == WAS_THERE}
    stretches = silent_stretches(signs, working)
    return [left for stretch in stretches if (left := tuple(monday for monday in stretch if monday not in there))]


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


def _touched(by_week: Mapping[date, Iterable[Meeting]], foreign: Set[int], zone: str) -> set[date]:
    """The weeks in which an entry of the owner's lies, wholly or partly; given all entries by the week in which they begin.

    What stands there by itself does not count: markers (working location, birthdays), declined and cancelled entries, repeating
    blocks of their own, and `foreign` calendars (by `id`). What is still to come in the current week does: the calendar is in
    use.
    """
    touched: set[date] = set()
    for monday, members in by_week.items():
        of_use = [
            m for m in members if m.reason == WAS_THERE or (_shows_use(m) and id(m.event.calendar) not in foreign)
        ]
        if of_use:
            touched.add(monday)
        over = midnight(monday + WEEK, zone)
        for end in {m.event.end for m in of_use if m.event.end > over}:
            last = week_of(last_day_before(end, zone))
            touched.update(monday + WEEK * weeks for weeks in range(1, (last - monday) // WEEK + 1))
    return touched


def _shows_use(meeting: Meeting) -> bool:
    """Whether somebody must have looked after the calendar for this entry to stand there."""
    if meeting.reason in _BY_ITSELF:
        return False
    alone = meeting.kind is Kind.SOLO or meeting.reason == "all_day"
    return not (alone and meeting.event.series is not None and not meeting.counterparts)


_BY_ITSELF = frozenset({"marker", "cancelled", "declined"})


def _foreign_calendars(meetings: Iterable[Meeting]) -> set[int]:
    """Calendars (by `id`) in which nobody but the owner ever is, beside one in which others are.

    Holidays, birthdays, bin collection, to which somebody subscribed: they go on whoever is there.
    """
    with_others: dict[int, bool] = {}
    for meeting in meetings:
        place = id(meeting.event.calendar)
        with_others[place] = with_others.get(place, False) or _involves_others(meeting)
    return {place for place, others in with_others.items() if not others} if any(with_others.values()) else set()


def _involves_others(meeting: Meeting) -> bool:
    return meeting.kind in WITH_PEOPLE or meeting.kind is Kind.UNKNOWN or bool(meeting.counterparts)


def _participants(meetings: Iterable[Meeting]) -> tuple[int, int]:
    """How many meetings have known participants, and how many unknown.

    Those of which the owner says that they were no one-to-ones are neither: nothing is left to know.
    """
    kinds = Counter(m.kind for m in meetings if m.reason != YOU_SAID or m.kind is not Kind.UNKNOWN)
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
