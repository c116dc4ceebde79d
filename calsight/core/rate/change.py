"""What would change a level: a promise, tried before it is given."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from calsight.core.model.options import RateOptions
from calsight.core.model.report import Level, Reason
from calsight.core.rate.breadth import narrow_weeks
from calsight.core.rate.exposure import Exposure
from calsight.core.rate.levels import LEVELS, names
from calsight.core.rate.rated import Rated
from calsight.core.rate.readings import Readings, latest_of, levels_of
from calsight.core.wording.reasons import reason

_BETTER: dict[Level, tuple[Level, ...]] = {"at_risk": ("watch", "ok"), "watch": ("ok",)}
_MOST_TRIED = 20  # one-to-ones in two weeks, looking for what would change a level
_LONGEST_PAUSE = 52  # weeks without one, looking for when an ok would end
_USUAL_PAUSE = 13  # looked at first
_COMING = 2  # full weeks over which a change is promised


def would_improve(owner: Rated, options: RateOptions) -> Reason | None:
    """The fewest one-to-ones, spread evenly over the coming two full weeks, that move the level up.

    A promise: added to the calendar, they give that level at the end of these weeks, in the middle of a week too, whether the
    window stays or moves on. If they have to be with other people for that, the reason says so.
    """
    tries = [(n - n // 2, n // 2) for n in range(1, _MOST_TRIED + 1)]
    usual = Counter(person for met in owner.people[-options.recent_weeks :] for person in met)
    most_met = max(usual, key=lambda person: (usual[person], person), default="new")
    people = {
        "others": lambda week, n: [f"new {week} {i}" for i in range(n)],
        "met": lambda _, n: [most_met] * n,
    }
    after = {who: _levels_after(owner, tries, names_of, options) for who, names_of in people.items()}
    for place, added in enumerate(tries):
        for code, whom in (("would_change", ("others", "met")), ("would_change_people", ("others",))):
            ways = [way for who in whom for way in after[who][place]]
            levels = {way.level for way in ways}
            if len(levels) != 1 or (level := next(iter(levels))) not in _BETTER[owner.levels[-1]]:
                continue
            # Who is met seldom matters: what comes out alike is asked of once.
            different = {(way.readings, tuple(way.narrow)) for way in ways}
            if {LEVELS[latest_of(each, options, narrow=narrow)] for each, narrow in different} == levels:
                return reason(code, one_to_ones=sum(added), level=level)
    return None


class _Way(NamedTuple):
    """How it may go on, and the level at its end."""

    readings: Readings
    narrow: Sequence[bool]
    level: Level


def _levels_after(
    owner: Rated,
    tries: Sequence[tuple[int, int]],
    who: Callable[[int, int], list[str]],
    options: RateOptions,
) -> list[list[_Way]]:
    """The ways in which so many one-to-ones in the coming two full weeks may go on, with the people whom `who` names.

    The window may stay or move on by these weeks; a week in which nothing stands may be worked or silent.
    """
    ahead = owner.ahead
    stay, move, thin = [], [], []
    for added in tries:
        counts = [float(more + booked) for more, booked in zip(added, ahead.booked[1:], strict=True)]
        narrow = narrow_weeks([*owner.people, *(who(week, n) for week, n in enumerate(added))], options)
        for last in (ahead.working[2], ahead.working[2] if counts[1] else 0.0):
            stay.append(owner.completed.then(counts, (ahead.working[1], last)))
            move.append(stay[-1].moved(_COMING))
            thin.append(narrow)
    moved = [narrow[_COMING:] for narrow in thin]
    stays, moves = _ends(stay, thin, options), _ends(move, moved, options)
    ends = [[_Way(stay[n], thin[n], stays[n]), _Way(move[n], moved[n], moves[n])] for n in range(len(stay))]
    return [worked + silent for worked, silent in zip(ends[::2], ends[1::2], strict=True)]


def _ends(readings: Sequence[Readings], narrow: Sequence[Sequence[bool]], options: RateOptions) -> list[Level]:
    return [row[-1] for row in names(levels_of(readings, options, narrow=narrow, since=-1))]


def would_fall(owner: Rated, options: RateOptions) -> Reason | None:
    """After how many full weeks without a one-to-one an ok would end; None where it would take a year or more."""
    for pause in (_USUAL_PAUSE, _LONGEST_PAUSE):  # what a path costs grows with the square of its weeks
        weeks = len(owner.levels)
        whole = owner.completed.then([0.0] * pause, [1.0] * pause)
        people = [*owner.people, *([[]] * pause)]
        levels = names(levels_of([whole], options, narrow=[narrow_weeks(people, options)], since=weeks))[0]
        for number, level in enumerate(levels[weeks:], start=1):
            if level != "ok" and _still(whole, people, weeks + number, options) == level:
                return reason("would_fall", weeks=number, level=level)
    return None


def _still(whole: Readings, people: Sequence[Sequence[str]], weeks: int, options: RateOptions) -> Level:
    """The level as it would be said at the end of so many of the weeks."""
    part = whole.until(weeks)
    return LEVELS[latest_of(part, options, narrow=narrow_weeks(people[:weeks], options))]


def would_say(exposure: Exposure, grounds: Sequence[Reason], options: RateOptions) -> Reason | None:
    """How many more weeks it takes until anything can be said, where that is what is missing."""
    if any(ground.code == "insufficient_weeks" for ground in grounds):
        return reason("would_say", weeks=options.min_weeks - exposure.total)
    return None
