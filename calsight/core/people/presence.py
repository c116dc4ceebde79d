"""Who was there: the people of one event, step by step as in docs/meaning.md, "Who was there"."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import ClassVar

from calsight.core.model.events import Attendee, CalendarEvent, PartStat
from calsight.core.model.frozen import quick_maker
from calsight.core.model.meetings import Person
from calsight.core.people.addresses import (
    canonical_name,
    compared_name,
    domain_of,
    is_for_signing_in,
    is_public_provider,
    repeats_name,
)
from calsight.core.people.directory import Directory, Role, Seen
from calsight.core.people.identities import BY_NAME
from calsight.core.people.roles import unknown_organizers


@dataclass(frozen=True, slots=True)
class SetAside:
    """A line of an invitation that is no person: its address (or name) and why."""

    who: str
    why: Role


@dataclass(frozen=True, slots=True)
class Presence:
    """Who was there, as far as the source tells. `unknown` is the reason if that is not far enough, else None.

    others            people present beside the owner, sorted by id; tentative and unanswered count as present
    accepted          the ids of those of them who accepted, or who organise
    declined          people who declined this occurrence, sorted by id
    groups            group addresses: each stands for more than one unknown person
    guests            unnamed people whom others bring
    nameless          lines without name and address: someone, but nobody knows who
    set_aside         what is no person, and why
    owner_listed      the owner is on the list
    owner_declined    the owner declined (and said yes under no other address)
    owner_accepted    the owner accepted
    answered          the owner accepted, or did so tentatively; None where they organise it, or are not on the list
    organizer         who organises it; None where no person is named
    organised_by_me   None where no organizer is named
    lists_others      someone but the owner is named, whether or not they declined: no title may settle who was there
    names_others      … and that someone is a person or a group on the list of attendees
    machine_invites   a service or a bot organises it, or an address of such a service is listed
    room              a room is booked
    only_organises    somebody else organises it who is not on the list
    doubles           the ids of lines that are read as another's, for their full name alone, each with that one's; "" with the
                      owner's
    places            the ids of lines that are read as rooms, for their name alone
    unknown           None, "participants_unknown", "possible_delegate" or "automated"
    """

    others: tuple[Person, ...] = ()
    accepted: frozenset[str] = frozenset()
    declined: tuple[Person, ...] = ()
    groups: tuple[str, ...] = ()
    guests: int = 0
    nameless: int = 0
    set_aside: tuple[SetAside, ...] = ()
    owner_listed: bool = False
    owner_declined: bool = False
    owner_accepted: bool = False
    answered: bool | None = None
    organizer: Person | None = None
    organised_by_me: bool | None = None
    lists_others: bool = False
    names_others: bool = False
    machine_invites: bool = False
    room: bool = False
    only_organises: bool = False
    doubles: tuple[tuple[str, str], ...] = ()
    places: tuple[str, ...] = ()
    unknown: str | None = None

    of: ClassVar[Callable[..., Presence]]
    """What the constructor gives for the same arguments, quicker: nearly every entry has its own."""

    @property
    def company(self) -> int:
        """At least how many were there beside the owner: a group address stands for two or more."""
        return len(self.others) + 2 * len(self.groups) + self.guests + self.nameless

    @property
    def headcount(self) -> int | None:
        """How many were there with the owner; None where nobody knows."""
        if self.unknown is not None or self.groups or self.nameless:
            return None
        return 1 + len(self.others) + self.guests


Presence.of = quick_maker(Presence)
_NOBODY_WHY = frozenset(Role) - {Role.ME, Role.PERSON, Role.GROUP, Role.NAMELESS}
_ROOMS = frozenset({Role.ROOM, Role.RESOURCE})
_MACHINES = frozenset({Role.BOT, Role.NO_REPLY, Role.AUTOMATED})
_FEW = 5  # lines up to which an address without a name is compared with the names beside it
#: Answers by their willingness: someone listed twice declined only if they nowhere said yes. Who delegates stays away.
_UNLISTED, _OPEN, _NO, _PERHAPS, _YES = range(5)
_ANSWERS = {
    PartStat.NEEDS_ACTION: _OPEN,
    PartStat.DECLINED: _NO,
    PartStat.DELEGATED: _NO,
    PartStat.TENTATIVE: _PERHAPS,
    PartStat.ACCEPTED: _YES,
}


def who_was_there(event: CalendarEvent, directory: Directory) -> Presence:
    """The people of one event, from its own lines alone. `unknown` is left to whoever knows the calendar (`unknown_reason`)."""
    calendar = event.calendar
    lines = list(directory.see_all(event.attendees, calendar))
    leader = _organizer(event, lines, directory)
    lines, leader, doubles = _joined(lines, leader, directory.colleagues)
    places = directory.places(event, lines) if event.location else frozenset()
    if places:
        lines = [replace(seen, role=Role.ROOM) if seen.id in places else seen for seen in lines]

    tally = _Tally()
    tally.count(event.attendees, lines)
    names_others = tally.listed or bool(tally.answers)
    answers = tally.answers
    present = [identity for identity, said in answers.items() if said != _NO]
    declined = sorted(answers.keys() - present) if len(present) < len(answers) else []
    if leader is not None:
        present += tally.lead(leader, alone=not present, listed=calendar.organizer_listed)
    present.sort()

    machine = leader is not None and leader.role in _MACHINES
    machine = machine or (bool(tally.aside) and any(one.why is Role.AUTOMATED for one in tally.aside))
    organised_by_me = None if leader is None else leader.role is Role.ME
    leading = leader.id if leader is not None and leader.role is Role.PERSON else ""
    guests = tally.guests + sum(tally.brought.get(identity, 0) for identity in present if tally.brought)
    return Presence.of(
        others=tuple(map(directory.person, present)),
        accepted=frozenset([identity for identity in present if identity == leading or answers.get(identity) == _YES]),
        declined=tuple(map(directory.person, declined)),
        groups=tuple(sorted(tally.groups)),
        guests=guests,
        nameless=tally.nameless,
        set_aside=tuple(sorted(tally.aside, key=lambda one: (one.who, one.why))),
        owner_listed=tally.mine != _UNLISTED,
        owner_declined=tally.mine == _NO,
        owner_accepted=tally.mine == _YES,
        answered=None if tally.mine == _UNLISTED or organised_by_me else tally.mine in (_YES, _PERHAPS),
        organizer=directory.person(leading) if leading else None,
        organised_by_me=organised_by_me,
        lists_others=names_others or tally.listed or guests > 0 or machine,
        names_others=names_others,
        machine_invites=machine,
        room=tally.room,
        doubles=doubles,
        places=tuple(sorted(places)),
        only_organises=bool(leading) and leading not in answers,
    )


@dataclass(slots=True)
class _Tally:
    """What the lines of one invitation add up to.

    answers  of people, by identity; of one listed twice the more willing
    brought  unnamed guests, by who brings them; `guests` are the owner's
    mine     the owner's answer
    listed   someone stands on it who is not the owner, and is no one person of its list
    """

    answers: dict[str, int] = field(default_factory=dict)
    brought: dict[str, int] = field(default_factory=dict)
    groups: dict[str, None] = field(default_factory=dict)
    aside: dict[SetAside, None] = field(default_factory=dict)
    mine: int = _UNLISTED
    guests: int = 0
    nameless: int = 0
    room: bool = False
    listed: bool = False

    def count(self, lines: Iterable[Attendee], judged: Iterable[Seen]) -> None:
        """Add attendees, each with what it stands for."""
        answers = self.answers
        for line, seen in zip(lines, judged, strict=True):
            role, said = seen.role, _ANSWERS[line.partstat]
            if role is Role.PERSON:
                if answers.get(seen.id, _UNLISTED) < said:
                    answers[seen.id] = said
                if line.guests:
                    self.brought[seen.id] = self.brought.get(seen.id, 0) + line.guests
            elif role is Role.ME:
                self.mine = max(self.mine, said)
                self.guests += line.guests
            else:
                self._add_nobody(line, seen, said)

    def _add_nobody(self, line: Attendee, seen: Seen, said: int) -> None:
        """Add a line that is no one person."""
        role = seen.role
        if role is Role.GROUP:
            self.listed = True
            if said != _NO:
                self.groups[seen.id] = None
        elif role is Role.NAMELESS:
            self.listed = True
            self.nameless += said != _NO
        else:
            self.aside[SetAside(seen.id, role)] = None
            self.room = self.room or (role in _ROOMS and line.partstat is not PartStat.DECLINED)

    def lead(self, leader: Seen, *, alone: bool, listed: bool | None) -> list[str]:
        """Add who organises it; returns the person whom that makes present.

        Where the source lists organizers who take part (`listed`), one who is not on the list does not: unless the list is
        empty (`alone`: of people), for then there would be nobody.
        """
        takes_part = listed is not True or (alone and not self.groups and not self.nameless)
        if leader.role is Role.PERSON and leader.id not in self.answers:
            self.listed = True
            return [leader.id] if takes_part else []
        if leader.role is Role.GROUP:
            self.listed = True
            if takes_part:
                self.groups[leader.id] = None
        elif leader.role in _NOBODY_WHY:
            self.aside[SetAside(leader.id, leader.role)] = None
        return []


def organizer_unknown(event: CalendarEvent) -> bool:
    """Whether the source says that someone organises this, but not who (Google's unknownorganizer)."""
    return event.organizer is not None and event.organizer.address.strip().casefold() in unknown_organizers()


def _organizer(event: CalendarEvent, lines: list[Seen], directory: Directory) -> Seen | None:
    if event.organizer is not None:
        seen = directory.see(event.organizer, event.calendar)
        if not seen.account:
            return None if seen.role is Role.NAMELESS else seen
        for place, line in enumerate(lines):  # the account of the program that wrote it: whoever's calendar it is
            if line.account == seen.account:
                lines[place] = _MYSELF
        return None if any(line.role is Role.ME and line is not _MYSELF for line in lines) else _MYSELF
    flagged = [seen for line, seen in zip(event.attendees, lines, strict=True) if line.is_organizer]
    return min(flagged, key=_which, default=None)


_MYSELF = Seen(Role.ME, "")


def _joined(
    lines: list[Seen], leader: Seen | None, colleagues: Collection[str]
) -> tuple[list[Seen], Seen | None, tuple[tuple[str, str], ...]]:
    """The lines with one identity for each person, and the ids of those whom only a full name makes one with another, with that
    one's ("" for the owner).

    Those known by name only are the people of that name among the *same event's* addresses, or of an address without a name
    that is made of theirs. Two addresses under one full name are one person's, but for `colleagues`: they are who they are.
    """
    everybody = lines if leader is None else [*lines, leader]
    ids: dict[str, str] = {}
    bare: list[Seen] = []
    for seen in everybody:
        if seen.by_name or seen.double or (seen.full and ids.setdefault(seen.full, seen.id) != seen.id):
            break
        if seen.bare:
            bare.append(seen)
    else:
        if len(everybody) > _FEW or not any(_spells(seen, one) for seen in bare for one in everybody):
            return lines, leader, ()
    doubles = {seen.id: "" for seen in everybody if seen.double}
    addressed: dict[str, Seen] = {}
    bare = []
    for seen in sorted(everybody, key=_trust):
        if seen.role in (Role.ME, Role.PERSON) and seen.address:
            called = canonical_name(seen.name)
            addressed.setdefault(called, seen)
            addressed.setdefault(compared_name(called), seen)
            if seen.bare:
                bare.append(seen)
    for seen in bare:
        addressed.setdefault(seen.full, seen)
    addressed.pop("", None)

    def likely(seen: Seen) -> Seen:
        """Whose address without a name this is, where it is made of one name on the list that stands at another domain."""
        whose = [one for one in addressed.values() if _spells(seen, one)]
        return whose[0] if len({one.id for one in whose}) == 1 else seen

    def join(seen: Seen) -> Seen:
        if seen.by_name:
            known = addressed.get(seen.id.removeprefix(BY_NAME))
            return known or next((one for one in bare if repeats_name(one.address, seen.name)), seen)
        if seen.role is not Role.PERSON or seen.id in colleagues or not (seen.full or seen in bare):
            return seen
        known = addressed.get(seen.full, seen)
        if known.id == seen.id and seen in bare:
            known = likely(seen)
        if known.id != seen.id:
            doubles[seen.id] = "" if known.role is Role.ME else known.id
        return known

    joined = [join(seen) for seen in lines]
    led = None if leader is None else join(leader)
    return joined, led, tuple(sorted(doubles.items()))


def _spells(seen: Seen, one: Seen) -> bool:
    """Whether the address of a line without a name is made of the name of one at another domain."""
    if one.bare or domain_of(one.address) == domain_of(seen.address):
        return False
    return repeats_name(seen.address, one.name, whole=True)


#: A total order of what lines stand for: one address may stand on a list twice, by two names or in two roles.
_which = attrgetter("id", "role", "name", "address", "by_name")


def _trust(seen: Seen) -> tuple[bool, bool, object]:
    """Sorts the address by which a person is known first: at work, a sign-in name at Microsoft's own domain, private."""
    domain = domain_of(seen.address)
    return is_public_provider(domain), is_for_signing_in(domain), _which(seen)
