"""What an event becomes: a `Meeting`, with exactly one kind and one reason. The words are those of docs/meaning.md."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from operator import attrgetter
from typing import Any, ClassVar, Literal, TypeAlias

from calsight.core.model.events import CalendarEvent
from calsight.core.model.frozen import quick_maker
from calsight.core.model.order import content_of
from calsight.core.model.vocabulary import Word


class Kind(Word):
    """What a calendar entry is."""

    ONE_TO_ONE = "one_to_one"
    GROUP = "group"
    CONFERENCE_CALL = "conference_call"
    SOLO = "solo"
    ABSENCE = "absence"
    UNKNOWN = "unknown"
    EXCLUDED = "excluded"


#: The kinds in which the owner met someone.
WITH_PEOPLE = frozenset({Kind.ONE_TO_ONE, Kind.GROUP, Kind.CONFERENCE_CALL})


#: The reason of an entry that the owner judged themselves.
YOU_SAID = "you_said"
#: The reason of an entry by which the owner says that they were there, in a time in which nothing else shows it.
WAS_THERE = "was_there"


class Mode(Word):
    """How people met: a separate axis from kind."""

    IN_PERSON = "in_person"
    REMOTE = "remote"
    HYBRID = "hybrid"
    UNSPECIFIED = "unspecified"


class Size(Word):
    """Headcount in words, the owner included: 2-8, 9-50, over 50."""

    SMALL = "small"
    LARGE = "large"
    BROADCAST = "broadcast"


def size_of(headcount: int | None) -> Size | None:
    """Headcount in words; None where it is unknown, or nobody met."""
    if headcount is None or headcount < 2:
        return None
    return Size.SMALL if headcount <= 8 else Size.LARGE if headcount <= 50 else Size.BROADCAST


class Scope(Word):
    """Where the other person of a one-to-one belongs, seen from the owner."""

    ORGANISATION = "organisation"
    INDUSTRY = "industry"
    PERSONAL = "personal"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Person:
    """One human being, however many addresses they have.

    `id` is the canonical address (see `people.canonical_address`), or `name:…` for someone known by name only. `address` is
    "" for the latter.
    """

    id: str
    name: str = ""
    address: str = ""


class DoubtCode(Word):
    """Why a meeting could also be something else (docs/meaning.md, "What a meeting could also be")."""

    UNKNOWN = "unknown"
    COMPANION = "companion"
    SAME_NAME = "same_name"
    PLACE = "place"
    UNTITLED = "untitled"
    UNANSWERED = "unanswered"
    DURING_ABSENCE = "during_absence"
    PERSONAL = "personal"


#: Codes of questions about no meeting: whether the owner was away, and who the owner is.
AWAY = "away"
OWNER = "owner"

CouldBe: TypeAlias = Literal["one_to_one", "none"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a meeting could also be, and why. No doubt changes a kind.

    code       see `DoubtCode`
    could_be   "one_to_one" for what is read as none, "none" for a one-to-one that could be none
    about      the id of the person, or the place, that the doubt hangs on; "" where it is none
    person     with whom it would be a one-to-one; None where nobody knows
    also       the id of the other of two lines that are read as one person ("" where that is the owner), or that always come
               together
    """

    code: DoubtCode
    could_be: CouldBe
    about: str = ""
    person: Person | None = None
    also: str = ""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose calendar it is. `addresses` are canonical, the first is the main one; empty only where no calendar lists anybody.

    `how` says how the owner was found: "given", "source", "detected" or "nobody_listed".
    """

    addresses: tuple[str, ...] = ()
    name: str = ""
    how: str = "given"


@dataclass(frozen=True, slots=True)
class Meeting:
    """One occurrence, judged.

    event            what it was judged from
    kind, reason     exactly one each; reasons are listed in docs/meaning.md (rule plugins may add their own)
    mode             how people met
    headcount        people present, the owner included; None where unknown
    size             headcount in words; None where unknown
    counterparts     everyone present but the owner, sorted by id; () where unknown
    organised_by_me  None where no organizer is named
    held             it ended at or before `as_of`; None for kinds that are not meetings with people
    inferred         a title settled it, because no list could
    scope            of a one-to-one; None for the other kinds
    interview        a one-to-one whose title says that it is an interview
    sources          the names of all calendars that hold it, sorted
    answered         whether the owner answered the invitation (accepted or tentatively); None where they organise it, or are
                     not on its list
    doubts           what it could also be
    """

    event: CalendarEvent
    kind: Kind
    reason: str
    mode: Mode = Mode.UNSPECIFIED
    headcount: int | None = None
    size: Size | None = None
    counterparts: tuple[Person, ...] = ()
    organised_by_me: bool | None = None
    held: bool | None = None
    inferred: bool = False
    scope: Scope | None = None
    interview: bool = False
    sources: tuple[str, ...] = ()
    answered: bool | None = None
    doubts: tuple[Doubt, ...] = ()

    of: ClassVar[Callable[..., Meeting]]
    """What the constructor gives for the same arguments, several times faster; for whoever makes many."""

    @property
    def could_be(self) -> CouldBe | None:
        """What it could also be, as its first doubt says; None where it is without doubt what its kind says."""
        return self.doubts[0].could_be if self.doubts else None

    @property
    def start(self) -> datetime:
        """The event's start (UTC)."""
        return self.event.start

    @property
    def end(self) -> datetime:
        """The event's end (UTC)."""
        return self.event.end

    def record(self) -> dict[str, Any]:
        """The meeting as one flat row, for tables: the keys of `meetings --json-lines` and `minutes`, in a stable order.

        Moments are aware, in UTC; unknown is None; `counterparts` are addresses, or names of those who have none.
        """
        event = self.event
        return {
            "source": event.calendar.name,
            "uid": event.uid,
            "original_start": event.original_start,
            "start": event.start,
            "end": event.end,
            "all_day": event.all_day,
            "minutes": event.duration.total_seconds() / 60,
            "title": event.title,
            "kind": str(self.kind),
            "reason": self.reason,
            "mode": str(self.mode),
            "size": None if self.size is None else str(self.size),
            "headcount": self.headcount,
            "counterparts": tuple(person.address or person.name for person in self.counterparts),
            "organised_by_me": self.organised_by_me,
            "held": self.held,
            "inferred": self.inferred,
            "scope": None if self.scope is None else str(self.scope),
            "doubts": tuple(str(doubt.code) for doubt in self.doubts),
            "could_be": self.could_be,
        }


Meeting.of = quick_maker(Meeting)


def in_order(meetings: Sequence[Meeting]) -> list[Meeting]:
    """The meetings in the order of `order_of` their events."""
    return [meetings[place] for place in order_of([meeting.event for meeting in meetings])]


def order_of(events: Sequence[CalendarEvent]) -> list[int]:
    """The places of the events by their start, end and UID, then by key, calendar, title and all else that they say.

    Nothing depends on the order in which they were read. The rest is costly: only those are asked for it that nothing before
    it tells apart.
    """
    marks = [(event.start, event.end, event.uid) for event in events]
    mark_of = marks.__getitem__
    order = sorted(range(len(marks)), key=mark_of)
    for mark in {marks[one] for one, other in pairwise(order) if marks[one] == marks[other]}:
        begin, end = bisect_left(order, mark, key=mark_of), bisect_right(order, mark, key=mark_of)
        order[begin:end] = sorted(
            order[begin:end], key=lambda place: (_told_apart(events[place]), content_of(events[place]))
        )
    return order


_told_apart = attrgetter("key", "calendar.id", "title")
