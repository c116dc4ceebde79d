"""Reports from counts of one-to-ones, with a rate that moves as real ones do.

The rate is the mean of the last eight weeks and one more at one a week, and the band a third to either side: screens must not
change where scoring is tuned.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from calsight.core.model.options import RateOptions
from calsight.core.model.report import (
    Breadth,
    Counts,
    Coverage,
    Engine,
    ExposureOut,
    Flag,
    Hours,
    Level,
    OwnerOut,
    Rate,
    Report,
    SourceOut,
    Week,
    WindowOut,
)
from calsight.core.wording.reasons import reason

FIRST_MONDAY = date(2026, 5, 25)


def weeks(counts: Sequence[int], exposure: Sequence[float] | None = None) -> list[Week]:
    """So many one-to-ones week by week from 25 May 2026, with the rate as it was known at the end of each."""
    if not counts:
        return []
    exposed = list(exposure or [1.0] * len(counts))
    path = []
    for index, count in enumerate(counts):
        recent = slice(max(0, index - 7), index + 1)
        mean = (1 + sum(counts[recent])) / (1 + sum(exposed[recent]))
        path.append(
            Week(
                week=FIRST_MONDAY + timedelta(weeks=index),
                exposure=exposed[index],
                one_to_one=count,
                hours=Hours(one_to_one=count * 0.5),
                mean=mean,
                interval=(mean * 2 / 3, mean * 4 / 3),
                probability_low=0.95 if mean < 0.5 else 0.05,
            )
        )
    return path


def report(
    level: Level = "at_risk",
    counts: Sequence[int] = (1, 0, 1, 0, 1, 0, 0, 1, *[0] * 18),
    exposure: Sequence[float] | None = None,
    **parts: Any,
) -> Report:
    """A whole report on Ana's calendar; `parts` replace what is made up here."""
    path = weeks(counts, exposure)
    options = RateOptions()
    start = datetime.combine(path[0].week, datetime.min.time(), UTC)
    end = start + timedelta(weeks=len(path))
    known = level != "insufficient_data"
    reasons = [
        reason(
            "rate_summary",
            one_to_ones=sum(counts),
            weeks=sum(week.exposure for week in path),
            rate=path[-1].mean,
            probability_low=path[-1].probability_low,
            low=options.low,
        ),
        reason("left_out", excluded={"declined": 9, "cancelled": 4, "all_day": 3}),
        reason("inferred", inferred=2, one_to_ones=max(2, sum(counts))),
        reason("caveat"),
    ]
    made: dict[str, Any] = {
        "engine": Engine(version="0.1.0", model="rate-1"),
        "as_of": end,
        "window": WindowOut(start=start, end=end, weeks=len(path)),
        "owner": OwnerOut(name="Ana Diaz", addresses=["ana@example.com"], zone="UTC"),
        "sources": [SourceOut(name="work.ics", occurrences=600, problems=0)],
        "counts": Counts(one_to_one=sum(counts), group=120, conference_call=210, solo=90, unknown=4, excluded=16),
        "hours": Hours(one_to_one=2.5, group=130.0, conference_call=190.0, solo=88.0, unknown=4.0, excluded=20.0),
        "excluded": {"all_day": 3, "cancelled": 4, "declined": 9},
        "coverage": Coverage(participants_known=0.98, inferred=2),
        "exposure": ExposureOut(weeks=sum(week.exposure for week in path), silent_weeks=1, absence_weeks=1.4),
        "flag": Flag(
            level=level,
            probability_low=path[-1].probability_low if known else None,
            since=path[len(path) // 2].week if known else None,
            reasons=reasons,
            what_would_change=reason("would_change", one_to_ones=3, level="watch"),
        ),
        "rate": Rate(
            mean=path[-1].mean if known else None,
            interval=path[-1].interval if known else None,
            healthy=options.healthy,
            low=options.low,
        ),
        "weeks": path,
        "breadth": Breadth(people=3, effective_people=2.6, organisation=0.8, industry=0.2, first_meetings_outside=1),
    }
    return Report(**(made | parts))
