"""Without names: whatever is asked for, nobody can be told by name, address or title."""

from __future__ import annotations

import re

import pytest

from calsight import pipeline
from calsight.demo import invent
from calsight.pipeline.diagnosis import diagnose
from calsight.pipeline.suggestions import last_week, suggested
from calsight.render.documents import meetings_out, people_out, suggestions_out, week_out
from calsight.render.nameless import nameless, nameless_diagnosis, without_addresses
from calsight.testing import event, moment


@pytest.fixture(scope="module")
def calendar():
    return invent("little_time_low_interest", as_of=moment("2026-11-22 18:00"))


@pytest.fixture(scope="module")
def judgement(calendar, tmp_path_factory):
    file = tmp_path_factory.mktemp("of-ana-lopez") / calendar.file_name
    file.write_bytes(calendar.ics)
    return pipeline.judge(pipeline.read(file, as_of="2026-11-22", settings={}, cache=False))


@pytest.fixture(scope="module")
def strangers(calendar) -> set[str]:
    """All that a calendar says of people, and all its titles."""
    lines = calendar.ics.decode().replace("\r\n ", "").splitlines()
    names = {name for line in lines for name in re.findall(r'CN="?([^";:]+)', line)}
    titles = {line.partition(":")[2] for line in lines if line.startswith("SUMMARY")}
    assert len(names) > 5
    return names | {title for title in titles if len(title) > 8}


@pytest.mark.parametrize("name", ["meetings", "people", "suggestions", "week"])
def test_a_document_tells_initials_and_nothing_else_of_anybody(judgement, strangers, name):
    whole = {
        "meetings": lambda: meetings_out(judgement),
        "people": lambda: people_out(judgement),
        "suggestions": lambda: suggestions_out(suggested(judgement)),
        "week": lambda: week_out(last_week(judgement)),
    }[name]()
    told = nameless(whole, pipeline.report(judgement))
    assert type(told) is type(whole)
    text = told.model_dump_json()
    assert {one for one in strangers if one in text} == set()
    assert "@" not in text
    assert "northgate" not in text
    assert ".ics" not in text


def test_what_is_no_name_stays(judgement):
    report = pipeline.report(judgement)
    whole, told = meetings_out(judgement), nameless(meetings_out(judgement), report)
    assert told.total == whole.total
    for one, other in zip(whole.meetings, told.meetings, strict=True):
        assert (one.start, one.kind, one.reason, one.held, len(one.counterparts)) == (
            *(other.start, other.kind, other.reason, other.held),
            len(other.counterparts),
        )
    assert {one.source for one in told.meetings} == {"calendar 1"}
    people = nameless(people_out(judgement, first=1, most=2), report)
    assert [tie.interactions for tie in people.people] == [tie.interactions for tie in report.relationships[1:3]]
    assert all(tie.person.name.isupper() for tie in people.people)


def test_the_same_person_has_the_same_initials_everywhere(judgement):
    report = pipeline.report(judgement)
    known = {tie.person.name: tie.person.id for tie in nameless(people_out(judgement), report).people}
    for one in nameless(suggestions_out(suggested(judgement)), report).suggestions:
        assert known.get(one.person.name, "") == one.person.id  # somebody may be named who was never met alone


def test_a_diagnosis_names_nobody(judgement, strangers):
    told = nameless_diagnosis(diagnose(judgement.reading))
    assert told.judgeable
    assert [one.name for one in told.calendars] == ["calendar 1"]
    assert "@" not in repr(told)
    assert not any(one in repr(told) for one in strangers)


def test_a_zone_is_nobodys_name(judgement):
    said = [reason.text for reason in nameless_diagnosis(diagnose(judgement.reading)).reasons]
    assert any(text.startswith("The zone Europe/Berlin was taken from the calendar") for text in said)


def test_a_diagnosis_of_nobodys_calendar_names_no_candidate():
    undecided = [event("ana", "bo", at=f"2026-03-{day:02} 10:00", organizer="") for day in range(2, 9)]
    found = diagnose(pipeline.read(undecided, as_of="2026-03-28", settings={}, cache=False))
    assert found.owner is None
    told = nameless_diagnosis(found)
    assert "@" not in repr(told)
    assert told.owner_trouble


def test_an_error_tells_no_address():
    assert without_addresses("Is it ana@example.com, or <bo@example.com>?") == "Is it …, or <…>?"
