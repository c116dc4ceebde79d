"""From events to meetings: whose calendar it is, and what each entry was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

from calsight.core.model.events import Problem, Window
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Meeting, Owner
from calsight.errors import OwnerNotFoundError
from calsight.pipeline.read import Reading, Request, Sources, read, with_corrections
from calsight.pipeline.rules import installed_rules, problems_of
from calsight.reading.sources import within

if TYPE_CHECKING:
    from calsight.core.judging.bench import Bench
    from calsight.core.judging.corrections import Correction
    from calsight.core.judging.explain import Explanation
    from calsight.core.people.directory import Directory
    from calsight.core.relationships.account import Account


@dataclass(frozen=True)
class Judgement:
    """A reading whose events are classified. `meetings` are sorted by start and include those of `Reading.horizon`.

    `frame` is in what they were judged, `bench` what is known of the events whenever they are judged, `uncorrected` the
    meetings before the corrections. `corrected` are those of the reading's corrections that had an effect.
    """

    reading: Reading
    frame: Frame
    bench: Bench = field(repr=False, compare=False)
    meetings: tuple[Meeting, ...]
    problems: tuple[Problem, ...] = ()
    corrected: tuple[Correction, ...] = ()
    uncorrected: tuple[Meeting, ...] = field(default=(), repr=False, compare=False)

    @property
    def owner(self) -> Owner:
        """Whose calendar it is."""
        return self.frame.owner

    @property
    def directory(self) -> Directory:
        """Everyone in the meetings."""
        return self.bench.directory

    @property
    def listed(self) -> list[Meeting]:
        """The meetings that lists show: those of the window and the 28 days beyond it."""
        horizon = self.reading.horizon
        return [meeting for meeting in self.meetings if meeting.start in horizon]

    @cached_property
    def account(self) -> Account:
        """What it amounts to; each part is found out once, however many ask."""
        from calsight.core.relationships.account import Account  # brings NumPy, which a list of meetings can do without

        return Account(self.frame, self.meetings, self.directory)

    def earlier(self, window: Window, as_of: datetime) -> Judgement:
        """The same events as they are judged at an earlier moment."""
        return _judged(replace(self.reading, window=window, as_of=as_of), self.owner, self.bench)


def judge(reading: Reading) -> Judgement:
    """Find the owner and classify every event.

    Raises `OwnerNotFoundError` where nobody stands out, or two people do. A rule plugin that cannot be loaded, or that fails,
    is a Problem.
    """
    from calsight.core.judging.bench import Bench
    from calsight.core.judging.corrections import absences

    owner = find_owner(reading)
    away = within(absences(reading.corrections, reading.zone), reading.horizon)
    return _judged(reading, owner, Bench([*reading.events, *away], reading.frame(owner)))


def corrected(
    judgement: Judgement, corrections: Sequence[Correction], *, answers: Mapping[str, Any] | None = None
) -> Judgement:
    """The same reading, judged with these corrections and no others, and with `answers` over its settings' `[answers]`.

    For whoever keeps a reading while its owner corrects it: nothing is read, and what the difference cannot change is kept.
    """
    return rejudged(judgement, with_corrections(judgement.reading, corrections, answers=answers))


def rejudged(judgement: Judgement, reading: Reading) -> Judgement:
    """What `judge` says of `reading`, which has the events of the one that was judged and differs in what its owner says.

    What they say of people and of their absences counts before anything is judged; all else is applied to what was judged.
    """
    if _said_before_judging(judgement.reading) != _said_before_judging(reading):
        return judge(reading)
    return _corrected(reading, judgement.owner, judgement.bench, judgement.uncorrected, judgement.problems)


def _said_before_judging(reading: Reading) -> tuple[Any, ...]:
    from calsight.core.judging.corrections import Away, addresses_of_mine

    away = [one for one in reading.corrections if isinstance(one, Away)]
    return (reading.settings, away, addresses_of_mine(reading.corrections))


def _judged(reading: Reading, owner: Owner, bench: Bench) -> Judgement:
    rules = installed_rules()
    meetings = tuple(bench.meetings(reading.as_of, rules))
    return _corrected(reading, owner, bench, meetings, problems_of(rules))


def _corrected(
    reading: Reading, owner: Owner, bench: Bench, meetings: tuple[Meeting, ...], problems: tuple[Problem, ...]
) -> Judgement:
    from calsight.core.judging.corrected import apply_corrections

    frame = reading.frame(owner)
    found = apply_corrections(meetings, reading.corrections, bench.directory, frame)
    return Judgement(reading, frame, bench, found.meetings, problems, found.applied, meetings)


def meetings(*sources: Sources, **request: Unpack[Request]) -> list[Meeting]:
    """Every occurrence in the window and the 28 days beyond (scheduled), judged, by start. Arguments as in `read`.

    Examples:
        >>> first, *_ = calsight.meetings("work.ics", me="ana@example.com", as_of="2026-03-31", weeks=12)
        >>> first.kind, first.reason, first.event.title
        (<Kind.ONE_TO_ONE: 'one_to_one'>, 'two_people', 'Talk')
    """
    return judge(read(*sources, **request)).listed


def explain(reading: Reading, uid: str) -> list[Explanation]:
    """Why each occurrence of `uid` is what it is, by start; [] where the reading holds no such entry."""
    return explained(judge(reading), uid)


def explained(judgement: Judgement, uid: str) -> list[Explanation]:
    """The same of what is judged already."""
    from calsight.core.judging import explain

    return explain.explained(judgement.bench, uid, judgement.meetings, installed_rules())


def find_owner(reading: Reading) -> Owner:
    """Whose calendars these are.

    Raises `OwnerNotFoundError`, with the likeliest addresses and their counts, where that cannot be told. Whether the calendars
    use the address that was given is asked by `owner_doubts`.
    """
    from calsight.core.judging.corrections import addresses_of_mine, owner_with
    from calsight.core.people.owner import OwnerQuestion
    from calsight.core.people.owner import find_owner as find

    options = reading.settings
    found = find(reading.events, me=reading.me, owner=options.owner, people=options.people)
    if isinstance(found, OwnerQuestion) and (mine := addresses_of_mine(reading.corrections)):
        found = find(reading.events, me=(*reading.me, *mine), owner=options.owner, people=options.people)
    if not isinstance(found, OwnerQuestion):
        return owner_with(found, reading.corrections, options.people)
    candidates = found.candidates[:3]
    likeliest = ", ".join(f"{address} ({count} of {found.entries})" for address, count in candidates)
    if found.kind == "two":
        text = (
            f"These calendars seem to belong to two people: {likeliest}. "
            "Name yours with --me ADDRESS (twice if both are you), or read one calendar at a time."
        )
    else:
        hint = f" The likeliest: {likeliest}." if likeliest else ""
        text = f"Whose calendar is this? Nobody stands out.{hint} Name yourself with --me ADDRESS."
    raise OwnerNotFoundError(text, tuple(address for address, _ in candidates))
