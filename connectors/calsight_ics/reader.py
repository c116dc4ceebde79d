"""One pass over one calendar: its text → pages of events, with a Problem for whatever had to be left out."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from calsight import Calendar, CalendarEvent, Problem, Window
from calsight.errors import CancelledError, PayloadInvalidError
from calsight.protocols import Cancel, Never, Page, Progress, ProgressCallback
from calsight_ics import facts, translate
from calsight_ics.charsets import Decoder
from calsight_ics.collector import uncollected
from calsight_ics.costs import Budget, Costs, Limits
from calsight_ics.entries import BEGIN, Entries, Extent, scan
from calsight_ics.fast.road import FastRoad
from calsight_ics.library import LibraryReader
from calsight_ics.objects import ANSWERS, Copies, Part, Stream, stream_of
from calsight_ics.parse import entry_of
from calsight_ics.places.text import Text
from calsight_ics.zone_names import iana
from calsight_ics.zones import Defined, Zones, only_zone

#: Events on one page.
PAGE = 1_000
#: Bytes of entries that become events before anything else is done, and of those that are unfolded and decoded together.
_BATCH, _UNFOLDED = 4 << 20, 1 << 20
#: More entries than any meeting and its exceptions have: they are not read.
_MOST_OF_ONE = 10_000
#: After so many entries that libraries read, what they left behind is freed.
_COLLECTED = 1_000
#: So many events are counted together.
_OFTEN = 500
#: More than so many at a time are summed up.
_MOST_PROBLEMS = 500


@dataclass(slots=True)
class CalendarReader:
    """One pass over one calendar. `roads` counts the entries that were skipped, read fast and read slowly.

    `zone` is where floating times and dates belong if the calendar does not say; `home`, where it must not say. `entries` are
    there once the first page is.

    Without `fast` every entry goes through icalendar and recurring-ical-events, which says the same: the one switch of the fast
    road, and the only place that opens it.
    """

    calendar: Calendar
    text: Text
    window: Window
    zone: str
    fast: bool = True
    home: ZoneInfo | None = None
    roads: Counter[str] = field(default_factory=Counter)
    entries: Entries | None = None
    budget: Budget = field(default_factory=lambda: Budget.of(Limits()))
    _costs: Costs = field(init=False)
    _since: int = 0

    def __post_init__(self) -> None:
        self._costs = Costs.of(self.calendar.name, self.window, self.budget)

    def pages(self, progress: ProgressCallback | None = None, cancel: Cancel | None = None) -> Iterator[Page]:
        """The pages; the first always comes, so that whoever reads learns of the calendar and its problems."""
        cancel, costs = cancel or Never(), self._costs
        if not self.fast:
            costs.check_entries(_entries_in(self.text, self.budget.entries))
        road = FastRoad(self.text, costs.check_entries) if self.fast else None
        self.entries = entries = road.entries if road else scan(self.text)
        costs.enter(len(entries) + len(entries.unclosed), len(entries.header) + sum(map(len, entries.zones)))
        if entries.unclosed and not entries.complete:
            raise PayloadInvalidError(
                f"{self.calendar.name}: the file breaks off in the middle of an entry, so nobody knows how much of the "
                "calendar is missing. Export or download it again."
            )
        stream = stream_of(entries, costs.check_objects)
        calendar = describe(self.calendar, stream.header, entries)
        problems = list(_problems_of_whole(calendar, entries, stream))
        events: list[CalendarEvent] = []
        total = len(entries)
        for done, found in self._found(calendar, entries, stream, road, problems):
            if cancel.is_set():
                raise CancelledError("Cancelled.")
            events += found
            if len(events) >= PAGE:
                yield Page(events, _summed(problems), calendar=calendar)
                events = []
                problems.clear()
            if progress is not None:
                progress(Progress(calendar.name, done, total))
        if progress is not None:
            progress(Progress(calendar.name, total, total))
        yield Page(events, _summed(problems), calendar=calendar)

    def _found(
        self, calendar: Calendar, entries: Entries, stream: Stream, road: FastRoad | None, problems: list[Problem]
    ) -> Iterator[tuple[int, list[CalendarEvent]]]:
        """The events of some UIDs at a time, after how many entries of the calendar they come."""
        decode = Decoder(entries.text)
        all_zones, only = Defined(stream.zones, decode), only_zone(stream.zones)
        readers = [self._reader(calendar, part, decode, all_zones, only) for part in stream.parts]
        done = 0
        for part, reader in zip(stream.parts, readers, strict=True):
            if part.header.method not in ANSWERS:
                if road:
                    road.open(calendar, self.window, reader.zones, reader.source, decode)
                for read, batch in self._batches(part.groups, road, problems):
                    yield done + read, self._events(batch, entries, reader, road, problems)
            done += sum(map(len, part.groups.values()))
        for uid, copies in stream.shared.items():
            done += sum(len(extents) for _, extents in copies)
            yield done, self._shared(uid, copies, entries, readers, stream, problems)
        unknown = {tzid: reader.zones for reader in readers for tzid in reader.zones.unknown}
        problems += [_problem_of_zone(calendar, tzid, unknown[tzid]) for tzid in sorted(unknown)]

    def _reader(
        self, calendar: Calendar, part: Part, decode: Decoder, all_zones: Defined, only: ZoneInfo | None
    ) -> LibraryReader:
        header = part.header
        home = self.home or header.zone or only or iana(self.zone) or ZoneInfo("UTC")
        zones = Zones(
            Defined(part.zones, decode), own=header.zone, home=home, also=all_zones, working=self._costs.working
        )
        if header.zone_name and not header.zone:
            zones.home = zones.get(header.zone_name) or home
        kind = translate.Source(
            published=header.method == "PUBLISH",
            cancelling=header.method == "CANCEL",
            microsoft=header.microsoft,
            owner=tuple(address.lower() for address in calendar.owner),
        )
        return LibraryReader(calendar, self.window, zones, decode, kind, self._costs.working)

    def _tidy_up(self, entries: int) -> None:
        """Free what libraries leave behind: icalendar's components hold each other, and not every program collects those."""
        self._since += entries
        if self._since > _COLLECTED and not gc.isenabled():
            gc.collect(0)
            self._since = 0

    def _batches(
        self, groups: Mapping[bytes, list[Extent]], road: FastRoad | None, problems: list[Problem]
    ) -> Iterator[tuple[int, list[tuple[bytes, list[Extent]]]]]:
        """The groups that may touch the window, several together, after how many entries they come."""
        batch: list[tuple[bytes, list[Extent]]] = []
        size = done = skipped = 0
        for uid, extents in groups.items():
            done += len(extents)
            if road and road.skips(extents):
                skipped += len(extents)
                continue
            if len(extents) > _MOST_OF_ONE:
                problems.append(_problem_of_crowd(self.calendar, uid, len(extents)))
                continue
            batch.append((uid, extents))
            size += sum(end - begin for begin, end in extents)
            if size > _BATCH:
                yield done, batch
                batch, size = [], 0
        self.roads["skipped"] += skipped
        yield done, batch

    @uncollected
    def _events(
        self,
        batch: list[tuple[bytes, list[Extent]]],
        entries: Entries,
        slow: LibraryReader,
        road: FastRoad | None,
        problems: list[Problem],
    ) -> list[CalendarEvent]:
        """The events of these UIDs, each by the road that can read it."""
        group = [entry_of(entries.text, begin, end) for _, extents in batch for begin, end in extents]
        texts = _texts(road, group) if road else []
        events: list[CalendarEvent] = []
        at = counted = 0
        for uid, extents in batch:
            own = slice(at, at + len(extents))
            at += len(extents)
            name = "" if uid.startswith(b"\0") else slow.decode(uid)
            found = road.read(name, texts[own]) if road else None
            self.roads["slow" if found is None else "fast"] += len(extents)
            if found is None:
                found = slow.read(name, group[own], problems)
                self._tidy_up(len(extents))
            events += found
            if len(events) - counted > _OFTEN or len(problems) > 2 * _MOST_PROBLEMS:
                self._spend(events[counted:], problems)
                counted = len(events)
        self._spend(events[counted:], problems)
        return events

    def _spend(self, events: list[CalendarEvent], problems: list[Problem]) -> None:
        """Count what has been found, and sum problems up where they are very many."""
        self._costs.spend(events)
        if len(problems) > 2 * _MOST_PROBLEMS:
            problems[:] = _summed(problems)

    def _shared(
        self,
        uid: bytes,
        copies: Copies,
        entries: Entries,
        readers: list[LibraryReader],
        stream: Stream,
        problems: list[Problem],
    ) -> list[CalendarEvent]:
        """The events of a UID that several objects share: what holds after all messages about it."""
        from calsight_ics.itip import Message, message_lines, settled, stamp_of, starts

        name = readers[0].decode(uid)
        messages: list[Message] = []
        if sum(len(extents) for _, extents in copies) > _MOST_OF_ONE:
            problems.append(_problem_of_crowd(self.calendar, uid, sum(len(extents) for _, extents in copies)))
            return []
        for number, extents in copies:
            self.roads["slow"] += len(extents)
            for begin, end in extents:
                entry = entry_of(entries.text, begin, end)
                method = stream.parts[number].header.method
                lines = message_lines(entry, method)
                if lines is not None:
                    parsed = readers[number].parsed(name, [lines], problems)
                    messages += [Message(method, each, stamp_of(entry), starts(entry)) for each in parsed]
        numbers = [number for number, _ in copies]
        meetings = [one for one in numbers if stream.parts[one].header.method not in ANSWERS | {"CANCEL"}]
        reader = readers[(meetings or numbers)[0]]
        events = reader.events(name, settled(messages), problems)
        self._spend(events, problems)
        return events


def _texts(road: FastRoad, group: list[bytes]) -> list[bytes | None]:
    """The entries' lines as the fast road takes them, of not too many entries at a time."""
    texts: list[bytes | None] = []
    at = size = 0
    for number, entry in enumerate(group, start=1):
        size += len(entry)
        if size > _UNFOLDED or number == len(group):
            texts += road.texts(group[at:number])
            at, size = number, 0
    return texts


def _entries_in(text: Text, most: int) -> int:
    """How many entries begin in the text, counted to one more than `most`."""
    found, at = 0, text.find(BEGIN)
    while at >= 0 and found <= most:
        found, at = found + 1, text.find(BEGIN, at + len(BEGIN))
    return found


def _summed(problems: list[Problem]) -> list[Problem]:
    """The problems; of very many the first by themselves, and one of each kind for the rest."""
    rest = Counter[tuple[str, str]]()
    for problem in problems[_MOST_PROBLEMS:]:
        rest[problem.code, problem.source] += problem.count
    more = [
        Problem(code, f"{count:,} more entries were left out like this.", source, count=count)
        for (code, source), count in rest.items()
    ]
    return [*problems[:_MOST_PROBLEMS], *more]


def describe(calendar: Calendar, header: facts.Header, entries: Entries) -> Calendar:
    """What is known of the calendar as a whole."""
    zone = facts.zone_of(header, entries.zones)
    return replace(
        calendar,
        zone=zone.key if zone else "",
        owner=(header.owner,) if header.owner else (),
        owner_name=header.owner_name,
        organizer_listed=header.organizer_listed,
        names_people=facts.names_people(entries),
        last_sign=facts.last_sign(entries),
        producer=header.producer,
    )


def _problem_of_crowd(calendar: Calendar, uid: bytes, count: int) -> Problem:
    text = f"{count:,} entries have one UID, more than any meeting and its exceptions have; they were left out."
    return Problem("bad_entry", text, calendar.name, uid[:80].decode(errors="replace"), count=count)


def _problems_of_whole(calendar: Calendar, entries: Entries, stream: Stream) -> Iterator[Problem]:
    if entries.unclosed:
        count = len(entries.unclosed)
        yield Problem(
            "bad_entry",
            f"{count} {'entry has' if count == 1 else 'entries have'} no end (END:VEVENT) and could not be read. "
            "Export the calendar again.",
            calendar.name,
            count=count,
        )
    if not entries.complete:
        yield Problem(
            "truncated",
            "The calendar has no end (END:VCALENDAR): it may have been cut off. What is there was read.",
            calendar.name,
            count=0,
        )
    if not entries.groups:
        yield Problem("no_events", f"No events in it{_others(entries)}.", calendar.name, count=0)
    elif all(part.header.method in ANSWERS for part in stream.parts):
        yield Problem(
            "no_events", "No events in it, only answers to invitations, which are no meetings.", calendar.name, count=0
        )


_OTHERS = {"VTODO": "tasks", "VJOURNAL": "journal entries", "VFREEBUSY": "free/busy spans, which name no meetings"}


def _others(entries: Entries) -> str:
    found = [_OTHERS[name] for name in _OTHERS if entries.others[name]]
    return f", only {' and '.join(found)}" if found else ": the calendar is empty"


def _problem_of_zone(calendar: Calendar, tzid: str, zones: Zones) -> Problem:
    return Problem(
        "unknown_zone",
        f"The time zone {tzid[:80]!r} is neither known nor defined in the calendar; its times are taken as local in "
        f"{zones.name(zones.home) or 'UTC'}.",
        calendar.name,
        count=0,
    )
