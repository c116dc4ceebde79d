"""Where each person's mailbox is: a file or folder of their own, lines of a file that holds many, or a service.

A file or folder whose name is a person's address is theirs (`ana@example.com.ics`). Any other file of JSON lines holds many
people's entries, and so does a Parquet file of attendance: they are parted by their owners into a private folder that is gone
when the run ends. What wrote a file is told by its lines (see `calsight.org.dialects`).
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from calsight.core.model.events import Problem
from calsight.core.people.addresses import canonical_address
from calsight.errors import SourceError
from calsight.org.people import Member, Members

_LINES = (".jsonl", ".ndjson", ".json")
_CALENDARS = (".ics", ".ical", ".ifb", ".zip")
_ENDINGS = (*_LINES, *_CALENDARS)
_TABLE = ".parquet"
_OPEN_FILES = 200


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What one person's entries are read from: words as the command line takes them. `state` changes when these change."""

    member: Member
    sources: tuple[str, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Found:
    """All mailboxes, by main address; `strangers` is how many belong to nobody on the list, `problems` tells of lines that
    do not say whose they are."""

    mailboxes: dict[str, Mailbox]
    strangers: int
    problems: tuple[Problem, ...] = ()


def find_mailboxes(
    sources: Sequence[str],
    members: Members,
    spool: Path,
    *,
    owner_of: Callable[[bytes], str],
    connectors: Sequence[str],
    today: str,
) -> Found:
    """The mailboxes behind `sources`. `spool` is a private folder for parted lines, `owner_of` says whose a line is.

    `connectors` are the names of those that are installed: a source that is one stands for every member's mailbox there.
    Raises `SourceError` where there is nothing.
    """
    gathered: dict[str, list[tuple[str, str]]] = {}
    strangers: set[str] = set()
    mixed: list[Path] = []
    for source in sources:
        if source in connectors:
            for member in members.everyone:
                gathered.setdefault(member.id, []).append((f"{source}:{member.id}", today))
            continue
        for path in _files(Path(source)):
            owner = _named(path)
            if not owner:
                mixed.append(path)
            elif owner in members.by_address:
                gathered.setdefault(members.by_address[owner].id, []).append((str(path), _state(path)))
            else:
                strangers.add(owner)
    parted, problems = _parted(mixed, members, spool, owner_of, strangers)
    for owner, path in parted:
        gathered.setdefault(owner, []).append((str(path), hashlib.sha256(path.read_bytes()).hexdigest()[:16]))
    if not gathered:
        raise SourceError(_nothing(sources, len(strangers)))
    found = {
        owner: Mailbox(
            members.by_address[owner], tuple(word for word, _ in words), " ".join(state for _, state in words)
        )
        for owner, words in sorted(gathered.items())
    }
    return Found(found, len(strangers), tuple(problems))


def _nothing(sources: Sequence[str], strangers: int) -> str:
    if strangers:
        return f"None of the {strangers} mailboxes belongs to anybody on the list of people. Is it the right list?"
    return (
        f"{', '.join(sources)}: no mailboxes there. Name a folder of calendar files, one a person, or of lines of JSON."
    )


def _files(path: Path) -> Iterator[Path]:
    """The files and folders that hold mailboxes, in order."""
    if not path.exists():
        raise SourceError(f"{path}: there is no such file or folder. Check the name and try again.")
    if path.is_file() or _named(path):
        yield path
        return
    for child in sorted(path.iterdir()):
        if child.name.startswith((".", "_")):
            continue
        if child.is_dir():
            yield from _files(child)
        elif _plain(child.name).endswith((*_ENDINGS, _TABLE)):
            yield child


def _plain(name: str) -> str:
    return name.lower().removesuffix(".gz")


def _named(path: Path) -> str:
    """The address that a file or folder is named after; "" for none, and where its lines must be looked at anyway."""
    name = _plain(path.name)
    if name != path.name.lower() and name.endswith(_LINES):
        return ""
    ending = next((one for one in _ENDINGS if name.endswith(one)), "")
    return canonical_address(name.removesuffix(ending))


def _state(path: Path) -> str:
    """What changes when a file changes, or one in a folder."""
    files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
    stats = [(one.name, one.stat().st_size, one.stat().st_mtime_ns) for one in files]
    return hashlib.sha256(repr(stats).encode()).hexdigest()[:16]


def _parted(
    paths: Iterable[Path], members: Members, spool: Path, owner_of: Callable[[bytes], str], strangers: set[str]
) -> tuple[list[tuple[str, Path]], list[Problem]]:
    """The lines of files that hold many mailboxes, each mailbox in a file of its own; and of how many nobody knows whose."""
    parts: dict[str, Path] = {}
    problems = []
    with _OpenFiles() as files:
        for path in paths:
            nobodys = 0
            for line in _lines_of(path):
                owner = canonical_address(owner_of(line)) if line.strip() else ""
                member = members.by_address.get(owner)
                if member is None:
                    nobodys += not owner and bool(line.strip())
                    strangers.update({owner} - {""})
                    continue
                if member.id not in parts:
                    parts[member.id] = spool / f"{len(parts)}.jsonl"
                files.of(parts[member.id]).write(line if line.endswith(b"\n") else line + b"\n")
            if nobodys:
                one = "line is no event, or does not say in whose calendar it stands, and was set aside."
                many = "lines are no events, or do not say in whose calendar they stand, and were set aside."
                text = f"{nobodys:,} {one if nobodys == 1 else many}"
                problems.append(Problem("bad_entry", text, path.name, count=nobodys))
    return sorted(parts.items()), problems


class _OpenFiles(ExitStack):
    """Files to which lines are added, not too many open at once."""

    def __init__(self) -> None:
        super().__init__()
        self._open: dict[Path, IO[bytes]] = {}

    def of(self, path: Path) -> IO[bytes]:
        """The file at `path`."""
        if path not in self._open:
            if len(self._open) >= _OPEN_FILES:
                self._open.clear()
                self.close()
            self._open[path] = self.enter_context(path.open("ab"))
        return self._open[path]


def _lines_of(path: Path) -> Iterator[bytes]:
    """The lines of a file, packed or not. Raises `SourceError` for one that cannot be read."""
    if path.name.lower().endswith(_TABLE):
        from calsight.org.own_tables import read_table

        yield from read_table(path)
        return
    try:
        with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as lines:
            yield from lines
    except (OSError, EOFError, zlib.error) as error:
        cause = getattr(error, "strerror", None) or "it is cut off or no gzip"
        raise SourceError(f"{path} cannot be read: {cause}. Copy it anew, or leave it out.") from None
