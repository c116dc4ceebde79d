"""What to do next: the few actions that matter most now.

Every piece of it carries something to ask and something to offer, and none is a diagnosis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Scope
from calsight.core.model.report import Reason
from calsight.core.people.names import called
from calsight.core.rate.breadth import effective_number
from calsight.core.relationships.account import Account
from calsight.core.relationships.series import TOLD_OCCURRENCES
from calsight.core.relationships.tie import Tie
from calsight.core.time.days import last_day_before
from calsight.core.wording.reasons import reason

_MOST_PEOPLE = 2


def next_actions(account: Account) -> list[Reason]:
    """At most four things to do, the most useful first: about two people, then about how wide the circle is.

    Nothing is suggested where nothing could be judged. "Networking" is said only to those for whom it is the work: the
    self-employed and those who look for a job.
    """
    flag, frame, ties = account.assessment.flag, account.frame, account.ties
    if flag.level == "insufficient_data":
        return []
    actions = [action for tie in ties if (action := _for(tie, frame))][:_MOST_PEOPLE]
    if len(actions) < _MOST_PEOPLE and flag.level != "ok":
        actions.append(reason("action_first_step"))
    recent = frame.now - timedelta(weeks=frame.options.rate.recent_weeks)
    people = Counter(p.id for m in account.exposure.counted if m.start >= recent for p in m.counterparts)
    spread = effective_number(list(people.values()))
    if any(said.code == "narrow" for said in flag.reasons):
        actions.append(reason("action_broaden", effective_people=spread))
    return [*actions, *_outside(ties, frame)]


def _for(tie: Tie, frame: Frame) -> Reason | None:
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
    today = last_day_before(frame.now, frame.zone)
    return reason("action_reach_out", name=name, days=(today - tie.days[-1]).days, gap_days=tie.typical_gap)


def _outside(ties: Sequence[Tie], frame: Frame) -> list[Reason]:
    if frame.options.owner.profile != "employed":
        weeks = frame.options.rate.recent_weeks
        since = frame.now - timedelta(weeks=weeks)
        first = [t for t in ties if t.scope is not Scope.ORGANISATION and t.interactions]
        met = sum(t.interactions[0].meeting.start >= since for t in first)
        return [reason("action_network", first_meetings=met, weeks=weeks)]
    scopes = {tie.scope for tie in ties if tie.interactions}
    return [reason("action_outside")] if scopes == {Scope.ORGANISATION} else []
