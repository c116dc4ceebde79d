"""`calsight demo`: the report on invented calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calsight.cli.common import DAY, VERBOSE
from calsight.demo import SITUATIONS, DemoCalendar, invent, write
from calsight.errors import UsageError

if TYPE_CHECKING:
    from calsight.core.model.report import Report
    from calsight.demo.lives import Situation

#: When the calendars of a given day are exported: still that day where the invented people live.
_EVENING = time(21)


@click.command("demo", short_help="Show the report on four invented calendars.")
@click.option("--situation", type=click.Choice(SITUATIONS), help="Only this one of the four.")
@click.option("--write", "folder", type=click.Path(path_type=Path, file_okay=False), help="Keep the calendars there.")
@click.option(
    "--as-of", type=DAY, metavar="DATE", help="Invent them as they stand at the end of that day; now if not given."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another number invents other weeks.")
@VERBOSE
def command(situation: Situation | None, folder: Path | None, as_of: date | None, seed: int, verbose: bool) -> None:
    """Show the report on four invented calendars, one for each of Evarts' four situations."""
    moment = datetime.now(UTC) if as_of is None else datetime.combine(as_of, _EVENING, UTC)
    calendars = [invent(one, as_of=moment, seed=seed) for one in SITUATIONS if situation in (None, one)]
    if folder is not None:
        try:
            paths = write(calendars, folder)
        except OSError as error:
            raise UsageError(f"{folder}: nothing can be written there: {error.strerror or error}.") from None
        for path in paths:
            click.echo(path)
        return
    _show([(calendar, _report(calendar, as_of or moment)) for calendar in calendars])


def _report(calendar: DemoCalendar, as_of: date | datetime) -> Report:
    """Through a file and the connector, as anybody's calendar."""
    from tempfile import TemporaryDirectory

    from calsight import pipeline
    from calsight.cli.deferred import defer_parts_of_numpy
    from calsight.settings.file import Settings

    defer_parts_of_numpy()
    with TemporaryDirectory(prefix="calsight-demo-") as folder:
        (path,) = write([calendar], Path(folder))
        return pipeline.analyze(path, as_of=as_of, settings=Settings(), cache=False)


def _show(reports: list[tuple[DemoCalendar, Report]]) -> None:
    from rich.rule import Rule

    from calsight.render.terminal.report import Look, ReportView, console

    screen = console()
    look = Look.of(screen.options)
    for calendar, report in reports:
        title = look.text(f"{calendar.owner}: {calendar.summary}", "bold")
        screen.print(Rule(title, characters="=" if look.ascii_only else "━", style="dim"))
        screen.print(ReportView(report))
        screen.print()
    screen.print(look.text("These people are invented. Yours: calsight report CALENDAR.ics", "bold"))
    screen.print(look.text("To look into the calendars: calsight demo --write FOLDER", "dim"))
