"""What a report says, in words: the sentences and figures that the page and the Markdown share."""

from __future__ import annotations

import unicodedata
from typing import Any

from calsight.core.model.report import Reason, Relationship, Report, Situation
from calsight.render.strings import Words

#: Reasons that say what the evidence is, not what follows from it: they stand under "what was left out".
EVIDENCE = frozenset(
    {"left_out", "inferred", "unknown_share", "silent_weeks", "source_ends_early", "possible_delegate", "caveat"}
)


def clean(text: str) -> str:
    """Text without control characters and without the marks that turn the direction of what follows."""
    kept = (" " if unicodedata.category(char) == "Cc" else char for char in text if not _turns(char))
    return " ".join("".join(kept).split())


def _turns(char: str) -> bool:
    return "\u202a" <= char <= "\u202e" or "\u2066" <= char <= "\u2069" or unicodedata.category(char) == "Cs"


def name_of(tie: Relationship, words: Words) -> str:
    """What to call a person: the name, else the address."""
    return clean(tie.person.name) or clean(tie.person.address) or words("someone")


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
    level = words(f"level_{before.level}")
    return (
        words("compare_was_none", level=level)
        if before.rate is None
        else words("compare_was", level=level, rate=before.rate)
    )


def figures(report: Report, words: Words) -> list[dict[str, Any]]:
    """The key figures, each with what it means."""
    rate, counts, hours = report.rate, report.counts, report.hours
    unknown = words("unknown")
    met = hours.one_to_one + hours.group + hours.conference_call
    known = report.coverage.participants_known
    breadth, exposure, visibility = report.breadth, report.exposure, report.visibility
    width = interval_width(report)
    shown: list[dict[str, Any]] = [
        {
            "value": unknown if rate.mean is None else f"{rate.mean:.1f}",
            "name": words("figure_rate"),
            "below": ""
            if rate.interval is None
            else words("figure_rate_sub", width=width, low=rate.interval[0], high=rate.interval[1]),
            "why": words("figure_rate_why", low=rate.low, healthy=rate.healthy),
        },
        {
            "value": f"{counts.one_to_one:,}",
            "name": words("figure_one_to_ones"),
            "below": words("figure_one_to_ones_sub", hours=hours.one_to_one, share=hours.one_to_one / met)
            if met
            else words("figure_one_to_ones_sub_none", hours=hours.one_to_one),
            "why": words("figure_one_to_ones_why_unknown")
            if known is None
            else words("figure_one_to_ones_why", inferred=report.coverage.inferred, known=known),
        },
        {
            "value": f"{breadth.people:,}",
            "name": words("figure_people"),
            "below": words("figure_people_sub", effective=breadth.effective_people) if breadth.effective_people else "",
            "why": words("figure_people_why", outside=breadth.first_meetings_outside),
        },
    ]
    if visibility is not None and visibility.value is not None:
        shown.append(
            {
                "value": f"{visibility.value:.0f}",
                "name": words("figure_visibility"),
                "below": ""
                if visibility.interval is None
                else words("figure_visibility_sub", low=visibility.interval[0], high=visibility.interval[1]),
                "why": words("figure_visibility_why"),
                "parts": [
                    words("figure_visibility_part_unknown", name=words.label("part", part))
                    if points is None
                    else words("figure_visibility_part", name=words.label("part", part), points=points)
                    for part, points in visibility.contributions.items()
                ],
            }
        )
    shown.append(
        {
            "value": f"{exposure.weeks:.1f}",
            "name": words("figure_weeks"),
            "below": words("figure_weeks_sub", weeks=report.window.weeks),
            "why": words("figure_weeks_why", absence=exposure.absence_weeks, silent=exposure.silent_weeks),
        }
    )
    return [{"parts": []} | figure for figure in shown]


def left_out(report: Report, words: Words) -> list[str]:
    """What the verdict does not rest on, and why."""
    said = [reason for reason in report.flag.reasons if reason.code in EVIDENCE - {"caveat"}]
    codes = {reason.code for reason in said}
    lines = [
        words("left_source", name=clean(source.name) or words("unknown"), occurrences=source.occurrences)
        for source in report.sources
    ]
    more = [words("left_sources", sources=lines)] if lines else []
    if "left_out" not in codes:
        more.append(words("left_out", excluded=report.excluded) if report.excluded else words("left_none"))
    if "unknown_share" not in codes and report.counts.unknown:
        more.append(words("left_unknown", count=report.counts.unknown))
    return [*more, *(clean(reason.text) for reason in [*said, *report.corrections])]


def actions(report: Report) -> list[Reason]:
    """What to do next: for this owner first, then for the situation."""
    return [*report.next_actions, *(report.situation.advice if report.situation else [])]


def situation_says(situation: Situation, words: Words) -> list[str]:
    """Which of the four situations it resembles, and by what."""
    first = words("field_is", label=situation.label) if situation.label else words("field_unknown")
    return [first, *(clean(reason.text) for reason in situation.reasons)]


def strongest_first(report: Report) -> list[Relationship]:
    """The people, strongest tie first."""
    return sorted(report.relationships, key=lambda tie: (-(tie.strength or 0.0), -tie.interactions, tie.person.id))


def interval_width(report: Report) -> float:
    """The width of the report's intervals, as a probability."""
    width: float = report.settings.get("rate", {}).get("interval", 0.8)
    return width
