"""The weeks as a grid, each leading to its meetings; the years side by side; and each person's meetings on a line of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from calsight.core.model.report import OneToOne, Report, Week
from calsight.core.time.days import week_of
from calsight.core.wording.words import Words
from calsight.render.html.weeks import away_weeks, unknown_weeks

_STEPS = 4
#: Fewer weeks than these are no two years to hold against each other.
_YEARS = 60
_LINE = 300


def year(report: Report, people: Sequence[Mapping[str, Any]], words: Words) -> dict[str, Any] | None:
    """The grid: its years, each with a cell for every week; None without a week. `people` are the rows of the table."""
    weeks = report.weeks
    if not weeks:
        return None
    by_id = {person["id"]: person for person in people}
    met = _by_week(report.one_to_ones, words)
    away = {week.week for week in away_weeks(weeks) if week.hours.absence > 0}
    unknown = {week.week for week in unknown_weeks(weeks)} - away
    silent = {week.week for week in away_weeks(weeks)} - away - unknown
    among = _Weeks(by_id, max(week.one_to_one for week in weeks) or 1, away, silent, unknown)
    cells = [_cell(week, met.get(week.week, []), among, words) for week in weeks]
    without = sum(not week.one_to_one and week.week not in away | silent | unknown for week in weeks)
    summary = words(
        "year_summary",
        weeks=len(weeks),
        met=sum(week.one_to_one > 0 for week in weeks),
        none=without,
        away=sum(not week.one_to_one for week in weeks if week.week in away),
        silent=sum(not week.one_to_one for week in weeks if week.week in silent),
    )
    return {
        "summary": f"{summary} {words('year_summary_unknown', weeks=len(unknown))}" if unknown else summary,
        "years": [(label, list(cells)) for label, cells in groupby(cells, key=lambda cell: cell["year"])],
        "long": len(weeks) > 2 * _YEARS,
        "behind": [cell for cell in cells if cell["met"]],
        "trend": _trend(report, words) if len(weeks) >= _YEARS else [],
    }


def _by_week(one_to_ones: Sequence[OneToOne], words: Words) -> dict[date, list[OneToOne]]:
    found: dict[date, list[OneToOne]] = defaultdict(list)
    for one in one_to_ones:
        found[week_of(words.local(one.start).date())].append(one)
    return found


@dataclass(frozen=True, slots=True)
class _Weeks:
    """What a week is seen among: the rows of people by id, the most one-to-ones of a week, and those away, silent, unknown."""

    people: Mapping[str, Mapping[str, Any]]
    most: int
    away: set[date]
    silent: set[date]
    unknown: set[date]


def _cell(week: Week, met: Sequence[OneToOne], among: _Weeks, words: Words) -> dict[str, Any]:
    people = among.people
    code, mark, step = "year_week", words.number(week.one_to_one), f"n{-(-_STEPS * week.one_to_one // among.most)}"
    if not week.one_to_one and week.week in among.away:
        code, mark, step = "year_week_away", "~", "away"
    elif not week.one_to_one and week.week in among.silent:
        code, mark, step = "year_week_silent", "·", "silent"
    elif week.week in among.unknown:
        code, mark, step = "year_week_unknown", "?", "silent"
    thursday = week.week + timedelta(days=3)  # whose year and month are the week's, as in ISO 8601
    return {
        "id": f"week-{week.week.isoformat()}",
        "year": thursday.year,
        "month": words.language.months_short[thursday.month - 1] if thursday.day <= 7 else "",
        "mark": mark,
        "step": step,
        "says": words(code, week=week.week, count=week.one_to_one),
        "title": words("year_behind", week=week.week),
        "who": " ".join(dict.fromkeys(people[one.person]["number"] for one in met if one.person in people)),
        "met": [
            (day, [_meeting(one, people.get(one.person), words) for one in ones])
            for day, ones in groupby(met, key=lambda one: words.day(one.start, "weekday"))
        ],
    }


def _meeting(one: OneToOne, person: Mapping[str, Any] | None, words: Words) -> dict[str, str]:
    return {
        "time": f"{words.local(one.start):%H:%M}",
        "minutes": words("minutes", minutes=one.minutes),
        "name": person["name"] if person else words("someone"),
        "row": person["row"] if person else "",
    }


def _trend(report: Report, words: Words) -> list[list[str]]:
    """A row for each year that the weeks touch: one-to-ones, weeks that count, one-to-ones a week, and people met."""
    people: dict[int, set[str]] = defaultdict(set)
    for one in report.one_to_ones:
        people[_year_of(week_of(words.local(one.start).date()))].add(one.person)
    rows = []
    for label, members in groupby(report.weeks, key=lambda week: _year_of(week.week)):
        weeks = list(members)
        held, exposure = sum(week.one_to_one for week in weeks), sum(week.exposure for week in weeks)
        rows.append(
            [
                str(label),
                words.number(held, ","),
                words.number(exposure, ".1f"),
                words.number(held / exposure, ".1f") if exposure else words("unknown"),
                words.number(len(people[label]), ","),
            ]
        )
    return rows


def _year_of(monday: date) -> int:
    return (monday + timedelta(days=3)).year


def lines_of_time(report: Report) -> dict[str, list[float]]:
    """Where each person's one-to-ones lie on a line of `_LINE` units that is the window, by the person's id."""
    start, end = report.window.start, max(report.window.end, report.as_of)
    length = (end - start) / timedelta(seconds=1) or 1.0
    found: dict[str, list[float]] = defaultdict(list)
    for one in report.one_to_ones:
        found[one.person].append(round(_LINE * ((one.start - start) / timedelta(seconds=1)) / length, 1))
    return found


def days_met(report: Report, words: Words) -> dict[str, list[datetime]]:
    """The days of each person's one-to-ones, the last first, by the person's id."""
    found: dict[str, list[datetime]] = defaultdict(list)
    for one in reversed(report.one_to_ones):
        found[one.person].append(words.local(one.start))
    return found
