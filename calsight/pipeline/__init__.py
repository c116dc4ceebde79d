"""From sources to a report: the only place where the pieces meet.

`read` → `judge` → `report`, one step each, so that a program can stop where it likes; `analyze`, `meetings` and `events` are
the same steps under the names that most programs want. Nothing is kept between calls.
"""

from calsight.pipeline.judge import Judgement, corrected, explain, explained, find_owner, judge, meetings
from calsight.pipeline.read import Reading, Request, Source, Sources, events, read
from calsight.pipeline.report import MODEL, analyze, outline, report
from calsight.reading.window import Day

__all__ = [
    "MODEL",
    "Day",
    "Judgement",
    "Reading",
    "Request",
    "Source",
    "Sources",
    "analyze",
    "corrected",
    "events",
    "explain",
    "explained",
    "find_owner",
    "judge",
    "meetings",
    "outline",
    "read",
    "report",
]
