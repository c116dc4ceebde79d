"""One place opened: its bytes as UTF-8 text, lines ended by LF or CRLF."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from calsight.errors import PayloadInvalidError, SourceError
from calsight_ics.places.finding import MEMBER, MESSAGES, STDIN, files_of_folder
from calsight_ics.places.text import Limits, Text, mapped, readable, spooled, to_utf8, too_large, unpacked


@contextmanager
def opened(place: str, limits: Limits, *, password: str = "", stdin: bytes | None = None) -> Iterator[Text]:
    """The bytes of one place as UTF-8 text, without a byte order mark, lines ended by LF or CRLF.

    Raises `PayloadInvalidError` for what is no calendar (HTML, a picture, an encrypted archive …), `SourceError` for what
    cannot be read.
    """
    with ExitStack() as stack:
        try:
            raw = _raw(place, limits, password, stdin, stack)
            text = readable(raw, label(place), stack)
        except OSError as error:
            raise SourceError(f"{label(place)}: cannot be read ({error.strerror or type(error).__name__}).") from None
        yield text


def label(place: str) -> str:
    """How a place is called in messages."""
    return "standard input" if place == STDIN else place


def _raw(place: str, limits: Limits, password: str, stdin: bytes | None, stack: ExitStack) -> Text:
    if place == STDIN:
        return unpacked(stdin or b"", label(place), limits, stack)
    folder = Path(place.removesuffix(f"{MEMBER}{MESSAGES}"))
    if folder.is_dir():
        return _joined(folder, limits, messages=folder != Path(place))
    outer, mark, member = place.partition(MEMBER)
    while mark and not Path(outer).is_file():
        more, mark, member = member.partition(MEMBER)
        outer = f"{outer}{MEMBER}{more}"
    path = Path(outer)
    if mark:
        return _member(path, member, limits, password, stack)
    if not path.exists():
        raise SourceError(f"{place}: no such file. Check the path, or export your calendar as .ics first.")
    size = path.stat().st_size
    if size > limits.size:
        raise SourceError(too_large(place, limits.size))
    if not size:
        raise PayloadInvalidError(f"{place}: the file is empty. Export the calendar again.")
    return unpacked(mapped(stack.enter_context(path.open("rb")), stack), place, limits, stack)


def _member(path: Path, member: str, limits: Limits, password: str, stack: ExitStack) -> Text:
    import zipfile
    import zlib

    name = f"{path}{MEMBER}{member}"
    try:
        with zipfile.ZipFile(path) as archive, archive.open(member, pwd=password.encode() or None) as stream:
            text = spooled(stream, name, limits.size, stack)
    except KeyError:
        raise SourceError(f"{name}: there is no such file in the archive.") from None
    except (RuntimeError, NotImplementedError):
        how = "the password is wrong" if password else "it is encrypted"
        raise PayloadInvalidError(
            f"{name}: {how}. Unpack the archive yourself and name the folder, or set `password` under [connectors.ics]."
        ) from None
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise PayloadInvalidError(f"{name}: the archive is damaged. Download or export it again.") from None
    return unpacked(text, name, limits, stack)


def _joined(folder: Path, limits: Limits, *, messages: bool) -> bytes:
    """The files of a vdir, or the messages of a folder, as one text; files are small, so this stays in memory."""
    parts = []
    size = 0
    for file in files_of_folder(folder, messages=messages):
        data = file.read_bytes()
        size += len(data)
        if size > limits.size:
            raise SourceError(too_large(str(folder), limits.size))
        with ExitStack() as stack:
            parts.append(bytes(to_utf8(data, stack)[:]))
    return b"\n".join(parts)


def read_stdin(limits: Limits) -> bytes:
    """Standard input, whole. Raises `SourceError` where nothing is piped in."""
    stream = sys.stdin
    if stream is None or stream.isatty():
        raise SourceError("standard input: nothing is piped in. Try: calsight report - < calendar.ics")
    data = stream.buffer.read(limits.size + 1)
    if len(data) > limits.size:
        raise SourceError(too_large("standard input", limits.size))
    if not data:
        raise PayloadInvalidError("standard input: it is empty. Pipe an .ics calendar into calsight.")
    return data
