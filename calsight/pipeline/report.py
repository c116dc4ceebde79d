"""From meetings to the one result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Unpack

from calsight.core.model.meetings import WAS_THERE, WITH_PEOPLE, Kind, Meeting
from calsight.pipeline.judge import Judgement, judge
from calsight.pipeline.read import Reading, Request, Sources, read

if TYPE_CHECKING:
    from calsight.core.model.report import Hours, OneToOne, ProblemOut, SourceOut
    from calsight.core.rate.exposure import Exposure
    from calsight.pipeline.notebook import Report

#: Which formulas a report was computed with; it changes when they do (docs/scoring.md).
MODEL = "change-point-gamma/1"
_MINUTE = timedelta(minutes=1)


def analyze(*sources: Sources, **request: Unpack[Request]) -> Report:
    """The report on one or several sources.

    Takes what `read` takes and raises what `read` and `judge` raise.

    Examples:
        >>> report = calsight.analyze("work.ics", me="ana@example.com", as_of="2026-03-31", weeks=12)
        >>> report.flag.level
        'ok'
        >>> report.counts.one_to_one
        12
        >>> calsight.analyze("work.ics", me="ana")
        Traceback (most recent call last):
        calsight.errors.UsageError: --me: 'ana' is not an e-mail address such as ana@example.com.
    """
    return report(judge(read(*sources, **request)))


def report(judgement: Judgement) -> Report:
    """The one result. Pure: the same judgement gives the same report to the last digit."""
    from calsight.core.next.actions import next_actions
    from calsight.core.next.own_people import own_people
    from calsight.core.picture.heat import heat
    from calsight.core.picture.situation import situation
    from calsight.core.picture.visibility import visibility
    from calsight.pipeline.answers import questions

    account, frame = judgement.account, judgement.frame
    return outline(judgement).model_copy(
        update={
            "heat": heat(_past(judgement), frame.zone),
            "situation": situation(account, account.assessment.flag.level),
            "visibility": visibility(account),
            "relationships": account.relationships,
            "one_to_ones": _one_to_ones(account.exposure.counted),
            "own_people": own_people(judgement.reading.corrections, account),
            "next_actions": next_actions(account),
            "questions": questions(judgement),
        }
    )


def outline(judgement: Judgement) -> Report:
    """The report's verdict with its grounds, which is quick: without people, questions, situation, index, actions and heat.

    For whoever shows the verdict at once and the rest after it; what it found out, `report` does not find out again.
    """
    from calsight.core.judging.corrected import said
    from calsight.core.model import report as out
    from calsight.pipeline.notebook import Report

    account, frame, reading = judgement.account, judgement.frame, judgement.reading
    exposure, assessment, past = account.exposure, account.assessment, _past(judgement)
    return Report(
        engine=out.Engine(version=_version(), model=MODEL),
        as_of=frame.as_of,
        window=out.WindowOut(
            start=frame.window.start,
            end=frame.window.end,
            weeks=round((frame.window.end - frame.window.start) / timedelta(weeks=1), 2),
        ),
        owner=out.OwnerOut(name=frame.owner.name, addresses=list(frame.owner.addresses), zone=frame.zone),
        sources=_sources(reading),
        **_entries(past),
        hours=_hours(past, exposure, frame.as_of),
        exposure=out.ExposureOut(
            weeks=exposure.total,
            silent_weeks=exposure.silent_weeks,
            absence_weeks=exposure.absence_weeks,
            unknown_weeks=sum(week.working - week.exposure for week in exposure.weeks if not week.silent),
        ),
        flag=assessment.flag,
        rate=assessment.rate,
        weeks=assessment.weeks,
        breadth=assessment.breadth,
        corrections=said(judgement.corrected, judgement.meetings, judgement.directory, frame.zone),
        problems=problems_out(judgement),
        settings=reading.settings.to_dict(),
    )


def problems_out(judgement: Judgement) -> list[ProblemOut]:
    """What was set aside: entries and files that could not be read, and rules that failed."""
    from calsight.core.model.report import ProblemOut

    return [
        ProblemOut(code=p.code, text=p.text, source=p.source, uid=p.uid, count=p.count)
        for p in (*judgement.reading.problems, *judgement.problems)
    ]


def _past(judgement: Judgement) -> list[Meeting]:
    """The meetings of the window that are over."""
    start, end, as_of = judgement.frame.window.start, judgement.frame.window.end, judgement.frame.as_of
    return [
        m for m in judgement.meetings if start <= m.event.start < end and m.event.end <= as_of and m.reason != WAS_THERE
    ]


def _one_to_ones(counted: Iterable[Meeting]) -> list[OneToOne]:
    from calsight.core.model.report import OneToOne

    return [
        OneToOne(
            start=meeting.event.start,
            minutes=round(meeting.event.duration / _MINUTE, 1),
            person=meeting.counterparts[0].id if meeting.counterparts else "",
        )
        for meeting in counted
    ]


def _sources(reading: Reading) -> list[SourceOut]:
    from calsight.core.model.report import SourceOut

    return [
        SourceOut(
            name=calendar.calendar.name,
            occurrences=sum(event.start in reading.window for event in calendar.events),
            problems=len(calendar.problems),
        )
        for calendar in reading.calendars
    ]


def _entries(past: Iterable[Meeting]) -> dict[str, Any]:
    """How many entries there were by kind, why entries were left out, and how many say who was there."""
    from calsight.core.model.report import Counts, Coverage

    of_kind: dict[Kind, list[Meeting]] = {kind: [] for kind in Kind}
    for meeting in past:
        of_kind[meeting.kind].append(meeting)
    met = {kind: len(meetings) for kind, meetings in of_kind.items()}
    known = sum(met[kind] for kind in WITH_PEOPLE)
    return {
        "counts": Counts(**met),
        "excluded": dict(sorted(Counter(meeting.reason for meeting in of_kind[Kind.EXCLUDED]).items())),
        "coverage": Coverage(
            participants_known=known / (known + met[Kind.UNKNOWN]) if known + met[Kind.UNKNOWN] else None,
            inferred=sum(meeting.inferred for meeting in of_kind[Kind.ONE_TO_ONE]),
        ),
    }


def _hours(past: Iterable[Meeting], exposure: Exposure, as_of: datetime) -> Hours:
    """Hours by kind. An absence has those of working time that it took, not its nights and weekends."""
    from calsight.core.model.report import Hours
    from calsight.core.rate.weeks import hours_by_kind

    hours = dict.fromkeys(Kind, 0.0) | hours_by_kind(past, as_of)
    hours[Kind.ABSENCE] = sum(week.hours.get(Kind.ABSENCE, 0.0) for week in exposure.weeks)
    return Hours(**{str(kind): round(value, 2) for kind, value in hours.items()})


def _version() -> str:
    from calsight import __version__

    return __version__
