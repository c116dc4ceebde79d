"""`calsight week`: last week against the usual, for every Monday."""

from __future__ import annotations

import click

from calsight.cli.common import Request, reads_sources
from calsight.settings.folders import state_dir


@click.command("week")
@reads_sources
def command(request: Request) -> None:
    """Say what last week was against the usual, who is cooling, and name one time to meet."""
    from calsight.pipeline import history
    from calsight.pipeline.suggestions import last_week
    from calsight.render.terminal.screen import console
    from calsight.render.terminal.suggestions import LastWeekView

    week = last_week(request.judge(), ask=True)
    known = history.recall(week.report, state_dir())
    history.remember(week.report, state_dir())
    console().print(LastWeekView(week, known, request.words(week.report.owner.zone)))
