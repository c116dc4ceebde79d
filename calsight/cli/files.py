"""Files that commands write: whole or not at all, and never over a calendar that was read."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from calsight.errors import UsageError


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
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as partial:
            partial.write(content)
        Path(partial.name).chmod(0o666 & ~_umask())
        Path(partial.name).replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.") from None
    click.echo(f"Written: {path}", err=True)


def _same(path: Path, source: str) -> bool:
    try:
        return path.exists() and path.samefile(source)
    except OSError:
        return False


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
