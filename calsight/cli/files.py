"""The files that commands write, and that are never a calendar that was read."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from calsight.errors import UsageError
from calsight.kit.files import write_whole


def write_file(path: Path, content: bytes, sources: Iterable[str]) -> None:
    """Write `content` to `path` ("-": standard output) and say so on stderr. Raises `UsageError` where that cannot be done."""
    if str(path) == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    if any(_same(path, source) for source in sources):
        raise UsageError(f"{path} is a calendar that was read; writing there would destroy it. Name another file.")
    try:
        write_whole(path, content)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.") from None
    click.echo(f"Written: {path}", err=True)


def _same(path: Path, source: str) -> bool:
    try:
        return path.exists() and path.samefile(source)
    except OSError:
        return False
