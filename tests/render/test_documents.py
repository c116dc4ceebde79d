"""What programs are told: the same whether a command, the web API or an MCP server says it."""

from __future__ import annotations

import json

import pytest

from calsight import Kind, pipeline
from calsight.cli import main
from calsight.core.model.answers import SuggestionsOut, WeekOut
from calsight.demo import invent
from calsight.errors import UsageError
from calsight.pipeline.suggestions import last_week, suggested
from calsight.render.documents import entry_out, meetings_out, people_out, person_out, suggestions_out, week_out
from calsight.render.languages import said_in
from calsight.render.meeting_lines import meeting_line
from calsight.testing import event, moment

AS_OF = moment("2026-11-22 18:00")
GIVEN = ("--me", "amara.diallo@northgate.example", "--as-of", "2026-11-22")


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    calendar = invent("little_time_low_interest", as_of=AS_OF)
    file = tmp_path_factory.mktemp("demo") / calendar.file_name
    file.write_bytes(calendar.ics)
    return file


@pytest.fixture(scope="module")
def judgement(path):
    return pipeline.judge(pipeline.read(path, me=GIVEN[1], as_of="2026-11-22", settings={}, cache=False))


def test_meetings_are_the_lines_of_the_command_line(judgement):
    inside = [m for m in judgement.meetings if m.start in judgement.reading.horizon]
    told = meetings_out(judgement)
    assert [json.loads(one.model_dump_json()) for one in told.meetings] == [meeting_line(m) for m in inside]
    assert told.total == len(inside)


def test_meetings_come_in_pages_and_of_a_kind(judgement):
    whole = meetings_out(judgement, kinds=[Kind.ONE_TO_ONE])
    assert {one.kind for one in whole.meetings} == {Kind.ONE_TO_ONE}
    pages = [
        meetings_out(judgement, kinds=[Kind.ONE_TO_ONE], first=first, most=5) for first in range(0, whole.total, 5)
    ]
    assert [one for page in pages for one in page.meetings] == whole.meetings
    assert {page.total for page in pages} == {whole.total}


def test_people_are_those_of_the_report(judgement):
    whole = people_out(judgement)
    assert whole.people == pipeline.report(judgement).relationships
    assert people_out(judgement, first=1, most=2).people == whole.people[1:3]


def test_an_entry_is_explained_with_occurrences_that_went_the_same_way_together(judgement):
    series = next(m for m in judgement.meetings if m.event.series and m.kind is Kind.GROUP)
    found = entry_out(judgement, series.event.uid)
    assert sum(len(entry.days) for entry in found.entries) == sum(
        m.event.uid == series.event.uid for m in judgement.meetings
    )
    assert all(entry.rules[-1].answer for entry in found.entries)
    with pytest.raises(UsageError, match="No entry gone"):
        entry_out(judgement, "gone")


def test_a_person_is_explained_with_what_counted_and_what_did_not():
    events = [
        event("ana", "bo", at="2026-11-03 10:00"),
        event("ana", "bo", "cy", at="2026-11-04 10:00"),
    ]
    judged = pipeline.judge(pipeline.read(events, me="ana@example.com", as_of="2026-11-22", settings={}))
    bo = person_out(judged, "bo@example.com")
    assert (len(bo.counted), len(bo.not_counted)) == (1, 1)
    assert bo.person == pipeline.report(judged).relationships[0]
    cy = person_out(judged, "Cy")
    assert cy.person is not None
    assert cy.counted == []


def test_the_command_line_says_the_same_of_the_week_and_of_whom_to_meet(path, judgement, tmp_path, monkeypatch, capfd):
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.delenv("CALSIGHT_SETTINGS", raising=False)
    assert main(["week", str(path), *GIVEN, "--json", "--no-cache"]) == 0
    assert WeekOut.model_validate_json(capfd.readouterr().out) == WeekOut.model_validate_json(
        week_out(last_week(judgement)).model_dump_json()
    )
    assert main(["suggest", str(path), *GIVEN, "--json", "--no-cache"]) == 0
    assert SuggestionsOut.model_validate_json(capfd.readouterr().out) == SuggestionsOut.model_validate_json(
        suggestions_out(suggested(judgement)).model_dump_json()
    )
    assert main(["suggest", str(path), *GIVEN, "--json", "--ics", "-"]) == 2


def test_a_document_is_said_in_another_language(judgement):
    week = week_out(last_week(judgement))
    german = said_in(week, "de")
    assert german.held[0].code == week.held[0].code
    assert german.held[0].text.startswith("Letzte Woche")
