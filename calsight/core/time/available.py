"""Calendar time with the owner's absences taken out: the time in which the gaps between meetings are measured.

Each ISO week runs at its own pace: the share of its usual working time in which the owner was there. An ordinary week takes
one week, a week of leave none, a week with one public holiday of five four fifths. So a tie does not seem to fall silent while
its owner is on leave; and without absences gaps are plain calendar days.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from itertools import accumulate
from typing import NamedTuple

from calsight.core.model.options import WorkOptions
from calsight.core.time.days import WEEK, week_days, week_of
from calsight.core.time.intervals import Span, length, subtract, union
from calsight.core.time.working import working_spans


class AvailableTime(NamedTuple):
    """The pace of each week: `mondays` in order without gaps, `shares` of their working time that were the owner's (0 to 1),
    `elapsed` weeks of available time before each, and before the end.

    Days before the first week and after the last run at full pace.
    """

    mondays: tuple[date, ...]
    shares: tuple[float, ...]
    elapsed: tuple[float, ...]

    @classmethod
    def of(cls, mondays: Iterable[date], shares: Iterable[float]) -> AvailableTime:
        """From the weeks and their shares."""
        weeks, paces = tuple(mondays), tuple(shares)
        if len(weeks) != len(paces):
            raise ValueError("one share for each week")
        return cls(weeks, paces, tuple(accumulate(paces, initial=0.0)))

    def weeks(self, day: date) -> float:
        """Weeks of available time from the first Monday to the beginning of `day`; negative before it."""
        if not self.mondays or day < self.mondays[0]:
            origin = self.mondays[0] if self.mondays else date.min
            return (day - origin) / WEEK
        index = bisect_right(self.mondays, day) - 1
        into = (day - self.mondays[index]) / WEEK
        if into >= 1:  # after the last week
            return self.elapsed[-1] + into - 1
        return self.elapsed[index] + self.shares[index] * into


def available_time(
    first: date,
    last: date,
    absences: Iterable[Span],
    *,
    silent: Collection[date] = (),
    options: WorkOptions,
    zone: str,
) -> AvailableTime:
    """The owner's available time in the ISO weeks from that of `first` to that of `last`.

    `silent` are the Mondays of weeks in which nothing shows that the owner was there: nobody knows what happened in them, so
    they take no time. A week without usual working time takes none either, unless no working hours are set at all.
    """
    away = union(absences)
    usual = replace(options, country="", subdivision="", days_off=())
    works = any(options.hours.values()) or any(any(period.hours.values()) for period in options.periods)
    monday = week_of(first)
    mondays, shares = [], []
    while monday <= last:
        days = week_days(monday)
        whole = length(union(span for day in days for span in working_spans(day, usual, zone)))
        free = length(subtract(union(span for day in days for span in working_spans(day, options, zone)), away))
        mondays.append(monday)
        shares.append(0.0 if monday in silent else free / whole if whole else float(not works))
        monday += WEEK
    return AvailableTime.of(mondays, shares)
