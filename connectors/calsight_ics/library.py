"""The entries of one UID → events, through icalendar and recurring-ical-events: what every shape of an entry comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any

from calsight import Calendar, CalendarEvent, Problem, Window
from calsight_ics import translate
from calsight_ics.charsets import Decoder
from calsight_ics.parse import Component, UnreadableEntryError, day_of, parse_event
from calsight_ics.working import Working, unlimited
from calsight_ics.zones import Zones, midnight

if TYPE_CHECKING:
    from calsight_ics.expand import Occurrence


@dataclass(slots=True)
class LibraryReader:
    """Reads what one calendar holds under one UID."""

    calendar: Calendar
    window: Window
    zones: Zones
    decode: Decoder
    source: translate.Source
    working: Working = unlimited

    def read(self, name: str, group: Sequence[bytes], problems: list[Problem]) -> list[CalendarEvent]:
        """The occurrences of one UID in the window. What cannot be read is added to `problems`; the rest goes on."""
        return self.events(name, self.parsed(name, group, problems), problems)

    def parsed(self, name: str, group: Sequence[bytes], problems: list[Problem]) -> list[Component]:
        """The entries that can be read."""
        components = []
        with self.working() as check:
            for entry in group:
                check()
                try:
                    components.append(parse_event(entry, self.zones, self.decode))
                except UnreadableEntryError as error:
                    problems.append(self._problem("bad_entry", name, error, day_of(entry)))
        return components

    def events(self, uid: str, components: list[Component], problems: list[Problem]) -> list[CalendarEvent]:
        """The occurrences of the entries of one UID."""
        from calsight_ics.expand import occurrences
        from calsight_ics.rules import EndlessRuleError

        if not components:
            return []
        try:
            with self.working() as check:
                return self._translate(uid, occurrences(components, self.window, self.zones, check))
        except EndlessRuleError as error:
            cause: Exception = error
        except UnreadableEntryError as error:
            cause = error
        except (OverflowError, ValueError) as error:
            cause = UnreadableEntryError(f"its times are out of range ({type(error).__name__})")
        if len(components) > 1:  # one damaged component must not cost the others of its UID
            return [event for component in components for event in self.events(uid, [component], problems)]
        code = "endless_rule" if isinstance(cause, EndlessRuleError) else "bad_entry"
        problems.append(self._problem(code, uid, cause))
        return []

    def _problem(self, code: str, uid: str, cause: Exception, day: date | None = None) -> Problem:
        shown = f"The entry with UID {uid!r}" if uid else "An entry without UID"
        return Problem(code, f"{shown} was left out: {cause}.", self.calendar.name, uid, day=day)

    def _translate(self, uid: str, found: Sequence[Occurrence]) -> list[CalendarEvent]:
        shared: dict[int, dict[str, Any]] = {}
        events = []
        for occurrence in found:
            tz = self._zone(occurrence.start)
            start = self.zones.moment(occurrence.start, tz)
            end = occurrence.length.end(midnight(occurrence.start), partial(self.zones.moment, zone=tz))
            if not self.window.overlaps(start, end):
                continue
            component = occurrence.component
            keywords = shared.get(id(component))
            if keywords is None:
                keywords = shared[id(component)] = translate.fields_of(component, self.source).keywords()
            events.append(self._event(uid, occurrence, start, end, keywords))
        return events

    def _zone(self, start: date) -> tzinfo:
        """The zone in which an occurrence that starts so counts."""
        return self.zones.dates if not isinstance(start, datetime) else start.tzinfo or self.zones.home

    def _event(
        self, uid: str, occurrence: Occurrence, start: datetime, end: datetime, keywords: dict[str, Any]
    ) -> CalendarEvent:
        original, tz = occurrence.original, self._zone(occurrence.start)
        series = None
        if original is not None:
            series = f"{uid}#{occurrence.number + 1}" if occurrence.number else uid
        return CalendarEvent.of(
            uid=uid,
            start=start,
            end=end,
            all_day=not isinstance(occurrence.start, datetime),
            zone=self.zones.name(tz),
            series=series,
            original_start=None if original is None else self.zones.moment(original, tz),
            calendar=self.calendar,
            **keywords,
        )
