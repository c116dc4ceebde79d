"""Everybody of whom a report is made, as arrays: who they are, when they work, and up to when their mailbox tells anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Owner
from calsight.core.model.options import Options
from calsight.core.time.days import DAY, WEEK, midnight, week_of
from calsight.core.time.zones import is_zone
from calsight.errors import SourceError
from calsight.org.columns import week_number
from calsight.org.people import check_work, work_options
from calsight.reading.window import span_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.int64]
    Floats: TypeAlias = NDArray[np.float64]

_EPOCH = date(1970, 1, 1)
_NEEDED = ("person", "zone")


@dataclass(frozen=True, slots=True)
class Staff:
    """Those whose mailbox is there, by number. Arrays are [people].

    schedule     which of `frames` is theirs: zone, working hours, public holidays, window and `as_of`
    asof_s       the moment of judgement
    now_s        up to when their mailbox tells anything: `as_of`, its last sign of life, or the day on which they left
    joined_s     when they came; the beginning of time where nobody says
    alive_day    the day of the mailbox's last sign of life, -1 where it does not say
    unlisted     the mailbox may be somebody else's
    lost         the days of entries that could not be read (-1: not even that is known)
    groups       the group of each, by grouping
    first, last  the weeks of the window
    missing      how many on the list have no mailbox here
    """

    person: Ints
    schedule: Ints
    frames: tuple[Frame, ...]
    asof_s: Ints
    now_s: Ints
    joined_s: Ints
    alive_day: Ints
    unlisted: Ints
    lost: tuple[tuple[int, ...], ...]
    groups: dict[str, list[str]]
    first: int
    last: int
    missing: int

    @property
    def size(self) -> int:
        """How many they are."""
        return len(self.person)

    @property
    def weeks(self) -> int:
        """How many weeks the window has."""
        return self.last - self.first + 1

    @property
    def epoch(self) -> date:
        """The day from which days are counted."""
        return _EPOCH

    @property
    def mondays(self) -> list[date]:
        """The Mondays of the window's weeks."""
        return [monday_of_week(week) for week in range(self.first, self.last + 1)]

    def place(self, person: Ints) -> Ints:
        """The place of each of these people, who must all be among them."""
        return np.searchsorted(self.person, person)

    def known(self, person: Ints) -> NDArray[np.bool_]:
        """Which of these people are among them."""
        place = np.minimum(np.searchsorted(self.person, person), max(0, self.size - 1))
        return np.asarray(self.person[place] == person) if self.size else np.zeros(len(person), dtype=bool)

    def week_starts(self, first: int, last: int) -> Ints:
        """When the weeks `first` to `last` + 1 begin, in seconds, [schedules, weeks + 1]."""
        zones = [frame.zone for frame in self.frames]
        known = {
            zone: [seconds(midnight(monday_of_week(week), zone)) for week in range(first, last + 2)]
            for zone in set(zones)
        }
        return np.array([known[zone] for zone in zones], dtype=np.int64).reshape(len(zones), last - first + 2)


@cache
def monday_of_week(week: int) -> date:
    """The Monday of a week that is counted as in the tables."""
    return _EPOCH + timedelta(days=7 * week - 3)


def seconds(moment: datetime) -> int:
    """A moment as the tables have it."""
    return int(moment.timestamp())


def moment_of(at: int) -> datetime:
    """The moment that a number of the tables stands for."""
    return datetime.fromtimestamp(at, UTC)


def staff_of(people: Any, *, as_of: date, weeks: int, options: Options) -> Staff:
    """From the table of people, a Polars frame. Raises `SourceError` for one that lacks a column, or says what cannot be."""
    missing = [name for name in _NEEDED if name not in people.columns]
    if missing:
        raise SourceError(f"The table of people lacks columns: {', '.join(missing)}.")
    if (
        not people["person"].dtype.is_integer()
        or people["person"].null_count()
        or people["person"].is_duplicated().any()
    ):
        raise SourceError("The table of people needs a whole number for each `person`, and another for everybody.")
    everyone = people.height
    if "mailbox" in people.columns:
        people = people.filter(people["mailbox"] == 1)
    people = people.sort("person")
    number = people.height
    said = {
        name: people[name].to_list() if name in people.columns else [default] * number
        for name, default in _DEFAULTS.items()
    }
    schedules: dict[tuple[str, ...], int] = {}
    frames: list[Frame] = []
    place = []
    for who in zip(said["zone"], said["country"], said["subdivision"], said["hours"], strict=True):
        if who not in schedules:
            schedules[who] = len(frames)
            frames.append(_frame(who, as_of, weeks, options))
        place.append(schedules[who])
    schedule = np.array(place, dtype=np.int64)
    asof = np.array([seconds(frame.as_of) for frame in frames], dtype=np.int64)[schedule] if number else _none()
    sign = np.array(said["sign_s"], dtype=np.int64)
    now = np.where(sign >= 0, np.minimum(asof, sign), asof)
    left = [
        _day_s(day, 1, frames[at].zone, then) for day, at, then in zip(said["left"], place, now.tolist(), strict=True)
    ]
    joined = [_day_s(day, 0, frames[at].zone, 0) for day, at in zip(said["joined"], place, strict=True)]
    return Staff(
        person=np.array(people["person"].to_list(), dtype=np.int64),
        schedule=schedule,
        frames=tuple(frames),
        asof_s=asof,
        now_s=np.minimum(now, np.array(left, dtype=np.int64)),
        joined_s=np.array(joined, dtype=np.int64),
        alive_day=np.where(sign >= 0, sign // 86_400, -1),
        unlisted=np.array(said["unlisted"], dtype=np.int64),
        lost=tuple(tuple(days or ()) for days in said["lost"]),
        groups={
            name[3:]: [str(one or "") for one in people[name].to_list()] for name in people.columns if name[:3] == "by_"
        },
        first=week_number((week_of(as_of) - WEEK * weeks - _EPOCH).days),
        last=week_number((as_of - _EPOCH).days),
        missing=everyone - number,
    )


_DEFAULTS: dict[str, Any] = {
    "zone": "UTC",
    "country": "",
    "subdivision": "",
    "hours": "",
    "sign_s": -1,
    "joined": -1,
    "left": -1,
    "unlisted": 0,
    "lost": (),
}


def _none() -> Ints:
    return np.zeros(0, dtype=np.int64)


def _day_s(day: int, more: int, zone: str, otherwise: int) -> int:
    """When a day (or the one so many after it) begins in a zone; `otherwise` where there is none."""
    return otherwise if day is None or day < 0 else seconds(midnight(_EPOCH + DAY * (day + more), zone))


def _frame(who: Sequence[str], as_of: date, weeks: int, options: Options) -> Frame:
    zone, country, subdivision, hours = (text or "" for text in who)
    if not is_zone(zone):
        raise SourceError(
            f"The table of people names a time zone that does not exist: {zone!r}. Write it as Europe/Berlin."
        )
    try:
        work = work_options(zone=zone, country=country, subdivision=subdivision, hours=hours, usual=options.work)
        check_work(work)
    except ValueError as error:
        raise SourceError(f"The table of people cannot be used: {error}.") from None
    span = span_of(weeks=weeks, as_of=as_of, start=None, end=None, zone=zone, now=midnight(as_of + DAY, zone))
    return Frame(Owner(), zone, span.window, span.as_of, None, replace(options, work=work))
