"""The bytes of one calendar as UTF-8 text, mapped or spooled to a temporary file: a big one need not fit into memory."""

from __future__ import annotations

import codecs
import mmap
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from typing import IO, Any

from calsight.errors import PayloadInvalidError
from calsight_ics.costs import Budget
from calsight_ics.places.others import looks_like

#: What the bytes of a calendar may be held in. Both find, slice and have a length.
Text = bytes | mmap.mmap

_CHUNK = 1 << 20
#: Smaller than this is held in memory, larger on disk.
_SPOOL = 8 << 20


def unpacked(text: Text, name: str, budget: Budget, stack: ExitStack) -> Text:
    """Undo gzip, seen by its first bytes and not by the file's name; a zip inside is refused."""
    if text[:2] == b"\x1f\x8b":
        import gzip
        import zlib

        try:
            with gzip.GzipFile(fileobj=_stream(text)) as stream:
                return spooled(stream, name, budget, stack)
        except (gzip.BadGzipFile, zlib.error, EOFError):
            raise PayloadInvalidError(
                f"{name}: the gzip file is damaged or cut off. Download or export it again."
            ) from None
    if text[:4] == b"PK\x03\x04":
        raise PayloadInvalidError(
            f"{name}: this is a zip archive, and a damaged one if its name ends in .zip. Save it as a .zip file (again) and "
            "name that."
        )
    return text


def _stream(text: Text) -> IO[bytes]:
    import io

    if isinstance(text, bytes):
        return io.BytesIO(text)
    text.seek(0)
    return text  # type: ignore[return-value]  # a map reads like a file


def spooled(stream: Any, name: str, budget: Budget, stack: ExitStack) -> Text:
    """All that `stream` gives, as `gathered` keeps it. Raises `SourceError` where that is too much."""

    def chunks() -> Iterator[bytes]:
        while chunk := stream.read(_CHUNK):
            budget.take_copy(len(chunk), name)
            yield chunk

    return _closing(gathered(chunks()), stack)


def gathered(chunks: Iterable[bytes]) -> Text:
    """The chunks as one text: in memory if small, else mapped from a temporary file, which goes when the map does."""
    import tempfile

    with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as file:
        size = sum(file.write(chunk) for chunk in chunks)
        file.seek(0)
        if size <= _SPOOL:
            return file.read()
        file.flush()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _closing(text: Text, stack: ExitStack) -> Text:
    """`text`, whose map is closed with the stack."""
    return stack.enter_context(text) if isinstance(text, mmap.mmap) else text


def mapped(file: IO[bytes], stack: ExitStack) -> mmap.mmap:
    """A file's bytes without reading them."""
    return stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def readable(text: Text, name: str, stack: ExitStack) -> Text:
    """`text` as UTF-8 if it is a calendar at all; else `PayloadInvalidError` with what it looks like."""
    text = to_utf8(text, stack)
    if text.find(b"BEGIN:VCALENDAR") >= 0 or _CALENDAR.search(text):
        return text
    raise PayloadInvalidError(f"{name}: {looks_like(text[:4096], name)}")


_CALENDAR = re.compile(rb"(?im)^begin[ \t]*:[ \t]*(?:vcalendar|vevent|vtodo|vfreebusy|vjournal)\b")


_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
#: How ISO-2022-JP, which has no byte beyond ASCII, begins to write Japanese.
_JAPANESE_FOLLOWS = b"\x1b$"


def to_utf8(text: Text, stack: ExitStack) -> Text:
    """`text` in UTF-8 with a line feed in each line end. What is neither is rewritten in chunks, a big text on disk."""
    head = text[:4096]
    encoding = ""
    if head.startswith(_UTF16_MARKS):
        encoding = "utf-16"
    elif head[:2] in (b"B\x00", b"\x00B"):
        encoding = "utf-16-le" if head[0] else "utf-16-be"
    elif _JAPANESE_FOLLOWS in text[:_CHUNK]:
        encoding = "iso2022_jp_ext"
    if encoding:
        text = _closing(gathered(_recoded(text, encoding)), stack)
    elif head.startswith(_UTF8_MARK):
        text = _closing(gathered(_chunks(text, len(_UTF8_MARK))), stack)
    head = text[:4096]
    if b"\r" in head and b"\n" not in head and text.find(b"\n") < 0:
        return _closing(gathered(chunk.replace(b"\r", b"\n") for chunk in _chunks(text)), stack)
    return text


def _recoded(text: Text, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for chunk in _chunks(text):
        yield decoder.decode(chunk).encode()
    yield decoder.decode(b"", final=True).encode()


def _chunks(text: Text, start: int = 0) -> Iterator[bytes]:
    return (text[at : at + _CHUNK] for at in range(start, len(text), _CHUNK))
