"""Lines of an invitation that are called like the place of the event: rooms that are listed as persons.

Such a line is read as a room, unless it takes part in an event elsewhere too: then it is somebody in whose office people meet.
Neither is sure, so the meeting carries a doubt (`judging.doubts`); who is named among `people.colleagues` is a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from calsight.core.model.events import CalendarEvent
from calsight.core.people.roles import Role

_SHORTEST = 3  # letters of a name that may stand in a place by chance no more


class Line(Protocol):
    """A line of an invitation, judged: see `directory.Seen`."""

    @property
    def role(self) -> Role:
        """What it stands for."""

    @property
    def id(self) -> str:
        """The identity."""

    @property
    def called(self) -> str:
        """The name, canonical."""


def called_like_the_place(event: CalendarEvent, lines: Iterable[Line]) -> frozenset[str]:
    """The ids of persons of an event whose name is, or stands in, its location, as whole words."""
    where = " ".join(event.location.casefold().split())
    if not where:
        return frozenset()
    return frozenset(one.id for one in lines if one.role is Role.PERSON and _stands_in(one.called, where))


def _stands_in(name: str, where: str) -> bool:
    if len(name) < _SHORTEST or name not in where:
        return False
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", where) is not None
