"""What is built is what is in the repository, and works where it is installed."""

import ast
import importlib
import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import calsight
from calsight import Window
from calsight.protocols import ConnectorContext
from calsight.reading.plugins import connectors, load_renderer

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
FOLDERS = {path.parent.name for path in (ROOT / "connectors").glob("*/__init__.py")}
PACKAGES = {"calsight": ROOT / "calsight"} | {name: ROOT / "connectors" / name for name in FOLDERS}


def sources() -> set[str]:
    """Every file that an installed calsight consists of, as a path inside the wheel."""
    return {
        f"{name}/{path.relative_to(folder).as_posix()}"
        for name, folder in PACKAGES.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def build(kind: str, folder: Path, source: Path = ROOT) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "--target", kind, "--directory", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, text=True)
    return next(folder.iterdir())


def run(code: str, folder: Path) -> str:
    """Run `code` with what is installed in `folder` before all else."""
    environment = os.environ | {"PYTHONPATH": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(folder),
        str(wheel),
    ]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return folder


def test_folders_packages_and_entry_points_agree() -> None:
    packages = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert set(packages) == {"calsight"} | {f"connectors/{name}" for name in FOLDERS}
    announced = {
        value.partition(":")[0] for value in PROJECT["project"]["entry-points"]["calsight.connectors"].values()
    }
    assert {value.partition(".")[0] for value in announced} == FOLDERS
    found = {entry.name: entry.value for entry in connectors() if entry.distribution == "calsight"}
    assert found == PROJECT["project"]["entry-points"]["calsight.connectors"], "reinstall: pip install -e . --no-deps"


def test_the_tools_know_every_package() -> None:
    tool = PROJECT["tool"]
    assert set(tool["mypy"]["packages"]) == set(PACKAGES)
    assert set(tool["coverage"]["run"]["source_pkgs"]) == set(PACKAGES)
    assert set(tool["importlinter"]["root_packages"]) == set(PACKAGES)
    contracts = {contract["name"]: contract for contract in tool["importlinter"]["contracts"]}
    assert set(contracts["calsight never imports a connector"]["forbidden_modules"]) == FOLDERS
    assert set(contracts["connectors use the kit and what is public"]["source_modules"]) == FOLDERS


def test_every_requirement_has_a_lower_bound() -> None:
    extras = PROJECT["project"].get("optional-dependencies", {}).values()
    wanted = [*PROJECT["project"]["dependencies"], *(line for lines in extras for line in lines)]
    loose = [line for line in wanted if ">=" not in line and not line.startswith("calsight[")]
    assert loose == []


def test_all_brings_every_extra_but_other_engines() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    (everything,) = extras["all"]
    other_engines = {name for name in extras if name.startswith("org-")}
    assert everything == f"calsight[{','.join(sorted(set(extras) - {'all'} - other_engines))}]"


@pytest.mark.parametrize("name", PROJECT["project"]["entry-points"]["calsight.renderers"])
def test_every_renderer_that_is_announced_can_be_loaded(name: str) -> None:
    assert callable(load_renderer(name))


def test_the_versions_agree() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest
    assert calsight.__version__ == version("calsight") == newest[1]


def test_the_wheel_holds_every_file_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    compiled = {name.replace(".po", ".mo") for name in names if name.endswith(".po")}
    assert names == sources() | compiled
    assert compiled
    assert {f"{name}/py.typed" for name in PACKAGES} <= names
    assert {name for name in names if name.startswith("calsight/core/data/") and name.endswith(".toml")}


def test_an_installation_speaks_german_without_reading_the_translators_file(installed: Path) -> None:
    said = run(
        "import sys; from calsight.render.languages import words_in; words = words_in('de'); "
        "print(words('yes'), words.label('one_to_one', 'kind', count=2), 'babel.messages' in sys.modules)",
        installed,
    )
    assert said == "ja Einzelgespräche False"


def test_the_source_distribution_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    sdist = build("sdist", tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "unpacked", filter="data")
    source = next((tmp_path / "unpacked").iterdir())
    again = build("wheel", tmp_path / "wheel", source)
    with zipfile.ZipFile(wheel) as first, zipfile.ZipFile(again) as second:
        assert sorted(first.namelist()) == sorted(second.namelist())
    for name in ("README.md", "CHANGELOG.md", "LICENSE", "Makefile", "tests", "docs", "examples", ".ci/run"):
        assert (source / name).exists(), f"the source distribution lacks {name}"


def test_an_installed_wheel_lists_and_loads_its_connectors(installed: Path) -> None:
    code = (
        "import calsight; from calsight.reading import plugins\n"
        "own = [entry.name for entry in plugins.connectors() if entry.distribution == 'calsight']\n"
        "print(calsight.__file__, plugins.load_connector('ics').__module__, *own)"
    )
    file, module, *names = run(code, installed).split()
    assert Path(file).is_relative_to(installed)
    assert module.startswith("calsight_ics")
    assert set(names) == set(PROJECT["project"]["entry-points"]["calsight.connectors"])


def test_an_installed_wheel_reads_a_calendar(installed: Path) -> None:
    (installed / "one.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260301T000000Z\r\n"
        "DTSTART:20260302T100000Z\r\nDTEND:20260302T103000Z\r\nSUMMARY:Talk\r\nORGANIZER:mailto:ana@example.com\r\n"
        "ATTENDEE:mailto:bo@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        "utf-8",
    )
    code = (
        "import calsight, datetime as d\n"
        "report = calsight.analyze('one.ics', me='ana@example.com', as_of=d.date(2026, 3, 31), settings={}, cache=False)\n"
        "print(report.counts.one_to_one, report.flag.level)"
    )
    assert run(code, installed) == "1 insufficient_data"


# The direction of imports, beside what import-linter holds (which knows no "nothing but these")

#: What connectors may import, and strangers' plugins may rely on: the whole kit, and these.
_NAMES = ("errors", "protocols", "testing")
KIT = {path.stem for path in (ROOT / "calsight/kit").glob("*.py")} - {"__init__"}
PUBLIC = {"calsight", *(f"calsight.{name}" for name in _NAMES), *(f"calsight.kit.{name}" for name in KIT)}


def imported_from_calsight(folder: Path) -> dict[str, set[str]]:
    """file → the modules of calsight that it imports, anywhere in it."""
    found: dict[str, set[str]] = {}
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            ours = {name for name in names if name.partition(".")[0] == "calsight"}
            found.setdefault(path.name, set()).update(ours)
    return found


def test_the_core_knows_nothing_but_itself() -> None:
    for file, modules in imported_from_calsight(ROOT / "calsight/core").items():
        assert {name for name in modules if not name.startswith("calsight.core")} == set(), file


@pytest.mark.parametrize("folder", [*(ROOT / "connectors" / name for name in sorted(FOLDERS)), ROOT / "examples"])
def test_connectors_and_examples_use_public_modules_only(folder: Path) -> None:
    for file, modules in imported_from_calsight(folder).items():
        # The server is for products that embed calsight, not for connectors.
        assert modules <= (PUBLIC | {"calsight.serve"} if folder.name == "examples" else PUBLIC), file


def test_every_module_of_the_kit_is_introduced() -> None:
    """In the kit's own docstring, one line each, in the words of the module's."""
    import calsight.kit

    listed = re.findall(r"^    ([a-z]+)  +\S", (calsight.kit.__doc__ or "").partition("The modules")[2], re.MULTILINE)
    assert sorted(listed) == sorted(KIT)
    for name in KIT:
        assert importlib.import_module(f"calsight.kit.{name}").__doc__, name


#: module → the names that a plugin made for 0.1 finds there
OLD_NAMES = {
    "retry": ("Retrier", "RetryPolicy", "Transient", "retry_after_seconds", "waiting_time"),
    "signin": ("SignIns", "has_browser"),
    "quiet": ("quiet",),
    "service": ("checked_section", "require_safe", "sync_state", "usable_state"),
}
OLD_PLUGIN = '''
"""A connector as one was written for calsight 0.1, with what it shared under its names of then."""

from datetime import UTC, datetime, timedelta

from calsight import Calendar, CalendarEvent
from calsight.errors import ServerTroubleError
from calsight.protocols import Page
from calsight.quiet import quiet
from calsight.retry import RetryPolicy, Transient, retry_after_seconds
from calsight.service import checked_section, require_safe, sync_state, usable_state
from calsight.signin import SignIns

BOUND = {"version": 1}


class PunchClock:
    incremental = True

    def __init__(self, context):
        self.settings = checked_section("punch", context.settings, ("endpoint",), ("endpoint",))
        self.signins = SignIns(context.state_dir, in_file=True)
        self.failures = [Transient(ServerTroubleError("Try later."), retry_after_seconds("0"))]

    def calendars(self, reference):
        require_safe(self.settings["endpoint"], "connectors.punch.endpoint")
        return [Calendar(id="punch", name="Punch clock")]

    def fetch(self, calendar, window, *, state=None, progress=None, cancel=None):
        self.signins.keep("punch", "secret")
        retrier = RetryPolicy(sleep=lambda seconds: None).begin(cancel)
        with quiet("urllib3"):
            known = usable_state(state, BOUND, window.end, lasts=timedelta(days=7))
            title = retrier(lambda: self.asked(known))
        event = CalendarEvent(
            uid="1", start=window.start, end=window.start + timedelta(hours=1), title=title, calendar=calendar
        )
        token = sync_state(BOUND, self.signins.recall("punch"), window.start.isoformat())
        yield Page([event], state=token, calendar=calendar)

    def asked(self, known):
        if self.failures:
            raise self.failures.pop()
        return known["token"] if known else "nothing is known"
'''


def test_a_plugin_made_for_the_first_version_still_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, names in OLD_NAMES.items():
        found = importlib.import_module(f"calsight.{module}")
        assert sorted(found.__all__) == sorted(names)
        assert all(getattr(found, name).__module__.startswith("calsight.kit.") for name in names)
    (tmp_path / "punch_clock.py").write_text(OLD_PLUGIN, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    plugin = importlib.import_module("punch_clock")
    context = ConnectorContext({"endpoint": "https://punch.example"}, state_dir=tmp_path / "state")
    window = Window(datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 4, tzinfo=UTC))
    connector = plugin.PunchClock(context)
    (calendar,) = connector.calendars("")
    (first,) = connector.fetch(calendar, window)
    (second,) = connector.fetch(calendar, window, state=first.state)
    assert (first.events[0].title, second.events[0].title) == ("nothing is known", "secret")


def test_the_page_of_licences_has_all_that_is_asked_for() -> None:
    page = (ROOT / "docs/licences.md").read_text("utf-8")
    stated = {
        normal(name): licence
        for name, licence in re.findall(r"^\| (\S+) \| (.+) \|$", page.partition("| --- |")[2], re.MULTILINE)
    }
    extras = PROJECT["project"]["optional-dependencies"]
    wanted = [*PROJECT["project"]["dependencies"], *(line for lines in extras.values() for line in lines)]
    names = {normal(re.split(r"[\[>=<;~! ]", line)[0]) for line in wanted} - {"calsight"}
    engines = {
        normal(re.split(r"[\[>=<;~! ]", line)[0])
        for name, lines in extras.items()
        if name.startswith("org-")
        for line in lines
    }
    assert names - engines - stated.keys() == set(), "make package writes docs/licences.md"
    unclear = {name: licence for name, licence in stated.items() if not PERMISSIVE.search(licence)}
    assert set(unclear) == {"recurring-ical-events", "x-wr-timezone", "certifi", "pyphen"}, (
        "the page's beginning names what is not permissive"
    )


#: Licences that ask for a notice and no more.
PERMISSIVE = re.compile(r"\b(MIT|MIT-0|BSD|0BSD|Apache|PSF|ISC|Zlib)\b")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_the_release_is_of_the_version_that_its_tag_names() -> None:
    """The shell of the workflow, run here: another version in the tag ends it."""
    workflow = (ROOT / ".github/workflows/release.yml").read_text("utf-8")
    (check,) = re.findall(r"run: (test .+GITHUB_REF_NAME.+)", workflow)
    for tag, status in ((f"v{calsight.__version__}", 0), ("v9.9.9", 1)):
        done = subprocess.run(["bash", "-c", check], cwd=ROOT, env=os.environ | {"GITHUB_REF_NAME": tag}, check=False)
        assert done.returncode == status
    assert "id-token: write" in workflow
    assert "secrets." not in workflow


def test_each_python_that_is_announced_is_tried_before_a_release() -> None:
    announced = set(re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["project"]["classifiers"])))
    (tried,) = re.findall(r'PYTHONS="(.+)"', (ROOT / ".github/workflows/release.yml").read_text("utf-8"))
    assert {name.removeprefix("python") for name in tried.split()} == announced


def test_an_audit_that_cannot_answer_says_so_and_one_that_finds_something_fails(tmp_path: Path) -> None:
    path, script = tmp_path / "audit.json", [sys.executable, str(ROOT / ".ci/audit.py"), str(tmp_path / "audit.json")]
    unknown = {"name": "b", "skip_reason": "not found"}
    for packages, code, words in (
        (None, 0, "could not be asked"),
        ([unknown], 0, "1 are not known to the service"),
        ([unknown, {"name": "a", "version": "1", "vulns": [{"id": "CVE-1"}]}], 1, "a 1: CVE-1"),
    ):
        if packages is not None:
            path.write_text(json.dumps({"dependencies": packages}))
        done = subprocess.run(script, capture_output=True, text=True, check=False)
        assert (done.returncode, words in done.stdout) == (code, True)
