"""The components of one UID → its occurrences. recurring-ical-events expands; what it is handed is put right first.

Put right (each with a test in tests/connectors/ics):

- an end before its start: recurring-ical-events swaps the two; here the occurrence keeps its negative length
- an all-day entry that ends on the day on which it starts lasts that day
- RECURRENCE-ID in another zone or of another type than the start of its series, EXDATE as a day where that begins at a time
- UNTIL and INTERVAL (see `rules`)
- EXRULE, which RFC 5545 no longer has and recurring-ical-events passes over
- one UID used for several meetings: recurring-ical-events keeps one of them
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from calsight_ics import rules
from calsight_ics.lengths import Length, between
from calsight_ics.meetings import About, parted
from calsight_ics.parse import Component, UnreadableEntryError, value_of
from calsight_ics.translate import organizer_of, sequence_of, text_of
from calsight_ics.upstream import NO_TIME, alike, upstream

if TYPE_CHECKING:
    from calsight import Window
    from calsight_ics.zones import Zones

#: No zone is further from UTC than this, and no clock change is larger.
_MARGIN = timedelta(days=1)
_EARLIEST = datetime(1600, 1, 1, tzinfo=UTC)
_LATEST = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One occurrence, times as the calendar has them (dates, times without zone, times with zone).

    `original` is where the series puts it; None for a single entry. `number` tells apart the meetings of a reused UID.
    """

    component: Component
    start: date
    length: Length
    original: date | None
    number: int = 0


def occurrences(
    components: Sequence[Component], window: Window, zones: Zones, check_work: Callable[[], None] = lambda: None
) -> list[Occurrence]:
    """All occurrences of one UID that may overlap `window` (up to a day beyond it: the caller cuts).

    `check_work` is asked before each meeting, and raises where the time for it is used up.

    Raises `UnreadableEntryError` where they cannot be told, `rules.EndlessRuleError` where they would be too many.
    """
    found: list[Occurrence] = []
    for number, meeting in enumerate(meetings_of(components)):
        check_work()
        found += _expand(meeting, number, window, zones)
    return found


def meetings_of(components: Sequence[Component]) -> Iterator[list[Component]]:
    """The components of one UID, parted into the meetings that share it: each master with the overrides that are its own.

    A later revision (higher SEQUENCE) of the same meeting, told by its title or organizer, replaces the earlier one.
    """
    if len(components) == 1 and "RRULE" in components[0]:
        # Outlook's copy of a series still names a day of the one that was copied.
        components[0].pop("RECURRENCE-ID", None)
    masters = [component for component in components if component.get("RECURRENCE-ID") is None]
    overrides = [component for component in components if component.get("RECURRENCE-ID") is not None]
    if len(masters) <= 1:
        yield [*masters, *overrides]
        return
    for master, own in parted(masters, overrides, _about):
        yield [master, *own]


def _about(component: Component) -> About:
    return About(
        text_of(component.get("SUMMARY")),
        organizer_of(component.get("ORGANIZER")),
        sequence_of(component.get("SEQUENCE")),
        recurring="RRULE" in component or "RDATE" in component,
    )


def _expand(components: list[Component], number: int, window: Window, zones: Zones) -> Iterator[Occurrence]:
    master = next((component for component in components if component.get("RECURRENCE-ID") is None), None)
    excluded: frozenset[date] = frozenset()
    start = opens = max(window.start, _EARLIEST) - _MARGIN
    stop = min(window.end, _LATEST) + _MARGIN
    if master is not None:
        reach = max(_reach(component) for component in components)
        opens = start - min(reach, start - _EARLIEST + _MARGIN)
        _settle_days(master, zones)
        _settle_rules(master, opens, stop, zones)
        excluded = _excluded(master, opens, stop + (start - opens), zones) | _days_out(master)
        if not any("RRULE" in component for component in components if component is not master):
            master.opens = opens  # its rules are not walked from their beginning
        for component in components:
            if component is not master:
                _settle_recurrence_id(component, master["DTSTART"].dt, zones)
    series = len(components) > 1 or master is None or "RRULE" in master or "RDATE" in master
    if master is not None and not series and "EXDATE" not in master and not excluded:
        entry = upstream().entry(master)
        begins, ends = entry.raw_start, entry.raw_end
        if isinstance(begins, datetime) == isinstance(ends, datetime):
            yield Occurrence(master, begins, _length(entry, zones), None, number)
            return
    calendar = upstream().calendar(components)
    try:
        found = upstream().query(calendar).between(start, stop)
        if len(found) > rules.most_occurrences((stop - opens).days):
            raise rules.EndlessRuleError.often(stop - opens)
        lengths: dict[int, Length] = {}
        for occurrence in found:
            entry = occurrence.entry
            if master is not None and excluded:
                place = _place(_original(occurrence), master["DTSTART"].dt)
                if place in excluded or _day(place) in excluded:
                    continue
            yield Occurrence(
                component=entry.component,
                start=occurrence.start,
                length=_length_of(occurrence, lengths, zones),
                original=_original(occurrence) if series else None,
                number=number,
            )
    except (ValueError, TypeError, LookupError, AttributeError, AssertionError, OverflowError) as error:
        raise UnreadableEntryError(f"its occurrences cannot be computed ({type(error).__name__})") from None


def _length_of(occurrence: Any, lengths: dict[int, Length], zones: Zones) -> Length:
    """How long an occurrence lasts: as long as its component (kept in `lengths`), or its own period if an RDATE has one."""
    entry = occurrence.entry
    given: timedelta = occurrence.end - occurrence.start
    if given != entry.duration:
        return Length(elapsed=given) if isinstance(occurrence.start, datetime) else Length(given.days)
    if id(entry) not in lengths:
        lengths[id(entry)] = _length(entry, zones)
    return lengths[id(entry)]


def _length(entry: Any, zones: Zones) -> Length:
    start, end, component = entry.raw_start, entry.raw_end + entry.shortfall, entry.component
    if not isinstance(start, datetime) and not isinstance(end, datetime):
        return Length((end - start).days)
    start, end = alike(start, end)
    written: Length | None = getattr(component, "length", None)
    if component.get("DTEND") is None and written is not None:
        return written
    return between(start, end, lambda wall: zones.moment(wall, start.tzinfo))


def _original(occurrence: Any) -> date:
    entry = occurrence.entry
    moved: timedelta = entry.move_recurrences_by
    recurrence_id = entry.component.get("RECURRENCE-ID")
    if recurrence_id is not None and not entry.this_and_future:
        original: date = recurrence_id.dt
        return original
    start: date = occurrence.start - moved
    return start


def _reach(component: Component) -> timedelta:
    """How far before the window an occurrence may begin that still touches it: its length, or how far it was moved."""
    start = component["DTSTART"].dt
    others = [value_of(component.get(name)) for name in ("DTEND", "RECURRENCE-ID")]
    days = [abs((_day(other) - _day(start)).days) for other in others if other is not None]
    duration = value_of(component.get("DURATION")) or NO_TIME
    return timedelta(days=max([abs(duration.days), *days]) + 1)


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _settle_rules(master: Component, opens: datetime, horizon: datetime, zones: Zones) -> None:
    """Make each rule safe; a rule without any occurrence is taken out, which leaves the entry's own start."""
    if "RRULE" not in master:
        return
    start = master["DTSTART"].dt
    kept = [rule for rule in _safe(master, "RRULE", opens, horizon, zones) if rules.settle_count(rule, start)]
    if kept:
        master["RRULE"] = kept
    else:
        master.pop("RRULE")
        master.setdefault("RDATE", upstream().dates([start]))


def _excluded(master: Component, opens: datetime, horizon: datetime, zones: Zones) -> frozenset[date]:
    """What EXRULE takes out, DTSTART too: "any start date-times which fall within" its rules (RFC 2445, 4.8.5.2)."""
    start = master["DTSTART"].dt
    first = start if isinstance(start, datetime) else datetime.combine(start, time())
    until = horizon.astimezone(first.tzinfo) if first.tzinfo else horizon.replace(tzinfo=None)
    found: set[date] = set()
    for rule in _safe(master, "EXRULE", opens, horizon, zones):
        text = rule.to_ical().decode()
        try:
            moments = rules.expanded(text, rules.nearer(text, first, opens))
            for moment in takewhile(lambda moment: moment <= until, moments):
                found.add(_place(moment if isinstance(start, datetime) else moment.date(), start))
        except (ValueError, TypeError, OverflowError, AttributeError, LookupError):
            raise UnreadableEntryError("its rule (EXRULE) makes no sense") from None
    return frozenset(found)


def _days_out(master: Component) -> frozenset[date]:
    """The days in the EXDATE of a series that begins at a time, taken out of it.

    Such a day is one where the series is. recurring-ical-events also takes it for one in UTC: of a series in the evening
    west of Greenwich it would cost two occurrences.
    """
    if not isinstance(master["DTSTART"].dt, datetime):
        return frozenset()
    found: set[date] = set()
    for dates in _date_lists(master, "EXDATE"):
        found.update(value.dt for value in dates.dts if _is_day(value.dt))
        dates.dts = [value for value in dates.dts if not _is_day(value.dt)]
    return frozenset(found)


def _place(moment: date, start: date) -> date:
    """An occurrence's day, or its time on the wall where the series is."""
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        return moment
    return (moment.astimezone(start.tzinfo) if isinstance(start, datetime) else moment).replace(tzinfo=None)


def _safe(master: Component, name: str, opens: datetime, horizon: datetime, zones: Zones) -> list[Any]:
    """The rules of RRULE or EXRULE that have any occurrence, each made safe."""
    start, found, kept = master["DTSTART"].dt, master.get(name), []
    for rule in found if isinstance(found, list) else [found] if found is not None else []:
        if not hasattr(rule, "keys"):
            raise UnreadableEntryError(f"its rule ({name}) cannot be read")
        try:
            rules.settle_interval(rule)
            rules.settle_until(rule, start, zones.dates)
            rules.settle_parts(rule, start)
            if rules.check(rule, start, opens, horizon):
                kept.append(rule)
        except (ValueError, TypeError, OverflowError, AttributeError, LookupError):
            raise UnreadableEntryError(f"its rule ({name}) makes no sense") from None
    return kept


def _settle_recurrence_id(override: Component, start: date, zones: Zones) -> None:
    """Put RECURRENCE-ID into the type and zone of the series' start."""
    value = override["RECURRENCE-ID"]
    moment = value.dt
    if isinstance(start, datetime):
        if not isinstance(moment, datetime):
            value.dt = datetime.combine(moment, start.timetz())
        elif moment.tzinfo is not None and start.tzinfo is not None:
            value.dt = moment.astimezone(start.tzinfo)
    elif isinstance(moment, datetime):
        value.dt = _day_meant(moment, zones)


def _settle_days(master: Component, zones: Zones) -> None:
    """Put the dates of an all-day series that are written as times into days, and days of another in RDATE to its hour."""
    start = master["DTSTART"].dt
    if isinstance(start, datetime):
        for dates in _date_lists(master, "RDATE"):
            for value in dates.dts:
                if _is_day(value.dt):
                    value.dt = datetime.combine(value.dt, start.timetz())
        return
    for name in ("EXDATE", "RDATE"):
        for dates in _date_lists(master, name):
            for value in dates.dts:
                if isinstance(value.dt, datetime):
                    value.dt = _day_meant(value.dt, zones)


def _date_lists(master: Component, name: str) -> list[Any]:
    """The EXDATE or RDATE lines of an entry."""
    found = master.get(name)
    return [dates for dates in (found if isinstance(found, list) else [found]) if hasattr(dates, "dts")]


def _day_meant(moment: datetime, zones: Zones) -> date:
    """The day of an all-day series that a time stands for: a midnight in UTC (Exchange), or 0 o'clock UTC of the day."""
    if moment.tzinfo is None:
        return moment.date()
    there = moment.astimezone(zones.dates)
    return moment.date() if there.time() != time() == moment.time() else there.date()
