"""The lines of a text, folded or not, found without a copy of it: whoever wrote it may have written one without end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from calsight_ics.places.text import Text

#: A text is looked through in parts of about this size.
PART = 1 << 22
#: A line is cut where it is longer than this and nobody needs it whole.
_LONGEST = 1 << 20
#: An end of line behind which no continuation stands.
_ENDS = re.compile(rb"\n(?![ \t])")


def line_end(text: Text, at: int, stop: int) -> int:
    """Where the line at `at` ends with all its continuations: at a line feed, or at `stop`."""
    found = _ENDS.search(text, at, stop)
    return found.start() if found else stop


def whole_lines(text: Text, begin: int = 0, stop: int | None = None) -> Iterator[bytes]:
    """The text in parts of whole lines with all their continuations; lines longer than a part are cut."""
    at, stop = begin, len(text) if stop is None else stop
    while at < stop:
        end = min(line_end(text, min(at + PART, stop), stop) + 1, stop)
        if end - at <= PART + _LONGEST:
            yield text[at:end]
        else:
            yield text[at : at + PART] + b"\n"
        at = end


def pieces(text: Text, stretches: Iterable[tuple[int, int]]) -> Iterator[bytes]:
    """What these stretches of a text hold, small ones put together, large ones in parts of whole lines."""
    kept: list[bytes] = []
    size = 0
    for begin, end in stretches:
        for part in (text[begin:end],) if end - begin <= PART else whole_lines(text, begin, end):
            kept.append(part)
            size += len(part)
            if size >= PART:
                yield b"".join(kept)
                kept, size = [], 0
    yield b"".join(kept)


def unfold(data: bytes) -> bytes:
    """Join folded lines; lines end with LF. Done on bytes, so that a character cut in two by a fold is whole again."""
    if b"\r" in data:
        data = data.replace(b"\r\r\n", b"\n").replace(b"\r\n", b"\n")
    if b"\n\n" in data:
        data = re.sub(rb"\n{2,}", b"\n", data)
    if b"\n " in data:
        data = data.replace(b"\n ", b"")
    if b"\n\t" in data:
        data = data.replace(b"\n\t", b"")
    return data
