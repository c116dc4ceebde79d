"""From one-to-ones to interactions, ties and relationships (docs/relationships.md).

An *interaction* is a held one-to-one. A *tie* is what the calendar shows of one person: the interactions, the rhythm, whether
it is still alive, and the signs that it is a relationship: an expectation (a series that is kept, a regular rhythm, a next
one booked) or a dependency (each side begins meetings, or one side does again and again). A calendar cannot see a dependency
itself, so without signs it stays at `interactions_only`; what the owner says of a person wins over all signs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from math import exp, log1p

from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Kind, Meeting, Person
from calsight.core.model.options import NAMED, RelationshipOptions
from calsight.core.people.directory import Directory
from calsight.core.rate.exposure import Exposure
from calsight.core.relationships import rhythm as formulas
from calsight.core.relationships.interactions import Interaction, interactions, noted_since
from calsight.core.relationships.per_person import Rhythm, rhythms_of
from calsight.core.relationships.series import Series, booked_of, occurrences_of, series_of
from calsight.core.relationships.signs import dependency_of, expectation_of, stage_of
from calsight.core.relationships.tie import Tie, TieStatus
from calsight.core.time.available import available_time
from calsight.core.time.days import last_day_before


class Circle:
    """Everyone whom the owner met one-to-one, and those whom they name; gathered once, judged at any moment."""

    def __init__(self, meetings: Sequence[Meeting], exposure: Exposure, directory: Directory, frame: Frame) -> None:
        """`meetings` are all the owner's, of every kind; `exposure` was measured from the same."""
        self._meetings, self._directory, self._frame = meetings, directory, frame
        self._options, self._zone = frame.options.relationships, frame.zone
        self._roles = dict(directory.relations)
        today = last_day_before(frame.now, frame.zone)
        one_to_one = Kind.ONE_TO_ONE
        self._one_to_ones = [m for m in meetings if m.kind is one_to_one]
        self._interactions = interactions(exposure.counted, directory, frame.zone)
        self._noted = noted_since(self._one_to_ones, directory, frame)
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
        met = sorted(found)
        weeks = {day: self._clock.weeks(day) for day in {today, *(i.day for i in held)}}
        rhythms = rhythms_of(
            {identity: [i.day for i in found[identity]] for identity in met}, weeks, today, self._options
        )
        series = series_of(self._occurrences, end)
        booked = booked_of(self._one_to_ones, series, end) if until is None else {}
        recurring: dict[str, list[Series]] = defaultdict(list)
        for (_, identity), known in sorted(series.items()):
            recurring[identity].append(known)
        ties = [
            self._tie(
                found[identity], rhythms[identity], tuple(recurring.get(identity, ())), booked.get(identity), today
            )
            for identity in met
        ]
        return sorted([*ties, *self._never_met(set(met), booked)], key=_need)

    def _tie(
        self,
        mine: Sequence[Interaction],
        rhythm: Rhythm,
        series: tuple[Series, ...],
        booked: Sequence[datetime] | None,
        today: date,
    ) -> Tie:
        """The tie with one person; `booked` are the starts of one-to-ones to come, None where there are none."""
        person, options = mine[-1].person, self._options
        role = self._roles.get(person.id)
        alive = rhythm.alive if booked is None else 1.0
        expectation = expectation_of(series, rhythm.gaps, booked=booked is not None)
        dependency = dependency_of(mine)
        status = _status(alive, len([gap for gap in rhythm.gaps if gap > 0]), options)
        return Tie(
            person=person,
            scope=mine[0].meeting.scope or self._directory.scope(person),
            stage=stage_of(mine, expectation, dependency, role, options),
            role=role,
            interactions=tuple(mine),
            days=rhythm.days,
            gaps=rhythm.gaps,
            silence=rhythm.silence,
            away=round((today - rhythm.days[-1]).days - 7 * rhythm.silence),
            mean_gap=rhythm.mean,
            regularity=rhythm.regularity,
            survival=rhythm.survival,
            by_rhythm=rhythm.alive,
            alive=alive,
            status=status,
            recent=rhythm.recent,
            strength=alive * (1 - exp(-rhythm.recent / 2)),
            # A series of few occurrences may have been held once in its last three, and yet for longer than it ever paused.
            expectation=tuple(s for s in expectation if s != "series_kept") if status == "dormant" else expectation,
            dependency=dependency,
            series=series,
            next=self._next(booked or ()),
        )

    def _next(self, booked: Iterable[datetime]) -> datetime | None:
        """The first of these starts that is still to come."""
        return min((start for start in booked if start > self._frame.as_of), default=None)

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
                    next=self._next(coming),
                )
            )
        return ties


def _status(alive: float, gaps: int, options: RelationshipOptions) -> TieStatus:
    if alive >= formulas.active_from(gaps, options):
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
