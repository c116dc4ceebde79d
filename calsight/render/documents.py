"""What programs are told of a judged calendar, as values with a stable JSON (`calsight.core.model.answers`).

The web API, the MCP server and `--json` of the command line say the same. Reasons are in English; `said_in` says them again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from calsight.core.judging.explain import Explanation
from calsight.core.model.answers import (
    EntryOut,
    ExplanationOut,
    MeetingOut,
    MeetingsOut,
    PeopleOut,
    RuleOut,
    SuggestionOut,
    SuggestionsOut,
    WeekOut,
)
from calsight.core.model.meetings import Kind, Meeting, Person
from calsight.core.model.report import PersonOut
from calsight.core.next.suggest import Suggestion
from calsight.core.time.days import day_of
from calsight.errors import UsageError
from calsight.pipeline import Judgement, explained
from calsight.pipeline.person import explained_person
from calsight.pipeline.report import problems_out
from calsight.pipeline.suggestions import LastWeek, Suggested
from calsight.render.meeting_lines import meeting_line


def meetings_out(
    judgement: Judgement, *, kinds: Collection[Kind] = (), first: int = 0, most: int | None = None
) -> MeetingsOut:
    """The occurrences of the window and the 28 days beyond, of some `kinds` or all; `most` of them from number `first` on."""
    chosen = [meeting for meeting in judgement.listed if not kinds or meeting.kind in kinds]
    shown = chosen[first:] if most is None else chosen[first : first + most]
    return MeetingsOut(meetings=_meetings(shown), total=len(chosen), problems=problems_out(judgement))


def people_out(judgement: Judgement, *, first: int = 0, most: int | None = None) -> PeopleOut:
    """The people whom the owner meets one-to-one, most in need first; `most` of them from number `first` on."""
    found = judgement.account.relationships
    return PeopleOut(people=found[first:] if most is None else found[first : first + most], total=len(found))


def suggestions_out(answer: Suggested) -> SuggestionsOut:
    """Whom to meet, and when."""
    return SuggestionsOut(suggestions=[_suggestion(one) for one in answer.found], refused=list(answer.refused))


def week_out(week: LastWeek) -> WeekOut:
    """The last full week."""
    return WeekOut(
        as_of=week.report.as_of,
        owner=week.report.owner,
        level=week.report.flag.level,
        held=list(week.held),
        compared=week.compared,
        suggestion=None if week.suggestion is None else _suggestion(week.suggestion),
    )


def entry_out(judgement: Judgement, uid: str) -> ExplanationOut:
    """Why each occurrence of an entry is what it is. Raises `UsageError` where there is no such entry."""
    found = explained(judgement, uid)
    if not found:
        raise UsageError(f"No entry {uid} in these weeks.")
    alike: dict[str, EntryOut] = {}
    for each in found:
        entry = _entry(each, judgement.frame.zone)
        key = entry.model_copy(update={"days": []}).model_dump_json()
        alike[key] = entry.model_copy(update={"days": [*(alike[key].days if key in alike else []), *entry.days]})
    return ExplanationOut(entries=list(alike.values()))


def person_out(judgement: Judgement, who: str) -> ExplanationOut:
    """Why a person stands where they do. Raises `UsageError` where the calendar knows nobody of that address or name."""
    from calsight.core.relationships.tie import relationship_of

    known = explained_person(judgement, who)
    met = [interaction.meeting for interaction in known.tie.interactions] if known.tie else []
    return ExplanationOut(
        person=relationship_of(known.tie, known.frame) if known.tie else _person(known.person),
        counted=_meetings(met),
        not_counted=_meetings(known.others),
    )


def _meetings(meetings: Iterable[Meeting]) -> list[MeetingOut]:
    return [MeetingOut.model_validate(meeting_line(meeting)) for meeting in meetings]


def _person(person: Person) -> PersonOut:
    return PersonOut(id=person.id, name=person.name, address=person.address)


def _suggestion(one: Suggestion) -> SuggestionOut:
    start, end = one.slot or (None, None)
    return SuggestionOut(
        person=_person(one.person), why=one.why, minutes=one.minutes, start=start, end=end, checked=one.checked
    )


def _entry(one: Explanation, zone: str) -> EntryOut:
    return EntryOut(
        title=one.event.title,
        kind=one.kind,
        reason=one.reason,
        days=[day_of(one.event.start, zone).isoformat()],
        because=[*one.copies, *one.people],
        rules=[RuleOut(number=step.number, question=step.question, answer=step.answer) for step in one.steps],
        doubts=list(one.doubts),
    )
