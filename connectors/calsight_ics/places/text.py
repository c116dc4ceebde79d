"""The bytes of one calendar as UTF-8 text, mapped or spooled to a temporary file: a big one need not fit into memory."""

from __future__ import annotations

import codecs
import mmap
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from time import thread_time
from typing import IO, Any

from calsight.errors import PayloadInvalidError, SourceError
from calsight_ics.working import Check

#: What the bytes of a calendar may be held in. Both find, slice and have a length.
Text = bytes | mmap.mmap

_CHUNK = 1 << 20
#: Smaller than this is held in memory, larger on disk.
_SPOOL = 8 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one source is read, all of its files together. Each is a setting of `[connectors.ics]`, named behind it.

    size         bytes of files (`max_mb`)
    download     bytes from a web address, as they come and unpacked (`max_download_mb`)
    copies       bytes that are unpacked, joined or piped in (`max_unpacked_mb`)
    seconds      time for a download (`timeout`)
    files        files in a folder or archive, and calendars joined in one that do not agree (`max_files`)
    calendars    calendars in a folder or archive (`max_calendars`)
    entries      entries, read or not (`max_entries`)
    occurrences  events in a window of half a year; in a longer one as many more (`max_occurrences`)
    work         seconds of this processor for entries that libraries read and zones that the calendar defines, in a window
                 of half a year; in a longer one as many more (`max_seconds`)
    memory       bytes of what is held, as reckoned from what it holds (`max_memory_mb`)
    """

    size: int = 2_000_000_000
    download: int = 200_000_000
    copies: int = 400_000_000
    seconds: float = 120.0
    files: int = 100_000
    calendars: int = 2_000
    entries: int = 400_000
    occurrences: int = 200_000
    work: float = 4.0
    memory: int = 400_000_000

    @property
    def of_a_download(self) -> Limits:
        """The limits of what comes from a web address."""
        return replace(self, size=self.download, copies=self.download)


_RAISE = "Export a shorter span, ask for fewer weeks, or raise `{}` under [connectors.ics]."


@dataclass(slots=True)
class Budget:
    """What is left of the limits for one source."""

    limits: Limits
    size: int = 0
    copies: int = 0
    entries: int = 0
    occurrences: float = 0
    work: float = 0.0
    memory: int = 0
    _mark: float | None = None
    _read: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, limits: Limits) -> Budget:
        """All that there is at the beginning."""
        budget = cls(limits)
        budget.again("")
        return budget

    def again(self, place: str) -> None:
        """Begin with a place. Where one is read a second time, all is read anew, and everything is there again."""
        if place in self._read or not place:
            limits = self.limits
            self.size, self.copies, self.work = limits.size, limits.copies, limits.work
            self.entries, self.occurrences, self.memory = limits.entries, limits.occurrences, limits.memory
            self._read.clear()
        self._read.add(place)

    def check_entries(self, entries: int, name: str) -> None:
        """Raise `SourceError` for more entries than are left, before anything is kept of them."""
        if entries > self.entries:
            raise SourceError(f"{name}: more than {self.entries:,} entries. {_RAISE.format('max_entries')}")

    def check_objects(self, objects: int, name: str) -> None:
        """Raise `SourceError` for more calendars, joined in one file or folder, than there may be files."""
        if objects > self.limits.files:
            raise SourceError(
                f"{name}: joins more than {self.limits.files:,} calendars that differ. {_RAISE.format('max_files')}"
            )

    def enter(self, entries: int, name: str) -> None:
        """Take entries."""
        self.check_entries(entries, name)
        self.entries -= entries

    def occur(self, events: int, halves: float, name: str) -> None:
        """Take events of a window of so many half years (1 or more)."""
        self.occurrences -= events / halves
        if self.occurrences < 0:
            raise SourceError(
                f"{name}: more meetings in the days that were asked for than anybody can have. "
                f"{_RAISE.format('max_occurrences')}"
            )

    @contextmanager
    def working(self, halves: float, name: str) -> Iterator[Check]:
        """What this thread does in here counts, in a window of so many half years; where one is within another, once.

        Raises `SourceError` where the time for this source is used up.
        """
        check = partial(self._check_work, halves, name)
        if self._mark is not None:
            yield check
            return
        self._mark = thread_time()
        try:
            yield check
        finally:  # what ends in an error has taken its time too
            self._count_work(halves)
            self._mark = None
        check()

    def _count_work(self, halves: float) -> None:
        if self._mark is not None:
            now = thread_time()
            self.work, self._mark = self.work - (now - self._mark) / halves, now

    def _check_work(self, halves: float, name: str) -> None:
        self._count_work(halves)
        if self.work < 0:
            raise SourceError(f"{name}: takes too long to read. {_RAISE.format('max_seconds')}")

    def hold(self, size: int, name: str) -> None:
        """Take bytes of memory for what is kept of a source."""
        if size > self.memory:
            most = f"{self.limits.memory / 1e6:,.0f} MB"
            raise SourceError(f"{name}: holds more than fits into {most} of memory. {_RAISE.format('max_memory_mb')}")
        self.memory -= size

    def take(self, size: int, name: str) -> None:
        """Take bytes of a file. Raises `SourceError` where they are no longer there."""
        if size > self.size:
            raise SourceError(too_large(name, self.limits.size, "max_mb"))
        self.size -= size

    def take_copy(self, size: int, name: str) -> None:
        """Likewise bytes that are kept beside their file."""
        if size > self.copies:
            raise SourceError(too_large(name, self.limits.copies, "max_unpacked_mb"))
        self.copies -= size


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


def too_large(name: str, limit: int, setting: str) -> str:
    """The message for a source over its limit."""
    size = f"{limit / 1e6:,.0f} MB" if limit >= 1e6 else f"{limit:,} bytes"
    return (
        f"{name}: larger than the {size} that `{setting}` under [connectors.ics] allows, all files together. Export a shorter "
        "span, or raise it."
    )


def readable(text: Text, name: str, stack: ExitStack) -> Text:
    """`text` as UTF-8 if it is a calendar at all; else `PayloadInvalidError` with what it looks like."""
    text = to_utf8(text, stack)
    if text.find(b"BEGIN:VCALENDAR") >= 0 or _CALENDAR.search(text):
        return text
    raise PayloadInvalidError(f"{name}: {_looks_like(text[:4096], name)}")


_CALENDAR = re.compile(rb"(?im)^begin[ \t]*:[ \t]*(?:vcalendar|vevent|vtodo|vfreebusy|vjournal)\b")


_GOOGLE = "In Google Calendar: Settings, Import & export, Export (a .zip, which is read as it is)."
_OUTLOOK = "In Outlook, open the calendar: File, Save Calendar, as iCalendar (.ics) with full details."
#: What other programs' files are, by their ending or how they begin, and how to get a calendar instead.
_OTHERS = (
    ((".pst", ".ost"), (b"!bdn",), f"this is Outlook's own data file, which only Outlook opens. {_OUTLOOK}"),
    (
        (".olm",),
        (),
        "this is an archive of Outlook for Mac. In its calendar, drag the calendar's name to the desktop (.ics).",
    ),
    ((".msg",), (b"\xd0\xcf\x11\xe0",), f"this is one message or document of Outlook's, not a calendar. {_OUTLOOK}"),
    (
        (".eml", ".mbox"),
        (b"received:", b"return-path:", b"delivered-to:", b"from:", b"mime-version:"),
        "this is mail, not a calendar. If an invitation is attached, save that (.ics); for a whole calendar export it. "
        f"{_GOOGLE} {_OUTLOOK} In Apple Calendar: File, Export.",
    ),
    (
        (".csv", ".tsv", ".xls", ".xlsx"),
        (b'"subject"', b"subject,", b"subject;", b'"betreff"', b"betreff,", b"betreff;"),
        f"this is a table, not a calendar. {_OUTLOOK} {_GOOGLE}",
    ),
)


def _looks_like(head: bytes, name: str = "") -> str:
    start = head.lstrip().lower()
    if start:
        for endings, beginnings, said in _OTHERS:
            if name.lower().endswith(endings) or start.startswith(beginnings):
                return said
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
