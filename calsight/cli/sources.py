"""`calsight sources`: what can be read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from calsight.cli.common import SETTINGS, VERBOSE, write_json
from calsight.settings.folders import state_dir

if TYPE_CHECKING:
    from calsight.reading.plugins import PluginEntry
    from calsight.settings.file import Settings


@click.command("sources", short_help="List what calendars can be read from.")
@SETTINGS
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
@VERBOSE
def command(settings: Path | None, as_json: bool) -> None:
    """List the connectors that are installed, what each needs, and whether you are signed in."""
    from calsight.reading import plugins
    from calsight.settings.file import load_settings

    options = load_settings(settings)
    found = [_connector(entry, options) for entry in plugins.connectors()]
    found += [
        _row("rule", rule.entry, ready=rule.problem is None, state=rule.problem.text if rule.problem else "ready")
        for rule in plugins.rules()
    ]
    if as_json:
        write_json(json.dumps({"sources": found}, indent=2, ensure_ascii=False))
        return
    from rich.table import Table

    from calsight.render.terminal.screen import Look, console

    screen = console()
    look = Look.of(screen.options)
    rows = Table.grid(padding=(0, 2, 0, 0))
    for row in found:
        style = "" if row["ready"] else "yellow"
        rows.add_row(
            look.text(row["name"], "bold"),
            look.text(row["sort"], "dim"),
            look.text(row["state"], style),
            look.text(f"{row['distribution']} {row['version']}", "dim"),
        )
    screen.print(rows)
    screen.print(look.text("A file, folder or address needs no name: it is read by ics.", "dim"))


def _row(sort: str, entry: PluginEntry, *, ready: bool, state: str) -> dict[str, Any]:
    return {
        "name": entry.name,
        "sort": sort,
        "distribution": entry.distribution,
        "version": entry.version,
        "ready": ready,
        "state": state,
    }


def _connector(entry: PluginEntry, options: Settings) -> dict[str, Any]:
    """One connector. A plugin that cannot be loaded is shown with the cause and takes no other down."""
    from calsight.errors import CalsightError
    from calsight.protocols import ConnectorContext, SignsIn
    from calsight.reading import plugins

    try:
        made = plugins.make_connector(
            entry.name, ConnectorContext(settings=options.connectors.get(entry.name, {}), state_dir=state_dir())
        )
        state = made.status() if isinstance(made, SignsIn) else "ready"
    except CalsightError as error:
        return _row("connector", entry, ready=False, state=str(error))
    return _row("connector", entry, ready=True, state=state)
