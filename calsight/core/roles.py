"""Who is no person: rooms, bots, machines and group addresses, told by address and name.

The lists ship as data (`data/people.toml`); those of the settings add to them.
"""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from calsight.core.addresses import within
from calsight.core.data import load
from calsight.core.events import CuType
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


class RoleWords:
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
