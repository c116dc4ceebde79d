"""VTIMEZONE → a zone of Python's own, as quick and as exact as those of the time zone database.

icalendar has this too, but gives up zones that real calendars hold: TZNAME with LANGUAGE, BYHOUR and BYMINUTE (Lotus Notes),
BYSETPOS, RDATE beside RRULE, the properties of RFC 7808 (dateutil/dateutil#1368 is of the kind); and what it makes is so slow
that a daily series of some years was taken for one without end. Here the changes of clock are computed once, for a zone of
`zoneinfo`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from calsight_ics.rules import comes
from calsight_ics.tzif import zone_from
from calsight_ics.working import Check

#: Rules are expanded from about here; before, the first clock change known is as far back as anybody's meetings go.
_FIRST_YEAR = 1968
_LAST_YEAR = 2100
#: No zone has more changes of clock, or rules for them.
_MOST_CHANGES = 2_000
_MOST_RULES = 200
#: Nor so many yearly rules without end.
_MOST_ENDLESS = _MOST_CHANGES // (_LAST_YEAR - _FIRST_YEAR)
_BLOCK_LIMIT = 64 * 1024
_OFFSET = re.compile(r"([+-]?)(\d{2})(?::?(\d{2})(?::?(\d{2}))?)?")
_TIME = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2}))?(Z?)")


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of clock: when, in UTC and naive, and the offsets before and after it."""

    at: datetime
    before: timedelta
    after: timedelta


def zone_of(block: bytes, check: Check = lambda: None) -> ZoneInfo | None:
    """The zone that an unfolded VTIMEZONE describes; None where it describes none, or cannot be read without doubt.

    `check` is asked before each rule is expanded.
    """
    if len(block) > _BLOCK_LIMIT:
        return None
    try:
        observances = list(_observances(block.decode("utf-8", "replace")))
        rules = [value.upper() for lines in observances for name, value in lines if name == "RRULE"]
        endless = [rule for rule in rules if "UNTIL" not in rule and "COUNT" not in rule]
        if len(rules) > _MOST_RULES or len(endless) > _MOST_ENDLESS:
            return None
        changes: list[_Change] = []
        for lines in observances:
            changes += _changes(lines, _MOST_CHANGES - len(changes), check)
        return _zone(changes) if changes else None
    except (ValueError, TypeError, OverflowError, LookupError, AttributeError):
        return None  # a stranger's text, of which dateutil makes nothing either


def _observances(text: str) -> Iterator[list[tuple[str, str]]]:
    """STANDARD and DAYLIGHT, each as the names and values of its lines. Parameters (LANGUAGE) say nothing here."""
    lines: list[tuple[str, str]] | None = None
    for line in text.split("\n"):
        head, _, value = line.partition(":")
        name, value = head.partition(";")[0].strip().upper(), value.strip()
        if name in ("BEGIN", "END") and value.upper() in ("STANDARD", "DAYLIGHT"):
            if name == "END" and lines is not None:
                yield lines
            lines = [] if name == "BEGIN" else None
        elif lines is not None:
            lines.append((name, value))


def _changes(lines: list[tuple[str, str]], most: int, check: Check) -> Iterator[_Change]:
    """The changes of clock of one observance. Raises `ValueError` and what dateutil raises where they cannot be told."""
    found = dict(reversed(lines))
    after = _offset(found["TZOFFSETTO"])
    before = _offset(found.get("TZOFFSETFROM", "")) if found.get("TZOFFSETFROM") else after
    start = _wall(found.get("DTSTART", f"{_FIRST_YEAR}0101"), before)
    walls = {start}
    for name, value in lines:
        if name == "RDATE" and value:
            walls.update(_wall(each.partition("/")[0], before) for each in value.split(","))
        elif name == "RRULE" and value:
            check()
            walls.update(_expanded(value, start, before))
        if len(walls) > most:
            raise ValueError("no clock is changed so often")
    for wall in walls:
        yield _Change(wall - before, before, after)


def _offset(value: str) -> timedelta:
    found = _OFFSET.fullmatch(value)
    if found is None:
        raise ValueError(f"{value!r} is no offset")
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    offset = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if offset >= timedelta(days=1) or minutes > 59 or seconds > 59:
        raise ValueError(f"{value!r} is no offset")
    return -offset if found[1] == "-" else offset


def _wall(value: str, before: timedelta) -> datetime:
    """A time as the clock shows it until the change."""
    found = _TIME.fullmatch(value.strip().upper())
    if found is None:
        raise ValueError(f"{value!r} is no time")
    year, *rest = (int(part or 0) for part in found.groups()[:6])
    wall = datetime(max(year, 2), *rest)  # type: ignore[arg-type]  # noqa: DTZ001
    return wall + before if found[7] else wall


def _expanded(text: str, start: datetime, before: timedelta) -> Iterator[datetime]:
    """The times of a yearly or monthly rule; of other rules clocks know nothing."""
    from dateutil.rrule import rrulestr

    parts = dict(part.split("=", 1) for part in text.upper().replace(" ", "").strip(";").split(";"))
    if parts.get("FREQ") not in ("YEARLY", "MONTHLY"):
        raise ValueError("clocks are changed by the year")
    last = datetime(_LAST_YEAR, 1, 1)  # noqa: DTZ001
    if until := parts.pop("UNTIL", ""):
        end = _wall(until, before)
        last = min(last, end if "T" in until else end + timedelta(days=1))
    if "COUNT" not in parts and start.year < _FIRST_YEAR:
        start = start.replace(year=_later_year(start, max(1, int(parts.get("INTERVAL", "1")))))
    rule = ";".join(f"{name}={value}" for name, value in parts.items())
    if not comes(rule, start):
        return
    for number, moment in enumerate(rrulestr(f"RRULE:{rule}", dtstart=start)):
        if moment > last or number > _MOST_CHANGES:
            return
        yield moment


def _later_year(start: datetime, interval: int) -> int:
    """A year on the same rule near the first that matters, with the same day in it (29 February)."""
    cycle = interval if (start.month, start.day) != (2, 29) else interval * 400
    return start.year + (_FIRST_YEAR - start.year) // cycle * cycle


def _zone(changes: list[_Change]) -> ZoneInfo:
    """The zone of these changes; of several at one moment the larger offset holds."""
    order = sorted(changes, key=lambda change: (change.at, change.after))
    return zone_from(order[0].before, {change.at: change.after for change in order})
