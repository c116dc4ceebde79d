"""No output goes over what was read, over a device, or over what calsight did not write; and nothing is left half-written."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from calsight.cli.common import write_lines
from calsight.cli.endings import prepare_streams
from calsight.render.terminal.screen import console
from cli.conftest import AS_OF, Ran
from hostile.machine import little_room
from kill_support import posix

Cli = Callable[..., Ran]
READ = ("--as-of", AS_OF)


@pytest.fixture
def folder(calendar: Path, tmp_path: Path) -> Path:
    """A folder with the calendar three times: itself, in an archive, and by a link from elsewhere."""
    made = tmp_path / "calendars"
    made.mkdir()
    (made / "work.ics").write_bytes(calendar.read_bytes())
    with zipfile.ZipFile(made / "takeout.zip", "w") as archive:
        archive.writestr("Takeout/Calendar/work.ics", calendar.read_bytes())
    (tmp_path / "elsewhere.ics").write_bytes(calendar.read_bytes())
    (made / "linked.ics").symlink_to(tmp_path / "elsewhere.ics")
    return made


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file() and "home" not in path.parts}


@pytest.mark.parametrize("force", [(), ("--force",)], ids=["plain", "forced"])
@pytest.mark.parametrize("words", [("report", "--html"), ("report", "--markdown"), ("suggest", "--ics")], ids=" ".join)
@pytest.mark.parametrize(
    "target",
    ["calendars/work.ics", "calendars/takeout.zip", "calendars/linked.ics", "elsewhere.ics", "hard.ics", "soft"],
)
def test_nothing_that_was_read_is_written_over(
    cli: Cli, folder: Path, tmp_path: Path, target: str, words: tuple[str, str], force: tuple[str, ...]
) -> None:
    (tmp_path / "hard.ics").hardlink_to(folder / "work.ics")
    (tmp_path / "soft").symlink_to(folder / "work.ics")
    before = contents(tmp_path)
    ran = cli(words[0], folder, *READ, words[1], tmp_path / target, *force)
    assert ran.code == 2
    assert "was read" in ran.err
    assert contents(tmp_path) == before


def test_a_source_may_be_named_through_its_connector_or_come_on_standard_input(
    cli: Cli, shell: Cli, folder: Path
) -> None:
    work = folder / "work.ics"
    before = work.read_bytes()
    for source in (f"ics:{folder}", f"ics:{work}", work):
        assert "was read" in cli("report", source, *READ, "--markdown", work, "--force").err
    with work.open("rb") as stdin:
        words = [sys.executable, "-m", "calsight", "report", "-", *READ, "--markdown", str(work), "--force"]
        done = subprocess.run(words, stdin=stdin, capture_output=True, check=False)
    assert (done.returncode, b"was read" in done.stderr) == (2, True)
    assert work.read_bytes() == before


def test_a_file_of_somebody_elses_needs_force(cli: Cli, calendar: Path, tmp_path: Path) -> None:
    for name, words in {"notes.md": ("report", "--markdown"), "holidays.ics": ("suggest", "--ics")}.items():
        target = tmp_path / name
        target.write_text("BEGIN:VCALENDAR\nPRODID:-//somebody//\nEND:VCALENDAR\n")
        refused = cli(words[0], calendar, *READ, words[1], target)
        assert refused.code == 2
        assert "--force" in refused.err
        assert "somebody" in target.read_text()
        assert cli(words[0], calendar, *READ, words[1], target, "--force").code == 0
        assert "somebody" not in target.read_text()


def test_what_calsight_wrote_is_renewed_without_a_word(cli: Cli, calendar: Path, tmp_path: Path) -> None:
    for words in (("report", "--markdown"), ("report", "--html"), ("suggest", "--ics")):
        target = tmp_path / "ours"
        target.write_bytes(b"")  # what mktemp leaves: nothing is lost
        for _ in range(2):
            assert cli(words[0], calendar, *READ, words[1], target).code == 0
        target.unlink()


def test_a_report_may_be_renewed_inside_the_folder_that_is_read_but_suggestions_may_not(cli: Cli, folder: Path) -> None:
    for _ in range(2):
        assert cli("report", folder, *READ, "--markdown", folder / "report.md").code == 0
    assert cli("suggest", folder, *READ, "--ics", folder / "times.ics").code == 0
    assert "was read" in cli("suggest", folder, *READ, "--ics", folder / "times.ics").err


def test_baseline_settings_and_corrections_are_read_too(cli: Cli, calendar: Path, tmp_path: Path) -> None:
    old, settings = tmp_path / "old.json", tmp_path / "settings.toml"
    old.write_text(cli("report", calendar, *READ, "--json").out)
    settings.write_text("[history]\nkeep = false\n")
    (tmp_path / "corrections.toml").write_text("# none yet\n")
    before = contents(tmp_path)
    for target in (old, settings, tmp_path / "corrections.toml"):
        more = ("--baseline", old, "--settings", settings, "--force")
        assert "was read" in cli("report", calendar, *READ, "--markdown", target, *more).err
    assert contents(tmp_path) == before


@posix
def test_a_device_needs_force_and_a_pipe_that_nobody_reads_is_not_waited_for(
    cli: Cli, calendar: Path, tmp_path: Path
) -> None:
    refused = cli("report", calendar, *READ, "--markdown", os.devnull)
    assert (refused.code, "is a device" in refused.err) == (2, True)
    assert cli("report", calendar, *READ, "--markdown", os.devnull, "--force").code == 0
    os.mkfifo(tmp_path / "pipe")
    assert "cannot be written" in cli("report", calendar, *READ, "--markdown", tmp_path / "pipe").err
    assert "is a folder" in cli("report", calendar, *READ, "--markdown", tmp_path).err


@pytest.mark.parametrize("other", ["./report", "Report"])  # the latter on a Mac and on Windows
def test_two_forms_never_go_to_one_file(cli: Cli, calendar: Path, tmp_path: Path, other: str) -> None:
    target = tmp_path / "report"
    ran = cli("report", calendar, *READ, "--markdown", target, "--html", tmp_path / other)
    assert (ran.code, "one file" in ran.err, target.exists()) == (2, True, False)


needs_open_files = pytest.mark.skipif(not Path("/dev/fd").exists(), reason="a system that does not name open files")


@needs_open_files
@pytest.mark.parametrize("name", ["/dev/fd/{}", "/proc/self/fd/{}", "link"])
def test_what_is_open_is_written_to_and_not_replaced(
    cli: Cli, calendar: Path, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever opened it has it still, though it has no name any more."""
    if name.startswith("/proc") and not Path("/proc/self").exists():
        pytest.skip("a system without /proc")
    with (tmp_path / "out.md").open("w+b") as out:
        (tmp_path / "link").symlink_to(f"/dev/fd/{out.fileno()}")
        (tmp_path / "out.md").unlink()
        before = set(tmp_path.iterdir())
        ran = cli("report", calendar, *READ, "--markdown", tmp_path / name.format(out.fileno()))
        assert ran.code == 0, ran.err
        out.seek(0)
        assert out.readline() == b"---\n"
        assert set(tmp_path.iterdir()) == before


@needs_open_files
def test_what_was_read_under_the_name_of_an_open_file_is_not_written_over(
    cli: Cli, calendar: Path, tmp_path: Path
) -> None:
    before = calendar.read_bytes()
    with calendar.open("r+b") as file:
        opened = f"/dev/fd/{file.fileno()}"
        for source, target in ((calendar, opened), (opened, calendar), (opened, opened)):
            ran = cli("report", source, *READ, "--markdown", target, "--force")
            assert (ran.code, "was read" in ran.err) == (2, True)
    with calendar.open("rb") as stdin:
        words = [sys.executable, "-m", "calsight", "report", "/dev/stdin", *READ, "--markdown", calendar, "--force"]
        done = subprocess.run(words, stdin=stdin, capture_output=True, check=False)
    assert (done.returncode, b"was read" in done.stderr) == (2, True)
    assert calendar.read_bytes() == before


def test_what_cannot_be_rendered_leaves_no_other_form_behind(
    cli: Cli, calendar: Path, tmp_path: Path, install: Callable[..., None]
) -> None:
    install(
        "calsight-odd",
        "plug_odd",
        "def render(report):\n    raise ValueError('no')\n",
        renderers="odd = plug_odd:render",
    )
    target = tmp_path / "report.md"
    ran = cli("report", calendar, *READ, "--markdown", target, "--render", "odd", tmp_path / "report.odd")
    assert ran.code != 0
    assert not target.exists()


def test_the_demo_writes_over_its_own_calendars_only(cli: Cli, tmp_path: Path) -> None:
    assert cli("demo", "--write", tmp_path).code == cli("demo", "--write", tmp_path).code == 0
    mine = next(tmp_path.glob("*.ics"))
    mine.write_text("BEGIN:VCALENDAR\nEND:VCALENDAR\n")
    assert "--force" in cli("demo", "--write", tmp_path).err
    assert mine.stat().st_size < 100
    assert cli("demo", "--write", tmp_path, "--force").code == 0


class _Closed(io.StringIO):
    """What `| head` leaves when it has seen enough."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_reader_who_has_seen_enough_is_no_failure_in_a_terminals_form_either() -> None:
    with pytest.raises(BrokenPipeError):
        console(file=_Closed()).print("Ana")


@posix
def test_half_of_a_write_never_goes_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With PYTHONUNBUFFERED Python's own stream says nothing of what a full disk did not take."""
    with io.TextIOWrapper((tmp_path / "out").open("wb", buffering=0), write_through=True) as unbuffered:
        monkeypatch.setattr(sys, "stdout", unbuffered)
        prepare_streams()
        with sys.stdout, little_room(1000), pytest.raises(OSError, match="too large"):
            write_lines(["x" * 5000])


@posix
def test_a_skeleton_is_there_whole_or_not_at_all(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for name in ("empty", "new"):
        with little_room(1000):
            ran = cli("new-connector", "time-sheet", "--into", tmp_path / name)
        assert (ran.code, "cannot be written" in ran.err) == (2, True)
    assert sorted(path.name for path in tmp_path.iterdir() if path.name != "home") == ["empty"]
    assert not list((tmp_path / "empty").iterdir())


def test_what_is_said_of_an_organisation_goes_over_nothing_of_anybodys(cli: Cli, tmp_path: Path) -> None:
    pytest.importorskip("polars", reason="calsight org needs the extra [org]")
    made, data, theirs = (tmp_path / name for name in ("made", "data", "theirs"))
    theirs.mkdir()
    for name in ("people.csv", "groups.csv", "viva.csv"):
        (theirs / name).write_text("PersonId,MetricDate,Ours\n")
    for _ in range(2):
        assert cli("org", "demo", "--people", "10", "--write", made, *READ).code == 0
    words = (made / "mailboxes", "--people", made / "people.csv", "--key-file", made / "key", "--out", data, *READ)
    with little_room(1000):
        full = cli("org", "ingest", *words, "--processes", "1", "--quiet")
    assert (full.code, "too large" in full.err) == (1, True)
    assert cli("org", "ingest", *words, "--processes", "1", "--quiet").code == 0
    before = contents(theirs) | contents(data) | contents(made)
    for refused in (
        ("demo", "--people", "10", "--write", theirs),
        ("report", data, "--csv", theirs),
        ("report", data, "--html", theirs / "viva.csv"),
        ("export", data, "--per-person", "--viva", theirs / "viva.csv"),
        ("export", data, "--per-person", "--force", "--viva", data / "people.parquet"),
    ):
        assert cli("org", *refused).code == 2, refused
    assert (contents(theirs) | contents(data) | contents(made)).items() >= before.items()
    for _ in range(2):
        assert cli("org", "export", data, "--per-person", "--viva", tmp_path / "viva.csv").code == 0
        assert cli("org", "report", data, "--csv", tmp_path / "tables").code == 0
    assert cli("org", "report", data, "--csv", theirs, "--force").code == 0
    assert "Ours" not in (theirs / "groups.csv").read_text()


@posix
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda sent: sent.name)
def test_a_signal_in_the_middle_of_writing_leaves_everything_as_before(
    calendar: Path, tmp_path: Path, sent: signal.Signals
) -> None:
    """The file system stands still in `fsync`, when the draft is there and the file is not yet replaced."""
    slow = (
        "import os, signal, sys, time; from calsight.cli import main; "
        # A shell's job in the background ignores the one, and what nohup began the other.
        "signal.signal(signal.SIGINT, signal.default_int_handler); signal.signal(signal.SIGHUP, signal.SIG_DFL); "
        "os.fsync = lambda handle: time.sleep(60); sys.exit(main())"
    )
    target = tmp_path / "report.md"
    words = ["report", str(calendar), *READ, "--markdown", str(target)]
    with subprocess.Popen([sys.executable, "-c", slow, *words], stderr=subprocess.PIPE) as process:
        while process.poll() is None and not list(tmp_path.glob(".report.md.*")):
            time.sleep(0.01)
        process.send_signal(sent)
        assert process.stderr is not None
        said = process.stderr.read()
    assert process.returncode == 128 + sent
    assert said == b"calsight: stopped.\n"
    assert [path.name for path in tmp_path.iterdir() if path.name != "home"] == []
