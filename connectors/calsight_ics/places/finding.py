"""Which calendars there are: a file, a folder, an archive.

A **place** is something to open: a file, a member of an archive, the single-event files of a folder (a "vdir"), the messages in
a folder, or standard input. What cannot be looked at is a place too: opening it says what is wrong, and the others are read.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from calsight.errors import PayloadInvalidError, SourceError
from calsight.kit.access import may_read, require_file
from calsight.kit.secrets import forgotten_scheme, printable
from calsight.protocols import Access
from calsight_ics.costs import Limits
from calsight_ics.places.archives import calendars_in, is_archive

#: Between the path of an archive and the name of its member.
MEMBER = "!/"
#: In place of a member: the messages in a folder.
MESSAGES = "*"
#: Standard input.
STDIN = "-"
SUFFIXES = (".ics", ".ical", ".icalendar", ".ifb", ".ics.gz", ".ical.gz")
_ARCHIVE_SUFFIXES = (".zip",)
#: A vdir file holds one event; a bigger one is a calendar of its own.
_VDIR_FILE_LIMIT = 256 * 1024
#: So much of a calendar's label is read.
_LABEL = 1000


@dataclass(frozen=True, slots=True)
class Place:
    """One calendar to open.

    id        for programs; `name` for people
    path      the file or folder; of standard input `-`
    member    which file of an archive: the number of its entry; -1 where the file itself is meant
    files     the files that are one calendar together
    trouble   why it cannot be read; "" where nobody knows yet
    """

    id: str
    name: str
    path: Path
    member: int = -1
    files: tuple[Path, ...] = ()
    trouble: str = ""


def places(reference: str, access: Access | None = None, limits: Limits | None = None) -> list[Place]:
    """The calendars of a file, a folder (recursively) or an archive. Raises `SourceError` where there are none."""
    access, limits = access or Access(), limits or Limits()
    path = Path(reference).expanduser()
    require_file(access, path)
    try:
        if path.is_dir():
            found = list(_numbered(_in_folder(path, access, limits), path, limits))
            if not found:
                raise SourceError(f"{reference}: no calendars in this folder. Put exported .ics or .zip files into it.")
            return found
        if not path.exists():
            if host := forgotten_scheme(reference):
                raise SourceError(f"{host}/…: no such file. If it is a web address, write https:// before it.")
            raise SourceError(f"{reference}: no such file. Check the path, or export your calendar as .ics first.")
        if not path.is_file():
            raise SourceError(f"{reference}: this is no ordinary file. Pipe it in: calsight report - < {reference}")
        return list(_numbered(_of_file(path, reference, limits), path, limits))
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise SourceError(f"{reference}: cannot be read ({why}).") from None


def _numbered(found: Iterator[Place], where: Path, limits: Limits) -> Iterator[Place]:
    """The places up to the limit; the rest is one place of its own, which says so."""
    for number, place in enumerate(found):
        if number == limits.calendars:
            text = (
                f"{printable(where)}: holds more than {limits.calendars:,} calendars, and those beyond were not read. Name a "
                "smaller folder, or raise `max_calendars` under [connectors.ics]."
            )
            yield replace(_place(where), id=f"{printable(where)}{MEMBER}…", trouble=text)
            return
        yield place


def _place(path: Path, *, trouble: str = "") -> Place:
    return Place(str(path) if _is_plain(path) else repr(os.fsencode(path)), printable(path.name), path, trouble=trouble)


def _is_plain(path: Path) -> bool:
    """Whether the path is text, and no bytes that only a file system understands."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return False
    return True


def _of_file(path: Path, reference: str, limits: Limits) -> Iterator[Place]:
    with path.open("rb") as file:
        starts = file.read(2)
    if (starts != b"PK" and path.suffix.lower() not in _ARCHIVE_SUFFIXES) or not is_archive(path):
        yield _place(path)
        return
    found = list(_in_archive(path, limits))
    if not found:
        raise PayloadInvalidError(
            f"{reference}: no calendars in this archive. Takeout archives hold them as .ics files."
        )
    yield from found


def _in_folder(folder: Path, access: Access, limits: Limits) -> Iterator[Place]:
    """Files first, then archives and sub-folders, by name; hidden ones and links to folders are left alone."""
    looks = _Looks(access, limits)
    waiting, left = [(folder, "folder")], limits.files
    while waiting:
        here, kind = waiting.pop()
        if kind == "archive":
            yield from _in_archive(here, limits) if may_read(access, here) else [_place(here)]
            continue
        try:
            with os.scandir(here) as entries:
                names = [entry.name for entry in islice(entries, left + 1)]
        except OSError as error:
            yield _place(here, trouble=f"{printable(here)}: cannot be read ({error.strerror or type(error).__name__}).")
            continue
        if len(names) > left:
            text = (
                f"{printable(folder)}: holds more than {limits.files:,} files, and nothing further was read. Name a smaller "
                "folder, or raise `max_files` under [connectors.ics]."
            )
            yield replace(_place(here), id=f"{printable(here)}{MEMBER}…", trouble=text)
            return
        left -= len(names)
        kinds = [(entry, _kind(entry)) for entry in sorted(here / name for name in names if not name.startswith("."))]
        yield from _files([entry for entry, kind in kinds if kind == "file"], here, looks)
        waiting += reversed([(entry, kind) for entry, kind in kinds if kind in ("archive", "folder")])


def _kind(entry: Path) -> str:
    """What to do with an entry of a folder; "" for what is left alone."""
    try:
        mode = entry.stat().st_mode
        if stat.S_ISDIR(mode):
            return "" if entry.is_symlink() else "folder"
    except OSError:  # a link that leads nowhere, or a path that is too long
        return ""
    name = entry.name.lower()
    if not stat.S_ISREG(mode):  # a pipe or a device would never end
        return ""
    return "file" if name.endswith(SUFFIXES) else "archive" if name.endswith(_ARCHIVE_SUFFIXES) else ""


def _files(files: list[Path], folder: Path, looks: _Looks) -> Iterator[Place]:
    """The calendars that the files of one folder are: each one, or several together."""
    seen = {file: looks.at(file) for file in files}
    whole = [file for file in files if _holds(seen[file])]
    if _is_vdir([seen[file] for file in whole]):
        yield replace(_place(folder), name=_vdir_name(folder, looks.access), files=tuple(whole))
        files = [file for file in files if not _holds(seen[file])]  # opening each says what is wrong with it
    messages = [file for file in files if (look := seen[file]) is not None and look.message]
    if len(messages) > 1:  # about one meeting, perhaps: an invitation, its update, an answer
        place = replace(_place(folder), name=f"{printable(folder.name)}: messages", files=tuple(messages))
        yield replace(place, id=f"{place.id}{MEMBER}{MESSAGES}")
        together = frozenset(messages)
        files = [file for file in files if file not in together]
    yield from map(_place, files)


def _holds(look: _Look | None) -> bool:
    """Whether a file holds a calendar from its beginning to its end; a big one is taken to."""
    return look is None or look.whole


def _in_archive(path: Path, limits: Limits) -> Iterator[Place]:
    try:
        members = calendars_in(path, SUFFIXES, limits)
    except SourceError as error:
        yield _place(path, trouble=str(error))
        return
    here = _place(path)
    for number, name in members:
        shown = name.encode(errors="replace").decode()
        yield Place(f"{here.id}{MEMBER}{shown}", f"{here.name}: {shown.rpartition('/')[2]}", path, number)


_METHOD = re.compile(rb"(?im)^METHOD[ \t]*:[ \t]*(?:REQUEST|REPLY|CANCEL|ADD|REFRESH|COUNTER|DECLINECOUNTER)\b")
_UID = re.compile(rb"(?im)^UID[:;][^\r\n]*(?:\r?\n[ \t][^\r\n]*)*")


class _Look(NamedTuple):
    """What a small file is, from one reading of it.

    whole     a calendar from its beginning to its end
    message   a message about a meeting (iTIP), as mail programs save them
    single    one event of a calendar that may have a file for each
    """

    whole: bool
    message: bool
    single: bool


class _Looks:
    """Looks at files, each once, and at so many bytes in all."""

    def __init__(self, access: Access, limits: Limits) -> None:
        self.access = access
        self._left = limits.size

    def at(self, file: Path) -> _Look | None:
        """What the file is; None for a big one, which is a calendar by itself."""
        unknown = _Look(whole=False, message=False, single=False)
        try:
            if not may_read(self.access, file):
                return unknown  # opening it says why
            size = file.stat().st_size
            if size > _VDIR_FILE_LIMIT or size > self._left:
                return None
            self._left -= size
            data = file.read_bytes()
        except OSError:
            return unknown
        packed = file.suffix.lower() == ".gz"
        whole = b"BEGIN:VCALENDAR" in data and b"END:VCALENDAR" in data
        single = not packed and b"X-WR-CALNAME" not in data and len(set(_UID.findall(data))) <= 1
        return _Look(whole, whole and not packed and _METHOD.search(data) is not None, single)


def _is_vdir(looks: list[_Look | None]) -> bool:
    """Whether these files are the single events of one calendar, one file an event, as vdirsyncer and khal keep them."""
    return len(looks) > 1 and all(look is not None and look.single for look in looks)


def _vdir_name(folder: Path, access: Access) -> str:
    label = folder / "displayname"
    try:
        if label.is_file() and may_read(access, label):
            with label.open("rb") as file:
                return file.read(_LABEL).decode().strip() or printable(folder.name)
    except (OSError, UnicodeDecodeError):
        pass
    return printable(folder.name)
