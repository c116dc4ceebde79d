"""One place opened: its bytes as UTF-8 text, lines ended by LF or CRLF."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from calsight.errors import PayloadInvalidError, SourceError
from calsight.kit.access import require_file
from calsight.kit.secrets import printable
from calsight.protocols import Access
from calsight_ics.costs import Budget, Limits, too_large
from calsight_ics.places.archives import Archive
from calsight_ics.places.finding import STDIN, Place
from calsight_ics.places.text import Text, mapped, readable, to_utf8, unpacked


class Opener:
    """Opens places within `access`; an archive with many calendars is opened once."""

    def __init__(self, limits: Limits, access: Access, password: str = "") -> None:
        self._limits = limits
        self._access = access
        self._password = password
        self._archive: Archive | None = None

    @contextmanager
    def opened(self, place: Place, budget: Budget, stdin: bytes = b"") -> Iterator[Text]:
        """The bytes of one place as UTF-8 text, without a byte order mark, lines ended by LF or CRLF.

        Raises `PayloadInvalidError` for what is no calendar (HTML, a picture, an encrypted archive …), `SourceError` for what
        cannot be read.
        """
        name = label(place)
        with ExitStack() as stack:
            try:
                raw = self._raw(place, name, budget, stdin, stack)
                text = readable(raw, name, stack)
            except OSError as error:
                raise SourceError(f"{name}: cannot be read ({error.strerror or type(error).__name__}).") from None
            yield text

    def _raw(self, place: Place, name: str, budget: Budget, stdin: bytes, stack: ExitStack) -> Text:
        if place.trouble:
            raise SourceError(place.trouble)
        if place.id == STDIN:
            return unpacked(stdin, name, budget, stack)
        for file in place.files or (place.path,):
            require_file(self._access, file)
        if place.files:
            return _joined(place, name, budget)
        if place.member >= 0:
            text = self._of(place).read(place.member, name, budget, self._password, stack)
            return unpacked(text, name, budget, stack)
        return _file(place, name, budget, stack)

    def _of(self, place: Place) -> Archive:
        """The archive of that place, opened, in place of the one before."""
        if self._archive is None or self._archive.path != place.path:
            self.close()
            self._archive = Archive(place.path, self._limits)
        return self._archive

    def close(self) -> None:
        """Close what is open."""
        if self._archive is not None:
            self._archive.close()
            self._archive = None


def label(place: Place) -> str:
    """How a place is called in messages."""
    if place.id == STDIN:
        return "standard input"
    return printable(place.path) + (place.id[place.id.rfind("!/") :] if place.member >= 0 else "")


def _file(place: Place, name: str, budget: Budget, stack: ExitStack) -> Text:
    try:
        state = place.path.stat()
    except FileNotFoundError:
        raise SourceError(f"{name}: no such file. Check the path, or export your calendar as .ics first.") from None
    if not stat.S_ISREG(state.st_mode):
        raise SourceError(f"{name}: this is no ordinary file.")
    budget.take(state.st_size, name)
    if not state.st_size:
        raise PayloadInvalidError(f"{name}: the file is empty. Export the calendar again.")
    return unpacked(mapped(stack.enter_context(place.path.open("rb")), stack), name, budget, stack)


def _joined(place: Place, name: str, budget: Budget) -> bytes:
    """The files of a vdir, or the messages of a folder, as one text; files are small, so this stays in memory."""
    parts = []
    for file in place.files:
        data = file.read_bytes()
        budget.take_copy(len(data), name)
        with ExitStack() as stack:
            parts.append(bytes(to_utf8(data, stack)[:]))
    return b"\n".join(parts)


def read_stdin(limits: Limits) -> bytes:
    """Standard input, whole. Raises `SourceError` where nothing is piped in."""
    stream = sys.stdin
    if stream is None or stream.isatty():
        raise SourceError("standard input: nothing is piped in. Try: calsight report - < calendar.ics")
    data = stream.buffer.read(limits.copies + 1)
    if len(data) > limits.copies:
        raise SourceError(too_large("standard input", limits.copies, "max_unpacked_mb"))
    if not data:
        raise PayloadInvalidError("standard input: it is empty. Pipe an .ics calendar into calsight.")
    return data
