"""Whatever is wrong with the input: one clear sentence, the right exit code, and never a traceback."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from calsight.testing import address
from cli.conftest import AS_OF, Ran

Cli = Callable[..., Ran]
DATA = Path(__file__).parent / "data"


def refused(ran: Ran, code: int, *words: str) -> None:
    """One line on stderr that holds `words`, nothing on stdout, and that exit code."""
    assert ran.code == code, ran
    assert ran.out == ""
    (line,) = ran.err.splitlines()
    assert line.startswith("calsight: ")
    assert line.endswith((".", "?", "--help", "calsight demo", "]'"))
    for word in words:
        assert word in line


def vevent(*lines: str) -> str:
    return "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT"))


def vcalendar(*events: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *events, "END:VCALENDAR", ""))


def meeting(uid: str, *people: str, day: int = 2) -> str:
    return vevent(
        f"UID:{uid}",
        "DTSTAMP:20261101T090000Z",
        f"DTSTART:202611{day:02d}T090000Z",
        f"DTEND:202611{day:02d}T093000Z",
        f"ORGANIZER:mailto:{address(people[0])}",
        *(f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{address(who)}" for who in people),
    )


@pytest.fixture(params=["report", "meetings", "events", "doctor"])
def command(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_missing_file(cli: Cli, command: str, tmp_path: Path) -> None:
    refused(cli(command, tmp_path / "gone.ics"), 3, "gone.ics", "no such file")


def test_a_folder_without_calendars(cli: Cli, command: str, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    refused(cli(command, tmp_path / "notes"), 3, "no calendars in this folder")


def test_an_empty_file(cli: Cli, command: str, tmp_path: Path) -> None:
    (tmp_path / "empty.ics").touch()
    refused(cli(command, tmp_path / "empty.ics"), 3, "empty.ics", "is empty")


def test_a_login_page_instead_of_a_calendar(cli: Cli, command: str, tmp_path: Path) -> None:
    (tmp_path / "work.ics").write_text("<!DOCTYPE html><html><title>Sign in</title></html>")
    refused(cli(command, tmp_path / "work.ics"), 3, "web page")


def test_a_binary_file(cli: Cli, command: str, tmp_path: Path) -> None:
    (tmp_path / "photo.ics").write_bytes(bytes(range(256)) * 20)
    refused(cli(command, tmp_path / "photo.ics"), 3, "binary")


def test_a_zip_with_a_wrong_password(cli: Cli, command: str, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[connectors.ics]\npassword = "wrong"\n')
    locked = DATA / "locked.zip"
    refused(cli(command, locked, "--settings", tmp_path / "settings.toml"), 3, "locked.zip", "password is wrong")
    refused(cli(command, locked), 3, "locked.zip", "encrypted")


def test_the_right_password_opens_it(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text('[connectors.ics]\npassword = "right"\n')
    settings = ("--settings", tmp_path / "settings.toml", "--as-of", "2026-03-08")

    ran = cli("events", DATA / "locked.zip", *settings)

    assert ran.code == 0
    assert '"title": "Locked"' in ran.out


def test_a_file_that_breaks_off_inside_an_entry(cli: Cli, command: str, tmp_path: Path) -> None:
    whole = vcalendar(meeting("first", "ana", "bo"), meeting("second", "ana", "cem", day=3))
    for name, mark in (("early.ics", whole.index("ATTENDEE")), ("late.ics", whole.rindex("ATTENDEE"))):
        (tmp_path / name).write_text(whole[:mark])
        refused(cli(command, tmp_path / name, "--as-of", AS_OF), 3, name, "breaks off", "again")


def test_a_file_without_its_last_line_is_read(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "endless.ics").write_text(vcalendar(meeting("first", "ana", "bo")).replace("END:VCALENDAR", ""))

    ran = cli("events", tmp_path / "endless.ics", "--as-of", AS_OF)

    assert ran.code == 0
    assert '"uid": "first"' in ran.out
    assert "END:VCALENDAR" in ran.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[work]\nzone = "Mars/Olympus"\n', ("zone", "Mars/Olympus")),
        ('[work]\nzoen = "Europe/Berlin"\n', ("zoen", "work.zone")),
        ("[work\n", ("not TOML",)),
    ],
)
def test_wrong_settings(
    cli: Cli, command: str, calendar: Path, tmp_path: Path, text: str, words: tuple[str, ...]
) -> None:
    (tmp_path / "settings.toml").write_text(text)
    refused(cli(command, calendar, "--settings", tmp_path / "settings.toml"), 2, "settings.toml", *words)


def test_settings_that_are_not_there(cli: Cli, command: str, calendar: Path, tmp_path: Path) -> None:
    refused(cli(command, calendar, "--settings", tmp_path / "gone.toml"), 2, "gone.toml")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--from", "2026-05-01", "--to", "2026-04-01"), ("--from", "--to")),
        (("--from", "2026-05-01", "--weeks", "4"), ("--weeks", "--from")),
        (("--weeks", "0"), ("--weeks",)),
        (("--weeks", "many"), ("--weeks",)),
        (("--as-of", "yesterday"), ("--as-of", "2026-03-31")),
        (("--as-of", "9999-12-31"), ("--as-of", "2199")),
        (("--from", "0001-01-01", "--to", "2026-01-01"), ("--from", "1970")),
        (("--from", "1971-01-01", "--to", "2026-01-01"), ("--from", "2600 weeks")),
        (("--zone", "Mars/Olympus"), ("Mars/Olympus", "Europe/Berlin")),
        (("--colour",), ("--colour",)),
    ],
)
def test_wrong_options(
    cli: Cli, command: str, calendar: Path, options: tuple[str, ...], words: tuple[str, ...]
) -> None:
    refused(cli(command, calendar, *options), 2, *words)


def test_explaining_and_json_lines_do_not_mix(cli: Cli, calendar: Path) -> None:
    refused(cli("meetings", calendar, "--explain", "x", "--json-lines"), 2, "--explain", "--json-lines")


@pytest.mark.parametrize("other", [("--json",), ("--html", "-")])
def test_two_forms_of_the_report_never_mix_on_stdout(cli: Cli, calendar: Path, other: tuple[str, ...]) -> None:
    refused(cli("report", calendar, "--markdown", "-", *other), 2, "standard output")


def test_a_demo_that_cannot_be_written(cli: Cli, calendar: Path) -> None:
    refused(cli("demo", "--write", calendar / "inside-a-file"), 2, "inside-a-file", "cannot be written")


def test_no_source(cli: Cli, command: str) -> None:
    refused(cli(command), 2, "SOURCE")


def test_no_owner(cli: Cli, tmp_path: Path) -> None:
    pairs = [("ana", "bo"), ("cem", "dana"), ("eva", "femi"), ("ana", "dana")]
    text = vcalendar(*(meeting(str(n), *pair, day=2 + n) for n, pair in enumerate(pairs)))
    (tmp_path / "shared.ics").write_text(text)
    source = (tmp_path / "shared.ics", "--as-of", AS_OF)

    refused(cli("report", *source), 2, "--me", "ana@example.com (2 of 4)")
    refused(cli("meetings", *source), 2, "--me")
    assert cli("report", *source, "--me", "ana@example.com").code == 0

    doctor = cli("doctor", *source)
    assert doctor.code == 0
    assert "cannot be judged" in doctor.out


def test_two_owners(cli: Cli, tmp_path: Path) -> None:
    anas = [meeting(f"a{n}", "ana", other, day=2 + n) for n, other in enumerate(("bo", "cem", "dana", "eva", "femi"))]
    bos = [meeting(f"b{n}", "bo", other, day=9 + n) for n, other in enumerate(("ana", "cem", "dana", "eva", "femi"))]
    (tmp_path / "ana.ics").write_text(vcalendar(*anas))
    (tmp_path / "bo.ics").write_text(vcalendar(*bos))

    refused(cli("report", tmp_path / "ana.ics", tmp_path / "bo.ics", "--as-of", AS_OF), 2, "two people", "--me")


def test_an_unknown_connector(cli: Cli, command: str) -> None:
    refused(cli(command, "gogle:primary"), 2, "'gogle'", "Installed: ")


def test_a_connector_whose_packages_are_missing(
    cli: Cli, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plug_cloud.py").write_text("import a_package_that_is_not_there\n")
    info = tmp_path / "cloudcal-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.4\nName: cloudcal\nVersion: 1.0\nProvides-Extra: cloud\n")
    (info / "entry_points.txt").write_text("[calsight.connectors]\ncloud = plug_cloud:Connector\n")
    monkeypatch.syspath_prepend(str(tmp_path))

    refused(cli(command, "cloud:primary"), 2, "pip install 'cloudcal[cloud]'")
    listed = {source["name"]: source for source in json.loads(cli("sources", "--json").out)["sources"]}
    assert listed["cloud"]["ready"] is False
    assert "pip install 'cloudcal[cloud]'" in listed["cloud"]["state"]
    assert listed["ics"]["ready"] is True


def test_a_folder_with_one_good_calendar_is_read_and_the_bad_one_is_a_problem(
    cli: Cli, calendar: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "calendars"
    folder.mkdir()
    (folder / "good.ics").write_bytes(calendar.read_bytes())
    (folder / "bad.ics").write_text("<html>Sign in</html>")

    ran = cli("report", folder, "--as-of", AS_OF)

    assert ran.code == 0
    assert "bad.ics" in ran.out


def test_an_archive_of_something_else(cli: Cli, command: str, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("photo.jpg", b"\xff\xd8\xff")
    (tmp_path / "export.zip").write_bytes(packed.getvalue())
    refused(cli(command, tmp_path / "export.zip"), 3, "export.zip")


def test_terminal_codes_in_a_name_are_not_sent_on(cli: Cli, tmp_path: Path) -> None:
    ran = cli("report", tmp_path / "\x1b[31mred.ics")

    assert ran.code == 3
    assert "\x1b" not in ran.err
