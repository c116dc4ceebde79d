"""What the app's lists show, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from calsight.core.judging.corrections import (
    Away,
    Correction,
    KeepUp,
    Met,
    OnePerson,
    There,
    ThisMeeting,
    ThisPerson,
)
from calsight.core.model.meetings import Kind, Meeting
from calsight.core.people.names import called
from calsight.core.time.days import day_of
from calsight.core.wording.words import Words
from calsight.errors import CalsightError
from calsight.pipeline import Judgement
from calsight.pipeline.suggestions import Suggested
from calsight.protocols import Progress
from calsight.render.safe import tidy
from calsight.render.telling import first_upper
from calsight.serve.book import Book
from calsight.settings.corrections_file import described
from calsight.settings.file import Settings
from calsight.settings.folders import state_dir

_PAGE = 100
_NAMED = 3
#: Kinds of which one may say that they were, or were not, a one-to-one.
_CORRECTABLE = (Kind.ONE_TO_ONE, Kind.GROUP, Kind.CONFERENCE_CALL, Kind.SOLO, Kind.UNKNOWN, Kind.EXCLUDED)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of meetings, the newest first; `before` and `after` are where the pages beside it begin, None without one.
    `doubted`: some of them may be something else too."""

    rows: list[dict[str, Any]]
    doubted: bool
    total: int
    before: int | None
    after: int | None
    kinds: list[str]
    chosen: str


def meetings(judgement: Judgement, words: Words, *, kind: str, first: int) -> Page:
    """The meetings of the window, of one kind or all ("")."""
    inside = [m for m in judgement.meetings if m.start in judgement.frame.window and kind in ("", m.kind)]
    inside.reverse()
    shown = inside[first : first + _PAGE]
    return Page(
        rows=[_row(meeting, words) for meeting in shown],
        doubted=any(meeting.doubts for meeting in shown),
        total=len(inside),
        before=max(0, first - _PAGE) if first else None,
        after=first + _PAGE if first + _PAGE < len(inside) else None,
        kinds=[str(one) for one in Kind],
        chosen=kind if kind in [str(one) for one in Kind] else "",
    )


def _row(meeting: Meeting, words: Words) -> dict[str, Any]:
    event = meeting.event
    time = words("all_day") if event.all_day else f"{words.local(meeting.start):%H:%M}"
    names = [tidy(called(person)) for person in meeting.counterparts]
    more = len(names) - _NAMED
    said = ", ".join(names[:_NAMED])
    return {
        "day": f"{words.day(meeting.start, 'full')} · {time}",
        "title": tidy(event.title) or words("no_title"),
        "people": words("names_more", names=said, count=more) if more > 0 else said,
        "kind": first_upper(words.label(meeting.kind, "kind")) + (" ?" if meeting.doubts else ""),
        "reason": words.label(meeting.reason),
        "uid": event.uid,
        "on": day_of(meeting.start, words.zone).isoformat(),
        "is_one": meeting.kind is Kind.ONE_TO_ONE,
        "can": meeting.kind in _CORRECTABLE and bool(event.uid) and not event.uid.startswith("calsight-"),
    }


def suggestions(found: Suggested, words: Words) -> list[dict[str, str]]:
    """Whom to meet, and when."""
    return [
        {"name": tidy(called(one.person)), "when": _when(one.slot, words), "why": tidy(words.said(one.why))}
        for one in found.found
    ]


def _when(slot: Any, words: Words) -> str:
    if slot is None:
        return words("slot_none")
    start, end = (words.local(moment) for moment in slot)
    return f"{words.day(start, 'full')}, {start:%H:%M}-{end:%H:%M}"


def told(book: Book, words: Words, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """What the owner said, each with what takes it back. `titles` are those of the open calendar's entries, by UID."""
    answers = book.read().answers
    given = {field.name: getattr(answers, field.name) for field in fields(answers)}
    kept = [
        {
            "text": f"{words(f'app_answer_{key}')}: {words(word)}",
            "field": "answer",
            "value": key,
        }
        for key, word in given.items()
        if word in ("yes", "no")
    ]
    return kept + [
        {"text": _said(one, words, titles), "field": "number", "value": number}
        for number, one in enumerate(book.corrections(), start=1)
    ]


def _said(one: Correction, words: Words, titles: Mapping[str, str]) -> str:
    """A correction in a sentence; of an entry by its title and day, where it has both."""
    match one:
        case ThisMeeting(day=date()) if entry := one.title or titles.get(one.uid, ""):
            code = "told_one_to_one" if one.one_to_one else "told_not_one_to_one"
            return words(f"{code}_with" if one.who else code, entry=tidy(entry), day=one.day, who=one.who)
        case ThisPerson(word="me"):
            return words("told_me", who=one.address)
        case ThisPerson():
            return words("told_person", who=one.address, word=one.word)
        case OnePerson():
            return words("told_one_person", who=one.address, other=one.other)
        case There() | Away():
            code = "told_there" if isinstance(one, There) else "told_away"
            return words(code, first=one.first, last=one.last)
        case Met():
            return words("told_met", who=one.address, day=one.day)
        case KeepUp():
            return words("told_keep", who=one.address, weeks=one.weeks)
        case _:
            return described([one])[0]


def so_far(progress: Progress | None, words: Words) -> str:
    """How far a reading has come; "" before it has."""
    if progress is None:
        return ""
    return words("app_so_far", calendar=tidy(progress.calendar), count=progress.done)


def accounts(settings: Settings) -> list[dict[str, str]]:
    """The connectors that read an account: their names, and what each says of its sign-in."""
    from calsight.protocols import ConnectorContext, SignsIn
    from calsight.reading.plugins import connectors, make_connector

    found = []
    for entry in connectors():
        context = ConnectorContext(settings=settings.connectors.get(entry.name, {}), state_dir=state_dir())
        try:
            made = make_connector(entry.name, context)
            state = made.status() if isinstance(made, SignsIn) else ""
        except CalsightError as error:
            state = str(error)
        if state:
            found.append({"name": entry.name, "state": state})
    return found
