"""What is public is listed, documented and light to import."""

import ast
import doctest
import importlib
import inspect
import subprocess
import sys
from datetime import date
from enum import EnumType
from pathlib import Path
from typing import Any

import pytest

import calsight
from calendar_support import weekly_talks
from calsight.testing import event

ROOT = Path(__file__).parents[1]
HEAVY = {
    "babel",
    "cachecontrol",
    "click",
    "holidays",
    "icalendar",
    "numpy",
    "pendulum",
    "platformdirs",
    "pydantic",
    "pytest",
    "recurring_ical_events",
    "requests",
    "rich",
    "scipy",
    "tomlkit",
}
KIT = Path(calsight.__file__).with_name("kit")
#: Modules that plugin authors and embedders import by name.
PUBLIC_MODULES = [
    "calsight",
    "calsight.errors",
    "calsight.protocols",
    "calsight.serve",
    "calsight.settings",
    "calsight.testing",
    # The contract's tests need pytest, and come through calsight.testing.
    *(f"calsight.kit.{path.stem}" for path in KIT.glob("[!_]*.py") if path.stem != "contract"),
]


def loaded_by(statement: str) -> set[str]:
    """The top-level names of all modules that a fresh interpreter has loaded after `statement`."""
    code = f"import sys; {statement}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in done.stdout.split()} | set(done.stdout.split())


def test_the_public_names_are_sorted() -> None:
    assert calsight.__all__ == sorted(calsight.__all__)
    assert dir(calsight) == calsight.__all__


@pytest.mark.parametrize("name", [name for name in calsight.__all__ if name != "__version__"])
def test_each_public_name_is_there_and_documented(name: str) -> None:
    public = getattr(calsight, name)
    assert inspect.getdoc(public)
    assert public.__module__.startswith("calsight.")


def test_what_type_checkers_see_is_what_is_there() -> None:
    tree = ast.parse((ROOT / "calsight/__init__.py").read_text("utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {
        alias.name: node.module for node in guarded.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert set(seen) | {"__version__"} == set(calsight.__all__)
    for name, module in seen.items():
        assert getattr(importlib.import_module(str(module)), name) is getattr(calsight, name)


def test_there_is_no_other_name() -> None:
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        _ = calsight.analyse


@pytest.mark.parametrize("module", PUBLIC_MODULES)
def test_all_that_a_public_module_defines_is_documented(module: str) -> None:
    found = importlib.import_module(module)
    assert inspect.getdoc(found)
    for name, value in vars(found).items():
        if name.startswith("_") or getattr(value, "__module__", None) != module:
            continue
        if inspect.isclass(value) or inspect.isfunction(value):
            assert inspect.getdoc(value), f"{module}.{name} has no docstring"


@pytest.mark.parametrize(
    "statement",
    [
        "import calsight",
        "import calsight.errors, calsight.protocols, calsight.reading.plugins",
        "from calsight import CalendarEvent, Attendee, Window, Kind, Problem",
        "from calsight.reading.plugins import connectors; connectors()",
        "from calsight.testing import event; event('ana', 'bo')",
    ],
)
def test_nothing_heavy_is_loaded_before_it_is_needed(statement: str) -> None:
    assert loaded_by(statement) & HEAVY == set()


def test_the_help_loads_only_the_command_line() -> None:
    loaded = loaded_by("from calsight.cli import main; main(['--help'])")
    assert {name.split(".")[1] for name in loaded if name.startswith("calsight.")} == {
        "cli",
        "errors",
        "kit",
        "settings",
    }
    assert "numpy" not in loaded
    assert "pydantic" not in loaded


def test_settings_load_no_more_than_they_need() -> None:
    assert loaded_by("from calsight.settings.file import Settings; Settings()") & (HEAVY - {"pydantic"}) == set()


def test_a_report_needs_no_scipy() -> None:
    """It takes longer to import than a small calendar to judge; only the tests compare with it."""
    talk = "from calsight.testing import event; talk = event('ana', 'bo', at='2026-03-02 10:00')"
    report = "import calsight; calsight.analyze(talk, me='ana@example.com', settings={}, as_of='2026-03-31')"
    assert "scipy" not in loaded_by(f"{talk}; {report}")


def test_pendulum_waits_for_a_day_that_is_more_than_a_date() -> None:
    """It takes longer to import than a small calendar to judge."""
    talk = "from calsight.testing import event; talk = event('ana', 'bo', at='2026-03-02 10:00')"
    report = "import calsight; calsight.analyze(talk, me='ana@example.com', settings={}, as_of=%r)"
    assert "pendulum" not in loaded_by(f"{talk}; {report % '2026-03-31'}")
    assert "pendulum" in loaded_by(f"{talk}; {report % '2026-03-31T18:00+02:00'}")


def test_importing_calsight_loads_nothing_else_of_it() -> None:
    own = {name for name in loaded_by("import calsight") if name.startswith("calsight")}
    assert own == {"calsight"}


def test_importing_has_no_effect() -> None:
    code = "import logging, warnings; before = list(warnings.filters); import calsight; "
    code += "assert warnings.filters == before and not logging.getLogger().handlers"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_settings_given_in_python_keep_the_users_file_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALSIGHT_SETTINGS", str(tmp_path / "gone.toml"))
    talk = event("ana", "bo", at="2026-03-02 10:00")
    given: dict[str, Any] = {"me": "ana@example.com", "as_of": date(2026, 3, 31)}
    assert calsight.analyze(talk, settings={"rate": {"low": 0.25}}, **given).rate.low == 0.25
    assert calsight.analyze(talk, settings=calsight.Settings(), **given).rate.low == 0.5
    with pytest.raises(calsight.CalsightError, match="There is no settings file"):
        calsight.analyze(talk, **given)


# --- what docs/api.md and the docstrings promise -------------------------------------------------------------------------

#: Nothing is shown by an example that a sentence does not say: words of a closed list, and what is only ever read.
NEEDS_NO_EXAMPLE = {
    "__version__",
    "CalsightError",
    "Attendee",
    "Calendar",
    "CalendarEvent",
    "Meeting",
    "Organizer",
    "Person",
    "Presence",
    "Problem",
    "Verdict",
}
EXAMPLES = [
    name
    for name in calsight.__all__
    if name not in NEEDS_NO_EXAMPLE and not isinstance(getattr(calsight, name), EnumType)
]


@pytest.mark.parametrize("name", EXAMPLES)
def test_what_a_docstring_shows_is_so(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work.ics").write_text(weekly_talks(12), "utf-8")
    monkeypatch.chdir(tmp_path)
    for folder in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(folder, str(tmp_path / folder))
    public = getattr(calsight, name)
    (shown,) = doctest.DocTestFinder(recurse=False).find(public, name, globs={"calsight": calsight, name: public})
    assert shown.examples, f"calsight.{name} has no example"
    told: list[str] = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(shown, out=told.append)
    assert told == [], "".join(told)


@pytest.mark.parametrize("me", ["", " ", (), ["ana@example.com", ""]])
def test_no_address_is_no_mistake(me: Any) -> None:
    talk = event("ana", "bo", at="2026-03-02 10:00")
    owner = {"owner": {"addresses": ["ana@example.com"]}}
    assert calsight.meetings(talk, me=me, as_of="2026-03-31", settings=owner)


@pytest.mark.parametrize("me", [5, [5], [None]])
def test_what_is_no_text_is_refused(me: Any) -> None:
    with pytest.raises(calsight.CalsightError, match=r"^me is an address, or a list of addresses, not (5|None)"):
        calsight.meetings("gone.ics", me=me, settings={})


@pytest.mark.parametrize("me", ["nope", ["ana@example.com", "Bo Lind"], "a b@example.com"])
def test_what_is_no_address_is_refused_before_anything_is_read(me: Any) -> None:
    with pytest.raises(calsight.CalsightError, match=r"^--me: '.+' is not an e-mail address"):
        calsight.meetings("gone.ics", me=me, settings={})
