"""One reading by a peer in Python, with its imports and nothing else: readers.py PEER FILE START END (see ../ics.py)."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

Result = dict[str, Any]


def run_ours(path: Path, start: datetime, end: datetime) -> Result:
    from contextlib import ExitStack

    from calsight import Calendar, Window
    from calsight.protocols import Access
    from calsight_ics.costs import Budget, Limits
    from calsight_ics.places.finding import places
    from calsight_ics.places.opening import Opener
    from calsight_ics.reader import CalendarReader

    # 200,000 entries are more than any person's calendar may hold.
    limits = Limits(occurrences=10_000_000, memory=10_000_000_000)
    budget = Budget.of(limits)
    with ExitStack() as stack:
        text = stack.enter_context(Opener(limits, Access()).opened(places(str(path))[0], budget))
        reading = CalendarReader(
            Calendar(str(path), path.name), text, Window(start, end), "Europe/Berlin", budget=budget
        )
        events = [event for page in reading.pages() for event in page.events]
    return {"occurrences": len(events), "roads": dict(reading.roads)}


def run_upstream(path: Path, start: datetime, end: datetime) -> Result:
    import icalendar
    import recurring_ical_events

    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    return {"occurrences": len(recurring_ical_events.of(calendar).between(start, end))}


def run_ical(path: Path, start: datetime, end: datetime) -> Result:
    from ical.calendar_stream import IcsCalendarStream

    calendar = IcsCalendarStream.calendar_from_ics(path.read_text("utf-8"))
    return {"occurrences": sum(1 for _ in calendar.timeline.overlapping(start, end))}


RUNS = {"ours": run_ours, "upstream": run_upstream, "ical": run_ical}


def main(peer: str, path: str, begins: str, ends: str) -> None:
    """Run one peer once and print the result."""
    start, end = (datetime.fromisoformat(day).replace(tzinfo=UTC) for day in (begins, ends))
    began = time.perf_counter()
    result = RUNS[peer](Path(path), start, end)
    result["seconds"] = time.perf_counter() - began
    print(json.dumps(result))


if __name__ == "__main__":
    main(*sys.argv[1:5])
