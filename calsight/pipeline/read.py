"""From sources to events: which days are meant, in which zone, and what the sources gave for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict, Unpack

from calsight.core.model.events import CalendarEvent, Problem, Window
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Owner
from calsight.core.model.options import Network
from calsight.errors import UsageError
from calsight.protocols import Access, ConnectorContext
from calsight.reading import sources as reading_sources
from calsight.reading.last_sign import last_sign
from calsight.reading.sources import CalendarReading, Reader
from calsight.reading.window import LOOKAHEAD, Day, Span, owner_zone, span_of
from calsight.settings.folders import cache_dir, state_dir

if TYPE_CHECKING:
    from calsight.core.judging.corrections import Correction
    from calsight.protocols import Cancel, ProgressCallback
    from calsight.settings.file import Settings

Source: TypeAlias = "str | Path | CalendarEvent"
Sources: TypeAlias = "Source | Iterable[Source]"

#: Zones differ by less than this; what is read is cut again once the owner's zone is known.
_MARGIN = timedelta(days=1)
#: So far back the newest entry is looked for where none lies in the days that were asked for.
_BACK = timedelta(weeks=520)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the sources gave.

    window    what the report is about; an event belongs to it by its start
    as_of     the moment of judgement (UTC); what ends later is scheduled
    zone      the owner's, an IANA name
    settings  with what the corrections say of people; `given` are those without, so that corrections can be taken back (None
              where the two are the same)
    me        the addresses that the caller gave
    corrections   what the owner says against their calendar
    access    what the sources were allowed to reach
    newest    start of the newest entry before the window, where files hold none inside; else None
    """

    calendars: tuple[CalendarReading, ...]
    window: Window
    as_of: datetime
    zone: str
    settings: Settings
    me: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()
    access: Access = field(default_factory=Access)
    given: Settings | None = None
    newest: datetime | None = None

    @property
    def events(self) -> list[CalendarEvent]:
        """All events, calendar by calendar."""
        return [event for calendar in self.calendars for event in calendar.events]

    @property
    def problems(self) -> list[Problem]:
        """All entries and files that were set aside."""
        return [problem for calendar in self.calendars for problem in calendar.problems]

    @property
    def horizon(self) -> Window:
        """The window and the 28 days beyond, in which meetings are read as scheduled."""
        return Window(self.window.start, max(self.window.end, self.as_of) + LOOKAHEAD)

    @property
    def last_sign(self) -> datetime | None:
        """When the sources were last known to be alive; None where they do not say."""
        return last_sign(self.calendars, self.as_of)

    def frame(self, owner: Owner) -> Frame:
        """In what the reading is judged, once its owner is known."""
        unread = tuple([p.day for p in self.problems if p.code in _UNREAD for _ in range(p.count)])
        return Frame(
            owner, self.zone, self.window, self.as_of, self.last_sign, self.settings.options, unread, self.newest
        )


#: Problems that are entries: each may have been a meeting.
_UNREAD = frozenset({"bad_entry", "endless_rule"})


class Request(TypedDict, total=False):
    """What `read` takes besides its sources."""

    me: str | Sequence[str]
    weeks: int | None
    as_of: Day | None
    start: Day | None
    end: Day | None
    zone: str | None
    settings: Settings | dict[str, Any] | str | Path | None
    corrections: Sequence[Correction] | str | Path | None
    progress: ProgressCallback | None
    cancel: Cancel | None
    cache: bool
    network: Network | None
    folders: Sequence[str | Path] | None


def read(
    *sources: Sources,
    me: str | Sequence[str] = (),
    weeks: int | None = None,
    as_of: Day | None = None,
    start: Day | None = None,
    end: Day | None = None,
    zone: str | None = None,
    settings: Settings | dict[str, Any] | str | Path | None = None,
    corrections: Sequence[Correction] | str | Path | None = None,
    progress: ProgressCallback | None = None,
    cancel: Cancel | None = None,
    cache: bool = True,
    network: Network | None = None,
    folders: Sequence[str | Path] | None = None,
) -> Reading:
    """Read the sources.

    A source is what the command line takes (see `calsight.reading.sources`), a path, or a `CalendarEvent`; lists of these are
    fine.
    `me` are the owner's e-mail addresses, where the calendar does not say whose it is.
    The span is `weeks` (26) before `as_of` (now), or `start` to `end`. Each of the three is a day in the owner's zone (a date,
    or a text such as "2026-03-31"; `end` includes its day), or a moment (an aware datetime).
    `settings` may be a `Settings`, a dict of its shape, or a TOML file's path; by default the user's own file. `corrections`
    are such, or their file's path; by default the file beside the settings file, where there is one.
    `progress` is called with `Progress`; `cancel` is anything with `is_set()`. `cache=False` keeps nothing of what is read on
    disk.
    `network` and `folders` limit what sources may reach, as the settings of `[sources]` do; where both speak, both hold. Who
    reads calendars for others gives `network="public", folders=()` (docs/embedding.md).

    Raises `SourceError` where nothing can be read from a source, `UsageError` for wrong arguments, `CancelledError`.
    """
    if not sources:
        raise UsageError("Name a source: a calendar file, an address, a connector, or a list of events.")
    own = _own(me)
    words, handed_over = _split(sources)
    given = _settings(settings)
    corrected = _corrections(corrections, settings)
    options = _with_people(given, corrected)
    now = datetime.now(UTC)
    asked_zone = zone or options.work.zone
    before = owner_zone(asked_zone, ())
    rough = span_of(weeks=weeks, as_of=as_of, start=start, end=end, zone=before, now=now)
    wide = Window(rough.window.start - _MARGIN, max(rough.window.end, rough.as_of) + LOOKAHEAD + _MARGIN)
    access = _access(options, network, folders)
    calendars: list[CalendarReading] = reading_sources.group(handed_over, wide)
    reader = partial(
        Reader,
        context=ConnectorContext(
            zone=before, cache_dir=cache_dir() if cache else None, state_dir=state_dir(), access=access
        ),
        sections=options.connectors,
        progress=progress,
        cancel=cancel,
    )
    calendars += _read_all(words, reader(wide))
    after = owner_zone(asked_zone, calendars)
    span: Span = span_of(weeks=weeks, as_of=as_of, start=start, end=end, zone=after, now=now)
    reading = Reading(
        calendars=(),
        window=span.window,
        as_of=span.as_of,
        zone=after,
        settings=options,
        me=own,
        corrections=tuple(corrected),
        access=access,
        given=given,
        newest=_newest(words, reader, span.window, calendars),
    )
    return _with(reading, calendars)


def _read_all(words: Iterable[str], reader: Reader) -> list[CalendarReading]:
    return [calendar for word in words for calendar in reader.read(word)]


def _newest(
    words: Sequence[str], reader: Callable[[Window], Reader], window: Window, calendars: Iterable[CalendarReading]
) -> datetime | None:
    """The start of the newest entry before the window, looked for in files where none lies in it or after; else None.

    Where somebody's calendar ended long ago, that is the one thing that they need to know.
    """
    if any(calendar.events for calendar in calendars):
        return None
    files = list(filter(_is_file, words))
    found = _read_all(files, reader(Window(window.start - _BACK, window.start)))
    return max((event.start for calendar in found for event in calendar.events), default=None)


def _is_file(word: str) -> bool:
    try:
        return Path(word).is_file()
    except OSError:  # an address may be longer than any file's name
        return False


def events(*sources: Sources, **request: Unpack[Request]) -> list[CalendarEvent]:
    """Every occurrence that reaches into the window or the 28 days beyond, as read. Arguments as in `read`.

    All that a report is made of: leave that began before the window too.

    Examples:
        >>> from datetime import date
        >>> found = calsight.events("work.ics", start=date(2026, 1, 1), end=date(2026, 1, 31))
        >>> [event.start.isoformat() for event in found][:2]
        ['2026-01-05T10:00:00+00:00', '2026-01-12T10:00:00+00:00']
    """
    return read(*sources, **request).events


def _own(me: str | Sequence[str]) -> tuple[str, ...]:
    """The owner's addresses; blanks and nothing at all do no harm. Raises `UsageError` for what is no address."""
    from calsight.settings.checks import address_fault

    given: object = [me] if isinstance(me, str) else me
    own = []
    for one in given if isinstance(given, Iterable) else [given]:
        if not isinstance(one, str):
            raise UsageError(f"me is an address, or a list of addresses, not {one!r}.")
        own += [one.strip()] if one.strip() else []
    for one in own:
        if fault := address_fault(one):
            raise UsageError(f"--me: {fault}")
    return tuple(own)


def _access(options: Settings, network: Network | None, folders: Sequence[str | Path] | None) -> Access:
    """What sources may reach: what the settings and the caller both allow."""
    from calsight.kit.access import narrower

    def allowed(network: Network, folders: Sequence[str | Path] | None) -> Access:
        return Access(network, None if folders is None else tuple(Path(each).expanduser() for each in folders))

    return narrower(allowed(options.sources.network, options.sources.folders), allowed(network or "all", folders))


def _split(sources: Iterable[Sources]) -> tuple[list[str], list[CalendarEvent]]:
    words: list[str] = []
    given: list[CalendarEvent] = []
    for source in sources:
        if isinstance(source, CalendarEvent):
            given.append(source)
        elif isinstance(source, str | Path):
            words.append(str(source))
        elif isinstance(source, Iterable) and not isinstance(source, bytes | bytearray | Mapping):
            more = _split(source)
            words += more[0]
            given += more[1]
        else:
            kind = type(source).__name__
            raise UsageError(f"A source is a path, an address, a connector's name or a CalendarEvent, and no {kind}.")
    return words, given


def _with(reading: Reading, calendars: Sequence[CalendarReading]) -> Reading:
    """The reading with its calendars, cut to the horizon now that the owner's zone is known."""
    horizon = reading.horizon

    def keep(calendar: CalendarReading) -> CalendarReading:
        return replace(calendar, events=tuple(reading_sources.within(calendar.events, horizon)))

    return replace(reading, calendars=tuple(keep(calendar) for calendar in calendars))


def _settings(settings: Settings | dict[str, Any] | str | Path | None) -> Settings:
    from calsight.settings.file import Settings, load_settings, settings_from

    if isinstance(settings, Settings):
        return settings
    if isinstance(settings, dict):
        return settings_from(settings)
    if settings is None:
        return load_settings()
    return load_settings(Path(settings))


def _corrections(
    corrections: Sequence[Correction] | str | Path | None, settings: Settings | dict[str, Any] | str | Path | None
) -> Sequence[Correction]:
    """Those given, else those of the file beside the settings file; none where the settings come from no file."""
    from calsight.settings.corrections_file import corrections_path, load_corrections

    if isinstance(corrections, str | Path):
        return load_corrections(Path(corrections))
    if corrections is not None:
        return corrections
    if settings is None or isinstance(settings, str | Path):
        return load_corrections(corrections_path(None if settings is None else Path(settings)))
    return ()


def with_corrections(
    reading: Reading, corrections: Sequence[Correction], *, answers: Mapping[str, Any] | None = None
) -> Reading:
    """The reading with these corrections and no others, and with `answers` over the settings' section of that name."""
    given = reading.given or reading.settings
    if answers:
        given = given.model_copy(update={"answers": replace(given.answers, **answers)})
    return replace(reading, settings=_with_people(given, corrections), corrections=tuple(corrections), given=given)


def _with_people(options: Settings, corrections: Sequence[Correction]) -> Settings:
    """The settings with what the corrections say of people."""
    from calsight.core.judging.corrections import people_with

    people = people_with(options.people, corrections)
    return options if people is options.people else options.model_copy(update={"people": people})
