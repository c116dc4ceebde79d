"""Which calendars there are: a file, a folder, an archive.

A **place** is something to open: a path, a member of an archive (`takeout.zip!/Work.ics`), a folder of single-event files
(a "vdir"), or `-`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from calsight.errors import PayloadInvalidError, SourceError
from calsight.kit.secrets import forgotten_scheme

#: Between the path of an archive and the name of its member.
MEMBER = "!/"
#: In place of a member: the messages in a folder.
MESSAGES = "*"
#: Standard input.
STDIN = "-"
_CALENDAR_SUFFIXES = (".ics", ".ical", ".icalendar", ".ifb", ".ics.gz", ".ical.gz")
_ARCHIVE_SUFFIXES = (".zip",)
#: A vdir file holds one event; a bigger one is a calendar of its own.
_VDIR_FILE_LIMIT = 256 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """One calendar to open. `name` is for people."""

    id: str
    name: str


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
            if host := forgotten_scheme(reference):
                raise SourceError(f"{host}/…: no such file. If it is a web address, write https:// before it.")
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
    messages = [file for file in files if _is_message(file)]
    if len(messages) > 1:  # about one meeting, perhaps: an invitation, its update, an answer
        yield Place(f"{folder}{MEMBER}{MESSAGES}", f"{folder.name}: messages")
        files = [file for file in files if file not in messages]
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


_METHOD = re.compile(rb"(?im)^METHOD[ \t]*:[ \t]*(?:REQUEST|REPLY|CANCEL|ADD|REFRESH|COUNTER|DECLINECOUNTER)\b")
_UID = re.compile(rb"(?im)^UID[:;][^\r\n]*(?:\r?\n[ \t][^\r\n]*)*")


def _is_whole(file: Path) -> bool:
    """Whether a small file is a calendar from its beginning to its end, and may so be one of a vdir."""
    if file.stat().st_size > _VDIR_FILE_LIMIT:
        return True
    data = file.read_bytes()
    return b"BEGIN:VCALENDAR" in data and b"END:VCALENDAR" in data


def _is_message(file: Path) -> bool:
    """Whether a small file is a message about a meeting (iTIP), as mail programs save them."""
    if file.suffix.lower() == ".gz" or file.stat().st_size > _VDIR_FILE_LIMIT:
        return False
    return _is_whole(file) and _METHOD.search(file.read_bytes()) is not None


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


def files_of_folder(folder: Path, *, messages: bool) -> Iterator[Path]:
    """The whole files of a folder of single-event files, by name, or those with messages; one that breaks off is by itself."""
    for file in sorted(folder.iterdir()):
        if file.name.startswith(".") or not file.is_file() or not file.name.lower().endswith(_CALENDAR_SUFFIXES):
            continue
        if _is_message(file) if messages else _is_whole(file):
            yield file
