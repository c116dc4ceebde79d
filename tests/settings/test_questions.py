"""`calsight setup`: what is asked, what is guessed, and how answers are read."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.core.model.options import WorkOptions
from calsight.settings.file import Settings, load_settings, settings_from, write_settings
from calsight.settings.questions import (
    Guess,
    Question,
    country_of_zone,
    guess,
    interview,
    read_addresses,
    read_domains,
    read_hours,
    read_place,
    read_zone,
    say_hours,
    work_domains,
)

BERLIN = Guess(("ana@example.com",), "Europe/Berlin", "DE")


def answers(**given: str | list[str]) -> tuple[Callable[[Question], str], list[Question]]:
    """A person who answers by key (dots as double underscores), in turn where there are several answers; else Enter."""
    asked: list[Question] = []

    def ask(question: Question) -> str:
        asked.append(question)
        answer = given.get(question.key.replace(".", "__"), "")
        return answer if isinstance(answer, str) else answer.pop(0)

    return ask, asked


def test_five_questions_are_asked_and_enter_takes_what_is_guessed() -> None:
    ask, asked = answers()
    changes = interview(ask, Settings(), BERLIN)
    assert [question.key for question in asked] == [
        "owner.addresses",
        "work.zone",
        "work.country",
        "work.hours",
        "people.organisation_domains",
    ]
    assert changes == {
        "owner.addresses": ("ana@example.com",),
        "work.zone": "Europe/Berlin",
        "work.country": "DE",
        "people.organisation_domains": ("example.com",),
    }


def test_with_nothing_guessed_enter_changes_nothing() -> None:
    ask, _ = answers()
    assert interview(ask, Settings(), Guess()) == {}


def test_what_is_set_already_is_the_default_and_stays() -> None:
    settings = settings_from(
        {
            "owner": {"addresses": ["bo@example.org"]},
            "work": {"zone": "Asia/Tokyo", "country": "DE", "subdivision": "BY", "hours": {"monday": ["10:00-12:00"]}},
        }
    )
    ask, asked = answers(people__organisation_domains="none")
    assert interview(ask, settings, BERLIN) == {}
    assert [question.default for question in asked][:4] == ["bo@example.org", "Asia/Tokyo", "DE-BY", "mon 10:00-12:00"]


def test_none_takes_a_setting_away() -> None:
    ask, _ = answers(work__zone="None", work__country="none")
    settings = Settings(work=WorkOptions(zone="Asia/Tokyo", country="DE", subdivision="BY"))
    assert interview(ask, settings, Guess()) == {"work.zone": "", "work.country": "", "work.subdivision": ""}


def test_a_wrong_answer_is_asked_for_again_with_the_reason() -> None:
    ask, asked = answers(work__zone=["Mars", "Asia/Tokyo"])
    assert interview(ask, Settings(), Guess())["work.zone"] == "Asia/Tokyo"
    complaints = [question.complaint for question in asked if question.key == "work.zone"]
    assert complaints == ["", "'Mars' is not an IANA time zone such as 'Europe/Berlin'."]


def test_the_answers_can_be_written_and_read(tmp_path: Path) -> None:
    ask, _ = answers(work__hours="mon-thu 9-12:30 13-17, fri 9-14", work__country="us-CA")
    written = write_settings(tmp_path / "settings.toml", interview(ask, Settings(), BERLIN))
    assert load_settings(tmp_path / "settings.toml") == written
    assert written.work.hours["thursday"] == ("09:00-12:30", "13:00-17:00")
    assert (written.work.country, written.work.subdivision) == ("US", "CA")


# Guesses


def test_the_system_s_zone_suggests_a_country() -> None:
    assert guess({"EMAIL": "ana@example.com"}, "Europe/Berlin") == BERLIN
    assert country_of_zone("America/New_York") == "US"


@pytest.mark.parametrize("zone", ["UTC", "Etc/UTC", "", "Nowhere/Land"])
def test_a_server_s_clock_says_nothing_of_its_user(zone: str) -> None:
    assert guess({}, zone) == Guess()


def test_an_email_variable_that_is_no_address_is_no_guess() -> None:
    assert guess({"EMAIL": "root"}, "UTC").addresses == ()


def test_public_mail_providers_are_no_organisation() -> None:
    assert work_domains(["ana@gmail.com", "ana@Example.com", "a.b@example.com"]) == ("example.com",)


# Answers


def test_lists_are_read_with_commas_or_spaces() -> None:
    assert read_addresses("ana@example.com, ana@example.org ana@example.com") == ("ana@example.com", "ana@example.org")
    assert read_domains("Example.com; example.org") == ("example.com", "example.org")
    assert read_addresses("none") == read_domains("none") == ()


def test_a_place_is_a_country_with_a_part_or_without() -> None:
    assert read_place("de") == ("DE", "")
    assert read_place("DE-BY") == ("DE", "BY")
    assert read_place("none") == ("", "")


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("mon 9-17", {"monday": ("09:00-17:00",)}),
        ("Monday 09:00 - 17:30", {"monday": ("09:00-17:30",)}),
        ("sat,sun 10-11", {"saturday": ("10:00-11:00",), "sunday": ("10:00-11:00",)}),
        ("tue 13-17 9-12; thu 9-12", {"tuesday": ("09:00-12:00", "13:00-17:00"), "thursday": ("09:00-12:00",)}),
        ("sun-mon 8-9", {"monday": ("08:00-09:00",), "sunday": ("08:00-09:00",)}),
        ("mon 9-5", {"monday": ("09:00-17:00",)}),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, hours: dict[str, tuple[str, ...]]) -> None:
    assert read_hours(text) == hours


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("9-17", "Say on which days, such as: mon-fri 9-17."),
        ("mon", "Say days and hours, such as: mon-fri 9-17."),
        ("", "Say days and hours"),
        ("mon 9-17 tue", "Say days and hours"),
        ("mon all", "'all' is neither a day (mon, mon-fri) nor a span of hours"),
        ("mon 9-17 16-18", "'09:00-17:00' and '16:00-18:00' overlap."),
        ("mon 17-16", "'17:00-16:00' ends before it begins"),
    ],
)
def test_hours_that_make_no_sense_are_explained(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        read_hours(text)


@pytest.mark.parametrize(
    ("read", "text"), [(read_addresses, "ana"), (read_domains, "@x"), (read_zone, "Mars"), (read_place, "Mars")]
)
def test_other_answers_that_make_no_sense_are_explained(read: Callable[[str], object], text: str) -> None:
    with pytest.raises(ValueError, match=rf"(?i){text}"):
        read(text)


DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPANS = st.sampled_from([("09:00-17:00",), ("08:30-12:00", "13:00-16:45"), ("00:00-24:00",), ("22:00-24:00",)])


@given(st.dictionaries(st.sampled_from(DAYS), SPANS, min_size=1))
def test_hours_are_read_back_as_they_are_said(hours: dict[str, tuple[str, ...]]) -> None:
    assert read_hours(say_hours(hours)) == hours  # type: ignore[arg-type]
