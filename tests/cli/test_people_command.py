"""`calsight people`: most in need first, and one person followed back to the meetings."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from calsight.core.model.report import Relationship
from cli.conftest import AS_OF, Ran

Cli = Callable[..., Ran]
READ = ("--as-of", AS_OF)


def people(cli: Cli, calendar: Path) -> list[dict[str, Any]]:
    done = cli("people", calendar, *READ, "--json-lines")
    assert (done.code, done.err) == (0, "")
    return [json.loads(line) for line in done.out.splitlines()]


def test_json_lines_are_the_reports_relationships(cli: Cli, calendar: Path) -> None:
    found = people(cli, calendar)
    report = json.loads(cli("report", calendar, *READ, "--json").out)
    assert found
    assert found == report["relationships"]
    assert [Relationship.model_validate(one).person.id for one in found] == [one["person"]["id"] for one in found]


def test_the_terminal_lists_everyone_of_the_json(cli: Cli, calendar: Path) -> None:
    shown = cli("people", calendar, *READ)
    assert shown.code == 0
    for one in people(cli, calendar):
        assert (one["person"]["name"] or one["person"]["address"]) in shown.out
        assert one["status"] in shown.out


def test_explain_follows_the_number_back_to_the_meetings(cli: Cli, calendar: Path) -> None:
    one = next(one for one in people(cli, calendar) if one["typical_gap_days"] is not None)
    shown = cli("people", calendar, *READ, "--explain", one["person"]["address"])
    assert (shown.code, shown.err) == (0, "")
    words = " ".join(shown.out.split())
    for reason in one["reasons"]:
        assert reason["text"].replace(" %", "%") in words
    meetings = cli("meetings", calendar, *READ, "--json-lines").out.splitlines()
    held = [
        m
        for m in map(json.loads, meetings)
        if m["kind"] == "one_to_one"
        and m["held"]
        and one["person"]["address"] in {c["address"] for c in m["counterparts"]}
    ]
    assert len(held) == one["interactions"]
    for meeting in held:
        assert meeting["start"][:10] in shown.out
        assert meeting["title"] in shown.out
    (alive,) = (r["values"] for r in one["reasons"] if r["code"] == "tie_alive")
    assert re.search(rf"mean gap +{alive['mean_gap_days']:.1f} days", shown.out)
    assert re.search(rf"silence +{alive['silence_days']:.1f} days", shown.out)
    assert f"{alive['alive']:.0%}" in shown.out


def test_explain_takes_a_name_and_a_written_variant_of_an_address(cli: Cli, calendar: Path) -> None:
    one = people(cli, calendar)[0]["person"]
    by_address = cli("people", calendar, *READ, "--explain", one["address"].upper())
    assert by_address.code == 0
    assert cli("people", calendar, *READ, "--explain", one["name"]).out == by_address.out


def test_someone_met_only_among_others_is_explained_too(cli: Cli, calendar: Path) -> None:
    known = {one["person"]["address"] for one in people(cli, calendar)}
    meetings = map(json.loads, cli("meetings", calendar, *READ, "--json-lines").out.splitlines())
    other = next(
        c["address"] for m in meetings for c in m["counterparts"] if m["kind"] == "group" and c["address"] not in known
    )
    shown = cli("people", calendar, *READ, "--explain", other)
    assert "This calendar shows no one-to-one with them" in " ".join(shown.out.split())
    assert "which do not count" in shown.out


def test_someone_whom_nobody_knows_is_refused(cli: Cli, calendar: Path) -> None:
    done = cli("people", calendar, *READ, "--explain", "nobody@example.com")
    assert done.code == 2
    assert "knows nobody as 'nobody@example.com'" in done.err


@pytest.mark.parametrize("columns", ["40", "80", "140"])
def test_it_fits_any_width(cli: Cli, calendar: Path, columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    for words in ((), ("--explain", people(cli, calendar)[0]["person"]["address"])):
        shown = cli("people", calendar, *READ, *words)
        assert max(len(line) for line in shown.out.splitlines()) <= int(columns)


def test_a_calendar_without_one_to_ones_says_so(cli: Cli, tmp_path: Path) -> None:
    empty = tmp_path / "empty.ics"
    empty.write_text("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n")
    done = cli("people", empty, "--me", "me@example.com", *READ)
    assert done.code == 0
    assert "no one-to-one with anybody" in done.out


def test_an_explanation_is_no_json(cli: Cli, calendar: Path) -> None:
    done = cli("people", calendar, *READ, "--explain", "bo@example.com", "--json-lines")
    assert (done.code, done.out) == (2, "")
    assert "--explain is text" in done.err
