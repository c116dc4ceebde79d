"""One mailbox as lines of the table `attendance`: what core says of its entries, without a name or a title.

The table of docs/meaning.md is asked by core, three times for entries that are judged alike: as if nobody else had been there,
as if one other had, and as if several had. Who was there is known better later, from the organiser's own copy; the answer
then is one of these three.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from operator import attrgetter

from calsight.core.judging.bench import Bench
from calsight.core.judging.rows import ROWS, Case, is_all_day
from calsight.core.judging.titles import Titles
from calsight.core.model.events import CalendarEvent, Window
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Kind, Meeting, Owner, Person, Scope
from calsight.core.model.options import Options
from calsight.core.people.directory import Known
from calsight.core.people.owner import find_owner
from calsight.core.people.presence import Presence, organizer_unknown
from calsight.core.people.roles import Role
from calsight.core.people.unlisted import owner_doubts
from calsight.core.rate.weeks import foreign_calendars
from calsight.core.time.zones import is_zone
from calsight.org.columns import AWAY_ROW, REASONS
from calsight.org.lines import Lines
from calsight.org.people import Member, Members, work_options
from calsight.org.pseudonyms import Key

_FOREVER = datetime(9000, 1, 1, tzinfo=UTC)
_SPAN = Window(datetime(1970, 1, 1, tzinfo=UTC), _FOREVER)
_STRANGERS = (Person("a@stranger.invalid"), Person("b@stranger.invalid"))
_SOME_ONE, _SOME_NONE = 1, 2
_MOST = 500_000  # identities whose numbers are remembered; more begin anew


class Numbers:
    """The numbers of people and meetings, and the rows that fit (`told`), each worked out once for all mailboxes."""

    def __init__(self, key: Key, members: Members) -> None:
        self.key = key
        self.members = members
        self.names = Known()
        self._known: dict[str, int] = {"": -1}
        self.told: dict[object, tuple[int, int, int]] = {}

    def of(self, identity: str) -> int:
        """The number of an identity: that of the member whose address it is."""
        number = self._known.get(identity)
        if number is None:
            if len(self._known) > _MOST:
                self._known = {"": -1}
            member = self.members.by_address.get(identity)
            number = self._known[identity] = self.key.number(member.id if member else identity)
        return number

    def mark(self, text: str) -> int:
        """The number of a meeting or series."""
        return self.key.mark(text)


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
        aliases={**options.people.aliases, **_aliases(events, numbers)},
    )
    owner = find_owner(events, me=member.addresses, owner=options.owner, people=people, known=numbers.names)
    if not isinstance(owner, Owner):
        owner = Owner(member.addresses)
    frame = Frame(owner, zone, _SPAN, _FOREVER, None, replace(options, work=work, people=people))
    bench = Bench(events, frame, numbers.names)
    meetings = bench.meetings(_FOREVER)
    foreign = foreign_calendars(meetings)
    cases = {id(event): case for event, case in bench.cases()}
    writer = _Writer(lines, numbers, bench, _Mailbox(numbers.of(member.id), zone, foreign))
    for meeting in meetings:
        writer.add(meeting, cases[id(meeting.event)])
    lines.mailboxes.append(
        {
            "person": numbers.of(member.id),
            "zone": zone,
            "entries": len(meetings),
            "unlisted": int(bool(owner_doubts(bench.directory))),
        }
    )


def _aliases(events: Sequence[CalendarEvent], numbers: Numbers) -> dict[str, tuple[str, ...]]:
    """The other addresses of those members who stand on these entries, and have some."""
    members = numbers.members
    if not members.with_aliases:
        return {}
    seen = set(map(numbers.names.address, {line.address for event in events for line in event.lines}))
    found = {members.with_aliases[address] for address in seen if address in members.with_aliases}
    return {main: members.by_address[main].addresses[1:] for main in found}


def _zone_of(events: Sequence[CalendarEvent]) -> str:
    """The zone of most entries' calendars, else UTC: a mailbox whose owner's line names none."""
    votes = Counter(event.calendar.zone for event in events if is_zone(event.calendar.zone))
    return max(votes, key=lambda zone: (votes[zone], zone)) if votes else "UTC"


@dataclass(frozen=True, slots=True)
class _Mailbox:
    """Whose mailbox it is, in which zone, and which calendars in it (by `id`) are of others only."""

    me: int
    zone: str
    foreign: Set[int]


class _Writer:
    """Writes the lines of one mailbox."""

    def __init__(self, lines: Lines, numbers: Numbers, bench: Bench, mailbox: _Mailbox) -> None:
        self._lines, self._numbers, self._bench, self._mailbox = lines, numbers, bench, mailbox
        self._alike: dict[int, int] = {}
        self._series: dict[str | None, int] = {None: -1}
        self._marks: set[int] = set()

    def add(self, meeting: Meeting, case: Case) -> None:
        """Add one meeting: the owner's line and, where they organise it, everybody's. `case` lives until the last is added."""
        alike = self._alike.get(id(case))
        if alike is None:
            alike = self._alike[id(case)] = self._add_alike(case)
        event = meeting.event
        start, end = max(0, int(event.start.timestamp())), int(event.end.timestamp())  # before 1970 is 1970
        series = self._series.get(event.series)
        if series is None:
            series = self._series[event.series] = self._numbers.mark(f"s {event.series}")
        moved = event.original_start is not None and event.original_start != event.start
        mate, possible = self._doubts(meeting, case) if meeting.doubts or meeting.kind is Kind.ONE_TO_ONE else (-1, 0)
        private = meeting.scope is Scope.PERSONAL
        self._lines.add_entry(
            (alike, self._mark(event.uid, start), start, end - start, series, moved, possible, mate, private)
        )

    def _mark(self, uid: str, start: int) -> int:
        """The meeting's number; one of its own for what reuses a UID at the same time."""
        mark = self._numbers.mark(f"{uid} {start}")
        times = 0
        while mark in self._marks:
            times += 1
            mark = self._numbers.mark(f"{uid} {start} {times} {self._mailbox.me}")
        self._marks.add(mark)
        return mark

    def _add_alike(self, case: Case) -> int:
        """Note what the lines of entries that are judged alike have in common."""
        presence, event, number = case.presence, case.event, self._numbers.of
        others, mine = presence.others, presence.organised_by_me is True
        keeps = mine and not event.participants_hidden
        organizer = presence.organizer.id if presence.organizer is not None else None
        people = [(one, 1) for one in others] + [(one, 0) for one in presence.declined] if keeps else ()
        return self._lines.add_alike(
            self._mailbox.zone,
            len(others) == presence.company == 1,
            (
                *(self._mailbox.me, self._here(case), mine, keeps),
                2 * len(presence.groups) + presence.guests + presence.nameless,
                *(len(others), number(others[0].id) if len(others) == 1 else -1, _counts_itself(case)),
                -1 if presence.answered is None else presence.answered,
                *(*self._codes(case), id(event.calendar) in self._mailbox.foreign),
            ),
            [(number(one.id), here, one.id == organizer) for one, here in people],
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

    def _doubts(self, meeting: Meeting, case: Case) -> tuple[int, int]:
        """With whom a one-to-one would be that only a title or doubt tells of, and what it could be."""
        company = len(case.presence.others)
        mate = -1
        if meeting.kind is Kind.ONE_TO_ONE and company != 1 and meeting.counterparts:
            mate = self._numbers.of(meeting.counterparts[0].id)
        possible = 0
        for doubt in meeting.doubts:
            possible |= _SOME_ONE if doubt.could_be == "one_to_one" else _SOME_NONE
            if doubt.person is not None and doubt.could_be == "one_to_one" and company != 1:
                mate = self._numbers.of(doubt.person.id)
        return mate, 0 if meeting.reason == REASONS[AWAY_ROW] else possible


def _counts_itself(case: Case) -> bool:
    """Whether the owner's own copy counts, whatever the organiser's says."""
    presence = case.presence
    aside = any(one.why is Role.ASSISTANT for one in presence.set_aside)
    return case.event.participants_hidden or bool(presence.doubles) or aside


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
        *(event.calendar.organizer_listed, bench.names_people(event.calendar), _said(event), case.mode),
        *(_says(case.says, event.title), lasts, is_all_day(event), organizer_unknown(event)),
        organizer is None or (organizer in others, organizer.id in bench.suspects),
        *(min(len(others), 3), len(presence.groups), min(len(presence.declined), 2), _known(presence)),
    )


def _with(presence: Presence, size: int) -> Presence:
    """The same invitation with nobody else there, one other, or several: who is named first, then strangers."""
    known = [presence.organizer] if presence.organizer is not None else []
    known += [person for person in (*presence.others, *presence.declined) if person not in known]
    others = tuple([*known, *_STRANGERS][:size])
    lists = presence.lists_others or size > 0
    return replace(presence, others=others, groups=(), guests=0, nameless=0, lists_others=lists, unknown=None)
