"""Events to meetings: every occurrence gets exactly one kind and one reason, by the table in `rows`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from calsight.core.judging.companions import companions
from calsight.core.judging.doubts import Doubter, Holds
from calsight.core.judging.merge import Merged, parted
from calsight.core.judging.mode import mode_of
from calsight.core.judging.private import scoped
from calsight.core.judging.rows import BEFORE_PLUGINS, ROWS, Case, Row, Rule, Verdict
from calsight.core.judging.titles import Named, Titles
from calsight.core.judging.unknown import NamingCalendars, unknown_reason
from calsight.core.judging.untitled import untitled
from calsight.core.model.events import CalendarEvent
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import WITH_PEOPLE, Doubt, Kind, Meeting, Mode, Person, Scope, Size, order_of, size_of
from calsight.core.model.repeats import judged_alike
from calsight.core.people.directory import Directory, Known
from calsight.core.people.presence import Presence, who_was_there
from calsight.core.time.intervals import Spans
from calsight.core.time.working import in_working_hours

_FIRST = ROWS[:BEFORE_PLUGINS]
_BEFORE_ABSENCES = tuple(row for row in ROWS if 2 < row.number < 9)
(_AWAY,) = (row for row in ROWS if row.number == 9)
_AFTER_ABSENCES = tuple(row for row in ROWS if row.number > 9)


class Judged(NamedTuple):
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
    after: Verdict = field(init=False)


class _Absences:
    """When the owner was away: known only when the first rows have been asked of all events.

    What a case may ask is this, not the bench that holds the case: a circle of all events would wait for Python to look for it.
    """

    def __init__(self) -> None:
        self.spans = Spans()

    def cover(self, event: CalendarEvent) -> bool:
        """Whether at least half of an event lies inside them."""
        return self.spans.cover(event)


class Bench:
    """All that is known of a set of events before a rule is asked."""

    def __init__(self, events: Sequence[CalendarEvent], frame: Frame, known: Known | None = None) -> None:
        owner, options = frame.owner, frame.options
        self._frame = frame
        self.directory = Directory(owner, options.people, events, known)
        self.titles = Titles(options.titles, owner, self.directory.known_names())
        self.strict = options.people.strict
        self._absences = _Absences()
        alone, copied = parted(events)
        self._copied = {id(one.event): one for one in copied}
        self._events = [*alone, *(one.event for one in copied)]
        alike = judged_alike(self._events)
        sizes = Counter(alike.places)
        groups = [_Group(sizes[place], self._case(event)) for place, event in enumerate(alike.groups)]
        named = NamingCalendars(self.directory.listed, self.directory)
        self._doubter = self._find_doubter(groups, named)
        self.names_people = named.names_people
        self.suspects = set(self._doubter.companions.ids)
        for group in groups:
            self._settle(group)
        self._groups = [groups[place] for place in alike.places]  # of each event

    def _find_doubter(self, groups: Sequence[_Group], named: NamingCalendars) -> Doubter:
        cases = [(group.case.event, group.case.presence, group.size) for group in groups]
        work, zone = self._frame.options.work, self._frame.zone
        return Doubter(
            self.directory,
            companions(
                ((presence, event.status, size) for event, presence, size in cases),
                colleagues=self.directory.colleagues,
                answers=self.directory.answers,
                own_domains=self.directory.own_domains,
            ),
            untitled(cases, titles=self.titles),
            bare=lambda event: named.some_name_people and not named.names_people(event.calendar),
            works=lambda event: in_working_hours(event.start, work, zone),
            answers=self._frame.options.answers,
        )

    def _case(self, event: CalendarEvent) -> Case:
        presence = who_was_there(event, self.directory)
        mode = mode_of(event.location, event.conference, room=presence.room)
        return Case(event, presence, mode, self.titles, self.strict, self._absences.cover)

    def _settle(self, group: _Group) -> None:
        case = group.case = self.supposed(group.case, group.case.presence)
        group.first = _first(_FIRST, case)
        group.before = _first(_BEFORE_ABSENCES, case)
        # Rows 12, 13 and 15 leave nothing over.
        group.after = next(row.verdict for row in _AFTER_ABSENCES if row.fits(case))

    def supposed(self, case: Case, presence: Presence) -> Case:
        """The case as it is with these people there; whether they are known well enough is found out."""
        event = case.event
        named = self.names_people(event.calendar)
        reason = unknown_reason(event, presence, self.titles, self.suspects, names_people=named)
        if reason == presence.unknown:
            return case if presence is case.presence else replace(case, presence=presence)
        return replace(case, presence=replace(presence, unknown=reason))

    def cases(self) -> Iterator[tuple[CalendarEvent, Case]]:
        """Every occurrence with its case; those that are judged alike share one."""
        return ((event, group.case) for event, group in zip(self._events, self._groups, strict=True))

    def _verdicts(self, rules: Sequence[Rule]) -> list[Verdict]:
        """The verdict on each meeting. Absences are found first, for other entries lie inside them."""
        early = [
            group.first or (_ask(rules, event, group.case.presence) if rules else None) or group.before
            for event, group in zip(self._events, self._groups, strict=True)
        ]
        absence = Kind.ABSENCE
        self._absences.spans = Spans.of(
            (event.start, event.end)
            for event, verdict in zip(self._events, early, strict=True)
            if verdict is not None and verdict.kind is absence
        )
        cover = self._absences.spans.cover
        return [
            verdict or (_AWAY.verdict if cover(event) else group.after)
            for event, group, verdict in zip(self._events, self._groups, early, strict=True)
        ]

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
        """Every occurrence, judged, each meeting once, sorted by start. `as_of` (aware) parts held from scheduled."""
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
            meeting = Meeting.of(
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
                parts.answered,
            )
            if parts.doubts:
                open_doubts = [doubt for doubt, when in parts.doubts if self._doubter.holds(when, event)]
                meeting = self._doubter.settle(meeting, open_doubts, held=event.end <= as_of)
            found.append(meeting)
        return scoped(found, self.directory, self._doubter.works, self._frame.zone)

    def _parts(self, case: Case, verdict: Verdict) -> _Parts:
        kind, presence, event = verdict.kind, case.presence, case.event
        others: tuple[Person, ...] = presence.others
        headcount = presence.headcount
        if kind is Kind.UNKNOWN:
            others, headcount = (), None
        elif kind is Kind.ONE_TO_ONE and not others:
            named = self.titles.one_to_one(event.title) or Named()
            bare = self.titles.names.without_honorifics(named.name)
            others = (self.directory.named(named.name, bare),) if named.name else ()
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
            sources=(event.calendar.name,) if event.calendar.name else (),
            answered=presence.answered,
            doubts=self._doubter.of(case, verdict),
        )


class _Parts(NamedTuple):
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
    answered: bool | None
    doubts: Sequence[tuple[Doubt, Holds]]


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
