"""`calsight keep`: shown first, reminded of, undone, and never in the verdict. And correcting without UIDs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from calsight.cli import common
from calsight.settings.corrections_file import corrections_path, load_corrections
from cli.conftest import AS_OF

READ = ("--no-cache", "--as-of", AS_OF)
KARIN = "karin.sjögren@fjordbank.example"


def test_it_is_shown_first_reminded_of_and_no_part_of_the_verdict(cli, calendar):
    before = json.loads(cli("report", calendar, *READ, "--json").out)
    assert cli("keep", KARIN, "--every", "3w").out.startswith(f"You want to meet {KARIN} every 3 weeks. Kept in ")
    after = json.loads(cli("report", calendar, *READ, "--json").out)
    assert [each["person"]["name"] for each in after.pop("own_people")] == ["Karin Sjögren"]
    assert before.pop("own_people") == []
    assert after == before
    assert cli("people", calendar, *READ).out.startswith("Your own people (1)\n• Karin Sjögren: ")
    assert cli("suggest", calendar, *READ).out.startswith("1. Karin Sjögren\n")
    assert "and you want to meet every 3 weeks." in " ".join(cli("week", calendar, *READ).out.split())


def test_it_is_listed_and_undone_like_a_correction(cli):
    cli("keep", "bo@example.com")
    cli("keep", "BO@example.com", "--every", "1 week")
    assert cli("correct", "list").out == "1. You want to meet BO@example.com every week.\n"
    assert cli("correct", "undo", "1").out == "Taken back: You want to meet BO@example.com every week.\n"
    assert load_corrections(corrections_path()) == []


@pytest.mark.parametrize("words", [("keep",), ("note", "--on", "2026-03-04")])
def test_nobody_is_called_by_a_whole_domain(cli, words):
    ran = cli(*words, "@example.com")
    assert (ran.code, ran.out) == (2, "")
    assert "a whole domain: name one person" in ran.err
    assert load_corrections(corrections_path()) == []


@pytest.mark.parametrize("every", ["0w", "53w", "soon", "-1", "3d", ""])
def test_an_interval_that_is_none_is_refused(cli, every):
    ran = cli("keep", "bo@example.com", "--every", every)
    assert (ran.code, ran.out) == (2, "")
    assert "--every 3w" in ran.err


def test_the_lines_of_meetings_are_numbered_and_explained_by_their_number(cli, calendar):
    every = cli("meetings", calendar, *READ).out.splitlines()
    ones = cli("meetings", calendar, *READ, "--kind", "one_to_one").out.splitlines()
    number = ones[0].split()[0]
    assert number in {line.split()[0] for line in every if "one-to-one" in line}
    told = cli("meetings", calendar, *READ, "--explain", number)
    assert "So it is: one-to-one" in told.out
    assert "calsight correct meeting 'Elin / Theo: credit model' --on " in " ".join(told.out.split())
    assert cli("meetings", calendar, *READ, "--explain", "9999").code == 2


def test_an_entry_is_corrected_by_its_title_and_day(cli, calendar):
    lines = [json.loads(line) for line in cli("meetings", calendar, *READ, "--json-lines").out.splitlines()]
    one = next(line for line in lines if line["kind"] == "one_to_one")
    said = cli("correct", "meeting", one["title"].upper(), "--on", one["start"][:10], "--not-one-to-one")
    assert said.code == 0
    after = [json.loads(line) for line in cli("meetings", calendar, *READ, "--json-lines").out.splitlines()]
    assert [new["reason"] for old, new in zip(lines, after, strict=True) if old != new] == ["you_said"]
    text = " ".join(cli("report", calendar, *READ).out.split())
    assert "is not a one-to-one" in text


def test_a_title_needs_a_day(cli):
    ran = cli("correct", "meeting", "Weekly with Bo", "--one-to-one")
    assert ran.code == 2
    assert "--on DATE" in ran.err


def test_people_shows_what_the_other_commands_take(cli, calendar):
    out = cli("people", calendar, *READ).out
    assert f"\n{KARIN} " in out
    assert "calsight note" in out


def test_a_shell_can_complete_it(cli, monkeypatch):
    monkeypatch.setenv("_CALSIGHT_COMPLETE", "bash_source")
    assert "complete -o nosort" in cli().out
    monkeypatch.setenv("_CALSIGHT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "calsight me")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert cli().out == "plain,meetings\n"


@pytest.mark.parametrize(
    ("name", "content", "menu"),
    [
        ("work.csv", b"Betreff;Beginnt am\nTermin;1.3.2026\n", "File, Save Calendar"),
        ("work.pst", b"!BDN\x00\x00", "File, Save Calendar"),
        ("invitation.eml", b"From: bo@example.com\r\nSubject: Termin\r\n\r\nHallo", "Settings, Import & export"),
        ("no ending", b"Received: from a by b\r\nFrom: bo@example.com\r\n\r\nHallo", "this is mail"),
        ("table", b'"Subject","Start Date"\n', "this is a table"),
    ],
)
def test_files_of_other_kinds_name_the_menu_of_their_program(cli, tmp_path: Path, name, content, menu):
    path = tmp_path / name
    path.write_bytes(content)
    ran = cli("report", path)
    assert ran.code == 3
    assert menu in ran.err


def test_a_terminal_breaks_what_was_kept_between_words(cli, monkeypatch):
    monkeypatch.setattr(common, "terminal_width", lambda: 40)
    lines = cli("keep", "bo@example.com").out.splitlines()
    assert lines[0] == "You want to meet bo@example.com every 4"
    assert str(corrections_path()) in "\n".join(lines).replace("\n", " ")
