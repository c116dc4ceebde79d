"""Which of Evarts' four situations a calendar resembles: time × interest (docs/relationships.md).

Two proxies, each of which may be unknown:

time       open working time in blocks of half an hour or more, as a share of working time. Meetings, solo and focus blocks and
           entries with unknown participants count as taken; the owner's absences and silent weeks are left out.
interest   the share of the owner's own choices that go towards people: arranging one-to-ones (against having them arranged),
           accepting invitations to one (against declining), moving one's own (against cancelling it).

What the owner says of either wins, and is labelled so. The flag never comes from here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from calsight.core.model.events import CalendarEvent
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import WITH_PEOPLE, Kind
from calsight.core.model.options import SituationOptions, WorkOptions
from calsight.core.model.report import Level, Reason, Situation, SituationInput, YouSaid
from calsight.core.picture.advice import advice
from calsight.core.picture.choices import cancelled_by_others, for_two, interest_of
from calsight.core.rate.exposure import Exposure
from calsight.core.relationships.account import Account
from calsight.core.time.days import DAY, day_of, week_days
from calsight.core.time.intervals import Spans, clip, length, subtract, union
from calsight.core.time.working import working_spans
from calsight.core.wording.reasons import reason

_HALF_HOUR = timedelta(minutes=30)
_TAKEN = WITH_PEOPLE | {Kind.SOLO, Kind.UNKNOWN}
_NEVER = datetime.max.replace(tzinfo=UTC)
_ALMOST = 1e-9  # 0.45 - 0.35 is a hair more than 0.1


def situation(account: Account, level: Level) -> Situation:
    """The situation of the account's owner, with every input shown. A contradiction with the flag's `level` is said."""
    exposure, me, options = account.exposure, account.frame.options.owner, account.frame.options.situation
    time = _time(exposure, account.frame)
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
        advice=advice(label),
    )


def _label(much_time: bool, high_interest: bool) -> str:
    return f"{'much' if much_time else 'little'}_time_{'high' if high_interest else 'low'}_interest"


def _side(axis: SituationInput, said: bool | None) -> bool | None:
    """Which side of the cut someone is on: by their own word, else by the calendar; None where unknown."""
    if said is not None:
        return said
    return axis.value >= axis.cut if axis.known and axis.value is not None else None


def _near(axis: SituationInput, options: SituationOptions) -> bool:
    return axis.value is not None and abs(axis.value - axis.cut) <= options.borderline + _ALMOST


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


def _time(exposure: Exposure, frame: Frame) -> SituationInput:
    """How much working time lies open. Known where entries fill a quarter of it: else the calendar is not kept so closely."""
    zone, options, work = frame.zone, frame.options.situation, frame.options.work
    taken = union([(m.event.start, m.event.end) for m in exposure.seen if m.kind in _TAKEN])
    whole = busy = open_time = timedelta()
    half_hours, weeks = 0, 0.0
    for week in exposure.weeks:
        if week.working <= 0 or week.silent:
            continue
        days = week_days(week.week)
        hours = clip((span for day in days for span in working_spans(day, work, zone)), frame.window.start, frame.now)
        worked = subtract(hours, exposure.absences)
        free = subtract(worked, taken)
        blocks = [end - start for start, end in free if end - start >= _HALF_HOUR]
        whole += length(worked)
        busy += length(worked) - length(free)
        open_time += sum(blocks, timedelta())
        half_hours += sum(block // _HALF_HOUR for block in blocks)
        weeks += week.working
    filled = busy / whole if whole else None
    with_people = [m.event for m in exposure.seen if m.kind in WITH_PEOPLE and m.held]
    with_people.sort(key=attrgetter("start"))
    return SituationInput(
        value=open_time / whole if whole else None,
        cut=options.time_cut,
        known=filled is not None and filled >= options.min_filled,
        details={
            "filled": filled,
            "open_half_hours_a_week": half_hours / weeks if weeks else None,
            "overlaps": _overlaps(with_people),
            "outside_working_hours": _outside(with_people, work, zone),
        },
    )


def _overlaps(events: Iterable[CalendarEvent]) -> int:
    """How many events, by start, begin before an earlier one has ended."""
    count = 0
    busy_until = datetime.min.replace(tzinfo=UTC)
    for event in events:
        if event.start < busy_until:
            count += 1
        if event.end > busy_until:
            busy_until = event.end
    return count


def _outside(events: Sequence[CalendarEvent], work: WorkOptions, zone: str) -> int:
    """How many events, by start, begin outside working hours."""
    if not events:
        return 0
    day = day_of(events[0].start, zone) - DAY  # a night shift began the day before
    days = (day_of(events[-1].start, zone) - day).days + 1
    hours = union([span for offset in range(days) for span in working_spans(day + offset * DAY, work, zone)])
    hours.append((_NEVER, _NEVER))
    outside = place = 0
    begin, end = hours[place]
    for event in events:
        while end <= event.start:
            place += 1
            begin, end = hours[place]
        outside += event.start < begin
    return outside
