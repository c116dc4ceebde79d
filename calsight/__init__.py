"""calsight reads calendars and tells people whom they really meet.

Importing this package loads nothing heavy; each public name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "Attendee": "core.events",
    "Calendar": "core.events",
    "CalendarEvent": "core.events",
    "CalsightError": "errors",
    "CuType": "core.events",
    "EventType": "core.events",
    "Kind": "core.meetings",
    "Meeting": "core.meetings",
    "Organizer": "core.events",
    "PartStat": "core.events",
    "Person": "core.meetings",
    "Presence": "core.presence",
    "Problem": "core.events",
    "Report": "core.report",
    "Settings": "settings",
    "ShowAs": "core.events",
    "Status": "core.events",
    "Verdict": "core.classify",
    "Window": "core.events",
    "analyze": "pipeline",
    "conference_links": "core.conference",
    "events": "pipeline",
    "meetings": "pipeline",
}

__all__ = [
    "Attendee",
    "Calendar",
    "CalendarEvent",
    "CalsightError",
    "CuType",
    "EventType",
    "Kind",
    "Meeting",
    "Organizer",
    "PartStat",
    "Person",
    "Presence",
    "Problem",
    "Report",
    "Settings",
    "ShowAs",
    "Status",
    "Verdict",
    "Window",
    "__version__",
    "analyze",
    "conference_links",
    "events",
    "meetings",
]

if TYPE_CHECKING:
    from calsight.core.classify import Verdict
    from calsight.core.conference import conference_links
    from calsight.core.events import (
        Attendee,
        Calendar,
        CalendarEvent,
        CuType,
        EventType,
        Organizer,
        PartStat,
        Problem,
        ShowAs,
        Status,
        Window,
    )
    from calsight.core.meetings import Kind, Meeting, Person
    from calsight.core.presence import Presence
    from calsight.core.report import Report
    from calsight.errors import CalsightError
    from calsight.pipeline import analyze, events, meetings
    from calsight.settings import Settings


def __getattr__(name: str) -> Any:
    try:
        home = _HOME[name]
    except KeyError:
        raise AttributeError(f"module 'calsight' has no attribute {name!r}") from None
    value = getattr(import_module(f"calsight.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
