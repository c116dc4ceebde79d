"""The files that commands write: never over what was read, and over what calsight did not write only when told to."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import click

from calsight.errors import UsageError
from calsight.kit.files import write_whole

FORCE = click.option("--force", is_flag=True, help="Write over a file that calsight did not write.")

#: What stands at the beginning, or the end, of every report that calsight writes to a file (see `calsight.render`): its own.
_REPORTS = (
    b'<meta name="generator" content="calsight ',
    b'---\nschema: "calsight.markdown/',
    b"<metadata>calsight</metadata>",
    b"tEXtSoftware\0calsight",
    b"/ID [(calsight) ",
)
#: Likewise what is a calendar too, which may have been read.
_CALENDARS = (b"PRODID:-//calsight//",)
_EDGE = 4096


def check_target(path: Path, read: Iterable[str | Path], *, force: bool = False, ours: bytes = b"") -> None:
    """Raise `UsageError` where writing to `path` would cost something. "-" is standard output.

    read    what is or was read: sources as they were typed, and files. Nothing of them is ever written over, be it inside a
            folder or under another name
    force   what calsight did not write, and devices, may be written over
    ours    how a file begins that calsight wrote, where it has no mark: the first line of a table
    """
    if str(path) == "-":
        return
    with writing(path):
        if not path.parent.is_dir():
            raise UsageError(f"{path} cannot be written: there is no folder {path.parent}.")
        if not path.exists():
            with suppress(FileNotFoundError):
                path.stat()  # a link may lead to a file that is not there yet, but not to itself
            return
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UsageError(f"{path} is a folder. Name a file in it.")
        if not stat.S_ISREG(mode):
            if not force and not stat.S_ISFIFO(mode):
                raise UsageError(f"{path} is a device. Write - for standard output, or add --force.")
            return
        with path.open("rb") as file:
            beginning = file.read(_EDGE)
            file.seek(max(0, path.stat().st_size - _EDGE))
            edges = beginning + file.read()
        if not beginning or any(mark in edges for mark in _REPORTS):
            return
        if _was_read(path, read):
            raise UsageError(f"{path} was read; writing there would destroy it. Name another file.")
        is_ours = any(mark in beginning for mark in _CALENDARS) or bool(ours and beginning.startswith(ours))
        if not (is_ours or force):
            raise UsageError(f"{path} is there already, and calsight did not write it. Name another, or add --force.")


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """What the system refuses inside this block, in which `path` is looked at or written, is a `UsageError` that names it."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.") from None


def write_file(path: Path, content: bytes, read: Iterable[str | Path], *, force: bool = False) -> None:
    """Write `content` to `path` ("-": standard output), whole or not at all, and say so on stderr.

    Raises `UsageError` where that cannot be done, or may not (`check_target`).
    """
    if str(path) == "-":
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    check_target(path, read, force=force)
    with writing(path):
        sys.stdout.flush()  # the file may be standard output under another name
        write_whole(path, content)
    click.echo(f"Written: {path}", err=True)


def _was_read(path: Path, read: Iterable[str | Path]) -> bool:
    """Whether the file is one of those, or lies in one of their folders, under whatever name."""
    own = path.stat()
    return any(os.path.samestat(own, other) for one in read for other in _stats(one))


def _stats(read: str | Path) -> Iterator[os.stat_result]:
    """The state of every file that a source may stand for: `ics:calendars` is the folder `calendars` too."""
    if str(read) == "-":
        if sys.stdin is not None:
            yield os.fstat(0)
        return
    for word in {str(read), str(read).partition(":")[2]} - {""}:
        place = Path(word).expanduser()
        if place.is_dir():
            for folder, _, names in os.walk(place):
                yield from _there(Path(folder, name) for name in names)
        yield from _there([place])


def _there(paths: Iterable[Path]) -> Iterator[os.stat_result]:
    for path in paths:
        try:
            yield path.stat()
        except (OSError, ValueError):  # gone, or the name of something else
            continue
