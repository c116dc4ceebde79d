"""From the word that a person types to the events behind it.

A source is `NAME` or `NAME:REST` of a connector, a path, a folder, `-`, an http(s) or webcal address, or a `.jsonl` file of
events that calsight wrote.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from calsight.core.model.events import Calendar, CalendarEvent, Problem, Window
from calsight.errors import CancelledError, SourceError, UsageError
from calsight.kit.access import require_file, require_stdin
from calsight.kit.secrets import forgotten_scheme, without_secrets
from calsight.protocols import (
    Access,
    Cancel,
    Connector,
    ConnectorContext,
    Incremental,
    Page,
    Progress,
    ProgressCallback,
)
from calsight.reading.bounds import bounded

if TYPE_CHECKING:
    from calsight.reading.event_lines import Shared

_ADDRESS = re.compile(r"(?i)(https?|webcals?)://")
#: What is copied along with an address.
_AROUND = " \t\r\n<>\"'"
#: A connector's name has two characters or more, so that `C:\calendars` is a path.
_NAMED = re.compile(r"(?P<name>[A-Za-z][A-Za-z0-9_-]+)(:(?P<rest>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CalendarReading:
    """What one calendar gave. `source` is the word it was asked for with; it may hold a secret (`without_secrets`)."""

    source: str = field(repr=False)
    calendar: Calendar
    events: tuple[CalendarEvent, ...]
    problems: tuple[Problem, ...]


def resolve(source: str) -> tuple[str, str]:
    """The connector's name and the reference that `source` stands for ("lines" for a `.jsonl` file).

    Raises `ConnectorUnknownError` for `NAME:REST` where nothing of that name is installed, `UsageError` for an odd address.
    """
    from calsight.reading import plugins

    if source == "-":
        return ("lines" if _json_on_stdin() else "ics"), source
    bare = source.strip(_AROUND)
    if _ADDRESS.match(bare):
        return "ics", bare
    named = _NAMED.fullmatch(source)
    if named:
        installed = {entry.name for entry in plugins.connectors()}
        if named["name"] in installed:
            return named["name"], named["rest"] or ""
        if named["rest"] is not None and not Path(source).exists():
            plugins.load_connector(named["name"])  # raises: names the installed ones and the nearest
    if "://" in source:
        raise UsageError("This is no web address that can be read. Write it as https://calendar.example.com/….ics")
    if source.lower().endswith((".jsonl", ".ndjson")):
        return "lines", source
    return "ics", source


def _json_on_stdin() -> bool:
    if sys.stdin is None or sys.stdin.isatty():
        return False
    peek = getattr(sys.stdin.buffer, "peek", None)
    return peek is not None and peek(1)[:1] == b"{"


class Reader:
    """Reads sources inside one window. Keeps one instance of each connector, made when first needed."""

    def __init__(
        self,
        window: Window,
        context: ConnectorContext,
        *,
        sections: Mapping[str, Mapping[str, Any]],
        progress: ProgressCallback | None = None,
        cancel: Cancel | None = None,
        shared: Shared | None = None,
    ) -> None:
        """`window` is what the events must overlap; each connector is made with `context` and its own of the `sections`.

        `shared` is what lines of events have in common with those of other readers (see `calsight.reading.event_lines`).
        """
        self._window = window
        self._context = context
        self._sections = sections
        self._progress = progress
        self._cancel = cancel
        self._shared = shared
        self._connectors: dict[str, Connector] = {}

    def connector(self, name: str) -> Connector:
        """The connector of that name, ready to use. Raises what `plugins.make_connector` raises."""
        from calsight.reading import plugins

        if name not in self._connectors:
            context = replace(self._context, settings=self._sections.get(name, {}))
            self._connectors[name] = plugins.make_connector(name, context)
        return self._connectors[name]

    def read(self, source: str) -> list[CalendarReading]:
        """Every calendar behind `source`.

        Of several calendars (a folder, an archive) one that cannot be read becomes a Problem; where nothing at all could be
        read, the first error is raised.
        """
        name, reference = resolve(source)
        if name == "lines":
            return self._read_lines(source)
        connector = self.connector(name)
        calendars = connector.calendars(reference)
        if not calendars:
            raise SourceError(
                f"{without_secrets(source)}: no calendars there. Name a calendar file, or export one into that folder."
            )
        readings: list[CalendarReading] = []
        failures: list[tuple[Calendar, SourceError]] = []
        for calendar in calendars:
            try:
                readings.append(self._fetch(name, connector, source, calendar))
            except SourceError as error:
                failures.append((calendar, error))
        if not readings:
            raise failures[0][1]
        readings += [
            CalendarReading(source, calendar, (), (Problem("unreadable_file", str(error), calendar.name),))
            for calendar, error in failures
        ]
        return readings

    def _fetch(self, name: str, connector: Connector, source: str, calendar: Calendar) -> CalendarReading:
        events: list[CalendarEvent] = []
        problems: list[Problem] = []
        for page in self._pages(name, connector, calendar):
            self._check_cancel()
            events += bounded(page.events)
            problems += page.problems
            calendar = page.calendar or calendar
        return CalendarReading(source, calendar, tuple(events), tuple(problems))

    def _pages(self, name: str, connector: Connector, calendar: Calendar) -> Iterator[Page]:
        """What the calendar holds; of an incremental connector only what has changed is fetched, the rest is in the store."""
        if self._context.cache_dir is None or not (isinstance(connector, Incremental) and connector.incremental):
            return connector.fetch(calendar, self._window, progress=self._progress, cancel=self._cancel)
        from calsight.reading.store import Store

        store = Store(self._context.cache_dir)
        return store.read(name, connector, calendar, self._window, progress=self._progress, cancel=self._cancel)

    def _read_lines(self, source: str) -> list[CalendarReading]:
        from calsight.reading.event_lines import read_event_lines

        found: list[CalendarEvent] = []
        problems: list[Problem] = []
        name = "standard input" if source == "-" else Path(source).name
        read = 0
        with _opened(source, self._context.access) as stream:
            for item in read_event_lines(stream, name=name, shared=self._shared):
                self._check_cancel()
                if isinstance(item, Problem):
                    problems.append(item)
                    continue
                read += 1
                if self._window.overlaps(item.start, item.end):
                    found.append(item)
                if self._progress is not None and read % 1000 == 0:
                    self._progress(Progress(calendar=name, done=read))
        events: dict[Calendar, list[CalendarEvent]] = {}
        for _, some in groupby(bounded(found), key=lambda event: id(event.calendar)):
            run = list(some)
            events.setdefault(run[0].calendar, []).extend(run)
        if not read:
            raise SourceError(
                f"{source}: no calsight events in it. A .jsonl source holds what `calsight events` prints, one event a line."
            )
        if not events:
            return [CalendarReading(source, Calendar(id=source, name=name), (), tuple(problems))]
        first, *rest = (CalendarReading(source, calendar, tuple(own), ()) for calendar, own in events.items())
        return [replace(first, problems=tuple(problems)), *rest]

    def _check_cancel(self) -> None:
        if self._cancel is not None and self._cancel.is_set():
            raise CancelledError("Cancelled.")


def _opened(source: str, access: Access) -> AbstractContextManager[IO[bytes]]:
    if source == "-":
        require_stdin(access)
        return nullcontext(sys.stdin.buffer)
    try:
        require_file(access, Path(source))
        return Path(source).open("rb")
    except (OSError, ValueError) as error:
        if host := forgotten_scheme(source):
            raise SourceError(f"{host}/…: no such file. If it is a web address, write https:// before it.") from None
        raise SourceError(
            f"{source}: {getattr(error, 'strerror', None) or error}. Check the name and try again."
        ) from None


def within(events: Iterable[CalendarEvent], window: Window) -> list[CalendarEvent]:
    """The events of which any part lies in the window (of one without length: its start)."""
    return [event for event in events if window.overlaps(event.start, event.end)]


def group(events: Sequence[CalendarEvent], window: Window) -> list[CalendarReading]:
    """Events that a program hands over itself, as readings: one for each calendar that they name.

    Equal calendars become one object, as connectors give it: what is found out of a calendar is found out of all its events.
    """
    found: dict[Calendar, list[CalendarEvent]] = {}
    known: dict[Calendar, Calendar] = {}
    for event in events:
        calendar = known.setdefault(event.calendar, event.calendar)
        shared = event if event.calendar is calendar else replace(event, calendar=calendar)
        found.setdefault(calendar, []).append(shared)
    return [CalendarReading(calendar.name, calendar, tuple(within(own, window)), ()) for calendar, own in found.items()]
