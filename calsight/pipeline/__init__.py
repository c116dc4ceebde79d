"""From sources to a report: the only place where the pieces meet.

`read` → `judge` → `report`, one step each, so that a program can stop where it likes; `analyze`, `meetings` and `events` are
the same steps under the names that most programs want. Nothing is kept between calls.
"""

from calsight.pipeline.run import (
    MODEL,
    Day,
    Judgement,
    Reading,
    Request,
    Source,
    Sources,
    analyze,
    doubts,
    events,
    explain,
    exposure_of,
    find_owner,
    judge,
    last_sign,
    meetings,
    read,
    report,
    ties_of,
)

__all__ = [
    "MODEL",
    "Day",
    "Judgement",
    "Reading",
    "Request",
    "Source",
    "Sources",
    "analyze",
    "doubts",
    "events",
    "explain",
    "exposure_of",
    "find_owner",
    "judge",
    "last_sign",
    "meetings",
    "read",
    "report",
    "ties_of",
]
