"""`calsight mcp`: the MCP server on standard input and output, for hosts of language models."""

from __future__ import annotations

import gc
from pathlib import Path

import click

from calsight.cli.common import SETTINGS, VERBOSE
from calsight.errors import MissingExtraError


@click.command("mcp")
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--private", is_flag=True, help="Tell initials instead of names, and no titles and addresses.")
@click.option("--allow-corrections", is_flag=True, help="Let the model keep what you answer.")
@SETTINGS
@VERBOSE
def command(sources: tuple[str, ...], private: bool, allow_corrections: bool, settings: Path | None) -> None:
    """Serve an assistant over the Model Context Protocol.

    With SOURCE… only these are read, else whatever file or account is asked for; see docs/mcp.md.
    """
    try:
        from calsight.serve.mcp.calls import Manner
        from calsight.serve.mcp.server import run_stdio
    except ModuleNotFoundError as error:
        raise MissingExtraError("The MCP server needs: pip install 'calsight[serve]'") from error
    gc.enable()  # this process lives long
    run_stdio(Manner(sources, only=bool(sources), settings=settings, private=private, corrections=allow_corrections))
