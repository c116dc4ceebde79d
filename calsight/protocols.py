"""What a plugin is. Everything here is public; a first-party plugin gets nothing that a stranger's lacks.

A **connector** is a class named by an entry point of the group `calsight.connectors`; the entry point's name is the
connector's name. A **rule** is an object (or class without arguments) named in `calsight.rules`. A **renderer** likewise in
`calsight.renderers`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from calsight.core.model.events import Calendar, CalendarEvent, Problem, Window

if TYPE_CHECKING:
    from calsight.core.judging.rows import Verdict
    from calsight.core.model.options import Network
    from calsight.core.model.report import Report
    from calsight.core.people.presence import Presence


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a fetch has come. `total` is None where it cannot be known; `unit` is what is counted ("entries", "bytes").

    `pages` is how many answers a server has given so far, where it gives them in pages.
    """

    calendar: str
    done: int
    total: int | None = None
    unit: str = "entries"
    pages: int | None = None


ProgressCallback = Callable[[Progress], None]


class Cancel(Protocol):
    """Anything with `is_set()`, a `threading.Event` for instance. Connectors look at it between entries or pages."""

    def is_set(self) -> bool:
        """Whether the caller wants the fetch to end."""
        ...


class Never:
    """A `Cancel` that never is."""

    def is_set(self) -> bool:
        """Return False."""
        return False


@dataclass(frozen=True, slots=True)
class Access:
    """What sources may reach; by default everything, as a person at their own machine expects. `calsight.kit.access` holds it.

    network    "all"; "public": no address of this machine, a link or a private network; "none"
    folders    files outside these (links followed), and standard input, are not read; None: no such limit
    """

    network: Network = "all"
    folders: tuple[Path, ...] | None = None

    @property
    def limited(self) -> bool:
        """Whether there is anything that may not be reached."""
        return self.network != "all" or self.folders is not None


@dataclass(frozen=True, slots=True)
class ConnectorContext:
    """What a connector is given when it is made.

    settings     its own section of the settings (`[connectors.NAME]`), unchecked
    zone         IANA name of the zone for floating times and dates where the calendar names none
    cache_dir    where it may keep what it fetched (None: nothing may be kept)
    state_dir    where it may keep its sign-in (None: nothing may be kept)
    access       what it may reach; only a connector that is `Confined` is made where that is limited
    """

    settings: Mapping[str, Any] = field(default_factory=dict)
    zone: str = "UTC"
    cache_dir: Path | None = None
    state_dir: Path | None = None
    access: Access = field(default_factory=Access)


@dataclass(frozen=True, slots=True)
class Page:
    """A part of what a fetch found.

    events       occurrences that start inside the window (or that overlap it; the caller cuts)
    problems     entries set aside
    removed      keys (`CalendarEvent.key`) of occurrences that are gone, or a series' id (`CalendarEvent.series`) for all of
                 its occurrences; only in increments. On one page removals come before events
    state        opaque sync state, on the last page only; None from connectors that keep none
    increment    False: the pages of this fetch together are all there is in the window; True: they change what the caller
                 already has. Where an increment turns out to be impossible half-way, pages of all there is follow it and
                 replace it
    calendar     what is known of the calendar; every event's `calendar` is this object. May be None on pages without events
    """

    events: Sequence[CalendarEvent] = ()
    problems: Sequence[Problem] = ()
    removed: Sequence[str] = ()
    state: bytes | None = None
    increment: bool = False
    calendar: Calendar | None = None


class Connector(Protocol):
    """Reads calendars of one kind. Made with a `ConnectorContext`; must not touch the network or disk before it is asked."""

    def __init__(self, context: ConnectorContext) -> None: ...

    def calendars(self, reference: str) -> Sequence[Calendar]:
        """The calendars that `reference` stands for: what follows `NAME:` in a source, "" for the default.

        For files these are paths; for an API, calendar ids or names. Cheap: `id` and `name` are enough.
        Raises `SourceError` with a plain sentence where there is nothing, `UsageError` where the reference makes no sense.
        """
        ...

    def fetch(
        self,
        calendar: Calendar,
        window: Window,
        *,
        state: bytes | None = None,
        progress: ProgressCallback | None = None,
        cancel: Cancel | None = None,
    ) -> Iterator[Page]:
        """The occurrences of one calendar that overlap `window`, recurrence expanded.

        A damaged entry becomes a `Problem` on a page; `SourceError` says that nothing can be read. `state` is what the last
        page of an earlier fetch of the same calendar and window carried; a connector that cannot use it reads everything.
        """
        ...


@runtime_checkable
class Incremental(Protocol):
    """The optional capability of a connector whose fetches end with a `state`: calsight keeps what it fetched in the local
    store (`calsight.reading.store`) and gives the state back the next time.

    Each fetch yields one page or more. The connector binds its state to the account, the window and its own query and version,
    and reads everything where any of these differ.
    """

    incremental: bool


@runtime_checkable
class Confined(Protocol):
    """The optional capability of a connector that keeps within `ConnectorContext.access` (with `calsight.kit.access`).

    Where access is limited, one without it is not used at all.
    """

    confined: bool


@runtime_checkable
class SignsIn(Protocol):
    """The optional capability of a connector that needs an account."""

    def connect(self, *, interactive: bool, say: Callable[[str], None]) -> None:
        """Sign in and keep what is needed to stay so; `say` shows a line to the user."""
        ...

    def disconnect(self) -> None:
        """Revoke and forget the sign-in."""
        ...

    def status(self) -> str:
        """One short line for `calsight sources`: "signed in", "not signed in: calsight connect NAME"."""
        ...


@runtime_checkable
class Guides(Protocol):
    """The optional capability of a connector that explains what must be done before one can sign in."""

    def guide(self) -> str:
        """The steps, for people; they end with the command that signs in."""
        ...


@runtime_checkable
class FreeBusy(Protocol):
    """The optional capability of a connector that can ask when others are busy."""

    def free_busy(self, people: Sequence[str], window: Window) -> Mapping[str, Sequence[Window] | None]:
        """For each address the busy spans inside `window`, or None where the source may not tell."""
        ...


class MeetingRule(Protocol):
    """A company's own rule. It is asked after the rules for cancelled and declined entries and before all others.

    It must be pure: same event, same answer. Return None to leave the entry to the rules that follow.
    """

    def __call__(self, event: CalendarEvent, presence: Presence) -> Verdict | None:
        """Judge one event."""
        ...


class Renderer(Protocol):
    """Turns a report into text."""

    def __call__(self, report: Report) -> Iterable[str]:
        """The report as pieces of text."""
        ...


@runtime_checkable
class SpeaksLanguages(Protocol):
    """The optional capability of a renderer that says what it adds to a report in other languages than English.

    Whether it has it or not, the reasons of the report that it is given are said in the language that was asked for.
    """

    def in_language(self, language: str) -> Renderer:
        """The same renderer in a language of calsight's, by its code ("de")."""
        ...
