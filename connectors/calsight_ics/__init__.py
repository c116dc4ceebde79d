"""iCalendar files, folders, archives, standard input and web addresses.

    connector   the `IcsConnector` that the entry point names
    source      where bytes come from: files, folders, archives, standard input
    web         where bytes come from: http(s) and webcal addresses
    lines       the lines of a text, found all at once with NumPy
    marks       where the lines stand that say what is where: components, UIDs, days, stamps
    entries     bytes cut into VEVENTs, grouped by UID; nothing is parsed
    glance      which entries cannot touch the window
    zones       TZID → time zone
    fast        the plain entries of one UID → events, by arithmetic; everything else is declined
    plain       which shapes of an entry are plain, and their times
    plain_fields   the other fields of a plain entry
    recur       which recurrence rules are plain, and their days
    parse       bytes of one VEVENT → icalendar component, leniently
    expand      the components of one UID → occurrences
    rules       recurrence rules made safe before they are expanded
    translate   one component → the fields of `CalendarEvent`
    facts       what is known of the calendar as a whole

Importing this package loads nothing heavy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["IcsConnector"]

if TYPE_CHECKING:
    from calsight_ics.connector import IcsConnector


def __getattr__(name: str) -> Any:
    if name == "IcsConnector":
        from calsight_ics.connector import IcsConnector

        globals()[name] = IcsConnector
        return IcsConnector
    raise AttributeError(f"module 'calsight_ics' has no attribute {name!r}")
