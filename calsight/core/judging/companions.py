"""Who makes meetings of two into meetings of three: a companion (docs/meaning.md, "What a meeting could also be").

An address of the owner's own that nobody joined to them, an assistant, a shared mailbox, a room that is listed as a person, a
note taker that no list knows: all of them leave the same trace, and none can be told by a name. They stand beside the owner
and exactly one other, again and again, on clearly more such meetings than anybody else, with ever other people, and hardly ever
alone with the owner. So one statistical rule over the owner's own calendar finds them, for attendees and organizers alike.

Several lines may do this by turns: a service with a new address for every meeting, rooms. So lines of one kind, of which never
two stand on one meeting and none ever is alone with the owner, are one line here: those at another organisation's domain that
never answer and are nobody by name, those at a subdomain of the owner's that never organise, those of one word's name that
never do, where people have two, and those that never do and share a word of their names (Zaal A, Zaal B, Zaal C).

A person can leave that trace too (a deputy, someone who brings people together). So a companion changes no kind: it is a doubt,
and a question.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp, log

from calsight.core.model.events import Status
from calsight.core.model.meetings import Person
from calsight.core.people.addresses import domain_of, full_name, is_public_provider, within
from calsight.core.people.presence import Presence
from calsight.core.people.roles import is_mailbox

_MOST = 2  # companions of one owner
_SHARE = 0.25  # of the meetings of three
_LEAST_MEETINGS = 3
_AHEAD = 2.0  # times as many meetings of three as whoever comes next
_AHEAD_OF_PAIR = 1.5  # … of two companions, whose meetings of three are parted between them
_AHEAD_SILENT = 1.25  # … of one that never answers where most others do
_CHANCE = 0.05  # of somebody being so often third where nobody is a companion
_OTHERS = 3  # different single others
_OTHERS_SILENT = 2
_ALONE = 0.25  # meetings alone with the owner, for each meeting of three
_TOGETHER = 3  # meetings from which on lines that always come together are one
_TURNS = 3  # lines from which on they may take turns
_NAMED = 0.6  # share of the lines at a domain with a full name, from which on people there have one


@dataclass(frozen=True, slots=True)
class Companions:
    """The companions of one owner, by the `ids` of persons.

    `joined` maps the id of a line that always comes with another to that one's, and of lines that take turns to one; that is
    "@domain" where they have a domain in common.
    """

    ids: frozenset[str] = frozenset()
    joined: Mapping[str, str] = field(default_factory=dict)

    def unit(self, one: str) -> str:
        """The line that one stands for: its own, or of those that come together or by turns the same."""
        return self.joined.get(one, one)

    def left(self, others: Sequence[Person]) -> tuple[Person, ...]:
        """Those of `others` who are there without their companions; of lines that always come together, one."""
        kept: dict[str, Person] = {}
        for person in others:
            unit = self.unit(person.id)
            if unit not in self.ids:
                kept.setdefault(unit, person)
        return tuple(kept.values())

    def beside(self, others: Sequence[Person]) -> tuple[str, ...]:
        """The companions among `others`: by id, or by the domain that they have in common."""
        units = ((person.id, self.unit(person.id)) for person in others)
        return tuple(unit if unit.startswith("@") else one for one, unit in units if unit in self.ids)


#: Who was at a meeting, what became of it, and how many occurrences are like it.
Seen = tuple[Presence, Status, int]


def companions(
    meetings: Iterable[Seen],
    *,
    colleagues: frozenset[str],
    answers: Callable[[str], bool],
    own_domains: Collection[str] = (),
) -> Companions:
    """The companions in an owner's meetings; none for whom the settings name as `colleagues`.

    `answers(id)` says whether someone ever answered an invitation, or organised one. Cancelled and declined meetings, and those
    whose list is not complete (groups, unnamed guests), say nothing; nor does who is left alone with the owner where all others
    declined.
    """
    on: Counter[tuple[str, ...]] = Counter()
    people: dict[str, Person] = {}
    led: set[str] = set()
    for presence, status, times in meetings:
        if presence.organizer is not None:
            led.add(presence.organizer.id)
        if status is Status.CANCELLED or presence.owner_declined or not presence.others:
            continue
        if presence.declined and presence.company == 1:
            continue
        if lines := everyone(presence, own_domains):
            ids = tuple([person.id for person in lines])
            if ids not in on:
                people.update(zip(ids, lines, strict=True))
            on[ids] += times
    told = list(on.items())
    joined = _taking_turns([ids for ids, _ in told], _kinds(people, answers, led | colleagues, own_domains))
    if joined:
        told = [(tuple(dict.fromkeys(joined.get(one, one) for one in ids)), times) for ids, times in told]
    together = _joined(told, colleagues)
    joined = {**together, **{one: together.get(unit, unit) for one, unit in joined.items()}}
    lists = [(frozenset(together.get(one, one) for one in ids), times) for ids, times in told]
    found: frozenset[str] = frozenset()
    while len(found) < _MOST:  # with one out of the way, another may show
        more = _standing_out([(ids - found, times) for ids, times in lists], _MOST - len(found), colleagues, answers)
        if not more:
            break
        found |= more
    units = {one: unit for one, unit in joined.items() if unit in found}
    if 2 * sum(map(answers, people)) >= len(people):
        found |= _shadows(told, answers) - colleagues
    return Companions(found, units)


def everyone(presence: Presence, own_domains: Collection[str]) -> tuple[Person, ...]:
    """The lines of a meeting whose list is complete, () of any other.

    A group address may be a machine's mailbox, or the owner's office: it is one line where it is of another organisation and
    nobody else is there of that, or where the owner invites an office of their own.
    """
    if presence.company == len(presence.others):
        return presence.others
    there = {domain_of(person.address) for person in presence.others}

    def is_line(group: str) -> bool:
        domain = domain_of(group)
        if within(domain, own_domains):
            return presence.organised_by_me is True and is_mailbox(group)
        return domain not in there

    if presence.guests or presence.nameless or not all(map(is_line, presence.groups)):
        return ()
    return (*presence.others, *(Person(group, "", group) for group in presence.groups))


def _shadows(told: Sequence[tuple[tuple[str, ...], int]], answers: Callable[[str], bool]) -> set[str]:
    """Lines that never answer and always come with the same other, who does: the assistants of those whom the owner meets.

    One such pair may be two of a team of whom the owner does not see all answers; three, with as many others, are a habit.
    """
    beside: dict[str, set[str]] = {}
    times: Counter[str] = Counter()
    for ids, many in told:
        for one in ids:
            if not answers(one):
                beside[one] = beside.get(one, set(ids)).intersection(ids)
                times[one] += many
    others = {one: tuple(who - {one}) for one, who in beside.items() if times[one] >= _TOGETHER}
    found = {one: who[0] for one, who in others.items() if len(who) == 1 and answers(who[0])}
    return set(found) if len(set(found.values())) >= _TURNS else set()


def _kinds(
    people: Mapping[str, Person], answers: Callable[[str], bool], persons: set[str], own_domains: Collection[str]
) -> dict[str, list[str]]:
    """Lines that could be of one kind, by what they have in common: "@domain", or that they have no full name.

    `persons` are people for certain: who organises, and colleagues by the settings. Where another domain has one, or somebody
    who answers, none of its lines is of a kind.
    """
    at: dict[str, list[Person]] = defaultdict(list)
    for person in people.values():
        at[domain_of(person.address)].append(person)
    answering = {domain: sum(answers(person.id) for person in lines) for domain, lines in at.items()}
    kinds: dict[str, list[str]] = {}
    mute = []
    for domain, lines in sorted(at.items()):
        ids = sorted(person.id for person in lines)
        if not domain or is_public_provider(domain):
            continue
        if domain in own_domains:
            unnamed = [person.id for person in lines if not full_name(person.name) and person.id not in persons]
            alike = _called_alike(domain, [person for person in lines if person.id not in persons])
            few = (1 - _NAMED) * len(lines)
            kinds |= {kind: ones for kind, ones in {domain: sorted(unnamed), **alike}.items() if len(ones) <= few}
        elif persons.intersection(ids):
            continue
        elif within(domain, own_domains):
            kinds[f"@{domain}"] = ids
        elif not answering[domain] and 2 * sum(answering.values()) >= len(people) - len(ids):
            names = {full_name(person.name) for person in lines}
            if len(ids) < _TURNS:
                mute += [one for one in ids if not full_name(people[one].name)]
            elif len(names) == 1:
                kinds[f"@{domain}"] = ids
    return {kind: ones for kind, ones in {**kinds, "": mute}.items() if len(ones) >= _TURNS}


def _called_alike(domain: str, lines: Iterable[Person]) -> dict[str, list[str]]:
    """Lines at a domain whose full names share a word, by that word: the first, or else the last."""
    names = {person.id: name.split() for person in lines if (name := full_name(person.name))}
    kinds: dict[str, list[str]] = {}
    for end in (0, -1):
        alike: dict[str, list[str]] = defaultdict(list)
        for one, words in sorted(names.items()):
            alike[f"{domain} {words[end]}"].append(one)
        found = {word: ones for word, ones in alike.items() if len(ones) >= _TURNS}
        kinds |= found
        names = {one: words for one, words in names.items() if not any(one in ones for ones in found.values())}
    return kinds


def _taking_turns(told: Sequence[Sequence[str]], kinds: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Lines of one kind that never stand together, and never alone with the owner: each to the one for which they stand."""
    kind_of = {one: kind for kind, ones in kinds.items() for one in ones}
    apart = set(kinds)
    for ids in told:
        here = [kind_of[one] for one in ids if one in kind_of]
        apart -= {kind for kind in here if len(ids) == 1 or here.count(kind) > 1}
    return {one: kind if kind.startswith("@") else kinds[kind][0] for one, kind in kind_of.items() if kind in apart}


def _joined(told: Iterable[tuple[tuple[str, ...], int]], colleagues: frozenset[str]) -> dict[str, str]:
    """Lines that always come together (an assistant with the mailbox of the office): each but the first to the first.

    Only small meetings tell: a room and a note taker come together there, and the note taker alone to the large ones.
    `colleagues` stand for themselves.
    """
    where: dict[str, list[int]] = defaultdict(list)
    size: list[int] = []
    small = [(ids, times) for ids, times in told if len(ids) <= _MOST + 1]
    for place, (ids, times) in enumerate(small):
        size.append(times)
        for one in ids:
            where[one].append(place)
    first: dict[tuple[int, ...], str] = {}
    joined = {}
    for one, places in sorted(where.items()):
        if one not in colleagues and sum(size[place] for place in places) >= _TOGETHER:
            unit = first.setdefault(tuple(places), one)
            if unit != one:
                joined[one] = unit
    return joined


def _standing_out(
    lists: Iterable[tuple[frozenset[str], int]],
    most: int,
    colleagues: frozenset[str],
    answers: Callable[[str], bool],
) -> frozenset[str]:
    """Those who stand on far more meetings of three than whoever comes next; at most `most`, better two than one."""
    beside: dict[str, Counter[str]] = defaultdict(Counter)
    alone: Counter[str] = Counter()
    total = 0
    for ids, times in lists:
        if len(ids) == 1:
            alone.update({next(iter(ids)): times})
        elif len(ids) == 2:
            total += times
            one, other = ids
            beside[one][other] += times
            beside[other][one] += times
    counts = {one: others.total() for one, others in beside.items()}
    most_answer = 2 * sum(map(answers, counts)) >= len(counts)

    def silent(one: str) -> bool:
        return most_answer and not answers(one)

    def fits(one: str) -> bool:
        enough = _OTHERS_SILENT if silent(one) else _OTHERS
        return len(beside[one]) >= enough and alone[one] <= _ALONE * counts[one] and one not in colleagues

    ranked = sorted(counts, key=lambda one: (-counts[one], one))
    for size in range(most, 0, -1):
        few = ranked[:size]
        if len(few) < size:
            continue
        next_best = counts[ranked[size]] if len(ranked) > size else 0
        usual = _AHEAD_OF_PAIR if size > 1 else _AHEAD
        ahead = max(_AHEAD_SILENT if silent(one) else usual for one in few)
        least = counts[few[-1]]
        enough = max(_LEAST_MEETINGS, _SHARE * total, ahead * next_best)
        if least >= enough and (any(map(silent, few)) or not _by_chance(least, total, len(counts))):
            return frozenset(filter(fits, few))
    return frozenset()


def _by_chance(times: int, total: int, people: int) -> bool:
    """Whether somebody may well stand on `times` of `total` meetings of three where any two of `people` do.

    Each is then on 2 of `people`; Chernoff's bound of the binomial tail, for whoever of them it is.
    """
    if times == total:
        return people * (2 / people) ** total > _CHANCE
    share, expected = times / total, 2 / people
    if share <= expected:
        return True
    distance = share * log(share / expected) + (1 - share) * log((1 - share) / (1 - expected))
    return people * exp(-total * distance) > _CHANCE
