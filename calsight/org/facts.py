"""One mailbox as lines of the table `attendance`: what core says of its entries, without a name or a title.

The table of docs/meaning.md is asked by core, three times for entries that are judged alike: as if nobody else had been there,
as if one other had, and as if several had. Who was there is known better later, from the organiser's own copy; the answer
then is one of these three.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from calsight.core.judging.bench import Bench
from calsight.core.judging.rows import ROWS, Case
from calsight.core.model.events import CalendarEvent, Window
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Kind, Meeting, Owner, Person, Scope
from calsight.core.model.options import Options
from calsight.core.people.addresses import canonical_address
from calsight.core.people.owner import find_owner
from calsight.core.people.presence import Presence
from calsight.core.people.roles import Role
from calsight.core.people.unlisted import owner_doubts
from calsight.core.rate.weeks import foreign_calendars
from calsight.core.time.zones import is_zone
from calsight.org.columns import ATTENDANCE, AWAY_ROW, REASONS, week_number
from calsight.org.people import Member, Members, work_options
from calsight.org.pseudonyms import Key

_FOREVER = datetime(9000, 1, 1, tzinfo=UTC)
_SPAN = Window(datetime(1970, 1, 1, tzinfo=UTC), _FOREVER)
_STRANGERS = (Person("a@stranger.invalid"), Person("b@stranger.invalid"))
_COLUMNS = tuple(ATTENDANCE)
_SOME_ONE, _SOME_NONE = 1, 2


@dataclass(slots=True)
class Lines:
    """Lines of `attendance`, column by column, and what is known of each mailbox."""

    columns: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in _COLUMNS})
    mailboxes: list[dict[str, object]] = field(default_factory=list)


class Numbers:
    """The numbers of people and meetings, each worked out once."""

    def __init__(self, key: Key, members: Members) -> None:
        self._key = key
        self.members = members
        self._known: dict[str, int] = {"": -1}

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
    writer = _Writer(lines, numbers, bench, numbers.of(member.id), zone)
    for meeting in meetings:
        writer.add(meeting, cases[id(meeting.event)], foreign=id(meeting.event.calendar) in foreign)
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

    def __init__(self, lines: Lines, numbers: Numbers, bench: Bench, me: int, zone: str) -> None:
        self._lines, self._numbers, self._bench, self._me = lines, numbers, bench, me
        self._add = [lines.columns[name].append for name in _COLUMNS]
        self._zone = zone
        self._shared: dict[int, _Shared] = {}
        self._series: dict[str, int] = {}
        self._marks: set[int] = set()

    def add(self, meeting: Meeting, case: Case, *, foreign: bool) -> None:
        """Add one meeting: the owner's line and, where they organise it, everybody's."""
        shared = self._shared.get(id(case))
        if shared is None:
            shared = self._shared[id(case)] = self._share(case)
        event = meeting.event
        start, end = int(event.start.timestamp()), int(event.end.timestamp())
        day = _day(event.start, self._zone)
        last = day if end <= start + 1 else _day(_moment(end - 1), self._zone)
        series = -1
        if event.series is not None:
            series = self._series.get(event.series, -1)
            if series < 0:
                series = self._series[event.series] = self._numbers.mark(f"s {event.series}")
        mark = self._mark(event.uid, start)
        company, mate, possible, away = self._doubts(meeting, case)
        partner = self._numbers.of(case.presence.others[0].id) if len(case.presence.others) == 1 else -1
        answered = meeting.answered
        week = week_number(day)
        said = (
            *(mark, self._me, 1, shared.here, shared.leads, shared.keeps, shared.extra, company, partner, shared.view),
            *(start, end - start, day, week, week_number(last), series),
            int(event.original_start is not None and event.original_start != event.start),
            -1 if answered is None else int(answered),
            *(*shared.codes, possible, away, mate, int(meeting.scope is Scope.PERSONAL), int(foreign)),
        )
        for append, value in zip(self._add, said, strict=True):
            append(value)
        if shared.keeps:
            for number, here, leads in shared.others:
                other = (mark, number, 0, here, leads, 0, 0, -1, -1, 0, start, end - start, day, week, week, -1)
                for append, value in zip(self._add, (*other, *_NOT_OWN), strict=True):
                    append(value)

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
        presence = case.presence
        company = min(presence.company, 2)
        found = []
        for size in range(3):
            supposed = case if size == company else self._bench.supposed(case, _with(presence, size))
            found.append(next(place for place, row in _TABLE if row.fits(supposed)))
        return found[0], found[1], found[2]

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


def _with(presence: Presence, size: int) -> Presence:
    """The same invitation with nobody else there, one other, or several: who is named first, then strangers."""
    known = [presence.organizer] if presence.organizer is not None else []
    known += [person for person in (*presence.others, *presence.declined) if person not in known]
    others = tuple([*known, *_STRANGERS][:size])
    lists = presence.lists_others or size > 0
    return replace(presence, others=others, groups=(), guests=0, nameless=0, lists_others=lists, unknown=None)


@lru_cache(maxsize=65536)
def _day(moment: datetime, zone: str) -> int:
    """The day in a zone, counted from 1970."""
    return (moment.astimezone(ZoneInfo(zone)).date() - date(1970, 1, 1)).days


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
