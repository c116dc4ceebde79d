"""Writing settings: what somebody wrote there stays, and nothing wrong is ever written."""

import tomllib
from pathlib import Path

import pytest

from calsight.errors import SettingsError
from calsight.settings.file import (
    load_settings,
    write_settings,
)


def test_writing_keeps_comments_and_order(file: Path) -> None:
    file.write_text('# mine\n[work] # here\nzone = "Europe/Berlin" # home\n\n[rate]\nlow = 0.25\n', "utf-8")
    settings = write_settings(file, {"work.zone": "Asia/Tokyo", "work.country": "JP", "rate.low": None})
    assert file.read_text("utf-8") == '# mine\n[work] # here\nzone = "Asia/Tokyo" # home\ncountry = "JP"\n\n[rate]\n'
    assert settings == load_settings(file)
    assert settings.work.country == "JP"


def test_writing_makes_the_file_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "new" / "settings.toml"
    write_settings(file, {"owner.addresses": ("ana@example.com",), "work.hours": {"monday": ("09:00-12:00",)}})
    assert tomllib.loads(file.read_text("utf-8")) == {
        "owner": {"addresses": ["ana@example.com"]},
        "work": {"hours": {"monday": ["09:00-12:00"]}},
    }
    assert file.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in file.parent.iterdir()] == ["settings.toml"]


def test_writing_a_table_over_a_table_keeps_what_stays(file: Path) -> None:
    file.write_text('[work.hours]\nmonday = ["09:00-12:00"] # mornings\nfriday = ["09:00-12:00"]\n', "utf-8")
    write_settings(file, {"work.hours": {"monday": ["09:00-12:00"], "tuesday": ["10:00-11:00"]}})
    text = file.read_text("utf-8")
    assert "# mornings" in text
    assert tomllib.loads(text)["work"]["hours"] == {"monday": ["09:00-12:00"], "tuesday": ["10:00-11:00"]}


def test_nothing_wrong_is_ever_written(file: Path) -> None:
    file.write_text('[work]\nzone = "Europe/Berlin"\n', "utf-8")
    before = file.read_text("utf-8")
    for wrong in ({"work.zone": "Mars"}, {"work.znoe": "Europe/Berlin"}, {"rate.low": 7}):
        with pytest.raises(SettingsError):
            write_settings(file, wrong)
    assert file.read_text("utf-8") == before


def test_tables_out_of_order_are_changed_in_place(file: Path) -> None:
    file.write_text(
        '[work]\nzone = "Asia/Tokyo"\n[rate]\nlow = 0.25\n[work.hours]\nmonday = ["09:00-12:00"]\n', "utf-8"
    )
    settings = write_settings(file, {"work.zone": "Europe/Berlin", "work.country": "DE"})
    assert (settings.work.zone, settings.work.country, settings.rate.low) == ("Europe/Berlin", "DE", 0.25)
    assert settings.work.hours == {"monday": ("09:00-12:00",)}


def test_a_file_with_a_fault_is_not_written_over(file: Path) -> None:
    file.write_text("work = 3\n", "utf-8")
    with pytest.raises(SettingsError, match="work: must be a table"):
        write_settings(file, {"work.zone": "Europe/Berlin"})
    assert file.read_text("utf-8") == "work = 3\n"


def test_a_broken_file_is_not_written_over(file: Path) -> None:
    file.write_text("[work\n", "utf-8")
    with pytest.raises(SettingsError, match="is not TOML"):
        write_settings(file, {"work.zone": "Europe/Berlin"})
    assert file.read_text("utf-8") == "[work\n"


def test_a_linked_file_is_changed_where_it_lives(file: Path, tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    home = tmp_path / "dotfiles" / "calsight.toml"
    home.write_text("", "utf-8")
    file.symlink_to(home)
    write_settings(file, {"work.zone": "Europe/Berlin"})
    assert file.is_symlink()
    assert "Europe/Berlin" in home.read_text("utf-8")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(SettingsError, match="cannot be written"):
        write_settings(tmp_path / "file" / "settings.toml", {"work.zone": "Europe/Berlin"})
