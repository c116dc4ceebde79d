"""One UID, several meetings: its entries parted into those of each (recurring-ical-events keeps one of them)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from calsight import Organizer

_Entry = TypeVar("_Entry")


class About(NamedTuple):
    """What tells whether two entries of one UID are about one meeting: the same title, or the same organizer."""

    title: str
    organizer: Organizer | None
    sequence: int
    recurring: bool

    @property
    def signs(self) -> tuple[object, object]:
        """What two of them share."""
        return ("title", self.title), ("organizer", self.organizer)


def parted(
    masters: Sequence[_Entry], overrides: Sequence[_Entry], about: Callable[[_Entry], About]
) -> Iterator[tuple[_Entry, list[_Entry]]]:
    """The meetings of several masters, in order, each with its overrides. An override goes to
    the first that it is like, else to the first that recurs.

    A later revision (higher SEQUENCE) of the same meeting replaces the earlier one.
    """
    known = [(master, about(master)) for master in masters]
    newest: dict[object, int] = {}
    for _, each in known:
        for sign in each.signs:
            newest[sign] = max(each.sequence, newest.get(sign, 0))
    known = [(master, each) for master, each in known if all(newest[sign] <= each.sequence for sign in each.signs)]
    owners = [number for number, (_, each) in enumerate(known) if each.recurring] or list(range(len(known)))
    first: dict[object, int] = {}
    for number in owners:
        for sign in known[number][1].signs:
            first.setdefault(sign, number)
    owned: list[list[_Entry]] = [[] for _ in known]
    for override in overrides:
        owned[min((first[sign] for sign in about(override).signs if sign in first), default=owners[0])].append(override)
    for (master, _), own in zip(known, owned, strict=True):
        yield master, own
