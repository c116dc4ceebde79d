"""The command line speaks the system's language, or the one that is asked for; programs get English unless they ask."""

from __future__ import annotations

import json

import pytest

from cli.conftest import AS_OF

COMMANDS = {
    "report": ("Du läufst Gefahr, unsichtbar zu werden", "Wohin die Zeit ging", "Nicht mitgezählt:"),
    "people": ("Nur Begegnungen", "lebendig"),
    "meetings": ("Mo., 25. Mai", "Einzelgespräch", "niemand sonst"),
    "week": ("Letzte Woche, ab 16. November 2026",),
    "suggest": ("Nils Holm", "frei bei dir; frag, ob es passt"),
    "doctor": ("Das lässt sich beurteilen.", "vom 18.05.2026 bis zum"),
}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_systems_language_is_spoken(cli, calendar, monkeypatch, command):
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    shown = cli(command, calendar, "--as-of", AS_OF, "--no-cache")
    assert shown.code == 0
    for words in COMMANDS[command]:
        assert words in shown.out


@pytest.mark.parametrize("command", COMMANDS)
def test_what_is_asked_for_goes_before_the_system(cli, calendar, monkeypatch, command):
    english = cli(command, calendar, "--as-of", AS_OF, "--no-cache").out
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert cli(command, calendar, "--as-of", AS_OF, "--no-cache", "--language", "en").out == english


def test_programs_get_english_unless_they_ask(cli, calendar, monkeypatch):
    request = ("report", calendar, "--as-of", AS_OF, "--no-cache", "--json")
    english = cli(*request).out
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    assert cli(*request).out == english
    german = json.loads(cli(*request, "--language", "de").out)
    reason, same = german["flag"]["reasons"][0], json.loads(english)["flag"]["reasons"][0]
    assert (reason["code"], reason["values"]) == (same["code"], same["values"])
    assert "Einzelgespräche in" in reason["text"]


def test_lines_and_the_diagnosis_ask_too(cli, calendar):
    lines = cli("people", calendar, "--as-of", AS_OF, "--no-cache", "--json-lines", "--language", "de").out.splitlines()
    assert any("getroffen" in reason["text"] for line in lines for reason in json.loads(line)["reasons"])
    found = json.loads(cli("doctor", calendar, "--as-of", AS_OF, "--no-cache", "--json", "--language", "de").out)
    assert found["advice"] == [reason["text"] for reason in found["reasons"]]
    assert "Zeitzone" in found["advice"][0]


def test_files_are_written_in_that_language(cli, calendar, tmp_path):
    page, notes, proposals = (tmp_path / name for name in ("page.html", "notes.md", "proposals.ics"))
    request = (calendar, "--as-of", AS_OF, "--no-cache", "--language", "de")
    assert cli("report", *request, "--html", page, "--markdown", notes).code == 0
    assert cli("suggest", *request, "--ics", proposals).code == 0
    assert '<html lang="de"' in page.read_text("utf-8")
    assert "## Deine Menschen" in notes.read_text("utf-8")
    assert "SUMMARY:Zeit für Nils Holm und Theo Lindqvist" in proposals.read_text("utf-8")


def test_explanations_are_german_too(cli, calendar):
    people = cli("people", calendar, "--as-of", AS_OF, "--language", "de", "--explain", "Karin Sjögren").out
    assert "Wie das Ergebnis zustande kommt" in people
    lines = cli("meetings", calendar, "--as-of", AS_OF, "--json-lines").out.splitlines()
    uid = next(found["uid"] for found in map(json.loads, lines) if found["kind"] == "one_to_one")
    meeting = cli("meetings", calendar, "--as-of", AS_OF, "--language", "de", "--explain", uid).out
    assert "Ist es abgesagt?" in meeting
    assert "Also ist es: Einzelgespräch (genau eine weitere Person)" in meeting


def test_the_demo_is_german_too(cli):
    shown = cli("demo", "--situation", "much_time_low_interest", "--as-of", AS_OF, "--language", "de").out
    assert "Theo Lindqvist: viel Zeit, wenig Interesse" in shown
    assert "Diese Menschen sind erfunden." in shown


def test_a_language_that_is_not_there_is_said_before_anything_is_read(cli):
    refused = cli("report", "no-such-file.ics", "--language", "tlh")
    assert refused.code == 2
    assert refused.err == "calsight: There is no language 'tlh'. There are: de, en.\n"
