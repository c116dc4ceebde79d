"""Some mailboxes, read and written as one piece: what a process of `ingest` does."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from calsight.core.model.events import Calendar, Problem, Window
from calsight.core.model.options import Options
from calsight.core.time.days import DAY, WEEK, midnight, week_of
from calsight.core.time.zones import is_zone
from calsight.errors import SourceError
from calsight.kit.texts import read_json
from calsight.org.columns import ATTENDANCE, WEEK_S
from calsight.org.dialects import is_graph_line, plain_address, read_graph_lines
from calsight.org.facts import Numbers, add_mailbox
from calsight.org.google_lines import google_owner, is_google_line, read_google_lines
from calsight.org.lines import Lines
from calsight.org.mailboxes import Mailbox
from calsight.org.parquet import write_parquet
from calsight.org.people import Member
from calsight.protocols import ConnectorContext
from calsight.reading.bounds import bounded
from calsight.reading.event_lines import Shared
from calsight.reading.last_sign import last_sign
from calsight.reading.sources import CalendarReading, Reader, within
from calsight.reading.window import LOOKAHEAD
from calsight.settings.folders import state_dir

_MARGIN = DAY
_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class Asked:
    """How mailboxes are read: see `Ingest`. `same` is what all that was read depends on."""

    options: Options
    weeks: int
    as_of: date
    sections: dict[str, dict[str, Any]]
    same: str


def owner_of(line: bytes) -> str:
    """Whose a line of JSON is, as far as it says."""
    try:
        found = read_json(line)
        if "calendar" in found and "schema" in found:
            return next(iter(found["calendar"].get("owner") or ()), "")
        if is_google_line(found):
            return google_owner(found)
        return plain_address(found.get("puser") or found.get("owner") or "")  # Graph Data Connect's column
    except (ValueError, AttributeError, TypeError):
        return ""


@dataclass(frozen=True, slots=True)
class Common:
    """What all mailboxes have in common that one process reads, and what it finds out of them once."""

    asked: Asked
    numbers: Numbers
    shared: Shared = field(default_factory=Shared)


def read_bucket(mailboxes: Sequence[Mailbox], path: str, common: Common) -> dict[str, Any]:
    """Read mailboxes into the piece at `path`; returns the weeks that it touches, how many entries it holds, and Problems."""
    asked, numbers, key = common.asked, common.numbers, common.numbers.key
    lines, readers = Lines(), _Readers(asked, common.shared)
    problems: list[Problem] = []
    entries = 0
    for mailbox in _without_hurry(mailboxes):
        pseudonym = key.pseudonym(mailbox.member.id)
        try:
            readings = _read(mailbox, asked, readers)
        except SourceError as error:
            problems.append(
                Problem("unreadable_mailbox", _anonymous(f"A mailbox could not be read: {error}", mailbox), pseudonym)
            )
            continue
        events = [event for reading in readings for event in reading.events]
        found = [problem for reading in readings for problem in reading.problems]
        add_mailbox(lines, mailbox.member, events, numbers, asked.options)
        lines.mailboxes[-1] |= _known_of(readings, found, pseudonym, asked)
        entries += len(events)
        problems += _counted(found, pseudonym)
    weeks = write_piece(lines, Path(path))
    return {"weeks": weeks, "entries": entries, "problems": [_plain(problem) for problem in problems]}


def _without_hurry(mailboxes: Iterable[Mailbox]) -> Iterator[Mailbox]:
    """The mailboxes; until the last is read, Python looks less often for cycles of what nobody needs: there are few."""
    before = gc.get_threshold()
    gc.set_threshold(1_000_000, 20, 20)
    try:
        yield from mailboxes
    finally:
        gc.set_threshold(*before)


class _Readers:
    """One reader for each zone: its connectors sign in once, and what lines have in common is made once."""

    def __init__(self, asked: Asked, shared: Shared) -> None:
        self._asked, self._shared = asked, shared
        self._known: dict[str, Reader] = {}

    def of(self, zone: str) -> Reader:
        """The reader of mailboxes in this zone."""
        if zone not in self._known:
            asked, span = self._asked, _span(self._asked, zone)
            self._known[zone] = Reader(
                Window(span.start - _MARGIN, span.end + _MARGIN),
                ConnectorContext(zone=zone, state_dir=state_dir()),
                sections=asked.sections,
                shared=self._shared,
            )
        return self._known[zone]


def _span(asked: Asked, zone: str) -> Window:
    start = midnight(week_of(asked.as_of) - WEEK * asked.weeks, zone)
    return Window(start, midnight(asked.as_of + DAY, zone) + LOOKAHEAD)


def _read(mailbox: Mailbox, asked: Asked, readers: _Readers) -> list[CalendarReading]:
    """All calendars of a mailbox, inside the span."""
    reader = readers.of(mailbox.member.zone or asked.options.work.zone or "UTC")
    readings = [
        reading
        for source in mailbox.sources
        for reading in _exported(source, mailbox.member, reader) or reader.read(source)
    ]
    zone = mailbox.member.zone or _zone(readings)
    horizon = _span(asked, zone)
    return [
        CalendarReading(one.source, one.calendar, tuple(within(one.events, horizon)), one.problems) for one in readings
    ]


def _exported(source: str, member: Member, reader: Reader) -> list[CalendarReading]:
    """What a file of Graph's or Google's events gives; [] for any other source."""
    path = Path(source)
    if not path.name.lower().endswith((".json", ".jsonl", ".ndjson")) or not path.is_file():
        return []
    with path.open("rb") as lines:
        first = next((line for line in lines if line.strip()), b"")
        lines.seek(0)
        try:
            fields = read_json(first)
            if is_graph_line(fields):
                events, problems = read_graph_lines(lines, member.addresses)
            elif is_google_line(fields):
                events, problems = read_google_lines(lines, member.addresses, reader)
            else:
                return []
        except (ValueError, TypeError, AttributeError):
            return []
    calendar = events[0].calendar if events else Calendar(name="calendar", owner=member.addresses, names_people=True)
    return [CalendarReading(source, calendar, tuple(bounded(events)), tuple(problems))]


def _zone(readings: Iterable[CalendarReading]) -> str:
    votes: Counter[str] = Counter()
    for reading in readings:
        if is_zone(reading.calendar.zone):
            votes[reading.calendar.zone] += 1 + len(reading.events)
    return max(votes, key=lambda zone: (votes[zone], zone)) if votes else "UTC"


def _known_of(
    readings: Sequence[CalendarReading], problems: Sequence[Problem], pseudonym: str, asked: Asked
) -> dict[str, object]:
    """When the mailbox was last alive, and the days of entries that could not be read (-1: not even that)."""
    far = datetime.combine(asked.as_of, datetime.min.time(), UTC) + LOOKAHEAD
    sign = last_sign(readings, far)
    lost = [
        -1 if problem.day is None else (problem.day - date(1970, 1, 1)).days
        for problem in problems
        if problem.code in ("bad_entry", "endless_rule")
        for _ in range(problem.count)
    ]
    return {"pseudonym": pseudonym, "sign_s": -1 if sign is None else int(sign.timestamp()), "lost": lost}


def _counted(problems: Iterable[Problem], pseudonym: str) -> list[Problem]:
    """The Problems of a mailbox, one a code, without anything that its entries say."""
    counts = Counter[str]()
    for problem in problems:
        counts[problem.code] += problem.count
    return [
        Problem(code, f"In one mailbox {count} entries could not be read ({code}).", pseudonym, count=count)
        for code, count in sorted(counts.items())
    ]


def _anonymous(text: str, mailbox: Mailbox) -> str:
    """A sentence without the addresses and paths of a mailbox."""
    for word in (*mailbox.sources, *(Path(source).name for source in mailbox.sources), *mailbox.member.addresses):
        text = text.replace(word, "(its source)")
    return text


def _plain(problem: Problem) -> dict[str, Any]:
    return {name: value for name, value in asdict(problem).items() if value not in (None, "")}


def write_piece(lines: Lines, path: Path) -> list[int]:
    """Write lines as one Parquet file, by start; returns the weeks (of UTC) in which they start."""
    import polars as pl

    widths = {1: pl.Int8, 2: pl.Int16, 4: pl.Int32, 8: pl.Int64}
    columns = lines.table()
    frame = pl.DataFrame(
        {name: pl.Series(name, columns[name]).cast(widths[width]) for name, width in ATTENDANCE.items()}
    ).sort("start_s", "meeting", "person", "own")
    written = path.with_name(f".{path.name}.new")
    write_parquet(frame, written, rows=_ROWS)
    mailboxes = pl.DataFrame(lines.mailboxes, schema=mailboxes_schema())
    beside = path.with_name(f".{path.stem}.mailboxes.new")
    write_parquet(mailboxes, beside)
    beside.replace(path.with_name(f"{path.stem}.mailboxes"))
    written.replace(path)
    weeks = frame.select(pl.col("start_s") // WEEK_S).unique().to_series().sort()
    return [int(week) for week in weeks]


def mailboxes_schema() -> dict[str, Any]:
    """What is known of each mailbox, as Polars' types."""
    import polars as pl

    return {
        "person": pl.Int64,
        "zone": pl.String,
        "entries": pl.Int32,
        "unlisted": pl.Int8,
        "pseudonym": pl.String,
        "sign_s": pl.Int64,
        "lost": pl.List(pl.Int32),
    }
