"""`calsight people`: relationships, most in need first; and one of them with everything behind it."""

from __future__ import annotations

import click

from calsight.cli.common import Request, reads_sources, write_lines
from calsight.errors import UsageError


@click.command("people", short_help="List whom you meet one-to-one, most in need first.")
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
        from calsight.pipeline.person import explained_person
        from calsight.render.terminal.people import ExplainedPersonView
        from calsight.render.terminal.screen import console

        console().print(
            ExplainedPersonView(explained_person(judgement, explain), request.words(judgement.reading.zone))
        )
        return
    found = judgement.account.relationships
    if json_lines:
        from calsight.render.languages import said_in

        language = request.language or "en"  # the system's is for people, not for programs
        write_lines(said_in(relationship, language).model_dump_json() for relationship in found)
        return
    from calsight.core.next.own_people import own_people
    from calsight.render.terminal.people import PeopleView
    from calsight.render.terminal.screen import console

    own = own_people(judgement.reading.corrections, judgement.account)
    console().print(PeopleView(found, request.words(judgement.reading.zone), own))
