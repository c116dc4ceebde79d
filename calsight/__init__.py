"""calsight reads calendars and tells people whom they really meet.

Importing this package loads nothing heavy; each public name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "Attendee": "core.model.events",
    "Calendar": "core.model.events",
    "CalendarEvent": "core.model.events",
    "CalsightError": "errors",
    "CuType": "core.model.events",
    "EventType": "core.model.events",
    "Kind": "core.model.meetings",
    "Meeting": "core.model.meetings",
    "Organizer": "core.model.events",
    "PartStat": "core.model.events",
    "Person": "core.model.meetings",
    "Presence": "core.people.presence",
    "Problem": "core.model.events",
    "Report": "pipeline.notebook",
    "Settings": "settings.file",
    "ShowAs": "core.model.events",
    "Status": "core.model.events",
    "Verdict": "core.judging.rows",
    "Window": "core.model.events",
    "analyze": "pipeline",
    "conference_links": "core.judging.conference",
    "events": "pipeline",
    "meetings": "pipeline",
    "rendered": "render.rendered",
    "to_frame": "pipeline.tables",
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
    "rendered",
    "to_frame",
]

if TYPE_CHECKING:
    from calsight.core.judging.conference import conference_links
    from calsight.core.judging.rows import Verdict
    from calsight.core.model.events import (
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
    from calsight.core.model.meetings import Kind, Meeting, Person
    from calsight.core.people.presence import Presence
    from calsight.errors import CalsightError
    from calsight.pipeline import analyze, events, meetings
    from calsight.pipeline.notebook import Report
    from calsight.pipeline.tables import to_frame
    from calsight.render.rendered import rendered
    from calsight.settings.file import Settings


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
