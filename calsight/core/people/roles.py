"""Who is no person: rooms, bots, machines and group addresses, told by address and name.

The lists ship as data (`data/people.toml`); those of the settings add to them.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from calsight.core.data import load, lowered
from calsight.core.model.events import CuType
from calsight.core.model.options import PeopleOptions
from calsight.core.model.vocabulary import Word
from calsight.core.people.addresses import canonical_name, full_name, repeats_name, within


class Role(Word):
    """What a line of an invitation stands for. All but the first four are set aside: they are not people."""

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


#: Roles that a word in an address or a name gives, and which a person's own name takes back.
_SAID_BY_WORDS = frozenset({Role.ROOM, Role.BOT, Role.GROUP, Role.NO_REPLY, Role.AUTOMATED})


class RoleWords:
    """The lists of `data/people.toml` with those of the settings, compiled."""

    def __init__(self, people: PeopleOptions) -> None:
        self._bots = _wildcards(people.bot_patterns)
        self._groups = _wildcards(people.group_patterns)
        self._automated = _wildcards(people.automated_patterns)

    def role(self, address: str, name: str, cutype: CuType, *, own_domains: Sequence[str]) -> Role:
        """What an attendee other than the owner is."""
        lists = _lists()
        local, _, domain = lowered(address).rpartition("@")
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
        if (
            lists.room_local.fullmatch(local)
            or subdomain in lists.room_subdomains
            or lists.room_names.search(lowered(name))
        ):
            return Role.ROOM
        if lists.no_reply.fullmatch(local):
            return Role.NO_REPLY
        foreign = not within(domain, own_domains)
        if lists.bot_local.fullmatch(local) or lists.bot_names.search(lowered(name)):
            return Role.BOT
        if foreign and _foreign_bot(lists, local, domain, name):
            return Role.BOT
        if cutype is CuType.GROUP or lists.group_local.fullmatch(local):
            return Role.GROUP
        if subdomain in lists.group_subdomains or within(domain, lists.group_domains):
            return Role.GROUP
        if lists.automated_local.fullmatch(local):
            return Role.AUTOMATED
        if foreign and within(domain, lists.automated_domains) and not lists.automated_person.fullmatch(local):
            return Role.AUTOMATED
        if lists.departments.fullmatch(local) and not (
            foreign and full_name(name) and is_name(name) and not _is_firm(name)
        ):
            return Role.GROUP
        return Role.PERSON

    def takes_back(self, role: Role, address: str, name: str, *, alike: bool) -> bool:
        """Whether a role that a word gave is none, for the address repeats the full name of somebody who answers.

        `alike`: the address is formed like those of the others at its domain.
        """
        if role not in _SAID_BY_WORDS or not repeats_name(address, name) or not is_name(name):
            return False
        return alike or canonical_name(name).partition(" ")[0] not in _lists().first_of_groups


def is_name(name: str) -> bool:
    """Whether no word of a name speaks against a person: no acronym, no number, no word of `[not_a_name]`."""
    if any(map(str.isdigit, name)):
        return False
    words = re.split(r"[\s,./()-]+", name.strip())
    if any(1 < len(word) <= 4 and word.isupper() for word in words) and not name.isupper():
        return False
    first = canonical_name(name).partition(" ")[0]
    lists = _lists()
    if lists.never_first.fullmatch(first):
        return False
    return not any(
        lists.not_a_name.fullmatch(lowered(word)) and not (word.casefold() == first and first in lists.first_of_groups)
        for word in words
        if word
    )


def is_mailbox(address: str) -> bool:
    """Whether an address reads like an office's mailbox (`office@`, `hr@`), and not like a list of people (`team@`)."""
    local, lists = lowered(address).rpartition("@")[0], _lists()
    return lists.departments.fullmatch(local) and lists.group_local.fullmatch(local) is None


def _is_firm(name: str) -> bool:
    """Whether a word of a name is one of firms, offices or trades."""
    return not _lists().firms.isdisjoint(canonical_name(name).replace(".", " ").split())


def _foreign_bot(lists: _Lists, local: str, domain: str, name: str) -> bool:
    """Whether this is a machine by what is said of other organisations' addresses only."""
    if within(domain, lists.bot_domains) or (
        within(domain, lists.vendor_domains) and lists.vendor_local.fullmatch(local)
    ):
        return True
    return lists.foreign_bot_local.fullmatch(local) is not None and not full_name(name)


def _wildcards(patterns: Sequence[str]) -> re.Pattern[str] | None:
    if not patterns:
        return None
    return re.compile("|".join(fnmatch.translate(pattern.strip().casefold()) for pattern in patterns))


class _Lists:
    """The lists of `data/people.toml`, compiled: all in small letters."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.not_a_name = _any_of(data["not_a_name"]["words"])
        self.never_first = _any_of(data["not_a_name"]["never_first"])
        self.firms = frozenset(
            word.casefold()
            for language in load("titles").values()
            for key in ("organisations", "not_names")
            for word in language.get(key, ())
        )
        self.first_of_groups: frozenset[str] = frozenset(data["not_a_name"]["first"])
        self.calendar_domains: tuple[str, ...] = tuple(data["calendar"]["domains"])
        self.calendar_rooms: tuple[str, ...] = tuple(data["calendar"]["rooms"])
        self.room_local = _any_of(data["room"]["local"])
        self.room_subdomains: frozenset[str] = frozenset(data["room"]["subdomains"])
        self.room_names = _any_of(data["room"]["names"])
        self.no_reply = _any_of(data["no_reply"]["local"])
        self.bot_local = _any_of(data["bot"]["local"])
        self.foreign_bot_local = _any_of(data["bot"]["foreign_local"])
        self.bot_names = _any_of(data["bot"]["names"])
        self.bot_domains: tuple[str, ...] = tuple(data["bot"]["domains"])
        self.vendor_domains: tuple[str, ...] = tuple(data["bot"]["vendor_domains"])
        self.vendor_local = _any_of(data["bot"]["vendor_local"])
        self.group_local = _any_of(data["group"]["local"])
        self.departments = _Departments(data["group"]["departments"])
        self.group_domains: tuple[str, ...] = tuple(data["group"]["domains"])
        self.group_subdomains: frozenset[str] = frozenset(data["group"]["subdomains"])
        self.automated_local = _any_of(data["automated"]["local"])
        self.automated_domains: tuple[str, ...] = tuple(data["automated"]["domains"])
        self.automated_person = _any_of(data["automated"]["person_local"])


class _Departments:
    """Names of departments, alone or with a region before them, or a country, a region or a number behind them.

    Nearly all are plain words, which take no compiling.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self._words = frozenset(name for name in names if name.isalpha())
        self._others = _any_of([name for name in names if not name.isalpha()])

    def fullmatch(self, local: str) -> bool:
        """Whether a local part is one of them."""
        return any(stem in self._words or self._others.fullmatch(stem) for stem in self._stems(local))

    @staticmethod
    def _stems(local: str) -> Iterator[str]:
        region = _REGION_BEFORE.match(local)
        for whole in (local, local[region.end() :]) if region else (local,):
            yield whole
            for behind in _BEHIND:
                if found := behind.search(whole):
                    yield whole[: found.start()]


_REGION_BEFORE = re.compile(r"(?:eu|uk|us|int|intl|global|group)[._-]")
_BEHIND = tuple(map(re.compile, (r"[._-][a-z]{2}\Z", r"[_-][a-z]{3,4}\Z", r"[._-]?(?<!\d)\d+\Z")))


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


@cache
def _lists() -> _Lists:
    return _Lists(load("people"))


@cache
def unknown_organizers() -> frozenset[str]:
    """Addresses that stand for an organizer whom the source does not know."""
    return frozenset(load("people")["calendar"]["unknown_organizer"])
