"""`calsight meetings`: every occurrence with its kind and reason."""

from __future__ import annotations

import json

import click

from calsight.cli.common import Request, reads_sources, write_lines
from calsight.core.meetings import Kind


@click.command("meetings")
@reads_sources
@click.option("--kind", "kinds", multiple=True, type=click.Choice(list(Kind)), help="Only these; may be repeated.")
@click.option("--json-lines", is_flag=True, help="One JSON object a line.")
def command(request: Request, kinds: tuple[Kind, ...], json_lines: bool) -> None:
    """List every entry with what it is and why."""
    from calsight import pipeline
    from calsight.lines import meeting_line

    judgement = pipeline.judge(request.read())
    horizon = judgement.reading.horizon
    chosen = [m for m in judgement.meetings if m.start in horizon and (not kinds or m.kind in kinds)]
    if json_lines:
        write_lines(json.dumps(meeting_line(meeting), ensure_ascii=False) for meeting in chosen)
        return
    from calsight.render.meetings import MeetingsView
    from calsight.render.terminal import console

    console().print(MeetingsView(chosen, judgement.reading.zone))
