"""Zip archives of calendars: opened once, and never trusted."""

from __future__ import annotations

import io
import weakref
import zipfile
import zlib
from contextlib import ExitStack
from pathlib import Path

from calsight.errors import PayloadInvalidError, SourceError
from calsight.kit.secrets import printable
from calsight_ics.costs import Budget, Limits
from calsight_ics.places.text import Text, spooled

#: The bytes of a table of contents for each file that one may list: the longest names stay well below.
_ENTRY = 300
#: What zipfile raises for an archive that is no longer one; some of it only for names and fields that no program writes.
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OverflowError)


class _Careful(io.FileIO):
    """A file of which no table of contents is read that would fill the memory."""

    most: int

    def read(self, size: int | None = -1) -> bytes:
        """As every file; too much at once is an error."""
        if size is not None and size > self.most:
            raise _TooManyError
        return super().read(-1 if size is None else size) or b""


class _TooManyError(Exception):
    """The table of contents is larger than any archive of so many files has."""


class Archive:
    """One archive, open for as long as this object lives."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Raises `SourceError`, and `OSError` where the file cannot be opened."""
        self.path = path
        file = _Careful(path)
        file.most = max(limits.files * _ENTRY, 1 << 20)
        with ExitStack() as stack:
            stack.enter_context(file)
            try:
                self._zip = zipfile.ZipFile(file)
                self.members = self._zip.infolist()
            except _TooManyError:
                raise SourceError(_too_many(path, limits)) from None
            except (*_DAMAGED, NotImplementedError):
                raise PayloadInvalidError(f"{printable(path)}: {_BROKEN}") from None
            if len(self.members) > limits.files:
                raise SourceError(_too_many(path, limits))
            stack.pop_all()
        self.close = weakref.finalize(self, file.close)

    def read(self, member: int, name: str, budget: Budget, password: str, stack: ExitStack) -> Text:
        """The bytes of one member."""
        try:
            with self._zip.open(self.members[member], pwd=password.encode() or None) as stream:
                return spooled(stream, name, budget, stack)
        except (RuntimeError, NotImplementedError):
            how = "the password is wrong" if password else "it is encrypted"
            raise PayloadInvalidError(
                f"{name}: {how}. Unpack the archive yourself and name the folder, or set `password` under "
                "[connectors.ics]."
            ) from None
        except _DAMAGED:
            raise PayloadInvalidError(f"{name}: {_BROKEN}") from None


_BROKEN = "the archive is damaged. Download or export it again."


def _too_many(path: Path, limits: Limits) -> str:
    return (
        f"{printable(path)}: holds more than {limits.files:,} files. Unpack the calendars, or raise `max_files` under "
        "[connectors.ics]."
    )


def is_archive(path: Path) -> bool:
    """Whether a file is a zip archive at all."""
    with path.open("rb") as file:
        return zipfile.is_zipfile(file)


def calendars_in(path: Path, suffixes: tuple[str, ...], limits: Limits) -> list[tuple[int, str]]:
    """The calendars of an archive by name, each with its number. Raises `SourceError`."""
    try:
        archive = Archive(path, limits)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise SourceError(f"{printable(path)}: cannot be read ({why}).") from None
    with _closing(archive):
        found = [
            (info.filename, number)
            for number, info in enumerate(archive.members)
            if not info.is_dir()
            and info.filename.lower().endswith(suffixes)
            and not info.filename.startswith("__MACOSX/")
        ]
    return [(number, name) for name, number in sorted(found)]


def _closing(archive: Archive) -> ExitStack:
    stack = ExitStack()
    stack.callback(archive.close)
    return stack
