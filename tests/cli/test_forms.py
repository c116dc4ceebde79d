"""The report's other forms, suggestions and the week, as a person asks for them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import icalendar
import pytest

from calsight.core.model.report import Report
from calsight.render.markdown import MarkdownRenderer
from cli.conftest import AS_OF, Ran

Cli = Callable[..., Ran]
READ = ("--as-of", AS_OF)


def report_of(cli: Cli, calendar: Path, *more: object) -> Report:
    ran = cli("report", calendar, *READ, "--json", *more)
    assert ran.code == 0, ran
    return Report.model_validate_json(ran.out)


def test_html_is_written_whole_and_said_on_stderr(cli: Cli, calendar: Path, tmp_path: Path) -> None:
    pytest.importorskip("vl_convert", reason="the page needs the extra [html]")
    target = tmp_path / "report.html"
    ran = cli("report", calendar, *READ, "--html", target)
    assert (ran.code, ran.out, ran.err) == (0, "", f"Written: {target}\n")
    text = target.read_text(encoding="utf-8")
    assert text.startswith("<!DOCTYPE html>")
    assert "Theo Lindqvist" in text
    assert [path.name for path in tmp_path.iterdir() if path.suffix] == ["report.html"]


def test_without_the_extra_the_page_names_the_command_that_installs_it(
    cli: Cli, calendar: Path, tmp_path: Path, monkeypatch
) -> None:
    for name in [name for name in sys.modules if name.startswith("calsight.render.html.renderer")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "jinja2", None)
    ran = cli("report", calendar, *READ, "--html", tmp_path / "report.html")
    assert ran.code == 2
    assert "pip install 'calsight[html]'" in ran.err


def test_markdown_goes_to_a_file_or_to_standard_output(cli: Cli, calendar: Path, tmp_path: Path) -> None:
    target = tmp_path / "report.md"
    cli("report", calendar, *READ, "--markdown", target)
    ran = cli("report", calendar, *READ, "--render", "markdown", "-")
    assert ran.out == target.read_text(encoding="utf-8")
    assert ran.out == "".join(MarkdownRenderer()(report_of(cli, calendar)))


@pytest.mark.parametrize(
    ("option", "name"),
    [("--html", "r.html"), ("--markdown", "r.md"), ("--pdf", "r.pdf"), ("--card", "c.svg"), ("--card", "c.png")],
)
def test_a_report_of_last_week_is_written_over_and_no_other_file(
    cli: Cli, calendar: Path, tmp_path: Path, option: str, name: str
) -> None:
    if option == "--pdf":
        pytest.importorskip("weasyprint", reason="the extra [pdf]")
    path = tmp_path / name
    for _ in range(2):
        assert cli("report", calendar, *READ, option, path).code == 0
    path.write_bytes(b"mine")
    refused = cli("report", calendar, *READ, option, path)
    assert (refused.code, path.read_bytes()) == (2, b"mine")
    assert "calsight did not write it" in refused.err


def test_json_and_a_file_in_one_run(cli: Cli, calendar: Path, tmp_path: Path) -> None:
    ran = cli("report", calendar, *READ, "--json", "--markdown", tmp_path / "report.md")
    assert json.loads(ran.out)["schema"] == "calsight.report/1"
    assert (tmp_path / "report.md").exists()


@pytest.mark.parametrize("form", [("--json",), ("--render", "markdown", "-"), ()], ids=["json", "markdown", "terminal"])
@pytest.mark.parametrize("without", ["--private", "--redact"])
def test_names_are_hidden_in_every_form(cli: Cli, calendar: Path, without: str, form: tuple[str, ...]) -> None:
    open_report = report_of(cli, calendar)
    shown = cli("report", calendar, *READ, without, *form).out
    names = {word for tie in open_report.relationships for word in tie.person.name.split()} | {"Theo", "Lindqvist"}
    assert len(names) > 4
    assert not [name for name in names if name in shown]
    assert "@" not in shown


def test_a_baseline_says_what_changed(cli: Cli, calendar: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.json"
    old.write_text(cli("report", calendar, "--as-of", "2026-08-30", "--json").out, encoding="utf-8")
    comparison = report_of(cli, calendar, "--baseline", old).comparison
    assert comparison is not None
    assert comparison.changes[0].code in {"compare_level", "compare_level_same"}
    said = cli("report", calendar, *READ, "--baseline", old).out
    assert "Then, on 30 August 2026" in said
    assert said.count(comparison.changes[0].text) == 1


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("not json", "no report of calsight's"),
        ('{"schema": "calsight.report/2"}', "no report"),
        (None, "cannot be read"),
    ],
)
def test_a_baseline_that_is_none_is_one_sentence(cli: Cli, calendar: Path, tmp_path: Path, content, word: str) -> None:
    old = tmp_path / "old.json"
    if content is not None:
        old.write_text(content)
    ran = cli("report", calendar, *READ, "--baseline", old)
    assert ran.code == 2
    assert word in ran.err
    assert "Traceback" not in ran.err


def test_somebody_elses_report_is_no_baseline(cli: Cli, calendar: Path, tmp_path: Path) -> None:
    old = json.loads(cli("report", calendar, *READ, "--json").out)
    old["owner"]["addresses"] = ["someone@example.com"]
    path = tmp_path / "old.json"
    path.write_text(json.dumps(old))
    ran = cli("report", calendar, *READ, "--baseline", path)
    assert ran.code == 2
    assert "somebody else" in ran.err


def test_a_calendar_that_was_read_is_never_written_over(cli: Cli, calendar: Path) -> None:
    before = calendar.read_bytes()
    for words in (("report", "--markdown"), ("suggest", "--ics")):
        ran = cli(words[0], calendar, *READ, words[1], calendar)
        assert ran.code == 2
        assert "would destroy it" in ran.err
    assert calendar.read_bytes() == before


def test_a_file_that_cannot_be_written_is_one_sentence(cli: Cli, calendar: Path, tmp_path: Path) -> None:
    ran = cli("report", calendar, *READ, "--markdown", tmp_path / "nowhere" / "report.md")
    assert ran.code == 2
    assert "cannot be written" in ran.err


def test_an_unknown_renderer_names_those_that_are_there(cli: Cli, calendar: Path, tmp_path: Path) -> None:
    ran = cli("report", calendar, *READ, "--render", "markdwn", tmp_path / "x")
    assert ran.code == 2
    assert "'markdown'" in ran.err


def test_suggestions_name_people_and_times_and_write_proposals(cli: Cli, calendar: Path, tmp_path: Path) -> None:
    target = tmp_path / "proposals.ics"
    ran = cli("suggest", calendar, *READ, "--ics", target)
    assert ran.code == 0
    assert "1. " in ran.out
    assert "ask whether it suits them" in ran.out
    proposed = icalendar.Calendar.from_ical(target.read_bytes()).walk("VEVENT")
    assert proposed
    assert all(event["status"] == "TENTATIVE" and "attendee" not in event for event in proposed)


def test_suggestions_never_lie_on_what_the_calendar_holds(cli: Cli, calendar: Path, tmp_path: Path) -> None:
    target = tmp_path / "proposals.ics"
    cli("suggest", calendar, *READ, "--ics", target)
    lines = cli("events", calendar, *READ).out.splitlines()
    busy = [event for event in map(json.loads, lines) if event["status"] != "cancelled" and event["show_as"] != "free"]
    for event in icalendar.Calendar.from_ical(target.read_bytes()).walk("VEVENT"):
        start, end = (f"{event.decoded(name):%Y-%m-%dT%H:%M:%SZ}" for name in ("dtstart", "dtend"))
        assert not [each["uid"] for each in busy if each["start"] < end and start < each["end"]]


def test_the_week_says_what_was_and_what_is_usual(cli: Cli, calendar: Path) -> None:
    ran = cli("week", calendar, *READ)
    assert ran.code == 0
    assert "Last week, from 16 November 2026" in ran.out
    assert "usually" in ran.out
    assert "A time for " in ran.out


def test_reports_are_remembered_for_the_week_unless_settings_say_otherwise(
    cli: Cli, calendar: Path, tmp_path: Path
) -> None:
    cli("report", calendar, "--as-of", "2026-11-08")
    assert "Your last reports said: at risk (8 Nov 2026)." in " ".join(cli("week", calendar, *READ).out.split())
    off = tmp_path / "settings.toml"
    off.write_text("[history]\nkeep = false\n")
    before = {path: path.read_bytes() for path in (tmp_path / "home").rglob("history.jsonl")}
    cli("report", calendar, "--as-of", "2026-11-01", "--settings", off)
    assert {path: path.read_bytes() for path in (tmp_path / "home").rglob("history.jsonl")} == before != {}
