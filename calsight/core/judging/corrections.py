"""What the owner says against their calendar, and how it is applied: before judging (who people are, absences) and after it
(what an entry is, one-to-ones off the calendar). Pure; `calsight.settings.corrections_file` keeps the file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from calsight.core.model.events import NOTES, Attendee, CalendarEvent, EventType, ShowAs, Window
from calsight.core.model.meetings import Kind, Meeting, Owner, Person, Scope, Size, in_order
from calsight.core.model.options import NAMED, PeopleOptions, Relation
from calsight.core.people.directory import aliases_of, canonical_address, scope_of
from calsight.core.time.days import DAY, clock_moment, day_of, midnight

if TYPE_CHECKING:
    from calsight.core.model.report import Reason

#: The reason of an entry that the owner judged themselves.
YOU_SAID = "you_said"

_NOTED = timedelta(minutes=30)
_NOTED_UNTIL = 12 * 60 + 30  # minutes after midnight
PersonWord: TypeAlias = "Relation | Literal['assistant', 'colleague']"


@dataclass(frozen=True, slots=True)
class ThisMeeting:
    """An entry is, or is not, a one-to-one.

    `day` picks one occurrence by its day (None: all of that UID); `who` says with whom, where the entry does not ("").
    """

    uid: str
    one_to_one: bool
    day: date | None = None
    who: str = ""


@dataclass(frozen=True, slots=True)
class ThisPerson:
    """Who someone is: a role as in the settings, or "assistant" or "colleague"."""

    address: str
    word: PersonWord


@dataclass(frozen=True, slots=True)
class Away:
    """The owner was away from `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Met:
    """The owner met someone one-to-one on that day, off the calendar."""

    address: str
    day: date


Correction: TypeAlias = ThisMeeting | ThisPerson | Away | Met


@dataclass(frozen=True, slots=True)
class Corrected:
    """Meetings with the corrections applied, by start, and those corrections that had an effect on them."""

    meetings: tuple[Meeting, ...]
    applied: tuple[Correction, ...]


def people_with(people: PeopleOptions, corrections: Iterable[Correction]) -> PeopleOptions:
    """The settings' people with what the corrections say of them; a correction wins over the settings."""
    said = {_identity(c.address): c for c in corrections if isinstance(c, ThisPerson)}
    if not said:
        return people
    roles = {address: role for address, role in people.roles.items() if _identity(address) not in said}
    assistants = [address for address in people.assistants if _identity(address) not in said]
    colleagues = [address for address in people.colleagues if _identity(address) not in said]
    for correction in said.values():
        match correction.word:
            case "assistant":
                assistants.append(correction.address)
            case "colleague":
                colleagues.append(correction.address)
            case role:
                roles[correction.address] = role
    return replace(people, roles=roles, assistants=tuple(assistants), colleagues=tuple(colleagues))


def absences(corrections: Iterable[Correction], zone: str) -> list[CalendarEvent]:
    """An out-of-office entry for each `Away`, to be judged with the other events."""
    return [
        CalendarEvent(
            uid=f"calsight-away-{away.first}-{away.last}",
            start=midnight(away.first, zone),
            end=midnight(away.last + DAY, zone),
            all_day=True,
            zone=zone,
            show_as=ShowAs.OUT_OF_OFFICE,
            event_type=EventType.OUT_OF_OFFICE,
            calendar=NOTES,
        )
        for away in corrections
        if isinstance(away, Away)
    ]


def apply_corrections(
    meetings: Sequence[Meeting],
    corrections: Sequence[Correction],
    *,
    owner: Owner,
    people: PeopleOptions,
    window: Window,
    as_of: datetime,
    zone: str,
) -> Corrected:
    """The meetings, in order, as the owner says they were. `people` are the settings' with `people_with` applied.

    One-to-ones off the calendar are added where they lie in `window`, unless the calendar shows one with that person on that
    day. An `Away` and a `ThisPerson` count as applied where the judged meetings show them, and a role by which someone is named
    always: the report then lists them, met or not.
    """
    if not corrections:
        return Corrected(tuple(meetings), ())
    known = {person.id: person for meeting in meetings for person in meeting.counterparts}
    main = aliases_of(people)

    def person_of(address: str) -> Person:
        identity = _identity(address)
        identity = main.get(identity, identity)
        return known.get(identity, Person(identity, address=identity if "@" in identity else ""))

    applied: list[Correction] = []
    result = list(meetings)
    for correction in corrections:
        match correction:
            case ThisMeeting():
                hits = [i for i, meeting in enumerate(result) if _matches(meeting, correction, zone)]
                for i in hits:
                    person = person_of(correction.who) if correction.who else None
                    result[i] = _judged(result[i], correction, person, owner, people, as_of)
                effect = bool(hits)
            case Met():
                person = person_of(correction.address)
                noted = _noted(correction.day, person, owner, people, as_of, zone)
                already = any(_met(meeting, person, correction.day, zone) for meeting in result)
                effect = noted is not None and noted.start in window and not already
                if effect and noted is not None:
                    result.append(noted)
            case Away():
                uid = f"calsight-away-{correction.first}-{correction.last}"
                effect = any(meeting.event.uid == uid for meeting in result)
            case ThisPerson():
                identity = person_of(correction.address).id
                effect = (
                    correction.word in NAMED
                    or identity in known
                    or any(
                        m.event.organizer is not None and _identity(m.event.organizer.address) == identity
                        for m in meetings
                    )
                )
        if effect:
            applied.append(correction)
    return Corrected(tuple(in_order(result)), tuple(applied))


def said(corrections: Iterable[Correction], meetings: Iterable[Meeting], zone: str) -> list[Reason]:
    """Each correction in a sentence, for the report that it was applied to."""
    from calsight.core.wording.reasons import reason

    corrections, meetings = list(corrections), list(meetings)
    if not corrections:
        return []
    names = {person.id: person.name or person.address for meeting in meetings for person in meeting.counterparts}
    told = []
    for correction in corrections:
        match correction:
            case ThisMeeting():
                hits = [m for m in meetings if _matches(m, correction, zone)]
                day = correction.day or day_of(hits[0].start, zone)
                one = next((p for m in hits for p in m.counterparts), None) if correction.one_to_one else None
                code = "you_said_one_to_one" if correction.one_to_one else "you_said_not_one_to_one"
                code += "_unnamed" if correction.one_to_one and one is None else ""
                values = {"name": names[one.id]} if one else {}
                if correction.day is None and len(hits) > 1:
                    told.append(reason(f"{code}_all", uid=correction.uid, entries=len(hits), day=day, **values))
                else:
                    told.append(reason(code, uid=correction.uid, day=day, **values))
            case ThisPerson():
                name = names.get(_identity(correction.address), correction.address)
                told.append(reason("you_said_person", name=name, role=correction.word))
            case Away():
                told.append(reason("you_said_away", first=correction.first, last=correction.last))
            case Met():
                name = names.get(_identity(correction.address), correction.address)
                told.append(reason("you_said_met", name=name, day=correction.day))
    return told


def same_subject(one: Correction, other: Correction) -> bool:
    """Whether two corrections speak of the same thing, so that the later one replaces the earlier."""
    match one, other:
        case ThisMeeting(), ThisMeeting():
            return (one.uid, one.day) == (other.uid, other.day)
        case ThisPerson(), ThisPerson():
            return _identity(one.address) == _identity(other.address)
        case Met(), Met():
            return (_identity(one.address), one.day) == (_identity(other.address), other.day)
        case _:
            return one == other


def _judged(
    meeting: Meeting,
    correction: ThisMeeting,
    person: Person | None,
    owner: Owner,
    people: PeopleOptions,
    as_of: datetime,
) -> Meeting:
    if not correction.one_to_one:
        return replace(
            meeting,
            kind=Kind.EXCLUDED,
            reason=YOU_SAID,
            headcount=None,
            size=None,
            held=None,
            inferred=False,
            scope=None,
            interview=False,
        )
    counterparts = (person,) if person else meeting.counterparts if len(meeting.counterparts) == 1 else ()
    return replace(
        meeting,
        kind=Kind.ONE_TO_ONE,
        reason=YOU_SAID,
        headcount=2,
        size=Size.SMALL,
        counterparts=counterparts,
        held=meeting.end <= as_of,
        inferred=False,
        scope=scope_of(counterparts[0], owner, people) if counterparts else Scope.OTHER,
    )


def _noted(
    day: date, person: Person, owner: Owner, people: PeopleOptions, as_of: datetime, zone: str
) -> Meeting | None:
    """A one-to-one off the calendar: half an hour at noon, or before `as_of` where that is earlier; None after `as_of`."""
    end = min(clock_moment(day, _NOTED_UNTIL, zone), as_of)
    start = max(end - _NOTED, midnight(day, zone))
    if start >= end:
        return None
    event = CalendarEvent(
        uid=f"calsight-met-{day}-{person.id}",
        start=start,
        end=end,
        zone=zone,
        attendees=(Attendee(address=person.address, name=person.name),),
        calendar=NOTES,
    )
    return Meeting(
        event,
        Kind.ONE_TO_ONE,
        YOU_SAID,
        headcount=2,
        size=Size.SMALL,
        counterparts=(person,),
        held=True,
        scope=scope_of(person, owner, people),
        sources=(NOTES.name,),
    )


def _matches(meeting: Meeting, correction: ThisMeeting, zone: str) -> bool:
    if meeting.event.uid != correction.uid:
        return False
    if correction.day is None:
        return True
    moments = (meeting.start, meeting.event.original_start)
    return any(moment is not None and day_of(moment, zone) == correction.day for moment in moments)


def _met(meeting: Meeting, person: Person, day: date, zone: str) -> bool:
    return bool(
        meeting.kind is Kind.ONE_TO_ONE
        and meeting.held
        and person.id in {p.id for p in meeting.counterparts}
        and day_of(meeting.start, zone) == day
    )


def _identity(address: str) -> str:
    return canonical_address(address) or address.strip().casefold()
