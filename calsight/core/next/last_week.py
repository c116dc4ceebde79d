"""The last week against the usual, in sentences with their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from statistics import median

from calsight.core.model.report import Hours, Reason, Relationship, Report, Week
from calsight.core.next.compare import few
from calsight.core.next.own_people import reminders
from calsight.core.people.names import called
from calsight.core.time.days import WEEK, day_of
from calsight.core.wording.reasons import reason

_EXPOSED = 0.5
_INSTANT = timedelta(microseconds=1)
_USUAL_WEEKS, _FEWEST = 13, 4


def last_week(report: Report) -> list[Reason]:
    """The last full ISO week against the median of up to 13 exposed weeks before it, who of one's own people is due, and who is
    cooling."""
    today = day_of(report.as_of + _INSTANT, report.owner.zone)  # a day's end is also written as 23:59:59.999999
    full = [week for week in report.weeks if week.week + WEEK <= today]
    return [*_held(full), *reminders(report.own_people), _cooling(report.relationships)]


def _held(full: Sequence[Week]) -> list[Reason]:
    if not full:
        return [reason("week_none")]
    last = full[-1]
    if last.exposure < _EXPOSED and not last.one_to_one:
        return [reason("week_away", first=last.week)]
    usual = [week for week in full[:-1] if week.exposure >= _EXPOSED][-_USUAL_WEEKS:]
    said = {"first": last.week, "one_to_ones": last.one_to_one, "hours": with_others(last.hours)}
    if len(usual) < _FEWEST:
        return [reason("week_held_only", **said)]
    return [
        reason(
            "week_held",
            **said,
            usual=float(median(week.one_to_one for week in usual)),
            usual_hours=median(with_others(week.hours) for week in usual),
        )
    ]


def with_others(hours: Hours) -> float:
    """The hours that were spent with others."""
    return hours.one_to_one + hours.group + hours.conference_call


def _cooling(ties: Sequence[Relationship]) -> Reason:
    names = [called(tie.person) for tie in ties if tie.status == "cooling" and tie.role != "denied"]
    return reason("week_cooling", names=few(names)) if names else reason("week_cooling_none")
