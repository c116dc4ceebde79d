"""Is the owner under the right name? An address that is mistyped, or that was changed half-way, is on no list.

Then the owner's one-to-ones would look like meetings of three, and the verdict would be a false alarm: it is asked instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple

from calsight.core.model.events import CalendarEvent
from calsight.core.model.report import Reason
from calsight.core.people.directory import OWNER, Directory, Role, Seen, people_among
from calsight.core.wording.reasons import reason

_ENOUGH = 3  # entries without the owner, from which on they say something
_MOST = 0.5  # share of the entries
_STANDS_OUT = 0.8  # share of the entries without the owner
_CANDIDATES = 5
_ME, _GROUP = Role.ME, Role.GROUP  # on Python 3.11 finding a member costs more than the comparison
_role = attrgetter("role")


class Unlisted(NamedTuple):
    """Of `entries` invitations, `without` leave the owner out. `candidates`: who the owner may be, and on how many of these."""

    candidates: tuple[tuple[str, int], ...]
    without: int
    entries: int


def owner_doubts(directory: Directory) -> list[Reason]:
    """Why the owner of the directory may be somebody else, in reasons; the events are those that the directory was made of."""
    found = unlisted(directory.listed, directory)
    if found is None:
        return []
    return [
        reason(
            "insufficient_owner_unlisted",
            address=directory.owner.addresses[0],
            without=found.without,
            entries=found.entries,
            likeliest=[f"{address} ({count})" for address, count in found.candidates[:3]],
        )
    ]


def unlisted(events: Sequence[CalendarEvent], directory: Directory) -> Unlisted | None:
    """Who else the owner of the directory may be, where at least half of the invitations leave them out; else None.

    An invitation here is an entry that someone organises and that names two people or more, the owner included. One to a group
    address says nothing: the owner may be in the group; nor does one that hides its list. Asked is where the owner is on none,
    or where someone who is on most of those without the owner is on none with them, and no colleague by the settings: that
    one may be the owner under another address.
    """
    if not directory.owner.addresses:
        return None
    invitations = list(_invitations(events, directory))
    if sum(_ME not in map(_role, seen) for seen in invitations) < _ENOUGH:
        return None  # nearly always
    lists = [who for seen in invitations if len(who := people_among(seen)) > 1]
    without = [who for who in lists if OWNER not in who]
    if len(without) < max(_ENOUGH, _MOST * len(lists)):
        return None
    met = {one for who in lists if OWNER in who for one in who}
    counts = Counter(one for who in without for one in who if one not in met and one not in directory.colleagues)
    likeliest = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:_CANDIDATES]
    if not met:
        return Unlisted(tuple(likeliest), len(without), len(lists))
    standing = tuple((one, n) for one, n in likeliest if n >= _STANDS_OUT * len(without))
    return Unlisted(standing, len(without), len(lists)) if standing else None


def _invitations(events: Iterable[CalendarEvent], directory: Directory) -> Iterable[Sequence[Seen]]:
    """The lines of each invitation; a series with one list counts once."""
    done: set[tuple[str, int, int]] = set()
    for event in events:
        mark = (event.uid, id(event.attendees), id(event.organizer))
        if event.organizer is None or event.participants_hidden or mark in done:
            continue
        done.add(mark)
        seen = directory.named_on(event)
        if _GROUP not in map(_role, seen):
            yield seen
