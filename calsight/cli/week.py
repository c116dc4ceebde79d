"""`calsight week`: last week against the usual, for every Monday."""

from __future__ import annotations

import click

from calsight.cli.common import Request, reads_sources
from calsight.folders import state_dir


@click.command("week")
@reads_sources
def command(request: Request) -> None:
    """Say what last week was against the usual, who is cooling, and name one time to meet."""
    from calsight import history, pipeline
    from calsight.render.suggestions import LastWeekView
    from calsight.render.terminal import console
    from calsight.suggestions import last_week

    week = last_week(pipeline.judge(request.read()), ask=True)
    known = history.recall(week.report, state_dir())
    history.remember(week.report, state_dir())
    console().print(LastWeekView(week, known))
