"""What a connector yields.

Vocabulary (RFC 5545 unless said otherwise):

event       one *occurrence* of a calendar entry. Recurrence is already expanded.
series      the recurring entry that an occurrence belongs to.
original start   where the series' rule puts the occurrence (RECURRENCE-ID); it stays when the occurrence is moved.
calendar    what the event was read from, with what is known of the whole: its zone, its owner, its last sign of life.

Times are aware and in UTC; the zone that people saw is kept beside them. Intervals are half-open. Everything is frozen, so
one `Attendee` or `Calendar` is shared by all the events that name it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import ClassVar

from calsight.core.model.frozen import quick_maker
from calsight.core.model.vocabulary import Word


class PartStat(Word):
    """How an attendee answered."""

    NEEDS_ACTION = "needs_action"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    DELEGATED = "delegated"


class CuType(Word):
    """What an attendee is, as its calendar says."""

    INDIVIDUAL = "individual"
    GROUP = "group"
    RESOURCE = "resource"
    ROOM = "room"
    UNKNOWN = "unknown"


#: What an attendee is that is no person.
PLACES = frozenset({CuType.ROOM, CuType.RESOURCE})


class Status(Word):
    """Whether the event stands."""

    CONFIRMED = "confirmed"
    TENTATIVE = "tentative"
    CANCELLED = "cancelled"


class ShowAs(Word):
    """What the event does to its owner's free/busy time (Graph's `showAs`; TRANSP and Microsoft's busy status in ICS)."""

    BUSY = "busy"
    FREE = "free"
    TENTATIVE = "tentative"
    OUT_OF_OFFICE = "oof"
    WORKING_ELSEWHERE = "working_elsewhere"


class EventType(Word):
    """What an event is for, where the source says so (Google's `eventType`)."""

    DEFAULT = "default"
    OUT_OF_OFFICE = "out_of_office"
    FOCUS_TIME = "focus_time"
    WORKING_LOCATION = "working_location"
    BIRTHDAY = "birthday"


@dataclass(frozen=True, slots=True)
class Attendee:
    """One line of an invitation: a person, a room, a group address or a machine.

    `address` is as the source gives it, without `mailto:`; it may be empty or not an e-mail address (an X.500 name).
    `is_me` is the source's own word (Google's `self`) that this is the calendar's owner. `guests` counts the unnamed people
    whom this one brings (Google's `additionalGuests`, X-NUM-GUESTS).
    """

    address: str = ""
    name: str = ""
    partstat: PartStat = PartStat.NEEDS_ACTION
    cutype: CuType = CuType.INDIVIDUAL
    optional: bool = False
    is_me: bool = False
    is_organizer: bool = False
    guests: int = 0


@dataclass(frozen=True, slots=True)
class Organizer:
    """Who organises an event. `address` and `is_me` are as in `Attendee`."""

    address: str = ""
    name: str = ""
    is_me: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """What an event was read from, and what the source says of the whole.

    id                 stable within its connector (a path, Google's calendar id)
    name               for people; never holds a secret address
    zone               IANA name, or "" where the source does not say
    owner              addresses that the source itself gives its owner (the signed-in user, the address in an ICS name)
    owner_name         the owner's display name, where the source says so
    organizer_listed   True if an organizer who takes part is among the attendees (Google); False if the list leaves the
                       organizer out (Outlook, Graph); None where the source does not settle it
    names_people       True if some entry of the *whole* calendar, inside the window or not, lists two different people; None
                       if the connector cannot tell (then the events decide)
    last_sign          the source's last sign of life: the time of fetch for an API; for a file the newest of all its DTSTAMP,
                       CREATED and LAST-MODIFIED, never a start (an appointment next year says nothing of last month; the
                       pipeline itself adds the starts of single entries up to `as_of`)
    producer           who wrote it (PRODID, "google", "graph")
    """

    id: str = ""
    name: str = ""
    zone: str = ""
    owner: tuple[str, ...] = ()
    owner_name: str = ""
    organizer_listed: bool | None = None
    names_people: bool | None = None
    last_sign: datetime | None = None
    producer: str = ""


NO_CALENDAR = Calendar()
#: What the owner's own corrections add to their calendars is read from.
NOTES = Calendar(id="calsight-corrections", name="your corrections")


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One occurrence.

    uid               RFC 5545 UID (Google's and Graph's iCalUID); shared by the occurrences of a series
    start, end        aware, UTC, half-open. An all-day event runs from midnight to midnight in `zone`
    all_day           the source gave dates, not times
    zone              IANA name of the zone in which people saw the event; "" for plain UTC
    organizer         None where the source names none
    series            None for a single entry; else an id shared by its occurrences
    original_start    for an occurrence of a series: where the rule puts it (UTC); None for single entries
    show_as           see `ShowAs`
    event_type        see `EventType`
    location          as written
    conference        join links and dial-in numbers: of structured fields, and of the description through
                      `calsight.conference_links`. (The description itself is not kept: calsight needs no more of it.)
    private           marked private or confidential
    participants_hidden   the source hides or drops participants (Google's `attendeesOmitted` or hidden guests, Graph's
                      `hideAttendees`, free/busy-only access, a published calendar's entry without attendees): who was there
                      is unknown, which is not nobody
    sequence          revision number (SEQUENCE)
    created, updated  when the entry was made and last touched (UTC); None where unknown
    id                the connector's own id of this occurrence within its calendar, where it has one
    calendar          what it was read from; one object shared by all events of a calendar
    """

    uid: str
    start: datetime
    end: datetime
    all_day: bool = False
    zone: str = ""
    title: str = ""
    organizer: Organizer | None = None
    attendees: tuple[Attendee, ...] = ()
    series: str | None = None
    original_start: datetime | None = None
    status: Status = Status.CONFIRMED
    show_as: ShowAs = ShowAs.BUSY
    event_type: EventType = EventType.DEFAULT
    location: str = ""
    conference: tuple[str, ...] = ()
    private: bool = False
    participants_hidden: bool = False
    sequence: int = 0
    created: datetime | None = None
    updated: datetime | None = None
    id: str = ""
    calendar: Calendar = NO_CALENDAR

    of: ClassVar[Callable[..., CalendarEvent]]
    """What the constructor gives for the same arguments, several times faster; for connectors, which make many."""

    @property
    def key(self) -> str:
        """What identifies this occurrence within its calendar: the connector's id, else UID and original start."""
        if self.id:
            return self.id
        anchor = self.original_start or self.start
        moment = anchor.isoformat().replace("-", "").replace(":", "")[:15]  # strftime takes ten times as long
        return f"{self.uid}/{moment}Z"

    @property
    def lines(self) -> tuple[Attendee | Organizer, ...]:
        """All that its invitation names: the attendees and, last, the organizer where there is one."""
        return self.attendees if self.organizer is None else (*self.attendees, self.organizer)

    @property
    def duration(self) -> timedelta:
        """How long it takes (real time, so right across a clock change)."""
        return self.end - self.start

    def repeated(self, times: Iterable[tuple[datetime, datetime]]) -> list[CalendarEvent]:
        """The occurrences of the same series at other times, each where the rule puts it: `times` are starts and ends."""
        make, before, after = CalendarEvent.of, _after_times(self), _after_original(self)
        return [make(self.uid, start, end, *before, start, *after) for start, end in times]


_NAMES = [each.name for each in fields(CalendarEvent)]
_ORIGINAL = _NAMES.index("original_start")
_after_times = attrgetter(*_NAMES[_NAMES.index("end") + 1 : _ORIGINAL])
_after_original = attrgetter(*_NAMES[_ORIGINAL + 1 :])
CalendarEvent.of = quick_maker(CalendarEvent)


@dataclass(frozen=True, slots=True)
class Window:
    """A half-open span of time, `start <= t < end`, aware and in UTC. An event belongs to it by its start.

    Examples:
        >>> from datetime import UTC, datetime
        >>> datetime(2026, 2, 1, tzinfo=UTC) in Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
        False
    """

    start: datetime
    end: datetime

    def __contains__(self, moment: datetime) -> bool:
        return self.start <= moment < self.end

    def overlaps(self, start: datetime, end: datetime) -> bool:
        """Whether any part of the span from `start` to `end` lies in it; of one without length, its start."""
        return start < self.end and (self.start < end or self.start <= start)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read or used, set aside with its cause; the rest goes on.

    code      stable, for programs ("bad_entry", "unreadable_file", "endless_rule", …)
    text      one plain sentence: what, why, and the next step where there is one. It may name a UID or a file, never a title,
              an address or a token
    source    the calendar's name
    uid       the entry's UID, "" where there is none
    count     how many entries it cost
    day       the day on which the entry seems to be, where that can still be read and it does not recur
    """

    code: str
    text: str
    source: str = ""
    uid: str = ""
    count: int = 1
    day: date | None = None
