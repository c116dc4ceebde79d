"""Whom to meet next: ties that fade first, by the strength they lose each week; then whoever widens the circle."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

import numpy as np

from calsight.core.model.events import Window
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Kind, Meeting, Person, Scope, Size
from calsight.core.model.options import RelationshipOptions
from calsight.core.model.report import OwnPerson, Reason
from calsight.core.next.slots import free_slots
from calsight.core.people.directory import Directory
from calsight.core.people.names import called
from calsight.core.rate.breadth import effective_number
from calsight.core.relationships import rhythm as formulas
from calsight.core.relationships.account import Account
from calsight.core.relationships.tie import Tie
from calsight.core.time.days import day_of
from calsight.core.time.intervals import Span
from calsight.core.time.zones import is_zone
from calsight.core.wording.reasons import reason

SHORT, LONG = 25, 50
_SHORT_UNTIL = 35
#: So many small meetings together make someone a companion worth meeting alone.
_COMPANION = 3
_PER_DAY = 2
#: A loss of strength that is nought in two digits is not worth a word.
_SEEN = 0.005


@dataclass(frozen=True, slots=True)
class Candidate:
    """Someone to meet: `why`, and for how long (25 or 50 minutes, as usual with them). `zone` is where they seem to work, ""
    where nothing says so."""

    person: Person
    why: Reason
    minutes: int
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate and a time, in UTC; `slot` is None where none was found.

    checked    whether the other's own calendar was asked, and is free then
    """

    person: Person
    why: Reason
    minutes: int
    slot: Span | None
    checked: bool = False


def whom(account: Account, own: Sequence[OwnPerson] = ()) -> list[Candidate]:
    """Whom to meet, the most useful first.

    First those of the owner's `own` people who are due; then those whom the owner named and never met and the ties that
    fade, by strength lost per week; then, by how much one more meeting would add to the effective number of people, those
    met seldom and those of small meetings whom the owner never met alone. Left out, where they are not one's own: who is
    booked already, personal ties, and those of whom the owner said no.
    """
    ties, meetings = account.ties, account.meetings
    open_ties = [tie for tie in ties if tie.next is None and tie.role != "denied" and tie.scope is not Scope.PERSONAL]
    losses = strength_lost(open_ties, account.frame.options.relationships)
    lost = dict(zip((tie.person.id for tie in open_ties), losses, strict=True))
    cooling = [tie for tie in open_ties if _fades(tie)]
    cooling.sort(key=lambda tie: (-lost[tie.person.id], tie.person.id))
    named = [tie for tie in open_ties if tie.role is not None and not tie.interactions]
    first = [
        *((tie.person, reason("suggest_named", name=called(tie.person), role=tie.role), _usual(tie)) for tie in named),
        *(
            (
                tie.person,
                reason(
                    "suggest_cooling" if lost[tie.person.id] >= _SEEN else "suggest_cooling_slowly",
                    name=called(tie.person),
                    status=tie.status,
                    alive=tie.alive,
                    lost=lost[tie.person.id],
                ),
                _usual(tie),
            )
            for tie in cooling
        ),
    ]
    kept = _kept(own, {tie.person.id: tie for tie in ties})
    mine = {person.id for person, _, _ in kept}
    first = [*kept, *(entry for entry in first if entry[0].id not in mine)]
    done = {person.id for person, _, _ in first}
    wider = _wider(ties, [tie for tie in open_ties if tie.person.id not in done], meetings)
    zones = _zones(meetings, account.directory)
    found = [*first, *(entry for entry in wider if entry[0].id not in mine)]
    return [Candidate(person, why, minutes, zone=zones.get(person.id, "")) for person, why, minutes in found]


def _kept(own: Iterable[OwnPerson], ties: Mapping[str, Tie]) -> list[tuple[Person, Reason, int]]:
    """Those of the owner's own people who are due, in their order."""
    found = []
    for each in own:
        if not each.is_due:
            continue
        person = Person(each.person.id, each.person.name, each.person.address)
        said = {"name": called(person), "weeks": each.every_weeks}
        why = (
            reason("suggest_kept_never", **said)
            if each.days is None
            else reason("suggest_kept", **said, days=each.days)
        )
        found.append((person, why, _usual(ties[person.id]) if person.id in ties else SHORT))
    return found


def strength_lost(ties: Sequence[Tie], options: RelationshipOptions) -> list[float]:
    """How much of its strength (0 to 1) each tie will have lost in a week without meeting; 0 for someone never met."""
    today, in_a_week = _strengths(ties, 0.0, options), _strengths(ties, 1.0, options)
    return [float(value) for value in today - in_a_week]


def suggest(
    candidates: Iterable[Candidate],
    *,
    busy: Sequence[Span],
    others: Mapping[str, Sequence[Window] | None],
    window: Window,
    frame: Frame,
) -> list[Suggestion]:
    """A time inside `window` for each candidate, in their order: the earliest that is left.

    `busy` is the owner's busy time, `others` what is known of the others' by person id. Not more than two suggestions lie on
    one day of the owner's, and no two overlap.
    """
    taken, zone = list(busy), frame.zone
    days: Counter[object] = Counter()
    suggestions = []
    for candidate in candidates:
        theirs = others.get(candidate.person.id)
        slots = free_slots(
            timedelta(minutes=candidate.minutes),
            frame,
            their_zone=candidate.zone or zone,
            busy=[*taken, *((span.start, span.end) for span in theirs or ())],
            window=window,
        )
        slot = next((slot for slot in slots if days[day_of(slot[0], zone)] < _PER_DAY), None)
        if slot is not None:
            taken.append(slot)
            days[day_of(slot[0], zone)] += 1
        known = theirs is not None and slot is not None
        suggestions.append(Suggestion(candidate.person, candidate.why, candidate.minutes, slot, checked=known))
    return suggestions


def _wider(ties: Sequence[Tie], rest: Sequence[Tie], meetings: Sequence[Meeting]) -> list[tuple[Person, Reason, int]]:
    """Those who would widen the circle, by how much; at the same gain those never met alone come first."""
    counts = {tie.person.id: len(tie.interactions) for tie in ties if tie.interactions}
    before = effective_number(list(counts.values()))

    def after(identity: str) -> float:
        return effective_number(list((counts | {identity: counts.get(identity, 0) + 1}).values()))

    found = []
    for tie in rest:
        gain = after(tie.person.id) - before
        if tie.interactions and gain > 0 and tie.stage != "relationship_signs":
            told = f"{before:.1f}" != f"{before + gain:.1f}"  # as it is shown
            said = reason(
                "suggest_again" if told else "suggest_again_alone",
                name=called(tie.person),
                times=len(tie.interactions),
                before=before,
                after=before + gain,
            )
            found.append(((-gain, 0, tie.person.id), (tie.person, said, _usual(tie))))
    known = {tie.person.id for tie in ties}
    for person, times in _companions(meetings):
        if person.id not in known:
            said = reason("suggest_from_group", name=called(person), meetings=times)
            found.append(((before - after(person.id), -times, person.id), (person, said, SHORT)))
    return [entry for _, entry in sorted(found, key=lambda item: item[0])]


def _fades(tie: Tie) -> bool:
    """Whoever is cooling, and relationships that are dormant already."""
    return tie.status == "cooling" or (tie.status == "dormant" and tie.stage == "relationship_signs")


def _companions(meetings: Iterable[Meeting]) -> list[tuple[Person, int]]:
    """Who was in three or more small meetings with the owner, and in how many."""
    persons: dict[str, Person] = {}
    times: Counter[str] = Counter()
    for meeting in meetings:
        if meeting.held and meeting.size is Size.SMALL and meeting.kind in {Kind.GROUP, Kind.CONFERENCE_CALL}:
            for person in meeting.counterparts:
                persons[person.id] = person
                times[person.id] += 1
    return [(persons[identity], count) for identity, count in times.items() if count >= _COMPANION]


def _usual(tie: Tie) -> int:
    """How long one usually meets this person: 25 or 50 minutes."""
    lengths = [interaction.meeting.event.duration / timedelta(minutes=1) for interaction in tie.interactions]
    return LONG if lengths and median(lengths) > _SHORT_UNTIL else SHORT


def _zones(meetings: Iterable[Meeting], directory: Directory) -> dict[str, str]:
    """Where people seem to work: the commonest zone of what they organise themselves, by person id."""
    seen: dict[str, Counter[str]] = {}
    for meeting in meetings:
        event = meeting.event
        if (
            event.organizer is not None
            and not event.all_day
            and meeting.organised_by_me is False
            and is_zone(event.zone)
        ):
            seen.setdefault(directory.identity(event.organizer.address), Counter())[event.zone] += 1
    return {who: max(zones, key=lambda zone: (zones[zone], zone)) for who, zones in seen.items()}


def _strengths(ties: Sequence[Tie], weeks: float, options: RelationshipOptions) -> formulas.Floats:
    """R of each tie in so many weeks, if nobody meets."""
    gaps = [tie.counted_gaps for tie in ties]
    alive = formulas.p_alive(
        formulas.Gaps(
            count=np.array([len(spans) for spans in gaps], dtype=np.float64),
            total=np.array([sum(spans) for spans in gaps], dtype=np.float64),
            squares=np.array([sum(gap**2 for gap in spans) for spans in gaps], dtype=np.float64),
            silence=np.array(
                [np.inf if tie.silence is None else tie.silence + weeks for tie in ties], dtype=np.float64
            ),
        ),
        options,
    )
    recent = np.array([tie.recent for tie in ties]) * 2.0 ** (-7 * weeks / options.strength_half_life_days)
    return np.asarray(alive * -np.expm1(-recent / 2))
