"""`calsight settings`: what is in force, and where it comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calsight.cli.common import SETTINGS, VERBOSE, write_json

if TYPE_CHECKING:
    from calsight.settings.file import SettingRow


@click.command("settings", short_help="Show all settings and where they come from.")
@SETTINGS
@click.option("--json", "as_json", is_flag=True, help="As one JSON document.")
@VERBOSE
def command(settings: Path | None, as_json: bool) -> None:
    """Show every setting with its value, where that comes from, and what it means."""
    from calsight.settings.file import default_path, settings_with_origin

    rows = settings_with_origin(settings)
    file = settings or default_path()
    if as_json:
        document = {"file": str(file), "settings": [row._asdict() for row in rows]}
        write_json(json.dumps(document, indent=2, ensure_ascii=False))
        return
    _show(rows, file)


def _show(rows: list[SettingRow], file: Path) -> None:
    from rich.padding import Padding

    from calsight.render.terminal.screen import Look, console

    screen = console()
    look = Look.of(screen.options)
    state = "" if file.exists() else " (not there; everything has its default)"
    screen.print(look.text(f"{file}{state}"))
    section = ""
    for row in rows:
        home, _, name = row.key.partition(".")
        if home != section:
            screen.print()
            screen.print(look.text(f"[{home}]", "bold"))
            section = home
        value = json.dumps(row.value, ensure_ascii=False)
        line = look.text(f"{name} = {value}", "" if row.origin == "default" else "bold cyan")
        if row.origin != "default":
            line.append("  set here" if row.origin == str(file) else f"  set by {row.origin}", style="dim")
        screen.print(line)
        if row.doc:
            screen.print(Padding(look.text(row.doc, "dim"), (0, 0, 0, 4), expand=False))
