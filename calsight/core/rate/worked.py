"""How much of a week's working time the owner had: free of leave, public holidays and days off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from calsight.core.model.frame import Frame
from calsight.core.time.days import week_days
from calsight.core.time.intervals import Span, clip, length, subtract
from calsight.core.time.working import full_week, usual_spans, working_spans


class Worked(NamedTuple):
    """The working time of one week: free of leave, and not, as shares of a full week; and how much leave took of it."""

    working: float
    absence: float
    taken: timedelta


def worked(monday: date, begin: datetime, absences: Sequence[Span], frame: Frame) -> Worked:
    """The working time of the week from `begin` to the frame's `now`; `absences` are a union."""
    zone, end, options = frame.zone, frame.now, frame.options.work
    days = week_days(monday)
    usual = clip([span for day in days for span in usual_spans(day, options, zone)], begin, end)
    mine = clip([span for day in days for span in working_spans(day, options, zone)], begin, end)
    free = subtract(mine, absences)
    full = full_week(options)
    return Worked(
        working=min(1.0, length(free) / full) if full else 0.0,
        absence=min(1.0, (length(usual) - length(free)) / full) if full else 0.0,
        taken=length(mine) - length(free),
    )
