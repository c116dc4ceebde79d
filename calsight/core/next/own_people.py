"""The people whom the owner wants to keep up with, each at an interval of their own: when last, when next, and who is due.

The owner says whom and how often (`calsight keep`); nothing here goes into the verdict, the ties or the index.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from calsight.core.judging.corrections import Correction, KeepUp
from calsight.core.model.meetings import Person
from calsight.core.model.report import OwnPerson, PersonOut, Reason
from calsight.core.people.identities import BY_NAME, named_identity
from calsight.core.people.names import called, spoken_name
from calsight.core.relationships.account import Account
from calsight.core.relationships.tie import Tie
from calsight.core.time.days import day_of, last_day_before
from calsight.core.wording.reasons import reason


def own_people(corrections: Iterable[Correction], account: Account) -> list[OwnPerson]:
    """Those whom the owner keeps up with: who is due first, the longest overdue before the rest; then by the day they fall due.

    Who has a next one booked is not due. `due` is the day on which the interval since the last one ends; None for somebody
    whom the calendar shows no one-to-one with, who is due at once.
    """
    wanted = [said for said in corrections if isinstance(said, KeepUp)]
    if not wanted:
        return []
    ties = {tie.person.id: tie for tie in account.ties}
    known = {person.id: person for meeting in account.meetings for person in meeting.counterparts}
    found: dict[str, OwnPerson] = {}
    for said in wanted:
        identity = account.directory.identity(named_identity(said.address))
        tie = ties.get(identity)
        nobody = Person(identity, address=identity if "@" in identity else "")
        found[identity] = _own(tie.person if tie else known.get(identity, nobody), tie, said.weeks, account)
    return sorted(found.values(), key=lambda own: (not own.is_due, own.due or date.min, own.person.id))


def reminders(own: Sequence[OwnPerson]) -> list[Reason]:
    """What to say of those who are due."""
    return [each.reason for each in own if each.is_due]


def _own(person: Person, tie: Tie | None, weeks: int, account: Account) -> OwnPerson:
    frame = account.frame
    today = last_day_before(frame.now, frame.zone)
    last = tie.interactions[-1].meeting.start if tie and tie.interactions else None
    days = (today - tie.days[-1]).days if tie and tie.days else None
    due = tie.days[-1] + timedelta(weeks=weeks) if tie and tie.days else None
    coming = tie.next if tie else None
    name = called(person)
    if coming is not None:
        said = reason("keep_booked", name=name, next=day_of(coming, frame.zone))
    elif due is None:
        said = reason("keep_never", name=name, weeks=weeks)
    elif due <= today:
        said = reason("keep_due", name=name, weeks=weeks, days=days)
    else:
        said = reason("keep_fine", name=name, weeks=weeks, days=days, due=due)
    return OwnPerson(
        person=PersonOut(
            id=person.id, name=spoken_name(person.name) or person.id.removeprefix(BY_NAME), address=person.address
        ),
        every_weeks=weeks,
        last=last,
        days=days,
        due=due,
        is_due=coming is None and (due is None or due <= today),
        next=coming,
        reason=said,
    )
