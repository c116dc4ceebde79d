"""`calsight setup`: five questions, and a settings file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from calsight.cli.common import SETTINGS, VERBOSE

if TYPE_CHECKING:
    from calsight.settings.questions import Question


@click.command("setup", short_help="Ask the five questions that matter most; keep the answers.")
@SETTINGS
@VERBOSE
def command(settings: Path | None) -> None:
    """Ask the five questions that matter most, and write the answers to your settings."""
    from calsight.reading.window import owner_zone
    from calsight.settings.file import Settings, default_path, load_settings, write_settings
    from calsight.settings.questions import guess, interview

    file = settings or default_path()
    now = load_settings(file) if file.exists() else Settings()
    click.echo(f"Five questions; Enter takes what stands in brackets. The answers go to {file}.")
    changes = interview(_ask, now, guess(os.environ, owner_zone("", ())))
    if changes:
        write_settings(file, changes)
        click.echo(f"\nWritten: {', '.join(changes)}. `calsight settings` shows them all.")
    else:
        click.echo("\nNothing has changed.")


def _ask(question: Question) -> str:
    if question.complaint:
        click.echo(f"  {question.complaint}")
    else:
        click.echo(f"\n{question.text}\n  {question.hint}")
    return str(click.prompt(" ", default=question.default, prompt_suffix="> "))
