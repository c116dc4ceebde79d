"""The connector: a CSV file in, occurrences out."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import getaddresses
from pathlib import Path
from zoneinfo import ZoneInfo

from calsight import Attendee, Calendar, CalendarEvent, PartStat, Problem, Window
from calsight.errors import CancelledError, PayloadInvalidError, SourceError, UsageError
from calsight.protocols import Cancel, ConnectorContext, Page, Progress, ProgressCallback

COLUMNS = {"date", "start", "minutes", "people", "title"}


class LogbookConnector:
    """Reads `logbook:PATH`; the settings may name the owner: `[connectors.logbook] me = "ana@example.com"`."""

    def __init__(self, context: ConnectorContext) -> None:
        self._me = str(context.settings.get("me", ""))
        self._zone = context.zone

    def calendars(self, reference: str) -> Sequence[Calendar]:
        """The one calendar that a logbook is."""
        if not reference:
            raise UsageError("Name the logbook: logbook:PATH.")
        path = Path(reference)
        if not path.is_file():
            raise SourceError(f"There is no logbook {reference}. Name a CSV file.")
        return [
            Calendar(
                id=str(path),
                name=path.name,
                zone=self._zone,
                owner=(self._me,) if self._me else (),
                last_sign=datetime.fromtimestamp(path.stat().st_mtime, UTC),
                producer="calsight-logbook",
            )
        ]

    def fetch(
        self,
        calendar: Calendar,
        window: Window,
        *,
        state: bytes | None = None,
        progress: ProgressCallback | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[Page]:
        """Everything is read each time, so there is no state and one page is enough."""
        rows = _rows(Path(calendar.id))
        events: dict[str, CalendarEvent] = {}
        problems: list[Problem] = []
        for number, row in enumerate(rows, start=1):
            if cancel and cancel.is_set():
                raise CancelledError("Cancelled.")
            try:
                event = self._event(row, calendar)
            except (TypeError, ValueError, OverflowError):
                text = f"Row {number} of the logbook is left out: it needs a date, a time and a number of minutes."
                problems.append(Problem("bad_row", text, calendar.name))
            else:
                if event.start < window.end and event.end > window.start:
                    events[event.key] = event
            if progress:
                progress(Progress(calendar.name, number, len(rows), "rows"))
        yield Page(list(events.values()), problems, calendar=calendar)

    def _event(self, row: Mapping[str, str], calendar: Calendar) -> CalendarEvent:
        """One row. Raises where it makes no sense."""
        local = datetime.fromisoformat(f"{row['date']} {row['start']}").replace(tzinfo=ZoneInfo(self._zone))
        start = local.astimezone(UTC)
        people = getaddresses([row["people"].replace(";", ",")])
        others = [Attendee(address, name, PartStat.ACCEPTED) for name, address in people]
        me = [Attendee(self._me, partstat=PartStat.ACCEPTED, is_me=True)] if self._me else []
        named = f"{start.isoformat()} {sorted(other.address for other in others)}"
        return CalendarEvent(
            uid=hashlib.sha256(named.encode()).hexdigest()[:16],
            start=start,
            end=start + timedelta(minutes=int(row["minutes"])),
            zone=self._zone,
            title=row["title"].strip(),
            attendees=(*me, *others),
            calendar=calendar,
        )


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = COLUMNS - set(reader.fieldnames or ())
            if missing:
                raise PayloadInvalidError(f"{path.name} is no logbook: it has no column {', '.join(sorted(missing))}.")
            return list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise SourceError(f"{path.name} cannot be read as CSV in UTF-8: {type(error).__name__}.") from error
