"""Why an entry became what it became: the people step by step, then each rule up to the one that decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from calsight.core.judging.bench import Bench, Judged
from calsight.core.judging.rows import BEFORE_PLUGINS, ROWS, Rule
from calsight.core.model.events import Attendee, CalendarEvent, PartStat
from calsight.core.model.meetings import Kind, Owner
from calsight.core.model.options import Options
from calsight.core.people.directory import Directory, Role, Seen
from calsight.core.people.presence import Presence


@dataclass(frozen=True, slots=True)
class Step:
    """One rule that was asked. `number` is its row in docs/meaning.md, None for a rule of a plugin."""

    number: int | None
    question: str
    answer: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """One occurrence, explained in plain sentences.

    copies   which calendars hold it, and which copy was taken
    people   who was on its list, one sentence each, then who was there
    steps    the rules in the order in which they were asked; the last one fits
    """

    event: CalendarEvent
    copies: tuple[str, ...]
    people: tuple[str, ...]
    steps: tuple[Step, ...]
    kind: Kind
    reason: str
    inferred: bool


def explain(
    events: Sequence[CalendarEvent],
    owner: Owner,
    uid: str,
    options: Options,
    rules: Sequence[Rule] = (),
) -> list[Explanation]:
    """Each occurrence of one UID, explained, in order of time. All `events` are needed: some rules look at the others."""
    bench = Bench(events, owner, options)
    wanted = bench.judge(uid, rules)
    return [_explain(judged, bench.directory, rules) for judged in wanted]


def _explain(judged: Judged, directory: Directory, rules: Sequence[Rule]) -> Explanation:
    event, presence = judged.case.event, judged.case.presence
    return Explanation(
        event=event,
        copies=tuple(_copies(judged)),
        people=(*_lines(event, presence, directory), _sum(presence)),
        steps=tuple(_steps(judged, rules)),
        kind=judged.verdict.kind,
        reason=judged.verdict.reason,
        inferred=judged.verdict.inferred,
    )


def _copies(judged: Judged) -> list[str]:
    copies = judged.merged.copies
    if len(copies) == 1:
        return []
    return [
        f"It is in {len(copies)} copies ({', '.join(judged.merged.sources) or 'without a name'}); the one with the highest "
        "SEQUENCE, then known participants, then most attendees was taken."
    ]


def _lines(event: CalendarEvent, presence: Presence, directory: Directory) -> list[str]:
    lines = []
    for line in sorted(event.attendees, key=lambda one: (one.address.casefold(), one.name)):
        seen = directory.see(line, event.calendar)
        lines.append(f"{_who(line.name, line.address)}: {_attendee(line, seen)}.")
    if event.organizer is not None:
        seen = directory.see(event.organizer, event.calendar)
        lines.append(f"{_who(event.organizer.name, event.organizer.address)}: {_leader(seen, presence)}.")
    return lines


def _who(name: str, address: str) -> str:
    if name and address and name != address:
        return f"{name} <{address}>"
    return name or address or "Someone without name and address"


def _attendee(line: Attendee, seen: Seen) -> str:
    said = _SAID[line.partstat]
    if seen.role is Role.ME:
        return f"you; {said}"
    guests = f", brings {line.guests} more" if line.guests else ""
    if seen.role in (Role.PERSON, Role.GROUP, Role.NAMELESS):
        if line.partstat in (PartStat.DECLINED, PartStat.DELEGATED):
            return f"{said}, so not counted"
        what = {Role.PERSON: "counted", Role.GROUP: "a group address, so more than one person"}
        return f"{said}, {what.get(seen.role, 'someone, but nobody knows who')}{guests}"
    return f"set aside: {_ASIDE[seen.role]}"


def _leader(seen: Seen, presence: Presence) -> str:
    if seen.role is Role.ME:
        return "you organise it"
    if seen.role in _ASIDE:
        return f"organises it; set aside: {_ASIDE[seen.role]}"
    if presence.organizer is not None and presence.organizer in presence.others:
        return "organises it, counted"
    if presence.organizer is not None and presence.organizer in presence.declined:
        return "organises it, declined, so not counted"
    if seen.role is Role.PERSON:
        return "organises it without taking part, so not counted"
    return "organises it"


_SAID = {
    PartStat.ACCEPTED: "accepted",
    PartStat.DECLINED: "declined",
    PartStat.TENTATIVE: "tentative",
    PartStat.NEEDS_ACTION: "did not answer",
    PartStat.DELEGATED: "sends someone else",
}
_ASIDE = {
    Role.ROOM: "a room",
    Role.RESOURCE: "a room or other resource",
    Role.CALENDAR: "a calendar, not a person",
    Role.BOT: "a bot",
    Role.NO_REPLY: "an address that nobody reads",
    Role.ASSISTANT: "books for others (settings: assistants)",
    Role.AUTOMATED: "a service or function that invites many people",
}


def _sum(presence: Presence) -> str:
    count = presence.company
    if presence.groups or presence.nameless:
        return f"Beside you at least {count} others; how many exactly is unknown."
    if count == 0:
        return "Nobody is known to have been there but you."
    return "Beside you one other." if count == 1 else f"Beside you {count} others."


def _steps(judged: Judged, rules: Sequence[Rule]) -> list[Step]:
    case = judged.case
    steps: list[Step] = []
    for place, row in enumerate(ROWS):
        if place == BEFORE_PLUGINS:
            for rule in rules:
                decided = rule(case.event, case.presence) is not None
                steps.append(Step(None, f"Does the rule {_name(rule)} decide?", decided))
                if decided:
                    return steps
        fits = row.fits(case)
        steps.append(Step(row.number, row.question, fits))
        if fits:
            break
    return steps


def _name(rule: Rule) -> str:
    return str(getattr(rule, "__name__", type(rule).__name__))
