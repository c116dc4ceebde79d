"""`calsight disconnect`: sign out, and forget."""

from __future__ import annotations

from pathlib import Path

import click

from calsight.cli.common import SETTINGS, VERBOSE, signs_in
from calsight.settings.folders import cache_dir


@click.command("disconnect", short_help="Sign out of a calendar service, and forget what it gave.")
@click.argument("name", metavar="NAME")
@SETTINGS
@VERBOSE
def command(name: str, settings: Path | None) -> None:
    """Revoke the sign-in to NAME, and delete it and all that was read with it from this machine."""
    from calsight.reading.store import Store

    connector = signs_in(name, settings, {})
    Store(cache_dir()).forget(name)
    connector.disconnect()
    click.echo(f"Signed out of {name}. Nothing of it is kept on this machine.")
