"""The plain recurrence rules, by arithmetic on day numbers: only the days that are asked for are made.

    FREQ=DAILY      BYDAY with INTERVAL=1
    FREQ=WEEKLY     BYDAY
    FREQ=MONTHLY    BYMONTHDAY=n (the start's own; months without that day have none) or BYDAY=nXX (-1, 1-4)
    FREQ=YEARLY     BYMONTH with BYMONTHDAY, both the start's own (29 February: leap years), or with BYDAY=nXX

each with INTERVAL, WKST, and COUNT or UNTIL. A start that is not on its own rule, and everything else, is declined.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from itertools import islice

from calsight_ics.rules import settle_until

DAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_NTH = re.compile(r"(-1|\+?[1-4])(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"\d{8}(?:T\d{6}Z?)?")
_NUMBER = re.compile(r"[1-9]\d{0,3}")
_NTH_OF_MONTH = (("MONTHLY", {"BYDAY"}), ("YEARLY", {"BYDAY", "BYMONTH"}))
_PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH"})
#: A day number of a start before this year would mean a long walk.
_FIRST_YEAR = 1900
#: Nobody plans beyond this: what is asked for later is not for this road.
LAST_DAY = date(2300, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class PlainRule:
    """A plain rule. `until` is a date for all-day starts, else a moment in UTC. `nth` is (which, weekday) of a month."""

    frequency: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    week_start: int = 0
    weekdays: tuple[int, ...] = ()
    nth: tuple[int, int] | None = None


def plain_rule(text: str, start: date, zone: tzinfo) -> PlainRule | None:
    """The rule of an RRULE's value, or None. `start` is DTSTART (a date, or aware), `zone` that of all-day entries."""
    parts: dict[str, str] = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or name in parts:
            return None
        parts[name] = value
    frequency = parts.get("FREQ", "")
    interval, count = parts.get("INTERVAL", "1"), parts.get("COUNT")
    week_start = DAYS.get(parts.get("WKST", "MO"))
    if not _NUMBER.fullmatch(interval) or week_start is None or start.year < _FIRST_YEAR:
        return None
    if count is not None and (not _NUMBER.fullmatch(count) or "UNTIL" in parts):
        return None
    until = _until(parts["UNTIL"], start, zone) if "UNTIL" in parts else None
    if "UNTIL" in parts and until is None:
        return None
    by = {name for name in parts if name.startswith("BY")}
    weekdays: tuple[int, ...] = ()
    nth = None
    if frequency in ("WEEKLY", "DAILY") and by <= {"BYDAY"}:
        found = {DAYS.get(day) for day in parts["BYDAY"].split(",")} if by else {start.weekday()}
        if None in found or start.weekday() not in found:
            return None
        weekdays = tuple(sorted(day for day in found if day is not None))
        if frequency == "DAILY" and by:
            if interval != "1":
                return None
            frequency = "WEEKLY"
    elif (frequency, by) in _NTH_OF_MONTH:
        match = _NTH.fullmatch(parts["BYDAY"])
        nth = (int(match[1]), DAYS[match[2]]) if match else None
        if nth is None or _nth_day(start.year, start.month, *nth) != start.day:
            return None
        if parts.get("BYMONTH", str(start.month)) != str(start.month):
            return None
    elif frequency in ("MONTHLY", "YEARLY") and by <= {"BYMONTHDAY", "BYMONTH"}:
        own = {"BYMONTHDAY": start.day, "BYMONTH": start.month}
        if any(parts[name] != str(own[name]) for name in by) or (frequency == "MONTHLY" and "BYMONTH" in by):
            return None
        if frequency == "YEARLY" and by == {"BYMONTHDAY"}:
            return None  # a day of every month
    else:
        return None
    return PlainRule(frequency, int(interval), int(count) if count else None, until, week_start, weekdays, nth)


def _until(value: str, start: date, zone: tzinfo) -> date | None:
    """UNTIL as `rules.settle_until` settles it."""
    if not _UNTIL.fullmatch(value):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    rule: dict[str, list[date]] = {"UNTIL": [moment if "T" in value else moment.date()]}
    settle_until(rule, start, zone)
    return rule["UNTIL"][0]


def days(rule: PlainRule, start: date, first: int, last: int) -> Sequence[int]:
    """The rule's days from day number `first` to `last`, both included, without regard to UNTIL; COUNT is kept."""
    last = min(last, LAST_DAY)
    if rule.count is None:
        return [day for day in _walk(rule, start, first, last) if day >= first]
    counted = islice(_walk(rule, start, start.toordinal(), last), rule.count)
    return [day for day in counted if day >= first]


def _walk(rule: PlainRule, start: date, first: int, last: int) -> Iterable[int]:
    """The rule's days from about `first` to `last`."""
    begin = start.toordinal()
    if rule.frequency == "DAILY" or rule.weekdays == (start.weekday(),):
        step = rule.interval * (1 if rule.frequency == "DAILY" else 7)
        return range(begin + max(0, (first - begin) // step) * step, last + 1, step)
    if rule.frequency == "WEEKLY":
        base = begin - (start.weekday() - rule.week_start) % 7
        offsets = sorted((day - rule.week_start) % 7 for day in rule.weekdays)
        step = 7 * rule.interval
        weeks = range(base + max(0, (first - base) // step) * step, last + 1, step)
        return (week + offset for week in weeks for offset in offsets if begin <= week + offset <= last)
    return _walk_months(rule, start, first, last)


def _walk_months(rule: PlainRule, start: date, first: int, last: int) -> Iterator[int]:
    step = rule.interval * (12 if rule.frequency == "YEARLY" else 1)
    from_month = start.year * 12 + start.month - 1
    early = date.fromordinal(max(1, first))
    skipped = max(0, (early.year * 12 + early.month - 1 - from_month) // step) * step
    for month in range(from_month + skipped, 2300 * 12, step):
        year, of_year = month // 12, month % 12 + 1
        day = start.day if rule.nth is None else _nth_day(year, of_year, *rule.nth)
        if day > monthrange(year, of_year)[1]:
            continue
        found = date(year, of_year, day).toordinal()
        if found > last:
            return
        yield found


def _nth_day(year: int, month: int, which: int, weekday: int) -> int:
    """The day of the month that is its first, second, third, fourth or last such weekday."""
    first, length = monthrange(year, month)
    day = 1 + (weekday - first) % 7
    if which > 0:
        return day + 7 * (which - 1)
    return day + 7 * ((length - day) // 7)
