"""`calsight serve`: the local web app, the web API and the MCP server."""

from __future__ import annotations

import gc
import os
from typing import Any

import click

from calsight.cli.common import DAY, LANGUAGE, SETTINGS, VERBOSE, check_language
from calsight.errors import MissingExtraError, UsageError

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@click.command("serve", short_help="Open calsight in a browser, on this machine alone.")
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Where to listen.")
@click.option(
    "--port", default=0, type=click.IntRange(0, 65535), metavar="PORT", help="The port; any free one if not given."
)
@click.option("--browser/--no-browser", default=True, help="Open a browser there.")
@click.option(
    "--as-of",
    type=DAY,
    metavar="DATE",
    help="What the app judges by: the end of that day (YYYY-MM-DD); now if not given.",
)
@SETTINGS
@LANGUAGE
@VERBOSE
def command(host: str, port: int, browser: bool, language: str | None, **given: Any) -> None:
    """Open calsight in a browser, on this machine alone; Ctrl-C ends it.

    The first line that is printed is the address. It opens once: whoever has it may see your calendar. Programs that bear the
    same token may use the web API (/api/v1, /openapi.json) and the MCP server (/mcp).
    """
    check_language(language)
    try:
        from calsight.serve.guard import Token
        from calsight.serve.local.app import local_app
        from calsight.serve.run import listening, server_of
    except ModuleNotFoundError as error:
        raise MissingExtraError("The web app needs: pip install 'calsight[serve]'") from error
    secret = os.environ.get("CALSIGHT_TOKEN")
    if host not in _LOOPBACK and not secret:
        raise UsageError(
            f"On {host} others could read your calendar, unencrypted. If you know that they cannot, set CALSIGHT_TOKEN to a "
            "long secret of your own and put a server with https before it; else leave --host out."
        )
    token = Token(secret) if secret else Token()
    listens = listening(host, port)
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{shown}:{listens.getsockname()[1]}/?token={token.text}"
    click.echo(address)
    server = server_of(local_app(token, language=language or "", host=shown, **given))
    if browser:
        import webbrowser

        webbrowser.open(address)
    gc.enable()  # this process lives long
    server.run(sockets=[listens])
