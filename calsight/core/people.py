"""Addresses to persons: who is who, who is the owner, and who is no person at all.

One person has one identity however they are written. Rooms, bots, machines and group addresses are told apart by what the
calendar says of them, then by lists that ship as data (`data/people.toml`) and those of the settings.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any
from urllib.parse import unquote

from calsight.core.data import load
from calsight.core.events import Attendee, Calendar, CalendarEvent, CuType, Organizer
from calsight.core.meetings import Owner, Person, Scope
from calsight.core.options import PeopleOptions


class Role(StrEnum):
    """What a line of an invitation stands for. All but the first three are set aside: they are not people."""

    ME = "me"
    PERSON = "person"
    GROUP = "group"
    NAMELESS = "nameless"
    ROOM = "room"
    RESOURCE = "resource"
    CALENDAR = "calendar"
    BOT = "bot"
    NO_REPLY = "no_reply"
    ASSISTANT = "assistant"
    AUTOMATED = "automated"


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of an invitation, judged. `id` is the person's identity (`Person.id`), or the address of what is no person."""

    role: Role
    id: str
    name: str = ""
    address: str = ""
    by_name: bool = False  # a person without an address


def canonical_address(address: str) -> str:
    """The address by which a person is known: lower case, without `mailto:` and `+tag`; `googlemail.com` is `gmail.com`.

    "" for what is not an e-mail address (an X.500 name, a URN): such people are known by name.
    """
    text = address.strip().strip("<>").casefold()
    if text.startswith("mailto:"):
        text = text[7:].strip()
    if "%" in text:
        text = unquote(text)
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain or not _ADDRESS.fullmatch(text):
        return ""
    local = local.partition("+")[0] or local
    if domain == "googlemail.com":
        domain = "gmail.com"
    return f"{local}@{domain}"


_ADDRESS = re.compile(r"[^\s@/:;,<>]+@[^\s@/:;,<>]+")


def canonical_name(name: str) -> str:
    """A display name for comparison: "Example, Ana (Berlin)" and "ANA  EXAMPLE" are both "ana example"."""
    text = re.sub(r"[(\[<].*?[)\]>]", " ", name).strip().strip("'\"").casefold()
    last, comma, first = text.partition(",")
    if comma and first.strip() and "," not in first:
        text = f"{first} {last}"
    return " ".join(text.split())


def domain_of(address: str) -> str:
    """The domain of an address, "" without one."""
    return address.rpartition("@")[2] if "@" in address else ""


def within(domain: str, domains: Iterable[str]) -> bool:
    """Whether `domain` is one of `domains` or a subdomain of one."""
    return any(domain == known or domain.endswith("." + known) for known in domains)


@cache
def is_public_provider(domain: str) -> bool:
    """Whether an address at this domain may be anybody's (gmail.com, web.de …)."""
    data = load("mail_providers")
    family, _, country = domain.partition(".")
    return within(domain, data["domains"]) or (family in data["families"] and _TOP_LEVEL.fullmatch(country) is not None)


_TOP_LEVEL = re.compile(r"(?:com?\.)?[a-z]{2,3}")


def aliases_of(people: PeopleOptions) -> dict[str, str]:
    """Every address of the settings' aliases to the person's main one (canonical, all of them)."""
    main: dict[str, str] = {}
    for key, others in people.aliases.items():
        first = canonical_address(key)
        first = main.get(first, first)
        for other in (key, *others):
            main[canonical_address(other)] = first
    main.pop("", None)
    return main


def organisation_domains(owner: Owner, people: PeopleOptions) -> tuple[str, ...]:
    """The domains of the owner's organisation: from settings, else those of the owner's addresses (public providers aside)."""
    if people.organisation_domains:
        return tuple(domain.strip().lstrip("@").casefold() for domain in people.organisation_domains)
    own = dict.fromkeys(domain_of(canonical_address(address)) for address in owner.addresses)
    return tuple(domain for domain in own if domain and not is_public_provider(domain))


def scope_of(person: Person, owner: Owner, people: PeopleOptions) -> Scope:
    """Where a person belongs, seen from the owner (docs/meaning.md)."""
    personal = {canonical_address(address) or address for address, role in people.roles.items() if role == "personal"}
    main = aliases_of(people)
    if person.id in personal or any(main.get(address, address) == person.id for address in personal):
        return Scope.PERSONAL
    domain = domain_of(person.address)
    organisation = organisation_domains(owner, people)
    if not domain or not organisation:
        return Scope.OTHER
    if within(domain, organisation):
        return Scope.ORGANISATION
    return Scope.PERSONAL if is_public_provider(domain) else Scope.INDUSTRY


class Directory:
    """Everyone in a set of events, each once.

    `see` judges a line of an invitation, `person` gives the human being for an identity. Each distinct line is judged once.
    Names come from all events, so that a person is called the same in each; who someone is never depends on other events.
    """

    def __init__(self, owner: Owner, people: PeopleOptions, events: Sequence[CalendarEvent] = ()) -> None:
        self.owner = owner
        self.people = people
        self._main = aliases_of(people)
        self._me = {self._identity(address) for address in owner.addresses}
        self._my_name = canonical_name(owner.name)
        self._own_domains = organisation_domains(owner, people)
        self._assistants = {self._identity(address) for address in people.assistants}
        self.colleagues = frozenset(self._identity(address) for address in people.colleagues)
        self._words = _Words(people)
        self._seen: dict[tuple[str, str, str], Seen] = {}
        self._by_object: dict[int, tuple[Seen, object]] = {}  # keeps the line alive, so that its id stays its own
        self._mine: dict[int, tuple[Calendar, bool]] = {}
        self._scopes: dict[str, Scope] = {}
        self._persons: dict[str, Person] = {}
        self._names: dict[str, set[str]] = {}
        self.knows_by_name = False  # someone has no address
        self._by_name: dict[str, list[str]] | None = None
        known = self._by_object
        for event in events:
            for line in event.attendees:
                if id(line) not in known:
                    self.see(line, event.calendar)
            if event.organizer is not None and id(event.organizer) not in known:
                self.see(event.organizer, event.calendar)

    def see(self, line: Attendee | Organizer, calendar: Calendar) -> Seen:
        """What one line of an invitation stands for."""
        known = self._by_object.get(id(line))
        if known is None:
            known = self._by_object[id(line)] = (self._judge(line), line)
        seen = known[0]
        if line.is_me and seen.role is not Role.ME and self.is_mine(calendar):
            return Seen(Role.ME, seen.id, seen.name, seen.address)
        return seen

    def see_all(self, lines: Sequence[Attendee], calendar: Calendar) -> list[Seen]:
        """`see` for each attendee of an event."""
        known = self._by_object
        return [
            known[id(line)][0] if id(line) in known and not line.is_me else self.see(line, calendar) for line in lines
        ]

    def is_mine(self, calendar: Calendar) -> bool:
        """Whether the source's "me" is the owner: not in a colleague's calendar that is read beside one's own."""
        known = self._mine.get(id(calendar))
        if known is None:
            mine = not calendar.owner or any(self._identity(address) in self._me for address in calendar.owner)
            known = self._mine[id(calendar)] = (calendar, mine)
        return known[1]

    def person(self, identity: str) -> Person:
        """The person of an identity, by the name that reads best of all that the events give them."""
        known = self._persons.get(identity)
        if known is None:
            address = "" if identity.startswith("name:") else identity
            known = self._persons[identity] = Person(identity, _best_name(self._names.get(identity, ())), address)
        return known

    def name_of_me(self, address: str) -> str:
        """How the events call the owner under one of the owner's addresses; "" if they do not."""
        return _best_name(name for name in self._names.get(self._identity(address), ()) if "@" not in name)

    def named(self, name: str) -> Person:
        """The person known by a name only; if exactly one person is called so, by full or by first name, that one."""
        if self._by_name is None:
            self._by_name = {}
            for identity, names in self._names.items():
                full = set(map(canonical_name, names)) - {""}
                for key in full | {one.split()[0] for one in full}:
                    self._by_name.setdefault(key, []).append(identity)
        key = canonical_name(name)
        matches = self._by_name.get(key, ())
        if len(matches) == 1 and matches[0] not in self._me:
            return self.person(matches[0])
        return Person(f"name:{key}", " ".join(name.split()))

    def scope(self, person: Person) -> Scope:
        """`scope_of`, remembered."""
        known = self._scopes.get(person.id)
        if known is None:
            known = self._scopes[person.id] = scope_of(person, self.owner, self.people)
        return known

    def _identity(self, address: str) -> str:
        canonical = canonical_address(address) or address.strip().casefold()
        return self._main.get(canonical, canonical)

    def _judge(self, line: Attendee | Organizer) -> Seen:
        cutype = line.cutype if isinstance(line, Attendee) else CuType.INDIVIDUAL
        key = (line.address, line.name, "" if cutype is CuType.INDIVIDUAL else cutype.value)
        seen = self._seen.get(key)
        if seen is None:
            seen = self._seen[key] = self._judge_new(line.address, line.name, cutype)
        return seen

    def _judge_new(self, raw: str, name: str, cutype: CuType) -> Seen:
        name = name.strip().strip("'\"").strip()
        address = canonical_address(raw)
        if not address and canonical_address(name):
            address = canonical_address(name)
        identity = self._main.get(address, address)
        if identity and identity in self._me:
            self._names.setdefault(identity, set()).add(name)
            return Seen(Role.ME, identity, name, address)
        role = self._words.role(address, name, cutype, own_domains=self._own_domains)
        if identity in self._assistants and identity:
            role = Role.ASSISTANT
        if role is not Role.PERSON:
            return Seen(role, address or raw or name, name, address)
        if not identity:
            key = canonical_name(name)
            if key and (key == self._my_name or f"name:{key}" in self._me):
                return Seen(Role.ME, self.owner.addresses[0] if self.owner.addresses else f"name:{key}", name)
            if not key:
                return Seen(Role.NAMELESS, raw, name)
            identity = f"name:{key}"
            self.knows_by_name = True
            self._names.setdefault(identity, set()).add(name)
            return Seen(Role.PERSON, identity, name, by_name=True)
        self._names.setdefault(identity, set()).add(name)
        return Seen(Role.PERSON, identity, name, address)


def _best_name(names: Iterable[str]) -> str:
    real = [name for name in names if name]
    if not real:
        return ""
    return min(real, key=lambda name: ("@" in name, " " not in name, "," in name, len(name), name))


class _Words:
    """The lists of `data/people.toml` with those of the settings, compiled."""

    def __init__(self, people: PeopleOptions) -> None:
        self._bots = _wildcards(people.bot_patterns)
        self._groups = _wildcards(people.group_patterns)
        self._automated = _wildcards(people.automated_patterns)

    def role(self, address: str, name: str, cutype: CuType, *, own_domains: Sequence[str]) -> Role:
        """What an attendee other than the owner is."""
        lists = _lists()
        local, _, domain = address.rpartition("@")
        if cutype is CuType.ROOM:
            return Role.ROOM
        if cutype is CuType.RESOURCE:
            return Role.RESOURCE
        if within(domain, lists.calendar_rooms):
            return Role.RESOURCE
        if within(domain, lists.calendar_domains):
            return Role.CALENDAR
        if self._bots is not None and (self._bots.fullmatch(address) or self._bots.fullmatch(name.casefold())):
            return Role.BOT
        if self._automated is not None and self._automated.fullmatch(address):
            return Role.AUTOMATED
        if self._groups is not None and self._groups.fullmatch(address):
            return Role.GROUP
        subdomain = domain.partition(".")[0] if domain.count(".") > 1 else ""
        if lists.room_local.fullmatch(local) or subdomain in lists.room_subdomains or lists.room_names.search(name):
            return Role.ROOM
        if lists.no_reply.fullmatch(local):
            return Role.NO_REPLY
        if lists.bot_local.fullmatch(local) or lists.bot_names.search(name) or within(domain, lists.bot_domains):
            return Role.BOT
        foreign = not within(domain, own_domains)
        if foreign and within(domain, lists.vendor_domains) and lists.vendor_local.fullmatch(local):
            return Role.BOT
        if cutype is CuType.GROUP or lists.group_local.fullmatch(local):
            return Role.GROUP
        if subdomain in lists.group_subdomains or within(domain, lists.group_domains):
            return Role.GROUP
        if lists.automated_local.fullmatch(local):
            return Role.AUTOMATED
        if foreign and within(domain, lists.automated_domains) and not lists.automated_person.fullmatch(local):
            return Role.AUTOMATED
        return Role.PERSON


def _wildcards(patterns: Sequence[str]) -> re.Pattern[str] | None:
    if not patterns:
        return None
    return re.compile("|".join(fnmatch.translate(pattern.strip().casefold()) for pattern in patterns))


@dataclass(frozen=True, slots=True)
class _Lists:
    calendar_domains: tuple[str, ...]
    calendar_rooms: tuple[str, ...]
    room_local: re.Pattern[str]
    room_subdomains: frozenset[str]
    room_names: re.Pattern[str]
    no_reply: re.Pattern[str]
    bot_local: re.Pattern[str]
    bot_names: re.Pattern[str]
    bot_domains: tuple[str, ...]
    vendor_domains: tuple[str, ...]
    vendor_local: re.Pattern[str]
    group_local: re.Pattern[str]
    group_domains: tuple[str, ...]
    group_subdomains: frozenset[str]
    automated_local: re.Pattern[str]
    automated_domains: tuple[str, ...]
    automated_person: re.Pattern[str]


@cache
def _lists() -> _Lists:
    data: Mapping[str, Any] = load("people")

    def any_of(patterns: Sequence[str]) -> re.Pattern[str]:
        return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)

    return _Lists(
        calendar_domains=tuple(data["calendar"]["domains"]),
        calendar_rooms=tuple(data["calendar"]["rooms"]),
        room_local=any_of(data["room"]["local"]),
        room_subdomains=frozenset(data["room"]["subdomains"]),
        room_names=any_of(data["room"]["names"]),
        no_reply=any_of(data["no_reply"]["local"]),
        bot_local=any_of(data["bot"]["local"]),
        bot_names=any_of(data["bot"]["names"]),
        bot_domains=tuple(data["bot"]["domains"]),
        vendor_domains=tuple(data["bot"]["vendor_domains"]),
        vendor_local=any_of(data["bot"]["vendor_local"]),
        group_local=any_of(data["group"]["local"]),
        group_domains=tuple(data["group"]["domains"]),
        group_subdomains=frozenset(data["group"]["subdomains"]),
        automated_local=any_of(data["automated"]["local"]),
        automated_domains=tuple(data["automated"]["domains"]),
        automated_person=any_of(data["automated"]["person_local"]),
    )


@cache
def unknown_organizers() -> frozenset[str]:
    """Addresses that stand for an organizer whom the source does not know."""
    return frozenset(load("people")["calendar"]["unknown_organizer"])
