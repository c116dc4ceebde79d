"""One mailbox as lines of the table `attendance`: what core says of its entries, without a name or a title.

The table of docs/meaning.md is asked by core, three times for entries that are judged alike: as if nobody else had been there,
as if one other had, and as if several had. Who was there is known better later, from the organiser's own copy; the answer
then is one of these three.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import TYPE_CHECKING

import numpy as np

from calsight.core.judging.bench import Bench
from calsight.core.judging.rows import ROWS, Case, is_all_day
from calsight.core.judging.titles import Titles
from calsight.core.model.events import CalendarEvent, Window
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Kind, Meeting, Owner, Person, Scope
from calsight.core.model.options import Options
from calsight.core.people.addresses import canonical_address
from calsight.core.people.owner import find_owner
from calsight.core.people.presence import Presence, organizer_unknown
from calsight.core.people.roles import Role
from calsight.core.people.unlisted import owner_doubts
from calsight.core.rate.weeks import foreign_calendars
from calsight.core.time.days import midnight
from calsight.core.time.zones import is_zone
from calsight.org.columns import ATTENDANCE, AWAY_ROW, DAY_S, FIRST_MONDAY, REASONS
from calsight.org.people import Member, Members, work_options
from calsight.org.pseudonyms import Key

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FOREVER = datetime(9000, 1, 1, tzinfo=UTC)
_SPAN = Window(datetime(1970, 1, 1, tzinfo=UTC), _FOREVER)
_STRANGERS = (Person("a@stranger.invalid"), Person("b@stranger.invalid"))
_SOME_ONE, _SOME_NONE = 1, 2
_YEARS = (-700_000, 2_900_000)  # days: what says that it is earlier or later is nonsense, and no calendar goes there
_OWN, _START, _DAY = (list(ATTENDANCE).index(name) for name in ("own", "start_s", "day"))


@dataclass(slots=True)
class Lines:
    """Lines of `attendance`, one after the other with its columns in their order, and what is known of each mailbox."""

    numbers: array[int] = field(default_factory=lambda: array("q"))
    mailboxes: list[dict[str, object]] = field(default_factory=list)


class Numbers:
    """The numbers of people and meetings, and the rows that fit (`told`), each worked out once for all mailboxes."""

    def __init__(self, key: Key, members: Members) -> None:
        self._key = key
        self.members = members
        self._known: dict[str, int] = {"": -1}
        self.told: dict[object, tuple[int, int, int]] = {}

    def of(self, identity: str) -> int:
        """The number of an identity: that of the member whose address it is."""
        number = self._known.get(identity)
        if number is None:
            member = self.members.by_address.get(identity)
            number = self._known[identity] = self._key.number(member.id if member else identity)
        return number

    def mark(self, text: str) -> int:
        """The number of a meeting or series."""
        return self._key.mark(text)


def add_mailbox(
    lines: Lines, member: Member, events: Sequence[CalendarEvent], numbers: Numbers, options: Options
) -> None:
    """Add the lines of one mailbox. `options` are the organisation's; what the list says of the member goes over them."""
    zone = member.zone or _zone_of(events)
    work = work_options(
        zone=zone, country=member.country, subdivision=member.subdivision, hours=member.hours, usual=options.work
    )
    people = replace(
        options.people,
        assistants=(*options.people.assistants, *member.assistants),
        aliases={**options.people.aliases, **_aliases(events, numbers.members)},
    )
    owner = find_owner(events, me=member.addresses, owner=options.owner, people=people)
    if not isinstance(owner, Owner):
        owner = Owner(member.addresses)
    frame = Frame(owner, zone, _SPAN, _FOREVER, None, replace(options, work=work, people=people))
    bench = Bench(events, frame)
    meetings = bench.meetings(_FOREVER)
    foreign = foreign_calendars(meetings)
    cases = {id(event): case for event, case in bench.cases()}
    begin = len(lines.numbers)
    writer = _Writer(lines, numbers, bench, numbers.of(member.id))
    for meeting in meetings:
        writer.add(meeting, cases[id(meeting.event)], foreign=id(meeting.event.calendar) in foreign)
    _note_days(lines, begin, zone)
    lines.mailboxes.append(
        {
            "person": numbers.of(member.id),
            "zone": zone,
            "entries": len(meetings),
            "unlisted": int(bool(owner_doubts(bench.directory))),
        }
    )


def _aliases(events: Sequence[CalendarEvent], members: Members) -> dict[str, tuple[str, ...]]:
    """The other addresses of those members who stand on these entries, and have some."""
    if not members.with_aliases:
        return {}
    seen = {canonical_address(line.address) for event in events for line in event.lines}
    found = {members.with_aliases[address] for address in seen if address in members.with_aliases}
    return {main: members.by_address[main].addresses[1:] for main in found}


def _zone_of(events: Sequence[CalendarEvent]) -> str:
    """The zone of most entries' calendars, else UTC: a mailbox whose owner's line names none."""
    votes = Counter(event.calendar.zone for event in events if is_zone(event.calendar.zone))
    return max(votes, key=lambda zone: (votes[zone], zone)) if votes else "UTC"


@dataclass(frozen=True, slots=True)
class _Shared:
    """What occurrences that are judged alike have in common."""

    case: Case  # kept alive, so that its id stays its own
    codes: tuple[int, int, int]
    here: int
    leads: int
    keeps: int
    extra: int
    view: int
    others: tuple[tuple[int, int, int], ...]  # number, here, leads


class _Writer:
    """Writes the lines of one mailbox."""

    def __init__(self, lines: Lines, numbers: Numbers, bench: Bench, me: int) -> None:
        self._lines, self._numbers, self._bench, self._me = lines, numbers, bench, me
        self._add = lines.numbers.extend
        self._shared: dict[int, _Shared] = {}
        self._series: dict[str, int] = {}
        self._marks: set[int] = set()

    def add(self, meeting: Meeting, case: Case, *, foreign: bool) -> None:
        """Add one meeting: the owner's line and, where they organise it, everybody's."""
        shared = self._shared.get(id(case))
        if shared is None:
            shared = self._shared[id(case)] = self._share(case)
        event = meeting.event
        start, end = max(0, _seconds(event.start)), _seconds(event.end)  # what begins before 1970 begins then
        series = -1
        if event.series is not None:
            series = self._series.get(event.series, -1)
            if series < 0:
                series = self._series[event.series] = self._numbers.mark(f"s {event.series}")
        mark = self._mark(event.uid, start)
        company, mate, possible, away = self._doubts(meeting, case)
        partner = self._numbers.of(case.presence.others[0].id) if len(case.presence.others) == 1 else -1
        answered = meeting.answered
        said = (
            *(mark, self._me, 1, shared.here, shared.leads, shared.keeps, shared.extra, company, partner, shared.view),
            *(start, end - start, 0, 0, 0, series),  # the days: see `_note_days`
            int(event.original_start is not None and event.original_start != event.start),
            -1 if answered is None else int(answered),
            *(*shared.codes, possible, away, mate, int(meeting.scope is Scope.PERSONAL), int(foreign)),
        )
        self._add(said)
        if shared.keeps:
            for number, here, leads in shared.others:
                other = (mark, number, 0, here, leads, 0, 0, -1, -1, 0, start, end - start, 0, 0, 0, -1)
                self._add((*other, *_NOT_OWN))

    def _mark(self, uid: str, start: int) -> int:
        """The meeting's number; one of its own for what reuses a UID at the same time."""
        mark = self._numbers.mark(f"{uid} {start}")
        times = 0
        while mark in self._marks:
            times += 1
            mark = self._numbers.mark(f"{uid} {start} {times} {self._me}")
        self._marks.add(mark)
        return mark

    def _share(self, case: Case) -> _Shared:
        presence = case.presence
        mine = presence.organised_by_me is True
        organizer = presence.organizer.id if presence.organizer is not None else None
        people = [(person, 1) for person in presence.others] + [(person, 0) for person in presence.declined]
        number = self._numbers.of
        return _Shared(
            case=case,
            codes=self._codes(case),
            here=self._here(case),
            leads=int(mine),
            keeps=int(mine and not case.event.participants_hidden),
            extra=2 * len(presence.groups) + presence.guests + presence.nameless,
            view=int(
                case.event.participants_hidden
                or bool(presence.doubles)
                or any(one.why is Role.ASSISTANT for one in presence.set_aside)
            ),
            others=tuple((number(one.id), here, int(one.id == organizer)) for one, here in people),
        )

    def _here(self, case: Case) -> int:
        """Whether the owner is there as others see it; -1 where the copy does not list them."""
        presence, event = case.presence, case.event
        if presence.owner_listed:
            return int(not presence.owner_declined)
        if presence.organised_by_me is True:
            few = len(presence.others) + len(presence.declined) < 2 and not presence.groups and not presence.nameless
            return int(event.calendar.organizer_listed is not True or few)
        return -1 if presence.lists_others or event.participants_hidden else 1  # else an entry of one's own

    def _codes(self, case: Case) -> tuple[int, int, int]:
        """The row that fits for nobody else, one and several; asked of core once for all cases that look alike to its rows."""
        like = None if case.strict else _looks(case, self._bench)
        found = self._numbers.told.get(like)
        if like is None or found is None:
            company = min(case.presence.company, 2)
            cases = [
                case if size == company else self._bench.supposed(case, _with(case.presence, size)) for size in range(3)
            ]
            none, one, many = (next(place for place, row in _TABLE if row.fits(each)) for each in cases)
            found = none, one, many
            self._numbers.told[like] = found
        return found

    def _doubts(self, meeting: Meeting, case: Case) -> tuple[int, int, int, int]:
        """How many were there, with whom a one-to-one would be that only a title or doubt tells of, and what it could be."""
        company = len(case.presence.others)
        mate = -1
        if meeting.kind is Kind.ONE_TO_ONE and company != 1 and meeting.counterparts:
            mate = self._numbers.of(meeting.counterparts[0].id)
        possible = 0
        for doubt in meeting.doubts:
            possible |= _SOME_ONE if doubt.could_be == "one_to_one" else _SOME_NONE
            if doubt.person is not None and doubt.could_be == "one_to_one" and company != 1:
                mate = self._numbers.of(doubt.person.id)
        if meeting.reason == REASONS[AWAY_ROW]:
            possible = 0
        away = int(case.presence.company == 1 and company == 1 and meeting.event.series is None)
        return company, mate, possible, away


#: What the lines of others leave open: the last columns of `ATTENDANCE`.
_NOT_OWN = (0, -1, 0, 0, 0, 0, 0, -1, 0, 0)
_TABLE = tuple((place, row) for place, row in enumerate(ROWS) if place != AWAY_ROW)


_said = attrgetter("status", "show_as", "event_type", "private", "participants_hidden")
_known = attrgetter(
    *("owner_listed", "owner_declined", "owner_accepted", "organised_by_me", "lists_others", "machine_invites"),
    *("only_organises", "guests", "nameless", "unknown"),
)


def _says(titles: Titles, title: str) -> object:
    """What a title says to the rows of the table, and whether it says anything."""
    return title and (
        *(bool(title.strip()), titles.cancelled(title), titles.leave(title), titles.speaks_of_leave(title)),
        *(titles.busy(title), titles.to_many(title), titles.broadcast(title), titles.one_to_one(title) is not None),
    )


def _looks(case: Case, bench: Bench) -> object:
    """All that the rows of the table look at in a case, but for who somebody is, which matters to the strict alone."""
    event, presence = case.event, case.presence
    lasts, organizer, others = event.end - event.start, presence.organizer, presence.others
    return (
        *(event.calendar.organizer_listed, bench.names_people(event.calendar), *_said(event), case.mode),
        *(_says(case.says, event.title), lasts, is_all_day(event), organizer_unknown(event)),
        organizer is None or (organizer in others, organizer.id in bench.suspects),
        *(min(len(others), 3), len(presence.groups), min(len(presence.declined), 2), *_known(presence)),
    )


def _with(presence: Presence, size: int) -> Presence:
    """The same invitation with nobody else there, one other, or several: who is named first, then strangers."""
    known = [presence.organizer] if presence.organizer is not None else []
    known += [person for person in (*presence.others, *presence.declined) if person not in known]
    others = tuple([*known, *_STRANGERS][:size])
    lists = presence.lists_others or size > 0
    return replace(presence, others=others, groups=(), guests=0, nameless=0, lists_others=lists, unknown=None)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _note_days(lines: Lines, begin: int, zone: str) -> None:
    """Fill in the days and weeks of all lines from the `begin`-th number on, in their owner's zone."""
    table = np.frombuffer(lines.numbers, dtype=np.int64)[begin:].reshape(-1, len(ATTENDANCE))
    if not len(table):
        return
    start, lasts = table[:, _START], table[:, _START + 1]
    day, last_day = _days(start, zone), _days(start + np.maximum(lasts - 1, 0), zone)
    table[:, _DAY], table[:, _DAY + 1] = day, (day - FIRST_MONDAY) // 7
    table[:, _DAY + 2] = np.where(table[:, _OWN] == 1, (last_day - FIRST_MONDAY) // 7, table[:, _DAY + 1])


def _days(seconds: NDArray[np.int64], zone: str) -> NDArray[np.int64]:
    """The days in a zone on which moments lie, counted from 1970; each day that may be one is looked up once."""
    rough = np.clip(seconds // DAY_S, *_YEARS)
    days = np.unique(np.concatenate([rough - 1, rough, rough + 1]))
    begins = np.array([_midnight(day, zone) for day in days.tolist()], dtype=np.int64)
    return days[np.maximum(np.searchsorted(begins, seconds, side="right") - 1, 0)]


@lru_cache(maxsize=100_000)
def _midnight(day: int, zone: str) -> int:
    return _seconds(midnight(date(1970, 1, 1) + timedelta(days=day), zone))
