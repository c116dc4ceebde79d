"""Event to meeting: the table of docs/meaning.md, one rule a line.

Every occurrence gets exactly one kind and one reason. The rules are asked in order; the first that fits decides. What a rule
may look at is a `Case`: the event, who was there, and the few facts that no single entry tells (whether its calendar ever
names people, when the owner was away, who may be somebody's delegate).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from calsight.core.judging.conference import mode_of
from calsight.core.judging.merge import Merged, parted
from calsight.core.judging.titles import Named, Titles
from calsight.core.judging.unknown import Delegate, NamingCalendars, delegates, unknown_reason
from calsight.core.model.events import CalendarEvent, EventType, ShowAs, Status
from calsight.core.model.meetings import WITH_PEOPLE, Kind, Meeting, Mode, Owner, Person, Scope, Size, order_of
from calsight.core.model.options import PeopleOptions, TitleOptions
from calsight.core.model.repeats import SHORTEST_DAY, judged_alike
from calsight.core.people.directory import Directory
from calsight.core.people.presence import Presence, who_was_there
from calsight.core.time.intervals import Spans

LEAVE_HOURS = timedelta(hours=4)  # shorter than this, no title makes an entry an absence


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an event is, and why. `inferred`: a title settled it, because no list could."""

    kind: Kind
    reason: str
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One event with all that a rule may look at."""

    event: CalendarEvent
    presence: Presence
    mode: Mode
    says: Titles
    strict: bool
    away: Callable[[CalendarEvent], bool]

    @property
    def alone(self) -> bool:
        """Nobody but the owner is in it."""
        return self.presence.company == 0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `number` is its row in docs/meaning.md, `question` what `--explain` shows."""

    number: int
    verdict: Verdict
    question: str
    fits: Callable[[Case], bool]


def _row(
    number: int, kind: Kind, reason: str, question: str, fits: Callable[[Case], bool], *, inferred: bool = False
) -> Row:
    return Row(number, Verdict(kind, reason, inferred), question, fits)


# The conditions, in the order of the table.


def _cancelled(case: Case) -> bool:
    return case.event.status is Status.CANCELLED


def _declined(case: Case) -> bool:
    return case.presence.owner_declined


def _absence(case: Case) -> bool:
    event = case.event
    if not case.alone:
        return False
    if event.event_type is EventType.OUT_OF_OFFICE or event.show_as is ShowAs.OUT_OF_OFFICE:
        return True
    return (event.end - event.start >= LEAVE_HOURS or is_all_day(event)) and case.says.leave(event.title)


def _focus(case: Case) -> bool:
    return case.event.event_type is EventType.FOCUS_TIME and case.alone


def _marker(case: Case) -> bool:
    event = case.event
    marked = event.event_type in _MARKERS or event.show_as is ShowAs.WORKING_ELSEWHERE
    return marked and case.alone


_MARKERS = frozenset({EventType.WORKING_LOCATION, EventType.BIRTHDAY})


def _all_day(case: Case) -> bool:
    return is_all_day(case.event)


def _free(case: Case) -> bool:
    presence = case.presence
    return case.event.show_as is ShowAs.FREE and presence.organised_by_me is not True and not presence.owner_accepted


def _no_duration(case: Case) -> bool:
    return case.event.end <= case.event.start


def _not_attending(case: Case) -> bool:
    presence = case.presence
    return (
        case.event.calendar.organizer_listed is True
        and presence.organised_by_me is True
        and presence.names_others
        and not presence.owner_listed
    )


def _during_absence(case: Case) -> bool:
    return case.away(case.event)


def _titled(case: Case) -> bool:
    return not case.presence.lists_others and case.says.one_to_one(case.event.title) is not None


def _participants_unknown(case: Case) -> bool:
    return case.presence.unknown == "participants_unknown"


def _possible_delegate(case: Case) -> bool:
    return case.presence.unknown == "possible_delegate"


def _automated(case: Case) -> bool:
    return case.presence.unknown == "automated"


def _two_people(case: Case) -> bool:
    return case.presence.company == 1


def _not_accepted(case: Case) -> bool:
    if not case.strict or not _two_people(case):
        return False
    presence = case.presence
    mine = presence.owner_accepted or presence.organised_by_me is True or not presence.owner_listed
    return not (mine and all(person.id in presence.accepted for person in presence.others))


def _many_remote(case: Case) -> bool:
    return case.presence.company > 1 and case.mode is Mode.REMOTE


def _many(case: Case) -> bool:
    return case.presence.company > 1


def _alone(case: Case) -> bool:
    return case.alone


# fmt: off
#: The table. Rule plugins are asked after row 2.
ROWS: tuple[Row, ...] = (
    _row(1, Kind.EXCLUDED, "cancelled", "Is it cancelled?", _cancelled),
    _row(2, Kind.EXCLUDED, "declined", "Did you decline it?", _declined),
    _row(3, Kind.ABSENCE, "out_of_office", "Does it say that you are away, with nobody else in it?", _absence),
    _row(4, Kind.SOLO, "focus_time", "Is it focus time, with nobody else in it?", _focus),
    _row(4, Kind.EXCLUDED, "marker", "Is it only a marker (working location, birthday)?", _marker),
    _row(5, Kind.EXCLUDED, "all_day", "Is it all-day?", _all_day),
    _row(6, Kind.EXCLUDED, "free", "Is it marked free, and did you neither organise nor accept it?", _free),
    _row(7, Kind.EXCLUDED, "no_duration", "Does it take no time?", _no_duration),
    _row(8, Kind.EXCLUDED, "not_attending", "Do you organise it for others, without being on the list?", _not_attending),
    _row(9, Kind.EXCLUDED, "during_absence", "Does at least half of it lie inside an absence of yours?", _during_absence),
    _row(10, Kind.ONE_TO_ONE, "title_says_so", "Is nobody else listed, and does the title settle it?", _titled, inferred=True),
    _row(11, Kind.UNKNOWN, "participants_unknown", "Does the source leave open who was there?", _participants_unknown),
    _row(11, Kind.UNKNOWN, "possible_delegate", "Might its organizer only have booked it for you two?", _possible_delegate),
    _row(11, Kind.UNKNOWN, "automated", "Does a machine invite, or is it a webinar or the like?", _automated),
    _row(12, Kind.SOLO, "alone", "Is nobody but you in it?", _alone),
    _row(13, Kind.EXCLUDED, "not_accepted", "Is it for two, and did one not accept (setting `strict`)?", _not_accepted),
    _row(13, Kind.ONE_TO_ONE, "two_people", "Is exactly one other person in it?", _two_people),
    _row(14, Kind.CONFERENCE_CALL, "many_people_remote", "Do two or more others take part, all from afar?", _many_remote),
    _row(15, Kind.GROUP, "many_people", "Do two or more others take part?", _many),
)
# fmt: on
#: How many rows come before the rule plugins.
BEFORE_PLUGINS = 2
_FIRST = ROWS[:BEFORE_PLUGINS]
_BEFORE_ABSENCES = tuple(row for row in ROWS if 2 < row.number < 9)
(_AWAY,) = (row for row in ROWS if row.number == 9)
_AFTER_ABSENCES = tuple(row for row in ROWS if row.number > 9)
_LAST = Verdict(Kind.GROUP, "many_people")  # never reached: rows 12, 13 and 15 leave nothing over

Rule = Callable[[CalendarEvent, Presence], Verdict | None]


def classify(
    events: Sequence[CalendarEvent],
    owner: Owner,
    *,
    people: PeopleOptions,
    titles: TitleOptions,
    as_of: datetime,
    rules: Sequence[Rule] = (),
) -> list[Meeting]:
    """Every occurrence, judged, each meeting once, sorted by start. `as_of` (aware) parts held from scheduled."""
    return Bench(events, owner, people=people, titles=titles).meetings(as_of, rules)


@dataclass(frozen=True, slots=True)
class Judged:
    """A meeting with its case and its verdict."""

    merged: Merged
    case: Case
    verdict: Verdict


@dataclass(slots=True)
class _Group:
    """What occurrences that are judged alike have in common: how many they are, and the case of one of them.

    The verdicts are those of the rows before the plugins, before the absences and after.
    """

    size: int
    case: Case
    first: Verdict | None = None
    before: Verdict | None = None
    after: Verdict = _LAST


class Bench:
    """All that is known of a set of events before a rule is asked."""

    def __init__(
        self, events: Sequence[CalendarEvent], owner: Owner, *, people: PeopleOptions, titles: TitleOptions
    ) -> None:
        self.directory = Directory(owner, people, events)
        self.titles = Titles(titles, owner)
        self.strict = people.strict
        self._absences = Spans()
        alone, copied = parted(events)
        self._copied = {id(one.event): one for one in copied}
        self._events = [*alone, *(one.event for one in copied)]
        alike = judged_alike(self._events)
        sizes = Counter(alike.places)
        groups = [_Group(sizes[place], self._case(event)) for place, event in enumerate(alike.groups)]
        self.delegates = delegates(
            ((group.case.event, group.case.presence, group.size) for group in groups), self.directory
        )
        named = NamingCalendars(self.directory.listed, self.directory)
        suspects = {delegate.person.id for delegate in self.delegates}
        for group in groups:
            self._settle(group, suspects, names_people=named.names_people(group.case.event.calendar))
        self._groups = [groups[place] for place in alike.places]  # of each event

    @property
    def presences(self) -> list[Presence]:
        """Who was at each meeting."""
        return [self._groups[place].case.presence for place in order_of(self._events)]

    def _case(self, event: CalendarEvent) -> Case:
        presence = who_was_there(event, self.directory)
        mode = mode_of(event.location, event.conference, room=presence.room)
        return Case(event, presence, mode, self.titles, self.strict, self._away)

    def _settle(self, group: _Group, suspects: set[str], *, names_people: bool) -> None:
        case = group.case
        reason = unknown_reason(case.event, case.presence, self.titles, suspects, names_people=names_people)
        if reason is not None:
            case = group.case = replace(case, presence=replace(case.presence, unknown=reason))
        group.first = _first(_FIRST, case)
        group.before = _first(_BEFORE_ABSENCES, case)
        group.after = _first(_AFTER_ABSENCES, case) or _LAST

    def _verdicts(self, rules: Sequence[Rule]) -> list[Verdict]:
        """The verdict on each meeting. Absences are found first, for other entries lie inside them."""
        early = [
            group.first or (_ask(rules, event, group.case.presence) if rules else None) or group.before
            for event, group in zip(self._events, self._groups, strict=True)
        ]
        absence = Kind.ABSENCE
        self._absences = Spans.of(
            (event.start, event.end)
            for event, verdict in zip(self._events, early, strict=True)
            if verdict is not None and verdict.kind is absence
        )
        cover = self._absences.cover
        return [
            verdict or (_AWAY.verdict if cover(event) else group.after)
            for event, group, verdict in zip(self._events, self._groups, early, strict=True)
        ]

    def _away(self, event: CalendarEvent) -> bool:
        return self._absences.cover(event)

    def judge(self, uid: str, rules: Sequence[Rule] = ()) -> list[Judged]:
        """The meetings of one entry, by start, each with its case and its verdict."""
        verdicts = self._verdicts(rules)
        judged = []
        for place in order_of(self._events):
            event = self._events[place]
            if event.uid == uid:
                merged = self._copied.get(id(event)) or Merged(event, (event,))
                judged.append(Judged(merged, replace(self._groups[place].case, event=event), verdicts[place]))
        return judged

    def meetings(self, as_of: datetime, rules: Sequence[Rule] = ()) -> list[Meeting]:
        """A `Meeting` of each verdict, in order."""
        verdicts = self._verdicts(rules)  # named, so that each lives on and keeps its id
        known: dict[tuple[int, int], _Parts] = {}
        events, groups, copied = self._events, self._groups, self._copied
        found = []
        for place in order_of(events):
            event, group, verdict = events[place], groups[place], verdicts[place]
            key = (id(group), id(verdict))
            parts = known.get(key)
            if parts is None:
                parts = known[key] = self._parts(group.case, verdict)
            found.append(
                Meeting.of(
                    event,
                    verdict.kind,
                    verdict.reason,
                    parts.mode,
                    parts.headcount,
                    parts.size,
                    parts.others,
                    parts.organised_by_me,
                    event.end <= as_of if parts.with_people else None,
                    verdict.inferred,
                    parts.scope,
                    parts.interview,
                    copied[id(event)].sources if copied and id(event) in copied else parts.sources,
                )
            )
        return found

    def _parts(self, case: Case, verdict: Verdict) -> _Parts:
        kind, presence, event = verdict.kind, case.presence, case.event
        others: tuple[Person, ...] = presence.others
        headcount = presence.headcount
        if kind is Kind.UNKNOWN:
            others, headcount = (), None
        elif kind is Kind.ONE_TO_ONE and not others:
            named = self.titles.one_to_one(event.title) or Named()
            others = (self.directory.named(named.name),) if named.name else ()
            headcount = 2
        scope = None
        if kind is Kind.ONE_TO_ONE:
            scope = self.directory.scope(others[0]) if len(others) == 1 else Scope.OTHER
        return _Parts(
            mode=case.mode,
            others=others,
            headcount=headcount,
            size=size_of(headcount),
            organised_by_me=presence.organised_by_me,
            with_people=kind in WITH_PEOPLE,
            scope=scope,
            interview=kind is Kind.ONE_TO_ONE and self.titles.interview(event.title),
            sources=Merged(event, (event,)).sources,
        )


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the meetings of one verdict on occurrences that are alike have in common; `sources` where nothing was merged."""

    mode: Mode
    others: tuple[Person, ...]
    headcount: int | None
    size: Size | None
    organised_by_me: bool | None
    with_people: bool
    scope: Scope | None
    interview: bool
    sources: tuple[str, ...]


def _first(rows: Iterable[Row], case: Case) -> Verdict | None:
    for row in rows:
        if row.fits(case):
            return row.verdict
    return None


def _ask(rules: Sequence[Rule], event: CalendarEvent, presence: Presence) -> Verdict | None:
    for rule in rules:
        verdict = rule(event, presence)
        if verdict is not None:
            return verdict
    return None


def size_of(headcount: int | None) -> Size | None:
    """Headcount in words; None where it is unknown, or nobody met."""
    if headcount is None or headcount < 2:
        return None
    return Size.SMALL if headcount <= 8 else Size.LARGE if headcount <= 50 else Size.BROADCAST


def is_all_day(event: CalendarEvent) -> bool:
    """Whether an event has dates, or runs from midnight to midnight in its own zone."""
    if event.all_day:
        return True
    if event.end - event.start < SHORTEST_DAY:
        return False
    zone = _zone(event.zone)
    start, end = event.start.astimezone(zone), event.end.astimezone(zone)
    midnight = time()
    return start.time() == midnight and end.time() == midnight and end.date() > start.date()


@cache
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def delegate_questions(
    events: Sequence[CalendarEvent], owner: Owner, *, people: PeopleOptions, titles: TitleOptions
) -> list[Delegate]:
    """Whom to ask about, most meetings first: settings' `assistants` or `colleagues` answer it."""
    return Bench(events, owner, people=people, titles=titles).delegates
