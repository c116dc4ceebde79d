"""The command line: thin over `calsight.pipeline` and `calsight.render`.

A command is a module of this package with a click command named `command`; it is imported when it is asked for, and imports
what is heavy when it runs. Results go to stdout, everything else to stderr. Whatever goes wrong is one sentence and an exit
code (`calsight.cli.endings`): 2 for wrong arguments or settings, 3 where nothing could be read, 1 where the machine fails, 130
after Ctrl-C; a traceback is shown to those who ask with `--verbose`.
"""

from __future__ import annotations

import atexit
import gc
import logging
import os
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module

import click

from calsight import __version__
from calsight.cli.endings import ended, prepare_streams, stopping

#: Command → module of this package, in the order of the help.
_COMMANDS = {
    "report": "report",
    "meetings": "meetings",
    "people": "people",
    "answer": "answer",
    "correct": "correct",
    "note": "note",
    "keep": "keep",
    "suggest": "suggest",
    "week": "week",
    "events": "events",
    "doctor": "doctor",
    "sources": "sources",
    "connect": "connect",
    "disconnect": "disconnect",
    "settings": "settings",
    "setup": "setup",
    "demo": "demo",
    "serve": "serve",
    "new-connector": "new_connector",
    "org": "org",
    "mcp": "mcp",
}
#: Set by a shell that completes a command line (click's own name for it): `eval "$(_CALSIGHT_COMPLETE=bash_source calsight)"`.
_COMPLETE = "_CALSIGHT_COMPLETE"
_SILENCE = logging.NullHandler()


class _Commands(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = import_module(f"calsight.cli.{_COMMANDS[cmd_name]}").command
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in _COMMANDS and (meant := _meant(args[0])):
            raise click.UsageError(f"No such command {args[0]!r}. Did you mean: {meant}?", ctx)
        return super().resolve_command(ctx, args)


def _meant(word: str) -> str:
    """What to type instead of a word that is no command: the one spelt alike, or a report on a source; "" for an option."""
    from difflib import get_close_matches

    if word.startswith("-"):
        return ""
    if close := get_close_matches(word, _COMMANDS):
        return " or ".join(f"calsight {name}" for name in close)
    return f"calsight report {shlex.quote(word)}" if re.search("[./]", word) else ""


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="calsight", message="%(prog)s %(version)s")
def calsight() -> None:
    """Read calendars and say whom you really meet one-to-one.

    A SOURCE is a calendar file (.ics, .zip, .gz), a folder of them, - for standard input, an http(s) or webcal address, what
    `calsight events` printed (.jsonl), or NAME[:CALENDAR] of a connector that `calsight sources` lists.

    Try: calsight demo
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code; never raises."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    prepare_streams()
    if _COMPLETE in os.environ:
        from click.shell_completion import shell_complete

        return shell_complete(calsight, {}, "calsight", _COMPLETE, os.environ[_COMPLETE])
    logging.getLogger().addHandler(_SILENCE)  # libraries' log lines, which may quote a calendar, are nobody's output
    try:
        # Not click's own main, which takes a closed pipe for a failure.
        with stopping(), _short_lived(), calsight.make_context("calsight", words) as context:
            calsight.invoke(context)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - the last resort: whatever ends a run is one sentence
        return ended(error, verbose="--verbose" in words)
    return 0


@contextmanager
def _short_lived() -> Iterator[None]:
    """Spare this process, which ends soon, work that only a long-lived one repays. The library does none of this.

    Garbage is not collected: what is imported and read lives until the end, hardly anything in it is a cycle, and walking it
    all again and again, at exit too, is a tenth of a short run. OpenBLAS, on which NumPy stands, starts no threads:
    nothing here multiplies matrices, and idle they spin. Pydantic does not ask every installed package whether it is a
    plugin of pydantic's; none could be of use here.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    atexit.register(gc.freeze)
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.freeze()
            gc.unfreeze()  # all is of the oldest generation now: the next collection does not begin by walking it
            gc.enable()
