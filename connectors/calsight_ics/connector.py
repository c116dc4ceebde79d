"""The ICS connector: places → bytes → entries → occurrences → events, with a Problem for whatever had to be left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from calsight import Calendar, Window
from calsight.errors import SettingsError, UsageError
from calsight.protocols import Cancel, ConnectorContext, Never, Page, ProgressCallback
from calsight_ics.places import finding, opening
from calsight_ics.places.text import Limits
from calsight_ics.reader import CalendarReader

if TYPE_CHECKING:
    from calsight_ics.places.text import Text

_NUMBERS = ("max_mb", "timeout")
_SETTINGS = (*_NUMBERS, "password", "fast")


class IcsConnector:
    """Reads iCalendar files, folders of them, archives, standard input and web addresses.

    Settings (`[connectors.ics]`): `max_mb`, the most that is read of one calendar (default 2000, 200 for a web address);
    `timeout`, seconds for a download (120); `password` of encrypted zip archives; `fast`, false to read every entry through
    icalendar and recurring-ical-events, which says the same more slowly.
    """

    def __init__(self, context: ConnectorContext) -> None:
        self._context = context
        _check(context.settings)
        self._limits = _limits(context.settings)
        self._stdin: bytes | None = None
        self._addresses: dict[str, str] = {}  # of the calendars that were named, by their id, which everybody sees

    def calendars(self, reference: str) -> Sequence[Calendar]:
        """The calendars of a path, a folder, an archive, `-` or a web address."""
        if not reference:
            raise UsageError("Which calendar? Name an .ics file, a folder, a .zip archive, a web address, or - .")
        if reference == finding.STDIN:
            self._read_stdin()
            return (Calendar(id=finding.STDIN, name="standard input"),)
        if _is_address(reference):
            from calsight_ics.places import web

            calendar = Calendar(id=web.id_of(reference), name=web.name_of(reference))
            self._addresses[calendar.id] = reference
            return (calendar,)
        return tuple(Calendar(id=place.id, name=place.name) for place in finding.places(reference))

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
            reader = CalendarReader(calendar, self._open(calendar.id, stack), window, self._context.zone)
            reader.fast = self._context.settings.get("fast", True)
            yield from reader.pages(progress, cancel or Never())

    def _open(self, place: str, stack: ExitStack) -> Text:
        if address := self._addresses.get(place):
            from calsight_ics.places import web

            return web.download(address, self._limits, self._context.cache_dir, stack)
        if place == finding.STDIN:
            self._read_stdin()
        password = self._context.settings.get("password", "")
        return stack.enter_context(opening.opened(place, self._limits, password=password, stdin=self._stdin))

    def _read_stdin(self) -> None:
        if self._stdin is None:
            self._stdin = opening.read_stdin(self._limits)


def _is_address(reference: str) -> bool:
    return reference.lower().startswith(("http://", "https://", "webcal://", "webcals://"))


def _check(settings: Mapping[str, Any]) -> None:
    """Refuse settings that there are not, or whose values are of another type."""
    for name, value in settings.items():
        if name in _NUMBERS:
            right, what = (
                isinstance(value, int | float) and not isinstance(value, bool) and value > 0,
                "a number above 0",
            )
        elif name == "password":
            right, what = isinstance(value, str), "a text"
        elif name == "fast":
            right, what = isinstance(value, bool), "true or false"
        else:
            raise SettingsError(f"[connectors.ics] {name}: there is no such setting; there are {', '.join(_SETTINGS)}.")
        if not right:
            raise SettingsError(f"[connectors.ics] {name}: must be {what}.")


def _limits(settings: Mapping[str, Any]) -> Limits:
    limits = Limits()
    if "max_mb" in settings:
        most = int(settings["max_mb"] * 1_000_000)
        limits = replace(limits, size=most, download=most)
    return replace(limits, seconds=float(settings.get("timeout", limits.seconds)))
