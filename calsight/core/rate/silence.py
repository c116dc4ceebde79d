"""Weeks in which nothing shows that the owner was there, by contrast with their own other weeks (docs/meaning.md, "Exposure").

Illness and holidays are often in no calendar: standing series run on, invitations are declined, subscribed calendars go on with
their own. What stops are single meetings. So a *sign of presence* is a held single meeting with others, or an occurrence of a
series that somebody moved. A stretch of weeks without one is silent if that is unlikely at the owner's usual rate of signs:

    P(no sign) = exp(-rate · working weeks in the stretch) < 1 %

where the rate is that of all other weeks (repeated until stable, since a long stretch hides how many signs are usual). There is
no least length: five signs a week make one empty week stand out, one a week makes five. An owner whose weeks hold hardly
anything but series has no such contrast, and for them nothing is silent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from datetime import date, datetime
from math import exp
from typing import NamedTuple, TypeAlias

from calsight.core.model.meetings import WITH_PEOPLE, YOU_SAID, Kind, Meeting
from calsight.core.time.days import monday_of

UNLIKELY = 0.01
ANSWERS = 0.5  # share of invitations from which on somebody is one who answers

#: Mondays of working weeks that follow each other without a sign; weeks without working time do not part them.
Stretch: TypeAlias = tuple[date, ...]


class Sign(NamedTuple):
    """A sign of presence: the Monday of its week, the last day on which its calendar was alive (None: it does not say), and
    whether it is a one-to-one."""

    week: date
    alive: date | None = None
    one_to_one: bool = False


def signs_of_presence(meetings: Iterable[Meeting], *, until: datetime, zone: str) -> list[Sign]:
    """The signs in the owner's meetings, of every kind; what ends after `until` was not held yet.

    An invitation without an answer is none where the owner answers at least half of those that they get.
    """
    single = [m for m in meetings if _shows_presence(m) and m.event.end <= until]
    invited = [m for m in single if m.answered is not None]
    answers = sum(m.answered is True for m in invited) >= ANSWERS * len(invited)
    return [
        Sign(
            monday_of(m.event.start, zone),
            last.date() if (last := m.event.calendar.last_sign) else None,
            m.kind is Kind.ONE_TO_ONE,
        )
        for m in single
        if not answers or m.answered is not False
    ]


def silent_stretches(signs: Iterable[Sign] | Mapping[Sign, int], working: Mapping[date, float]) -> list[Stretch]:
    """The stretches of weeks that are silent by contrast. `signs`, or how many there are of each that is alike.

    `working` is the working time of each week, by Monday, in order: 1 for a full one, 0 for a week of leave. What is usual is
    told by calendars that were alive in the stretch: one that was given up for another says nothing of the weeks after it.
    """
    told = Counter(signs)
    live = [monday for monday, share in working.items() if share > 0]
    stretches = _without_signs(live, {sign.week for sign in told})
    silent: list[Stretch] = []
    while True:
        left_out = {monday for stretch in silent for monday in stretch}
        usual = {monday: working[monday] for monday in live if monday not in left_out}
        now = [stretch for stretch in stretches if stretch in silent or _stands_out(stretch, usual, told, working)]
        if now == silent:
            return silent
        silent = now


def _stands_out(
    stretch: Stretch, usual: Mapping[date, float], told: Counter[Sign], working: Mapping[date, float]
) -> bool:
    time = sum(share for monday, share in usual.items() if monday not in stretch)
    signs = sum(
        times
        for sign, times in told.items()
        if sign.week in usual and sign.week not in stretch and (sign.alive is None or sign.alive >= stretch[0])
    )
    return time > 0 and exp(-signs / time * sum(working[monday] for monday in stretch)) < UNLIKELY


def _shows_presence(meeting: Meeting) -> bool:
    # That an invitation without an answer came to nothing, as the owner says, says nothing of who was away: it is what it was.
    came_to_nothing = meeting.kind is Kind.EXCLUDED and meeting.reason == YOU_SAID and meeting.answered is False
    if meeting.kind not in WITH_PEOPLE and meeting.kind is not Kind.UNKNOWN and not came_to_nothing:
        return False
    event = meeting.event
    moved = event.original_start is not None and event.original_start != event.start
    return event.series is None or moved


def _without_signs(live: Iterable[date], shown: Set[date]) -> list[Stretch]:
    stretches: list[Stretch] = []
    run: list[date] = []
    for monday in live:
        if monday in shown:
            stretches.append(tuple(run))
            run = []
        else:
            run.append(monday)
    stretches.append(tuple(run))
    return [stretch for stretch in stretches if stretch]
