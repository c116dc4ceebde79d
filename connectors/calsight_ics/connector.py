"""The ICS connector: places → bytes → entries → occurrences → events, with a Problem for whatever had to be left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from calsight import Calendar, Window
from calsight.errors import SettingsError, SourceError, UsageError
from calsight.kit.access import require_stdin
from calsight.protocols import Cancel, ConnectorContext, Never, Page, ProgressCallback
from calsight_ics.costs import Budget, Limits
from calsight_ics.places import finding, opening
from calsight_ics.reader import CalendarReader

if TYPE_CHECKING:
    from calsight_ics.places.text import Text

#: Setting → the limit that it sets, and how many of that are one of it.
_LIMITS: Mapping[str, tuple[str, float]] = {
    "max_mb": ("size", 1e6),
    "max_download_mb": ("download", 1e6),
    "max_unpacked_mb": ("copies", 1e6),
    "max_files": ("files", 1),
    "max_calendars": ("calendars", 1),
    "max_entries": ("entries", 1),
    "max_occurrences": ("occurrences", 1),
    "max_memory_mb": ("memory", 1e6),
}
_NUMBERS = (*_LIMITS, "max_seconds", "timeout")
_SETTINGS = (*_NUMBERS, "password", "fast")


class IcsConnector:
    """Reads iCalendar files, folders of them, archives, standard input and web addresses.

    Settings (`[connectors.ics]`): how much is read of one source (see `costs.Limits`); `password` of encrypted zip
    archives; `fast`, false to read every entry through icalendar and recurring-ical-events, which says the same more slowly.
    """

    confined = True

    def __init__(self, context: ConnectorContext) -> None:
        self._context = context
        _check(context.settings)
        self._limits = _limits(context.settings)
        self._stdin: bytes | None = None
        # What was named, by the id that everybody sees.
        self._addresses: dict[str, str] = {}
        self._places: dict[str, tuple[finding.Place, Budget]] = {}
        self._opener = opening.Opener(self._limits, context.access, context.settings.get("password", ""))

    def calendars(self, reference: str) -> Sequence[Calendar]:
        """The calendars of a path, a folder, an archive, `-` or a web address."""
        if not reference:
            raise UsageError("Which calendar? Name an .ics file, a folder, a .zip archive, a web address, or - .")
        if reference == finding.STDIN:
            require_stdin(self._context.access)
            self._read_stdin()
            return self._named([finding.Place(finding.STDIN, "standard input", Path(finding.STDIN))])
        if _is_address(reference):
            from calsight_ics.places import web

            calendar = Calendar(id=web.id_of(reference), name=web.name_of(reference))
            self._addresses[calendar.id] = reference
            return (calendar,)
        return self._named(finding.places(reference, self._context.access, self._limits))

    def _named(self, places: Iterable[finding.Place]) -> tuple[Calendar, ...]:
        """The calendars of one source: what they may be in all is theirs together."""
        budget = Budget.of(self._limits)
        found = {}
        for place in places:
            found[place.id] = Calendar(id=place.id, name=place.name)
            self._places[place.id] = place, budget
        return tuple(found.values())

    def fetch(
        self,
        calendar: Calendar,
        window: Window,
        *,
        state: bytes | None = None,
        progress: ProgressCallback | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[Page]:
        """The occurrences of one calendar that overlap `window`, a thousand a page."""
        with ExitStack() as stack:
            text, budget = self._open(calendar.id, stack)
            reader = CalendarReader(calendar, text, window, self._context.zone, budget=budget)
            reader.fast = self._context.settings.get("fast", True)
            yield from reader.pages(progress, cancel or Never())

    def _open(self, place: str, stack: ExitStack) -> tuple[Text, Budget]:
        if address := self._addresses.get(place):
            from calsight_ics.places import web

            budget = Budget.of(self._limits.of_a_download)
            return web.download(address, budget, self._context.cache_dir, self._context.access, stack), budget
        if place not in self._places:
            self.calendars(place)
        if place not in self._places:
            raise SourceError(f"{place}: is not among the calendars that were asked for.")
        found, budget = self._places[place]
        budget.again(place)
        return stack.enter_context(self._opener.opened(found, budget, self._stdin or b"")), budget

    def _read_stdin(self) -> None:
        if self._stdin is None:
            self._stdin = opening.read_stdin(self._limits)


def _is_address(reference: str) -> bool:
    return reference.lower().startswith(("http://", "https://", "webcal://", "webcals://"))


def _check(settings: Mapping[str, Any]) -> None:
    """Refuse settings that there are not, or whose values are of another type."""
    for name, value in settings.items():
        if name in _NUMBERS:
            right = isinstance(value, int | float) and not isinstance(value, bool) and value > 0
            what = "a number above 0"
        elif name == "password":
            right, what = isinstance(value, str), "a text"
        elif name == "fast":
            right, what = isinstance(value, bool), "true or false"
        else:
            raise SettingsError(f"[connectors.ics] {name}: there is no such setting; there are {', '.join(_SETTINGS)}.")
        if not right:
            raise SettingsError(f"[connectors.ics] {name}: must be {what}.")


def _limits(settings: Mapping[str, Any]) -> Limits:
    given = {field: int(settings[name] * unit) for name, (field, unit) in _LIMITS.items() if name in settings}
    limits = replace(Limits(), **given)
    if "max_mb" in settings:  # the most of anything, unless another says more of its own
        limits = replace(limits, **{field: given.get(field, given["size"]) for field in ("download", "copies")})
    work = limits.work if settings.get("fast", True) else 40 * limits.work  # the slow road is there for those who wait
    return replace(
        limits,
        seconds=float(settings.get("timeout", limits.seconds)),
        work=float(settings.get("max_seconds", work)),
    )
