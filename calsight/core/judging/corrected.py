"""The meetings as the owner says they were: what an entry is, and one-to-ones off the calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from calsight.core.judging.corrections import (
    Away,
    Correction,
    KeepUp,
    Met,
    OnePerson,
    There,
    ThisMeeting,
    ThisPerson,
    plain_title,
    uid_of,
)
from calsight.core.model.events import NOTES, Attendee, CalendarEvent
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import WAS_THERE, YOU_SAID, Kind, Meeting, Person, Scope, Size, in_order
from calsight.core.model.options import NAMED
from calsight.core.model.report import Reason
from calsight.core.people.addresses import domain_of
from calsight.core.people.directory import Directory
from calsight.core.people.identities import BY_NAME, named_identity, plain_identity
from calsight.core.people.names import called
from calsight.core.time.days import DAY, clock_moment, day_of, midnight
from calsight.core.time.working import working_spans
from calsight.core.wording.reasons import reason

_NOTED = timedelta(minutes=30)
_NOTED_UNTIL = 12 * 60 + 30  # minutes after midnight


class Corrected(NamedTuple):
    """Meetings with the corrections applied, by start, and those corrections that had an effect on them."""

    meetings: tuple[Meeting, ...]
    applied: tuple[Correction, ...]


def apply_corrections(
    meetings: Sequence[Meeting], corrections: Sequence[Correction], directory: Directory, frame: Frame
) -> Corrected:
    """The meetings, in order, as the owner says they were. `directory` is that of the settings with `people_with` applied.

    One-to-ones off the calendar are added where they lie in the window, unless the calendar shows one with that person on that
    day. An `Away` and a `ThisPerson` count as applied where the judged meetings show them, and a role by which someone is named
    always: the report then lists them, met or not. What the owner says is not in doubt any more.
    """
    if not corrections:
        return Corrected(tuple(meetings), ())
    known = {person.id: person for meeting in meetings for person in meeting.counterparts}

    def person_of(address: str) -> Person:
        identity = directory.identity(named_identity(address))
        return known.get(identity, Person(identity, address=identity if "@" in identity else ""))

    applied: list[Correction] = []
    result = list(meetings)
    for correction in corrections:
        match correction:
            case ThisMeeting():
                person = person_of(correction.who) if correction.who else None
                hits = _meant(result, correction, frame.zone)
                for i in hits:
                    result[i] = _judged(result[i], correction, person, directory, frame.as_of)
                effect = bool(hits)
            case Met():
                added = list(_added(correction, person_of(correction.address), result, directory, frame))
                result += added
                effect = bool(added)
            case Away():
                effect = any(meeting.event.uid == uid_of(correction) for meeting in result)
                result = [_sure_of_absence(meeting, correction, frame.zone) for meeting in result]
            case There():
                days = [day for day in _presences(correction, frame) if day.start in frame.window]
                result += days
                effect = bool(days)
            case ThisPerson():
                effect = correction.word in NAMED or _listed([correction.address], meetings, directory)
            case OnePerson():
                effect = _listed([correction.address, correction.other], meetings, directory)
            case KeepUp():
                effect = False  # it says nothing of the meetings: see calsight.core.next.own_people
        if effect:
            applied.append(correction)
    return Corrected(tuple(in_order(result)), tuple(applied))


def said(
    corrections: Sequence[Correction], meetings: Sequence[Meeting], directory: Directory, zone: str
) -> list[Reason]:
    """Each correction in a sentence, for the report that it was applied to."""
    if not corrections:
        return []
    names = {person.id: called(person) for meeting in meetings for person in meeting.counterparts}
    told = []
    for correction in corrections:
        match correction:
            case ThisMeeting():
                hits = [meetings[i] for i in _meant(meetings, correction, zone)]
                day = correction.day or day_of(hits[0].start, zone)
                one = next((p for m in hits for p in m.counterparts), None) if correction.one_to_one else None
                code = "you_said_one_to_one" if correction.one_to_one else "you_said_not_one_to_one"
                code += "_unnamed" if correction.one_to_one and one is None else ""
                values = {"name": names[one.id]} if one else {}
                if correction.day is None and len(hits) > 1:
                    told.append(reason(f"{code}_all", uid=correction.uid, entries=len(hits), day=day, **values))
                else:
                    told.append(reason(code, uid=correction.uid, day=day, **values))
            case ThisPerson(word="me"):
                told.append(reason("you_said_me", name=_plain(correction.address)))
            case OnePerson():
                name, other = (names.get(plain_identity(who), who) for who in (correction.address, correction.other))
                told.append(reason("you_said_one_person", name=name, other=other))
            case There():
                told.append(reason("you_said_there", first=correction.first, last=correction.last))
            case ThisPerson():
                name = names.get(directory.identity(correction.address), _plain(correction.address))
                told.append(reason("you_said_person", name=name, role=correction.word))
            case Away():
                told.append(reason("you_said_away", first=correction.first, last=correction.last))
            case Met():
                name = names.get(directory.identity(correction.address), correction.address)
                told.append(reason("you_said_met", name=name, day=correction.day))
    return told


def _judged(
    meeting: Meeting,
    correction: ThisMeeting,
    person: Person | None,
    directory: Directory,
    as_of: datetime,
) -> Meeting:
    """The meeting as the owner says it was; with `person`, where they name one."""
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
            doubts=(),
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
        doubts=(),
        scope=directory.scope_as_met(counterparts[0]) if counterparts else Scope.OTHER,
    )


def _added(
    correction: Met, person: Person, meetings: Sequence[Meeting], directory: Directory, frame: Frame
) -> Iterator[Meeting]:
    """The one-to-one that the owner noted, unless it lies outside the window, or the calendar shows it."""
    noted = _noted(correction.day, person, directory.scope_as_met(person), frame)
    shown = (_met(meeting, person, correction.day, frame.zone) for meeting in meetings)
    if noted is not None and noted.start in frame.window and not any(shown):
        yield noted


def _listed(named: Iterable[str], meetings: Sequence[Meeting], directory: Directory) -> bool:
    """Whether all whom the owner names are on a list or organise, even if they take no part."""
    events = [meeting.event for meeting in meetings]
    lines = {(line.address, line.name) for event in events for line in event.attendees}
    lines |= {(event.organizer.address, event.organizer.name) for event in events if event.organizer}
    found = {one for address, name in lines for one in (directory.identity(address), named_identity(name))}
    found |= {f"@{domain_of(one)}" for one in found}
    return all(directory.identity(named_identity(who)) in found for who in named)


def _sure_of_absence(meeting: Meeting, away: Away, zone: str) -> Meeting:
    """The meeting without a doubt whether it was held in an absence, where the owner tells of that one themselves."""
    if meeting.reason != "during_absence" or not meeting.doubts:
        return meeting
    inside = away.first <= day_of(meeting.start, zone) <= away.last
    return replace(meeting, doubts=()) if inside else meeting


def _presences(there: There, frame: Frame) -> Iterator[Meeting]:
    """A mark at the beginning of each working day; it takes no time."""
    for number in range((there.last - there.first).days + 1):
        day = there.first + number * DAY
        for begin, _ in working_spans(day, frame.options.work, frame.zone)[:1]:
            event = CalendarEvent(uid=f"calsight-there-{day}", start=begin, end=begin, zone=frame.zone, calendar=NOTES)
            yield Meeting(event, Kind.EXCLUDED, WAS_THERE, sources=(NOTES.name,))


def _plain(who: str) -> str:
    """How somebody is called whom a correction names."""
    return who.removeprefix(BY_NAME)


def _noted(day: date, person: Person, scope: Scope, frame: Frame) -> Meeting | None:
    """A one-to-one off the calendar: half an hour at noon, or before `as_of` where that is earlier; None after `as_of`."""
    end = min(clock_moment(day, _NOTED_UNTIL, frame.zone), frame.as_of)
    start = max(end - _NOTED, midnight(day, frame.zone))
    if start >= end:
        return None
    event = CalendarEvent(
        uid=f"calsight-met-{day}-{person.id}",
        start=start,
        end=end,
        zone=frame.zone,
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
        scope=scope,
        sources=(NOTES.name,),
    )


#: Why an occurrence did not take place.
_NOT_HELD = frozenset({"cancelled", "declined", "during_absence"})


def _meant(meetings: Sequence[Meeting], correction: ThisMeeting, zone: str) -> list[int]:
    """The places of the meetings that a correction is about.

    That a whole series is one-to-ones says nothing of those of its occurrences that did not take place.
    """
    hits = [place for place, meeting in enumerate(meetings) if _matches(meeting, correction, zone)]
    if not correction.one_to_one or correction.day is not None:
        return hits
    return [place for place in hits if meetings[place].reason not in _NOT_HELD] or hits


def _matches(meeting: Meeting, correction: ThisMeeting, zone: str) -> bool:
    if correction.uid:
        named = meeting.event.uid == correction.uid
    else:
        named = correction.title == meeting.event.uid or (
            plain_title(meeting.event.title) == plain_title(correction.title)
        )
    if not named:
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
