"""Every number and every sentence of all commands against a year whose truth was counted beside it."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from statistics import mean, median
from typing import Any

import pytest

from calsight.core.model.report import Reason, Report
from calsight.core.wording.words import Words
from cli.conftest import Ran, cli, own_home  # noqa: F401 - fixtures
from truth.year import AS_OF, FIRST, LEAVE, ME, WEEKS, Truth, lived, monday

READ = ("--no-cache", "--as-of", AS_OF.isoformat(), "--weeks", str(WEEKS))
WORDS = Words(zone="Europe/Paris")
#: What is computed by a model, whose own tests hold it.
OF_THE_MODEL = {
    *("tie_alive", "would_fall", "would_change", "changed"),
    *("situation_time", "situation_time_unknown", "situation_interest", "situation_borderline"),
}
#: Sentences without a number of the calendar's.
PLAIN = re.compile(
    r"caveat|advice_\w+|situation_(little|much)_\w+|action_(outside|first_step)|situation_contradiction_ok"
)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    text, truth = lived()
    path = tmp_path_factory.mktemp("year") / "lena.ics"
    path.write_bytes(text)
    return path, truth


@pytest.fixture
def report(cli: Any, year: tuple[Path, Truth]) -> Report:  # noqa: F811
    ran: Ran = cli("report", year[0], *READ, "--json")
    return Report.model_validate_json(ran.out)


def test_it_is_a_year_of_a_thousand_entries(year):
    assert 900 < year[1].entries < 1200


def test_the_numbers_of_the_report(report, year):
    truth = year[1]
    counts = report.counts.model_dump()
    assert {kind: counts[kind] for kind in ("one_to_one", "group", "conference_call", "solo")} == dict(truth.held)
    hours = report.hours.model_dump()
    assert {kind: hours[kind] for kind in truth.hours} == {kind: minutes / 60 for kind, minutes in truth.hours.items()}
    assert (counts["unknown"], counts["absence"]) == (0, 2)
    assert report.excluded == dict(truth.left_out)
    assert report.coverage.participants_known == 1
    assert report.sources[0].occurrences == truth.entries
    assert report.problems == []
    assert {week.week: week.one_to_one for week in report.weeks if week.one_to_one} == dict(truth.weeks)
    assert Counter(monday(one.start.date()) for one in report.one_to_ones) == truth.weeks
    shares = [len(days) for days in truth.days.values()]
    assert report.breadth.people == len(shares)
    assert report.breadth.effective_people == pytest.approx(sum(shares) ** 2 / sum(n * n for n in shares))
    assert report.exposure.weeks + report.exposure.absence_weeks == pytest.approx(WEEKS, abs=0.01)
    assert report.exposure.silent_weeks == 0


def test_the_numbers_of_each_person(report, year):
    truth = year[1]
    assert {tie.person.address for tie in report.relationships} == set(truth.days)
    for tie in report.relationships:
        days = days_of(truth, tie.person.address)
        assert tie.interactions == len(days)
        assert (tie.first.date(), tie.last.date()) == (days[0], days[-1])
        coming = next((day for who, day in truth.next.items() if who == tie.person.address), None)
        assert (tie.next and tie.next.date()) == coming


def test_every_sentence_says_what_happened(report, year):
    """Each sentence is either checked, or its numbers are a model's, or it has none: no code goes unnoticed."""
    truth = year[1]
    situation = report.situation
    said = [*report.flag.reasons, *report.next_actions, *situation.reasons, *situation.advice]
    said += [report.flag.what_would_change] if report.flag.what_would_change else []
    for one in said:
        check(one, truth, [], report)
    for tie in report.relationships:
        for one in tie.reasons:
            check(one, truth, days_of(truth, tie.person.address), report)


def check(said: Reason, truth: Truth, days: list[date], report: Report) -> None:
    """Hold one sentence to the truth."""
    values = said.values
    assert said.text == WORDS.said(said)
    match said.code:
        case "rate_summary":
            assert values["one_to_ones"] == truth.held["one_to_one"]
            assert values["weeks"] == pytest.approx(report.exposure.weeks)
        case "left_out":
            assert values["excluded"] == dict(truth.left_out)
        case "tie_rhythm" | "tie_within":
            assert values["days"] == (AS_OF - days[-1]).days
            assert values["interactions"] == len(days)
            assert values["gap_days"] <= mean((b - a).days for a, b in itertools.pairwise(days)) + 1e-9
        case "tie_few":
            assert (values["days"], values["met"]) == ((AS_OF - days[-1]).days, len(set(days)))
        case "tie_once":
            assert (values["days"], len(set(days))) == ((AS_OF - days[-1]).days, 1)
        case "tie_away":
            assert values["away"] == 14 * sum(first > days[-1] for first, _ in LEAVE)
        case "tie_booked":
            assert date.fromisoformat(values["next"][:10]) > AS_OF
        case "action_reach_out":
            [who] = [tie for tie in report.relationships if tie.person.name == values["name"]]
            assert values["days"] == (AS_OF - days_of(truth, who.person.address)[-1]).days
        case "narrow":
            recent = list(truth.days.values())
            assert values["people"] <= len(recent)
        case code:
            assert code in OF_THE_MODEL or PLAIN.fullmatch(code), f"nobody checks: {said.text}"


def test_last_week_is_what_it_was(cli, year):  # noqa: F811
    truth = year[1]
    last = FIRST + timedelta(weeks=WEEKS - 1)
    before = [last - timedelta(weeks=back) for back in range(1, 14)]
    text = " ".join(cli("week", year[0], *READ).out.split())
    usual, hours = median(truth.weeks[w] for w in before), median(truth.week_hours[w] / 60 for w in before)
    held = truth.weeks[last]
    assert (
        f"Last week, from {WORDS.day(last, 'long')}: {held} one-to-one{'' if held == 1 else 's'} (usually {usual:g}), "
        f"{truth.week_hours[last] / 60:.0f} hours with others (usually {hours:.0f})."
    ) in text


def test_the_terminal_the_markdown_and_the_page_say_the_same_numbers(cli, year, tmp_path):  # noqa: F811
    truth, page, notes = year[1], tmp_path / "page.html", tmp_path / "notes.md"
    terminal = " ".join(cli("report", year[0], *READ).out.split())
    assert cli("report", year[0], *READ, "--markdown", notes).code == 0
    met = truth.held["one_to_one"]
    assert f"{met} one-to-ones in" in terminal
    assert f"{met} one-to-ones in" in notes.read_text("utf-8")
    assert f"{met} one-to-ones held" in notes.read_text("utf-8")
    pytest.importorskip("vl_convert", reason="the page needs the extra [html]")
    assert cli("report", year[0], *READ, "--html", page).code == 0
    html = page.read_text("utf-8")
    assert html.count('class="behind"') == len(truth.weeks)
    told = sum(map(len, truth.days.values()))
    behind = html[html.index('class="behind"') : html.index('id="rate"')]
    assert behind.count('<a href="#person-') == told


def test_meetings_people_suggest_and_doctor(cli, year):  # noqa: F811
    path, truth = year
    lines = [json.loads(line) for line in cli("meetings", path, *READ, "--json-lines").out.splitlines()]
    held = Counter(line["kind"] for line in lines if line["held"] is not False)
    assert {kind: held[kind] for kind in truth.held} == dict(truth.held)
    people = cli("people", path, *READ).out
    for who, days in truth.days.items():
        [line] = [line for line in people.splitlines() if line.startswith(name_of(who))]
        assert f" {len(days)} " in line
    booked = {name_of(who) for who in truth.next}
    suggested = re.findall(r"(?m)^\d\. (.+?) *$", cli("suggest", path, *READ).out)
    assert suggested
    assert not booked & set(suggested)
    doctor = cli("doctor", path, *READ).out
    assert doctor.startswith("This can be judged.")
    assert ME[1] in doctor


def days_of(truth: Truth, address: str) -> list[date]:
    return next(days for who, days in truth.days.items() if who == address)


def name_of(address: str) -> str:
    from truth.year import NOW_AND_THEN, SERIES

    return next(name for name, known in (*SERIES, *NOW_AND_THEN) if known == address)
