"""What to do next: the few actions that matter most now.

Every piece of it carries something to ask and something to offer, and none is a diagnosis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from calsight.core.model.meetings import Scope
from calsight.core.model.options import OwnerOptions, RateOptions
from calsight.core.model.report import Flag, Reason
from calsight.core.rate.exposure import Exposure
from calsight.core.rate.verdict import effective_number
from calsight.core.relationships.circle import Tie, called
from calsight.core.relationships.series import TOLD_OCCURRENCES
from calsight.core.wording.reasons import reason

_MOST = 4
_MOST_PEOPLE = 2
_INSTANT = timedelta(microseconds=1)


def next_actions(
    ties: Sequence[Tie],
    *,
    flag: Flag,
    exposure: Exposure,
    zone: str,
    me: OwnerOptions,
    rate: RateOptions,
) -> list[Reason]:
    """At most four things to do, the most useful first. `ties` come most in need first.

    Nothing is suggested where nothing could be judged. "Networking" is said only to those for whom it is the work: the
    self-employed and those who look for a job.
    """
    if flag.level == "insufficient_data":
        return []
    actions = [action for tie in ties if (action := _for(tie, exposure, zone))][:_MOST_PEOPLE]
    if len(actions) < _MOST_PEOPLE and flag.level != "ok":
        actions.append(reason("action_first_step"))
    recent = exposure.end - timedelta(weeks=rate.recent_weeks)
    people = Counter(p.id for m in exposure.counted if m.start >= recent for p in m.counterparts)
    spread = effective_number(list(people.values()))
    if any(said.code == "narrow" for said in flag.reasons):
        actions.append(reason("action_broaden", effective_people=spread))
    outside = _outside(exposure, me, rate, ties)
    return [*actions, *outside][:_MOST]


def _for(tie: Tie, exposure: Exposure, zone: str) -> Reason | None:
    """What to do about one person; None where all is well, or nobody expects anything."""
    if tie.role == "denied" or tie.scope is Scope.PERSONAL or "booked" in tie.expectation:
        return None
    name = called(tie.person)
    if tie.silence is None:
        return reason("action_meet_named", name=name, role=tie.role)
    for series in tie.series:
        if series.not_kept:
            last = series.held[-TOLD_OCCURRENCES:]
            return reason("action_revive_series", name=name, missed=last.count(False), last=len(last))
    if tie.stage != "relationship_signs" or tie.status == "active" or not tie.typical_gap:
        return None
    today = (exposure.end - _INSTANT).astimezone(ZoneInfo(zone)).date()
    return reason("action_reach_out", name=name, days=(today - tie.days[-1]).days, gap_days=tie.typical_gap)


def _outside(exposure: Exposure, me: OwnerOptions, rate: RateOptions, ties: Sequence[Tie]) -> list[Reason]:
    if me.profile != "employed":
        since = exposure.end - timedelta(weeks=rate.recent_weeks)
        first = [t for t in ties if t.scope is not Scope.ORGANISATION and t.interactions]
        met = sum(t.interactions[0].meeting.start >= since for t in first)
        return [reason("action_network", first_meetings=met, weeks=rate.recent_weeks)]
    scopes = {tie.scope for tie in ties if tie.interactions}
    return [reason("action_outside")] if scopes == {Scope.ORGANISATION} else []
