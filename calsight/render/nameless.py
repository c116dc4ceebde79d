"""Documents without names: what `redact.private` is to a report, for the lists and answers beside it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from calsight.core.model.answers import (
    CounterpartOut,
    MeetingOut,
    MeetingsOut,
    PeopleOut,
    SuggestionOut,
    SuggestionsOut,
    WeekOut,
)
from calsight.core.model.events import Problem
from calsight.core.model.meetings import Owner
from calsight.core.model.report import OwnerOut, PersonOut, ProblemOut, Report
from calsight.core.wording.catalogue import CATALOGUE
from calsight.pipeline.diagnosis import Diagnosis
from calsight.render.redact import Initials, only_code, private

D = TypeVar("D", MeetingsOut, PeopleOut, SuggestionsOut, WeekOut)
_ADDRESS = re.compile(r"(?<![^\s<>(),;:])[^\s<>(),;:]+@[^\s<>(),;:]+")


def without_addresses(text: str) -> str:
    """A sentence, such as an error's, in which no address is left."""
    return _ADDRESS.sub("…", text)


def digest(uid: str) -> str:
    """What an entry is called where its UID, which may hold an address, is not told."""
    return hashlib.sha256(uid.encode()).hexdigest()[:12] if uid else ""


def nameless(document: D, report: Report) -> D:
    """The document with initials for everyone: no titles, no addresses, no names of files. `report` is of the same judgement,
    and still has all names."""
    hidden = _Hidden(Initials(report), report, private(report))
    match document:
        case MeetingsOut():
            return document.model_copy(
                update={
                    "meetings": [hidden.meeting(one) for one in document.meetings],
                    "problems": [_problem(one) for one in document.problems],
                }
            )
        case PeopleOut():
            kept = {
                tie.person.id: own for tie, own in zip(report.relationships, hidden.told.relationships, strict=True)
            }
            return document.model_copy(update={"people": [kept[tie.person.id] for tie in document.people]})
        case SuggestionsOut():
            return document.model_copy(
                update={
                    "suggestions": [hidden.suggestion(one) for one in document.suggestions],
                    "refused": [without_addresses(why) for why in document.refused],
                }
            )
        case WeekOut():
            said, compared = hidden.initials.said, document.compared
            return document.model_copy(
                update={
                    "owner": OwnerOut(name=hidden.told.owner.name, addresses=[], zone=document.owner.zone),
                    "held": said(document.held),
                    "compared": compared.model_copy(update={"changes": said(compared.changes)}),
                    "suggestion": document.suggestion and hidden.suggestion(document.suggestion),
                }
            )


def nameless_diagnosis(found: Diagnosis) -> Diagnosis:
    """The diagnosis with initials for everyone: no addresses, no names of files, and of problems only what kind they are."""
    initials, owner = Initials(), found.owner
    said = tuple(initials.said(found.reasons))
    calendars = tuple(
        replace(
            one,
            source=f"calendar {number}",
            name=f"calendar {number}",
            producer="",
            problems=tuple(Problem(each.code, only_code(each.code), count=each.count) for each in one.problems),
        )
        for number, one in enumerate(found.calendars, start=1)
    )
    return replace(
        found,
        calendars=calendars,
        owner=owner and Owner((), initials.of(owner.name or next(iter(owner.addresses), "")), owner.how),
        owner_trouble=said[0].text if found.owner_trouble else "",
        advice=tuple(one.text for one in said),
        reasons=said,
    )


@dataclass(frozen=True, slots=True)
class _Hidden:
    """How those of a report are told: `told` is the report itself without names."""

    initials: Initials
    report: Report
    told: Report

    def person(self, person: PersonOut) -> PersonOut:
        ties = enumerate(self.report.relationships, start=1)
        number = next((f"person-{place}" for place, tie in ties if tie.person.id == person.id), "")
        return PersonOut(id=number, name=self.initials.of(person.name or person.address or person.id), address="")

    def meeting(self, one: MeetingOut) -> MeetingOut:
        names: Iterable[str] = (who.name or who.address for who in one.counterparts)
        sources = [source.name for source in self.report.sources]
        return one.model_copy(
            update={
                "source": f"calendar {sources.index(one.source) + 1}" if one.source in sources else "calendar",
                "uid": digest(one.uid),
                "title": "",
                "reason": one.reason if f"label_{one.reason}" in CATALOGUE else "other",
                "counterparts": [CounterpartOut(name=self.initials.of(name), address="") for name in names],
            }
        )

    def suggestion(self, one: SuggestionOut) -> SuggestionOut:
        (why,) = self.initials.said([one.why])
        return one.model_copy(update={"person": self.person(one.person), "why": why})


def _problem(one: ProblemOut) -> ProblemOut:
    return ProblemOut(code=one.code, text=only_code(one.code), count=one.count)
