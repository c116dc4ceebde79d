"""What the calendar shows of one person: a tie, and how the report tells it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Person, Scope
from calsight.core.model.options import Relation
from calsight.core.model.report import PersonOut, Reason, Relationship
from calsight.core.people.names import called, spoken_name
from calsight.core.relationships.interactions import Interaction
from calsight.core.relationships.series import TOLD_OCCURRENCES, Series
from calsight.core.relationships.signs import Stage
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


def relationship_of(tie: Tie, frame: Frame) -> Relationship:
    """A tie as the report shows it."""
    return Relationship(
        person=PersonOut(id=tie.person.id, name=spoken_name(tie.person.name), address=tie.person.address),
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
    if gap and len(tie.counted_gaps) == 1:
        told = [reason("tie_few", name=name, gap_days=gap, days=days, met=len(tie.days))]
    elif gap:
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
