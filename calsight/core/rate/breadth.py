"""With how many people the one-to-ones are, and where these belong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from calsight.core.model.meetings import Scope
from calsight.core.model.options import RateOptions
from calsight.core.model.report import Breadth
from calsight.core.rate.exposure import Exposure

_ALMOST = 1e-9  # people summed from shares may miss a whole number by a hair


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


def is_narrow(people: Sequence[str], options: RateOptions) -> bool:
    """Whether so many one-to-ones, one person's id each, hang on too few people."""
    return (
        len(people) >= options.narrow_interactions
        and effective_number(list(Counter(people).values())) < options.narrow_people - _ALMOST
    )


def narrow_weeks(people: Sequence[Sequence[str]], options: RateOptions) -> list[bool]:
    """Whether the one-to-ones of the recent weeks hang on too few people, at the end of each week."""
    recent = options.recent_weeks
    return [
        is_narrow([person for met in people[max(0, week + 1 - recent) : week + 1] for person in met], options)
        for week in range(len(people))
    ]
