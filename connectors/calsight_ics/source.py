"""Where the bytes of a calendar come from: files, folders, `.zip`, `.gz` and standard input.

A **place** is something to open: a path, a member of an archive (`takeout.zip!/Work.ics`), a folder of single-event files
(a "vdir"), or `-`. `places` finds them; `opened` gives one place's bytes as UTF-8, mapped or spooled to a temporary file, so
that a big calendar does not have to fit into memory.
"""

from __future__ import annotations

import codecs
import mmap
import re
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from calsight.errors import PayloadInvalidError, SourceError

#: What the bytes of a calendar may be held in. Both find, slice and have a length.
Text = bytes | mmap.mmap

MEMBER = "!/"
STDIN = "-"
_CALENDAR_SUFFIXES = (".ics", ".ical", ".icalendar", ".ifb", ".ics.gz", ".ical.gz")
_ARCHIVE_SUFFIXES = (".zip",)
#: A vdir file holds one event; a bigger one is a calendar of its own.
_VDIR_FILE_LIMIT = 256 * 1024
_CHUNK = 1 << 20
#: Smaller than this is held in memory, larger on disk.
_SPOOL = 8 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """One calendar to open. `name` is for people."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How much may be read. `size` is in bytes after unpacking; `seconds` is the time for a download."""

    size: int = 2_000_000_000
    download: int = 200_000_000
    seconds: float = 120.0


def places(reference: str) -> list[Place]:
    """The calendars of a file, a folder (recursively) or an archive. Raises `SourceError` where there are none."""
    path = Path(reference).expanduser()
    try:
        if path.is_dir():
            found = list(_in_folder(path))
            if not found:
                raise SourceError(f"{reference}: no calendars in this folder. Put exported .ics or .zip files into it.")
            return found
        if not path.exists():
            raise SourceError(f"{reference}: no such file. Check the path, or export your calendar as .ics first.")
        return _of_file(path, reference)
    except OSError as error:
        raise SourceError(f"{reference}: cannot be read ({error.strerror or type(error).__name__}).") from None


def _of_file(path: Path, reference: str) -> list[Place]:
    with path.open("rb") as file:
        starts = file.read(2)
    if starts != b"PK" and path.suffix.lower() not in _ARCHIVE_SUFFIXES:
        return [Place(str(path), path.name)]
    import zipfile

    if not zipfile.is_zipfile(path):
        return [Place(str(path), path.name)]
    found = _in_archive(path)
    if not found:
        raise PayloadInvalidError(
            f"{reference}: no calendars in this archive. Takeout archives hold them as .ics files."
        )
    return found


def _in_folder(folder: Path) -> Iterator[Place]:
    """Files first, then sub-folders, both by name; hidden ones and links to folders are left alone."""
    inside = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    files = [entry for entry in inside if entry.is_file() and entry.name.lower().endswith(_CALENDAR_SUFFIXES)]
    events = [file for file in files if _is_whole(file)]
    if _is_vdir(events):
        yield Place(str(folder), _vdir_name(folder))
        files = [file for file in files if file not in events]  # opening each says what is wrong with it
    yield from (Place(str(entry), entry.name) for entry in files)
    for entry in inside:
        if entry.is_dir() and not entry.is_symlink():
            yield from _in_folder(entry)
        elif entry.is_file() and entry.name.lower().endswith(_ARCHIVE_SUFFIXES):
            import zipfile

            try:
                members = _in_archive(entry)
            except (zipfile.BadZipFile, NotImplementedError):
                members = [Place(str(entry), entry.name)]  # opening it says what is wrong
            yield from members


def _in_archive(path: Path) -> list[Place]:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        names = sorted(
            info.filename
            for info in archive.infolist()
            if not info.is_dir()
            and info.filename.lower().endswith(_CALENDAR_SUFFIXES)
            and not info.filename.startswith("__MACOSX/")
        )
    return [Place(f"{path}{MEMBER}{name}", f"{path.name}: {name.rpartition('/')[2]}") for name in names]


_UID = re.compile(rb"(?im)^UID[:;][^\r\n]*(?:\r?\n[ \t][^\r\n]*)*")


def _is_whole(file: Path) -> bool:
    """Whether a small file is a calendar from its beginning to its end, and may so be one of a vdir."""
    if file.stat().st_size > _VDIR_FILE_LIMIT:
        return True
    data = file.read_bytes()
    return b"BEGIN:VCALENDAR" in data and b"END:VCALENDAR" in data


def _is_vdir(files: list[Path]) -> bool:
    """Whether these files are the single events of one calendar, one file an event, as vdirsyncer and khal keep them."""
    if len(files) < 2:
        return False
    for file in files:
        if file.suffix.lower() == ".gz" or file.stat().st_size > _VDIR_FILE_LIMIT:
            return False
        data = file.read_bytes()
        if b"X-WR-CALNAME" in data or len(set(_UID.findall(data))) > 1:
            return False
    return True


def _vdir_name(folder: Path) -> str:
    label = folder / "displayname"
    try:
        return label.read_text("utf-8").strip() or folder.name
    except (OSError, UnicodeDecodeError):
        return folder.name


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
    outer, mark, member = place.partition(MEMBER)
    while mark and not Path(outer).is_file():
        more, mark, member = member.partition(MEMBER)
        outer = f"{outer}{MEMBER}{more}"
    path = Path(outer)
    if mark:
        return _member(path, member, limits, password, stack)
    if path.is_dir():
        return _joined(path, limits)
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


def _joined(folder: Path, limits: Limits) -> bytes:
    """The files of a vdir as one text; files are small, so this stays in memory."""
    parts = []
    size = 0
    for file in sorted(folder.iterdir()):
        if not file.name.startswith(".") and file.is_file() and file.name.lower().endswith(_CALENDAR_SUFFIXES):
            if not _is_whole(file):
                continue  # a place of its own
            data = file.read_bytes()
            size += len(data)
            if size > limits.size:
                raise SourceError(too_large(str(folder), limits.size))
            with ExitStack() as stack:
                parts.append(bytes(to_utf8(data, stack)[:]))
    return b"\n".join(parts)


def unpacked(text: Text, name: str, limits: Limits, stack: ExitStack) -> Text:
    """Undo gzip, seen by its first bytes and not by the file's name; a zip inside is refused."""
    if text[:2] == b"\x1f\x8b":
        import gzip
        import zlib

        try:
            with gzip.GzipFile(fileobj=_stream(text, stack)) as stream:
                return spooled(stream, name, limits.size, stack)
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


def _stream(text: Text, stack: ExitStack) -> IO[bytes]:
    import io

    if isinstance(text, bytes):
        return io.BytesIO(text)
    text.seek(0)
    return text  # type: ignore[return-value]  # a map reads like a file


def spooled(stream: Any, name: str, limit: int, stack: ExitStack) -> Text:
    """All that `stream` gives, as `gathered` keeps it. Raises `SourceError` over `limit`."""

    def chunks() -> Iterator[bytes]:
        size = 0
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise SourceError(too_large(name, limit))
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


def too_large(name: str, limit: int) -> str:
    """The message for a source over its limit."""
    size = f"{limit / 1e6:,.0f} MB" if limit >= 1e6 else f"{limit:,} bytes"
    return f"{name}: larger than {size}. Export a shorter span, or raise the limit under [connectors.ics]."


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


def readable(text: Text, name: str, stack: ExitStack) -> Text:
    """`text` as UTF-8 if it is a calendar at all; else `PayloadInvalidError` with what it looks like."""
    text = to_utf8(text, stack)
    if text.find(b"BEGIN:VCALENDAR") >= 0 or _CALENDAR.search(text):
        return text
    raise PayloadInvalidError(f"{name}: {_looks_like(text[:4096])}")


_CALENDAR = re.compile(rb"(?im)^begin[ \t]*:[ \t]*(?:vcalendar|vevent|vtodo|vfreebusy|vjournal)\b")


def _looks_like(head: bytes) -> str:
    start = head.lstrip().lower()
    if not start:
        return "the file is empty. Export the calendar again."
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<?xml")) or b"<html" in start:
        return (
            "this is a web page, not a calendar; perhaps a sign-in page. Use the calendar's own iCal address (it ends in "
            ".ics), or export the file again."
        )
    if b"\x00" in head:
        return "this is a binary file, not an iCalendar file. Export the calendar as .ics."
    if start.startswith(b"begin:vcard"):
        return "these are contacts (vCard), not a calendar. Export the calendar as .ics."
    if start.startswith((b"{", b"[")):
        return "this is JSON, not an iCalendar file. Export the calendar as .ics."
    return "this is not an iCalendar file (there is no BEGIN:VCALENDAR in it). Export the calendar as .ics."


_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def to_utf8(text: Text, stack: ExitStack) -> Text:
    """`text` in UTF-8 with a line feed in each line end. What is neither is rewritten in chunks, a big text on disk."""
    head = text[:4096]
    encoding = ""
    if head.startswith(_UTF16_MARKS):
        encoding = "utf-16"
    elif head[:2] in (b"B\x00", b"\x00B"):
        encoding = "utf-16-le" if head[0] else "utf-16-be"
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
