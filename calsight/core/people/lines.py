"""What a line of an invitation stands for by its own words, whoever's calendar it stands in.

An address stands in the calendars of all who meet that person. What it comes to is found out once for all the directories that
share what is `Known`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calsight.core.model.events import CuType
from calsight.core.model.options import PeopleOptions
from calsight.core.people.addresses import canonical_address, canonical_name, compared_name, repeats_name, spelt_name
from calsight.core.people.identities import plain_identity
from calsight.core.people.roles import Role, RoleWords

_MOST = 200_000  # addresses that are remembered; more begin anew


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of an invitation, judged. `id` is the person's identity (`Person.id`), or the address of what is no person.

    by_name    a person without an address
    called     a person's `canonical_name`
    bare       a person's address stands for the name
    full       the full name, without accents, by which two lines of one event are taken for one person: an address without a
               name may spell it; "" where there is none
    double     taken for the owner by the full name alone
    account    an account's name stands for the address, and no name beside it
    """

    role: Role
    id: str
    name: str = ""
    address: str = ""
    by_name: bool = False
    called: str = ""
    bare: bool = False
    full: str = ""
    double: bool = False
    account: str = ""


class Known:
    """What addresses and names come to: of one organisation, or of one calendar."""

    def __init__(self) -> None:
        self._addresses: dict[str, str] = {}
        self._repeats: dict[tuple[str, str], bool] = {}
        self._lines: dict[object, Lines] = {}

    def address(self, raw: str) -> str:
        """`canonical_address`."""
        found = self._addresses.get(raw)
        if found is None:
            found = self._addresses[raw] = canonical_address(raw)
        return found

    def repeats(self, address: str, name: str) -> bool:
        """`repeats_name`."""
        found = self._repeats.get((address, name))
        if found is None:
            found = self._repeats[address, name] = repeats_name(address, name)
        return found

    def lines(self, people: PeopleOptions, own_domains: Sequence[str]) -> Lines:
        """What lines stand for, by these settings and for somebody of these domains."""
        if len(self._addresses) > _MOST:
            self._addresses.clear()
            self._repeats.clear()
            self._lines.clear()
        key = (*map(tuple, (people.bot_patterns, people.group_patterns, people.automated_patterns, own_domains)),)
        if key not in self._lines:
            self._lines[key] = Lines(RoleWords(people), own_domains, self)
        return self._lines[key]


class Lines:
    """Lines of invitations as somebody sees them whom none of them is about."""

    def __init__(self, words: RoleWords, own_domains: Sequence[str], known: Known) -> None:
        self._words, self._own_domains, self._known = words, own_domains, known
        self._seen: dict[tuple[str, str, CuType], Seen] = {}

    def seen(self, raw: str, name: str, cutype: CuType) -> Seen:
        """What a line with this address, as written, and this name stands for; of a person without an address, that only."""
        found = self._seen.get((raw, name, cutype))
        if found is None:
            found = self._seen[raw, name, cutype] = self._judge(raw, name.strip().strip("'\"").strip(), cutype)
        return found

    def _judge(self, raw: str, name: str, cutype: CuType) -> Seen:
        address = self._known.address(raw) or canonical_address(name)
        role = self._words.role(address, name, cutype, own_domains=self._own_domains)
        return person(name, address) if role is Role.PERSON else Seen(role, address or raw or name, name, address)

    def takes_back(self, seen: Seen, *, alike: bool) -> bool:
        """Whether somebody who answers is a person, whatever the words of the address say: see `RoleWords`."""
        return self._words.takes_back(seen.role, seen.address, seen.name, alike=alike)


def person(name: str, address: str) -> Seen:
    """The line of a person."""
    called = canonical_name(name)
    bare = bool(address) and not called.replace(address, "")
    full = spelt_name(address) if bare else compared_name(name)
    return Seen(Role.PERSON, plain_identity(address), name, address, called=called, bare=bare, full=full)
