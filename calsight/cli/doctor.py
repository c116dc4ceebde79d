"""`calsight doctor`: can this calendar be judged?"""

from __future__ import annotations

import click

from calsight.cli.common import Request, reads_sources, write_json


@click.command("doctor", short_help="Check whether a calendar can be judged.")
@reads_sources
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
def command(request: Request, as_json: bool) -> None:
    """Check whether a calendar can be judged, and say what would help."""
    from calsight.pipeline.diagnosis import Diagnosis, diagnose

    diagnosis = diagnose(request.read())
    if as_json:
        from pydantic import TypeAdapter

        if request.language is not None:
            diagnosis = diagnosis.said_in(request.words(diagnosis.zone))
        write_json(TypeAdapter(Diagnosis).dump_json(diagnosis, indent=2).decode())
        return
    from calsight.render.terminal.doctor import DiagnosisView
    from calsight.render.terminal.screen import console

    console().print(DiagnosisView(diagnosis, request.words(diagnosis.zone)))
