"""From mailboxes to the tables of a folder, in processes, and only what has changed.

    DIR/meta.json            the schema, the span, the key's fingerprint, which week files are still to be made
    DIR/people.parquet       pseudonyms, zones, groups, and what is known of each mailbox: one line a person
    DIR/pieces/NNNNN.parquet    the lines of some mailboxes, as they were read
    DIR/pieces/NNNNN.mailboxes  what is known of each of these
    DIR/attendance/week=DATE.parquet   the lines of all, each person once a meeting

Each file is written whole or not at all. What was read is not read again where a run was stopped, or where nothing changed.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from calsight.core.model.events import Problem
from calsight.core.model.options import Options
from calsight.errors import UsageError
from calsight.kit.files import PRIVATE, private_folder, write_whole
from calsight.kit.texts import read_json
from calsight.org.columns import REASONS, SCHEMA
from calsight.org.consolidate import week_name, write_people, write_weeks
from calsight.org.facts import Numbers
from calsight.org.mailboxes import Found, Mailbox, find_mailboxes
from calsight.org.people import Member, Members
from calsight.org.pseudonyms import Key
from calsight.org.reading import Asked, Common, owner_of, read_bucket
from calsight.protocols import Progress, ProgressCallback
from calsight.settings.folders import cache_dir

_MAILBOXES = 100  # in a piece
_LOCK = "ingest.lock"


@dataclass(frozen=True, slots=True)
class Ingest:
    """What to read, and into which folder.

    groupings   the columns of the list of people that are kept, by which groups may be made
    weeks, as_of   the span: so many weeks before that day, and four after it
    sections    the connectors' settings
    """

    sources: tuple[str, ...]
    folder: Path
    groupings: tuple[str, ...] = ()
    weeks: int = 26
    as_of: date | None = None
    options: Options = field(default_factory=Options)
    sections: dict[str, dict[str, Any]] | None = None
    processes: int = 0


@dataclass(frozen=True, slots=True)
class Ingested:
    """What a run did. `entries` and `mailboxes` are of the whole folder, `read` says how many mailboxes were read now."""

    mailboxes: int
    read: int
    entries: int
    missing: int
    strangers: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Given:
    """What every process is given."""

    members: Members
    key: Key
    asked: Asked

    def common(self) -> Common:
        """What a process starts with."""
        return Common(self.asked, Numbers(self.key, self.members))


@dataclass(frozen=True, slots=True)
class Run:
    """In how many processes to read (0: as many as there are processors), and whom to tell how far it is."""

    processes: int
    progress: ProgressCallback | None


def ingest(asked: Ingest, members: Members, key: Key, *, progress: ProgressCallback | None = None) -> Ingested:
    """Read the mailboxes of `asked` into its folder. Raises `UsageError` for a folder of another key."""
    _meta(asked.folder, key)  # what is somebody else's is left alone
    private_folder(asked.folder)
    with _alone(asked.folder):
        return _ingest(asked, members, key, progress)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else fills the folder meanwhile; a lock of SQLite's is given back by the system when a process dies."""
    with closing(sqlite3.connect(folder / _LOCK, timeout=0, isolation_level=None)) as lock:
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            raise UsageError(f"Another ingest fills {folder} just now. Wait until it is done.") from None
        yield


def _spool(folder: Path) -> Path:
    """The private folder for parted lines, outside of `folder`, empty: what a killed run left there is gone."""
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    spool = cache_dir() / "org" / name
    shutil.rmtree(spool, ignore_errors=True)
    return private_folder(spool)


def _ingest(asked: Ingest, members: Members, key: Key, progress: ProgressCallback | None) -> Ingested:
    from calsight.reading import plugins

    folder = asked.folder
    as_of = asked.as_of or date.today()  # noqa: DTZ011 - a day, and each mailbox has its own zone
    meta = _meta(folder, key)
    write_meta(folder, meta)
    for draft in folder.rglob(".*"):  # of a run that was killed
        draft.unlink(missing_ok=True)
    (folder / "pieces").mkdir(exist_ok=True)
    (folder / "attendance").mkdir(exist_ok=True)
    spool = _spool(folder)
    try:
        found = find_mailboxes(
            asked.sources,
            members,
            spool,
            owner_of=owner_of,
            connectors=[entry.name for entry in plugins.connectors()],
            today=as_of.isoformat(),
        )
        asks = Asked(
            _with_domains(asked.options, members), asked.weeks, as_of, asked.sections or {}, _same(asked, as_of)
        )
        buckets = _buckets(found, members, key, meta)
        read = _read(folder, buckets, meta, Given(members, key, asks), Run(asked.processes, progress))
    finally:
        shutil.rmtree(spool, ignore_errors=True)
    write_people(folder, members, key, asked.groupings)
    meta |= {"groupings": list(asked.groupings), "weeks": asked.weeks, "as_of": as_of.isoformat()}
    entries = _finish(folder, meta, progress)
    return Ingested(
        mailboxes=len(found.mailboxes),
        read=read,
        entries=entries,
        missing=len(members.everyone) - len(found.mailboxes),
        strangers=found.strangers,
        problems=(
            *members.problems,
            *found.problems,
            *(Problem(**each) for name in buckets for each in meta["buckets"][name]["problems"]),
        ),
    )


def _with_domains(options: Options, members: Members) -> Options:
    people = options.people
    if people.organisation_domains:
        return options
    return replace(options, people=replace(people, organisation_domains=members.domains))


def _same(asked: Ingest, as_of: date) -> str:
    """What makes all that was read before worth nothing, if it changes."""
    text = repr((SCHEMA, REASONS, asked.weeks, as_of, asked.options))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _meta(folder: Path, key: Key) -> dict[str, Any]:
    """What the folder says of itself; new where it is."""
    path = folder / "meta.json"
    if not path.exists():
        if folder.exists() and not all(one.name.startswith(_LOCK) for one in folder.iterdir()):
            raise UsageError(f"{folder} holds something else. Name a new or empty folder.")
        return {"schema": SCHEMA, "key": key.fingerprint, "reasons": list(REASONS), "buckets": {}, "weeks_to_make": []}
    try:
        meta: dict[str, Any] = dict(read_json(path.read_bytes()))
    except (ValueError, TypeError):
        raise UsageError(f"{path} is broken. Remove {folder} and ingest anew.") from None
    if meta.get("schema") != SCHEMA:
        raise UsageError(f"{folder} is of another calsight ({meta.get('schema')}). Ingest into a new folder.")
    if meta.get("key") != key.fingerprint:
        raise UsageError(f"{folder} was made with another key. Name that one, or ingest into a new folder.")
    return meta


def write_meta(folder: Path, meta: dict[str, Any]) -> None:
    """Replace what the folder says of itself."""
    write_whole(folder / "meta.json", json.dumps(meta, indent=1).encode(), mode=PRIVATE)


def _buckets(found: Found, members: Members, key: Key, meta: dict[str, Any]) -> dict[str, list[Mailbox]]:
    """The mailboxes by bucket. How many buckets there are is settled by the first run."""
    number = meta.setdefault("bucket_count", max(1, -(-len(members.everyone) // _MAILBOXES)))
    buckets: dict[str, list[Mailbox]] = {}
    for mailbox in found.mailboxes.values():
        buckets.setdefault(f"{key.number(mailbox.member.id) % number:05d}", []).append(mailbox)
    return dict(sorted(buckets.items()))


def _state(mailboxes: Iterable[Mailbox], same: str) -> str:
    said = [(_told(mailbox.member), mailbox.state) for mailbox in mailboxes]
    return hashlib.sha256(repr((same, said)).encode()).hexdigest()[:32]


def _told(member: Member) -> object:
    return replace(member, groups={}, joined=None, left=None)


def _outdated(folder: Path, buckets: dict[str, list[Mailbox]], meta: dict[str, Any], same: str) -> dict[str, str]:
    """The buckets that must be read, each with its state; what belongs to none any more is taken out."""
    states = {name: _state(mailboxes, same) for name, mailboxes in buckets.items()}
    done = meta["buckets"]
    for gone in set(done) - set(buckets):
        meta["weeks_to_make"] = sorted({*meta["weeks_to_make"], *done.pop(gone)["weeks"]})
        for ending in ("parquet", "mailboxes"):
            (folder / f"pieces/{gone}.{ending}").unlink(missing_ok=True)
    write_meta(folder, meta)
    return {
        name: state
        for name, state in states.items()
        if done.get(name, {}).get("state") != state or not (folder / f"pieces/{name}.parquet").exists()
    }


def _read(
    folder: Path,
    buckets: dict[str, list[Mailbox]],
    meta: dict[str, Any],
    given: Given,
    run: Run,
) -> int:
    """Read what has changed; returns how many mailboxes that were."""
    todo = _outdated(folder, buckets, meta, given.asked.same)
    total, read = sum(len(buckets[name]) for name in todo), 0

    def note(name: str, result: dict[str, Any]) -> None:
        nonlocal read
        before = meta["buckets"].get(name, {}).get("weeks", [])
        meta["weeks_to_make"] = sorted({*meta["weeks_to_make"], *before, *result["weeks"]})
        meta["buckets"][name] = {"state": todo[name], **result}
        write_meta(folder, meta)
        read += len(buckets[name])
        if run.progress is not None:
            run.progress(Progress("mailboxes", read, total, "mailboxes"))

    jobs = [(name, buckets[name], str(folder / f"pieces/{name}.parquet")) for name in todo]
    _in_processes(jobs, given, run.processes, note)
    return read


def _in_processes(
    jobs: Sequence[tuple[str, list[Mailbox], str]],
    given: Given,
    processes: int,
    note: Callable[[str, dict[str, Any]], None],
) -> None:
    workers = min(processes or os.cpu_count() or 1, len(jobs))
    if workers <= 1:
        common = given.common()
        for name, mailboxes, path in jobs:
            note(name, read_bucket(mailboxes, path, common))
        return
    context = multiprocessing.get_context("spawn")  # Polars has threads: a fork could hang
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(given,)) as pool:
        running = {pool.submit(_work, mailboxes, path): name for name, mailboxes, path in jobs}
        try:
            for each in as_completed(running):
                note(running[each], each.result())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


_COMMON: list[Common] = []


def _begin(given: Given) -> None:
    """What every job of a process needs is handed over once."""
    _COMMON[:] = [given.common()]


def _work(mailboxes: list[Mailbox], path: str) -> dict[str, Any]:
    (common,) = _COMMON
    return read_bucket(mailboxes, path, common)


def _finish(folder: Path, meta: dict[str, Any], progress: ProgressCallback | None) -> int:
    """Make the week files that are behind; returns how many entries the folder holds."""
    known = {week for one in meta["buckets"].values() for week in one["weeks"]}
    lost = {week for week in known if not (folder / "attendance" / week_name(week)).exists()}
    weeks = sorted({*meta["weeks_to_make"], *lost})
    for made, week in enumerate(weeks, start=1):
        write_weeks(folder, [week])
        if progress is not None:
            progress(Progress("weeks", made, len(weeks), "weeks"))
    meta["weeks_to_make"] = []
    write_meta(folder, meta)
    return sum(int(one["entries"]) for one in meta["buckets"].values())
