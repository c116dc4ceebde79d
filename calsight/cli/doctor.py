"""`calsight doctor`: can this calendar be judged?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from calsight.cli.common import Request, reads_sources, write_json

if TYPE_CHECKING:
    from rich.console import RenderableType

    from calsight.pipeline.diagnosis import CalendarDiagnosis, Diagnosis
    from calsight.render.terminal.report import Look

_OWNER_FOUND = {
    "given": "as you said",
    "source": "as the calendar says",
    "detected": "found by the invitations",
    "nobody_listed": "nobody is listed, so it does not matter",
}
_MOST_PROBLEMS = 50


@click.command("doctor", short_help="Check whether a calendar can be judged.")
@reads_sources
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
def command(request: Request, as_json: bool) -> None:
    """Check whether a calendar can be judged, and say what would help."""
    from calsight.pipeline.diagnosis import Diagnosis, diagnose

    diagnosis = diagnose(request.read())
    if as_json:
        from pydantic import TypeAdapter

        write_json(TypeAdapter(Diagnosis).dump_json(diagnosis, indent=2).decode())
        return
    from calsight.render.terminal.report import Look, console

    screen = console()
    for part in _view(diagnosis, Look.of(screen.options)):
        screen.print(part)


def _view(diagnosis: Diagnosis, look: Look) -> Iterator[RenderableType]:
    good = diagnosis.judgeable
    verdict = "This can be judged." if good else "This cannot be judged as it is."
    yield look.text(verdict, "bold green" if good else "bold yellow")
    for calendar in diagnosis.calendars:
        yield ""
        yield look.text(calendar.name or calendar.source, "bold")
        yield _pairs(_calendar(calendar), look)
    yield ""
    yield look.text("Owner and zone", "bold")
    yield _pairs(_owner(diagnosis), look)
    if diagnosis.advice:
        yield ""
        yield look.text("What to do", "bold")
        yield _pairs([("•", advice) for advice in diagnosis.advice], look)


def _calendar(calendar: CalendarDiagnosis) -> Iterator[tuple[str, str]]:
    yield "written by", calendar.producer or "it does not say"
    if calendar.first and calendar.last:
        yield "entries", f"{calendar.occurrences:,} from {calendar.first:%Y-%m-%d} to {calendar.last:%Y-%m-%d}"
        yield "recurring", f"{calendar.recurring:,} of them"
        yield "naming people", f"{calendar.with_people:,} ({calendar.with_people / calendar.occurrences:.0%})"
        if calendar.hidden:
            yield "hiding people", f"{calendar.hidden:,}"
        yield "zones", ", ".join(f"{zone} ({count:,})" for zone, count in calendar.zones[:4])
    else:
        yield "entries", "none in the window"
    if calendar.last_sign:
        yield "last sign of life", f"{calendar.last_sign:%Y-%m-%d}"
    if calendar.problems:
        lost = sum(problem.count for problem in calendar.problems)
        yield "set aside", f"{lost:,}"
        for problem in calendar.problems[:_MOST_PROBLEMS]:
            yield (
                "",
                f"{problem.text}{f' (UID {problem.uid})' if problem.uid and problem.uid not in problem.text else ''}",
            )
        if len(calendar.problems) > _MOST_PROBLEMS:
            yield "", f"and {len(calendar.problems) - _MOST_PROBLEMS} more: --json lists them all"


def _owner(diagnosis: Diagnosis) -> Iterator[tuple[str, str]]:
    owner = diagnosis.owner
    if owner is None:
        yield "owner", "not found"
    else:
        who = ", ".join(owner.addresses) or "nobody"
        yield "owner", f"{who} ({_OWNER_FOUND.get(owner.how, owner.how)})"
    yield "zone", diagnosis.zone


def _pairs(pairs: Iterator[tuple[str, str]] | list[tuple[str, str]], look: Look) -> RenderableType:
    from rich.table import Table

    rows = Table.grid(padding=(0, 2, 0, 0))
    for name, value in pairs:
        rows.add_row(look.text(name, "dim"), look.text(value))
    return rows
