"""What the invitations together tell of their lines: who ever answers, what people are called, how addresses are formed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from calsight.core.model.events import Attendee, CalendarEvent, Organizer, PartStat
from calsight.core.people.addresses import domain_of
from calsight.core.people.lines import Known

_ENOUGH = 3  # people whose addresses are formed alike, from which on that is a domain's way


class Heard(NamedTuple):
    """answered   canonical addresses that ever answered or organised
    names      every name beside each canonical address, as written
    forms      of each domain: what parts the words of most local parts that are made of names ("." in "ana.lind@")
    """

    answered: frozenset[str]
    names: dict[str, set[str]]
    forms: dict[str, str]

    def alike(self, address: str) -> bool:
        """Whether an address is formed like those of the others at its domain."""
        return self.forms.get(domain_of(address)) == _form(address)


def heard(events: Iterable[CalendarEvent], known: Known) -> Heard:
    """Listen to all lines of these events; lines that events share are heard once."""
    done: dict[int, Attendee | Organizer] = {}  # keeps each alive, so that its id stays its own
    answered: set[str] = set()
    lines: set[tuple[str, str]] = set()
    for event in events:
        for line in event.attendees:
            if id(line) not in done:
                done[id(line)] = line
                lines.add((line.address, line.name))
                if line.partstat is not PartStat.NEEDS_ACTION:
                    answered.add(line.address)
        leader = event.organizer
        if leader is not None and id(leader) not in done:
            done[id(leader)] = leader
            lines.add((leader.address, leader.name))
            answered.add(leader.address)
    names: dict[str, set[str]] = {}
    for raw, name in lines:
        if address := known.address(raw):
            names.setdefault(address, set()).add(name)
    return Heard(frozenset(map(known.address, answered)), names, _forms(names, known))


def _forms(names: dict[str, set[str]], known: Known) -> dict[str, str]:
    found: dict[str, Counter[str]] = {}
    for address, given in names.items():
        form = _form(address) if any(known.repeats(address, name) for name in given) else ""
        found.setdefault(domain_of(address), Counter())[form] += 1
    usual = {domain: max((times, form) for form, times in counts.items()) for domain, counts in found.items()}
    return {domain: form for domain, (times, form) in usual.items() if form and times >= _ENOUGH}


def _form(address: str) -> str:
    """What parts the words of a local part."""
    return "".join(sorted(set(address.partition("@")[0]) & set("._-")))
