"""Which of an account's calendars a reference means, and what a sentence calls a calendar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from calsight.core.model.events import Calendar
from calsight.errors import UsageError

_T = TypeVar("_T")


def meant(listed: Sequence[_T], *alike: Callable[[_T], bool], several: Callable[[int], str]) -> _T | None:
    """The one that the first test passes; where it passes none, the second, and so on; None where none passes any.

    The tests go from what tells calendars apart (an id) to what only names them. Where one passes more than one calendar,
    raises `UsageError` with what `several` says of their number.
    """
    for test in alike:
        matches = [entry for entry in listed if test(entry)]
        if len(matches) > 1:
            raise UsageError(several(len(matches)))
        if matches:
            return matches[0]
    return None


def called(calendar: Calendar) -> str:
    """What a sentence calls a calendar. A name that is an address (a person's main calendar) belongs in no message."""
    return "this calendar" if "@" in calendar.name else f"the calendar {calendar.name!r}"
