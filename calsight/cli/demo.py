"""`calsight demo`: the report on invented calendars."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from calsight.cli.common import DAY, LANGUAGE, VERBOSE, check_language, words_of
from calsight.cli.files import FORCE, writing
from calsight.errors import UsageError

if TYPE_CHECKING:
    from calsight.core.model.report import Report
    from calsight.demo import DemoCalendar
    from calsight.demo.lives import Situation

#: `calsight.demo.SITUATIONS`, held equal by a test: importing that module would slow every `--help`.
_SITUATIONS: tuple[Situation, ...] = (
    "little_time_low_interest",
    "little_time_high_interest",
    "much_time_low_interest",
    "much_time_high_interest",
)
#: When the calendars of a given day are exported: still that day where the invented people live.
_EVENING = time(21)


@click.command("demo", short_help="Show the report on four invented calendars.")
@click.option("--situation", type=click.Choice(_SITUATIONS), help="Only this one of the four.")
@click.option("--write", "folder", type=click.Path(path_type=Path, file_okay=False), help="Keep the calendars there.")
@click.option(
    "--as-of",
    type=DAY,
    metavar="DATE",
    help="Invent them as they stand at the end of that day (YYYY-MM-DD); now if not given.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Another number invents other weeks.")
@FORCE
@LANGUAGE
@VERBOSE
def command(situation: Situation | None, folder: Path | None, as_of: date | None, seed: int, **given: Any) -> None:
    """Show the report on four invented calendars, one for each of Evarts' four situations."""
    from calsight.demo import invent, write

    language: str | None = given["language"]
    check_language(language)
    moment = datetime.now(UTC) if as_of is None else datetime.combine(as_of, _EVENING, UTC)
    calendars = [invent(one, as_of=moment, seed=seed) for one in _SITUATIONS if situation in (None, one)]
    if folder is not None:
        with writing(folder):
            if not given["force"]:
                _check(calendars, folder)
            paths = write(calendars, folder)
        for path in paths:
            click.echo(path)
        return
    _show([(calendar, _report(calendar, as_of or moment)) for calendar in calendars], language)


def _check(calendars: Iterable[DemoCalendar], folder: Path) -> None:
    """Raise `UsageError` where a file would be written over that does not hold the invented owner's address."""
    for calendar in calendars:
        path = folder / calendar.file_name
        if path.exists() and calendar.address.encode() not in path.read_bytes():
            raise UsageError(
                f"{path} is there already, and calsight did not write it. Name another folder, or add --force."
            )


def _report(calendar: DemoCalendar, as_of: date | datetime) -> Report:
    """Through a file and the connector, as anybody's calendar."""
    from tempfile import TemporaryDirectory

    from calsight import pipeline
    from calsight.demo import write
    from calsight.settings.file import Settings

    with TemporaryDirectory(prefix="calsight-demo-") as folder:
        (path,) = write([calendar], Path(folder))
        return pipeline.analyze(path, as_of=as_of, settings=Settings(), cache=False)


def _show(reports: list[tuple[DemoCalendar, Report]], language: str | None) -> None:
    from rich.rule import Rule

    from calsight.render.terminal.report import ReportView
    from calsight.render.terminal.screen import Look, console

    screen = console()
    look = Look.of(screen.options)
    words = words_of(language)
    for calendar, report in reports:
        words = words_of(language, report.owner.zone)
        life = words(f"demo_{calendar.situation}")
        title = look.text(words("demo_title", owner=calendar.owner, life=life), "bold")
        screen.print(Rule(title, characters="=" if look.ascii_only else "━", style="dim"))
        screen.print(ReportView(report, words))
        screen.print()
    screen.print(look.text(words("demo_yours"), "bold"))
    screen.print(look.text(words("demo_look"), "dim"))
