"""`calsight connect`: sign in where a connector needs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from calsight.cli.common import SETTINGS, VERBOSE, signs_in


@click.command("connect", short_help="Sign in to a calendar service.")
@click.argument("name", metavar="NAME")
@click.option("--no-browser", is_flag=True, help="Open none: show an address (or a code) to visit.")
@click.option(
    "--token-file", is_flag=True, help="Keep the sign-in in a file that only you can read, not in the keyring."
)
@click.option("--client-secrets", type=click.Path(path_type=Path), metavar="FILE", help="Your own OAuth client's file.")
@SETTINGS
@VERBOSE
def command(
    name: str,
    no_browser: bool,
    token_file: bool,
    client_secrets: Path | None,
    settings: Path | None,
    verbose: bool,
) -> None:
    """Sign in to NAME, a connector that `calsight sources` lists, and stay signed in."""
    given: dict[str, Any] = {}
    if token_file:
        given["token_file"] = True
    if client_secrets is not None:
        given["client_secrets"] = str(client_secrets)
    connector = signs_in(name, settings, given)
    connector.connect(interactive=not no_browser, say=click.echo)
