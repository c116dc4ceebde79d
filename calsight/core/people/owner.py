"""Whose calendar is it? Found in the calendars themselves, or asked for: never guessed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import combinations
from typing import Literal, NamedTuple

from calsight.core.model.events import NO_CALENDAR, Calendar, CalendarEvent, Organizer
from calsight.core.model.meetings import Owner
from calsight.core.model.options import OwnerOptions, PeopleOptions
from calsight.core.model.repeats import listed_alike
from calsight.core.people.addresses import domain_of
from calsight.core.people.directory import Directory, Known, Role, canonical_address
from calsight.core.people.identities import Identities

_STANDS_OUT = 0.8  # share of the entries that list people
_ENOUGH = 3  # entries that list people, from which on a calendar speaks for itself beside others
_CANDIDATES = 5


class OwnerQuestion(NamedTuple):
    """Nobody stands out ("none"), or two owners meet each other ("two"): ask for `--me`.

    Two are also whoever is given and the owner of all the calendars, whom they meet. `candidates` are the likeliest addresses
    with the number of entries that list them; `entries` is how many list anybody.
    """

    kind: Literal["none", "two"]
    candidates: tuple[tuple[str, int], ...]
    entries: int


def find_owner(
    events: Sequence[CalendarEvent],
    *,
    me: Sequence[str],
    owner: OwnerOptions,
    people: PeopleOptions,
    known: Known | None = None,
) -> Owner | OwnerQuestion:
    """Who "me" is: given, else as the source says, else the address that at least 80 % of the entries list.

    `known` is what directories found out of addresses and names already.
    """
    listing = _Listing(listed_alike(events), people, known or Known())
    sourced = _source_owners(listing)

    given = _each((*me, *owner.addresses), listing.identities)
    if given:
        strangers = [group for group in sourced if not set(group) & set(given) and listing.meet(given, group)]
        if strangers and len(strangers) == len(sourced) and all(calendar.owner for calendar in listing.calendars):
            return listing.two([given, *strangers])
        own = tuple(address for group in sourced if not listing.meet(given, group) for address in group)
        return _owner((*given, *own), "given", listing, owner)

    groups = _join(sourced)
    how = "source" if groups else "detected"
    detected = listing.detect([calendar for calendar in listing.calendars if not calendar.owner], alone=not groups)
    groups = _join([*groups, *((address,) for address in detected)])
    if not groups:
        if listing.entries == 0:
            return _owner((), "nobody_listed", listing, owner)
        return OwnerQuestion("none", listing.likeliest(), listing.entries)
    if len(groups) > 1:
        strangers = sorted(
            {group for pair in combinations(groups, 2) if listing.meet(pair[0], pair[1]) for group in pair}
        )
        if strangers:
            return listing.two(strangers)
        groups.sort(key=lambda group: (-listing.count(group), group))
    return _owner(tuple(address for group in groups for address in group), how, listing, owner)


def _owner(addresses: Iterable[str], how: str, listing: _Listing, options: OwnerOptions) -> Owner:
    own = tuple(dict.fromkeys(addresses))
    return Owner(own, options.name.strip() or _name_of(own, listing), how)


def _name_of(own: tuple[str, ...], listing: _Listing) -> str:
    """The owner's name as their calendars say, else as the lists of attendees write it."""
    identities, events = listing.identities, listing.events
    said = Counter(
        calendar.owner_name.strip()
        for calendar in listing.calendars
        if calendar.owner_name.strip()
        and (not own or not calendar.owner or set(_each(calendar.owner, identities)) & set(own))
    )
    if said:
        return min(said, key=lambda name: (-said[name], name))
    directory = listing.directory()
    for line in {id(line): line for event in events for line in event.lines}.values():
        address = listing.known.address(line.address)
        if not address or identities.main(address) in own:  # who has none may be the owner: some are known by name only
            directory.see(line, NO_CALENDAR)
    return next((name for name in map(directory.name_of_me, own) if name), "")


def _each(addresses: Iterable[str], identities: Identities) -> tuple[str, ...]:
    """The identities of some addresses, each once."""
    return tuple(dict.fromkeys(one for one in map(identities.of, addresses) if one))


def _source_owners(listing: _Listing) -> list[tuple[str, ...]]:
    """For each calendar whose source says whose it is: that person's addresses.

    A group address owns no calendar. A mark that the owner organises an entry adds no address of somebody whom they meet.
    """
    events, identities = listing.events, listing.identities
    said: dict[Calendar, dict[str, None]] = {}
    for calendar in _calendars(events):
        if calendar.owner and not listing.is_group(calendar.owner):
            said.setdefault(calendar, {}).update(dict.fromkeys(calendar.owner))
    done: set[tuple[int, int]] = set()  # by identity: the events keep them alive
    organised: dict[Calendar, dict[str, None]] = {}
    for event in events:
        for line in () if (mark := (id(event.attendees), id(event.calendar))) in done else event.attendees:
            if line.is_me:
                said.setdefault(event.calendar, {})[line.address] = None
        done.add(mark)
        if event.organizer is not None and event.organizer.is_me:
            organised.setdefault(event.calendar, {})[event.organizer.address] = None
    for calendar, addresses in organised.items():
        own = _each(said.get(calendar, {}), identities)
        for address in addresses:
            if not own or not listing.meet(own, _each((address,), identities)):
                said.setdefault(calendar, {})[address] = None
    groups = (_each(addresses, identities) for addresses in said.values())
    return _join([group for group in groups if group])


def _calendars(events: Iterable[CalendarEvent]) -> Iterable[Calendar]:
    return {id(event.calendar): event.calendar for event in events}.values()


def _join(groups: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Groups of addresses that share one are one person's."""
    joined: list[tuple[str, ...]] = []
    for group in groups:
        apart = [other for other in joined if not set(other) & set(group)]
        same = [address for other in joined if set(other) & set(group) for address in other]
        joined = [*apart, tuple(dict.fromkeys((*same, *group)))]
    return joined


class _Listing:
    """Which entries list whom, found out when it is first asked. An entry counts once, however often it recurs."""

    def __init__(self, events: Sequence[CalendarEvent], people: PeopleOptions, known: Known) -> None:
        self.events, self.people, self.identities, self.known = events, people, Identities(people), known
        self.calendars = list(dict.fromkeys(_calendars(events)))

    @cached_property
    def _everyone(self) -> Directory:
        domains = self.people.organisation_domains or _usual_domains(self.events)
        return Directory(Owner(), replace(self.people, organisation_domains=domains), self.events, self.known)

    @cached_property
    def _full(self) -> set[tuple[str, str]]:
        """Full names with their addresses."""
        return self._everyone.full_names()

    @cached_property
    def _moved(self) -> dict[str, tuple[str, ...]]:
        return _moved(self._full)

    @cached_property
    def _by_calendar(self) -> dict[Calendar, dict[str, set[str]]]:
        """The entries of each calendar by UID, and whom they list."""
        found: dict[Calendar, dict[str, set[str]]] = {calendar: {} for calendar in self.calendars}
        for event in self.events:
            lines = self._everyone.named_on(event)
            who = {seen.id for seen in lines if seen.role is Role.PERSON or seen.role is Role.ME}
            if who:
                found[event.calendar].setdefault(event.uid, set()).update(who)
        return found

    @cached_property
    def _all(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for entries in self._by_calendar.values():
            for uid, who in entries.items():
                found.setdefault(uid, set()).update(who)
        return found

    @property
    def entries(self) -> int:
        """How many list anybody."""
        return len(self._all)

    def count(self, group: tuple[str, ...]) -> int:
        """How many entries list one of these addresses."""
        return sum(not who.isdisjoint(group) for who in self._all.values())

    def directory(self) -> Directory:
        """One of nobody, and of no entries."""
        return Directory(Owner(), self.people, known=self.known)

    def is_group(self, addresses: Sequence[str]) -> bool:
        """Whether these are all addresses of a group, whose calendar is nobody's."""
        directory = self.directory()
        return all(directory.see(Organizer(address), NO_CALENDAR).role is Role.GROUP for address in addresses)

    def two(self, groups: Sequence[tuple[str, ...]]) -> OwnerQuestion:
        """The question which of these is the owner."""
        candidates = sorted((self.count(group), group[0]) for group in groups)
        return OwnerQuestion("two", tuple((address, n) for n, address in reversed(candidates)), self.entries)

    def meet(self, one: tuple[str, ...], other: tuple[str, ...]) -> bool:
        """Whether some entry lists an address of each, and no full name is both theirs."""
        apart = set(other) - set(one)
        if not apart or not any(not who.isdisjoint(one) and not who.isdisjoint(apart) for who in self._all.values()):
            return False
        return {name for name, who in self._full if who in one}.isdisjoint(
            name for name, who in self._full if who in apart
        )

    def likeliest(self) -> tuple[tuple[str, int], ...]:
        """The addresses that most entries list."""
        counts = Counter(address for who in self._all.values() for address in who)
        return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_CANDIDATES])

    def detect(self, calendars: Sequence[Calendar], *, alone: bool) -> list[str]:
        """The address that stands out in all these calendars together, and in each that has enough entries.

        `alone`: nothing else says who the owner is, so that small calendars are heard too if no other does.
        """
        found: dict[str, None] = {}
        if alone:
            found.update(dict.fromkeys(self._stands_out(self._all.values())))
        each = [self._by_calendar[calendar] for calendar in calendars]
        for entries in each:
            if len(entries) >= _ENOUGH:
                found.update(dict.fromkeys(self._stands_out(entries.values())))
        if alone and not found:
            for entries in each:
                found.update(dict.fromkeys(self._stands_out(entries.values())))
        return list(found)

    def _stands_out(self, entries: Iterable[set[str]]) -> Sequence[str]:
        """The one whom at least 80 % of the entries list, by all addresses; nothing if none does, or more than one."""
        listed = list(entries)
        out = _stands_out(listed)
        if not out and self._moved:
            (one,) = _stands_out([{self._moved.get(each, (each,))[0] for each in who} for who in listed]) or [""]
            out = [address for address in self._moved.get(one, ()) if any(address in who for who in listed)]
        return out


def _moved(names: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """All addresses of each whose full name stands under one local part at several domains: a firm has taken another name."""
    found: dict[tuple[str, str], set[str]] = {}
    # Who has two names is told of by the last of them, whatever the order of entries.
    for full, address in sorted(names):
        found.setdefault((full, address.partition("@")[0]), set()).add(address)
    return {address: tuple(sorted(each)) for each in found.values() if len(each) > 1 for address in each}


def _usual_domains(events: Sequence[CalendarEvent]) -> tuple[str, ...]:
    """Domains of three people or more that nearly every entry with people lists: the owner may work for a vendor of bots."""
    known: dict[str, str] = {}  # the domain of each as written
    entries: dict[str, set[str]] = {}
    for event in events:
        raw = [line.address for line in event.lines]
        for one in raw:
            if one not in known:
                known[one] = domain_of(canonical_address(one))
        entries.setdefault(event.uid, set()).update([known[one] for one in raw])
    listing = [domains for each in entries.values() if (domains := each - {""})]
    counts = Counter(domain for domains in listing for domain in domains)
    people = Counter(domain_of(one) for one in set(map(canonical_address, known)))
    return tuple(
        domain for domain, n in counts.items() if n >= _STANDS_OUT * len(listing) and people[domain] >= _ENOUGH
    )


def _stands_out(entries: Iterable[set[str]]) -> list[str]:
    """The one identity that at least 80 % of the entries list; [] if none does, or more than one."""
    listed = list(entries)
    counts = Counter(address for who in listed for address in who)
    out = [address for address, n in counts.items() if n >= _STANDS_OUT * len(listed)]
    return out if len(out) == 1 else []
