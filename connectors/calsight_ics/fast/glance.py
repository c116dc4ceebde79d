"""A glance at a calendar: which of its entries cannot touch the window. Most of a calendar is passed over unparsed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from calsight import Window
from calsight_ics.fast.scan import Scan, first_within

if TYPE_CHECKING:
    from calsight_ics.entries import Extent
    from calsight_ics.fast.lines import Places

#: No zone is further from UTC than a day; one more for good measure.
MARGIN = timedelta(days=2)
_UNTIL = re.compile(rb"[:;]UNTIL=(\d{8})(?:T\d{6}Z?)?(?:;|\r?$)")


class Glance:
    """Tells of one calendar which entries cannot touch the window."""

    def __init__(self, scan: Scan, window: Window) -> None:
        self._scan = scan
        self._first, self._last = _number(window.start - MARGIN), _number(window.end + MARGIN)
        self._outside = frozenset(self._find())

    def outside(self, extents: Sequence[Extent]) -> bool:
        """Whether no entry of a UID can touch the window, told without parsing. In doubt it can."""
        return self._outside.issuperset([begin for begin, _ in extents])

    def _find(self) -> Iterator[int]:
        """Where the entries begin that cannot touch the window."""
        scan, marks = self._scan, self._scan.marks
        begins, ends = scan.begins, scan.ends
        nested, rule, moving, odd = (
            first_within(places, begins, ends) for places in (marks.begins, marks.rules, marks.moving, marks.odd)
        )
        start = _first_day(marks.starts, marks.start_days, scan, nested)
        stop = _first_day(marks.stops, marks.stop_days, scan, nested, absent=start)
        plain = (moving == ends) & (odd == ends)
        later = plain & (start > self._last)
        earlier = plain & (start > 0) & (start < self._first) & (stop > 0)
        single = earlier & (rule == ends) & (stop < self._first)
        yield from begins[later | single].tolist()
        series = np.flatnonzero(earlier & (rule < ends) & (start // 100 == stop // 100) & (stop - start <= 1))
        for index in series[stop[series] >= start[series]].tolist():
            if self._has_ended(int(rule[index]), int(ends[index])):
                yield int(begins[index])

    def _has_ended(self, rule: int, end: int) -> bool:
        """Whether a series of entries that begin and end on one day ended before the window."""
        text = self._scan.entries.text
        stop = text.find(b"\n", rule, end)
        if text[stop + 1] in b" \t" or text.find(b"\nRRULE", stop, end) >= 0:
            return False
        days = _UNTIL.findall(text[rule:stop])
        return len(days) == 1 and int(days[0]) < self._first


def _number(moment: datetime) -> int:
    """A day as the number that its digits are."""
    return moment.year * 10_000 + moment.month * 100 + moment.day


def _first_day(places: Places, days: Places, scan: Scan, nested: Places, absent: Places | int = 0) -> Places:
    """The day of the first of these lines in each entry, 0 where a glance cannot tell it; `absent` where there is none."""
    first = first_within(places, scan.begins, scan.ends)
    day = np.append(days, 0)[np.searchsorted(places, scan.begins)]
    return np.where(first == scan.ends, absent, np.where(first < nested, day, 0))
