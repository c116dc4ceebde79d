"""`calsight connect`: sign in where a connector needs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from calsight.cli.common import SETTINGS, VERBOSE, signs_in
from calsight.errors import UsageError


@click.command("connect", short_help="Sign in to a calendar service.")
@click.argument("name", metavar="NAME", default="")
@click.option("--no-browser", is_flag=True, help="Open none: show an address (or a code) to visit.")
@click.option(
    "--token-file", is_flag=True, help="Keep the sign-in in a file that only you can read, not in the keyring."
)
@click.option("--client-secrets", metavar="FILE", help="Your own OAuth client's file; with --client-id, its secret.")
@click.option("--client-id", metavar="ID", help="The ID of your own OAuth client or app registration.")
@click.option("--account", metavar="WHOSE", help="Outlook: personal, any, or your organisation's tenant.")
@click.option("--server", metavar="ADDRESS", help="CalDAV: your e-mail address, or the server's address.")
@click.option("--user", metavar="NAME", help="CalDAV: whom to sign in as, if that is not your e-mail address.")
@click.option("--ca-file", metavar="FILE", help="CalDAV: certificates of your own server (PEM).")
@click.option("--guide", is_flag=True, help="Show what must be done before, step by step, and sign in to nothing.")
@SETTINGS
@VERBOSE
def command(name: str, no_browser: bool, guide: bool, settings: Path | None, **given: Any) -> None:
    """Sign in to NAME, a connector that `calsight sources` lists, and stay signed in.

    Where something must be done first (an OAuth client of your own, say) it shows the steps, and the command that comes next.
    """
    from calsight.protocols import Guides

    if not name:
        raise UsageError(f"Say what to sign in to: {' or '.join(f'calsight connect {each}' for each in _accounts())}")
    connector = signs_in(name, settings, {key: value for key, value in given.items() if value})
    if guide:
        if not isinstance(connector, Guides):
            raise UsageError(f"The connector {name!r} has no guide: calsight connect {name}")
        click.echo(connector.guide())
        return
    connector.connect(interactive=not no_browser, say=click.echo)


def _accounts() -> list[str]:
    """The connectors that need an account; one whose packages are missing says so when it is named."""
    from calsight.errors import CalsightError
    from calsight.protocols import SignsIn
    from calsight.reading import plugins

    found = []
    for entry in plugins.connectors():
        try:
            needs_one = issubclass(plugins.load_connector(entry.name), SignsIn)
        except CalsightError:
            needs_one = True
        if needs_one:
            found.append(entry.name)
    return found
