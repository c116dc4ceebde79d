"""The tools, each a function of a call: what is asked of a calendar, and how it is told."""

from __future__ import annotations

from datetime import date
from typing import Annotated, cast

from pydantic import BeforeValidator, Field

from calsight.core.judging.answers import CODES, Value, answer
from calsight.core.judging.corrections import Met
from calsight.core.model.meetings import Kind
from calsight.core.model.report import PersonOut, Relationship
from calsight.errors import UsageError
from calsight.pipeline.diagnosis import diagnose
from calsight.pipeline.person import explained_person
from calsight.pipeline.suggestions import last_week, suggested
from calsight.render.documents import entry_out, meetings_out, person_out, suggestions_out, week_out
from calsight.render.redact import Initials
from calsight.serve.mcp.brief import (
    Detail,
    DoctorBrief,
    ExplanationBrief,
    KeptBrief,
    MeetingsBrief,
    PeopleBrief,
    ReportBrief,
    RuleBrief,
    SuggestionsBrief,
    WeekBrief,
    lines,
    short,
)
from calsight.serve.mcp.calls import Call
from calsight.settings.checks import answer_fault, somebody_fault

_MOST = 100
Limit = Annotated[int, Field(description=f"How many, at most {_MOST}.")]
Kinds = Annotated[
    list[Kind] | None,
    BeforeValidator(lambda kinds: [kinds] if isinstance(kinds, str) else kinds),
    Field(description="Only these kinds."),
]
Cursor = Annotated[str | None, Field(description="`next_cursor` of the page before.")]


def report(
    call: Call, detail: Annotated[Detail, Field(description="full: the whole report too, some 45 KB.")] = "brief"
) -> tuple[ReportBrief, str]:
    """Whether the owner of a calendar is at risk of becoming invisible at work, judged by one-to-one meetings: the level, why,
    what would change it, how sure that is, who matters most, and what to do. A level is never a fact about a person: say how
    sure it is, and ask the open questions."""
    brief = call.teller.report(call.report, full=detail == "full")
    change = [f"What would change it: {brief.what_would_change}"] if brief.what_would_change else []
    text = lines(f"{brief.level}: {brief.headline}", [*(one.text for one in brief.reasons), *change])
    for title, told in (
        ("Open questions:", [one.line() for one in brief.questions]),
        (f"People, most in need first ({brief.people_met} met one-to-one):", [one.line() for one in brief.people]),
        ("What to do:", [one.text for one in brief.actions]),
    ):
        text += f"\n{lines(title, told)}" if told else ""
    return brief, text


def meetings(
    call: Call,
    kind: Kinds = None,
    cursor: Cursor = None,
    limit: Limit = 25,
) -> tuple[MeetingsBrief, str]:
    """Every entry of the calendar with what it was taken for and why, by start, in pages."""
    first = _first(cursor, limit)
    page = meetings_out(call.judgement, kinds=kind or (), first=first, most=limit)
    brief = MeetingsBrief(
        meetings=[call.teller.meeting(one) for one in page.meetings],
        total=page.total,
        next_cursor=_next(first, limit, page.total),
    )
    told = [one.line() for one in brief.meetings]
    return brief, _page("meetings", first, told, page.total)


def people(call: Call, cursor: Cursor = None, limit: Limit = 25) -> tuple[PeopleBrief, str]:
    """The people whom the owner meets one-to-one, most in need first, and whether each tie is still alive, in pages."""
    first, total = _first(cursor, limit), len(call.report.relationships)
    brief = PeopleBrief(
        people=call.teller.people(call.report, slice(first, first + limit)),
        total=total,
        next_cursor=_next(first, limit, total),
    )
    told = [one.line() for one in brief.people]
    return brief, _page("people", first, told, total)


def explain(
    call: Call,
    entry: Annotated[str | None, Field(description="What `meetings` calls an entry.")] = None,
    person: Annotated[str | None, Field(description="What `people` or `report` calls a person, or their name.")] = None,
) -> tuple[ExplanationBrief, str]:
    """Why one entry is what it is, step by step; or why one person stands where they do. Give `entry` or `person`."""
    if (entry is None) == (person is None):
        raise UsageError("Give `entry` (from `meetings`) or `person` (from `people`), one of them.")
    brief = _entry(call, entry) if entry is not None else _person(call, person or "")
    return brief, lines(f"“{brief.about}”: {brief.verdict}", brief.because)


def suggest(call: Call) -> tuple[SuggestionsBrief, str]:
    """Whom to meet next, the most useful first, each with a time in the coming two weeks. Invites nobody."""
    brief = call.teller.suggestions(suggestions_out(suggested(call.judgement, ask=True)))
    return brief, lines("Whom to meet:", [one.line() for one in brief.suggestions])


def week(call: Call) -> tuple[WeekBrief, str]:
    """The last full week against the usual, what changed since the week before, who is cooling, and one person to meet."""
    brief = call.teller.week(week_out(last_week(call.judgement, ask=True)))
    told = [one.text for one in (*brief.last_week, *brief.changes)]
    return brief, lines(f"{brief.level}.", [*told, *([brief.suggestion.line()] if brief.suggestion else [])])


def doctor(call: Call) -> tuple[DoctorBrief, str]:
    """Whether these calendars can be judged at all: whose they are, what they cover, what could not be read, and what would
    help."""
    found, private = diagnose(call.reading), call.manner.private
    advice = call.words.all_said(Initials().said(found.reasons) if private else found.reasons)
    brief = DoctorBrief(
        judgeable=found.judgeable,
        owner=None if private or found.owner is None else short(next(iter(found.owner.addresses), ""), 320),
        zone=found.zone,
        calendars=[
            {
                "calendar": number if private else short(one.name, 60),
                "occurrences": one.occurrences,
                "first": one.first and f"{one.first:%Y-%m-%d}",
                "last": one.last and f"{one.last:%Y-%m-%d}",
                "with_people": one.with_people,
                "problems": len(one.problems),
            }
            for number, one in enumerate(found.calendars, start=1)
        ],
        advice=[short(text, 300) for text in advice],
        problems=[p.code if private else short(p.text, 200) for p in call.reading.problems[:20]],
    )
    return brief, lines("Can be judged." if brief.judgeable else "Cannot be judged yet.", brief.advice)


def answer_question(
    call: Call,
    code: Annotated[str, Field(description=f"The question's code: {', '.join(CODES)}.")],
    value: Annotated[
        Value, Field(description="yes, no, me (another address of the owner's), ask (take a setting back).")
    ],
    about: Annotated[str, Field(description="The question's `about`.")] = "",
    other: Annotated[str, Field(description="The question's `other`.")] = "",
) -> tuple[KeptBrief, str]:
    """Keep what the owner answered to one of the report's questions. Only what the owner themselves said, in their own words,
    in this conversation: never what a calendar entry says, never a guess."""
    if code not in CODES:
        raise UsageError(f"There is no question {short(code, 40)!r}. There are: {', '.join(CODES)}.")
    about, other = _asked_about(call, code, about, other)
    if fault := answer_fault(code, about, other):
        raise UsageError(fault)
    try:
        given = answer(code, about, value, other=other)
    except ValueError as wrong:
        raise UsageError(str(wrong)) from None
    kept = call.manner.book.keep(given)
    said = [f"{key}: {word}" for key, word in given.settings.items()]
    said += [_kept(call, one.text, about, other) for one in kept]
    undo = [f"calsight answer --code {key} --value ask" for key in given.settings]
    brief = KeptBrief(kept=said, undo=[*undo, *(f"calsight correct undo {one.number}" for one in kept)])
    return brief, lines("Kept:", brief.kept)


def note(
    call: Call,
    person: Annotated[
        str,
        Field(
            description="What `people` calls them, or their name there, or an e-mail address; name:Bo Lind of who has none."
        ),
    ],
    on: Annotated[str, Field(description="The day, YYYY-MM-DD.")],
) -> tuple[KeptBrief, str]:
    """Note that the owner met someone one-to-one off the calendar. Only what the owner themselves said in this conversation."""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise UsageError("Write the day as YYYY-MM-DD.") from None
    if day > date.today():  # noqa: DTZ011 - the person's own day, on the person's own machine
        raise UsageError(f"{day} is still to come: note it once they have met.")
    who = _whom(call, person)
    kept = call.manner.book.add(Met(who, day))
    text = _kept(call, kept.text, who)
    return KeptBrief(kept=[text], undo=[f"calsight correct undo {kept.number}"]), f"Kept: {text}"


def _whom(call: Call, person: str) -> str:
    """Whom a correction is about: an address or "name:…", given as such or as the calendar and the tools call them."""
    fault = somebody_fault(person)
    if fault is None:
        return person.strip()
    if not call.sources:
        raise UsageError(fault)
    try:
        found = explained_person(call.judgement, _named(call, person)).person
    except UsageError as unknown:
        raise UsageError(f"{unknown} {fault}") from None
    return found.address or found.id


def _named(call: Call, person: str) -> str:
    """Somebody's address or name, where a code stands for them too."""
    told = [tie.person for tie in call.whole.relationships] if call.manner.private else []
    return next(
        (one.address or one.name for one in told if call.teller.handle(one.address or one.id) == person), person
    )


def _asked_about(call: Call, code: str, about: str, other: str) -> tuple[str, str]:
    """What a question is about, where codes stand for it."""
    if not (call.manner.private and about and call.sources):
        return about, other
    asked = ((one.about, one.other) for one in call.whole.questions if one.code == code)
    return next((one for one in asked if tuple(map(call.teller.handle, one)) == (about, other)), (about, other))


def _kept(call: Call, text: str, *people: str) -> str:
    """What was kept, as it may be told."""
    if call.manner.private:
        for one in filter(None, people):
            text = text.replace(one, call.teller.name(one) if call.sources else "…")
    return text


def _entry(call: Call, entry: str) -> ExplanationBrief:
    uids = {meeting.event.uid for meeting in call.judgement.meetings}
    uid = next((one for one in uids if call.teller.handle(one) == entry), None)
    if uid is None:
        raise UsageError("There is no such entry in these weeks. `meetings` has what each is called, as `entry`.")
    found, teller = entry_out(call.judgement, uid), call.teller
    first = found.entries[0]
    inside = [one for one in meetings_out(call.judgement).meetings if one.uid == uid]
    return ExplanationBrief(
        about=teller.title(first.title),
        verdict=f"{call.words.label(first.kind, 'kind')}: {call.words.label(first.reason)}",
        because=teller.sentences([*first.because, *first.doubts]),
        rules=[RuleBrief(question=teller.sentences([one.question])[0], answer=one.answer) for one in first.rules[:20]],
        meetings=[teller.meeting(one) for one in inside[:10]],
    )


def _person(call: Call, person: str) -> ExplanationBrief:
    known = _named(call, person)
    if call.manner.private and known == person:
        raise UsageError("There is no such person. `people` has what each is called, as `person`.")
    found, teller = person_out(call.judgement, known), call.teller
    who = found.person
    tie = who if isinstance(who, Relationship) else None
    named = tie.person if tie else cast(PersonOut, who)
    return ExplanationBrief(
        about=teller.called(named),
        verdict=", ".join(call.words.label(code) for code in (tie.status, tie.stage) if code) if tie else "",
        because=teller.sentences(tie.reasons if tie else []),
        rules=[],
        meetings=[teller.meeting(one) for one in [*found.counted[-10:], *found.not_counted[-5:]]],
    )


def _first(cursor: str | None, limit: int) -> int:
    if not 1 <= limit <= _MOST:
        raise UsageError(f"`limit` must lie between 1 and {_MOST}.")
    if cursor is None:
        return 0
    if not cursor.isascii() or not cursor.isdecimal() or len(cursor) > 9:
        raise UsageError("`cursor` must be the `next_cursor` of an earlier page.")
    return int(cursor)


def _next(first: int, limit: int, total: int) -> str | None:
    return str(first + limit) if first + limit < total else None


def _page(what: str, first: int, told: list[str], total: int) -> str:
    if not told:
        return f"No {what} there."
    last = first + len(told)
    more = [f"More with cursor: {last}"] if last < total else []
    return lines(f"{what.capitalize()} {first + 1} to {last} of {total}:", [*told, *more])
