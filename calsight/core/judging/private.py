"""Work or private: people at public mail providers (docs/meaning.md, the doubt `personal`).

Coaches, recruiters, teachers and small firms meet people at public providers all day: that is work, and it counts. A weekly
lunch with a spouse is not. What tells them apart is when, and who else:

- outside the owner's working hours it is private;
- one or two such people whom the owner meets again and again, while colleagues are met otherwise, are private; it could be
  work;
- all others are work; each could be private.

Where the owner has no work domain, nobody's provider says anything. A role that the owner gave somebody settles it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date

from calsight.core.model.events import CalendarEvent
from calsight.core.model.meetings import WITH_PEOPLE, Doubt, DoubtCode, Kind, Meeting, Person, Scope
from calsight.core.people.addresses import domain_of, is_public_provider
from calsight.core.people.directory import Directory
from calsight.core.time.days import monday_of

_FEW = 2  # people
_AGAIN = 3  # weeks


def scoped(
    meetings: Sequence[Meeting], directory: Directory, works: Callable[[CalendarEvent], bool], zone: str
) -> list[Meeting]:
    """The meetings, with the scope and the doubt of one-to-ones with people at public providers.

    `works` says whether an entry begins in the owner's working hours, `zone` is the owner's.
    """
    places = [place for place, meeting in enumerate(meetings) if _open(meeting, directory)]
    if not places:
        return list(meetings)
    read = list(meetings)
    in_hours = [place for place in places if works(meetings[place].event)]
    private = (
        _met_again_and_again([meetings[place] for place in in_hours], zone) if _has_colleagues(meetings) else set()
    )
    for place in in_hours:
        meeting = meetings[place]
        person = meeting.counterparts[0]
        if person.id in directory.colleagues:
            read[place] = replace(meeting, scope=Scope.OTHER)
        elif person.id in private:
            read[place] = _doubtful(meeting, Doubt(DoubtCode.PERSONAL, "one_to_one", person.id, person))
        else:
            read[place] = _doubtful(
                replace(meeting, scope=Scope.OTHER), Doubt(DoubtCode.PERSONAL, "none", person.id, person)
            )
    return read


def _open(meeting: Meeting, directory: Directory) -> bool:
    """Whether only the provider of the other's address says that a one-to-one is private."""
    if meeting.kind is not Kind.ONE_TO_ONE or meeting.scope is not Scope.PERSONAL or len(meeting.counterparts) != 1:
        return False
    person = meeting.counterparts[0]
    return is_public_provider(domain_of(person.address)) and not directory.is_personal(person)


def _has_colleagues(meetings: Sequence[Meeting]) -> bool:
    """Whether the owner meets people with a work address."""
    return any(
        meeting.kind in WITH_PEOPLE and any(_at_work(person) for person in meeting.counterparts) for meeting in meetings
    )


def _at_work(person: Person) -> bool:
    domain = domain_of(person.address)
    return bool(domain) and not is_public_provider(domain)


def _met_again_and_again(meetings: Iterable[Meeting], zone: str) -> set[str]:
    """The one or two people whom the owner meets again and again, where there are no more than these."""
    weeks: dict[str, set[date]] = defaultdict(set)
    for meeting in meetings:
        weeks[meeting.counterparts[0].id].add(monday_of(meeting.start, zone))
    return {one for one, mondays in weeks.items() if len(mondays) >= _AGAIN} if len(weeks) <= _FEW else set()


def _doubtful(meeting: Meeting, doubt: Doubt) -> Meeting:
    return replace(meeting, doubts=(*meeting.doubts, doubt))
