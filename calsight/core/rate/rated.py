"""One owner's weeks with what is known of them: the rate, its readings, and the level at the end of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from calsight.core.model.frame import Frame
from calsight.core.model.options import RateOptions
from calsight.core.model.report import Level
from calsight.core.rate.bayes import RatePath, rate_path
from calsight.core.rate.breadth import narrow_weeks
from calsight.core.rate.exposure import Ahead, Exposure, WeekFacts
from calsight.core.rate.levels import LEVELS, OK, names
from calsight.core.rate.readings import Doubtful, Readings, latest_of, levels_of
from calsight.core.rate.weeks import by_week


class Rated(NamedTuple):
    """One owner's weeks, as the verdict wants them.

    `people` holds the ids of those met, week by week; one-to-ones with someone unnamed are left out of it.
    """

    facts: tuple[WeekFacts, ...]
    counts: list[float]
    exposure: list[float]
    people: list[list[str]]
    path: RatePath
    counted: int
    doubtful: Doubtful
    readings: Readings
    levels: list[Level]
    ahead: Ahead

    @property
    def completed(self) -> Readings:
        """The readings as they will be when the current week is over."""
        if not self.facts:
            return self.readings
        known = 1.0 - self.facts[-1].unknown
        return self.readings.ended(float(self.ahead.booked[0]), self.ahead.working[0] * known)

    @classmethod
    def of(cls, exposure: Exposure, frame: Frame) -> Rated:
        """From the exposure that was measured in the same frame."""
        zone, options = frame.zone, frame.options.rate
        counts = [float(week.one_to_ones) for week in exposure.weeks]
        weeks = [week.exposure for week in exposure.weeks]
        people = people_met(exposure, zone)
        path = rate_path(counts, weeks, options)
        doubtful = Doubtful.of(exposure, frame)
        levels = levels_by_week(people, doubtful, options)
        return cls(
            exposure.weeks,
            counts,
            weeks,
            people,
            path,
            exposure.count.counted,
            doubtful,
            doubtful.as_is,
            levels,
            exposure.ahead,
        )


def people_met(exposure: Exposure, zone: str) -> list[list[str]]:
    """The ids of those met one-to-one, week by week."""
    met = by_week(exposure.counted, zone)
    return [[p.id for m in met.get(week.week, ()) for p in m.counterparts] for week in exposure.weeks]


def levels_by_week(people: Sequence[Sequence[str]], doubtful: Doubtful, options: RateOptions) -> list[Level]:
    """The level at the end of each week; the last as it is said, of which no one-to-one of the newest weeks is to blame."""
    narrow = narrow_weeks(people, options)
    levels = names(levels_of([doubtful.as_is], options, narrow=[narrow]))[0]
    if levels and levels[-1] in ("watch", "at_risk"):
        said = [latest_of(way, options, narrow=narrow) for way in doubtful.all_ways]
        levels[-1] = LEVELS[min(level for level in said if level >= OK)]
    return levels
