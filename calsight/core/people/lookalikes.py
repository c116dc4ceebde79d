"""Lines of an invitation that their names show to be something else: a second line of one person, or a room.

One person is often listed twice, under a work and a private address, and an owner's second address makes a group of every
one-to-one. So lines of one event with the same full name are read as one person, and one with the owner's full name as the
owner. A line that is called like the place of the event is read as a room, unless it takes part elsewhere too. Neither is sure:
the meeting carries a doubt (`judging.doubts`), and settings settle it (`people.colleagues` names someone of their own).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from calsight.core.model.events import CalendarEvent
from calsight.core.people.addresses import canonical_name
from calsight.core.people.directory import Seen
from calsight.core.people.roles import Role

_SHORTEST_PLACE = 3  # letters


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of an event as they are read, the organizer apart; `doubles` and `places`: the ids of those read otherwise."""

    lines: list[Seen]
    organizer: Seen | None
    doubles: tuple[str, ...] = ()
    places: tuple[str, ...] = ()


class Lookalikes:
    """What one owner's calendars tell of names: how the owner is called, and who takes part in more than one place."""

    def __init__(self, my_names: Iterable[str], me: str, colleagues: frozenset[str]) -> None:
        self._me, self._colleagues = me, colleagues
        self._my_names = {name for name in map(canonical_name, my_names) if _is_full(name)}
        self._elsewhere: set[str] = set()

    def note(self, event: CalendarEvent, seen: Iterable[Seen]) -> None:
        """Remember who takes part in an event that is not called after them."""
        where = _folded(event.location)
        for one in seen:
            if one.role is Role.PERSON and not _stands_in(canonical_name(one.name), where):
                self._elsewhere.add(one.id)

    def read(self, event: CalendarEvent, lines: Sequence[Seen], organizer: Seen | None) -> Lines:
        """The lines of one event, with doubles read as one person and those that are called like the place as rooms."""
        where = _folded(event.location)
        first: dict[str, Seen] = {}
        doubles: dict[str, None] = {}
        places: dict[str, None] = {}

        def read(seen: Seen) -> Seen:
            if seen.role is not Role.PERSON or seen.id in self._colleagues:
                return seen
            name = canonical_name(seen.name)
            if _is_full(name):
                if name in self._my_names:
                    doubles[seen.id] = None
                    return replace(seen, role=Role.ME, id=self._me or seen.id)
                one = first.setdefault(name, seen)
                if one.id != seen.id:
                    doubles[seen.id] = None
                    return replace(seen, id=one.id)
            if where and seen.id not in self._elsewhere and _stands_in(name, where):
                places[seen.id] = None
                return replace(seen, role=Role.ROOM)
            return seen

        # In an order of their own: which of two is the double must not depend on how they are listed.
        order = sorted({seen.id: seen for seen in (*lines, *([organizer] if organizer else []))}.values(), key=_by_id)
        for seen in order:
            read(seen)
        return Lines(
            [read(seen) for seen in lines],
            None if organizer is None else read(organizer),
            tuple(sorted(doubles)),
            tuple(sorted(places)),
        )


def _by_id(seen: Seen) -> str:
    return seen.id


def _is_full(name: str) -> bool:
    return " " in name and "@" not in name


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _stands_in(name: str, where: str) -> bool:
    """Whether a name is, or stands in, a place, as whole words."""
    if len(name) < _SHORTEST_PLACE or name not in where:
        return False
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", where) is not None
