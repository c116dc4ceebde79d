"""How long an entry lasts, and so when an occurrence of it ends, also where clocks change in between.

RFC 5545, 3.8.5.3: of an entry with DTEND "the same exact duration will apply to all the members of the generated recurrence
set"; of one with DURATION the same nominal one, in which days are days of the calendar and hours elapse (3.3.6). Libraries that
add hours on the wall differ on the nights on which clocks change (ical-org/ical.net#660; #883 asks for the wall).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

_DURATION = re.compile(r"([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")
#: No calendar reaches so far; larger numbers of days are none of Python's.
_MOST_DAYS = 999_999
_NO_TIME = timedelta()


class Length(NamedTuple):
    """`days` of the calendar, then `elapsed` time. Either may be negative."""

    days: int = 0
    elapsed: timedelta = _NO_TIME

    def end(self, wall: datetime, moment: Callable[[datetime], datetime]) -> datetime:
        """When what begins at `wall` ends; `moment` says which moment (in UTC) a time on the wall is."""
        return moment(wall + timedelta(days=self.days) if self.days else wall) + self.elapsed


def between(start: datetime, end: datetime, moment: Callable[[datetime], datetime]) -> Length:
    """The length from a time on the wall to another.

    A start in the hour that is left out in spring is the same moment as an hour later: what ends in or right after that hour
    would end before it. It lasts as long as it is written.
    """
    elapsed = moment(end) - moment(start)
    return Length(elapsed=end - start if elapsed < _NO_TIME <= end - start else elapsed)


def duration(text: str) -> Length | None:
    """The length that a DURATION's value says; None if it says none."""
    found = _DURATION.fullmatch(text)
    if found is None or text.endswith(("P", "T")):
        return None
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    if max(weeks, days, hours, minutes, seconds) > _MOST_DAYS:
        return None
    sign = -1 if found[1] == "-" else 1
    return Length(sign * (7 * weeks + days), sign * timedelta(hours=hours, minutes=minutes, seconds=seconds))
