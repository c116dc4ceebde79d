"""calsight inside another tool: events of its own beside a calendar, progress, cancelling, and no hidden inputs.

python examples/embed.py ana@example.com 2026-03-31 desk.csv work.ics

The tool here is a booking desk that knows who met whom: a CSV of `when,minutes,address,address`.
"""

import csv
import signal
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import calsight
from calsight import Attendee, Calendar, CalendarEvent, PartStat
from calsight.protocols import Progress


def bookings(path: Path) -> Iterator[CalendarEvent]:
    """What the desk knows, as calsight's events: aware times in UTC, and one calendar that they share."""
    desk = Calendar(id="desk", name="Booking desk", zone="Europe/Berlin")
    with path.open(encoding="utf-8", newline="") as file:
        for number, (when, minutes, *people) in enumerate(csv.reader(file)):
            start = datetime.fromisoformat(when).astimezone(UTC)
            yield CalendarEvent(
                uid=f"desk-{number}",
                start=start,
                end=start + timedelta(minutes=int(minutes)),
                attendees=tuple(Attendee(address, partstat=PartStat.ACCEPTED) for address in people),
                calendar=desk,
            )


def report_on(
    me: str, as_of: date, desk: Path, *calendars: str, cancel: threading.Event | None = None
) -> calsight.Report:
    """The report for one person. It depends on the arguments alone: no clock, no settings file, no cache."""

    def show(progress: Progress) -> None:
        print(f"{progress.calendar}: {progress.done} of {progress.total or '?'} {progress.unit}", file=sys.stderr)

    return calsight.analyze(
        bookings(desk),
        *calendars,
        me=me,
        as_of=as_of,
        settings={"work": {"zone": "Europe/Berlin", "country": "DE"}},
        progress=show,
        cancel=cancel,
        cache=False,
    )


def main(me: str, as_of: str, desk: str, *calendars: str) -> None:
    """Print the verdict; Ctrl-C stops the reading at the next entry."""
    cancel = threading.Event()
    signal.signal(signal.SIGINT, lambda *_: cancel.set())
    try:
        report = report_on(me, date.fromisoformat(as_of), Path(desk), *calendars, cancel=cancel)
    except calsight.CalsightError as error:
        sys.exit(f"calsight: {error}")
    print(report.flag.level)
    for reason in report.flag.reasons:
        print(f"- {reason.text}")


if __name__ == "__main__":
    main(*sys.argv[1:])
