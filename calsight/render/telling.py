"""What a report says, in words: the sentences and figures that the terminal, the page and the Markdown share."""

from __future__ import annotations

from dataclasses import dataclass

from calsight.core.model.report import Reason, Relationship, Report, Situation
from calsight.core.wording.words import Words
from calsight.render.safe import tidy

#: Reasons that say what the evidence is, not what follows from it: what the verdict does not rest on, and what is open.
LEFT_OUT = ("left_out", "inferred")
QUESTIONS = ("silent_weeks", "source_ends_early", "unknown_share", "possible_delegate")
CAVEAT = "caveat"
EVIDENCE = frozenset({*LEFT_OUT, *QUESTIONS, CAVEAT})
_WATCHED = ("fallen", "narrow", "early")


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure: its value, its name, what stands below, why it is so, and the parts that it is made of."""

    value: str
    name: str
    below: str
    why: str
    parts: tuple[str, ...] = ()


def headline(report: Report, words: Words) -> str:
    """The verdict in one sentence."""
    level = report.flag.level
    if level == "watch":
        codes = {reason.code for reason in report.flag.reasons}
        return words(f"headline_{next((code for code in _WATCHED if code in codes), level)}")
    return words(f"headline_{level}")


def first_upper(text: str) -> str:
    """`text` as a heading or a label of its own begins."""
    return text[:1].upper() + text[1:]


def name_of(tie: Relationship, words: Words) -> str:
    """What to call a person: the name, else the address."""
    return tidy(tie.person.name) or tidy(tie.person.address) or words("someone")


def period(report: Report, words: Words) -> str:
    """The days that the report is about."""
    return words("period", start=report.window.start, end=words.last_day(report.window.end))


def compare_title(report: Report, words: Words) -> str:
    """Which earlier report this one is held against; "" without one."""
    before = report.comparison
    return "" if before is None else words("compare_title", as_of=words.last_day(before.as_of))


def compared(report: Report, words: Words) -> str:
    """What the earlier report said; "" without one."""
    before = report.comparison
    if before is None:
        return ""
    if before.rate is None:
        return words("compare_was_none", level=before.level)
    return words("compare_was", level=before.level, rate=before.rate)


def figures(report: Report, words: Words) -> list[Figure]:
    """The key figures, each with what it means."""
    found = (_rate(report, words), _one_to_ones(report, words), _people(report, words))
    index = _visibility(report, words)
    return [*found, *([index] if index else []), _weeks(report, words)]


def _rate(report: Report, words: Words) -> Figure:
    rate = report.rate
    below = ""
    if rate.interval is not None:
        below = words("figure_rate_sub", width=interval_width(report), low=rate.interval[0], high=rate.interval[1])
    return Figure(
        words("unknown") if rate.mean is None else words.number(rate.mean, ".1f"),
        words("figure_rate"),
        below,
        words("figure_rate_why", low=rate.low, healthy=rate.healthy),
    )


def _one_to_ones(report: Report, words: Words) -> Figure:
    hours, coverage = report.hours, report.coverage
    met = hours.one_to_one + hours.group + hours.conference_call
    if met:
        below = words("figure_one_to_ones_sub", hours=hours.one_to_one, share=hours.one_to_one / met)
    else:
        below = words("figure_one_to_ones_sub_none", hours=hours.one_to_one)
    if coverage.participants_known is None:
        why = words("figure_one_to_ones_why_unknown")
    else:
        why = words("figure_one_to_ones_why", inferred=coverage.inferred, known=coverage.participants_known)
    return Figure(words.number(report.counts.one_to_one, ","), words("figure_one_to_ones"), below, why)


def _people(report: Report, words: Words) -> Figure:
    breadth = report.breadth
    return Figure(
        words.number(breadth.people, ","),
        words("figure_people"),
        words("figure_people_sub", effective=breadth.effective_people) if breadth.effective_people else "",
        words("figure_people_why", outside=breadth.first_meetings_outside),
    )


def _visibility(report: Report, words: Words) -> Figure | None:
    index = report.visibility
    if index is None or index.value is None:
        return None
    below = ""
    if index.interval is not None:
        below = words("figure_visibility_sub", low=index.interval[0], high=index.interval[1])
    parts = (
        words("figure_visibility_part_unknown", name=words.label(part, "part"))
        if points is None
        else words("figure_visibility_part", name=words.label(part, "part"), points=points)
        for part, points in index.contributions.items()
    )
    return Figure(
        words.number(index.value, ".0f"),
        words("figure_visibility"),
        below,
        words("figure_visibility_why"),
        tuple(parts),
    )


def _weeks(report: Report, words: Words) -> Figure:
    exposure = report.exposure
    return Figure(
        words.number(exposure.weeks, ".1f"),
        words("figure_weeks"),
        words("figure_weeks_sub", weeks=report.window.weeks),
        words("figure_weeks_why", absence=exposure.absence_weeks, silent=exposure.silent_weeks),
    )


def left_out(report: Report, words: Words) -> list[str]:
    """What the verdict does not rest on, and why."""
    said = [reason for reason in report.flag.reasons if reason.code in EVIDENCE - {CAVEAT}]
    codes = {reason.code for reason in said}
    lines = [
        words("left_source", name=tidy(source.name) or words("unknown"), occurrences=source.occurrences)
        for source in report.sources
    ]
    more = [words("left_sources", sources=lines)] if lines else []
    if "left_out" not in codes:
        more.append(words("left_out", excluded=report.excluded) if report.excluded else words("left_none"))
    if "unknown_share" not in codes and report.counts.unknown:
        more.append(words("left_unknown", count=report.counts.unknown))
    return [*more, *map(tidy, words.all_said([*said, *report.corrections]))]


def actions(report: Report) -> list[Reason]:
    """What to do next: for this owner first, then for the situation."""
    return [*report.next_actions, *(report.situation.advice if report.situation else [])]


def situation_says(situation: Situation, words: Words) -> list[str]:
    """Which of the four situations it resembles, and by what."""
    first = words("field_is", label=situation.label) if situation.label else words("field_unknown")
    return [first, *map(tidy, words.all_said(situation.reasons))]


def strongest_first(report: Report) -> list[Relationship]:
    """The people, strongest tie first."""
    return sorted(report.relationships, key=lambda tie: (-(tie.strength or 0.0), -tie.interactions, tie.person.id))


def interval_width(report: Report) -> float:
    """The width of the report's intervals, as a probability."""
    width: float = report.settings.get("rate", {}).get("interval", 0.8)
    return width
