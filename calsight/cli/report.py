"""`calsight report`: the main job."""

from __future__ import annotations

import json

import click

from calsight.cli.common import Request, reads_sources, write_json


@click.command("report")
@reads_sources
@click.option("--json", "as_json", is_flag=True, help="The report as one JSON document (calsight.report/1).")
@click.option("--schema", is_flag=True, help="The JSON Schema of that document; reads nothing.")
def command(request: Request, as_json: bool, schema: bool) -> None:
    """Say how many one-to-ones there are, how sure that is, and why."""
    if schema:
        from calsight.core.report import Report

        write_json(json.dumps(Report.json_schema(), indent=2, ensure_ascii=False))
        return
    from calsight import pipeline

    report = pipeline.report(pipeline.judge(request.read()))
    if as_json:
        write_json(report.to_json())
        return
    from calsight.render.terminal import ReportView, console

    console().print(ReportView(report))
