"""An organisation's own attendance as Parquet: one line for each person on each meeting, as data warehouses hold it.

    meeting     what identifies it: all lines of one meeting share it
    address     whose line it is
    start, end  times, in UTC where they have no zone

and, as far as they are known, `response` (accepted, tentative, declined, needs_action), `organizer` (true on one line), `own`
(false where the person's own calendar was not read), `title`, `zone`, `series`, `original_start`, `all_day`, `cancelled`,
`show_as`, `event_type`, `online`, `private`, `hidden`: the words are those of `calsight.event/1`. Other columns are not read.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from calsight.errors import SourceError

_NEEDED = ("meeting", "address", "start", "end")
_FLAGS = {"private": "private", "hidden": "participants_hidden", "all_day": "all_day"}
_WORDS = ("title", "zone", "series", "show_as", "event_type")
_MORE = ("response", "organizer", "own", "original_start", "cancelled", "online")
_ROWS = 2_000_000  # looked at in one go


def read_table(path: Path) -> Iterator[bytes]:
    """The lines of `calsight.event/1` that a Parquet file (or a folder of some) stands for, one for each person and meeting.

    Raises `SourceError` for what is no Parquet, or lacks a column.
    """
    import polars as pl

    source = path / "**/*.parquet" if path.is_dir() else path
    try:
        lazy = pl.scan_parquet(source)
        names = lazy.collect_schema().names()
    except (OSError, pl.exceptions.PolarsError):
        raise SourceError(f"{path} cannot be read as Parquet. Write it anew, or leave it out.") from None
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise SourceError(f"{path} has no column {', '.join(missing)}. It needs {', '.join(_NEEDED)}.")
    kept = [name for name in (*_NEEDED, *_FLAGS, *_WORDS, *_MORE) if name in names]
    parts = lazy.select(pl.len()).collect().item() // _ROWS + 1
    part = pl.col("meeting").hash() % parts
    for number in range(parts):  # a part of the meetings at a time, whole ones
        frame = lazy.select(kept).filter(part == number).collect().sort("meeting", maintain_order=True)
        for _, rows in groupby(frame.iter_rows(named=True), key=itemgetter("meeting")):
            yield from _lines(list(rows))


def _lines(rows: list[dict[str, Any]]) -> Iterator[bytes]:
    """The event of one meeting in each of its mailboxes."""
    leader = next((row["address"] for row in rows if row.get("organizer")), None)
    people = [
        {
            "address": row["address"] or "",
            "partstat": row.get("response") or "needs_action",
            "is_organizer": row["address"] == leader,
        }
        for row in rows
    ]
    for row in rows:
        if row["address"] and row.get("own") is not False:
            yield json.dumps(_line(row, leader, people if len(rows) > 1 else [])).encode()


def _line(row: dict[str, Any], leader: str | None, people: list[dict[str, Any]]) -> dict[str, Any]:
    hidden = bool(row.get("hidden")) and row["address"] != leader
    original = row.get("original_start") or row["start"]
    said = {name: row[name] for name in _WORDS if row.get(name)}
    return {
        "schema": "calsight.event/1",
        "uid": str(row["meeting"]),
        "start": _moment(row["start"]),
        "end": _moment(row["end"]),
        **{name: str(value) for name, value in said.items()},
        **{ours: True for name, ours in _FLAGS.items() if row.get(name)},
        "organizer": {"address": leader} if leader and (people or hidden) else None,
        "attendees": [] if hidden else people,
        "original_start": _moment(original) if row.get("series") else None,
        "status": "cancelled" if row.get("cancelled") else "confirmed",
        "conference": ["online"] if row.get("online") else [],
        "calendar": {"id": row["address"], "name": "calendar", "owner": [row["address"]], "names_people": True},
    }


def _moment(value: Any) -> str | None:
    """As JSON has it; what is no time is left as it is, for the reader to say so."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return f"{value.isoformat()}T00:00:00Z"
    return None if value is None else str(value)
