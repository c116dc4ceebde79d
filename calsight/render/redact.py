"""Reports without names: `private` for showing around, `redact` for posting where strangers read.

`private` keeps the report and turns people into initials; sentences are said again with these. `redact` goes the other way: it
builds a new report from an allow-list, so that whatever a later version adds stays out until somebody decides otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from calsight.core.model.report import (
    Comparison,
    Flag,
    OwnerOut,
    OwnPerson,
    PersonOut,
    ProblemOut,
    Question,
    Reason,
    Relationship,
    Report,
    Situation,
    SituationInput,
    SourceOut,
    Visibility,
)
from calsight.core.people.names import spoken_name
from calsight.core.time.zones import is_zone
from calsight.core.wording.catalogue import CATALOGUE
from calsight.core.wording.reasons import sentence

_CODE = re.compile(r"[a-z][a-z0-9_]{0,40}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?([+-]\d{2}:\d{2})?)?")
#: Settings that are numbers which the verdict rests on, and say nothing of anybody.
_NUMBERS_OF = ("rate", "relationships", "situation", "index")
#: The words of the report's own fields, which a redacted report may keep.
_STAGES = {"relationship_signs", "interactions_only"}
_STATUSES = {"active", "cooling", "dormant"}
_SCOPES = {"organisation", "industry", "personal", "other"}
_ROLES = {"confirmed", "denied", "manager", "report", "mentor", "peer", "personal"}
_SITUATIONS = {f"{time}_time_{interest}_interest" for time in ("little", "much") for interest in ("low", "high")}
_PARTS = {"rate", "relationships", "breadth", "reach"}

Namer = Callable[[str], str]


def private(report: Report) -> Report:
    """The report with initials for everyone, without addresses, file names and personal settings."""
    labels = _labels(_everyone(report))
    name = _by_initials(report, labels)
    ties = [
        tie.model_copy(
            update={
                "person": PersonOut(id=f"person-{number}", name=labels[_called(tie.person)], address=""),
                "reasons": _again(tie.reasons, name),
            }
        )
        for number, tie in enumerate(report.relationships, start=1)
    ]
    numbered = {tie.person.id: f"person-{number}" for number, tie in enumerate(report.relationships, start=1)}
    return report.model_copy(
        update={
            "owner": OwnerOut(name=labels.get(_called(report.owner), ""), addresses=[], zone=report.owner.zone),
            "sources": _numbered(report.sources),
            "excluded": _known_reasons(report.excluded),
            "flag": _flag(report.flag, name),
            "situation": report.situation
            and report.situation.model_copy(
                update={
                    "reasons": _again(report.situation.reasons, name),
                    "advice": _again(report.situation.advice, name),
                }
            ),
            "relationships": ties,
            "own_people": [
                own.model_copy(
                    update={
                        "person": PersonOut(id=f"own-{number}", name=labels[_called(own.person)], address=""),
                        "reason": _said_again(own.reason, name),
                    }
                )
                for number, own in enumerate(report.own_people, start=1)
            ],
            "one_to_ones": [
                met.model_copy(update={"person": numbered.get(met.person, "")}) for met in report.one_to_ones
            ],
            "next_actions": _again(report.next_actions, name),
            "questions": [_asked(question, name) for question in report.questions],
            "corrections": _again(report.corrections, name),
            "comparison": report.comparison
            and report.comparison.model_copy(update={"changes": _again(report.comparison.changes, name)}),
            "problems": _coded(report.problems),
            "settings": _numbers(report.settings),
        }
    )


def redact(report: Report) -> Report:
    """A report that is safe to post: numbers, codes and weeks; no name, title, address, file or place."""
    people = {called: f"Person {n}" for n, called in enumerate(dict.fromkeys(map(_called, _people(report))), start=1)}
    name = _by_number(report, people)
    return type(report)(
        engine=report.engine,
        as_of=report.as_of,
        window=report.window,
        owner=OwnerOut(name="", addresses=[], zone=_offset(report.owner.zone, report.as_of)),
        sources=_numbered(report.sources),
        counts=report.counts,
        hours=report.hours,
        excluded=_known_reasons(report.excluded),
        coverage=report.coverage,
        exposure=report.exposure,
        flag=_flag(report.flag, name),
        rate=report.rate,
        weeks=report.weeks,
        breadth=report.breadth,
        situation=report.situation and _situation(report.situation, name),
        visibility=report.visibility
        and Visibility(
            value=report.visibility.value,
            interval=report.visibility.interval,
            contributions={key: value for key, value in report.visibility.contributions.items() if key in _PARTS},
            before=report.visibility.before,
        ),
        relationships=[_tie(tie, number, name) for number, tie in enumerate(report.relationships, start=1)],
        own_people=[_own(own, number, name) for number, own in enumerate(report.own_people, start=1)],
        next_actions=_again(report.next_actions, name),
        questions=[_asked(question, name) for question in report.questions],
        heat=report.heat,
        comparison=report.comparison
        and Comparison(
            as_of=report.comparison.as_of,
            level=report.comparison.level,
            rate=report.comparison.rate,
            changes=_again(report.comparison.changes, name),
        ),
        problems=_coded(report.problems),
        settings=_numbers(report.settings),
    )


class Initials:
    """The initials of everyone in a report, as `private` gives them; for what is told beside it, or before there is one."""

    def __init__(self, report: Report | None = None) -> None:
        self._name = _no_zone(initials if report is None else _by_initials(report, _labels(_everyone(report))))

    def of(self, text: str) -> str:
        """The initials of somebody of that name or address."""
        return self._name(text)

    def said(self, reasons: Iterable[Reason]) -> list[Reason]:
        """The reasons, said again with initials."""
        return _again(reasons, self._name)


def initials(name: str) -> str:
    """The first letters of a name or address: "AL" of "Ana Lopez" or "ana.lopez@example.com"; "?" where there are none."""
    words = re.split(r"[\s._\-+,]+", name.partition("@")[0])
    first = [next((char for char in word if unicodedata.category(char)[0] in "LN"), "") for word in words]
    return "".join(first)[:3].upper() or "?"


def _called(who: PersonOut | OwnerOut) -> str:
    if isinstance(who, OwnerOut):
        return spoken_name(who.name) or next(iter(who.addresses), "")
    return spoken_name(who.name) or who.address or who.id


def _everyone(report: Report) -> list[str]:
    return [_called(report.owner), *map(_called, _people(report))]


def _people(report: Report) -> list[PersonOut]:
    return [*(tie.person for tie in report.relationships), *(own.person for own in report.own_people)]


def _labels(names: Iterable[str]) -> dict[str, str]:
    """Each name's initials, numbered where two share them."""
    labels: dict[str, str] = {}
    seen: Counter[str] = Counter()
    for name in dict.fromkeys(names):
        if name:
            letters = initials(name)
            seen[letters] += 1
            labels[name] = letters if seen[letters] == 1 else f"{letters} {seen[letters]}"
    return labels


def _by_initials(report: Report, labels: Mapping[str, str]) -> Namer:
    aliases = _aliases(report, labels)
    return lambda text: aliases.get(text.casefold()) or initials(text)


def _no_zone(name: Namer) -> Namer:
    """The namer, which leaves zones as they are: they stand in what is told anyway."""
    return lambda text: text if "/" in text and is_zone(text) else name(text)


def _by_number(report: Report, people: Mapping[str, str]) -> Namer:
    aliases = _aliases(report, people)
    return lambda text: aliases.get(text.casefold()) or "someone"


def _aliases(report: Report, labels: Mapping[str, str]) -> dict[str, str]:
    """Every way in which a sentence may name someone, to their label."""
    return {
        text.casefold(): labels[_called(person)]
        for person in reversed(_people(report))
        for spoken in (spoken_name(person.name),)
        for text in (person.id, person.address, person.name, spoken, spoken.split(" ")[0])
        if text
    }


def _again(reasons: Iterable[Reason], name: Namer) -> list[Reason]:
    return [_said_again(reason, name) for reason in reasons]


def _said_again(reason: Reason, name: Namer) -> Reason:
    """The reason with every word replaced that might be somebody's; one that is not in the catalogue keeps its code only."""
    code = reason.code if _CODE.fullmatch(reason.code) else "reason"
    values = {key: _harmless(value, name) for key, value in reason.values.items()}
    try:
        text = sentence(code, values)
    except (KeyError, ValueError, TypeError, AttributeError):
        text = only_code(code)
    return Reason(code=code, text=text, values=values)


def _asked(question: Question, name: Namer) -> Question:
    """A question without the person that it is about; it can be read, and no more be answered by its command."""
    said = _said_again(question.said, name)
    return Question(
        code=question.code if _CODE.fullmatch(question.code) else "question",
        text=said.text,
        values=said.values,
        meetings=question.meetings,
        would=question.would,
        would_not=question.would_not,
        command="calsight answer",
    )


def _harmless(value: Any, name: Namer) -> Any:
    match value:
        case str():
            return value if _DAY.fullmatch(value) or f"label_{value}" in CATALOGUE else name(value)
        case Mapping():
            return {key: _harmless(item, name) for key, item in _known_reasons(value).items()}
        case list() | tuple():
            return [_harmless(item, name) for item in value]
        case bool() | int() | float() | None:
            return value
        case _:
            return None


def _known_reasons(counts: Mapping[str, Any]) -> dict[str, Any]:
    """Counts by reason; those of a company's own rules are "other"."""
    known: dict[str, Any] = {}
    for key, count in counts.items():
        kept = key if f"label_{key}" in CATALOGUE else "other"
        known[kept] = known[kept] + count if kept in known else count
    return known


def _flag(flag: Flag, name: Namer) -> Flag:
    change = flag.what_would_change
    return Flag(
        level=flag.level,
        probability_low=flag.probability_low,
        since=flag.since,
        reasons=_again(flag.reasons, name),
        what_would_change=change and _said_again(change, name),
    )


def _situation(situation: Situation, name: Namer) -> Situation:
    def axis(given: SituationInput) -> SituationInput:
        return SituationInput(value=given.value, cut=given.cut, known=given.known, details=_only_numbers(given.details))

    return Situation(
        label=situation.label if situation.label in _SITUATIONS else None,
        time=axis(situation.time),
        interest=axis(situation.interest),
        borderline=[label for label in situation.borderline if label in _SITUATIONS],
        you_said=situation.you_said,
        reasons=_again(situation.reasons, name),
        advice=_again(situation.advice, name),
    )


def _tie(tie: Relationship, number: int, name: Namer) -> Relationship:
    return Relationship(
        person=PersonOut(id=f"person-{number}", name=f"Person {number}", address=""),
        scope=tie.scope if tie.scope in _SCOPES else "other",
        stage=tie.stage if tie.stage in _STAGES else "interactions_only",
        status=tie.status if tie.status in _STATUSES else None,
        alive=tie.alive,
        strength=tie.strength,
        interactions=tie.interactions,
        first=None,
        last=None,
        typical_gap_days=tie.typical_gap_days,
        silence_days=tie.silence_days,
        expectation=[sign for sign in tie.expectation if _CODE.fullmatch(sign)],
        dependency=[sign for sign in tie.dependency if _CODE.fullmatch(sign)],
        role=tie.role if tie.role in _ROLES else None,
        reasons=_again(tie.reasons, name),
    )


def _own(own: OwnPerson, number: int, name: Namer) -> OwnPerson:
    return OwnPerson(
        person=PersonOut(id=f"own-{number}", name=name(_called(own.person)), address=""),
        every_weeks=own.every_weeks,
        days=own.days,
        is_due=own.is_due,
        reason=_said_again(own.reason, name),
    )


def _numbered(sources: Iterable[SourceOut]) -> list[SourceOut]:
    return [
        SourceOut(name=f"calendar {number}", occurrences=source.occurrences, problems=source.problems)
        for number, source in enumerate(sources, start=1)
    ]


def _coded(problems: Iterable[ProblemOut]) -> list[ProblemOut]:
    """Problems by code alone: their texts may name files and entries."""
    counts: Counter[str] = Counter()
    for problem in problems:
        counts[problem.code if _CODE.fullmatch(problem.code) else "problem"] += problem.count
    return [ProblemOut(code=code, text=only_code(code), count=count) for code, count in counts.items()]


def only_code(code: str) -> str:
    """What stands in place of a sentence that may name somebody or something: "bad_entry" as "(bad entry)"."""
    return f"({code.replace('_', ' ')})"


def _numbers(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _only_numbers(settings[name]) for name in _NUMBERS_OF if isinstance(settings.get(name), Mapping)}


def _only_numbers(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value for key, value in values.items() if _CODE.fullmatch(key) and isinstance(value, int | float | None)
    }


def _offset(zone: str, moment: datetime) -> str:
    """A zone that shows the same clock but names no place; UTC where there is none."""
    hours, rest = divmod(moment.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(), timedelta(hours=1))
    return "UTC" if rest or not hours or not -14 <= -hours <= 12 else f"Etc/GMT{-hours:+d}"
