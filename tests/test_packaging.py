"""What is built is what is in the repository, and works where it is installed."""

import ast
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import calsight
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


def test_all_brings_every_extra() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    (everything,) = extras["all"]
    assert everything == f"calsight[{','.join(sorted(set(extras) - {'all'}))}]"


@pytest.mark.parametrize("name", PROJECT["project"]["entry-points"]["calsight.renderers"])
def test_every_renderer_that_is_announced_can_be_loaded(name: str) -> None:
    assert callable(load_renderer(name))


def test_the_versions_agree() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest
    assert calsight.__version__ == PROJECT["project"]["version"] == version("calsight") == newest[1]


def test_the_wheel_holds_every_file_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == sources()
    assert {f"{name}/py.typed" for name in PACKAGES} <= names
    assert {name for name in names if name.startswith("calsight/core/data/") and name.endswith(".toml")}


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

#: What connectors may import, and strangers' plugins may rely on.
_NAMES = ("errors", "protocols", "testing", "kit.quiet", "kit.retry", "kit.service", "kit.signins")
PUBLIC = {"calsight", *(f"calsight.{name}" for name in _NAMES)}


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
        assert modules <= PUBLIC, file
