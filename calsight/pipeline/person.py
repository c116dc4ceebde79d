"""One person of a judged calendar, with everything behind what is said of them."""

from __future__ import annotations

from dataclasses import dataclass

from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Meeting, Person
from calsight.core.relationships.tie import Tie
from calsight.errors import UsageError
from calsight.pipeline.judge import Judgement


@dataclass(frozen=True, slots=True)
class ExplainedPerson:
    """One person with everything behind the result. `tie` is None where no one-to-one was held; `others` are their other
    entries in the window, which did not count."""

    person: Person
    tie: Tie | None
    others: tuple[Meeting, ...]
    frame: Frame


def explained_person(judgement: Judgement, who: str) -> ExplainedPerson:
    """Everything about the person of that address or name. Raises `UsageError` where the calendar knows nobody of it."""
    ties = {tie.person.id: tie for tie in judgement.account.ties}
    inside = judgement.listed
    persons = {p.id: p for m in inside for p in m.counterparts} | {key: tie.person for key, tie in ties.items()}
    identity = judgement.directory.identity(who)
    named = [key for key, person in persons.items() if person.name.casefold() == who.strip().casefold()]
    if identity not in persons:
        if len(named) != 1:
            several = f"{len(named)} people are called {who!r}: name an address." if named else ""
            raise UsageError(several or f"This calendar knows nobody as {who!r}. See: calsight people")
        identity = named[0]
    tie = ties.get(identity)
    counted = {id(i.meeting) for i in tie.interactions} if tie else set()
    others = [m for m in inside if id(m) not in counted and any(p.id == identity for p in m.counterparts)]
    return ExplainedPerson(persons[identity], tie, tuple(others), judgement.frame)
