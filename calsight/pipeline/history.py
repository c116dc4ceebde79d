"""A small local history of reports: dates and numbers, no names. Settings turn it off (`history.keep`).

One file in calsight's state folder, a JSON line a report (`calsight.history/1`), readable by its owner only. Whose report it
was is kept as a digest of the main address, so that two calendars on one machine do not mix.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from calsight.core.model.report import Report
from calsight.kit.files import append_whole
from calsight.kit.texts import read_bounded, read_json

SCHEMA = "calsight.history/1"
_FILE = "history.jsonl"
#: Bytes; a report takes some 300.
_MOST = 50_000_000


class Remembered(NamedTuple):
    """What is remembered of a report; None where it was not known."""

    as_of: datetime
    level: str
    rate: float | None
    probability_low: float | None
    visibility: float | None
    one_to_ones: int
    people: int
    weeks: float


def remember(report: Report, folder: Path) -> None:
    """Add a report to the history in `folder`, unless its settings say otherwise.

    A folder that cannot be written costs the history only, never the report.
    """
    if not report.settings.get("history", {}).get("keep", True):
        return
    entry = Remembered(
        as_of=report.as_of,
        level=report.flag.level,
        rate=report.rate.mean,
        probability_low=report.flag.probability_low,
        visibility=report.visibility.value if report.visibility else None,
        one_to_ones=report.counts.one_to_one,
        people=report.breadth.people,
        weeks=report.exposure.weeks,
    )
    line: dict[str, Any] = {"schema": SCHEMA, "owner": _owner(report), **entry._asdict()}
    line["as_of"] = f"{report.as_of.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        append_whole(folder / _FILE, json.dumps(line).encode() + b"\n")


def recall(report: Report, folder: Path) -> list[Remembered]:
    """The reports on the same owner that were made before, oldest first, the newest of each day.

    Lines that cannot be read, and those of a later calsight, are passed over.
    """
    try:
        text = read_bounded(folder / _FILE, _MOST).decode(errors="replace")
    except OSError:
        return []
    owner, days = _owner(report), {}
    for line in text.splitlines():
        with suppress(ValueError, KeyError, TypeError, AttributeError):
            found = read_json(line)
            if found.pop("schema") == SCHEMA and found.pop("owner") == owner:
                entry = Remembered(**found | {"as_of": datetime.fromisoformat(found["as_of"])})
                days[entry.as_of.date()] = entry
    return [days[day] for day in sorted(days) if days[day].as_of < report.as_of]


def _owner(report: Report) -> str:
    main = next(iter(report.owner.addresses), report.owner.name)
    return hashlib.sha256(main.casefold().encode()).hexdigest()[:16]
