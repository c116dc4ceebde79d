"""Where each person's mailbox is: a file or folder of their own, lines of a file that holds many, or a service.

A file or folder whose name is a person's address is theirs (`ana@example.com.ics`). Any other file of JSON lines holds many
people's entries, and is parted by their owners into a private folder that is gone when the run ends; what wrote it is told by
its lines (see `calsight.org.dialects`).
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from calsight.core.people.addresses import canonical_address
from calsight.errors import SourceError
from calsight.org.people import Member, Members

_LINES = (".jsonl", ".ndjson", ".json")
_CALENDARS = (".ics", ".ical", ".ifb", ".zip")
_ENDINGS = (*_LINES, *_CALENDARS)
_OPEN_FILES = 200


@dataclass(frozen=True, slots=True)
class Mailbox:
    """What one person's entries are read from: words as the command line takes them. `state` changes when these change."""

    member: Member
    sources: tuple[str, ...]
    state: str


@dataclass(frozen=True, slots=True)
class Found:
    """All mailboxes, by main address; `strangers` is how many belong to nobody on the list."""

    mailboxes: dict[str, Mailbox]
    strangers: int


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
    for owner, path in _parted(mixed, members, spool, owner_of, strangers):
        gathered.setdefault(owner, []).append((str(path), hashlib.sha256(path.read_bytes()).hexdigest()[:16]))
    if not gathered:
        raise SourceError(_nothing(sources, len(strangers)))
    found = {
        owner: Mailbox(
            members.by_address[owner], tuple(word for word, _ in words), " ".join(state for _, state in words)
        )
        for owner, words in sorted(gathered.items())
    }
    return Found(found, len(strangers))


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
        elif _plain(child.name).endswith(_ENDINGS):
            yield child


def _plain(name: str) -> str:
    return name.lower().removesuffix(".gz")


def _named(path: Path) -> str:
    """The address that a file or folder is named after; "" for none."""
    name = _plain(path.name)
    ending = next((one for one in _ENDINGS if name.endswith(one)), "")
    return canonical_address(name.removesuffix(ending))


def _state(path: Path) -> str:
    """What changes when a file changes, or one in a folder."""
    files = [path] if path.is_file() else sorted(one for one in path.rglob("*") if one.is_file())
    stats = [(one.name, one.stat().st_size, one.stat().st_mtime_ns) for one in files]
    return hashlib.sha256(repr(stats).encode()).hexdigest()[:16]


def _parted(
    paths: Iterable[Path], members: Members, spool: Path, owner_of: Callable[[bytes], str], strangers: set[str]
) -> list[tuple[str, Path]]:
    """The lines of files that hold many mailboxes, each mailbox in a file of its own."""
    parts: dict[str, Path] = {}
    open_files: dict[str, IO[bytes]] = {}
    for path in paths:
        with gzip.open(path) if path.name.lower().endswith(".gz") else path.open("rb") as lines:
            for line in lines:
                if not line.strip():
                    continue
                owner = canonical_address(owner_of(line)) or ""
                member = members.by_address.get(owner)
                if member is None:
                    strangers.add(owner)
                    continue
                if member.id not in parts:
                    parts[member.id] = spool / f"{len(parts)}.jsonl"
                if member.id not in open_files:
                    if len(open_files) >= _OPEN_FILES:
                        open_files.pop(next(iter(open_files))).close()
                    open_files[member.id] = parts[member.id].open("ab")
                open_files[member.id].write(line if line.endswith(b"\n") else line + b"\n")
    for file in open_files.values():
        file.close()
    return sorted(parts.items())
