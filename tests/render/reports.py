"""Hand-made reports for the renderers' tests: plausible numbers, invented people."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

from calsight.core.model.report import (
    Breadth,
    Changed,
    Comparison,
    Counts,
    Coverage,
    Engine,
    ExposureOut,
    Flag,
    HeatCell,
    Hours,
    Level,
    OwnerOut,
    PersonOut,
    ProblemOut,
    Rate,
    Reason,
    Relationship,
    Situation,
    SituationInput,
    SourceOut,
    Visibility,
    Week,
    WindowOut,
    YouSaid,
)
from calsight.core.wording.reasons import reason
from calsight.pipeline.notebook import Report
from calsight.settings.file import Settings

AS_OF = datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
FIRST_MONDAY = date(2025, 8, 25)
NAMES = (
    "Bo Lindqvist",
    "Cem Yılmaz",
    "Dana Whitfield",
    "Eszter Nagy",
    "Femi Adeyemi",
    "Grace Okafor",
    "Hugo Marchetti",
    "Ines Carvalho",
    "Jun Watanabe",
    "Kofi Mensah",
    "Lena Hoffmann",
    "Mira Petrova",
)
_RATES: dict[Level, float] = {"at_risk": 0.2, "watch": 0.8, "ok": 2.6, "insufficient_data": 0.4}


def week(index: int, *, rate: float, away: bool = False) -> Week:
    """One week of a calendar whose rate drifts a little around `rate`."""
    now = rate * (1.25 - 0.5 * index / 26)
    held = 0 if away else round(now + math.sin(index * 2.1))
    hours = Hours(absence=40.0) if away else Hours(one_to_one=max(0, held) * 0.6, group=9.5, conference_call=4, solo=6)
    return Week(
        week=FIRST_MONDAY + timedelta(weeks=index),
        exposure=0.0 if away else 1.0,
        one_to_one=max(0, held),
        hours=hours,
        mean=now,
        interval=(now * 0.55, now * 1.6 + 0.1),
        probability_low=math.exp(-now),
    )


def tie(name: str, place: int, **changes: Any) -> Relationship:
    """A person met, the weaker the higher `place`."""
    strength = max(0.02, 0.9 - 0.08 * place)
    alive = max(0.03, 0.99 - 0.09 * place)
    address = f"{name.split()[0].lower()}{place}@example.com" if name else ""
    fields: dict[str, Any] = {
        "person": PersonOut(id=address or f"name:{place}", name=name, address=address),
        "scope": "organisation" if place % 3 else "industry",
        "stage": "relationship_signs" if place < 7 else "interactions_only",
        "status": "active" if alive >= 0.7 else "cooling" if alive >= 0.3 else "dormant",
        "alive": alive,
        "strength": strength,
        "interactions": max(1, 14 - place),
        "first": AS_OF - timedelta(days=170 - place),
        "last": AS_OF - timedelta(days=4 + 9 * place),
        "typical_gap_days": 10.0 + place,
        "silence_days": 4.0 + 9 * place,
        "reasons": [
            reason("tie_rhythm", name=name or address, gap_days=10 + place, days=4 + 9 * place, ratio=1.5),
            reason("tie_alive", alive=alive),
        ],
    }
    return Relationship(**(fields | changes))


def a_report(level: Level = "watch", *, names: tuple[str, ...] = NAMES, **changes: Any) -> Report:
    """A whole report; `changes` replace its fields."""
    rate = _RATES[level]
    weeks = [week(index, rate=rate, away=index in (17, 18)) for index in range(27)]
    held = sum(w.one_to_one for w in weeks)
    judged = level != "insufficient_data"
    fields: dict[str, Any] = {
        "engine": Engine(version="0.1.0", model="rate/1"),
        "as_of": AS_OF,
        "window": WindowOut(start=datetime(2025, 8, 25, tzinfo=UTC), end=AS_OF, weeks=27.0),
        "owner": OwnerOut(name="Ana Lopez", addresses=["ana@example.com"], zone="Europe/Madrid"),
        "sources": [SourceOut(name="work.ics", occurrences=412, problems=1)],
        "counts": Counts(one_to_one=held, group=160, conference_call=55, solo=70, absence=2, unknown=6, excluded=31),
        "hours": Hours(one_to_one=held * 0.6, group=247, conference_call=104, solo=156, absence=80, unknown=5),
        "excluded": {"all_day": 9, "cancelled": 12, "declined": 10},
        "coverage": Coverage(participants_known=0.97, inferred=3),
        "exposure": ExposureOut(weeks=24.6, silent_weeks=0, absence_weeks=2.4),
        "flag": Flag(
            level=level,
            probability_low=weeks[-1].probability_low if judged else None,
            since=date(2025, 12, 1) if judged else None,
            reasons=[
                reason(
                    "rate_summary",
                    one_to_ones=held,
                    weeks=24.6,
                    rate=rate * 0.75,
                    probability_low=math.exp(-rate),
                    low=0.5,
                )
                if judged
                else reason("insufficient_weeks", weeks=2.5, needed=4.0)
            ],
            what_would_change=reason("would_change", one_to_ones=3, level="ok") if level == "watch" else None,
        ),
        "rate": Rate(
            mean=weeks[-1].mean if judged else None,
            interval=weeks[-1].interval if judged else None,
            healthy=1.0,
            low=0.5,
            changed=Changed(week=date(2025, 11, 10), before=1.9, after=0.7, probability=0.86)
            if level == "watch"
            else None,
        ),
        "weeks": weeks if judged else [w.model_copy(update={"mean": None, "interval": None}) for w in weeks],
        "breadth": Breadth(
            people=len(names), effective_people=5.3, organisation=0.7, industry=0.3, first_meetings_outside=2
        ),
        "situation": Situation(
            label="little_time_high_interest",
            time=SituationInput(value=0.28, cut=0.35, known=True),
            interest=SituationInput(value=0.64, cut=0.40, known=True),
            borderline=["much_time_high_interest"],
            you_said=YouSaid(),
            reasons=[
                reason("situation_little_time_high_interest"),
                reason("situation_time", open=0.28, half_hours=22, cut=0.35),
                reason("situation_borderline", neighbours=["much_time_high_interest"]),
            ],
            advice=[reason("advice_little_time_high_interest_1")],
        ),
        "visibility": Visibility(
            value=46.0,
            interval=(38.0, 55.0),
            contributions={"rate": 19.0, "relationships": 15.0, "breadth": 12.0, "reach": None},
        ),
        "relationships": [tie(name, place) for place, name in enumerate(names)],
        "next_actions": [reason("action_reach_out", name=name, days=40, gap_days=14) for name in names[4:6]],
        "heat": [
            HeatCell(weekday=day, hour=hour, group=(day * hour) % 7, one_to_one=1.5 if hour == 10 and day % 2 else 0)
            for day in range(1, 6)
            for hour in range(9, 17)
        ],
        "problems": [ProblemOut(code="bad_entry", text="Entry 12 has no start and was set aside.", source="work.ics")],
        "settings": Settings().to_dict(),
    }
    return Report(**(fields | changes))


def an_empty_report() -> Report:
    """What an empty calendar gives."""
    return a_report(
        "insufficient_data",
        names=(),
        sources=[SourceOut(name="empty.ics", occurrences=0, problems=0)],
        counts=Counts(),
        hours=Hours(),
        excluded={},
        coverage=Coverage(),
        exposure=ExposureOut(weeks=0, silent_weeks=0, absence_weeks=0),
        flag=Flag(level="insufficient_data", reasons=[reason("insufficient_no_entries")]),
        weeks=[],
        breadth=Breadth(),
        situation=None,
        visibility=None,
        next_actions=[],
        heat=[],
        problems=[],
    )


def a_comparison() -> Comparison:
    """Against a report of two months before."""
    return Comparison(
        as_of=AS_OF - timedelta(weeks=8),
        level="ok",
        rate=1.6,
        changes=[Reason(code="level_changed", text="The level went from “ok” to “watch”.", values={})],
    )
