"""Meetings by the week in which they begin, and what the entries of a week say of its owner."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from datetime import UTC, date, datetime, timedelta

from calsight.core.model.meetings import WAS_THERE, WITH_PEOPLE, YOU_SAID, Kind, Meeting
from calsight.core.time.days import WEEK, last_day_before, midnight, monday_of, week_of

HOUR = timedelta(hours=1)


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


def weeks_in_use(by_week: Mapping[date, Iterable[Meeting]], foreign: Set[int], zone: str) -> set[date]:
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


def foreign_calendars(meetings: Iterable[Meeting]) -> set[int]:
    """Calendars (by `id`) in which nobody but the owner ever is, beside one in which others are.

    Holidays, birthdays, bin collection, to which somebody subscribed: they go on whoever is there.
    """
    with_others: dict[int, bool] = {}
    for meeting in meetings:
        place = id(meeting.event.calendar)
        with_others[place] = with_others.get(place, False) or involves_others(meeting)
    return {place for place, others in with_others.items() if not others} if any(with_others.values()) else set()


def involves_others(meeting: Meeting) -> bool:
    """Whether somebody besides the owner is in it, or may be."""
    return meeting.kind in WITH_PEOPLE or meeting.kind is Kind.UNKNOWN or bool(meeting.counterparts)


def participants(meetings: Iterable[Meeting]) -> tuple[int, int]:
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
        kind: sum(lengths[kind], timedelta()) / HOUR for kind in Kind if kind in lengths and kind is not Kind.ABSENCE
    }
