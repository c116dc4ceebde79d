"""The choices that a calendar shows: towards people, or away from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from calsight.core.model.events import CalendarEvent, PartStat
from calsight.core.model.events import Status as EventStatus
from calsight.core.model.meetings import Kind, Meeting, Scope
from calsight.core.model.options import SituationOptions
from calsight.core.model.report import SituationInput
from calsight.core.people.directory import Directory
from calsight.core.people.directory import Role as Line
from calsight.core.time.intervals import Spans

_MIN_CHOICES_OF_A_PART = 2
#: Who makes an entry one with other people.
_OTHERS = (Line.PERSON, Line.GROUP, Line.NAMELESS)


class Choices(NamedTuple):
    """How often one kind of choice went towards people, and how often away from them."""

    towards: int = 0
    away: int = 0

    @property
    def total(self) -> int:
        """Both."""
        return self.towards + self.away


class ForTwo(NamedTuple):
    """An entry that names exactly one other person, whatever came of it.

    mine       the owner organises it
    accepted   whether the owner accepted it; None where they did neither
    """

    meeting: Meeting
    mine: bool
    accepted: bool | None


def for_two(seen: Iterable[Meeting], directory: Directory) -> list[ForTwo]:
    """The entries among `seen` that name exactly one other person."""
    # Most occurrences of a series share their lists.
    known: dict[tuple[int, int, int], tuple[bool, bool | None] | None] = {}
    found = []
    for meeting in seen:
        if len(meeting.counterparts) > 1:  # most; of the rest it depends on who declined
            continue
        event = meeting.event
        lists = (id(event.attendees), id(event.organizer), id(event.calendar))
        if lists not in known:
            told = (_mine(event, directory), _answer(event, directory)) if _one_other(event, directory) else None
            known[lists] = told
        told = known[lists]
        if told is not None:
            found.append(ForTwo(meeting, *told))
    return found


def cancelled_by_others(entries: Iterable[ForTwo]) -> int:
    """How many one-to-ones that someone else organised were cancelled."""
    return sum(not one.mine and one.meeting.event.status is EventStatus.CANCELLED for one in entries)


def interest_of(
    seen: Iterable[Meeting], entries: Sequence[ForTwo], absences: Spans, options: SituationOptions
) -> SituationInput:
    """The share of the owner's choices that go towards people: the mean of the parts that are known.

    `entries` are those `for_two` among the meetings that were `seen`.
    """
    parts = {
        "arranging": _arranging(seen),
        "accepting": _accepting(entries, absences),
        "moving": _moving(entries, absences),
    }
    known = [part for part in parts.values() if part.total >= _MIN_CHOICES_OF_A_PART]
    choices = sum(part.total for part in known)
    return SituationInput(
        value=sum(part.towards / part.total for part in known) / len(known) if known else None,
        cut=options.interest_cut,
        known=choices >= options.min_choices,
        details={"choices": choices}
        | {name: {"towards": part.towards, "away": part.away} for name, part in parts.items()},
    )


def _arranging(seen: Iterable[Meeting]) -> Choices:
    """One-to-ones that the owner arranged, against those arranged by others. A series is one act."""
    acts: dict[str, bool] = {}
    one_to_one, personal = Kind.ONE_TO_ONE, Scope.PERSONAL
    for meeting in seen:
        if meeting.kind is one_to_one and meeting.scope is not personal and meeting.organised_by_me is not None:
            acts[meeting.event.series or meeting.event.key] = meeting.organised_by_me
    return Choices(sum(acts.values()), len(acts) - sum(acts.values()))


def _accepting(entries: Iterable[ForTwo], absences: Spans) -> Choices:
    """Invitations to a one-to-one accepted, against those declined; a series counts as the owner mostly answered it.

    What falls into an absence is declined for that, not for lack of interest.
    """
    answers: dict[str, list[bool]] = defaultdict(list)
    for one in entries:
        if not one.mine and one.accepted is not None and not _inside(one.meeting, absences):
            answers[one.meeting.event.series or one.meeting.event.key].append(one.accepted)
    accepted = sum(2 * sum(given) >= len(given) for given in answers.values())
    return Choices(accepted, len(answers) - accepted)


def _moving(entries: Iterable[ForTwo], absences: Spans) -> Choices:
    """Occurrences of the owner's own one-to-one series that they moved, against those they cancelled.

    Only in a series are both visible: a single entry that was moved looks like any other.
    """
    moved = cancelled = 0
    for one in entries:
        event = one.meeting.event
        if not one.mine or event.series is None or _inside(one.meeting, absences):
            continue
        gone = event.status is EventStatus.CANCELLED
        cancelled += gone
        moved += not gone and event.original_start is not None and event.original_start != event.start
    return Choices(moved, cancelled)


def _answer(event: CalendarEvent, directory: Directory) -> bool | None:
    """Whether the owner accepted an invitation; None where they did neither."""
    for attendee in event.attendees:
        if directory.see(attendee, event.calendar).role is Line.ME:
            return {PartStat.ACCEPTED: True, PartStat.DECLINED: False}.get(attendee.partstat)
    return None


def _mine(event: CalendarEvent, directory: Directory) -> bool:
    return event.organizer is not None and directory.see(event.organizer, event.calendar).role is Line.ME


def _one_other(event: CalendarEvent, directory: Directory) -> bool:
    """Whether the entry names exactly one other person, whatever came of it."""
    other = None
    for line in event.lines:
        seen = directory.see(line, event.calendar)
        if seen.role in _OTHERS:
            if other is not None and (seen.role, seen.id) != other:
                return False  # two are enough to tell: most entries are for many
            other = (seen.role, seen.id)
    return other is not None and other[0] is Line.PERSON


def _inside(meeting: Meeting, absences: Spans) -> bool:
    return meeting.reason == "during_absence" or absences.hold(meeting.event.start)
