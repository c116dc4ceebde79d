"""Rules that dateutil expands otherwise than RFC 5545 says (3.3.10): its days are taken, its picking and its end are not.

- A weekly rule with BYSETPOS picks from whole weeks. dateutil begins the first with DTSTART, and picks others (dateutil#1398).
- BYWEEKNO is the number of the week in which a day lies, also of the first days of January. dateutil counts the weeks of the
  year before by the length of this one (dateutil#1537), and misses or invents days in some years.
- COUNT and UNTIL should not stand together; where they do, what comes first ends the rule. dateutil warns that it will refuse
  both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, islice, takewhile
from typing import Any

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAYS = frozenset({"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYEASTER"})


@dataclass(frozen=True, slots=True)
class Expansion:
    """A rule from `start` on. It can what recurring-ical-events asks of a rule.

    rule      as dateutil expands it; where it picks, from the beginning of the week or year in which `start` lies
    numbers   BYWEEKNO; weeks begin on `first_day`
    places    BYSETPOS within a year
    """

    rule: Any
    start: datetime
    count: int | None
    until: datetime | None
    numbers: frozenset[int] = frozenset()
    first_day: int = 0
    places: tuple[int, ...] = ()

    def __iter__(self) -> Iterator[datetime]:
        return self._from(self.rule)

    def between(self, after: datetime, before: datetime, inc: bool = False) -> Iterator[datetime]:
        """The occurrences from one moment to another; both included whatever `inc` says: who asks wants them so."""
        for moment in self._from(takewhile(lambda each: each.year <= before.year, self.rule)):
            if moment > before:
                return
            if moment >= after:
                yield moment

    def _from(self, moments: Iterable[datetime]) -> Iterator[datetime]:
        if self.numbers:
            moments = (moment for moment in moments if self.numbers & set(numbers_of(moment, self.first_day)))
        if self.places:
            moments = self._picked(moments)
        if self.until is not None:
            until = self.until
            moments = takewhile(lambda moment: moment <= until, moments)
        return islice((moment for moment in moments if moment >= self.start), self.count)

    def _picked(self, moments: Iterable[datetime]) -> Iterator[datetime]:
        for _, of_year in groupby(moments, key=lambda moment: moment.year):
            year = list(of_year)
            places = {place - 1 if place > 0 else len(year) + place for place in self.places}
            yield from (year[place] for place in sorted(places) if 0 <= place < len(year))


def numbers_of(day: date, first_day: int = 0) -> tuple[int, int]:
    """The number of the week in which a day lies, from the beginning and from the end (-1) of the year that the week counts to.

    Weeks begin on `first_day` (0 is Monday); the first of a year has four days in it at least.
    """
    middle = day.toordinal() - (day.weekday() - first_day) % 7 + 3
    middle = min(middle, date.max.toordinal())  # the last week before the year 10,000
    year = date.fromordinal(middle).year
    place, length = middle - date(year, 1, 1).toordinal(), date(year, 12, 31).timetuple().tm_yday
    return place // 7 + 1, -((length - 1 - place) // 7 + 1)


def expansion_of(text: str, start: datetime) -> Expansion | None:
    """The rule if it is one that dateutil reads otherwise, else None."""
    parts = dict(part.partition("=")[::2] for part in text.upper().split(";"))
    week_start = parts.get("WKST", "MO")
    first_day = WEEKDAYS.index(week_start) if week_start in WEEKDAYS else 0
    frequency, count = parts.get("FREQ"), parts.pop("COUNT", None)
    if frequency == "WEEKLY" and "BYSETPOS" in parts:
        parts.setdefault("BYDAY", WEEKDAYS[start.weekday()])
        back = timedelta(days=(start.weekday() - first_day) % 7)
        rule = _expanded(parts, start - back)
        return Expansion(rule, start, int(count) if count else None, rule._until)
    if frequency != "YEARLY" or "BYWEEKNO" not in parts or not _DAYS & parts.keys():
        if count is None or "UNTIL" not in parts:
            return None
        until = _expanded(parts, start)._until
        del parts["UNTIL"]
        return Expansion(_expanded(parts | {"COUNT": count}, start), start, None, until)
    until = _expanded(parts, start)._until
    numbers, places = (parts.pop(name, "") for name in ("BYWEEKNO", "BYSETPOS"))
    parts.pop("UNTIL", None)
    return Expansion(
        _expanded(parts, start.replace(month=1, day=1)),
        start,
        int(count) if count else None,
        until,
        frozenset(map(int, numbers.split(","))),
        first_day,
        tuple(map(int, places.split(","))) if places else (),
    )


def _expanded(parts: dict[str, str], start: datetime) -> Any:
    from dateutil.rrule import rrulestr

    return rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=start, cache=True)
