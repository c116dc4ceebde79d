"""The visibility index, 0 to 100: a summary for trends below the verdict, never instead of it (docs/relationships.md).

    100·( 0.40·(1 - e^-λ) + 0.30·(1 - e^-(ΣR/3)) + 0.20·(1 - e^-(N/5)) + 0.10·reach )

λ is the rate of one-to-ones a week, R the strength of each relationship, N the effective number of people met in the recent
weeks (unknown where these were leave), reach the share of active relationships outside the owner's organisation. Parts that are
unknown are left out and the rest rescaled. The weights are settings, and a choice; no study gives them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from math import exp
from typing import NamedTuple

from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Scope
from calsight.core.model.options import ALMOST, IndexOptions, RateOptions
from calsight.core.model.report import Visibility, Week
from calsight.core.rate.breadth import effective_number
from calsight.core.rate.exposure import Exposure
from calsight.core.rate.grounds import enough_weeks
from calsight.core.relationships.account import Account
from calsight.core.relationships.tie import Tie
from calsight.core.time.days import last_day_before, midnight, week_of

_TO_MIDWEEK = timedelta(days=3)


class Standing(NamedTuple):
    """What the index is made of. `strengths` is ΣR; None: unknown."""

    rate: float
    strengths: float | None = None
    effective_people: float | None = None
    reach: float | None = None


def score(standing: Standing, weights: IndexOptions) -> tuple[float, dict[str, float | None]]:
    """The index and the points that each known part gives; the points add up to it. None of the weights may be negative, and
    that of the rate, which is always known, must be more than 0.
    """
    strengths, people = standing.strengths, standing.effective_people
    parts = {
        "rate": 1 - exp(-standing.rate),
        "relationships": None if strengths is None else 1 - exp(-strengths / 3),
        "breadth": None if people is None else 1 - exp(-people / 5),
        "reach": standing.reach,
    }
    known = sum(getattr(weights, name) for name, part in parts.items() if part is not None)
    points = {
        name: None if part is None else 100 * getattr(weights, name) * part / known for name, part in parts.items()
    }
    return sum(point for point in points.values() if point is not None), points


def standing_of(
    rate: float,
    ties: Iterable[Tie],
    exposure: Exposure,
    *,
    relationships: Collection[str],
    until: datetime,
    options: RateOptions,
) -> Standing:
    """The standing at `until`: ties judged then, and the people of the one-to-ones in the `recent_weeks` before.

    `relationships` are the ids of those whose ties count as such. With fewer than `min_weeks` of exposure in these weeks (long
    leave) nobody can tell how many people the owner would have met.
    """
    known = [tie for tie in ties if tie.person.id in relationships and tie.scope is not Scope.PERSONAL]
    since = until - timedelta(weeks=options.recent_weeks)
    midweeks = ((midnight(week.week + _TO_MIDWEEK, "UTC"), week.exposure) for week in exposure.weeks)
    seen = sum(share for midweek, share in midweeks if since <= midweek < until)
    met = Counter(p.id for m in exposure.counted if since <= m.start < until for p in m.counterparts)
    return Standing(
        rate=rate,
        strengths=sum(tie.strength for tie in known),
        effective_people=effective_number(list(met.values())) if seen >= options.min_weeks - ALMOST else None,
        reach=_reach(known),
    )


def visibility(account: Account) -> Visibility | None:
    """The index now, with the interval of the rate's, and as it was `recent_weeks` ago; None where nothing is said."""
    frame, exposure, ties = account.frame, account.exposure, account.ties
    options, weights = frame.options.rate, frame.options.index
    flag, rate = account.assessment.flag, account.assessment.rate
    if flag.level == "insufficient_data" or rate.mean is None or rate.interval is None:
        return None
    # Who is a relationship is known from the whole window, then as now: or everyone's index would seem to rise.
    known = {tie.person.id for tie in ties if tie.stage == "relationship_signs"}
    now = standing_of(rate.mean, ties, exposure, relationships=known, until=frame.now, options=options)
    value, points = score(now, weights)
    low, high = (score(now._replace(rate=bound), weights)[0] for bound in rate.interval)
    then = _then(account.assessment.weeks, frame)
    before = None
    if then is not None:
        earlier, until = then
        before, _ = score(
            standing_of(earlier, account.ties_at(until), exposure, relationships=known, until=until, options=options),
            weights,
        )
    return Visibility(value=value, interval=(low, high), contributions=points, before=before)


def _then(weeks: Sequence[Week], frame: Frame) -> tuple[float, datetime] | None:
    """The rate `recent_weeks` ago and the end of that week; None where there was too little evidence by then."""
    options = frame.options.rate
    mondays = [week.week for week in weeks]
    last = mondays.index(week_of(last_day_before(frame.now, frame.zone)))
    then = last - options.recent_weeks
    if then < 0:
        return None
    mean = weeks[then].mean
    if mean is None or not enough_weeks(sum(week.exposure for week in weeks[: then + 1]), options):
        return None
    return mean, midnight(mondays[then + 1], frame.zone)


def _reach(known: Iterable[Tie]) -> float | None:
    """The share of active relationships outside the owner's organisation; None where there is none, or it cannot be told."""
    scopes = [tie.scope for tie in known if tie.status == "active"]
    placed = [scope for scope in scopes if scope is not Scope.OTHER]
    return sum(scope is not Scope.ORGANISATION for scope in placed) / len(placed) if placed else None
