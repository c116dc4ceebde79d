"""`calsight events`: what the connectors read."""

from __future__ import annotations

import json

import click

from calsight.cli.common import Request, reads_sources, say_problems, write_lines


@click.command("events", short_help="Print what was read, as JSON lines.")
@reads_sources
@click.option("--json-lines", is_flag=True, help="As JSON lines, which is how they are printed anyway.")
def command(request: Request, json_lines: bool) -> None:
    """Print what was read, one event a line (calsight.event/1).

    A file of these lines, named .jsonl, is a SOURCE too.
    """
    from calsight.reading.event_lines import event_line

    reading = request.read()
    write_lines(json.dumps(event_line(event), ensure_ascii=False) for event in reading.events)
    say_problems(reading.problems)
