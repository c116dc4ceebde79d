"""What a report says, in words: the sentences that the terminal, the page and the Markdown share."""

from __future__ import annotations

from datetime import date

from calsight.core.model.report import Question, Reason, Relationship, Report, Situation
from calsight.core.people.names import spoken_name
from calsight.core.wording.words import Words
from calsight.render.safe import tidy

#: Reasons that say what the evidence is, not what follows from it: what the verdict does not rest on, and what is open.
LEFT_OUT = ("one_count", "interviews", "left_out", "inferred")
QUESTIONS = ("silent_weeks", "source_ends_early", "unknown_share")
CAVEAT = "caveat"
EVIDENCE = frozenset({*LEFT_OUT, *QUESTIONS, CAVEAT})
_A_YEAR = 51  # weeks
#: What happened so often makes no rule.
_NO_RULE = 2
_WATCHED = ("readings_differ", "silence_differs", "fallen", "narrow", "early")


def headline(report: Report, words: Words) -> str:
    """The verdict in one sentence."""
    level = report.flag.level
    if level == "watch":
        codes = {reason.code for reason in report.flag.reasons}
        return words(f"headline_{next((code for code in _WATCHED if code in codes), level)}")
    if people_first(report):
        return words("headline_insufficient_people")
    return words(f"headline_{level}")


def people_first(report: Report) -> bool:
    """Whether there can be no verdict, but there are people to show."""
    return report.flag.level == "insufficient_data" and bool(report.relationships)


def hints(report: Report, words: Words) -> list[str]:
    """What helps where too little is known for a verdict; [] elsewhere."""
    if report.flag.level != "insufficient_data":
        return []
    nameless = any(each.code == "insufficient_participants_unknown" for each in report.flag.reasons)
    further = ["hint_weeks"] if report.window.weeks < _A_YEAR and not nameless else []
    return [words(code) for code in (*further, "hint_note", "hint_correct")]


def since(report: Report, words: Words) -> str:
    """Since when the level is what it is; "" where nothing is said. A window's beginning is no beginning of anything."""
    level_since = report.flag.since
    if level_since is None:
        return ""
    first = next((week.week for week in report.weeks if week.exposure), None)
    return words("since_start" if level_since == first else "since", since=level_since)


def tells_a_span(interval: tuple[float, float], spec: str) -> bool:
    """Whether the ends of an interval differ as they are shown; else it tells nothing beside the value."""
    return format(interval[0], spec) != format(interval[1], spec)


def first_upper(text: str) -> str:
    """`text` as a heading or a label of its own begins."""
    return text[:1].upper() + text[1:]


def name_of(tie: Relationship, words: Words) -> str:
    """What to call a person: the name, else the address."""
    return tidy(spoken_name(tie.person.name)) or tidy(tie.person.address) or words("someone")


def usual_gap(tie: Relationship) -> float | None:
    """Days between meetings as a rule; None where too few were held to speak of one."""
    return tie.typical_gap_days if tie.interactions > _NO_RULE else None


def owner_of(report: Report) -> str:
    """What to call the owner: the name, else the main address, else ""."""
    return tidy(spoken_name(report.owner.name) or next(iter(report.owner.addresses), ""))


def period(report: Report, words: Words) -> str:
    """The days that the report is about."""
    return words("period", start=report.window.start, end=last_day(report, words))


def last_day(report: Report, words: Words) -> date:
    """The last day that the report is about: its window's, or that on which it is judged where that is the earlier."""
    return words.last_day(min(report.window.end, report.as_of))


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


def after(asked: Question, choice: str, words: Words) -> str:
    """What would be said after a choice ("yes" or "no"), or what else a choice means ("me", "skip")."""
    level = {"yes": asked.would, "no": asked.would_not}.get(choice)
    return words("answer_leads_to", level=level) if level else words(f"answer_{choice}_means")


def leads_to(asked: Question, words: Words) -> str:
    """What would be said after a yes, and what after a no; "" where that is not known."""
    if asked.would is None or asked.would_not is None:
        return ""
    if asked.would == asked.would_not:
        return words("answers_lead_to_one", level=asked.would)
    return words("answers_lead_to", yes=asked.would, no=asked.would_not)


def situation_says(situation: Situation, words: Words) -> list[str]:
    """Which of the four situations it resembles, and by what."""
    first = words("field_is", label=situation.label) if situation.label else words("field_unknown")
    return [first, *map(tidy, words.all_said(situation.reasons))]


def strongest_first(report: Report) -> list[Relationship]:
    """The people, strongest tie first."""
    return sorted(report.relationships, key=lambda tie: (-(tie.strength or 0.0), -tie.interactions, tie.person.id))
