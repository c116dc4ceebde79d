"""Addresses to persons: who is who, who is the owner, and who is no person at all.

One person has one identity however they are written. Rooms, bots, machines and group addresses are told apart by what the
calendar says of them, then by lists (`roles`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from calsight.core.model.events import Attendee, Calendar, CalendarEvent, CuType, Organizer
from calsight.core.model.meetings import Owner, Person, Scope
from calsight.core.model.options import PeopleOptions
from calsight.core.model.repeats import listed_alike
from calsight.core.people.addresses import (
    KnownNames,
    account_of,
    canonical_address,
    canonical_name,
    compared_name,
    domain_of,
    full_name,
    is_public_provider,
    unaccented,
    within,
)
from calsight.core.people.heard import heard
from calsight.core.people.identities import BY_NAME, Identities, plain_identity
from calsight.core.people.lines import Known, Seen, person
from calsight.core.people.places import called_like_the_place
from calsight.core.people.roles import Role

__all__ = [
    "OWNER",
    "Directory",
    "Known",
    "Role",
    "Seen",
    "canonical_address",
    "canonical_name",
    "is_public_provider",
    "organisation_domains",
    "people_among",
]


def organisation_domains(owner: Owner, people: PeopleOptions) -> tuple[str, ...]:
    """The domains of the owner's organisation: from settings, else those of the owner's addresses (public providers aside).

    An address that the settings join to one of theirs is theirs too.
    """
    if people.organisation_domains:
        return tuple(domain.strip().lstrip("@").casefold() for domain in people.organisation_domains)
    identities = Identities(people)
    mine = set(map(identities.of, owner.addresses))
    joined = (address for main, others in people.aliases.items() for address in (main, *others))
    theirs = (*owner.addresses, *(address for address in joined if identities.of(address) in mine))
    own = dict.fromkeys(domain_of(canonical_address(address)) for address in theirs)
    return tuple(domain for domain in own if domain and not is_public_provider(domain))


class Directory:
    """Everyone in a set of events, each once.

    `see` judges a line of an invitation, `person` gives the human being for an identity. Each distinct line is judged once.
    Names come from all events, so that a person is called the same in each. Who someone is depends on other events only where a
    word in an address is taken back by the person's own name: they must have answered or organised somewhere.
    `listed` has one of these events for all that share their lists; `relations` are what the owner says of people, by identity.
    `known` is what other directories found out of addresses and names already.
    """

    def __init__(
        self,
        owner: Owner,
        people: PeopleOptions,
        events: Sequence[CalendarEvent] = (),
        known: Known | None = None,
    ) -> None:
        self.owner = owner
        self.people = people
        self._identities = Identities(people)
        self._me = {self.identity(address) for address in owner.addresses}
        self._my_name = canonical_name(owner.name)
        self.own_domains = organisation_domains(owner, people)
        named = self._identities.named
        self._assistants = set(map(named, people.assistants))
        self.colleagues = frozenset(map(named, people.colleagues))
        self.relations = tuple((named(who), relation) for who, relation in people.roles.items())
        known = known or Known()
        self._lines = known.lines(people, self.own_domains)
        self._seen: dict[tuple[str, str, str], Seen] = {}
        self._by_object: dict[int, tuple[Seen, object]] = {}  # keeps the line alive, so that its id stays its own
        self._lists: dict[tuple[int, int], tuple[tuple[Seen, ...], object, object]] = {}  # alive, for the same reason
        self._mine: dict[int, tuple[Calendar, bool]] = {}
        self._scopes: dict[str, Scope] = {}
        self._persons: dict[str, Person] = {}
        self._names: dict[str, set[str]] = {}
        self._called: tuple[dict[str, set[str]], dict[str, set[str]]] | None = None
        self.listed = listed_alike(events)
        self._heard = heard(self.listed, known)
        called = {name for address, names in self._heard.names.items() if self._is_me(address) for name in names}
        self._my_full_names = {*map(full_name, called), full_name(owner.name)} - {""}
        self._my_spelt_names = frozenset(map(compared_name, self._my_full_names))
        self._accounts = frozenset(address.partition("@")[0] for address in owner.addresses) - {""}
        for event in self.listed:
            self.named_on(event)

    def _is_me(self, address: str) -> bool:
        return self.identity(address) in self._me

    def see(self, line: Attendee | Organizer, calendar: Calendar) -> Seen:
        """What one line of an invitation stands for."""
        known = self._by_object.get(id(line))
        if known is None:
            known = self._by_object[id(line)] = (self._judge(line), line)
        seen = known[0]
        if line.is_me and seen.role is not Role.ME and self.is_mine(calendar):
            if isinstance(line, Organizer) and calendar.owner and seen.address:
                return seen  # whose calendar it is says the source too, and nobody else's address is the owner's
            return Seen(Role.ME, seen.id, seen.name, seen.address)
        return seen

    def see_all(self, lines: Sequence[Attendee], calendar: Calendar) -> Sequence[Seen]:
        """`see` for each attendee of an event."""
        key = (id(lines), id(calendar))
        known = self._lists.get(key)
        if known is None:
            known = self._lists[key] = (tuple([self.see(line, calendar) for line in lines]), lines, calendar)
        return known[0]

    def named_on(self, event: CalendarEvent) -> list[Seen]:
        """`see` for all that the invitation names: the attendees and, last, the organizer where there is one."""
        seen = self.see_all(event.attendees, event.calendar)
        return [*seen] if event.organizer is None else [*seen, self.see(event.organizer, event.calendar)]

    def is_mine(self, calendar: Calendar) -> bool:
        """Whether the source's "me" is the owner: not in a colleague's calendar that is read beside one's own."""
        known = self._mine.get(id(calendar))
        if known is None:
            mine = not calendar.owner or any(self.identity(address) in self._me for address in calendar.owner)
            known = self._mine[id(calendar)] = (calendar, mine)
        return known[1]

    def person(self, identity: str) -> Person:
        """The person of an identity, by the name that reads best of all that the events give them."""
        known = self._persons.get(identity)
        if known is None:
            address = "" if identity.startswith(BY_NAME) else identity
            known = self._persons[identity] = Person(identity, _best_name(self._names.get(identity, ())), address)
        return known

    def is_personal(self, person: Person) -> bool:
        """Whether the owner says that someone is private."""
        return (person.id, "personal") in self.relations

    def answers(self, identity: str) -> bool:
        """Whether somebody ever answered an invitation, or organised one."""
        return identity in self._heard.answered

    def places(self, event: CalendarEvent, lines: Iterable[Seen]) -> frozenset[str]:
        """The ids of those lines of an event that are read as rooms, since they are called like its place."""
        like = called_like_the_place(event, lines) - self.colleagues
        return like and like - self._elsewhere

    @cached_property
    def _elsewhere(self) -> frozenset[str]:
        """Who takes part in an event that is not held in a place of their name."""
        found: set[str] = set()
        for event in self.listed:
            lines = self.named_on(event)
            like = called_like_the_place(event, lines)
            found.update(one.id for one in lines if one.role is Role.PERSON and one.id not in like)
        return frozenset(found)

    def name_of_me(self, address: str) -> str:
        """How the events call the owner under one of the owner's addresses; "" if they do not."""
        return _best_name(name for name in self._names.get(self.identity(address), ()) if "@" not in name)

    def identity(self, address: str) -> str:
        """The identity of whoever has that address, seen in these events or not."""
        return self._identities.of(address)

    def full_names(self) -> set[tuple[str, str]]:
        """The full names of people who have an address, each with the person's identity."""
        return {(seen.full, seen.id) for seen in self._seen.values() if seen.full and seen.address}

    def known_names(self) -> KnownNames:
        """The names of all people on the lists, and the owner's: what a title can say is measured by them.

        Somebody without a name is known by the words of their address.
        """
        full: set[str] = set()
        words: set[str] = set()
        for identity, names in self._names.items():
            if identity in self._me:
                continue
            said = {key for name in names if (key := canonical_name(name)) and "@" not in key}
            if not said and "@" in identity:
                said = {" ".join(re.split(r"[._\-\d]+", identity.partition("@")[0])).strip()}
            said |= {key.replace(" ", "") for key in said if key.upper() == key.lower()}  # 李 伟 is written 李伟
            said |= {unaccented(key) for key in said if not key.isascii()}  # Chloé is written Chloe
            full |= said
            words |= {word for key in said for word in key.replace(".", " ").split() if len(word) > 1}
        mine = {word for name in self._my_full_names for word in name.replace(".", " ").split()}
        return KnownNames(frozenset(full), frozenset(words), frozenset(mine))

    def named(self, name: str, bare: str = "") -> Person:
        """The person known by a name only; if exactly one is called so, by full or first name, else by parts of it, that one.

        `bare` is the name without "Dr." and the like. "Bo B." is the one Bo whose name goes on with a B.
        """
        if self._called is None:
            self._called = _called(self._names)
        key = canonical_name(name)
        for called in (unaccented(key), unaccented(canonical_name(bare or name)).rstrip(".")):
            first, parts = self._called
            words = [parts.get(word, set()) for word in called.split()]
            for matches in (first.get(called, set()), set.intersection(*words) if words else set()):
                if len(matches) == 1 and not matches & self._me:
                    return self.person(next(iter(matches)))
        return Person(f"{BY_NAME}{key}", " ".join(name.split()))

    def scope(self, person: Person) -> Scope:
        """Where a person belongs, seen from the owner (docs/meaning.md)."""
        known = self._scopes.get(person.id)
        if known is None:
            known = self._scopes[person.id] = self._scope(person)
        return known

    def scope_as_met(self, person: Person) -> Scope:
        """Where somebody belongs whom the owner says they met: private by the owner's word only, not by a provider."""
        scope = self.scope(person)
        return Scope.OTHER if scope is Scope.PERSONAL and not self.is_personal(person) else scope

    def _scope(self, person: Person) -> Scope:
        if self.is_personal(person):
            return Scope.PERSONAL
        domain = domain_of(person.address)
        if not domain or not self.own_domains:
            return Scope.OTHER
        if within(domain, self.own_domains):
            return Scope.ORGANISATION
        return Scope.PERSONAL if is_public_provider(domain) else Scope.INDUSTRY

    def _judge(self, line: Attendee | Organizer) -> Seen:
        cutype = line.cutype if isinstance(line, Attendee) else CuType.INDIVIDUAL
        key = (line.address, line.name, "" if cutype is CuType.INDIVIDUAL else cutype.value)
        seen = self._seen.get(key)
        if seen is None:
            seen = self._seen[key] = self._judge_new(line.address, line.name, cutype)
        return seen

    def _judge_new(self, raw: str, name: str, cutype: CuType) -> Seen:
        seen = self._lines.seen(raw, name, cutype)
        name, address, role = seen.name, seen.address, seen.role
        identity = self._identities.main(seen.id if role is Role.PERSON else plain_identity(address))
        if identity and identity in self._me:
            self._names.setdefault(identity, set()).add(name)
            return Seen(Role.ME, identity, name, address)
        if role is not Role.PERSON and self._is_taken_back(seen, cutype):
            role, seen = Role.PERSON, person(name, address)
        if identity and (identity in self._assistants or f"@{domain_of(address)}" in self._assistants):
            role = Role.ASSISTANT
        if role is not Role.PERSON:
            return Seen(role, address or raw or name, name, address)
        if not identity:
            return self._judge_name(raw, name)
        if seen.full in self._my_spelt_names and identity not in self.colleagues:
            return Seen(Role.ME, identity, name, address, full=seen.full, double=True)
        self._names.setdefault(identity, set()).add(name)
        return seen if identity == seen.id else replace(seen, id=identity)

    def _is_taken_back(self, seen: Seen, cutype: CuType) -> bool:
        """Whether the words of an address say what is none, for its owner answers, and it repeats their name."""
        if cutype is not CuType.INDIVIDUAL or seen.address not in self._heard.answered:
            return False
        return self._lines.takes_back(seen, alike=self._heard.alike(seen.address))

    def _judge_name(self, raw: str, name: str) -> Seen:
        """A line without an address: known by name, or an account of the program that wrote it."""
        key, account = canonical_name(name), account_of(raw)
        alike = (key == self._my_name or key in self._my_full_names) and f"{BY_NAME}{key}" not in self.colleagues
        mine = f"{BY_NAME}{key}" in self._me or alike
        if (key and mine) or (account in self._accounts and key in ("", account)):
            return Seen(Role.ME, self.owner.addresses[0] if self.owner.addresses else f"{BY_NAME}{key}", name)
        if not key:
            return Seen(Role.NAMELESS, raw, name, account=account)
        identity = f"{BY_NAME}{key}"
        if identity in self._assistants:
            return Seen(Role.ASSISTANT, identity, name)
        self._names.setdefault(identity, set()).add(name)
        return Seen(Role.PERSON, identity, name, by_name=True, called=key, full=full_name(name))


def _called(names: Mapping[str, Iterable[str]]) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Who is called so: by full name, first name, or first name and initial; and by each word of a name."""
    first: dict[str, set[str]] = {}
    parts: dict[str, set[str]] = {}
    for identity, given in names.items():
        for full in {unaccented(canonical_name(name)) for name in given} - {""}:
            words = full.split()
            for key in (full, words[0], f"{words[0]} {words[-1][0]}", "".join(words)):
                first.setdefault(key, set()).add(identity)
            for word in words:
                parts.setdefault(word, set()).add(identity)
    return first, parts


#: Stands for the owner among the people of an invitation.
OWNER = ""


def people_among(lines: Iterable[Seen]) -> frozenset[str]:
    """The ids of the people among the lines of an invitation; the owner is `OWNER`, under whichever address."""
    return frozenset(
        [OWNER if one.role is Role.ME else one.id for one in lines if one.role is Role.ME or one.role is Role.PERSON]
    )


def _best_name(names: Iterable[str]) -> str:
    """The name that reads best; "" where all that stands for a name is an address (as Google exports people without one)."""
    real = [name for name in names if name and not canonical_address(name)]
    if not real:
        return ""
    return min(real, key=lambda name: ("@" in name, " " not in name, "," in name, len(name), name))
