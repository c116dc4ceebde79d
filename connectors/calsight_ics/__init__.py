"""iCalendar files, folders, archives, standard input and web addresses.

    connector   the `IcsConnector` that the entry point names
    places/     where bytes come from: files, folders, archives, standard input, web addresses
    stored      the calendar objects of a server, each with its name: `read_objects`, public for other connectors
    reader      one pass over one calendar, by either road
    entries     bytes cut into VEVENTs, grouped by UID; nothing is parsed
    around      what stands around them: what a calendar says of itself, its zones
    lines       lines, folded or not, without a copy of the text
    objects     the calendar objects of one stream, those that agree put together
    itip        messages about one meeting → the entries that hold now
    facts       what is known of the calendar as a whole
    zones       TZID → time zone, for one calendar
    zone_names  what the name of a zone means by itself
    vtimezone   VTIMEZONE → time zone
    tzif        changes of clock → time zone
    working     how the time is counted that libraries take
    collector   Python's garbage collector, put off
    library     the entries of one UID → events, through icalendar and recurring-ical-events
    charsets    bytes → text
    parse       bytes of one VEVENT → icalendar component, leniently
    expand      the components of one UID → occurrences
    meetings    one UID, several meetings
    upstream    recurring-ical-events with the extension points that it offers
    lengths     how long an entry lasts, also where clocks change
    rules       recurrence rules made safe before they are expanded
    translate   one component → the fields of `CalendarEvent`
    fast/       the same for plain entries, by arithmetic; everything outside works without it

Importing this package loads nothing heavy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__all__ = ["IcsConnector", "ObjectRead", "read_objects"]

if TYPE_CHECKING:
    from calsight_ics.connector import IcsConnector
    from calsight_ics.stored import ObjectRead, read_objects

_HOME = {"IcsConnector": "connector", "ObjectRead": "stored", "read_objects": "stored"}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'calsight_ics' has no attribute {name!r}")
    globals()[name] = found = getattr(import_module(f"calsight_ics.{_HOME[name]}"), name)
    return found
