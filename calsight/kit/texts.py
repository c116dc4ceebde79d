"""What others wrote, or left in a file: JSON that cannot take a run down, and files that come to an end."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from pathlib import Path
from typing import Any

_HALF = re.compile("[\ud800-\udfff]")
#: Windows would change the ends of lines; elsewhere a pipe into which nobody writes would be waited for.
_PLAINLY = getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)


class NotJsonError(ValueError):
    """A text is no JSON, or nests deeper than it can be followed."""


def read_json(written: str | bytes) -> Any:
    """What JSON says, without halves of characters. Raises `NotJsonError`."""
    try:
        return without_halves(json.loads(written), written)
    except (ValueError, RecursionError) as error:
        raise NotJsonError(type(error).__name__) from None


def without_halves(answer: Any, written: str | bytes) -> Any:
    """The answer as parsed from `written`, with what is half a character (a lone surrogate) marked as unreadable (`\\ufffd`).

    JSON may write such a half as an escape; no file, terminal or database takes it.
    """
    escaped = (
        ("\\ud" in written or "\\uD" in written)
        if isinstance(written, str)
        else (b"\\ud" in written or b"\\uD" in written)
    )
    return _whole(answer) if escaped else answer


def _whole(part: Any) -> Any:
    if isinstance(part, str):
        return _HALF.sub("\ufffd", part)
    if isinstance(part, dict):
        return {_whole(name): _whole(value) for name, value in part.items()}
    return [_whole(value) for value in part] if isinstance(part, list) else part


def read_bounded(path: Path, most: int) -> bytes:
    """All of a file, a pipe or a device.

    Raises `OSError`, also for what is larger than `most`, and for a pipe into which nobody writes.
    """
    handle = os.open(path, os.O_RDONLY | _PLAINLY)
    with os.fdopen(handle, "rb") as file:
        if hasattr(os, "set_blocking"):
            os.set_blocking(handle, True)
        content = file.read(most + 1)
        if not content and stat.S_ISFIFO(os.fstat(handle).st_mode):
            raise OSError(errno.ENXIO, "nobody writes into this pipe")
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it is larger than {most / 1e6:,.0f} MB")
    return content
