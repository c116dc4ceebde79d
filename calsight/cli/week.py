"""`calsight week`: last week against the usual, for every Monday."""

from __future__ import annotations

import click

from calsight.cli.common import Request, reads_sources, write_json
from calsight.settings.folders import state_dir


@click.command("week", short_help="Say what last week was against the usual, and who is cooling.")
@reads_sources
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
def command(request: Request, as_json: bool) -> None:
    """Say what last week was against the usual, who is cooling, and name one time to meet."""
    from calsight.pipeline import history
    from calsight.pipeline.suggestions import last_week

    week = last_week(request.judge(), ask=True)
    known = history.recall(week.report, state_dir())
    history.remember(week.report, state_dir())
    if as_json:
        from calsight.render.documents import week_out
        from calsight.render.languages import said_in

        write_json(said_in(week_out(week), request.language or "en").model_dump_json(indent=2))
        return
    from calsight.render.terminal.screen import console
    from calsight.render.terminal.suggestions import LastWeekView

    console().print(LastWeekView(week, known, request.words(week.report.owner.zone)))
