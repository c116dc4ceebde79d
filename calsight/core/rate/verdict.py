"""The verdict: from exposure and one-to-ones to a rate, a flag, and what would change it (docs/scoring.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Scope
from calsight.core.model.options import RateOptions
from calsight.core.model.report import Breadth, Changed, Flag, Hours, Level, Rate, Reason, Week
from calsight.core.rate.bayes import RatePath, rate_path
from calsight.core.rate.exposure import Ahead, Exposure, WeekFacts
from calsight.core.rate.grounds import evidence, insufficient
from calsight.core.rate.levels import AT_RISK, LEVELS, OK, names
from calsight.core.rate.readings import Doubtful, Readings, latest_levels, levels_of
from calsight.core.rate.weeks import by_week
from calsight.core.wording.reasons import reason

_BETTER: dict[Level, tuple[Level, ...]] = {"at_risk": ("watch", "ok"), "watch": ("ok",)}
_MOST_TRIED = 20  # one-to-ones in two weeks, looking for what would change a level
_LONGEST_PAUSE = 52  # weeks without one, looking for when an ok would end
_USUAL_PAUSE = 13  # looked at first
_COMING = 2  # full weeks over which a change is promised
_ALMOST = 1e-9  # weeks summed from fifths may miss a whole number by a hair


@dataclass(frozen=True, slots=True)
class Assessment:
    """The parts of a report that follow from exposure and one-to-ones."""

    flag: Flag
    rate: Rate
    weeks: list[Week]
    breadth: Breadth


def assess(exposure: Exposure, frame: Frame, doubts: Sequence[Reason] = ()) -> Assessment:
    """Judge one owner by their exposure, measured from all their meetings in the same frame.

    `doubts` are reasons not to judge that only the caller can know (whether this is the owner at all); any of them suffices.
    """
    options = frame.options.rate
    grounds = [*doubts, *insufficient(exposure, frame)]
    if grounds:
        flag = Flag(
            level="insufficient_data",
            reasons=[*grounds, *evidence(exposure, frame)],
            what_would_change=_more_weeks(exposure, grounds, options),
        )
        rate = Rate(healthy=options.healthy, low=options.low)
        return Assessment(flag, rate, _weeks(exposure.weeks, None), _breadth(exposure))

    owner = _Owner.of(exposure, frame)
    level = owner.levels[-1]
    changed = _changed(owner, options)
    flag = Flag(
        level=level,
        probability_low=float(owner.path.p_low[0, -1]),
        since=_since(owner),
        reasons=[
            *_reasons(owner, changed, options),
            *_reserve(owner, options),
            *evidence(exposure, frame),
        ],
        what_would_change=_would_fall(owner, options) if level == "ok" else _would_improve(owner, options),
    )
    rate = Rate(
        mean=float(owner.path.mean[0, -1]),
        interval=(float(owner.path.low[0, -1]), float(owner.path.high[0, -1])),
        healthy=options.healthy,
        low=options.low,
        changed=changed,
    )
    return Assessment(flag, rate, _weeks(exposure.weeks, owner.path), _breadth(exposure))


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


@dataclass(frozen=True, slots=True)
class _Owner:
    """One owner's weeks, as the rules below want them.

    `people` holds the ids of those met, week by week; one-to-ones with someone unnamed are left out of it.
    """

    facts: tuple[WeekFacts, ...]
    counts: list[float]
    exposure: list[float]
    people: list[list[str]]
    path: RatePath
    counted: int
    doubtful: Doubtful
    readings: Readings
    levels: list[Level]
    ahead: Ahead

    @property
    def completed(self) -> Readings:
        """The readings as they will be when the current week is over."""
        if not self.facts:
            return self.readings
        known = 1.0 - self.facts[-1].unknown
        return self.readings.ended(float(self.ahead.booked[0]), self.ahead.working[0] * known)

    @classmethod
    def of(cls, exposure: Exposure, frame: Frame) -> _Owner:
        zone, options = frame.zone, frame.options.rate
        counts = [float(week.one_to_ones) for week in exposure.weeks]
        weeks = [week.exposure for week in exposure.weeks]
        met = by_week(exposure.counted, zone)
        people = [[p.id for m in met.get(week.week, ()) for p in m.counterparts] for week in exposure.weeks]
        path = rate_path(counts, weeks, options)
        doubtful = Doubtful.of(exposure, frame)
        readings = doubtful.read()
        levels = names(levels_of([readings], options, narrow=[_narrow(people, options)]))[0]
        return cls(
            exposure.weeks,
            counts,
            weeks,
            people,
            path,
            exposure.count.counted,
            doubtful,
            readings,
            levels,
            exposure.ahead,
        )


def _narrow(people: Sequence[Sequence[str]], options: RateOptions) -> list[bool]:
    """Whether the one-to-ones of the recent weeks hang on too few people, at the end of each week."""
    recent = options.recent_weeks
    return [
        is_narrow([person for met in people[max(0, week + 1 - recent) : week + 1] for person in met], options)
        for week in range(len(people))
    ]


def _since(owner: _Owner) -> date:
    first = len(owner.levels) - 1
    while first and owner.levels[first - 1] == owner.levels[-1]:
        first -= 1
    return owner.facts[first].week


def _changed(owner: _Owner, options: RateOptions) -> Changed | None:
    """The last change of the rate, where it is as likely as a fall must be to count."""
    week = int(owner.path.change[0, -1])
    fallen, moved = float(owner.path.p_fallen[0, -1]), float(owner.path.p_change[0, -1])
    if week < 0 or max(fallen, moved) < options.fallen_probability:
        return None
    return Changed(
        week=owner.facts[week].week,
        before=float(owner.path.before[0, -1]),
        after=float(owner.path.after[0, -1]),
        probability=fallen if fallen >= options.fallen_probability else moved,
    )


def _reasons(owner: _Owner, changed: Changed | None, options: RateOptions) -> list[Reason]:
    """Why the level is what it is: the rate first, then whatever else speaks."""
    path, total = owner.path, sum(owner.exposure)
    p_below_healthy = float(path.p_below_healthy[0, -1])
    reasons = [
        reason(
            "rate_summary",
            one_to_ones=owner.counted,
            weeks=total,
            rate=float(path.mean[0, -1]),
            probability_low=float(path.p_low[0, -1]),
            low=options.low,
        )
    ]
    if p_below_healthy >= options.below_healthy_probability:
        reasons.append(reason("below_healthy", probability=p_below_healthy, healthy=options.healthy))
    if changed:
        code = "fallen" if path.p_fallen[0, -1] >= options.fallen_probability else "changed"
        reasons.append(reason(code, **dict(changed)))
    recent = [person for met in owner.people[-options.recent_weeks :] for person in met]
    if is_narrow(recent, options):
        people = Counter(recent)
        reasons.append(
            reason(
                "narrow",
                one_to_ones=len(recent),
                people=len(people),
                effective_people=effective_number(list(people.values())),
            )
        )
    if total < options.full_weeks - _ALMOST:
        reasons.append(reason("early", weeks=total, needed=options.full_weeks))
    return reasons


def _reserve(owner: _Owner, options: RateOptions) -> list[Reason]:
    """What keeps the level from being said more plainly, and what it rests on."""
    best, generous, strict, worked = latest_levels(owner.readings, options)
    reasons = []
    if best == AT_RISK != generous:
        one_to_ones = int(sum(owner.readings.generous.counts))
        reasons.append(reason("readings_differ", one_to_ones=one_to_ones, level=LEVELS[best]))
        if unread := sum(owner.doubtful.unread.values()):
            reasons.append(reason("unread_entries", entries=unread))
    if best == OK and worked == AT_RISK:
        weeks = sum(week.asked for week in owner.facts)
        reasons.append(reason("silence_differs", weeks=weeks, level=LEVELS[worked]))
    if best == OK and strict > OK:
        fewer = int(sum(owner.counts) - sum(owner.readings.strict.counts))
        reasons.append(reason("rests_on_doubts", one_to_ones=fewer, level=LEVELS[strict]))
    return reasons


def _would_improve(owner: _Owner, options: RateOptions) -> Reason | None:
    """The fewest one-to-ones, spread evenly over the coming two full weeks, that move the level up.

    A promise: added to the calendar, they give that level at the end of these weeks, in the middle of a week too, whether the
    window stays or moves on. If they have to be with other people for that, the reason says so.
    """
    tries = [(n - n // 2, n // 2) for n in range(1, _MOST_TRIED + 1)]
    usual = Counter(person for met in owner.people[-options.recent_weeks :] for person in met)
    most_met = max(usual, key=lambda person: (usual[person], person), default="new")
    fresh = _levels_after(owner, tries, lambda week, n: [f"new {week} {i}" for i in range(n)], options)
    same = _levels_after(owner, tries, lambda _, n: [most_met] * n, options)
    for added, others, met in zip(tries, fresh, same, strict=True):
        for code, levels in (("would_change", others | met), ("would_change_people", others)):
            if len(levels) == 1 and (level := next(iter(levels))) in _BETTER[owner.levels[-1]]:
                return reason(code, one_to_ones=sum(added), level=level)
    return None


def _levels_after(
    owner: _Owner,
    tries: Sequence[tuple[int, int]],
    who: Callable[[int, int], list[str]],
    options: RateOptions,
) -> list[set[Level]]:
    """The levels to which so many one-to-ones in the coming two full weeks may lead, with the people whom `who` names.

    The window may stay or move on by these weeks; a week in which nothing stands may be worked or silent.
    """
    ahead = owner.ahead
    stay, move, thin = [], [], []
    for added in tries:
        counts = [float(more + booked) for more, booked in zip(added, ahead.booked[1:], strict=True)]
        narrow = _narrow([*owner.people, *(who(week, n) for week, n in enumerate(added))], options)
        for last in (ahead.working[2], ahead.working[2] if counts[1] else 0.0):
            stay.append(owner.completed.then(counts, (ahead.working[1], last)))
            move.append(stay[-1].moved(_COMING))
            thin.append(narrow)
    stays = names(levels_of(stay, options, narrow=thin))
    moves = names(levels_of(move, options, narrow=[narrow[_COMING:] for narrow in thin]))
    ends = [{a[-1], b[-1]} for a, b in zip(stays, moves, strict=True)]
    return [worked | silent for worked, silent in zip(ends[::2], ends[1::2], strict=True)]


def _would_fall(owner: _Owner, options: RateOptions) -> Reason | None:
    """After how many full weeks without a one-to-one an ok would end; None where it would take a year or more."""
    for pause in (_USUAL_PAUSE, _LONGEST_PAUSE):  # what a path costs grows with the square of its weeks
        weeks = len(owner.levels)
        whole = owner.completed.then([0.0] * pause, [1.0] * pause)
        people = [*owner.people, *([[]] * pause)]
        levels = names(levels_of([whole], options, narrow=[_narrow(people, options)]))[0]
        for number, level in enumerate(levels[weeks:], start=1):
            if level != "ok":
                return reason("would_fall", weeks=number, level=level)
    return None


def _more_weeks(exposure: Exposure, grounds: Sequence[Reason], options: RateOptions) -> Reason | None:
    if any(ground.code == "insufficient_weeks" for ground in grounds):
        return reason("would_say", weeks=options.min_weeks - exposure.total)
    return None


def _weeks(facts: Sequence[WeekFacts], path: RatePath | None) -> list[Week]:
    """The weeks of the report; with the path of the rate where there is one to show."""
    weeks = []
    for index, week in enumerate(facts):
        known = path is not None and not np.isnan(path.mean[0, index])
        weeks.append(
            Week(
                week=week.week,
                exposure=week.exposure,
                one_to_one=week.one_to_ones,
                hours=Hours(**{kind.value: hours for kind, hours in week.hours.items()}),
                mean=float(path.mean[0, index]) if path and known else None,
                interval=(float(path.low[0, index]), float(path.high[0, index])) if path and known else None,
                probability_low=float(path.p_low[0, index]) if path and known else None,
            )
        )
    return weeks


def _breadth(exposure: Exposure) -> Breadth:
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
