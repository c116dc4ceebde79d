"""From events to meetings: whose calendar it is, and what each entry was."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Unpack

from calsight.core.model.events import Problem, Window
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Meeting, Owner
from calsight.errors import OwnerNotFoundError
from calsight.pipeline.read import Reading, Request, Sources, read
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

    `frame` is in what they were judged, `bench` what is known of the events whenever they are judged. `corrected` are those of
    the reading's corrections that had an effect.
    """

    reading: Reading
    frame: Frame
    bench: Bench = field(repr=False, compare=False)
    meetings: tuple[Meeting, ...]
    problems: tuple[Problem, ...] = ()
    corrected: tuple[Correction, ...] = ()

    @property
    def owner(self) -> Owner:
        """Whose calendar it is."""
        return self.frame.owner

    @property
    def directory(self) -> Directory:
        """Everyone in the meetings."""
        return self.bench.directory

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


def _judged(reading: Reading, owner: Owner, bench: Bench) -> Judgement:
    from calsight.core.judging.corrected import apply_corrections

    frame, rules = reading.frame(owner), installed_rules()
    judged = bench.meetings(frame.as_of, rules)
    corrected = apply_corrections(judged, reading.corrections, bench.directory, frame)
    return Judgement(reading, frame, bench, corrected.meetings, problems_of(rules), corrected.applied)


def meetings(*sources: Sources, **request: Unpack[Request]) -> list[Meeting]:
    """Every occurrence in the window and the 28 days beyond (scheduled), judged, by start. Arguments as in `read`."""
    judgement = judge(read(*sources, **request))
    horizon = judgement.reading.horizon
    return [meeting for meeting in judgement.meetings if meeting.start in horizon]


def explain(reading: Reading, uid: str) -> list[Explanation]:
    """Why each occurrence of `uid` is what it is, by start; [] where the reading holds no such entry."""
    from calsight.core.judging.explain import explained

    judgement = judge(reading)
    return explained(judgement.bench, uid, judgement.meetings, installed_rules())


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
    likeliest = ", ".join(f"{address} ({count} of {found.entries})" for address, count in found.candidates[:3])
    if found.kind == "two":
        raise OwnerNotFoundError(
            f"These calendars seem to belong to two people: {likeliest}. "
            "Name yours with --me ADDRESS (twice if both are you), or read one calendar at a time."
        )
    hint = f" The likeliest: {likeliest}." if likeliest else ""
    raise OwnerNotFoundError(f"Whose calendar is this? Nobody stands out.{hint} Name yourself with --me ADDRESS.")
