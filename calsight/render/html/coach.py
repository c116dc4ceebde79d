"""A page for a conversation, with a coach or a manager: three strengths, three people, one question, and room for notes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup

from calsight.core.model.report import Relationship, Report
from calsight.core.wording.words import Words
from calsight.render.html.renderer import asset, environment, policy
from calsight.render.html.view import first_reason, needs, verdict_view
from calsight.render.safe import tidy
from calsight.render.telling import name_of, owner_of, period, strongest_first

_THREE = 3
_LINES = 7
_ROLES = ("manager", "report", "peer", "mentor")


def conversation(report: Report, words: Words | None = None) -> str:
    """The page of one conversation, in the language of `words` (English); it prints on one sheet."""
    words = words or Words(zone=report.owner.zone)
    style = asset("report.css")
    return (
        environment()
        .get_template("coach.html.j2")
        .render(
            {
                **verdict_view(report, words),
                "report": report,
                "owner": owner_of(report),
                "period": period(report, words),
                "strengths": strengths(report, words),
                "people": [_person(tie, words) for tie in _three(report)],
                "question": question(report, words),
                "roles": roles(report, words),
                "notes": range(_LINES),
                "made": words(
                    "made", version=report.engine.version, as_of=words.last_day(report.as_of), zone=report.owner.zone
                ),
            },
            style=Markup(style),  # noqa: S704 - our own file
            policy=policy(style),
        )
    )


def strengths(report: Report, words: Words) -> list[str]:
    """At most three things that go well, the strongest evidence first; [] where the calendar shows none."""
    return list(_strengths(report, words))[:_THREE]


def _strengths(report: Report, words: Words) -> Iterator[str]:
    ties, rate = strongest_first(report), report.rate
    if rate.mean is not None and rate.mean >= rate.healthy:
        yield words("coach_rate", rate=rate.mean, healthy=rate.healthy)
    kept = [name_of(tie, words) for tie in ties if "series_kept" in tie.expectation]
    if kept:
        yield words("coach_series", names=kept[:_THREE], count=len(kept))
    alive = [tie for tie in ties if tie.status == "active" and tie.stage == "relationship_signs"]
    if alive:
        yield words("coach_alive", count=len(alive), name=name_of(alive[0], words))
    begun = sum(bool({"you_began", "each_began"} & set(tie.dependency)) for tie in ties)
    if begun:
        yield words("coach_begun", count=begun)
    if report.breadth.first_meetings_outside:
        yield words("coach_outside", count=report.breadth.first_meetings_outside)
    interest = report.situation and report.situation.interest
    if interest and interest.known and interest.value is not None and interest.value >= interest.cut:
        yield words("coach_interest", share=interest.value)
    if report.breadth.people > 1:
        yield words("coach_people", people=report.breadth.people)


def _three(report: Report) -> Sequence[Relationship]:
    """Three people to speak of: those who need it most, else the strongest ties."""
    needy = [tie for tie in report.relationships if needs(tie)]
    rest = [tie for tie in strongest_first(report) if tie not in needy and tie.role != "denied"]
    return [*needy, *rest][:_THREE]


def _person(tie: Relationship, words: Words) -> dict[str, Any]:
    return {
        "name": name_of(tie, words),
        "role": words.label(tie.role) if tie.role else "",
        "status": words.label(tie.status) if tie.status else words("status_none"),
        "status_code": tie.status or "none",
        "reason": first_reason(tie, words),
        "ask": words(f"coach_ask_{_ask(tie)}"),
    }


def _ask(tie: Relationship) -> str:
    if needs(tie):
        return "needy"
    return "strong" if tie.stage == "relationship_signs" else "begun"


def question(report: Report, words: Words) -> str:
    """The one question: what only the owner can tell, where the verdict hangs on it; else one that opens a conversation."""
    if report.questions:
        return tidy(words.said(report.questions[0].said))
    return words(f"coach_question_{report.flag.level}")


def roles(report: Report, words: Words) -> list[list[str]]:
    """The roles that the owner gave: how many people, their one-to-ones, and the share in all; [] where they gave none."""
    held = sum(tie.interactions for tie in report.relationships)
    rows = []
    for role in _ROLES:
        named = [tie for tie in report.relationships if tie.role == role]
        if named:
            met = sum(tie.interactions for tie in named)
            share = words.percent(met / held) if held else words("unknown")
            rows.append([words.label(role), words.number(len(named)), words.number(met), share])
    return rows
