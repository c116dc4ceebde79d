"""A service's entries → events: one bad entry is set aside with a `Problem`, and who is on many invitations is built once.

found = translated(page, self._event, lambda item, error: bad_entry(item, error, ...), increment=increment)
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Generic, TypeVar

from calsight.core.judging.conference import conference_links
from calsight.core.model.events import CalendarEvent, Problem

_T = TypeVar("_T")
_MOST_REMEMBERED = 4096


class BadEntryError(ValueError):
    """An entry that makes no sense. The message names the field and holds nothing of its content: "it has no start"."""


#: What a value of the wrong type provokes, wherever it is used.
_BAD = (BadEntryError, AttributeError, TypeError, KeyError, ValueError, OverflowError)


@dataclass(slots=True)
class Found:
    """What one page held. `removed` are ids of occurrences, or of whole series, that are gone."""

    events: list[CalendarEvent] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def translated(
    items: Iterable[Any],
    event: Callable[[Any], CalendarEvent | None],
    problem: Callable[[Any, Exception], Problem],
    *,
    increment: bool = False,
) -> Found:
    """The entries of one page as events. `event` gives None for one that is gone or is not asked for.

    What it raises because an entry is bad becomes what `problem` says. In an increment whatever gives no event is removed, by
    its `id`: what was known of it is not so any more.
    """
    found = Found()
    for item in items:
        try:
            made = event(item)
            if made is not None:
                found.events.append(made)
            elif increment:
                found.removed.append(required_text(item, "id"))
        except _BAD as error:
            found.problems.append(problem(item, error))
            if increment and isinstance(item, dict) and isinstance(item.get("id"), str):
                found.removed.append(item["id"])
    return found


def bad_entry(item: Any, error: Exception, *, source: str, undocumented: str, uid_in: Iterable[str]) -> Problem:
    """What was set aside and why; nothing of its content, which may be anything.

    `undocumented` is said of a value of the wrong type ("a field has a value that Google does not document"); `uid_in` are the
    fields that may hold a UID, the best first.
    """
    cause = str(error) if isinstance(error, BadEntryError) else undocumented
    known = item if isinstance(item, dict) else {}
    return Problem(
        code="bad_entry",
        text=f"An entry of this calendar could not be read ({cause}) and was set aside.",
        source=source,
        uid=next((value for name in uid_in if isinstance(value := known.get(name), str)), ""),
    )


def required_text(item: Mapping[str, Any], name: str) -> str:
    """A text that must be there. Raises `BadEntryError`."""
    value = optional_text(item, name)
    if not value:
        raise BadEntryError(f"it has no {name}")
    return value


def optional_text(item: Mapping[str, Any], name: str) -> str:
    """A text; "" where there is none, or null. Raises `BadEntryError` for anything else."""
    value = item.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadEntryError(f"its {name} is not a text")
    return value


@lru_cache(maxsize=2048)
def links_in(written: str) -> tuple[str, ...]:
    """The conference links of a text; the occurrences of a series have one and the same."""
    return conference_links(written)


class Remembered(Generic[_T]):
    """What was made of parts that stand in many entries (people, mostly), so that equal parts give one object.

    How many are remembered has a bound, so that memory does not grow with the number of pages.
    """

    __slots__ = ("_count", "_known", "_most")

    def __init__(self, most: int = _MOST_REMEMBERED) -> None:
        self._most = most
        self._count = 0
        self._known: dict[Hashable, list[tuple[Any, _T]]] = {}

    def __len__(self) -> int:
        """How many parts are remembered."""
        return self._count

    def of(self, mark: Hashable, part: Any, make: Callable[[], _T]) -> _T:
        """What `make` gave for an equal `part`, or gives now; `mark` (an address) tells most parts from each other."""
        found = self.find(mark, part)
        return self.keep(mark, part, make()) if found is None else found

    def find(self, mark: Hashable, part: Any) -> _T | None:
        """What is remembered of an equal `part`; None if nothing is. With `keep`, for where each microsecond counts."""
        for known, made in self._known.get(mark, ()):
            if known == part:
                return made
        return None

    def keep(self, mark: Hashable, part: Any, made: _T) -> _T:
        """Remember what was made of a part, and give it back."""
        if self._count >= self._most:
            self._known.clear()
            self._count = 0
        self._known.setdefault(mark, []).append((part, made))
        self._count += 1
        return made
