"""What the page's template is given: the report, said in words, sorted and drawn. Pure, save for the drawing itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from calsight.core.model.report import Reason, Relationship, Report
from calsight.core.wording.words import Words
from calsight.render.figures import figures
from calsight.render.html.panels import panels
from calsight.render.html.year import days_met, lines_of_time, year
from calsight.render.safe import tidy
from calsight.render.telling import (
    EVIDENCE,
    actions,
    compare_title,
    compared,
    first_upper,
    headline,
    hints,
    leads_to,
    left_out,
    name_of,
    owner_of,
    people_first,
    period,
    since,
    situation_says,
    strongest_first,
    usual_gap,
)

#: The mark of each level.
ICONS = {"at_risk": "▲", "watch": "◆", "ok": "●", "insufficient_data": "○"}
_STATUS_ORDER = {"cooling": 0, "dormant": 1, "active": 2}
_MOST_PROBLEMS = 20
_MOST_NEEDY = 6
#: So many rows of people are printed, and all that need attention.
_PRINTED = 40


def verdict_view(report: Report, words: Words) -> dict[str, Any]:
    """What the verdict's section names; an outline of the report is enough."""
    flag = report.flag
    return {
        "t": words,
        "level": first_upper(words.label(flag.level)),
        "icon": ICONS[flag.level],
        "verdict": headline(report, words),
        "since": since(report, words),
        "reasons": [tidy(words.said(reason)) for reason in flag.reasons if reason.code not in EVIDENCE],
        "change": tidy(words.said(flag.what_would_change)) if flag.what_would_change else "",
    }


def view(report: Report, words: Words) -> dict[str, Any]:
    """Everything that `report.html.j2` names."""
    people = _people(report, words)
    rows = {person["id"]: person["row"] for person in people}
    return {
        **verdict_view(report, words),
        "report": report,
        "owner": owner_of(report),
        "period": period(report, words),
        "questions": [
            {
                "code": asked.code,
                "about": asked.about,
                "other": asked.other,
                "text": tidy(words.said(asked.said)),
                "leads_to": leads_to(asked, words),
                "command": tidy(asked.command),
            }
            for asked in report.questions
        ],
        "figures": figures(report, words),
        "compare_title": compare_title(report, words),
        "compared": compared(report, words),
        "changes": _lines(report.comparison.changes, words) if report.comparison else [],
        "charts": panels(report, strongest_first(report), rows, words),
        "year": year(report, people, words),
        "people_first": people_first(report),
        "attention": _attention(report, rows, words),
        "situation_says": situation_says(report.situation, words)[1:] if report.situation else [],
        "people": people,
        "printed": max(_PRINTED, sum(person["needy"] for person in people)),
        "hints": hints(report, words),
        "actions": _lines(actions(report), words),
        "left_out": left_out(report, words),
        "problems": [tidy(problem.text) for problem in report.problems[:_MOST_PROBLEMS]],
        "problem_count": sum(problem.count for problem in report.problems),
        "made": words(
            "made", version=report.engine.version, as_of=words.last_day(report.as_of), zone=report.owner.zone
        ),
    }


def _attention(report: Report, rows: Mapping[str, str], words: Words) -> dict[str, Any]:
    """Who needs the owner: their own people first, then those that are cooling or not kept up, most in need first."""
    own = [
        {"row": rows.get(each.person.id, ""), "text": tidy(words.said(each.reason)), "due": each.is_due}
        for each in report.own_people
    ]
    mine = {each.person.id for each in report.own_people}
    needy = [tie for tie in report.relationships if needs(tie) and tie.person.id not in mine]
    said = [
        {
            "row": rows[tie.person.id],
            "name": name_of(tie, words),
            "status": words.label(tie.status or "none"),
            "status_code": tie.status,
            "reason": first_reason(tie, words),
        }
        for tie in needy[:_MOST_NEEDY]
    ]
    return {"own": own, "needy": said, "more": len(needy) - len(said)}


def first_reason(tie: Relationship, words: Words) -> str:
    """The first of its reasons that the calendar gives, not the owner's own word."""
    return next(iter(_lines((one for one in tie.reasons if one.code != "tie_you_said"), words)), "")


def needs(tie: Relationship) -> bool:
    """Whether a tie needs the owner's attention."""
    return tie.status in {"cooling", "dormant"} and tie.role != "denied"


def _people(report: Report, words: Words) -> list[dict[str, Any]]:
    """The rows of the table, those most in need first."""
    lines, days = lines_of_time(report), days_met(report, words)
    return [
        {
            "id": tie.person.id,
            "row": f"person-{number}",
            "number": str(number),
            "needy": needs(tie),
            "line": lines.get(tie.person.id, []),
            "met": words("person_met", days=[day.date() for day in days[tie.person.id]])
            if tie.person.id in days
            else "",
            "rhythm": words("person_rhythm", name=name_of(tie, words)),
            **_person(tie, words),
        }
        for number, tie in enumerate(report.relationships, start=1)
    ]


def _person(tie: Relationship, words: Words) -> dict[str, Any]:
    more, gap = [], usual_gap(tie)
    if tie.alive is not None:
        more.append(words("person_alive", alive=tie.alive))
    if tie.strength is not None:
        more.append(words("person_strength", strength=tie.strength))
    return {
        "name": name_of(tie, words),
        "status": words.label(tie.status) if tie.status else words("status_none"),
        "status_code": tie.status if tie.status in _STATUS_ORDER else "none",
        "order": _STATUS_ORDER.get(tie.status or "", 3),
        "alive": "" if tie.alive is None else words.percent(tie.alive),
        "alive_key": "" if tie.alive is None else round(tie.alive, 6),
        "interactions": tie.interactions,
        "last": words.day(tie.last),
        "last_key": "" if tie.last is None else tie.last.isoformat(),
        "gap": _days(gap, words),
        "gap_key": "" if gap is None else round(gap, 3),
        "silence": _days(tie.silence_days, words),
        "silence_key": "" if tie.silence_days is None else round(tie.silence_days, 3),
        "next": words.day(tie.next) if tie.next else words("none"),
        "next_key": tie.next.isoformat() if tie.next else "",
        "where": words(
            "person_where",
            scope=first_upper(words.label(tie.role) if tie.role else words.label(tie.scope, "scope")),
            stage=words.label(tie.stage),
        ),
        "reasons": _lines(tie.reasons, words),
        "more": more,
    }


def _days(days: float | None, words: Words) -> str:
    return "" if days is None else words("days", days=round(days))


def _lines(reasons: Iterable[Reason], words: Words) -> list[str]:
    return [tidy(text) for text in words.all_said(reasons)]
