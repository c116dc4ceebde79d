"""From one-to-ones to interactions, ties and relationships (docs/relationships.md).

An *interaction* is a held one-to-one. A *tie* is what the calendar shows of one person: the interactions, the rhythm, whether
it is still alive, and the signs that it is a relationship: an expectation (a series that is kept, a regular rhythm, a next
one booked) or a dependency (each side begins meetings, or one side does again and again). A calendar cannot see a dependency
itself, so without signs it stays at `interactions_only`; what the owner says of a person wins over all signs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from math import exp, log1p
from typing import Literal, TypeAlias

import numpy as np

from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Kind, Meeting, Person, Scope
from calsight.core.model.options import NAMED, PeopleOptions, Relation, RelationshipOptions
from calsight.core.model.report import PersonOut, Reason, Relationship
from calsight.core.people.directory import Directory, aliases_of, canonical_address
from calsight.core.rate.exposure import Exposure
from calsight.core.relationships import rhythm as formulas
from calsight.core.relationships.interactions import Interaction, interactions, noted_since
from calsight.core.relationships.series import TOLD_OCCURRENCES, Series, booked_of, occurrences_of, series_of
from calsight.core.relationships.signs import Stage, dependency_of, expectation_of, stage_of
from calsight.core.time.available import available_time
from calsight.core.time.days import day_of, last_day_before
from calsight.core.wording.reasons import reason

TieStatus: TypeAlias = Literal["active", "cooling", "dormant"]


@dataclass(frozen=True, slots=True)
class Tie:
    """What the calendar shows of one person, with every term of the result.

    stage, role    what it amounts to, and what the owner says of the person
    interactions   held one-to-ones, by start
    days           the days of these, each once
    gaps           weeks between those days, the owner's absences taken out
    silence        weeks since the last of them, likewise
    away           days of that silence in which the owner was away
    mean_gap       m, weeks: shrunk
    regularity     k
    survival       S(silence): the chance that a living tie is silent for so long
    by_rhythm      P(alive) by the rhythm alone
    alive          P(alive): 1 where the next one is booked
    recent         s = Σ 2^(-age / half-life)
    strength       alive · (1 - e^(-s/2))
    series         recurring entries with this person
    next           start of the next one booked after `as_of`

    Where nothing was held the terms of the rhythm are None.
    """

    person: Person
    scope: Scope
    stage: Stage
    role: Relation | None = None
    interactions: tuple[Interaction, ...] = ()
    days: tuple[date, ...] = ()
    gaps: tuple[float, ...] = ()
    silence: float | None = None
    away: int = 0
    mean_gap: float | None = None
    regularity: float | None = None
    survival: float | None = None
    by_rhythm: float | None = None
    alive: float | None = None
    status: TieStatus | None = None
    recent: float = 0.0
    strength: float = 0.0
    expectation: tuple[str, ...] = ()
    dependency: tuple[str, ...] = ()
    series: tuple[Series, ...] = ()
    next: datetime | None = None

    @property
    def typical_gap(self) -> float | None:
        """The plain mean of the gaps, in days; None without a gap."""
        counted = self.counted_gaps
        return 7 * sum(counted) / len(counted) if counted else None

    @property
    def counted_gaps(self) -> tuple[float, ...]:
        """The gaps that make the rhythm: not those that lie wholly in the owner's absence."""
        return tuple(gap for gap in self.gaps if gap > 0)


class Circle:
    """Everyone whom the owner met one-to-one, and those whom they name; gathered once, judged at any moment."""

    def __init__(self, meetings: Sequence[Meeting], exposure: Exposure, directory: Directory, frame: Frame) -> None:
        """`meetings` are all the owner's, of every kind; `exposure` was measured from the same."""
        self._meetings, self._directory, self._frame = meetings, directory, frame
        self._options, self._zone = frame.options.relationships, frame.zone
        self._roles = _roles(frame.options.people)
        today = last_day_before(frame.now, frame.zone)
        one_to_one = Kind.ONE_TO_ONE
        self._one_to_ones = [m for m in meetings if m.kind is one_to_one]
        self._interactions = interactions(exposure.counted, frame)
        self._noted = noted_since(self._one_to_ones, frame)
        self._occurrences = occurrences_of(meetings, self._one_to_ones, exposure.absences)
        self._clock = available_time(
            exposure.weeks[0].week if exposure.weeks else today,
            today,
            exposure.absences,
            silent={week.week for week in exposure.weeks if week.silent},
            options=frame.options.work,
            zone=frame.zone,
        )

    def ties(self, until: datetime | None = None) -> list[Tie]:
        """The ties now, most in need first; with an earlier `until` as they stood then, without what was booked since."""
        end = self._frame.now if until is None else min(until, self._frame.now)
        today = last_day_before(end, self._zone)
        held = [i for i in self._interactions if i.meeting.event.start < end]
        if until is None:
            held += self._noted
        found: dict[str, list[Interaction]] = defaultdict(list)
        for interaction in held:
            found[interaction.person.id].append(interaction)
        persons = {i.person.id: i.person for i in held}
        met = sorted(persons)

        weeks = {day: self._clock.weeks(day) for day in {today, *(i.day for i in held)}}
        rhythm = _Rhythm.of(met, found, weeks, today, self._options)
        series = series_of(self._occurrences, end)
        booked = booked_of(self._one_to_ones, series, end) if until is None else {}
        recurring: dict[str, list[Series]] = defaultdict(list)
        for (_, identity), known in sorted(series.items()):
            recurring[identity].append(known)

        ties = []
        for index, identity in enumerate(met):
            mine = found[identity]
            role = self._roles.get(identity)
            kept = tuple(recurring.get(identity, ()))
            days = tuple(dict.fromkeys(i.day for i in mine))
            spans = tuple([weeks[b] - weeks[a] for a, b in pairwise(days)])
            silence = float(rhythm.gaps.silence[index])
            by_rhythm = float(rhythm.alive[index])
            alive = 1.0 if identity in booked else by_rhythm
            expectation = expectation_of(kept, spans, booked=identity in booked)
            dependency = dependency_of(mine)
            recent = float(rhythm.recent[index])
            ties.append(
                Tie(
                    person=persons[identity],
                    scope=mine[0].meeting.scope or self._directory.scope(persons[identity]),
                    stage=stage_of(mine, expectation, dependency, role, self._options),
                    role=role,
                    interactions=tuple(mine),
                    days=days,
                    gaps=spans,
                    silence=silence,
                    away=round((today - days[-1]).days - 7 * silence),
                    mean_gap=float(rhythm.mean[index]),
                    regularity=float(rhythm.regularity[index]),
                    survival=float(rhythm.survival[index]),
                    by_rhythm=by_rhythm,
                    alive=alive,
                    status=_status(alive, self._options),
                    recent=recent,
                    strength=alive * (1 - exp(-recent / 2)),
                    expectation=expectation,
                    dependency=dependency,
                    series=kept,
                    next=min((start for start in booked.get(identity, ()) if start > self._frame.as_of), default=None),
                )
            )
        ties += self._never_met(set(met), booked)
        return sorted(ties, key=_need)

    def _never_met(self, met: set[str], booked: Mapping[str, Sequence[datetime]]) -> list[Tie]:
        """Those whom the owner names, and has not met one-to-one."""
        missing = {identity: role for identity, role in self._roles.items() if role in NAMED and identity not in met}
        if not missing:
            return []
        known = {p.id: p for m in self._meetings for p in m.counterparts}
        ties = []
        for identity, role in sorted(missing.items()):
            person = known.get(identity, Person(identity, address=identity if "@" in identity else ""))
            coming = booked.get(identity, ())
            ties.append(
                Tie(
                    person=person,
                    scope=self._directory.scope(person),
                    stage="relationship_signs",
                    role=role,
                    expectation=("booked",) if coming else (),
                    next=min((start for start in coming if start > self._frame.as_of), default=None),
                )
            )
        return ties


def relationship_of(tie: Tie, frame: Frame) -> Relationship:
    """A tie as the report shows it."""
    return Relationship(
        person=PersonOut(id=tie.person.id, name=tie.person.name, address=tie.person.address),
        scope=tie.scope,
        stage=tie.stage,
        status=tie.status,
        alive=tie.alive,
        strength=tie.strength,
        interactions=len(tie.interactions),
        first=tie.interactions[0].meeting.start if tie.interactions else None,
        last=tie.interactions[-1].meeting.start if tie.interactions else None,
        typical_gap_days=None if tie.typical_gap is None else round(tie.typical_gap, 2),
        silence_days=None if tie.silence is None else round(7 * tie.silence, 2),
        expectation=list(tie.expectation),
        dependency=list(tie.dependency),
        next=tie.next,
        role=tie.role,
        reasons=reasons_of(tie, frame),
    )


def reasons_of(tie: Tie, frame: Frame) -> list[Reason]:
    """Why a tie is judged as it is, in sentences."""
    name = called(tie.person)
    said = [reason("tie_you_said", name=name, role=tie.role)] if tie.role else []
    if tie.silence is None:
        return [*said, reason("tie_not_met", name=name)]
    today = last_day_before(frame.now, frame.zone)
    days = (today - tie.days[-1]).days
    gap = tie.typical_gap
    if gap:
        ratio = 7 * tie.silence / gap
        code = "tie_rhythm" if ratio > 1 else "tie_within"
        told = [reason(code, name=name, gap_days=gap, days=days, ratio=ratio, interactions=len(tie.interactions))]
    else:
        told = [reason("tie_once", name=name, days=days)]
    if tie.away > 0:
        told.append(reason("tie_away", away=tie.away))
    for known in tie.series:
        if known.not_kept:
            last = known.held[-TOLD_OCCURRENCES:]
            told.append(reason("series_not_kept", name=name, missed=last.count(False), last=len(last)))
    if "booked" in tie.expectation:
        when = day_of(tie.next, frame.zone) if tie.next else None
        told.append(reason("tie_booked", name=name, next=when) if when else reason("tie_booked_then", name=name))
    told.append(
        reason(
            "tie_alive",
            alive=tie.by_rhythm,
            gaps=len(tie.counted_gaps),
            mean_gap_days=7 * (tie.mean_gap or 0.0),
            regularity=tie.regularity,
            silence_days=7 * tie.silence,
            survival=tie.survival,
        )
    )
    return [*said, *told]


def called(person: Person) -> str:
    """What to call someone in a sentence."""
    return person.name or person.address or person.id.removeprefix("name:")


@dataclass(frozen=True, slots=True)
class _Rhythm:
    """The formulas' results for all persons at once, by index."""

    gaps: formulas.Gaps
    mean: formulas.Floats
    regularity: formulas.Floats
    survival: formulas.Floats
    alive: formulas.Floats
    recent: formulas.Floats

    @classmethod
    def of(
        cls,
        met: Sequence[str],
        found: Mapping[str, Sequence[Interaction]],
        weeks: Mapping[date, float],
        today: date,
        options: RelationshipOptions,
    ) -> _Rhythm:
        """`weeks` are those of available time to each day that they met, and to `today`."""
        if not met:  # SciPy takes longer to import than many a calendar to read
            nobody = np.zeros(0)
            return cls(formulas.Gaps(*[nobody] * 4), nobody, nobody, nobody, nobody, nobody)
        days = [(index, i.day) for index, identity in enumerate(met) for i in found[identity]]
        who = np.array([index for index, _ in days], dtype=np.int64)
        when = np.array([weeks[day] for _, day in days], dtype=np.float64)
        ages = np.array([(today - day).days for _, day in days], dtype=np.float64)
        gaps = formulas.gaps(who, when, now=weeks[today], people=len(met))
        mean, regular = formulas.mean_gap(gaps, options), formulas.regularity(gaps, options)
        return cls(
            gaps,
            mean,
            regular,
            formulas.survival(gaps.silence, mean, regular, options),
            formulas.p_alive(gaps, options),
            formulas.tie_strength(who, ages, people=len(met), options=options),
        )


def _roles(people: PeopleOptions) -> dict[str, Relation]:
    main = aliases_of(people)
    roles: dict[str, Relation] = {}
    for address, role in people.roles.items():
        identity = canonical_address(address) or address
        roles[main.get(identity, identity)] = role
    return roles


def _status(alive: float, options: RelationshipOptions) -> TieStatus:
    if alive >= options.active:
        return "active"
    return "cooling" if alive >= options.cooling else "dormant"


_URGENCY = {"cooling": 0, "dormant": 1, "active": 2}


def _need(tie: Tie) -> tuple[int, int, float, str]:
    """Most in need first: relationships before mere interactions; what is cooling (one message may mend it) and those named but
    never met, before what is dormant, before what is well; within these the ties in which most was lost."""
    urgency = 0 if tie.status is None else _URGENCY[tie.status]
    if tie.silence is None and tie.expectation:
        urgency = _URGENCY["active"]
    lost = (1 - (tie.alive or 0.0)) * log1p(len(tie.interactions))
    return (tie.stage == "interactions_only", urgency, -lost, tie.person.id)
