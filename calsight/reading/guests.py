"""Plugins are guests: what one raises, returns or exits with is said with its name and distribution, and ends no run of ours.

What a plugin prints goes nowhere: standard output is calsight's, and a program may be reading it.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, TypeVar, cast

from calsight.core.model.events import Calendar, CalendarEvent, Problem
from calsight.errors import CalsightError, PluginFailedError
from calsight.protocols import Connector, Page, Renderer, SpeaksLanguages

if TYPE_CHECKING:
    from calsight.core.model.report import Report

T = TypeVar("T")
#: The methods that a connector may have; `calendars` and `fetch` are looked at more closely.
_METHODS = ("connect", "disconnect", "status", "guide", "free_busy")
_FLAGS = ("incremental", "confined")
#: Seconds that one step may take: a page, all calendars, a report, an import. Signing in waits for a person.
PATIENCE = 600.0
#: So many calendars, so much on the pages of one (entries, problems, pages), so many characters of a report.
_MOST_CALENDARS, _MOST_ITEMS, _MOST_TEXT = 10_000, 400_000, 200_000_000


@contextmanager
def guest(who: str, seconds: float | None = None) -> Iterator[None]:
    """Run a plugin's code inside this block; `who` names it in a sentence ("The connector 'x' of x-calsight 1.0").

    `seconds` is how long it may take (`PATIENCE`; 0: as long as it wants), as far as `within` can tell it.

    Raises `PluginFailedError` for whatever it raises, save calsight's own errors, Ctrl-C and a lack of memory.
    """
    with hushed(), _as_it_was():
        try:
            with within(PATIENCE if seconds is None else seconds):
                yield
        except (CalsightError, KeyboardInterrupt, GeneratorExit, MemoryError):
            raise
        except SystemExit:
            cause = "it tried to end the program"
        except TooLongError as error:
            cause = str(error)
        except BaseException as error:  # noqa: BLE001 - a stranger's code: anything may come
            cause = type(error).__name__
        else:
            return
    raise PluginFailedError(f"{who} failed ({cause}). Tell its author, or uninstall it.")


def connector_guest(made: Connector, who: str) -> Connector:
    """A stranger's connector that behaves, with the capabilities that it has."""
    methods: dict[str, Any] = {name: _guarded(name) for name in _METHODS if callable(getattr(made, name, None))}
    flags = {name: bool(getattr(made, name)) for name in _FLAGS if hasattr(made, name)}
    kind = type("Guest", (_Guest,), {**methods, **flags})
    return cast(Connector, kind(made, who))


class _Guest:
    """What every connector has."""

    def __init__(self, made: Connector, who: str) -> None:
        self.made = made
        self.who = who

    def calendars(self, reference: str) -> Sequence[Calendar]:
        with guest(self.who):
            found: object = self._most(self.made.calendars(reference), _MOST_CALENDARS, "calendars")
        if not all(isinstance(calendar, Calendar) for calendar in cast(list[object], found)):
            raise PluginFailedError(
                f"{self.who} named something that is no calendar. Tell its author, or uninstall it."
            )
        return cast(list[Calendar], found)

    def fetch(self, calendar: Calendar, *arguments: Any, **named: Any) -> Iterator[Page]:
        with guest(self.who):
            pages = iter(self.made.fetch(calendar, *arguments, **named))
        left = _MOST_ITEMS
        while True:
            with guest(self.who):
                page: object = next(pages, None)
            if page is None:
                return
            if not isinstance(page, Page):
                raise PluginFailedError(f"{self.who} gave something that is no page. Tell its author, or uninstall it.")
            checked = self._checked(page, left)
            left -= 1 + len(checked.events) + len(checked.problems) + len(checked.removed)
            yield checked

    def _most(self, given: Iterable[T], most: int, what: str) -> list[T]:
        """All that is given. Raises `PluginFailedError` for more than that: it may be without end."""
        found = list(islice(given, max(0, most) + 1))
        if len(found) > most:
            raise PluginFailedError(f"{self.who} gave too many {what}. Tell its author, or uninstall it.")
        return found

    def _checked(self, page: Page, most: int) -> Page:
        """The page with the events that are what they seem; a Problem for each of the others."""
        from calsight.reading.adapters import adapter, in_utc

        events = []
        with guest(self.who):
            given = self._most(page.events, most, "entries")
            problems = self._most(page.problems, most, "problems")
            removed = self._most(page.removed, most, "entries")
        for event in given:
            try:
                fields = adapter(CalendarEvent).dump_python(event, mode="json", warnings=False)
                read = in_utc(adapter(CalendarEvent).validate_python(fields))
                events.append(replace(read, calendar=event.calendar))
            except Exception as error:  # noqa: BLE001 - as above
                text = f"{self.who} gave an event that is none ({type(error).__name__}); it was left out."
                problems.append(Problem("bad_entry", text))
        if not all(isinstance(problem, Problem) for problem in problems):
            raise PluginFailedError(f"{self.who} gave a problem that is none. Tell its author, or uninstall it.")
        return replace(page, events=events, problems=problems, removed=removed)


class RendererGuest:
    """A stranger's renderer, whose text is text."""

    def __init__(self, made: Renderer, who: str) -> None:
        self._made = made
        self._who = who

    def in_language(self, language: str) -> RendererGuest:
        """The same in another language, where it speaks any."""
        if not isinstance(self._made, SpeaksLanguages):
            return self
        with guest(self._who):
            return RendererGuest(self._made.in_language(language), self._who)

    def __call__(self, report: Report) -> list[str]:
        """All of its text."""
        pieces, left = [], _MOST_TEXT
        with guest(self._who):
            for piece in self._made(report):
                if not isinstance(piece, str):
                    raise PluginFailedError(
                        f"{self._who} gave something that is no text. Tell its author, or uninstall it."
                    )
                pieces.append(piece)
                left -= 1 + len(piece)
                if left < 0:
                    raise PluginFailedError(f"{self._who} gave a text without end. Tell its author, or uninstall it.")
        return pieces


def _guarded(name: str) -> Callable[..., Any]:
    def method(self: _Guest, *arguments: Any, **named: Any) -> Any:
        with guest(self.who, 0 if name == "connect" else None):
            given = getattr(self.made, name)(*arguments, **named)
            if name == "free_busy" and not isinstance(given, Mapping):
                raise TypeError("no mapping")
            return str(given) if name in ("status", "guide") else given

    method.__name__ = name
    return method


# --- time -------------------------------------------------------------------------------------------------------------


class TooLongError(BaseException):
    """A guest took too long. No `Exception`, since a guest may catch those."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise `TooLongError` inside this block after so many seconds, and each second from then on; 0 is without end.

    Only the main thread can be interrupted, where the system has a timer (POSIX) that nobody else uses; elsewhere this does
    nothing.
    """
    main = threading.current_thread() is threading.main_thread()
    if not (seconds and main and hasattr(signal, "setitimer") and signal.getsignal(signal.SIGALRM) is signal.SIG_DFL):
        yield
        return
    inside = True

    def stop(number: int, frame: FrameType | None) -> None:
        if inside:
            raise TooLongError(f"it took longer than {seconds:g} seconds")

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1)
    try:
        try:
            yield
        finally:
            inside = False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


# --- standard output --------------------------------------------------------------------------------------------------

_INSIDE: ContextVar[bool] = ContextVar("calsight_guest", default=False)


class _Doorway:
    """Standard output with guests in the house: what they write is dropped, what others write goes where it went."""

    def __init__(self, real: TextIO) -> None:
        self._real = real

    def write(self, text: str) -> int:
        return len(text) if _INSIDE.get() else self._real.write(text)

    @property
    def buffer(self) -> BinaryIO:
        return io.BytesIO() if _INSIDE.get() else self._real.buffer

    def close(self) -> None:
        """A guest closes nothing of ours."""
        if not _INSIDE.get():
            self._real.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


#: Signals that a guest may have taken for itself.
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def _as_it_was() -> Iterator[None]:
    """What belongs to the whole process is put back: standard output, the folder, signals, the depth of calls."""
    out, depth, taken = sys.stdout, sys.getrecursionlimit(), [signal.getsignal(one) for one in _SIGNALS]
    folder = _folder()
    try:
        yield
    finally:
        sys.stdout = out
        if sys.getrecursionlimit() != depth:
            sys.setrecursionlimit(depth)
        if folder and _folder() != folder:
            os.chdir(folder)
        if threading.current_thread() is threading.main_thread():  # nobody else may
            for one, handler in zip(_SIGNALS, taken, strict=True):
                if handler is not None and signal.getsignal(one) is not handler:
                    signal.signal(one, handler)


def _folder() -> Path | None:
    try:
        return Path.cwd()
    except OSError:  # it is gone
        return None


@contextmanager
def hushed() -> Iterator[None]:
    """What is printed inside this block, in this thread or task, goes nowhere.

    The stream that sees to it stays in place: taking it away would be felt by other threads that are inside.
    """
    if sys.stdout is not None and not isinstance(sys.stdout, _Doorway):
        sys.stdout = cast(TextIO, _Doorway(sys.stdout))
    token = _INSIDE.set(True)
    try:
        yield
    finally:
        _INSIDE.reset(token)
