"""Why an entry became what it became: the people step by step, then each rule up to the one that decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from calsight.core.judging.bench import Bench, Judged
from calsight.core.judging.doubts import doubt_said
from calsight.core.judging.rows import BEFORE_PLUGINS, ROWS, Rule
from calsight.core.model.events import Attendee, CalendarEvent, PartStat
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Kind, Meeting
from calsight.core.model.report import Reason
from calsight.core.people.directory import Directory, Role, Seen
from calsight.core.people.presence import Presence
from calsight.core.wording.reasons import reason


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that was asked. `number` is its row in docs/meaning.md, None for a rule of a plugin."""

    number: int | None
    question: Reason
    answer: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """One occurrence, explained in sentences.

    copies   which calendars hold it, and which copy was taken
    people   who was on its list, one sentence each, then who was there
    steps    the rules in the order in which they were asked; the last one fits
    doubts   what it could also be, and why
    """

    event: CalendarEvent
    copies: tuple[Reason, ...]
    people: tuple[Reason, ...]
    steps: tuple[Step, ...]
    kind: Kind
    reason: str
    inferred: bool
    doubts: tuple[Reason, ...] = ()


def explain(
    events: Sequence[CalendarEvent],
    frame: Frame,
    uid: str,
    rules: Sequence[Rule] = (),
) -> list[Explanation]:
    """Each occurrence of one UID, explained, in order of time. All `events` are needed: some rules look at the others."""
    bench = Bench(events, frame)
    return explained(bench, uid, bench.meetings(frame.as_of, rules), rules)


def explained(bench: Bench, uid: str, meetings: Sequence[Meeting], rules: Sequence[Rule] = ()) -> list[Explanation]:
    """`explain`, of events that are judged already: `meetings` are what became of them, also by the owner's own word."""
    became = {_mark(meeting.event): meeting for meeting in meetings if meeting.event.uid == uid}
    return [
        _explain(judged, became[_mark(judged.case.event)], bench.directory, rules) for judged in bench.judge(uid, rules)
    ]


def _mark(event: CalendarEvent) -> tuple[datetime, datetime | None, str, str]:
    return event.start, event.original_start, event.calendar.id, event.title


def _explain(judged: Judged, meeting: Meeting, directory: Directory, rules: Sequence[Rule]) -> Explanation:
    event, presence = judged.case.event, judged.case.presence
    return Explanation(
        event=event,
        copies=tuple(_copies(judged)),
        people=(*_lines(event, presence, directory), _sum(presence)),
        steps=tuple(_steps(judged, rules)),
        kind=meeting.kind,
        reason=meeting.reason,
        inferred=meeting.inferred,
        doubts=tuple(doubt_said(doubt, directory.person) for doubt in meeting.doubts),
    )


def _copies(judged: Judged) -> list[Reason]:
    copies, sources = len(judged.merged.copies), list(judged.merged.sources)
    if copies == 1:
        return []
    return [reason("copies", count=copies, sources=sources) if sources else reason("copies_unnamed", count=copies)]


def _lines(event: CalendarEvent, presence: Presence, directory: Directory) -> list[Reason]:
    lines = [
        _attendee(line, directory.see(line, event.calendar))
        for line in sorted(event.attendees, key=lambda one: (one.address.casefold(), one.name))
    ]
    if event.organizer is not None:
        seen = directory.see(event.organizer, event.calendar)
        who = _who(event.organizer.name, event.organizer.address)
        lines.append(_leader(who, seen, presence))
    return lines


def _who(name: str, address: str) -> str:
    """How a line names someone; "" where it does not."""
    return f"{name} <{address}>" if name and address and name != address else name or address


def _attendee(line: Attendee, seen: Seen) -> Reason:
    who, answer = _who(line.name, line.address), str(line.partstat)
    if seen.role is Role.ME:
        return reason("attendee_you", who=who, answer=answer)
    if seen.role in (Role.PERSON, Role.GROUP, Role.NAMELESS):
        if line.partstat in (PartStat.DECLINED, PartStat.DELEGATED):
            return reason("attendee_not_counted", who=who, answer=answer)
        return reason(f"attendee_{seen.role}", who=who, answer=answer, guests=line.guests)
    return reason("attendee_aside", who=who, role=f"aside_{seen.role}")


def _leader(who: str, seen: Seen, presence: Presence) -> Reason:
    if seen.role is Role.ME:
        return reason("leader_you", who=who)
    if seen.role not in (Role.PERSON, Role.GROUP, Role.NAMELESS):
        return reason("leader_aside", who=who, role=f"aside_{seen.role}")
    if presence.organizer is not None and presence.organizer in presence.others:
        return reason("leader_counted", who=who)
    if presence.organizer is not None and presence.organizer in presence.declined:
        return reason("leader_declined", who=who)
    return reason("leader_absent" if seen.role is Role.PERSON else "leader", who=who)


def _sum(presence: Presence) -> Reason:
    count = presence.company
    if presence.groups or presence.nameless:
        return reason("beside_at_least", count=count)
    return reason("beside", count=count)


def _steps(judged: Judged, rules: Sequence[Rule]) -> list[Step]:
    case = judged.case
    steps: list[Step] = []
    for place, row in enumerate(ROWS):
        if place == BEFORE_PLUGINS:
            for rule in rules:
                decided = rule(case.event, case.presence) is not None
                steps.append(Step(None, reason("rule_plugin", rule=_name(rule)), decided))
                if decided:
                    return steps
        fits = row.fits(case)
        steps.append(Step(row.number, reason(row.asks), fits))
        if fits:
            break
    return steps


def _name(rule: Rule) -> str:
    return str(getattr(rule, "__name__", type(rule).__name__))
