"""`calsight meetings`: every occurrence with its kind and reason."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from calsight.cli.common import Request, reads_sources, say_problems, write_lines
from calsight.core.model.meetings import Kind
from calsight.errors import UsageError

if TYPE_CHECKING:
    from calsight.core.wording.words import Words
    from calsight.pipeline import Reading


@click.command("meetings")
@reads_sources
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in Kind]),
    help="Only these; may be repeated.",
)
@click.option("--json-lines", is_flag=True, help="One JSON object a line.")
@click.option("--explain", "uid", metavar="UID", help="Say step by step why this entry is what it is.")
def command(request: Request, kinds: tuple[str, ...], json_lines: bool, uid: str | None) -> None:
    """List every entry with what it is and why."""
    from calsight import pipeline
    from calsight.render.meeting_lines import meeting_line

    if uid is not None and json_lines:
        raise UsageError("--explain is for reading; leave out --json-lines.")
    reading = request.read()
    if uid is not None:
        _explain(reading, uid, request.words(reading.zone))
        return
    judgement = pipeline.judge(reading)
    horizon = reading.horizon
    chosen = [m for m in judgement.meetings if m.start in horizon and (not kinds or m.kind in kinds)]
    if json_lines:
        write_lines(json.dumps(meeting_line(meeting), ensure_ascii=False) for meeting in chosen)
    else:
        from calsight.render.terminal.meetings import MeetingsView
        from calsight.render.terminal.screen import console

        console().print(MeetingsView(chosen, request.words(reading.zone)))
    say_problems([*reading.problems, *judgement.problems])


def _explain(reading: Reading, uid: str, words: Words) -> None:
    from calsight import pipeline
    from calsight.render.terminal.explain import ExplanationsView
    from calsight.render.terminal.screen import console

    explanations = pipeline.explain(reading, uid)
    if not explanations:
        raise UsageError(
            f"No entry {uid} in these weeks. `calsight meetings SOURCE --json-lines` shows every entry's uid."
        )
    console().print(ExplanationsView(explanations, words))
