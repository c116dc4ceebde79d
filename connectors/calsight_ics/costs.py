"""What reading one source may cost, all of its files together: the limits, what is left, and what one calendar takes of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from time import thread_time

from calsight import Attendee, CalendarEvent, Window
from calsight.errors import SourceError
from calsight_ics.working import Check

#: So many bytes are held for an entry, an event, a line about somebody in it, and somebody, also in the report.
_ENTRY, _EVENT, _LINE, _PERSON = 350, 700, 400, 2_600
#: What is limited for half a year is for that and the weeks around it that a report reads.
_HALF_A_YEAR = timedelta(weeks=32)
#: A new title counts for a meeting more for so many letters that it has: a report looks at each.
_LETTERS, _LONGEST_TITLE = 2, 255


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of one source is read, all of its files together. Each is a setting of `[connectors.ics]`, named behind it.

    size         bytes of files (`max_mb`)
    download     bytes from a web address, as they come and unpacked (`max_download_mb`)
    copies       bytes that are unpacked, joined or piped in (`max_unpacked_mb`)
    seconds      time for a download (`timeout`)
    files        files in a folder or archive, and calendars joined in one that do not agree (`max_files`)
    calendars    calendars in a folder or archive (`max_calendars`)
    entries      entries, read or not (`max_entries`)
    occurrences  events in a window of half a year; in a longer one as many more (`max_occurrences`)
    work         seconds of this processor for entries that libraries read and zones that the calendar defines, in a window
                 of half a year; in a longer one as many more (`max_seconds`)
    memory       bytes of what is held, as reckoned from what it holds (`max_memory_mb`)
    """

    size: int = 2_000_000_000
    download: int = 200_000_000
    copies: int = 400_000_000
    seconds: float = 120.0
    files: int = 100_000
    calendars: int = 2_000
    entries: int = 400_000
    occurrences: int = 200_000
    work: float = 4.0
    memory: int = 400_000_000

    @property
    def of_a_download(self) -> Limits:
        """The limits of what comes from a web address."""
        return replace(self, size=self.download, copies=self.download)


_RAISE = "Export a shorter span, ask for fewer weeks, or raise `{}` under [connectors.ics]."


@dataclass(slots=True)
class Budget:
    """What is left of the limits for one source."""

    limits: Limits
    size: int = 0
    copies: int = 0
    entries: int = 0
    occurrences: float = 0
    work: float = 0.0
    memory: int = 0
    _mark: float | None = None
    _read: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, limits: Limits) -> Budget:
        """All that there is at the beginning."""
        budget = cls(limits)
        budget.again("")
        return budget

    def again(self, place: str) -> None:
        """Begin with a place. Where one is read a second time, all is read anew, and everything is there again."""
        if place in self._read or not place:
            limits = self.limits
            self.size, self.copies, self.work = limits.size, limits.copies, limits.work
            self.entries, self.occurrences, self.memory = limits.entries, limits.occurrences, limits.memory
            self._read.clear()
        self._read.add(place)

    def check_entries(self, entries: int, name: str) -> None:
        """Raise `SourceError` for more entries than are left, before anything is kept of them."""
        if entries > self.entries:
            raise SourceError(f"{name}: more than {self.entries:,} entries. {_RAISE.format('max_entries')}")

    def check_objects(self, objects: int, name: str) -> None:
        """Raise `SourceError` for more calendars, joined in one file or folder, than there may be files."""
        if objects > self.limits.files:
            raise SourceError(
                f"{name}: joins more than {self.limits.files:,} calendars that differ. {_RAISE.format('max_files')}"
            )

    def enter(self, entries: int, name: str) -> None:
        """Take entries."""
        self.check_entries(entries, name)
        self.entries -= entries

    def occur(self, events: int, halves: float, name: str) -> None:
        """Take events of a window of so many half years (1 or more)."""
        self.occurrences -= events / halves
        if self.occurrences < 0:
            raise SourceError(
                f"{name}: more meetings in the days that were asked for than anybody can have. "
                f"{_RAISE.format('max_occurrences')}"
            )

    @contextmanager
    def working(self, halves: float, name: str) -> Iterator[Check]:
        """What this thread does in here counts, in a window of so many half years; where one is within another, once.

        Raises `SourceError` where the time for this source is used up.
        """
        check = partial(self._check_work, halves, name)
        if self._mark is not None:
            yield check
            return
        self._mark = thread_time()
        try:
            yield check
        finally:  # what ends in an error has taken its time too
            self._count_work(halves)
            self._mark = None
        check()

    def _count_work(self, halves: float) -> None:
        if self._mark is not None:
            now = thread_time()
            self.work, self._mark = self.work - (now - self._mark) / halves, now

    def _check_work(self, halves: float, name: str) -> None:
        self._count_work(halves)
        if self.work < 0:
            raise SourceError(f"{name}: takes too long to read. {_RAISE.format('max_seconds')}")

    def hold(self, size: int, name: str) -> None:
        """Take bytes of memory for what is kept of a source."""
        if size > self.memory:
            most = f"{self.limits.memory / 1e6:,.0f} MB"
            raise SourceError(f"{name}: holds more than fits into {most} of memory. {_RAISE.format('max_memory_mb')}")
        self.memory -= size

    def take(self, size: int, name: str) -> None:
        """Take bytes of a file. Raises `SourceError` where they are no longer there."""
        if size > self.size:
            raise SourceError(too_large(name, self.limits.size, "max_mb"))
        self.size -= size

    def take_copy(self, size: int, name: str) -> None:
        """Likewise bytes that are kept beside their file."""
        if size > self.copies:
            raise SourceError(too_large(name, self.limits.copies, "max_unpacked_mb"))
        self.copies -= size


def too_large(name: str, limit: int, setting: str) -> str:
    """The message for a source over its limit."""
    size = f"{limit / 1e6:,.0f} MB" if limit >= 1e6 else f"{limit:,} bytes"
    return (
        f"{name}: larger than the {size} that `{setting}` under [connectors.ics] allows, all files together. Export a shorter "
        "span, or raise it."
    )


@dataclass(slots=True)
class Costs:
    """What one calendar takes of its source's budget.

    name    the calendar's
    halves  of how many half years (1 or more) the window is: so many times may be taken what is limited for one
    """

    budget: Budget
    name: str
    halves: float
    _lines: set[int] = field(default_factory=set)
    _met: set[str] = field(default_factory=set)
    _titles: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, name: str, window: Window, budget: Budget) -> Costs:
        """Of a calendar that is read for this window."""
        return cls(budget, name, max(1.0, (window.end - window.start) / _HALF_A_YEAR))

    def check_entries(self, number: int) -> None:
        """Raise `SourceError` for more entries than are left."""
        self.budget.check_entries(number, self.name)

    def check_objects(self, number: int) -> None:
        """Raise `SourceError` for more calendars, joined in one, than there may be."""
        self.budget.check_objects(number, self.name)

    def enter(self, entries: int, size: int) -> None:
        """Take entries, and what is kept of them: something of each, and `size` bytes of the calendar."""
        self.budget.enter(entries, self.name)
        self.budget.hold(_ENTRY * entries + size, self.name)

    def working(self) -> AbstractContextManager[Check]:
        """What this thread does in here counts: see `Budget.working`."""
        return self.budget.working(self.halves, self.name)

    def spend(self, events: Sequence[CalendarEvent]) -> None:
        """Take events that were found. Raises `SourceError` where that is too much for one source."""
        size, weight = _EVENT * len(events), len(events)
        people, title = None, None
        for event in events:
            if event.attendees is not people:
                people = event.attendees
                size += 8 * len(people) + self._newly_met(people)
            if event.title is not title:
                title = event.title
                if title not in self._titles:
                    self._titles.add(title)
                    weight += min(len(title), _LONGEST_TITLE) // _LETTERS
        self.budget.occur(weight, self.halves, self.name)
        self.budget.hold(size, self.name)

    def _newly_met(self, people: Sequence[Attendee]) -> int:
        """The bytes that those take who were in no event before: as written, and as people, of whom a report says much."""
        if self._lines.issuperset(map(id, people)):
            return 0
        lines, met = len(self._lines), len(self._met)
        self._lines.update(map(id, people))
        self._met.update([person.address or person.name for person in people])
        return _LINE * (len(self._lines) - lines) + _PERSON * (len(self._met) - met)
