"""The examples run, and the plugin works from its wheel as a stranger would install it."""

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
LOGBOOK = EXAMPLES / "calsight-logbook"


def run(*command: str | Path, cwd: Path, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    home = {name: str(cwd / "home") for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")}
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=os.environ | home | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def calendar(*entries: str) -> str:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//", *entries, "END:VCALENDAR", ""]
    return "\r\n".join(lines)


def entry(day: int, person: str, title: str = "Talk") -> str:
    return "\r\n".join(
        [
            "BEGIN:VEVENT",
            f"UID:{day}-{person}",
            "DTSTAMP:20260331T000000Z",
            f"DTSTART:202603{day:02}T100000Z",
            f"DTEND:202603{day:02}T103000Z",
            f"SUMMARY:{title}",
            "ORGANIZER:mailto:ana@example.com",
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@example.com",
            f"ATTENDEE;PARTSTAT=ACCEPTED;CN={person.title()}:mailto:{person}@example.com",
            "END:VEVENT",
        ]
    )


@pytest.fixture
def work(tmp_path: Path) -> Path:
    (tmp_path / "work.ics").write_text(calendar(entry(3, "bo"), entry(10, "bo"), entry(17, "cy")), "utf-8")
    return tmp_path


def test_my_calendar_names_whom_you_meet(work: Path) -> None:
    done = run(
        sys.executable,
        EXAMPLES / "my_calendar.py",
        "work.ics",
        "--me",
        "ana@example.com",
        "--as-of",
        "2026-03-31",
        cwd=work,
    )
    lines = done.stdout.splitlines()
    assert lines[:2] == ["   2  Bo", "   1  Cy"]
    assert lines[2].startswith("3 one-to-ones in ")
    assert done.stderr == ""


def test_my_calendar_ends_with_calsight_s_exit_code(work: Path) -> None:
    done = run(sys.executable, EXAMPLES / "my_calendar.py", "gone.ics", cwd=work, code=3)
    assert "gone.ics" in done.stderr
    assert "Traceback" not in done.stderr


def test_embed_reads_events_of_its_own_beside_a_calendar(work: Path) -> None:
    desk = "".join(f"2026-03-{day:02}T15:00+01:00,45,ana@example.com,dee@example.com\n" for day in (4, 11, 18))
    (work / "desk.csv").write_text(desk, "utf-8")
    arguments = ("ana@example.com", "2026-03-31", "desk.csv", "work.ics")
    code = (
        "import sys, threading; from datetime import date; from pathlib import Path\n"
        "sys.path.insert(0, sys.argv[1]); import embed\n"
        "report = embed.report_on('ana@example.com', date(2026, 3, 31), Path('desk.csv'), 'work.ics')\n"
        "print(report.counts.one_to_one, report.owner.zone, [source.name for source in report.sources])\n"
        "cancel = threading.Event(); cancel.set()\n"
        "try: embed.report_on('ana@example.com', date(2026, 3, 31), Path('desk.csv'), 'work.ics', cancel=cancel)\n"
        "except embed.calsight.CalsightError as error: print(type(error).__name__)\n"
    )
    done = run(sys.executable, "-c", code, EXAMPLES, cwd=work)
    assert done.stdout.splitlines() == ["6 Europe/Berlin ['Booking desk', 'work.ics']", "CancelledError"]
    assert "work.ics: " in done.stderr
    assert run(sys.executable, EXAMPLES / "embed.py", *arguments, cwd=work).stdout


# The plugin


def environment_with(source: Path, folder: Path) -> Path:
    """The interpreter of an environment that sees this one's packages, and into which that plugin's wheel is installed."""
    wheels = folder / "wheels"
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", wheels, cwd=source)
    venv.create(folder / "venv", with_pip=False)
    paths = sysconfig.get_paths(vars={"base": str(folder / "venv"), "platbase": str(folder / "venv")})
    ours = sysconfig.get_paths()["purelib"]
    Path(paths["purelib"], "ours.pth").write_text(f"import site; site.addsitedir({ours!r})\n", "utf-8")
    interpreter = Path(paths["scripts"]) / ("python.exe" if os.name == "nt" else "python")
    (wheel,) = wheels.iterdir()
    install = ("install", "--quiet", "--no-deps", "--no-index")
    run(sys.executable, "-m", "pip", "--python", interpreter, *install, wheel, cwd=folder)
    return interpreter


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logbook")
    source = folder / "source"
    shutil.copytree(LOGBOOK, source, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
    return environment_with(source, folder)


def test_the_plugin_is_listed_with_its_distribution(python: Path, tmp_path: Path) -> None:
    document = json.loads(run(python, "-m", "calsight", "sources", "--json", cwd=tmp_path).stdout)
    assert "calsight-logbook" in json.dumps(document)
    assert "logbook" in json.dumps(document)


def test_the_plugin_s_own_tests_pass_against_its_wheel(python: Path, tmp_path: Path) -> None:
    shutil.copytree(LOGBOOK / "tests", tmp_path / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    done = run(python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib", "tests", cwd=tmp_path)
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout


def test_a_logbook_is_a_source_like_any_other(python: Path, tmp_path: Path) -> None:
    shutil.copy(LOGBOOK / "tests/logbook.csv", tmp_path)
    request = ("logbook:logbook.csv", "--me", "ana@example.com", "--as-of", "2026-03-31", "--zone", "Europe/Berlin")
    report = json.loads(run(python, "-m", "calsight", "report", *request, "--json", cwd=tmp_path).stdout)
    assert report["counts"]["one_to_one"] == 2
    assert report["excluded"] == {"hold": 1}
    assert report["sources"] == [{"name": "logbook.csv", "occurrences": 4, "problems": 1}]


def test_the_owner_may_stand_in_the_plugin_s_settings(python: Path, tmp_path: Path) -> None:
    shutil.copy(LOGBOOK / "tests/logbook.csv", tmp_path)
    (tmp_path / "settings.toml").write_text('[connectors.logbook]\nme = "ana@example.com"\n', "utf-8")
    request = ("logbook:logbook.csv", "--as-of", "2026-03-31", "--settings", "settings.toml")
    report = json.loads(run(python, "-m", "calsight", "report", *request, "--json", cwd=tmp_path).stdout)
    assert report["owner"]["addresses"] == ["ana@example.com"]


def test_the_plugin_is_gone_without_its_wheel(tmp_path: Path) -> None:
    done = run(sys.executable, "-m", "calsight", "report", "logbook:logbook.csv", cwd=tmp_path, code=2)
    assert "No connector 'logbook' is installed." in done.stderr


# A connector of one's own


def test_what_new_connector_writes_builds_installs_and_passes(tmp_path: Path) -> None:
    done = run(sys.executable, "-m", "calsight", "new-connector", "time-sheet", cwd=tmp_path)
    assert "cd calsight-time-sheet" in done.stdout
    source = tmp_path / "calsight-time-sheet"
    interpreter = environment_with(source, tmp_path)
    assert "time-sheet" in run(interpreter, "-m", "calsight", "sources", cwd=tmp_path).stdout
    assert " passed" in run(interpreter, "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=source).stdout
    run(
        sys.executable,
        "-m",
        "ruff",
        "check",
        "--isolated",
        "--select",
        "E,F,D1",
        "--ignore",
        "D105,D107,D102",
        "--line-length",
        "128",
        source / "calsight_time_sheet",
        cwd=tmp_path,
    )
    run(sys.executable, "-m", "mypy", "--strict", source / "calsight_time_sheet", cwd=tmp_path)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["Time Sheet"], "is no name for a connector"),
        (["google"], "There is a connector 'google' already"),
        (["punch", "--into", "full"], "is there already"),
    ],
)
def test_a_connector_is_not_begun_over_anything(tmp_path: Path, words: list[str], sentence: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/kept.txt").touch()
    done = run(sys.executable, "-m", "calsight", "new-connector", *words, cwd=tmp_path, code=2)
    assert sentence in done.stderr
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["full", "kept.txt"]
