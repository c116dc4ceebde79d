"""`calsight people`: relationships, most in need first; and one of them with everything behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from calsight.cli.common import Request, reads_sources, write_lines
from calsight.errors import UsageError

if TYPE_CHECKING:
    from calsight.pipeline import Judgement
    from calsight.render.terminal.people import Explained


@click.command("people")
@reads_sources
@click.option("--explain", metavar="ADDRESS", help="This person's meetings, gaps, each term and the result.")
@click.option("--json-lines", is_flag=True, help="One JSON object a line.")
def command(request: Request, explain: str | None, json_lines: bool) -> None:
    """List the people whom you meet one-to-one, most in need first."""

    if explain is not None and json_lines:
        raise UsageError(
            "--explain is text for people. Leave it or --json-lines out; the lines have each reason's numbers too."
        )
    judgement = request.judge()
    if explain is not None:
        from calsight.render.terminal.people import ExplainedView
        from calsight.render.terminal.screen import console

        console().print(ExplainedView(_explained(judgement, explain), request.words(judgement.reading.zone)))
        return
    found = judgement.account.relationships
    if json_lines:
        from calsight.render.languages import said_in

        language = request.language or "en"  # the system's is for people, not for programs
        write_lines(said_in(relationship, language).model_dump_json() for relationship in found)
        return
    from calsight.render.terminal.people import PeopleView
    from calsight.render.terminal.screen import console

    console().print(PeopleView(found, request.words(judgement.reading.zone)))


def _explained(judgement: Judgement, who: str) -> Explained:
    """Everything about the person of that address or name. Raises `UsageError` where the calendar knows nobody of it."""
    from calsight.render.terminal.people import Explained

    reading = judgement.reading
    ties = {tie.person.id: tie for tie in judgement.account.ties}
    inside = [m for m in judgement.meetings if m.start in reading.horizon]
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
    return Explained(persons[identity], tie, tuple(others), judgement.frame)
