"""The ICS connector: places → bytes → entries → occurrences → events, with a Problem for whatever had to be left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from calsight import Calendar, CalendarEvent, Problem, Window
from calsight.errors import CancelledError, PayloadInvalidError, SettingsError, UsageError
from calsight.protocols import Cancel, ConnectorContext, Never, Page, Progress, ProgressCallback
from calsight_ics import entries as cut
from calsight_ics import facts, source, translate
from calsight_ics.fast import FastReader
from calsight_ics.glance import Glance
from calsight_ics.parse import BadEntryError, Component, Decoder, parse_event
from calsight_ics.zones import Zones

if TYPE_CHECKING:
    from calsight_ics.expand import Occurrence

#: Events on one page.
PAGE = 1_000
#: Bytes of entries that are unfolded and decoded together.
_BATCH = 1 << 20
_SETTINGS = {"max_mb": float, "timeout": float, "password": str}


class IcsConnector:
    """Reads iCalendar files, folders of them, archives, standard input and web addresses.

    Settings (`[connectors.ics]`): `max_mb`, the most that is read of one calendar (default 2000, 200 for a web address);
    `timeout`, seconds for a download (120); `password` of encrypted zip archives.
    """

    def __init__(self, context: ConnectorContext) -> None:
        self._context = context
        self._limits, self._password = _limits(context.settings)
        self._stdin: bytes | None = None

    def calendars(self, reference: str) -> Sequence[Calendar]:
        """The calendars of a path, a folder, an archive, `-` or a web address."""
        if not reference:
            raise UsageError("Which calendar? Name an .ics file, a folder, a .zip archive, a web address, or - .")
        if reference == source.STDIN:
            self._read_stdin()
            return (Calendar(id=source.STDIN, name="standard input"),)
        if _is_address(reference):
            from calsight_ics import web

            return (Calendar(id=reference, name=web.name_of(reference)),)
        return tuple(Calendar(id=place.id, name=place.name) for place in source.places(reference))

    def fetch(
        self,
        calendar: Calendar,
        window: Window,
        *,
        state: bytes | None = None,
        progress: ProgressCallback | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[Page]:
        """The occurrences of one calendar that overlap `window`, a thousand a page."""
        with ExitStack() as stack:
            yield from Reading(
                calendar, self._open(calendar.id, stack), window, self._context.zone, progress, cancel or Never()
            ).pages()

    def _open(self, place: str, stack: ExitStack) -> source.Text:
        if _is_address(place):
            from calsight_ics import web

            return web.download(place, self._limits, self._context.cache_dir, stack)
        if place == source.STDIN:
            self._read_stdin()
        return stack.enter_context(source.opened(place, self._limits, password=self._password, stdin=self._stdin))

    def _read_stdin(self) -> None:
        if self._stdin is None:
            self._stdin = source.read_stdin(self._limits)


def _is_address(reference: str) -> bool:
    return reference.lower().startswith(("http://", "https://", "webcal://", "webcals://"))


def _limits(settings: Mapping[str, Any]) -> tuple[source.Limits, str]:
    """The settings, checked."""
    for name, value in settings.items():
        if name not in _SETTINGS:
            raise SettingsError(f"[connectors.ics] {name}: there is no such setting; there are {', '.join(_SETTINGS)}.")
        right = isinstance(value, str) if _SETTINGS[name] is str else isinstance(value, int | float) and value > 0
        if not right or isinstance(value, bool):
            what = "a text" if _SETTINGS[name] is str else "a number above 0"
            raise SettingsError(f"[connectors.ics] {name}: must be {what}.")
    limits = source.Limits()
    if "max_mb" in settings:
        most = int(settings["max_mb"] * 1_000_000)
        limits = replace(limits, size=most, download=most)
    return replace(limits, seconds=float(settings.get("timeout", limits.seconds))), settings.get("password", "")


@dataclass(slots=True)
class Reading:
    """One pass over one calendar. `roads` counts the entries that were skipped, read fast and read slowly.

    Without `fast` every entry goes through icalendar and recurring-ical-events: the tests compare the two.
    """

    calendar: Calendar
    text: source.Text
    window: Window
    zone: str
    progress: ProgressCallback | None = None
    cancel: Cancel = field(default_factory=Never)
    fast: bool = True
    roads: Counter[str] = field(default_factory=Counter)

    def pages(self) -> Iterator[Page]:
        """The pages; the first always comes, so that whoever reads learns of the calendar and its problems."""
        entries = cut.scan(self.text)
        if entries.unclosed and not entries.complete:
            raise PayloadInvalidError(
                f"{self.calendar.name}: the file breaks off in the middle of an entry, so nobody knows how much of the "
                "calendar is missing. Export or download it again."
            )
        header = facts.header_of(entries)
        zones = Zones(entries.zones, own=header.zone, home=facts.home_zone(header, entries, self.zone))
        calendar = describe(self.calendar, header, entries)
        kind = translate.Source(
            published=header.method == "PUBLISH",
            cancelling=header.method == "CANCEL",
            microsoft=header.microsoft,
            owner=tuple(address.lower() for address in calendar.owner),
        )
        decode = Decoder(entries.text)
        slow = EntryReader(calendar, self.window, zones, decode, kind)
        glance = Glance(entries, self.window)
        fast = FastReader(calendar, self.window, zones, kind, decode)
        events: list[CalendarEvent] = []
        problems = list(_problems_of_whole(calendar, entries))
        total = len(entries)
        for done, batch in self._batches(entries, glance):
            group = [entries.text[begin:end] for _, spans in batch for begin, end in spans]
            texts = fast.texts(group) if self.fast else []
            at = 0
            for uid, spans in batch:
                own = slice(at, at + len(spans))
                at += len(spans)
                name = slow.name_of(uid)
                found = fast.read(name, texts[own]) if self.fast else None
                self.roads["slow" if found is None else "fast"] += len(spans)
                events += slow.read(name, group[own], problems) if found is None else found
                if self.cancel.is_set():
                    raise CancelledError("Cancelled.")
                if len(events) >= PAGE:
                    yield Page(events, problems, calendar=calendar)
                    events, problems = [], []
            if self.progress is not None:
                self.progress(Progress(calendar.name, done, total))
        problems += _problems_of_zones(calendar, zones)
        if self.progress is not None:
            self.progress(Progress(calendar.name, total, total))
        yield Page(events, problems, calendar=calendar)

    def _batches(
        self, entries: cut.Entries, glance: Glance
    ) -> Iterator[tuple[int, list[tuple[bytes, list[cut.Span]]]]]:
        """The groups that may touch the window, several together, after how many entries of the calendar they come."""
        batch: list[tuple[bytes, list[cut.Span]]] = []
        size = done = 0
        for uid, spans in entries.groups.items():
            if self.cancel.is_set():
                raise CancelledError("Cancelled.")
            done += len(spans)
            if self.fast and glance.outside(spans):
                self.roads["skipped"] += len(spans)
                continue
            batch.append((uid, spans))
            size += sum(end - begin for begin, end in spans)
            if size > _BATCH:
                yield done, batch
                batch, size = [], 0
        yield done, batch


def describe(calendar: Calendar, header: facts.Header, entries: cut.Entries) -> Calendar:
    """What is known of the calendar as a whole."""
    zone = facts.zone_of(header, entries)
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


def _problems_of_whole(calendar: Calendar, entries: cut.Entries) -> Iterator[Problem]:
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


_OTHERS = {"VTODO": "tasks", "VJOURNAL": "journal entries", "VFREEBUSY": "free/busy spans, which name no meetings"}


def _others(entries: cut.Entries) -> str:
    found = [_OTHERS[name] for name in _OTHERS if entries.others[name]]
    return f", only {' and '.join(found)}" if found else ": the calendar is empty"


def _problems_of_zones(calendar: Calendar, zones: Zones) -> Iterator[Problem]:
    for tzid in sorted(zones.unknown):
        yield Problem(
            "unknown_zone",
            f"The time zone {tzid[:80]!r} is neither known nor defined in the calendar; its times are taken as local in "
            f"{zones.home.key}.",
            calendar.name,
            count=0,
        )


@dataclass(slots=True)
class EntryReader:
    """The entries of one UID → events, through icalendar and recurring-ical-events."""

    calendar: Calendar
    window: Window
    zones: Zones
    decode: Decoder
    source: translate.Source

    def name_of(self, uid: bytes) -> str:
        """The UID as text; "" for an entry without one."""
        return "" if uid.startswith(b"\0") else self.decode(uid)

    def read(self, name: str, group: Sequence[bytes], problems: list[Problem]) -> list[CalendarEvent]:
        """The occurrences of one UID in the window. What cannot be read is added to `problems`; the rest goes on."""
        components = []
        for entry in group:
            try:
                components.append(parse_event(entry, self.zones, self.decode))
            except BadEntryError as error:
                problems.append(self._problem("bad_entry", name, error))
        return self._events(name, components, problems)

    def _events(self, uid: str, components: list[Component], problems: list[Problem]) -> list[CalendarEvent]:
        from calsight_ics.expand import occurrences
        from calsight_ics.rules import EndlessRuleError

        if not components:
            return []
        try:
            found = occurrences(components, self.window, self.zones)
            return self._translate(uid, found)
        except EndlessRuleError as error:
            cause: Exception = error
        except BadEntryError as error:
            cause = error
        except (OverflowError, ValueError) as error:
            cause = BadEntryError(f"its times are out of range ({type(error).__name__})")
        if len(components) > 1:  # one damaged component must not cost the others of its UID
            return [event for component in components for event in self._events(uid, [component], problems)]
        code = "endless_rule" if isinstance(cause, EndlessRuleError) else "bad_entry"
        problems.append(self._problem(code, uid, cause))
        return []

    def _problem(self, code: str, uid: str, cause: Exception) -> Problem:
        shown = f"The entry with UID {uid!r}" if uid else "An entry without UID"
        return Problem(code, f"{shown} was left out: {cause}.", self.calendar.name, uid)

    def _translate(self, uid: str, found: Sequence[Occurrence]) -> list[CalendarEvent]:
        shared: dict[int, dict[str, Any]] = {}
        events = []
        for occurrence in found:
            component = occurrence.component
            keywords = shared.get(id(component))
            if keywords is None:
                keywords = shared[id(component)] = translate.fields_of(component, self.source).keywords()
            event = self._event(uid, occurrence, keywords)
            if overlaps(event.start, event.end, self.window):
                events.append(event)
        return events

    def _event(self, uid: str, occurrence: Occurrence, keywords: dict[str, Any]) -> CalendarEvent:
        zones = self.zones
        start, end, original = occurrence.start, occurrence.end, occurrence.original
        all_day = not isinstance(start, datetime)
        tz = zones.dates if not isinstance(start, datetime) else start.tzinfo or zones.home
        series = None
        if original is not None:
            series = f"{uid}#{occurrence.number + 1}" if occurrence.number else uid
        return CalendarEvent(
            uid=uid,
            start=zones.moment(start, tz),
            end=zones.moment(end, tz),
            all_day=all_day,
            zone=zones.name(tz),
            series=series,
            original_start=None if original is None else zones.moment(original, tz),
            calendar=self.calendar,
            **keywords,
        )


def overlaps(start: datetime, end: datetime, window: Window) -> bool:
    """Whether an occurrence belongs on a page: it starts in the window or reaches into it."""
    return window.start <= start < window.end or start < window.start < end
