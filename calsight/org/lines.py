"""The lines of some mailboxes as they are gathered, and as one table of numbers in the end.

What entries that are judged alike have in common is noted once for all of them, and who else comes to what somebody organises
once for all its occurrences. Only the table has a line for each.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from calsight.core.time.days import midnight
from calsight.org.columns import ATTENDANCE, DAY_S, FIRST_MONDAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

_YEARS = (-700_000, 2_900_000)  # days: what says that it is earlier or later is nonsense, and no calendar goes there
#: Of each entry: a place in `alike`, and what is its own.
_ENTRY = ("alike", "meeting", "start_s", "dur_s", "series", "moved", "open", "mate", "private")
#: Of entries that are judged alike: the owner's zone; how many others come if the list counts for everybody, after how many in
#: `others`; whether a single one could be a one-to-one in an absence; and their columns of `ATTENDANCE`.
_ALIKE = (
    *("zone", "after", "come", "two", "person", "here", "leads", "keeps", "extra", "company", "partner", "view"),
    *("answered", "alone", "pair", "many", "foreign"),
)
_OTHER = ("person", "here", "leads")
#: What lines of others leave open.
_NONE = ("company", "partner", "series", "answered", "mate")


@dataclass(slots=True)
class Lines:
    """Lines of `attendance`, and what is known of each mailbox."""

    mailboxes: list[dict[str, object]] = field(default_factory=list)
    _entries: array[int] = field(default_factory=lambda: array("q"))
    _alike: array[int] = field(default_factory=lambda: array("q"))
    _others: array[int] = field(default_factory=lambda: array("q"))
    _zones: dict[str, int] = field(default_factory=dict)

    def add_alike(self, zone: str, two: bool, facts: Sequence[int], others: Sequence[tuple[int, int, int]]) -> int:
        """Note what entries have in common: `facts` are the columns of `_ALIKE` from "person" on. Returns its place."""
        place = len(self._alike) // len(_ALIKE)
        after = len(self._others) // len(_OTHER)
        self._alike.extend((self._zones.setdefault(zone, len(self._zones)), after, len(others), two, *facts))
        for other in others:
            self._others.extend(other)
        return place

    def add_entry(self, entry: tuple[int, ...]) -> None:
        """Note one entry: the columns of `_ENTRY`."""
        self._entries.extend(entry)

    def table(self) -> dict[str, NDArray[np.int64]]:
        """The columns of `ATTENDANCE`: a line for the owner of each entry, then those of others."""
        entries, alike, others = (
            dict(zip(names, np.frombuffer(numbers, dtype=np.int64).reshape(-1, len(names)).T, strict=True))
            for names, numbers in ((_ENTRY, self._entries), (_ALIKE, self._alike), (_OTHER, self._others))
        )
        alike = {name: column[entries["alike"]] for name, column in alike.items()}
        of = np.repeat(np.arange(len(alike["come"])), alike["come"])  # the entry of each line of another
        at = (
            np.arange(len(of)) - np.repeat(np.cumsum(alike["come"]) - alike["come"], alike["come"]) + alike["after"][of]
        )
        own = {**entries, **alike, "own": np.ones_like(entries["alike"])}
        own["open_away"] = alike["two"] * (entries["series"] < 0)
        theirs = {name: column[at] for name, column in others.items()}
        theirs |= {name: entries[name][of] for name in ("meeting", "start_s", "dur_s")}
        theirs |= {name: np.full_like(of, -1) for name in _NONE}
        nothing = np.zeros_like(of)
        told = [name for name in ATTENDANCE if name in own]
        table = {name: np.concatenate([own[name], theirs.get(name, nothing)]) for name in told}
        return table | self._days(table, np.concatenate([alike["zone"], alike["zone"][of]]))

    def _days(self, table: dict[str, NDArray[np.int64]], zone: NDArray[np.int64]) -> dict[str, NDArray[np.int64]]:
        """The days and weeks of all lines, in their owners' zones; the last week of the owners' only."""
        day, last_day = np.empty_like(zone), np.empty_like(zone)
        end = table["start_s"] + np.maximum(table["dur_s"] - 1, 0)
        for name, number in self._zones.items():
            here = zone == number
            day[here], last_day[here] = _days_of(table["start_s"][here], name), _days_of(end[here], name)
        week, last_week = (day - FIRST_MONDAY) // 7, (last_day - FIRST_MONDAY) // 7
        return {"day": day, "week": week, "last_week": np.where(table["own"] == 1, last_week, week)}


def _days_of(seconds: NDArray[np.int64], zone: str) -> NDArray[np.int64]:
    """The days in a zone on which moments lie, counted from 1970; each day that may be one is looked up once."""
    rough = np.clip(seconds // DAY_S, *_YEARS)
    days = np.unique(np.concatenate([rough - 1, rough, rough + 1]))
    begins = np.array([_midnight(day, zone) for day in days.tolist()], dtype=np.int64)
    return days[np.maximum(np.searchsorted(begins, seconds, side="right") - 1, 0)]


@lru_cache(maxsize=100_000)
def _midnight(day: int, zone: str) -> int:
    return int(midnight(date(1970, 1, 1) + timedelta(days=day), zone).timestamp())
