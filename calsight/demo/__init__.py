"""Four invented calendars, one for each of the situations that Ed Evarts describes, to try calsight on.

They are real ICS text, in the shapes in which Google Calendar and Outlook export, and take the same road as anybody's calendar.
The same seed and the same moment give the same text, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import get_args

from calsight.core.time.days import day_of
from calsight.demo.lives import Situation
from calsight.kit.files import write_whole

SITUATIONS: tuple[Situation, ...] = get_args(Situation)


@dataclass(frozen=True, slots=True)
class DemoCalendar:
    """One invented calendar; `ics` is the text of the file."""

    situation: Situation
    owner: str
    address: str
    file_name: str
    ics: bytes


def invent(situation: Situation, *, as_of: datetime, seed: int = 1) -> DemoCalendar:
    """The calendar of one situation, exported at `as_of` (aware): 29 weeks before it and 4 after."""
    from calsight.demo.compose import compose
    from calsight.demo.export import to_ics
    from calsight.demo.lives import LIVES

    if as_of.tzinfo is None:
        raise ValueError("as_of must be aware")
    life = LIVES[situation]
    entries = compose(life, day_of(as_of, life.zone), seed)
    return DemoCalendar(
        situation=situation,
        owner=life.owner.name,
        address=life.owner.address,
        file_name=f"{life.owner.address.partition('@')[0]}.ics",
        ics=to_ics(life, entries, as_of),
    )


def write(calendars: Iterable[DemoCalendar], folder: Path) -> list[Path]:
    """Write the calendars into `folder`, which is made where it does not exist; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for calendar in calendars:
        path = folder / calendar.file_name
        write_whole(path, calendar.ics)
        written.append(path)
    return written
