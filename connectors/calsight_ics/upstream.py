"""recurring-ical-events, imported on first use, with the extension points that it offers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from calsight_ics import rules
from calsight_ics.expansion import expansion_of
from calsight_ics.parse import Component

NO_TIME = timedelta(0)


class Upstream:
    """What is taken of icalendar and recurring-ical-events."""

    def __init__(self) -> None:
        import icalendar
        from recurring_ical_events import CalendarQuery, ComponentsWithName

        self.entry = _entry()
        self._calendar = icalendar.Calendar
        self._dates = icalendar.vDDDLists
        self._query = CalendarQuery
        self._select = ComponentsWithName("VEVENT", adapter=self.entry, series=_series(), occurrence=_found())

    def calendar(self, components: Sequence[Component]) -> Any:
        """A calendar of these components."""
        calendar = self._calendar()
        calendar.subcomponents = list(components)
        return calendar

    def query(self, calendar: Any) -> Any:
        """The occurrences of a calendar."""
        return self._query(calendar, components=[self._select])

    def dates(self, dates: list[date]) -> Any:
        """A list of dates as icalendar has it."""
        return self._dates(dates)


def _entry() -> Any:
    from recurring_ical_events.adapters.event import EventAdapter

    class Entry(EventAdapter):
        """A VEVENT whose end is never before its start; by how much it was is in `shortfall`."""

        shortfall = NO_TIME

        @property
        def component(self) -> Component:
            return self._component

        @property
        def uid(self) -> str:
            """All components handed over together are of one series, whatever their UID."""
            return ""

        @property
        def raw_end(self) -> Any:
            """DTEND, DURATION, or what the standard puts in their place."""
            start: Any = self.raw_start
            end: Any = super().raw_end
            if isinstance(start, datetime) != isinstance(end, datetime):
                start, end = alike(start, end)
            elif isinstance(start, datetime) and (start.tzinfo is None) != (end.tzinfo is None):
                end = end.replace(tzinfo=start.tzinfo)
            if end < start:
                self.shortfall = end - start
                return start
            if end == start and not isinstance(start, datetime):
                return start + timedelta(days=1)
            return end

    return Entry


def _found() -> Any:
    from recurring_ical_events import Occurrence

    class Found(Occurrence):
        """Hands itself out in place of a copied component."""

        def __init__(self, adapter: Any, *args: Any, **keywords: Any) -> None:
            super().__init__(adapter, *args, **keywords)
            self.entry = adapter

        def is_in_span(self, *_: Any) -> bool:
            """Who asks cuts by moments, several times as fast as is done here by days and times of any kind."""
            return True

        def as_component(self, keep_recurrence_attributes: bool) -> Any:
            return self

    return Found


def _series() -> Any:
    from recurring_ical_events import Series

    class Rules(Series.RecurrenceRules):
        """Rules that dateutil reads otherwise than RFC 5545 are expanded by ours."""

        def create_rule_with_start(self, rule_string: str) -> Any:
            own: Any = self.start  # a date has become a time by now
            core: Any = self.core
            opens = getattr(core.component, "opens", None)
            self.start = rules.nearer(rule_string, own, opens) if opens else own
            try:
                return expansion_of(rule_string, self.start) or super().create_rule_with_start(rule_string)
            finally:
                self.start = own

    class OurSeries(Series):
        RecurrenceRules = Rules

    return OurSeries


def alike(start: date, end: date) -> tuple[datetime, datetime]:
    """A date and a time made comparable: the date is its midnight where the time is."""
    zone = next((moment.tzinfo for moment in (start, end) if isinstance(moment, datetime)), None)
    first, second = (
        moment if isinstance(moment, datetime) else datetime.combine(moment, time(), zone) for moment in (start, end)
    )
    return first, second


@cache
def upstream() -> Upstream:
    """The two libraries."""
    return Upstream()
