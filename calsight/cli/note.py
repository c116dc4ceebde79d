"""`calsight note`: a one-to-one that is in no calendar."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from calsight.cli.common import DAY, SETTINGS, VERBOSE
from calsight.cli.correct import check_somebody, keep
from calsight.errors import UsageError


@click.command("note")
@click.argument("address")
@click.option("--on", "day", type=DAY, required=True, metavar="DATE", help="The day you met (YYYY-MM-DD).")
@SETTINGS
@VERBOSE
def command(address: str, day: date, settings: Path | None) -> None:
    """Note that you met someone one-to-one off the calendar. Someone without an address is "name:Bo Lind"."""
    from calsight.core.judging.corrections import Met

    check_somebody(address)
    if day > date.today():  # noqa: DTZ011 - the person's own day, on the person's own machine
        raise UsageError(f"{day} is still to come: note it once you have met.")
    keep(Met(address, day), settings)
