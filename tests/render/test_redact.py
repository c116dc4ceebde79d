"""Reports without names."""

from __future__ import annotations

import json

import pytest

from calsight.core.model.report import OneToOne, PersonOut, Report
from calsight.render.redact import initials, private, redact
from render.reports import NAMES, a_comparison, a_report, tie
from render.worlds import ATTACKS, of_names

#: Words that only a person, a place, a file or a title would bring into a report.
SECRETS = (*NAMES, "Ana Lopez", "ana@example.com", "work.ics", "example.com", "Madrid")


def words(text: str) -> set[str]:
    return {word for secret in text.split() for word in [secret] if len(word) > 2}


@pytest.fixture
def report() -> Report:
    return a_report(comparison=a_comparison())


@pytest.mark.parametrize("without", [private, redact])
def test_no_name_address_or_file_is_left(report, without):
    text = without(report).to_json()
    left = [secret for secret in SECRETS for word in words(secret) if word in text]
    assert left == (["Madrid"] if without is private else [])  # your own zone is no secret to those you show it to


@pytest.mark.parametrize("without", [private, redact])
@pytest.mark.parametrize("attack", ATTACKS)
def test_whatever_stands_where_a_name_may_stand_is_gone(without, attack):
    text = without(of_names((attack,), "Ana")).to_json()
    assert json.dumps(attack)[1:-1] not in text
    assert "example.com" not in text


def test_private_says_the_sentences_again_with_initials(report):
    shown = private(report)
    assert shown.owner.name == "AL"
    assert [known.person.name for known in shown.relationships[:2]] == ["BL", "CY"]
    assert shown.relationships[0].reasons[0].text.startswith("You met BL about every 10 days")
    assert shown.next_actions[0].text.startswith("Write to FA: 40 days without")
    assert shown.flag == report.flag


def test_private_keeps_whom_the_meetings_behind_a_week_were_with(report):
    first = report.relationships[1].person.id
    met = [OneToOne(start=report.as_of, minutes=30, person=who) for who in (first, "gone@example.com")]
    shown = private(report.model_copy(update={"one_to_ones": met}))
    assert [one.person for one in shown.one_to_ones] == ["person-2", ""]
    assert redact(report.model_copy(update={"one_to_ones": met})).one_to_ones == []


def test_two_with_the_same_initials_are_told_apart():
    names = ("Bo Lind", "Bea Lorca", "Bo Lind-Larsen")
    shown = private(a_report(names=names)).relationships
    assert [known.person.name for known in shown] == ["BL", "BL 2", "BLL"]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ana Lopez", "AL"),
        ("ana.lopez@example.com", "AL"),
        ("דנה כהן", "דכ"),
        ("", "?"),
        ("<>", "?"),
        ("Zoë", "Z"),
    ],
)
def test_initials(name, letters):
    assert initials(name) == letters


def test_redact_numbers_people_and_keeps_what_the_verdict_rests_on(report):
    shown = redact(report)
    assert [known.person.name for known in shown.relationships[:2]] == ["Person 1", "Person 2"]
    assert (shown.flag.level, shown.rate, shown.weeks, shown.counts) == (
        report.flag.level,
        report.rate,
        report.weeks,
        report.counts,
    )
    assert shown.flag.reasons[0].text == report.flag.reasons[0].text
    assert shown.settings["rate"] == report.settings["rate"]
    assert set(shown.settings) == {"rate", "relationships", "situation", "index"}


def test_a_companys_own_reasons_and_roles_are_not_told():
    report = a_report(
        excluded={"project_chimera": 2, "declined": 1},
        relationships=[tie("Bo", 0, role="chimera", scope="chimera", expectation=["Chimera!"])],
    )
    text = redact(report).to_json().casefold()
    assert "chimera" not in text
    assert redact(report).excluded == {"other": 2, "declined": 1}


def test_a_known_person_in_a_sentence_is_named_as_in_the_table():
    report = a_report(
        relationships=[tie("Bo Lind", 0, person=PersonOut(id="bo@x.org", name="Bo Lind", address="bo@x.org"))]
    )
    shown = redact(report).relationships[0]
    assert shown.reasons[0].values["name"] == "Person 1"
    assert shown.reasons[0].text.startswith("You met Person 1 about every")


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Europe/Madrid", "Etc/GMT-1"), ("America/New_York", "Etc/GMT+5"), ("UTC", "UTC"), ("Asia/Kathmandu", "UTC")],
)
def test_a_zone_becomes_its_offset(report, zone, shown):
    there = report.model_copy(update={"owner": report.owner.model_copy(update={"zone": zone})})
    assert redact(there).owner.zone == shown


def test_both_are_reports_that_can_be_read_again(report):
    for without in (private, redact):
        assert type(report).model_validate_json(without(report).to_json()) == without(report)


def test_a_new_field_of_the_report_must_be_thought_of_here():
    """`private` copies what it does not change: whoever adds a field to the report decides here whether it names anybody."""
    known = (
        "schema_ engine as_of window owner sources counts hours excluded coverage exposure flag rate weeks breadth situation "
        "visibility relationships one_to_ones own_people next_actions questions heat comparison corrections problems settings"
    )
    assert set(Report.model_fields) == set(known.split())
