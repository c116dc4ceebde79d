"""With how many people the one-to-ones are, and where these belong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain

from calsight.core.model.meetings import Scope
from calsight.core.model.options import ALMOST, RateOptions
from calsight.core.model.report import Breadth
from calsight.core.rate.bayes import NEWEST
from calsight.core.rate.exposure import Exposure


def breadth_of(exposure: Exposure) -> Breadth:
    """The breadth of the one-to-ones that count."""
    counted = exposure.counted
    people = Counter(person.id for meeting in counted for person in meeting.counterparts)
    scopes = Counter(meeting.scope for meeting in counted)
    outside = {p.id for m in counted if m.scope is Scope.INDUSTRY for p in m.counterparts}
    return Breadth(
        people=len(people),
        effective_people=effective_number(list(people.values())) or None,
        organisation=scopes[Scope.ORGANISATION] / len(counted) if counted else None,
        industry=scopes[Scope.INDUSTRY] / len(counted) if counted else None,
        first_meetings_outside=len(outside),
    )


def effective_number(counts: Sequence[int]) -> float:
    """How many people it would be if all were met equally often: 1/Σp², the inverse Simpson index; 0 for nobody."""
    total = sum(counts)
    return total**2 / sum(count**2 for count in counts) if total else 0.0


def is_narrow(people: Sequence[Sequence[str]], options: RateOptions) -> bool:
    """Whether the one-to-ones of the recent weeks, one person's id each, week by week, hang on too few people."""
    recent = list(people[-options.recent_weeks :])
    older = Counter(chain.from_iterable(recent[:-NEWEST]))
    newest = Counter(chain.from_iterable(recent[-NEWEST:]))
    return hang_on_few([(older[person], newest[person]) for person in older | newest], options)


def hang_on_few(times: Sequence[tuple[int, int]], options: RateOptions) -> bool:
    """Whether one-to-ones hang on too few people; `times`: how often each was met before the newest weeks, and in these.

    One more in the newest weeks never makes them so: they are if they would be with any part of the newest left out, and those
    before them are many enough alone (`newest`).
    """
    older, left = [one for one, _ in times], {place: two for place, (_, two) in enumerate(times) if two}
    if sum(older) < options.narrow_interactions:
        return False
    most = effective_number(older)
    while left and most < options.narrow_people - ALMOST:  # of so many as few as may be with whoever was met most
        place = min(left, key=older.__getitem__)
        older[place] += 1
        left[place] -= 1
        if not left[place]:
            del left[place]
        most = max(most, effective_number(older))
    return most < options.narrow_people - ALMOST


def narrow_weeks(people: Sequence[Sequence[str]], options: RateOptions) -> list[bool]:
    """Whether the one-to-ones of the recent weeks hang on too few people, at the end of each week."""
    return [is_narrow(people[: week + 1], options) for week in range(len(people))]
