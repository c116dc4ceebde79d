"""Whom to meet and when, from a judged calendar; and what the last week was. Beside `calsight.pipeline`, on its pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from calsight import pipeline
from calsight.core.model.events import Window
from calsight.core.model.report import Comparison, Reason, Report
from calsight.core.time.days import weeks_before
from calsight.errors import CalsightError

if TYPE_CHECKING:
    from calsight.core.next.suggest import Candidate, Suggestion
    from calsight.protocols import FreeBusy

#: So many people are suggested, in so many days to come.
MOST, DAYS = 5, 14
Busy = Mapping[str, Sequence[Window] | None]


@dataclass(frozen=True, slots=True)
class Suggested:
    """People to meet, the most useful first; `refused` says of each connector that would not tell when others are busy, why."""

    found: Sequence[Suggestion]
    refused: Sequence[str] = ()


def suggested(judgement: pipeline.Judgement, *, most: int = MOST, ask: bool = False) -> Suggested:
    """Up to `most` people to meet, the most useful first, each with a time in the coming two weeks where there is one.

    With `ask` the connectors that can are asked when the others are busy; one that fails counts as not knowing.
    """
    from calsight.core.next.own_people import own_people
    from calsight.core.next.slots import busy_time, coming
    from calsight.core.next.suggest import suggest, whom

    reading = judgement.reading
    candidates = whom(judgement.account, own_people(reading.corrections, judgement.account))[:most]
    window = coming(judgement.frame, days=DAYS)
    others, refused = _others(reading, candidates, window) if ask else ({}, ())
    found = suggest(candidates, busy=busy_time(judgement.meetings), others=others, window=window, frame=judgement.frame)
    return Suggested(found, refused)


def suggestions(judgement: pipeline.Judgement, *, most: int = MOST, ask: bool = False) -> list[Suggestion]:
    """The people of `suggested`, without why others' calendars are not known."""
    return list(suggested(judgement, most=most, ask=ask).found)


@dataclass(frozen=True, slots=True)
class LastWeek:
    """What `calsight week` says.

    held        last week against the usual, and who is cooling
    compared    what changed since the report of a week before
    suggestion  whom to meet; None where there is nobody
    """

    report: Report
    held: tuple[Reason, ...]
    compared: Comparison
    suggestion: Suggestion | None


def last_week(judgement: pipeline.Judgement, *, ask: bool = False) -> LastWeek:
    """The last full week of a calendar, seen from its `as_of`."""
    from calsight.core.next.compare import compare
    from calsight.core.next.last_week import last_week as told

    reading = judgement.reading
    report = pipeline.report(judgement)
    before = weeks_before(reading.as_of, 1, reading.zone)
    start = min(reading.window.start, weeks_before(reading.as_of, 2, reading.zone))
    earlier = judgement.earlier(Window(start, min(reading.window.end, before)), before)
    compared = compare(report, pipeline.report(earlier))
    found = suggestions(judgement, ask=ask)
    best = next((each for each in found if each.slot is not None), next(iter(found), None))
    return LastWeek(report, tuple(told(report)), compared, best)


def _others(reading: pipeline.Reading, candidates: Sequence[Candidate], window: Window) -> tuple[Busy, tuple[str, ...]]:
    """The others' busy time by person id, as far as a connector behind the sources tells, and why others would not."""
    people = {candidate.person.address: candidate.person.id for candidate in candidates if candidate.person.address}
    found: dict[str, Sequence[Window] | None] = {}
    refused: dict[str, None] = {}
    for connector in _askable(reading, window):
        missing = [address for address, who in people.items() if found.get(who) is None]
        if not missing:
            break
        try:
            answers = connector.free_busy(missing, window)
        except CalsightError as error:
            refused[str(error)] = None
            continue
        found |= {people[address]: spans for address, spans in answers.items() if address in people}
    return found, tuple(refused)


def _askable(reading: pipeline.Reading, window: Window) -> list[FreeBusy]:
    """The connectors behind the sources that can ask when others are busy, each once."""
    from calsight.protocols import ConnectorContext, FreeBusy
    from calsight.reading.sources import Reader, resolve
    from calsight.settings.folders import state_dir

    context = ConnectorContext(zone=reading.zone, state_dir=state_dir(), access=reading.access)
    reader = Reader(window, context, sections=reading.settings.connectors)
    found: dict[str, FreeBusy] = {}
    for source in dict.fromkeys(calendar.source for calendar in reading.calendars):
        try:
            name, _ = resolve(source)
            connector = None if name == "lines" else reader.connector(name)
        except CalsightError:  # what was read once can be read again; what was handed over as events has no connector
            continue
        if isinstance(connector, FreeBusy):
            found[name] = connector
    return list(found.values())
