"""Which of Evarts' four situations a calendar resembles: time × interest (docs/relationships.md).

Two proxies, each of which may be unknown:

time       open working time in blocks of half an hour or more, as a share of working time. Meetings, solo and focus blocks and
           entries with unknown participants count as taken; the owner's absences and silent weeks are left out.
interest   the share of the owner's own choices that go towards people: arranging one-to-ones (against having them arranged),
           accepting invitations to one (against declining), moving one's own (against cancelling it).

What the owner says of either wins, and is labelled so. The flag never comes from here.
"""

from __future__ import annotations

from calsight.core.model.options import ALMOST, SituationOptions
from calsight.core.model.report import Level, Reason, Situation, SituationInput, YouSaid
from calsight.core.picture.advice import advice
from calsight.core.picture.choices import cancelled_by_others, for_two, interest_of
from calsight.core.picture.open_time import open_time
from calsight.core.relationships.account import Account
from calsight.core.time.intervals import Spans
from calsight.core.wording.reasons import reason


def situation(account: Account, level: Level) -> Situation:
    """The situation of the account's owner, with every input shown. A contradiction with the flag's `level` is said."""
    exposure, me, options = account.exposure, account.frame.options.owner, account.frame.options.situation
    time = open_time(exposure, account.frame)
    entries = for_two(exposure.seen, account.directory)
    interest = interest_of(exposure.seen, entries, Spans.of(exposure.absences), options)
    time.details["cancelled_by_others"] = cancelled_by_others(entries)

    said = YouSaid(time=me.has_room, interest=me.wants_more)
    reasons = [_time_reason(time, said), _interest_reason(interest, said, options)]
    much_time = _side(time, said.time)
    high_interest = _side(interest, said.interest)
    if much_time is None or high_interest is None:
        return Situation(time=time, interest=interest, you_said=said, reasons=reasons)
    if level == "insufficient_data":
        reasons.append(reason("situation_nothing_said"))
        return Situation(time=time, interest=interest, you_said=said, reasons=reasons)

    label = _label(much_time, high_interest)
    near_time = said.time is None and _near(time, options)
    near_interest = said.interest is None and _near(interest, options)
    neighbours = []
    if near_time:
        neighbours.append(_label(not much_time, high_interest))
    if near_interest:
        neighbours.append(_label(much_time, not high_interest))
    if near_time and near_interest:
        neighbours.append(_label(not much_time, not high_interest))
    reasons.append(reason(f"situation_{label}"))
    if neighbours:
        reasons.append(reason("situation_borderline", neighbours=neighbours))
    contradicted = _contradiction(much_time, high_interest, level, said)
    if contradicted:
        code, others = contradicted
        reasons.append(reason(code))
        neighbours += [other for other in others if other not in neighbours]
    return Situation(
        label=label,
        time=time,
        interest=interest,
        borderline=[label, *neighbours] if neighbours else [],
        you_said=said,
        reasons=reasons,
        advice=[] if level == "at_risk" and much_time and high_interest else advice(label),  # which is for the thriving
    )


def _label(much_time: bool, high_interest: bool) -> str:
    return f"{'much' if much_time else 'little'}_time_{'high' if high_interest else 'low'}_interest"


def _side(axis: SituationInput, said: bool | None) -> bool | None:
    """Which side of the cut someone is on: by their own word, else by the calendar; None where unknown."""
    if said is not None:
        return said
    return axis.value >= axis.cut if axis.known and axis.value is not None else None


def _near(axis: SituationInput, options: SituationOptions) -> bool:
    return axis.value is not None and abs(axis.value - axis.cut) <= options.borderline + ALMOST


def _contradiction(much_time: bool, high_interest: bool, level: Level, said: YouSaid) -> tuple[str, list[str]] | None:
    """Where flag and situation speak against each other: what to say, and which situations it may be instead."""
    if level == "ok" and not high_interest:
        code = "situation_contradiction_ok" if said.interest is None else "situation_contradiction_ok_said"
        return code, [_label(much_time, True)]
    if level == "at_risk" and much_time and high_interest:
        return "situation_contradiction_at_risk", [_label(True, False), _label(False, True)]
    return None


def _time_reason(time: SituationInput, said: YouSaid) -> Reason:
    if said.time is not None:
        return reason(f"situation_you_said_time_{'yes' if said.time else 'no'}")
    if not time.known:
        return reason("situation_time_unknown", filled=time.details.get("filled") or 0.0)
    return reason("situation_time", open=time.value, half_hours=time.details["open_half_hours_a_week"], cut=time.cut)


def _interest_reason(interest: SituationInput, said: YouSaid, options: SituationOptions) -> Reason:
    if said.interest is not None:
        return reason(f"situation_you_said_interest_{'yes' if said.interest else 'no'}")
    choices = interest.details["choices"]
    if not interest.known:
        return reason("situation_interest_unknown", choices=choices, needed=options.min_choices)
    return reason("situation_interest", towards=interest.value, choices=choices, cut=interest.cut)
