"""The report on an organisation in a terminal: what a leader reads at 80 columns, and at 120."""

from __future__ import annotations

import io
from datetime import date

import pytest

from calsight.org.out import CoverageOut, GroupOut, NetworkOut, OrgReport, ShareOut, Shares
from calsight.render.languages import words_in
from calsight.render.terminal.organisation import OrganisationView
from calsight.render.terminal.screen import console


def share(value: float) -> ShareOut:
    return ShareOut(value=value, low=value - 0.05, high=value + 0.1)


def group(*name: str | None) -> GroupOut:
    return GroupOut(
        group=list(name),
        people=40,
        shares=Shares(at_risk=share(0.35), watch=share(0.45), ok=share(0.2)),
        rate=0.7,
        breadth=1.7,
        reach=0.25,
        isolated=share(0.15),
        hours={"one_to_one": 10.3, "group": 12.7, "conference_call": 12.6},
    )


REPORT = OrgReport(
    engine={"version": "1", "model": "1", "engine": "polars"},
    as_of=date(2026, 7, 1),
    weeks=26,
    by=["division", "level"],
    min_group=5,
    coverage=CoverageOut(people=60, mailboxes=60, judged=60, unknown=0.04),
    total=group(None, None),
    groups=[
        group("Research", None),
        group(None, "3"),
        group("Research", "3"),
        group("Sales and everything that has to do with customers", "3"),
        GroupOut(group=["Sales", "4"], hidden="few"),
    ],
    by_week=[],
    flows=[],
    network=NetworkOut(pairs_of_groups=1, without=0, on_one_pair=0),
    hidden={"few": 1},
    notes=[],
)


def printed(width: int, language: str = "en") -> list[str]:
    file = io.StringIO()
    console(file, width=width).print(OrganisationView(REPORT, words_in(language)))
    return [line.rstrip() for line in file.getvalue().splitlines()]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("width", [40, 80, 120, 160])
def test_no_number_is_cut_at_any_width(width, language):
    lines = printed(width, language)
    assert max(map(len, lines)) <= width
    hours = "10.3 / 12.7 / 12.6" if language == "en" else "10,3 / 12,7 / 12,6"
    assert sum(hours in line for line in lines) == len(REPORT.groups)  # one of them is hidden; the first line is of all


def test_at_80_columns_there_are_two_tables_how_groups_stand_and_how_they_meet():
    heads = [line for line in printed(80) if line.startswith("group ")]
    assert [head.split()[:3] for head in heads] == [["group", "people", "at"], ["group", "week", "met"]]


def test_one_table_where_it_fits():
    assert sum(line.startswith("group ") for line in printed(160)) == 1


def test_a_group_says_by_what_it_was_cut_and_a_hidden_one_why():
    lines = printed(160)
    begins = [line.partition("  ")[0] for line in lines]
    assert {"all", "division: Research", "level: 3", "Research · 3"} <= set(begins)
    assert "  Sales · 4: fewer than 5 people" in lines


def test_the_answer_comes_first():
    text = " ".join(printed(160)[2:4])
    assert "At risk of becoming invisible: 35% of the people judged (80% interval: 30% to 45%). Watch: 45%." in text
