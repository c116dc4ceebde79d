"""What the author of a plugin needs for tests: builders for events, and `ConnectorContract`.

The builders make invented events that read as examples::

    from calsight.testing import event

    event("ana", "bo", minutes=30)                     # Ana organises, both accepted
    event("ana", "bo", at="2026-03-04 14:00", declined=["bo"])

Names without "@" become `name@example.com`.

`ConnectorContract` is a class of pytest tests that a connector's test class inherits; see its docstring and
docs/write-a-connector. It is loaded when it is first asked for: the builders need no pytest.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from calsight.core.model.events import NO_CALENDAR, Attendee, Calendar, CalendarEvent, CuType, Organizer, PartStat

if TYPE_CHECKING:
    from calsight.kit.contract import ConnectorContract

__all__ = ["ConnectorContract", "address", "attendee", "event", "moment"]

_FIRST_MONDAY = datetime(2026, 3, 2, 10, tzinfo=UTC)


def address(name: str) -> str:
    """The invented address of `name`: `name@example.com`, unless it is an address already."""
    return name if "@" in name or not name else f"{name}@example.com"


def moment(text: str | datetime) -> datetime:
    """An aware UTC moment from "2026-03-04 14:00" (or a datetime, which is returned as it is)."""
    return text if isinstance(text, datetime) else datetime.fromisoformat(text).replace(tzinfo=UTC)


def attendee(name: str, /, **fields: Any) -> Attendee:
    """One attendee; accepted unless `fields` say otherwise."""
    fields.setdefault("partstat", PartStat.ACCEPTED)
    return Attendee(address=address(name), name=fields.pop("name", name.partition("@")[0].title()), **fields)


def event(
    *people: str,
    at: str | datetime = _FIRST_MONDAY,
    minutes: float = 30,
    title: str = "Meeting",
    organizer: str | None = None,
    declined: Iterable[str] = (),
    rooms: Iterable[str] = (),
    uid: str = "",
    calendar: Calendar = NO_CALENDAR,
    **fields: Any,
) -> CalendarEvent:
    """One occurrence with `people`, the first of whom organises it (or `organizer`).

    `at` is its start in UTC, `minutes` its length; those in `declined` declined; `rooms` are added as rooms. `fields` are
    those of `CalendarEvent`. Without a `uid` one is made from the start and the people, so that equal calls give equal events.
    """
    start = moment(at)
    declined = {address(name) for name in declined}
    listed = tuple(
        attendee(name, partstat=PartStat.DECLINED if address(name) in declined else PartStat.ACCEPTED)
        for name in people
    ) + tuple(attendee(room, cutype=CuType.ROOM) for room in rooms)
    who = organizer if organizer is not None else (people[0] if people else "")
    fields.setdefault("attendees", listed)
    fields.setdefault("organizer", Organizer(address=address(who), name=who.partition("@")[0].title()) if who else None)
    return CalendarEvent(
        uid=uid or f"{start:%Y%m%dT%H%M}-{'-'.join(people) or 'nobody'}",
        start=start,
        end=start + timedelta(minutes=minutes),
        title=title,
        calendar=calendar,
        **fields,
    )


def __getattr__(name: str) -> Any:
    if name != "ConnectorContract":
        raise AttributeError(f"module 'calsight.testing' has no attribute {name!r}")
    import pytest

    pytest.register_assert_rewrite("calsight.kit.contract")
    from calsight.kit.contract import ConnectorContract

    return ConnectorContract
