"""The verdict: from exposure and one-to-ones to a rate and a flag (docs/scoring.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import takewhile
from math import isnan
from typing import NamedTuple

from calsight.core.model.frame import Frame
from calsight.core.model.options import ALMOST, RateOptions
from calsight.core.model.report import Breadth, Changed, Flag, Hours, Level, Rate, Reason, Week
from calsight.core.rate.bayes import RatePath, latest_exposed
from calsight.core.rate.breadth import breadth_of, effective_number, is_narrow
from calsight.core.rate.change import would_fall, would_improve, would_say
from calsight.core.rate.exposure import Exposure, WeekFacts
from calsight.core.rate.grounds import evidence, insufficient
from calsight.core.rate.levels import AT_RISK, LEVELS, OK, fallen_by_week
from calsight.core.rate.rated import Rated, levels_by_week, people_met
from calsight.core.rate.readings import Doubtful, latest_levels
from calsight.core.wording.reasons import reason


class Assessment(NamedTuple):
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
            what_would_change=would_say(exposure, grounds, options),
        )
        rate = Rate(healthy=options.healthy, low=options.low)
        return Assessment(flag, rate, _weeks(exposure.weeks, None), breadth_of(exposure))

    owner = Rated.of(exposure, frame)
    level = owner.levels[-1]
    changed = _changed(owner, options)
    flag = Flag(
        level=level,
        probability_low=owner.path.p_low.item(-1),
        since=_since(owner),
        reasons=[
            *_reasons(owner, changed, options),
            *_reserve(owner, options),
            *evidence(exposure, frame),
        ],
        what_would_change=would_fall(owner, options) if level == "ok" else would_improve(owner, options),
    )
    rate = Rate(
        mean=owner.path.mean.item(-1),
        interval=(owner.path.low.item(-1), owner.path.high.item(-1)),
        healthy=options.healthy,
        low=options.low,
        changed=changed,
    )
    return Assessment(flag, rate, _weeks(exposure.weeks, owner.path), breadth_of(exposure))


def level_of_owner(exposure: Exposure, frame: Frame, doubts: Sequence[Reason] = ()) -> Level:
    """The level that `assess` says, without all that it says beside: for whoever tries what an answer would change."""
    if doubts or insufficient(exposure, frame):
        return "insufficient_data"
    return levels_by_week(people_met(exposure, frame.zone), Doubtful.of(exposure, frame), frame.options.rate)[-1]


def _since(owner: Rated) -> date:
    """Monday of the first of the weeks, up to the latest, that have its level."""
    latest, *before = reversed(owner.levels)
    same = takewhile(lambda level: level == latest, before)
    return owner.facts[-1 - sum(1 for _ in same)].week


def _changed(owner: Rated, options: RateOptions) -> Changed | None:
    """The last change of the rate, where it is as likely as a fall must be to count."""
    week = owner.path.change.item(-1)
    fallen, moved = owner.path.p_fallen.item(-1), owner.path.p_change.item(-1)
    if week < 0 or max(fallen, moved) < options.fallen_probability:
        return None
    return Changed(
        week=owner.facts[week].week,
        before=owner.path.before.item(-1),
        after=owner.path.after.item(-1),
        probability=fallen if fallen >= options.fallen_probability else moved,
    )


def _fallen(owner: Rated, options: RateOptions) -> bool:
    latest = latest_exposed(owner.path).item(-1)
    return bool(fallen_by_week(owner.path, options).item(latest))


def _reasons(owner: Rated, changed: Changed | None, options: RateOptions) -> list[Reason]:
    """Why the level is what it is: the rate first, then whatever else speaks."""
    path, total = owner.path, sum(owner.exposure)
    p_below_healthy = path.p_below_healthy.item(-1)
    reasons = [
        reason(
            "rate_summary",
            one_to_ones=owner.counted,
            weeks=total,
            rate=path.mean.item(-1),
            probability_low=path.p_low.item(-1),
            low=options.low,
        )
    ]
    if p_below_healthy >= options.below_healthy_probability:
        reasons.append(reason("below_healthy", probability=p_below_healthy, healthy=options.healthy))
    if changed:
        code = "fallen" if _fallen(owner, options) else "changed"
        reasons.append(reason(code, **dict(changed)))
    if is_narrow(owner.people, options):
        recent = [person for met in owner.people[-options.recent_weeks :] for person in met]
        people = Counter(recent)
        reasons.append(
            reason(
                "narrow",
                one_to_ones=len(recent),
                people=len(people),
                effective_people=effective_number(list(people.values())),
            )
        )
    if total < options.full_weeks - ALMOST:
        reasons.append(reason("early", weeks=total, needed=options.full_weeks))
    elif path.p_low.item(-1) >= options.at_risk_probability:
        if path.usual.item(-1) >= options.low:
            reasons.append(reason("own_pause", rate=path.usual.item(-1)))
        elif path.p_low_old.item(-1) < options.run_probability:
            reasons.append(reason("too_new", needed=options.run_weeks))
        elif path.p_wary.item(-1) < options.at_risk_probability:
            reasons.append(reason("may_be_bursts", probability=path.p_bursts.item(-1)))
    return reasons


def _reserve(owner: Rated, options: RateOptions) -> list[Reason]:
    """What keeps the level from being said more plainly, and what it rests on."""
    if owner.readings.one_way:
        return []
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


def _weeks(facts: Sequence[WeekFacts], path: RatePath | None) -> list[Week]:
    """The weeks of the report; with the path of the rate where there is one to show."""
    weeks = []
    for index, week in enumerate(facts):
        known = path is not None and not isnan(path.mean.item(index))
        weeks.append(
            Week(
                week=week.week,
                exposure=week.exposure,
                one_to_one=week.one_to_ones,
                hours=Hours(**{kind.value: hours for kind, hours in week.hours.items()}),
                mean=path.mean.item(index) if path and known else None,
                interval=(path.low.item(index), path.high.item(index)) if path and known else None,
                probability_low=path.p_low.item(index) if path and known else None,
            )
        )
    return weeks
