"""`calsight suggest`: whom to meet, and when."""

from __future__ import annotations

from pathlib import Path

import click

from calsight.cli.common import Request, reads_sources, write_json
from calsight.cli.files import FORCE, check_target, write_file
from calsight.errors import UsageError


@click.command("suggest")
@reads_sources
@click.option(
    "--ics", type=click.Path(path_type=Path), metavar="FILE", help="Write the times as entries that invite nobody."
)
@FORCE
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
def command(request: Request, ics: Path | None, as_json: bool, force: bool) -> None:
    """Name the people to meet next, each with a time that suits."""
    from calsight.pipeline.suggestions import suggested

    if as_json and str(ics) == "-":
        raise UsageError("Only one form fits on standard output. Name a file for --ics.")
    if ics is not None:
        check_target(ics, request.files, force=force)
    judgement = request.judge()
    answer = suggested(judgement, ask=True)
    words = request.words(judgement.reading.zone)
    if as_json:
        from calsight.render.documents import suggestions_out
        from calsight.render.languages import said_in

        write_json(said_in(suggestions_out(answer), request.language or "en").model_dump_json(indent=2))
    else:
        from calsight.render.terminal.screen import console
        from calsight.render.terminal.suggestions import SuggestionsView

        console().print(SuggestionsView(answer.found, words, answer.refused))
    if ics is not None:
        from calsight.render.proposals import proposals

        made = proposals(answer.found, as_of=judgement.reading.as_of, owner=judgement.owner.name, words=words)
        write_file(ics, made, request.files, force=force)
        if any(each.slot is not None for each in answer.found):
            click.echo(words("proposal_written"), err=True)
