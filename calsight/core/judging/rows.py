"""The table of docs/meaning.md, one rule a row, and what a rule may look at.

The rules are asked in order; the first that fits decides. What a rule may look at is a `Case`: the event, who was there, and
the few facts that no single entry tells (whether its calendar ever names people, when the owner was away, who may be
somebody's delegate).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time, timedelta
from typing import NamedTuple

from calsight.core.judging.titles import Titles
from calsight.core.model.events import CalendarEvent, EventType, ShowAs, Status
from calsight.core.model.meetings import Kind, Mode
from calsight.core.model.repeats import SHORTEST_DAY
from calsight.core.people.presence import Presence
from calsight.core.time.zones import zone_or_utc

LEAVE_HOURS = timedelta(hours=4)  # shorter than this, no title makes an entry an absence
WORKING_DAY = timedelta(hours=10)  # what is longer is no meeting, whoever is on its list


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an event is, and why. `inferred`: a title settled it, because no list could."""

    kind: Kind
    reason: str
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One event with all that a rule may look at."""

    event: CalendarEvent
    presence: Presence
    mode: Mode
    says: Titles
    strict: bool
    away: Callable[[CalendarEvent], bool]

    @property
    def alone(self) -> bool:
        """Nobody but the owner is in it."""
        return self.presence.company == 0


class Row(NamedTuple):
    """One line of the table. `number` is its row in docs/meaning.md, `asks` is the code of the question that it asks."""

    number: int
    verdict: Verdict
    asks: str
    fits: Callable[[Case], bool]


def _row(number: int, kind: Kind, reason: str, fits: Callable[[Case], bool], *, inferred: bool = False) -> Row:
    return Row(number, Verdict(kind, reason, inferred), f"rule_{reason}", fits)


# The conditions, in the order of the table.


def _cancelled(case: Case) -> bool:
    return case.event.status is Status.CANCELLED or case.says.cancelled(case.event.title)


def _declined(case: Case) -> bool:
    return case.presence.owner_declined


def _absence(case: Case) -> bool:
    event, presence, says = case.event, case.presence, case.says
    if event.event_type is EventType.OUT_OF_OFFICE:
        return True
    lasts, all_day = event.end - event.start, is_all_day(event)
    theirs = presence.organizer is not None or (bool(presence.groups) and presence.organised_by_me is False)
    if event.show_as is ShowAs.OUT_OF_OFFICE and (case.alone or all_day or lasts > WORKING_DAY):
        return not (theirs and says.speaks_of_leave(event.title) and not says.leave(event.title))
    if theirs or not (all_day or lasts >= LEAVE_HOURS) or not says.leave(event.title):
        return False
    return event.show_as is not ShowAs.FREE or not says.busy(event.title)  # "Free" of a view of free and busy times


def _focus(case: Case) -> bool:
    return case.event.event_type is EventType.FOCUS_TIME and case.alone


def _marker(case: Case) -> bool:
    event = case.event
    marked = event.event_type in _MARKERS or event.show_as is ShowAs.WORKING_ELSEWHERE
    return marked and case.alone


_MARKERS = frozenset({EventType.WORKING_LOCATION, EventType.BIRTHDAY})


def _all_day(case: Case) -> bool:
    return is_all_day(case.event)


def _free(case: Case) -> bool:
    presence = case.presence
    return case.event.show_as is ShowAs.FREE and presence.organised_by_me is not True and not presence.owner_accepted


def _no_duration(case: Case) -> bool:
    return case.event.end <= case.event.start


def _not_attending(case: Case) -> bool:
    presence = case.presence
    return (
        case.event.calendar.organizer_listed is True
        and presence.organised_by_me is True
        and not presence.owner_listed
        and presence.company + len(presence.declined) > 1  # with one guest the owner is the other half
    )


def _during_absence(case: Case) -> bool:
    return case.away(case.event)


def _titled(case: Case) -> bool:
    return not case.presence.lists_others and case.says.one_to_one(case.event.title) is not None


def _participants_unknown(case: Case) -> bool:
    return case.presence.unknown == "participants_unknown"


def _possible_delegate(case: Case) -> bool:
    return case.presence.unknown == "possible_delegate"


def _automated(case: Case) -> bool:
    return case.presence.unknown == "automated"


def _two_people(case: Case) -> bool:
    return case.presence.company == 1


def _not_accepted(case: Case) -> bool:
    if not case.strict or not _two_people(case):
        return False
    presence = case.presence
    mine = presence.owner_accepted or presence.organised_by_me is True or not presence.owner_listed
    return not (mine and all(person.id in presence.accepted for person in presence.others))


def _many_remote(case: Case) -> bool:
    return case.presence.company > 1 and case.mode is Mode.REMOTE


def _many(case: Case) -> bool:
    return case.presence.company > 1


def _alone(case: Case) -> bool:
    return case.alone


# fmt: off
#: The table. Rule plugins are asked after row 2.
ROWS: tuple[Row, ...] = (
    _row(1, Kind.EXCLUDED, "cancelled", _cancelled),
    _row(2, Kind.EXCLUDED, "declined", _declined),
    _row(3, Kind.ABSENCE, "out_of_office", _absence),
    _row(4, Kind.SOLO, "focus_time", _focus),
    _row(4, Kind.EXCLUDED, "marker", _marker),
    _row(5, Kind.EXCLUDED, "all_day", _all_day),
    _row(6, Kind.EXCLUDED, "free", _free),
    _row(7, Kind.EXCLUDED, "no_duration", _no_duration),
    _row(8, Kind.EXCLUDED, "not_attending", _not_attending),
    _row(9, Kind.EXCLUDED, "during_absence", _during_absence),
    _row(10, Kind.ONE_TO_ONE, "title_says_so", _titled, inferred=True),
    _row(11, Kind.UNKNOWN, "participants_unknown", _participants_unknown),
    _row(11, Kind.UNKNOWN, "possible_delegate", _possible_delegate),
    _row(11, Kind.UNKNOWN, "automated", _automated),
    _row(12, Kind.SOLO, "alone", _alone),
    _row(13, Kind.EXCLUDED, "not_accepted", _not_accepted),
    _row(13, Kind.ONE_TO_ONE, "two_people", _two_people),
    _row(14, Kind.CONFERENCE_CALL, "many_people_remote", _many_remote),
    _row(15, Kind.GROUP, "many_people", _many),
)
# fmt: on
#: How many rows come before the rule plugins.
BEFORE_PLUGINS = 2

#: What a rule plugin is; None leaves the entry to the next rule.
Rule = Callable[[CalendarEvent, Presence], Verdict | None]


def is_all_day(event: CalendarEvent) -> bool:
    """Whether an event has dates, or runs from midnight to midnight in its own zone."""
    if event.all_day:
        return True
    if event.end - event.start < SHORTEST_DAY:
        return False
    zone = zone_or_utc(event.zone)
    start, end = event.start.astimezone(zone), event.end.astimezone(zone)
    midnight = time()
    return start.time() == midnight and end.time() == midnight
