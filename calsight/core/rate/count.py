"""One count: how many one-to-ones were held, how many of them the rate counts, and where the others are.

The table counts what was held; the verdict counts what the rate rests on. Where the two differ, one line says why.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Kind, Meeting, Scope
from calsight.core.time.days import monday_of


@dataclass(frozen=True, slots=True)
class Count:
    """Held one-to-ones of the window.

    held      all that had ended by `as_of`
    counted   those that the rate counts
    others    why the others do not count, and how many they are: `private`, `at_once` (at the same time as another),
              `after_last_sign` (after the calendars' last sign of life), `uncounted_weeks` (in weeks without exposure)
    """

    held: int
    counted: int
    others: Mapping[str, int]


def count(
    meetings: Iterable[Meeting], counted: Iterable[Meeting], exposed: Mapping[date, float], frame: Frame
) -> Count:
    """The count of one owner: `meetings` are all theirs, `counted` those that count, `exposed` the exposure of each week."""
    ids = {id(meeting) for meeting in counted}
    found: Counter[str] = Counter()
    for meeting in meetings:
        start = meeting.event.start
        if meeting.kind is Kind.ONE_TO_ONE and start in frame.window and meeting.event.end <= frame.as_of:
            if id(meeting) in ids:
                found["uncounted_weeks" if not exposed.get(monday_of(start, frame.zone)) else "counted"] += 1
            elif meeting.scope is Scope.PERSONAL:
                found["private"] += 1
            else:
                found["after_last_sign" if start > frame.now else "at_once"] += 1
    number = found.pop("counted", 0)
    return Count(number + found.total(), number, dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))))
