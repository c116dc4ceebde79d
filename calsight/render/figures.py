"""The key figures of a report, in words: what the page and the Markdown begin with."""

from __future__ import annotations

from dataclasses import dataclass

from calsight.core.model.report import Report
from calsight.core.wording.words import Words
from calsight.render.telling import tells_a_span


@dataclass(frozen=True, slots=True)
class Figure:
    """A key figure: its value, its name, what stands below, why it is so, and the parts that it is made of."""

    value: str
    name: str
    below: str
    why: str
    parts: tuple[str, ...] = ()


def figures(report: Report, words: Words) -> list[Figure]:
    """The key figures, each with what it means."""
    found = (_rate(report, words), _one_to_ones(report, words), _people(report, words))
    index = _visibility(report, words)
    return [*found, *([index] if index else []), _weeks(report, words)]


def _rate(report: Report, words: Words) -> Figure:
    rate = report.rate
    below = ""
    if rate.interval is not None and tells_a_span(rate.interval, ".1f"):
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
    if index.interval is not None and tells_a_span(index.interval, ".0f"):
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


def interval_width(report: Report) -> float:
    """The width of the report's intervals, as a probability."""
    width: float = report.settings.get("rate", {}).get("interval", 0.8)
    return width
