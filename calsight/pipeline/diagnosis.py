"""Can these calendars be judged? What `calsight doctor` says before anyone trusts a report."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from calsight.core.model.events import PLACES, CalendarEvent, Problem
from calsight.core.model.meetings import Owner
from calsight.core.model.report import Reason
from calsight.core.people.unlisted import owner_doubts
from calsight.core.time.days import day_of
from calsight.core.wording.reasons import reason
from calsight.core.wording.words import Words
from calsight.errors import OwnerNotFoundError
from calsight.kit.secrets import without_secrets
from calsight.pipeline import Reading, judge
from calsight.reading.sources import CalendarReading


@dataclass(frozen=True, slots=True)
class CalendarDiagnosis:
    """What one calendar holds inside the window.

    producer       who wrote it; "" where it does not say
    zone           its own zone; "" where it does not say
    occurrences    read inside the window and the 28 days after it
    first, last    start of the first and of the last of them; None without any
    last_sign      when the source was last known to be alive; None where it does not say
    zones          occurrences by zone, commonest first
    with_people    occurrences that name someone besides rooms
    hidden         occurrences whose participants the source hides
    recurring      occurrences of series
    problems       what was set aside
    """

    source: str
    name: str
    producer: str
    zone: str
    occurrences: int
    first: datetime | None
    last: datetime | None
    last_sign: datetime | None
    zones: tuple[tuple[str, int], ...]
    with_people: int
    hidden: int
    recurring: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All calendars of a reading, the owner, and what to do.

    owner        None where nobody stands out; `owner_trouble` says why, or why it may be somebody else
    advice       what would help, one sentence each; empty where nothing is wanting
    reasons      the same with codes and values, so that it can be said in another language
    judgeable    whether a report can say anything
    """

    calendars: tuple[CalendarDiagnosis, ...]
    owner: Owner | None
    owner_trouble: str
    zone: str
    last_sign: datetime | None
    advice: tuple[str, ...]
    judgeable: bool
    reasons: tuple[Reason, ...] = ()

    def said_in(self, words: Words) -> Diagnosis:
        """The same with its advice in the language of `words`."""
        said = [(each, words.said(each)) for each in self.reasons]
        return replace(
            self,
            advice=tuple(text for _, text in said),
            reasons=tuple(each.model_copy(update={"text": text}) for each, text in said),
        )


#: More of the entries than this share without participants are many; a calendar silent for so many days is old.
_MANY_HIDDEN, _OLD_DAYS = 1 / 4, 14
#: What this module says, by what a report says of the same.
_SAYS = {"doctor_empty": "insufficient_no_entries", "doctor_no_people": "insufficient_participants_unknown"}


def diagnose(reading: Reading) -> Diagnosis:
    """Look at a reading, and whether a report on it can say anything. Raises nothing of its own."""
    owner: Owner | None = None
    missing: list[Reason] = []
    open_questions = 0
    try:
        judgement = judge(reading)
        owner = judgement.owner
        unsure = owner_doubts(judgement.directory)
        flag = judgement.account.assessment.flag
        open_questions = len(judgement.account.questions)
        missing = [each for each in flag.reasons if each.code.startswith("insufficient_")]
    except OwnerNotFoundError as error:
        unsure = [Reason(code="owner_not_found", text=str(error))]
    calendars = tuple(_diagnose_one(calendar) for calendar in reading.calendars)
    advice = [*unsure, *_advice(reading, calendars)]
    known = {_SAYS.get(each.code, each.code) for each in advice}
    advice += [each for each in missing if each.code not in known]
    if open_questions:
        advice.append(reason("doctor_questions", count=open_questions))
    return Diagnosis(
        calendars=calendars,
        owner=owner,
        owner_trouble=" ".join(doubt.text for doubt in unsure),
        zone=reading.zone,
        last_sign=reading.last_sign,
        advice=tuple(each.text for each in advice),
        judgeable=not unsure and not missing,
        reasons=tuple(advice),
    )


def _diagnose_one(reading: CalendarReading) -> CalendarDiagnosis:
    events = reading.events
    starts = [event.start for event in events]
    zones = Counter(event.zone or "UTC" for event in events)
    return CalendarDiagnosis(
        source=without_secrets(reading.source),
        name=reading.calendar.name,
        producer=reading.calendar.producer,
        zone=reading.calendar.zone,
        occurrences=len(events),
        first=min(starts, default=None),
        last=max(starts, default=None),
        last_sign=reading.calendar.last_sign,
        zones=tuple(zones.most_common()),
        with_people=sum(_names_someone(event) for event in events),
        hidden=sum(event.participants_hidden for event in events),
        recurring=sum(event.series is not None for event in events),
        problems=reading.problems,
    )


def _names_someone(event: CalendarEvent) -> bool:
    return any(attendee.cutype not in PLACES for attendee in event.attendees)


def _advice(reading: Reading, calendars: tuple[CalendarDiagnosis, ...]) -> list[Reason]:
    occurrences = sum(calendar.occurrences for calendar in calendars)
    if not occurrences:
        newest = reading.newest
        if newest is not None:
            return [reason("insufficient_all_before", newest=day_of(newest, reading.zone))]
        return [reason("doctor_empty")]
    advice = []
    if not any(calendar.with_people for calendar in calendars):
        advice.append(reason("doctor_no_people"))
    elif sum(calendar.hidden for calendar in calendars) > occurrences * _MANY_HIDDEN:
        advice.append(reason("doctor_many_hidden"))
    sign = reading.last_sign
    if sign is not None and (reading.as_of - sign).days >= _OLD_DAYS:
        advice.append(reason("doctor_old", sign=sign))
    if not reading.settings.work.zone:
        advice.append(reason("doctor_zone_guessed", zone=reading.zone))
    lost = sum(problem.count for calendar in calendars for problem in calendar.problems)
    if lost:
        advice.append(reason("doctor_lost", count=lost))
    return advice
