"""What the verdict rests on, said in reasons: whether it is enough, and what was left out of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from calsight.core.model.frame import Frame
from calsight.core.model.meetings import WITH_PEOPLE, Kind
from calsight.core.model.options import ALMOST, RateOptions
from calsight.core.model.report import Reason
from calsight.core.rate.exposure import Exposure
from calsight.core.time.days import WEEK, day_of
from calsight.core.wording.reasons import reason


def enough_weeks(exposure: Any, options: RateOptions) -> Any:
    """Whether so much exposure (weeks; a number, or an array of many owners') says anything."""
    return exposure >= max(options.min_weeks - ALMOST, ALMOST)


def enough_meetings(met: Any, exposure: Any, options: RateOptions) -> Any:
    """Whether enough of the exposure lies in weeks with meetings (`met`) that the calendar is used for these."""
    return met >= options.min_share_with_meetings * exposure - ALMOST


def insufficient(exposure: Exposure, frame: Frame) -> list[Reason]:
    """Why nothing can be said, with what would help; [] where something can.

    A calendar that lists nobody is always insufficient, whatever its titles settle: who is missing from it cannot be seen.
    """
    options = frame.options.rate
    if exposure.first is None and frame.now <= frame.window.start:
        return [reason("insufficient_ends_before", last_sign=day_of(frame.now, frame.zone))]
    if exposure.first is None and frame.newest is not None:
        return [reason("insufficient_all_before", newest=day_of(frame.newest, frame.zone))]
    if exposure.first is None:
        return [reason("insufficient_no_entries")]
    seen = exposure.seen
    listed = any(m.kind in WITH_PEOPLE and not m.inferred for m in seen)
    if not listed and (exposure.unknown or any(m.inferred for m in seen)):
        return [reason("insufficient_participants_unknown", meetings=exposure.known + exposure.unknown)]
    if not enough_weeks(exposure.total, options):
        return [reason("insufficient_weeks", weeks=exposure.total, needed=options.min_weeks)]
    met = sum(week.exposure for week in exposure.weeks if week.with_people)
    if not listed or not enough_meetings(met, exposure.total, options):
        return [reason("insufficient_calendar_not_used_for_meetings", share=met / exposure.total)]
    return []


def evidence(exposure: Exposure, frame: Frame) -> list[Reason]:
    """What was left out and what is uncertain; the caveat last."""
    seen = exposure.seen
    reasons = []
    if silent := [week.week for week in exposure.weeks if week.silent]:
        reasons.append(reason("silent_weeks", weeks=len(silent), first=silent[0], last=silent[-1], when=silent))
    if frame.ended_by == "last_sign" and (weeks := (frame.as_of - frame.now) // WEEK):
        reasons.append(reason("source_ends_early", last_sign=day_of(frame.now, frame.zone), weeks=weeks))
    if exposure.unknown:
        reasons.append(reason("unknown_share", unknown=exposure.unknown, meetings=exposure.known + exposure.unknown))
    left_out = Kind.EXCLUDED
    excluded = Counter([m.reason for m in seen if m.kind is left_out])
    if excluded:
        reasons.append(
            reason("left_out", excluded=dict(sorted(excluded.items(), key=lambda item: (-item[1], item[0]))))
        )
    one_to_ones = exposure.count
    if one_to_ones.others:
        values = {"held": one_to_ones.held, "counted": one_to_ones.counted, "others": dict(one_to_ones.others)}
        reasons.append(reason("one_count", **values))
    if interviews := sum(m.interview for m in exposure.counted):
        reasons.append(reason("interviews", interviews=interviews, one_to_ones=len(exposure.counted)))
    if inferred := sum(m.inferred for m in exposure.counted):
        reasons.append(reason("inferred", inferred=inferred, one_to_ones=len(exposure.counted)))
    return [*reasons, reason("caveat")]
