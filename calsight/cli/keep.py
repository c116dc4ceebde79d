"""`calsight keep`: your own people, whom you want to meet at an interval of your own."""

from __future__ import annotations

import re
from pathlib import Path

import click

from calsight.cli.common import SETTINGS, VERBOSE
from calsight.cli.correct import check_somebody, keep
from calsight.errors import UsageError

_EVERY = re.compile(r"(?P<weeks>\d{1,3})\s*(w|weeks?)?", re.IGNORECASE)


@click.command("keep", short_help="Keep up with someone: `week` and `suggest` say when it is time.")
@click.argument("address")
@click.option("--every", default="4w", show_default=True, metavar="WEEKS", help="Meet every so many weeks: 3w.")
@SETTINGS
@VERBOSE
def command(address: str, every: str, settings: Path | None) -> None:
    """Keep up with someone: show them first, and say in `week` and `suggest` when it is time. It has no part in the verdict.

    `calsight correct list` shows it and `calsight correct undo` takes it back. Someone without an address is "name:Bo Lind".
    """
    from calsight.core.judging.corrections import KeepUp
    from calsight.settings.corrections_file import MOST_WEEKS

    check_somebody(address)
    found = _EVERY.fullmatch(every.strip())
    if found is None or not 1 <= int(found["weeks"]) <= MOST_WEEKS:
        raise UsageError(f"--every is a number of weeks, from 1w to {MOST_WEEKS}w: --every 3w.")
    keep(KeepUp(address, int(found["weeks"])), settings)
