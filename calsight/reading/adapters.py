"""Events, calendars and Problems as JSON and back: pydantic's adapters, and times in the standard library's UTC."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from calsight.core.model.events import Calendar, CalendarEvent

if TYPE_CHECKING:
    from pydantic import TypeAdapter

_T = TypeVar("_T")
_Dated = TypeVar("_Dated", Calendar, CalendarEvent)


@cache
def adapter(kind: type[_T]) -> TypeAdapter[_T]:
    """What reads and writes a dataclass as JSON."""
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def in_utc(read: _Dated, within: str = "") -> _Dated:
    """What an adapter read, with the standard library's UTC in place of pydantic's own class, or of any other offset.

    Raises `ValueError` for a time without a zone, which it names; `within` stands before that name.
    """
    names = ("last_sign",) if isinstance(read, Calendar) else ("start", "end", "original_start", "created", "updated")
    given = {name: moment for name in names if (moment := getattr(read, name)) is not None}
    moments: dict[str, Any] = {name: utc(moment, f"{within}{name}") for name, moment in given.items()}
    return replace(read, **moments)


def utc(moment: datetime, name: str) -> datetime:
    """A moment in the standard library's UTC. Raises `ValueError` for one without a zone, which is called `name`."""
    if moment.tzinfo is None:
        raise ValueError(f"{name} has no zone: write it in UTC with Z")
    return moment.astimezone(UTC)
