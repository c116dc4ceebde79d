"""`calsight setup`, typed into."""

import tomllib
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from calsight.cli.setup import command


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    monkeypatch.setenv("EMAIL", "ana@example.com")
    return tmp_path / "folder" / "settings.toml"


def typed(file: Path, *answers: str) -> click.testing.Result:
    typed = "".join(f"{answer}\n" for answer in answers)
    # With the group's own names of help, which click keeps with a command once it was asked.
    return CliRunner().invoke(command, ["--settings", str(file)], input=typed, help_option_names=["-h", "--help"])


def test_the_answers_are_written(file: Path) -> None:
    done = typed(file, "ana@example.com", "Asia/Tokyo", "JP", "mon-thu 9-17", "")
    assert done.exit_code == 0, done.output
    assert tomllib.loads(file.read_text("utf-8")) == {
        "owner": {"addresses": ["ana@example.com"]},
        "work": {
            "zone": "Asia/Tokyo",
            "country": "JP",
            "hours": {day: ["09:00-17:00"] for day in ("monday", "tuesday", "wednesday", "thursday")},
        },
        "people": {"organisation_domains": ["example.com"]},
    }
    assert "Written: owner.addresses, work.zone, work.country, work.hours" in done.output


def test_a_wrong_answer_is_explained_and_asked_for_again(file: Path) -> None:
    done = typed(file, "", "Mars", "Asia/Tokyo", "none", "", "")
    assert done.exit_code == 0, done.output
    assert "  'Mars' is not an IANA time zone" in done.output
    assert tomllib.loads(file.read_text("utf-8"))["work"] == {"zone": "Asia/Tokyo"}


def test_asked_again_enter_changes_nothing(file: Path) -> None:
    typed(file, "ana@example.com", "Asia/Tokyo", "JP", "mon 9-17", "")
    before = file.read_text("utf-8")
    done = typed(file, "", "", "", "", "")
    assert "Nothing has changed." in done.output
    assert file.read_text("utf-8") == before


def test_stopping_half_way_writes_nothing(file: Path) -> None:
    assert typed(file, "ana@example.com").exit_code == 1
    assert not file.exists()
