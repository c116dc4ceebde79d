"""From sources to a report: the only place where the pieces meet.

`read` → `judge` → `report`, one step each, so that a program can stop where it likes; `analyze`, `meetings` and `events` are
the same steps under the names that most programs want. Nothing is kept between calls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypedDict, Unpack

from calsight.core.model.events import CalendarEvent, CuType, Problem, Window
from calsight.core.model.meetings import WITH_PEOPLE, Kind, Meeting, Owner
from calsight.errors import OwnerNotFoundError
from calsight.reading import sources as reading_sources
from calsight.reading.sources import CalendarReading
from calsight.reading.window import LOOKAHEAD, Span, owner_zone, span_of
from calsight.settings.folders import cache_dir, state_dir

if TYPE_CHECKING:
    from calsight.core.judging.bench import Verdict
    from calsight.core.judging.corrections import Correction
    from calsight.core.judging.explain import Explanation
    from calsight.core.model.report import Reason, Report
    from calsight.core.people.directory import Directory
    from calsight.core.people.presence import Presence
    from calsight.core.rate.exposure import Exposure
    from calsight.core.relationships.circle import Circle, Tie
    from calsight.protocols import Cancel, ProgressCallback
    from calsight.reading.plugins import LoadedRule
    from calsight.settings.file import Settings

Source: TypeAlias = "str | Path | CalendarEvent"
Sources: TypeAlias = "Source | Iterable[Source]"
Day: TypeAlias = "date | datetime"

#: Which formulas a report was computed with; it changes when they do (docs/scoring.md).
MODEL = "change-point-gamma/1"

#: Zones differ by less than this; what is read is cut again once the owner's zone is known.
_MARGIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the sources gave.

    window    what the report is about; an event belongs to it by its start
    as_of     the moment of judgement (UTC); what ends later is scheduled
    zone      the owner's, an IANA name
    me        the addresses that the caller gave
    corrections   what the owner says against their calendar; what they say of people is in `settings` already
    events    those that overlap the window or start within 28 days after it, of all calendars
    """

    calendars: tuple[CalendarReading, ...]
    window: Window
    as_of: datetime
    zone: str
    settings: Settings
    me: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()

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


@dataclass(frozen=True, slots=True)
class Judgement:
    """A reading whose events are classified. `meetings` are sorted by start and include those of `Reading.horizon`.

    `directory` holds everyone in them. `corrected` are those of the reading's corrections that had an effect.
    """

    reading: Reading
    owner: Owner
    directory: Directory = field(repr=False, compare=False)
    meetings: tuple[Meeting, ...]
    problems: tuple[Problem, ...] = ()
    corrected: tuple[Correction, ...] = ()


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
) -> Reading:
    """Read the sources.

    A source is what the command line takes (see `calsight.reading.sources`), a path, or a `CalendarEvent`; lists of these are
    fine.
    The span is `weeks` (26) before `as_of` (now), or `start` to `end`; dates are days in the owner's zone and `end` includes
    its day. `settings` may be a `Settings`, a dict of its shape, or a TOML file's path; by default the user's own file.
    `corrections` are such, or their file's path; by default the file beside the settings file, where there is one.
    `progress` is called with `Progress`; `cancel` is anything with `is_set()`. `cache=False` keeps nothing of what is read on
    disk.

    Raises `SourceError` where nothing can be read from a source, `UsageError` for wrong arguments, `CancelledError`.
    """
    words, given = _split(sources)
    options = _settings(settings)
    corrected = _corrections(corrections, settings)
    options = _with_people(options, corrected)
    now = datetime.now(UTC)
    asked_zone = zone or options.work.zone
    before = owner_zone(asked_zone, ())
    rough = span_of(weeks=weeks, as_of=as_of, start=start, end=end, zone=before, now=now)
    wide = Window(rough.window.start - _MARGIN, max(rough.window.end, rough.as_of) + LOOKAHEAD + _MARGIN)
    calendars: list[CalendarReading] = reading_sources.group(given, wide)
    if words:
        reader = reading_sources.Reader(
            wide,
            zone=before,
            settings=options.connectors,
            cache_dir=cache_dir() if cache else None,
            state_dir=state_dir(),
            progress=progress,
            cancel=cancel,
        )
        for word in words:
            calendars += reader.read(word)
    after = owner_zone(asked_zone, calendars)
    span: Span = span_of(weeks=weeks, as_of=as_of, start=start, end=end, zone=after, now=now)
    own = (me,) if isinstance(me, str) else tuple(me)
    reading = Reading((), span.window, span.as_of, after, options, own, tuple(corrected))
    return _with(reading, calendars)


def judge(reading: Reading) -> Judgement:
    """Find the owner and classify every event.

    Raises `OwnerNotFoundError` where nobody stands out, two people do, or most invitations leave the owner out. A rule plugin
    that cannot be loaded, or that fails, is a Problem.
    """
    from calsight.core.judging.bench import Bench
    from calsight.core.judging.corrections import absences, apply_corrections
    from calsight.reading import plugins

    owner = find_owner(reading)
    away = reading_sources.within(absences(reading.corrections, reading.zone), reading.horizon)
    rules = [_Guarded(loaded) for loaded in plugins.rules()]
    bench = Bench([*reading.events, *away], owner, people=reading.settings.people, titles=reading.settings.titles)
    corrected = apply_corrections(
        bench.meetings(reading.as_of, rules),
        reading.corrections,
        owner=owner,
        people=reading.settings.people,
        window=reading.window,
        as_of=reading.as_of,
        zone=reading.zone,
    )
    problems = tuple(problem for rule in rules if (problem := rule.problem()) is not None)
    return Judgement(reading, owner, bench.directory, corrected.meetings, problems, corrected.applied)


class _Guarded:
    """A rule plugin that cannot take the run down: what it raises is counted, and the entry left to the next rule."""

    def __init__(self, loaded: LoadedRule) -> None:
        self.__name__ = loaded.entry.name  # what `explain` calls it
        self._loaded = loaded
        self._failures = 0
        self._cause = ""

    def __call__(self, event: CalendarEvent, presence: Presence) -> Verdict | None:
        if self._loaded.rule is None:
            return None
        try:
            return self._loaded.rule(event, presence)
        except Exception as error:  # noqa: BLE001 - a stranger's code: anything may come
            self._failures += 1
            self._cause = type(error).__name__
            return None

    def problem(self) -> Problem | None:
        """What is to be said of this rule, if anything."""
        if not self._failures:
            return self._loaded.problem
        entry = self._loaded.entry
        text = (
            f"The rule {entry.name!r} ({entry.distribution} {entry.version}) failed on {self._failures} entries "
            f"({self._cause}); they were left to the other rules. Tell its author, or uninstall it."
        )
        return Problem(code="rule_failed", text=text, count=self._failures)


def explain(reading: Reading, uid: str) -> list[Explanation]:
    """Why each occurrence of `uid` is what it is, by start; [] where the reading holds no such entry."""
    from calsight.core.judging.explain import explain as explained
    from calsight.reading import plugins

    return explained(
        reading.events,
        find_owner(reading),
        uid,
        people=reading.settings.people,
        titles=reading.settings.titles,
        rules=[_Guarded(loaded) for loaded in plugins.rules()],
    )


def find_owner(reading: Reading) -> Owner:
    """Whose calendars these are.

    Raises `OwnerNotFoundError`, with the likeliest addresses and their counts, where that cannot be told. Whether the calendars
    use the address that was given is asked by `doubts`.
    """
    from calsight.core.people.owner import OwnerQuestion
    from calsight.core.people.owner import find_owner as find

    options = reading.settings
    found = find(reading.events, me=reading.me, owner=options.owner, people=options.people)
    if not isinstance(found, OwnerQuestion):
        return found
    likeliest = ", ".join(f"{address} ({count} of {found.entries})" for address, count in found.candidates[:3])
    if found.kind == "two":
        raise OwnerNotFoundError(
            f"These calendars seem to belong to two people: {likeliest}. "
            "Name yours with --me ADDRESS (twice if both are you), or read one calendar at a time."
        )
    hint = f" The likeliest: {likeliest}." if likeliest else ""
    raise OwnerNotFoundError(f"Whose calendar is this? Nobody stands out.{hint} Name yourself with --me ADDRESS.")


def doubts(reading: Reading, directory: Directory) -> list[Reason]:
    """Why the owner of the directory may be somebody else, in reasons: a verdict would then be about the wrong person."""
    from calsight.core.people.unlisted import unlisted
    from calsight.core.wording.reasons import reason

    found = unlisted(directory.listed or reading.events, directory)
    if found is None:
        return []
    likeliest = ", ".join(f"{address} ({count} of these)" for address, count in found.candidates[:3]) or "none"
    return [
        reason(
            "insufficient_owner_unlisted",
            address=directory.owner.addresses[0],
            without=found.without,
            entries=found.entries,
            likeliest=likeliest,
        )
    ]


def report(judgement: Judgement) -> Report:
    """The one result. Pure: the same judgement gives the same report to the last digit."""
    from calsight.core.judging.corrections import said
    from calsight.core.model import report as out
    from calsight.core.next.actions import next_actions
    from calsight.core.picture.heat import heat
    from calsight.core.picture.situation import situation
    from calsight.core.picture.visibility import index
    from calsight.core.rate.verdict import assess
    from calsight.core.relationships.circle import relationship_of

    reading, options = judgement.reading, judgement.reading.settings
    first, stop = reading.window.start, reading.window.end
    past = [m for m in judgement.meetings if first <= m.event.start < stop and m.event.end <= reading.as_of]
    exposure = exposure_of(judgement)
    assessment = assess(
        exposure,
        as_of=reading.as_of,
        zone=reading.zone,
        options=options.rate,
        doubts=doubts(reading, judgement.directory),
    )
    circle = _circle(judgement, exposure)
    ties = circle.ties()
    of_kind: dict[Kind, list[Meeting]] = {kind: [] for kind in Kind}
    for meeting in past:
        of_kind[meeting.kind].append(meeting)
    met = {kind: len(meetings) for kind, meetings in of_kind.items()}
    known = sum(met[kind] for kind in WITH_PEOPLE)
    problems = [*reading.problems, *judgement.problems]
    return out.Report(
        engine=out.Engine(version=_version(), model=MODEL),
        as_of=reading.as_of,
        window=out.WindowOut(
            start=reading.window.start,
            end=reading.window.end,
            weeks=round((reading.window.end - reading.window.start) / timedelta(weeks=1), 2),
        ),
        owner=out.OwnerOut(name=judgement.owner.name, addresses=list(judgement.owner.addresses), zone=reading.zone),
        sources=[
            out.SourceOut(
                name=calendar.calendar.name,
                occurrences=sum(first <= event.start < stop for event in calendar.events),
                problems=len(calendar.problems),
            )
            for calendar in reading.calendars
        ],
        counts=out.Counts(**met),
        hours=out.Hours(**_hours(past, exposure, reading.as_of)),
        excluded=dict(sorted(Counter(meeting.reason for meeting in of_kind[Kind.EXCLUDED]).items())),
        coverage=out.Coverage(
            participants_known=known / (known + met[Kind.UNKNOWN]) if known + met[Kind.UNKNOWN] else None,
            inferred=sum(meeting.inferred for meeting in of_kind[Kind.ONE_TO_ONE]),
        ),
        exposure=out.ExposureOut(
            weeks=exposure.total, silent_weeks=exposure.silent_weeks, absence_weeks=exposure.absence_weeks
        ),
        flag=assessment.flag,
        rate=assessment.rate,
        weeks=assessment.weeks,
        breadth=assessment.breadth,
        heat=heat(past, reading.zone),
        situation=situation(
            exposure,
            directory=judgement.directory,
            level=assessment.flag.level,
            zone=reading.zone,
            me=options.owner,
            options=options.situation,
            work=options.work,
        ),
        visibility=index(
            ties,
            flag=assessment.flag,
            rate=assessment.rate,
            weeks=assessment.weeks,
            exposure=exposure,
            ties_at=circle.ties,
            zone=reading.zone,
            options=options.rate,
            weights=options.index,
        ),
        relationships=[relationship_of(tie, until=exposure.end, zone=reading.zone) for tie in ties],
        next_actions=next_actions(
            ties, flag=assessment.flag, exposure=exposure, zone=reading.zone, me=options.owner, rate=options.rate
        ),
        corrections=said(judgement.corrected, judgement.meetings, reading.zone),
        problems=[
            out.ProblemOut(code=p.code, text=p.text, source=p.source, uid=p.uid, count=p.count) for p in problems
        ],
        settings=options.to_dict(),
    )


def exposure_of(judgement: Judgement) -> Exposure:
    """The time in which the owner could have met people."""
    from calsight.core.rate.exposure import measure

    reading = judgement.reading
    return measure(
        judgement.meetings,
        window=reading.window,
        as_of=reading.as_of,
        zone=reading.zone,
        last_sign=last_sign(reading),
        options=reading.settings.work,
    )


def ties_of(judgement: Judgement, exposure: Exposure, *, until: datetime | None = None) -> list[Tie]:
    """Everyone whom the owner met one-to-one, most in need first, with every term of the result (see `Tie`).

    With `until` they are judged as they stood at that earlier moment.
    """
    return _circle(judgement, exposure).ties(until)


def _circle(judgement: Judgement, exposure: Exposure) -> Circle:
    from calsight.core.relationships.circle import Circle

    reading = judgement.reading
    return Circle(
        judgement.meetings,
        owner=judgement.owner,
        exposure=exposure,
        as_of=reading.as_of,
        zone=reading.zone,
        people=reading.settings.people,
        options=reading.settings.relationships,
        work=reading.settings.work,
    )


def analyze(*sources: Sources, **request: Unpack[Request]) -> Report:
    """The report on one or several sources: `calsight.analyze("work.ics", me="ana@example.com")`.

    Takes what `read` takes and raises what `read` and `judge` raise.
    """
    return report(judge(read(*sources, **request)))


def meetings(*sources: Sources, **request: Unpack[Request]) -> list[Meeting]:
    """Every occurrence in the window and the 28 days beyond (scheduled), judged, by start. Arguments as in `read`."""
    judgement = judge(read(*sources, **request))
    horizon = judgement.reading.horizon
    return [meeting for meeting in judgement.meetings if meeting.start in horizon]


def events(*sources: Sources, **request: Unpack[Request]) -> list[CalendarEvent]:
    """Every occurrence that reaches into the window or the 28 days beyond, as read. Arguments as in `read`.

    All that a report is made of: leave that began before the window too.
    """
    return read(*sources, **request).events


def last_sign(reading: Reading) -> datetime | None:
    """When the sources were last known to be alive; None where they do not say (then `as_of` counts).

    A calendar's is the newest of what it says itself and of the starts of its single entries up to `as_of` (docs/meaning.md).
    Of several, it is that of the one with most invitations, and a later one only of a calendar that goes on with invitations
    after it: a private calendar that is kept on does not make weeks alone of those after an export from work.
    """
    used = [calendar for calendar in reading.calendars if calendar.events] or reading.calendars
    invitations = {}
    if len(used) > 1:
        for index, calendar in enumerate(used):
            invitations[index] = [e.start for e in calendar.events if e.start <= reading.as_of and _names_two(e)]
    alive = [
        (_last_sign_of(calendar, reading.as_of), invitations.get(index, [])) for index, calendar in enumerate(used)
    ]
    if not alive:
        return None
    last = max(alive, key=lambda one: (len(one[1]), one[0] or reading.as_of))[0]
    for sign, starts in sorted(alive, key=lambda one: one[0] or reading.as_of):
        if last is not None and (sign is None or sign > last) and any(start > last for start in starts):
            last = sign
    return last


def _last_sign_of(calendar: CalendarReading, as_of: datetime) -> datetime | None:
    sign = calendar.calendar.last_sign
    if sign is None:
        return None
    return max([sign, *(event.start for event in calendar.events if event.series is None and event.start <= as_of)])


def _names_two(event: CalendarEvent) -> bool:
    who = {line.address or line.name for line in event.attendees if line.cutype not in (CuType.ROOM, CuType.RESOURCE)}
    if event.organizer is not None:
        who.add(event.organizer.address or event.organizer.name)
    return len(who) > 1


def _hours(past: Iterable[Meeting], exposure: Exposure, as_of: datetime) -> dict[str, float]:
    """Hours by kind. An absence has those of working time that it took, not its nights and weekends."""
    from calsight.core.rate.exposure import hours_by_kind

    hours = dict.fromkeys(Kind, 0.0) | hours_by_kind(past, as_of)
    hours[Kind.ABSENCE] = sum(week.hours.get(Kind.ABSENCE, 0.0) for week in exposure.weeks)
    return {str(kind): round(value, 2) for kind, value in hours.items()}


def _split(sources: Iterable[Sources]) -> tuple[list[str], list[CalendarEvent]]:
    words: list[str] = []
    given: list[CalendarEvent] = []
    for source in sources:
        if isinstance(source, CalendarEvent):
            given.append(source)
        elif isinstance(source, str | Path):
            words.append(str(source))
        else:
            more = _split(source)
            words += more[0]
            given += more[1]
    return words, given


def _with(reading: Reading, calendars: Sequence[CalendarReading]) -> Reading:
    """The reading with its calendars, cut to the horizon now that the owner's zone is known."""
    from dataclasses import replace

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


def _with_people(options: Settings, corrections: Sequence[Correction]) -> Settings:
    """The settings with what the corrections say of people."""
    from calsight.core.judging.corrections import people_with

    people = people_with(options.people, corrections)
    return options if people is options.people else options.model_copy(update={"people": people})


def _version() -> str:
    from calsight import __version__

    return __version__
