"""What `calsight doctor` found, in a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from calsight.core.wording.words import Words
from calsight.pipeline.diagnosis import CalendarDiagnosis, Diagnosis
from calsight.render.terminal.screen import Look

_MOST_PROBLEMS = 50
_MOST_ZONES = 4


class DiagnosisView:
    """A diagnosis that rich can print: the verdict, each calendar, the owner, and what to do."""

    def __init__(self, diagnosis: Diagnosis, words: Words) -> None:
        self.diagnosis = diagnosis
        self.words = words

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look, words, found = Look.of(options), self.words, self.diagnosis
        yield look.text(
            words("doctor_good" if found.judgeable else "doctor_bad"),
            "bold green" if found.judgeable else "bold yellow",
        )
        for calendar in found.calendars:
            yield Text()
            yield look.text(calendar.name or calendar.source, "bold")
            yield _pairs(_calendar(calendar, words), look)
        yield Text()
        yield look.text(words("doctor_owner_title"), "bold")
        yield _pairs(_owner(found, words), look)
        if found.reasons:
            yield Text()
            yield look.text(words("doctor_advice_title"), "bold")
            yield _pairs((("•", advice) for advice in words.all_said(found.reasons)), look)


def _calendar(calendar: CalendarDiagnosis, words: Words) -> Iterator[tuple[str, str]]:
    yield words("doctor_producer"), calendar.producer or words("doctor_producer_none")
    if calendar.first and calendar.last:
        first, last = (words.day(day, "number") for day in (calendar.first, calendar.last))
        yield words("doctor_entries"), words("doctor_entries_span", count=calendar.occurrences, first=first, last=last)
        yield words("doctor_recurring"), words("doctor_recurring_of", count=calendar.recurring)
        share = calendar.with_people / calendar.occurrences
        yield words("doctor_named"), words("doctor_named_of", count=calendar.with_people, share=share)
        if calendar.hidden:
            yield words("doctor_hidden"), words.number(calendar.hidden, ",")
        zones = (f"{zone} ({words.number(count, ',')})" for zone, count in calendar.zones[:_MOST_ZONES])
        yield words("doctor_zones"), ", ".join(zones)
    else:
        yield words("doctor_entries"), words("doctor_entries_none")
    if calendar.last_sign:
        yield words("doctor_last_sign"), words.day(calendar.last_sign, "number")
    if calendar.problems:
        yield words("doctor_aside"), words.number(sum(problem.count for problem in calendar.problems), ",")
        for problem in calendar.problems[:_MOST_PROBLEMS]:
            named = not problem.uid or problem.uid in problem.text
            yield "", problem.text if named else words("doctor_problem", text=problem.text, uid=problem.uid)
        if len(calendar.problems) > _MOST_PROBLEMS:
            yield "", words("doctor_problems_more", count=len(calendar.problems) - _MOST_PROBLEMS)


def _owner(diagnosis: Diagnosis, words: Words) -> Iterator[tuple[str, str]]:
    owner = diagnosis.owner
    if owner is None:
        yield words("doctor_owner"), words("doctor_owner_none")
    else:
        who = ", ".join(owner.addresses) or words("doctor_nobody")
        yield words("doctor_owner"), words("doctor_owner_is", who=who, how=words.label(owner.how, "owner"))
    yield words("doctor_zone"), diagnosis.zone


def _pairs(pairs: Iterable[tuple[str, str]], look: Look) -> RenderableType:
    rows = Table.grid(padding=(0, 2, 0, 0))
    for name, value in pairs:
        rows.add_row(look.text(name, "dim"), look.text(value))
    return rows
