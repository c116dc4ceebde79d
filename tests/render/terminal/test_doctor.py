"""A diagnosis in a terminal: the verdict, each calendar, whose it is, and what to do."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime

from calsight.core.model.events import Problem
from calsight.core.model.meetings import Owner
from calsight.core.wording.reasons import reason
from calsight.core.wording.words import Words
from calsight.pipeline.diagnosis import CalendarDiagnosis, Diagnosis
from calsight.render.languages import words_in
from calsight.render.terminal.doctor import DiagnosisView
from calsight.render.terminal.screen import console

CALENDAR = CalendarDiagnosis(
    source="work.ics",
    name="",
    producer="",
    zone="",
    occurrences=1200,
    first=datetime(2026, 1, 5, 9, tzinfo=UTC),
    last=datetime(2026, 6, 26, 9, tzinfo=UTC),
    last_sign=datetime(2026, 6, 27, tzinfo=UTC),
    zones=(("UTC", 1100), ("Europe/Berlin", 100)),
    with_people=900,
    hidden=0,
    recurring=400,
    problems=(),
)
GOOD = Diagnosis(
    calendars=(CALENDAR,),
    owner=Owner(("ana@example.com",), "Ana", "detected"),
    owner_trouble="",
    zone="UTC",
    last_sign=None,
    advice=(),
    judgeable=True,
)


def screen(diagnosis: Diagnosis, words: Words | None = None) -> str:
    made = io.StringIO()
    console(made, width=100).print(DiagnosisView(diagnosis, words or Words()))
    return made.getvalue()


def row(text: str, name: str) -> str:
    (line,) = [line for line in text.splitlines() if line.startswith(name)]
    return " ".join(line.removeprefix(name).split())


def test_a_calendar_is_told_in_numbers():
    shown = screen(GOOD)
    assert shown.startswith("This can be judged.")
    assert row(shown, "written by") == "it does not say"
    assert row(shown, "entries") == "1,200 from 2026-01-05 to 2026-06-26, four weeks ahead included"
    assert row(shown, "naming people") == "900 (75%)"
    assert row(shown, "zones") == "UTC (1,100), Europe/Berlin (100)"
    assert row(shown, "owner") == "ana@example.com (found by the invitations)"
    assert "What to do" not in shown


def test_the_same_in_german():
    shown = screen(GOOD, words_in("de"))
    assert row(shown, "Einträge") == "1.200 vom 05.01.2026 bis zum 26.06.2026, vier Wochen im Voraus eingeschlossen"
    assert row(shown, "wem er gehört") == "ana@example.com (anhand der Einladungen gefunden)"


def test_what_was_set_aside_is_listed_with_its_uid_and_cut_where_it_is_much():
    problems = [Problem("bad_entry", f"Entry {n} has no start.", uid=f"u-{n}") for n in range(60)]
    shown = screen(replace(GOOD, calendars=(replace(CALENDAR, problems=tuple(problems)),)))
    assert row(shown, "set aside") == "60"
    assert "Entry 0 has no start. (UID u-0)" in shown
    assert "Entry 50" not in shown
    assert "and 10 more: --json lists them all" in shown


def test_nothing_to_judge_says_what_to_do():
    empty = replace(CALENDAR, occurrences=0, first=None, last=None, last_sign=None)
    advice = (reason("doctor_empty"),)
    shown = screen(replace(GOOD, calendars=(empty,), owner=None, judgeable=False, reasons=advice))
    assert shown.startswith("This cannot be judged as it is.")
    assert row(shown, "entries") == "none in the window"
    assert row(shown, "owner") == "not found"
    assert "•  Nothing lies inside the window." in shown
