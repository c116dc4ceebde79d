"""What the owner says against their calendar. Pure; `calsight.settings.corrections_file` keeps it.

What is said of people and of absences counts before anything is judged; the rest is applied to the meetings (`corrected`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, TypeAlias

from calsight.core.model.events import NOTES, CalendarEvent, EventType, ShowAs
from calsight.core.model.meetings import Owner
from calsight.core.model.options import PeopleOptions, Relation
from calsight.core.people.identities import Identities, named_identity, plain_identity
from calsight.core.time.days import DAY, midnight

PersonWord: TypeAlias = "Relation | Literal['assistant', 'colleague', 'me']"


@dataclass(frozen=True, slots=True)
class ThisMeeting:
    """An entry is, or is not, a one-to-one.

    `day` picks one occurrence by its day (None: all of that UID); `who` says with whom, where the entry does not ("").
    `title` names the entries of a day by their title (or UID) instead, where `uid` is ""; compared without case.
    """

    uid: str
    one_to_one: bool
    day: date | None = None
    who: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ThisPerson:
    """Who someone is: a role as in the settings, "assistant", "colleague", or "me": an address of the owner's own.

    `address` may be a name, of somebody who has no address.
    """

    address: str
    word: PersonWord


@dataclass(frozen=True, slots=True)
class Away:
    """The owner was away from `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class There:
    """The owner was there from `first` to `last`, both included, although hardly anything in the calendar shows it."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class OnePerson:
    """Two addresses are one person's."""

    address: str
    other: str


@dataclass(frozen=True, slots=True)
class Met:
    """The owner met someone one-to-one on that day, off the calendar."""

    address: str
    day: date


@dataclass(frozen=True, slots=True)
class KeepUp:
    """The owner wants to meet someone every so many weeks. It changes nothing of what the calendar says."""

    address: str
    weeks: int


Correction: TypeAlias = ThisMeeting | ThisPerson | OnePerson | Away | There | Met | KeepUp


def people_with(people: PeopleOptions, corrections: Iterable[Correction]) -> PeopleOptions:
    """The settings' people with what the corrections say of them; a correction wins over the settings."""
    corrections = list(corrections)
    joined = [(c.address, c.other) for c in corrections if isinstance(c, OnePerson)]
    if joined:
        aliases = {main: tuple(others) for main, others in people.aliases.items()}
        for main, other in joined:
            aliases[main] = tuple(dict.fromkeys((*aliases.get(main, ()), other)))
        people = replace(people, aliases=aliases)
    identity = Identities(people).named
    said = {identity(c.address): c for c in corrections if isinstance(c, ThisPerson)}
    if not said:
        return people
    roles = {address: role for address, role in people.roles.items() if identity(address) not in said}
    assistants = [address for address in people.assistants if identity(address) not in said]
    colleagues = [address for address in people.colleagues if identity(address) not in said]
    for correction in said.values():
        match correction.word:
            case "me":
                pass  # see `owner_with`
            case "assistant":
                assistants.append(correction.address)
            case "colleague":
                colleagues.append(correction.address)
            case role:
                roles[correction.address] = role
    return replace(people, roles=roles, assistants=tuple(assistants), colleagues=tuple(colleagues))


def addresses_of_mine(corrections: Iterable[Correction]) -> tuple[str, ...]:
    """The addresses (or names) of which the owner says that they are theirs too, by identity."""
    return tuple(named_identity(c.address) for c in corrections if isinstance(c, ThisPerson) and c.word == "me")


def owner_with(owner: Owner, corrections: Iterable[Correction], people: PeopleOptions) -> Owner:
    """The owner with the further addresses that the corrections give them."""
    mine = addresses_of_mine(corrections)
    if not mine:
        return owner
    identity = Identities(people).of
    own = (*owner.addresses, *(one for address in mine for one in (identity(address), address)))
    return replace(owner, addresses=tuple(dict.fromkeys(own)))


def uid_of(away: Away) -> str:
    """The UID of the entry that stands for an absence."""
    return f"calsight-away-{away.first}-{away.last}"


def absences(corrections: Iterable[Correction], zone: str) -> list[CalendarEvent]:
    """An out-of-office entry for each `Away`, to be judged with the other events."""
    return [
        CalendarEvent(
            uid=uid_of(away),
            start=midnight(away.first, zone),
            end=midnight(away.last + DAY, zone),
            all_day=True,
            zone=zone,
            show_as=ShowAs.OUT_OF_OFFICE,
            event_type=EventType.OUT_OF_OFFICE,
            calendar=NOTES,
        )
        for away in corrections
        if isinstance(away, Away)
    ]


def plain_title(title: str) -> str:
    """A title in the form in which titles are compared: without case, and with single spaces."""
    return " ".join(title.split()).casefold()


def same_subject(one: Correction, other: Correction) -> bool:
    """Whether two corrections speak of the same thing, so that the later one replaces the earlier."""
    match one, other:
        case ThisMeeting(), ThisMeeting():
            return (one.uid, plain_title(one.title), one.day) == (other.uid, plain_title(other.title), other.day)
        case ThisPerson(), ThisPerson():
            return named_identity(one.address) == named_identity(other.address)
        case OnePerson(), OnePerson():
            first, second = ({plain_identity(each.address), plain_identity(each.other)} for each in (one, other))
            return first == second
        case ((Away() | There()), (Away() | There())):
            return (one.first, one.last) == (other.first, other.last)
        case Met(), Met():
            return (named_identity(one.address), one.day) == (named_identity(other.address), other.day)
        case KeepUp(), KeepUp():
            return named_identity(one.address) == named_identity(other.address)
        case _:
            return one == other
