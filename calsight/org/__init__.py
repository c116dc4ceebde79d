"""A whole organisation: the same questions for many calendars at once, answered for groups, never for persons.

    import calsight.org
    calsight.org.report("data", by=["division"])                    the folder that `calsight org ingest` made
    calsight.org.report(spark.table("attendance"), people, …)       a table of the caller's own session

Needs the extra `[org]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

if TYPE_CHECKING:
    from calsight.org.out import OrgReport
    from calsight.org.reporting import Wanted


def report(attendance: Any, people: Any = None, **wanted: Unpack[Wanted]) -> OrgReport:
    """The report on an organisation: see `calsight.org.reporting.report`."""
    from calsight.org.reporting import report as made

    return made(attendance, people, **wanted)
