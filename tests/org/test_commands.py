"""`calsight org` as one uses it, from an invented organisation to its report."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from calsight.cli import main
from org_support import World, invent, take_in


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return invent(tmp_path_factory.mktemp("organisation"), 40, seed=2)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("CALSIGHT_SETTINGS", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "140")


def test_the_report_says_what_its_json_and_csv_say(
    world: World, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder = str(world.folder)
    assert main(["org", "report", folder, "--schema"]) == 0
    schema = json.loads(capsysbinary.readouterr().out)
    assert main(["org", "report", folder, "--by", "division", "--json"]) == 0
    found = json.loads(capsysbinary.readouterr().out)
    Draft202012Validator(schema).validate(found)
    assert found["schema"] == "calsight.org/1"
    assert found["coverage"]["judged"] == found["total"]["people"] == 40
    assert main(["org", "report", folder, "--by", "division", "--csv", str(tmp_path / "csv")]) == 0
    with (tmp_path / "csv/groups.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["people"] for row in rows] == ["40", *(str(group["people"] or "") for group in found["groups"])]
    assert main(["org", "report", folder, "--by", "division"]) == 0
    out = capsysbinary.readouterr().out.decode()
    assert "One-to-ones in the organisation" in out
    for group in found["groups"]:
        assert group["group"][0] in out


def test_it_speaks_german(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["org", "report", str(world.folder), "--language", "de"]) == 0
    assert "Einzelgespräche in der Organisation" in capsys.readouterr().out


def test_the_page_needs_nothing_else_and_runs_nothing(world: World, tmp_path: Path) -> None:
    assert main(["org", "report", str(world.folder), "--by", "division", "--html", str(tmp_path / "page.html")]) == 0
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert "calsight.example" not in page


def test_the_doctor_counts(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["org", "doctor", str(world.folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["people"], found["mailboxes"], found["judgeable"]) == (40, 40, True)
    assert main(["org", "doctor", str(world.folder)]) == 0
    assert "40 people on the list, 40 mailboxes" in capsys.readouterr().out


def test_the_export_has_pseudonyms_and_no_levels_and_must_be_asked_for(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "viva.csv"
    assert main(["org", "export", str(world.folder), "--viva", str(path)]) == 2
    assert "--per-person" in capsys.readouterr().err
    assert main(["org", "export", str(world.folder), "--viva", str(path), "--per-person"]) == 0
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["PersonId"] for row in rows} == {world.key.pseudonym(one.id) for one in world.members.everyone}
    assert rows[0].keys() >= {"PersonId", "MetricDate", "One_to_ones", "Meeting_hours", "division"}
    assert not any("risk" in name.casefold() or name == "level" for name in rows[0] if name != "level")


def test_demo_ingest_and_report_follow_each_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "demo"
    assert main(["org", "demo", "--people", "10", "--write", str(root), "--as-of", "2026-07-01"]) == 0
    printed = capsys.readouterr().out.splitlines()
    words = printed[1].split()[1:]
    assert main([*words, "--quiet", "--processes", "1"]) == 0
    assert "10 mailboxes, 10 of them read now" in capsys.readouterr().err
    assert main([*words, "--quiet", "--processes", "1"]) == 0
    assert "10 mailboxes, 0 of them read now" in capsys.readouterr().err
    assert main(["org", "report", str(root / "data")]) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--by", "gender"], "There is nothing to make groups by called 'gender'"),
        (["--by", "a", "--by", "b", "--by", "c"], "one or two columns"),
        (["--min-group", "3"], "raised, not lowered"),
        (["--engine", "excel"], "no engine 'excel'"),
        (["--weeks", "300"], "holds 26 weeks"),
    ],
)
def test_what_is_asked_wrongly_gets_a_sentence(
    world: World, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["org", "report", str(world.folder), *words]) == 2
    assert said in capsys.readouterr().err


def test_a_folder_that_is_none_or_not_whole_gets_a_sentence(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["org", "report", str(tmp_path)]) == 3
    assert "no folder of calsight org" in capsys.readouterr().err
    copy = tmp_path / "copy"
    shutil.copytree(world.folder, copy)
    meta = json.loads((copy / "meta.json").read_text())
    (copy / "meta.json").write_text(json.dumps(meta | {"weeks_to_make": [2900]}))
    assert main(["org", "report", str(copy)]) == 3
    assert "was not finished" in capsys.readouterr().err
    (copy / "meta.json").write_text(json.dumps(meta))
    path = next((copy / "attendance").iterdir())
    path.write_bytes(path.read_bytes()[:100])
    assert main(["org", "report", str(copy)]) == 3
    assert "cannot be read" in capsys.readouterr().err


def test_the_list_of_people_is_read_with_its_faults(world: World, tmp_path: Path) -> None:
    root = tmp_path / "faults"
    shutil.copytree(world.root, root, ignore=shutil.ignore_patterns("dir", "key"))
    lines = (root / "people.csv").read_text().splitlines()
    first = lines[1].split(",")
    lines += [",".join(first), "nobody,Europe/Berlin,,x,y,1", f"new@calsight.example,Mars/Olympus,,{first[3]},y,1"]
    (root / "people.csv").write_text("\n".join(lines))
    done = take_in(root).done
    said = " ".join(problem.text for problem in done.problems)
    assert "stands on an earlier line" in said
    assert "there is no address" in said
    assert "no time zone 'Mars/Olympus'" in said
    assert (done.mailboxes, done.missing) == (40, 1)
    assert "@" not in said
