"""What connectors fetched, kept on this machine: the local store behind incremental sync.

A connector that is `Incremental` ends a fetch with an opaque state; given back, the next fetch brings changes only. `read`
goes between the two::

    for page in Store(folder).read("google", connector, calendar, window): ...    # pages as of a full fetch

What holds at any moment, also after a kill: a calendar's events and its state are of the same fetch. A fetch is gathered in a
temporary table of its own and joins the store in one short transaction, so a killed process leaves nothing behind and two
processes never wait for each other's network. A full fetch replaces by reconciling (what it did not bring is removed, in that
same transaction); an increment is applied only to the very state that it was asked for, and is asked for anew where another
process came first.

The file is SQLite with a write-ahead log, readable by its owner only (mode 0600). It is a cache: deleting it costs one full
fetch.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from calsight import __version__
from calsight.core.model.events import Attendee, Calendar, CalendarEvent, Organizer, Problem, Window
from calsight.errors import StoreError
from calsight.kit.files import private_file, private_folder
from calsight.protocols import Cancel, Connector, Page, ProgressCallback
from calsight.reading.adapters import adapter, in_utc

#: Version of the tables. It is part of the file's name: another version's file is left alone.
SCHEMA = 1

#: A new window is stored with this much more at its end, so that tomorrow's, which ends a day later, is still inside.
SLACK = timedelta(weeks=13)

_BUSY_SECONDS = 30
_CHUNK = 1000
#: How often a calendar is fetched anew because another process committed first; then it is read without the store.
_ATTEMPTS = 4

#: What a row brings up that we did not write.
_DAMAGED = (ValueError, TypeError, OverflowError)

_TABLES = (
    """CREATE TABLE calendars (
        id INTEGER PRIMARY KEY, connector TEXT NOT NULL, calendar TEXT NOT NULL, made_by TEXT NOT NULL,
        revision BLOB NOT NULL, window_start REAL NOT NULL, window_end REAL NOT NULL, state BLOB, facts BLOB NOT NULL,
        UNIQUE (connector, calendar))""",
    """CREATE TABLE events (
        calendar INTEGER NOT NULL REFERENCES calendars ON DELETE CASCADE, key TEXT NOT NULL, uid TEXT NOT NULL, series TEXT,
        first REAL NOT NULL, last REAL NOT NULL, body BLOB NOT NULL, PRIMARY KEY (calendar, key)) WITHOUT ROWID""",
    "CREATE INDEX events_by_series ON events (calendar, series) WHERE series IS NOT NULL",
    """CREATE TABLE problems (
        calendar INTEGER NOT NULL REFERENCES calendars ON DELETE CASCADE, uid TEXT NOT NULL, body BLOB NOT NULL)""",
    "CREATE INDEX problems_by_calendar ON problems (calendar)",
)
_STAGING = (
    """CREATE TEMP TABLE staged (
        key TEXT PRIMARY KEY, uid TEXT, series TEXT, first REAL, last REAL, body BLOB) WITHOUT ROWID""",
    "CREATE INDEX temp.staged_by_series ON staged (series) WHERE series IS NOT NULL",
    "CREATE TEMP TABLE staged_removals (key TEXT PRIMARY KEY) WITHOUT ROWID",
    "CREATE TEMP TABLE staged_problems (uid TEXT, body BLOB)",
)
_TAKE_EVENTS = (
    "INSERT OR REPLACE INTO events (calendar, key, uid, series, first, last, body)"
    " SELECT :calendar, key, uid, series, first, last, body FROM temp.staged"
)
_TAKE_PROBLEMS = "INSERT INTO problems (calendar, uid, body) SELECT :calendar, uid, body FROM temp.staged_problems"
#: A full fetch: what it did not bring is gone.
_RECONCILE = (
    "DELETE FROM events WHERE calendar = :calendar AND key NOT IN (SELECT key FROM temp.staged)",
    _TAKE_EVENTS,
    "DELETE FROM problems WHERE calendar = :calendar",
    _TAKE_PROBLEMS,
)
#: An increment: tombstones name occurrences or whole series; an entry that arrived anew may have been mended.
_APPLY = (
    "DELETE FROM events WHERE calendar = :calendar AND key IN (SELECT key FROM temp.staged_removals)",
    "DELETE FROM events WHERE calendar = :calendar AND series IN (SELECT key FROM temp.staged_removals)",
    _TAKE_EVENTS,
    "DELETE FROM problems WHERE calendar = :calendar AND uid IN (SELECT uid FROM temp.staged"
    " UNION SELECT uid FROM temp.staged_problems UNION SELECT key FROM temp.staged_removals)",
    _TAKE_PROBLEMS,
)


class Store:
    """The store in `folder`, made when first used. Threads and processes may share it: each read opens it anew."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"events-{SCHEMA}.sqlite"

    def read(
        self,
        name: str,
        connector: Connector,
        calendar: Calendar,
        window: Window,
        *,
        progress: ProgressCallback | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[Page]:
        """The occurrences of one calendar that overlap `window`, brought up to date through `connector` (called `name`).

        The pages are those of a full fetch without state, by start; together they are one consistent moment. Raises what
        `connector.fetch` raises, in which case the store is as before, and `StoreError` where the file cannot be used.
        """
        with closing(self._open()) as db, self._explained():
            for _ in range(_ATTEMPTS):
                kept = _find(db, name, calendar, window)
                asked = kept.window if kept else Window(window.start, window.end + SLACK)
                state = kept.state if kept else None
                pages = connector.fetch(calendar, asked, state=state, progress=progress, cancel=cancel)
                if not _commit(db, name, calendar, kept, asked, _gather(db, pages, calendar)):
                    continue
                with _transaction(db, "DEFERRED"):  # one moment, whatever others commit meanwhile
                    fresh = _find(db, name, calendar, window)
                    if fresh is not None:
                        yield from _contents(db, fresh, window)
                        return
        # Others, with other windows, came first every time: do without the store.
        for page in connector.fetch(calendar, window, progress=progress, cancel=cancel):
            yield replace(page, state=None)

    def forget(self, name: str) -> None:
        """Delete all that connector `name` fetched (its bytes are overwritten)."""
        if not self.path.exists():
            return
        with closing(self._open()) as db, self._explained():
            with _transaction(db, "IMMEDIATE"):
                db.execute("DELETE FROM calendars WHERE connector = ?", (name,))
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _open(self) -> sqlite3.Connection:
        with self._explained((sqlite3.Error, OSError)):
            private_folder(self.path.parent)
            private_file(self.path)  # before SQLite makes it; SQLite gives its log the mode of the file itself
            db = sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)
            try:
                _prepare(db)
            except BaseException:
                db.close()
                raise
            return db

    @contextmanager
    def _explained(self, kinds: type[Exception] | tuple[type[Exception], ...] = sqlite3.Error) -> Iterator[None]:
        """What SQLite (and the file system) say, as one sentence with the next step."""
        try:
            yield
            return
        except kinds as error:
            cause = getattr(error, "strerror", None) or str(error)
        raise StoreError(
            f"The local store {self.path} cannot be used ({cause}). "
            "Delete that file (the next run reads everything again), or read without it: --no-cache."
        ) from None


@dataclass(frozen=True, slots=True)
class _Kept:
    """One calendar as the store holds it. `revision` is a new random one after every commit."""

    id: int
    revision: bytes
    window: Window
    state: bytes | None
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class _Fetched:
    """What one fetch left in the staging tables."""

    full: bool
    state: bytes | None
    calendar: Calendar


def _find(db: sqlite3.Connection, name: str, calendar: Calendar, window: Window) -> _Kept | None:
    """The calendar as kept, if this version of calsight wrote it and it covers `window`; what is damaged is not kept."""
    row = db.execute(
        "SELECT id, revision, window_start, window_end, state, facts FROM calendars"
        " WHERE connector = ? AND calendar = ? AND made_by = ? AND window_start <= ? AND window_end >= ?",
        (name, calendar.id, _made_by(), window.start.timestamp(), window.end.timestamp()),
    ).fetchone()
    if row is None:
        return None
    key, revision, start, end, state, facts = row
    try:
        kept = Window(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))
        return _Kept(key, revision, kept, state, in_utc(adapter(Calendar).validate_json(facts)))
    except _DAMAGED:
        return None


def _gather(db: sqlite3.Connection, pages: Iterable[Page], calendar: Calendar) -> _Fetched:
    """Write the pages of one fetch to this connection's staging tables; only one of them is in memory."""
    full, state, first = False, None, True
    for page in pages:
        if full and page.increment:
            raise ValueError("a fetch of all there is cannot become an increment")
        with _transaction(db, "DEFERRED"):  # of the temporary tables only: nobody else waits
            if first or full is page.increment:  # an increment may turn out to be impossible, and all there is follows
                _clear(db)
            _stage(db, page)
        first, full = False, not page.increment
        calendar, state = page.calendar or calendar, page.state
    if first:
        raise ValueError("a fetch without a single page")
    return _Fetched(full, state, calendar)


def _clear(db: sqlite3.Connection) -> None:
    for table in ("staged", "staged_removals", "staged_problems"):
        db.execute(f"DELETE FROM temp.{table}")  # noqa: S608 - names from the line above


def _stage(db: sqlite3.Connection, page: Page) -> None:
    dump_event, dump_problem = adapter(CalendarEvent).dump_json, adapter(Problem).dump_json
    db.executemany("DELETE FROM temp.staged WHERE key = ? OR series = ?", [(key, key) for key in page.removed])
    db.executemany("INSERT OR REPLACE INTO temp.staged_removals VALUES (?)", [(key,) for key in page.removed])
    db.executemany(
        "INSERT OR REPLACE INTO temp.staged VALUES (?, ?, ?, ?, ?, ?)",
        (
            (
                event.key,
                event.uid,
                event.series,
                event.start.timestamp(),
                max(event.start, event.end).timestamp(),
                dump_event(event, exclude={"calendar"}, exclude_defaults=True),
            )
            for event in page.events
        ),
    )
    db.executemany(
        "INSERT INTO temp.staged_problems VALUES (?, ?)",
        ((problem.uid, dump_problem(problem)) for problem in page.problems),
    )


def _commit(
    db: sqlite3.Connection, name: str, calendar: Calendar, kept: _Kept | None, window: Window, fetched: _Fetched
) -> bool:
    """Make the fetch and its state the store's, all or nothing; False where an increment came too late."""
    with _transaction(db, "IMMEDIATE"):
        if not fetched.full:
            if kept is None:
                raise ValueError("an increment, though no state was given")
            if db.execute("SELECT revision FROM calendars WHERE id = ?", (kept.id,)).fetchone() != (kept.revision,):
                return False
        (row,) = db.execute(
            "INSERT INTO calendars (connector, calendar, made_by, revision, window_start, window_end, state, facts)"
            " VALUES (?, ?, ?, randomblob(16), ?, ?, ?, ?)"
            " ON CONFLICT (connector, calendar) DO UPDATE SET made_by = excluded.made_by, revision = excluded.revision,"
            " window_start = excluded.window_start, window_end = excluded.window_end, state = excluded.state,"
            " facts = excluded.facts RETURNING id",
            (
                name,
                calendar.id,
                _made_by(),
                window.start.timestamp(),
                window.end.timestamp(),
                fetched.state,
                adapter(Calendar).dump_json(fetched.calendar),
            ),
        ).fetchone()
        for statement in _RECONCILE if fetched.full else _APPLY:
            db.execute(statement, {"calendar": row})
        db.execute(
            "DELETE FROM events WHERE calendar = ? AND (first >= ? OR last < ?)",  # moved out of the window
            (row, window.end.timestamp(), window.start.timestamp()),
        )
    return True


def _contents(db: sqlite3.Connection, kept: _Kept, window: Window) -> Iterator[Page]:
    read_event, read_problem = adapter(CalendarEvent).validate_json, adapter(Problem).validate_json
    problems = db.execute("SELECT body FROM problems WHERE calendar = ? ORDER BY rowid", (kept.id,))
    with _undamaged():
        page = Page(problems=[read_problem(body) for (body,) in problems], calendar=kept.calendar)
    yield page
    rows = db.execute(
        "SELECT body FROM events WHERE calendar = ? AND first < ? AND last >= ? ORDER BY first, key",
        (kept.id, window.end.timestamp(), window.start.timestamp()),
    )
    while chunk := rows.fetchmany(_CHUNK):
        with _undamaged():
            events = [replace(in_utc(read_event(body)), calendar=kept.calendar) for (body,) in chunk]
        yield Page(events=events, calendar=kept.calendar)


@contextmanager
def _undamaged() -> Iterator[None]:
    """Raises `sqlite3.DatabaseError` for a row that is not as we wrote it."""
    try:
        yield
    except _DAMAGED:
        raise sqlite3.DatabaseError("what it holds is damaged") from None


def _prepare(db: sqlite3.Connection) -> None:
    for pragma in ("foreign_keys = ON", "secure_delete = ON", "synchronous = NORMAL", "temp_store = FILE"):
        db.execute(f"PRAGMA {pragma}")
    if db.execute("PRAGMA journal_mode").fetchone() != ("wal",):
        db.execute("PRAGMA journal_mode = WAL").fetchone()
    if db.execute("PRAGMA user_version").fetchone() != (SCHEMA,):
        with _transaction(db, "IMMEDIATE"):
            (version,) = db.execute("PRAGMA user_version").fetchone()
            if version == 0:
                for statement in _TABLES:
                    db.execute(statement)
                db.execute(f"PRAGMA user_version = {SCHEMA}")
            elif version != SCHEMA:
                raise sqlite3.DatabaseError("another version wrote it")
    for statement in _STAGING:
        db.execute(statement)


@contextmanager
def _transaction(db: sqlite3.Connection, mode: str) -> Iterator[None]:
    db.execute(f"BEGIN {mode}")
    try:
        yield
    except BaseException:
        if db.in_transaction:  # SQLite ends it itself where the disk is full
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


@cache
def _made_by() -> str:
    """What events in the store depend on: the version of calsight and the shape of what it keeps."""
    shape = [field.name for kind in (CalendarEvent, Attendee, Organizer, Calendar, Problem) for field in fields(kind)]
    return f"{__version__}/{sha256(' '.join(shape).encode()).hexdigest()[:12]}"
