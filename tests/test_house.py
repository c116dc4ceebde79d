"""The house stays as it is drawn: one direction, no circles, a contract for every room, and nothing that outgrew its room."""

from __future__ import annotations

import ast
import os
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

from slow import SLOW

ROOT = Path(__file__).parents[1]
PACKAGES = ("calsight", "calsight_caldav", "calsight_google", "calsight_ics", "calsight_outlook")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]

MODULE_LINES, FUNCTION_LINES, PARAMETERS = 400, 60, 6
#: What is larger than it should be, and why it may be. Who makes one small takes it off.
ARGUED = {
    "calsight/demo/lives.py": "data: the four invented owners, each in one piece",
    "calsight/pipeline/read.py read": "the options of `analyze`, each a keyword with a default",
    "calsight/testing.py event": "what an invented event may say, each a keyword with a default",
}


@cache
def graph() -> grimp.ImportGraph:
    """What imports what when it runs, functions' own imports too."""
    return grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)


def circle(imports: dict[str, set[str]]) -> list[str]:
    """A circle of imports, [] if there is none."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_module_imports_itself_by_way_of_others() -> None:
    imports = {module: graph().find_modules_directly_imported_by(module) for module in graph().modules}
    assert circle(imports) == []


@pytest.mark.parametrize("package", sorted(module for module in graph().modules if graph().find_children(module)))
def test_no_circle_between_what_stands_side_by_side_in_a_folder(package: str) -> None:
    inside = {
        module: child
        for child in graph().find_children(package)
        for module in {child, *graph().find_descendants(child)}
    }
    imports: dict[str, set[str]] = {}
    for module, room in inside.items():
        there = {inside[other] for other in graph().find_modules_directly_imported_by(module) if other in inside}
        imports.setdefault(room, set()).update(there - {room})
    assert circle(imports) == []


def rooms(package: str) -> set[str]:
    return {child for child in graph().find_children(package) if graph().find_children(child)}


def layers(container: str) -> set[str]:
    """The layers of the contract for what is in `container`."""
    named: set[str] = set()
    for contract in CONTRACTS:
        if contract["type"] == "layers":
            parts = {part.strip() for layer in contract["layers"] for part in layer.replace(":", "|").split("|")}
            within = contract.get("containers", [])
            named |= {f"{one}.{part}" for one in within for part in parts} if within else parts
    return {name for name in named if name.rpartition(".")[0] == container}


@pytest.mark.parametrize("container", ["calsight", "calsight.core", "calsight_ics"])
def test_every_room_stands_in_the_contract_of_its_floor(container: str) -> None:
    assert rooms(container) <= layers(container) | {"calsight.core.data"}
    assert layers(container) <= graph().find_children(container)


def test_every_connector_is_held_to_what_is_public() -> None:
    folders = {path.name for path in (ROOT / "connectors").iterdir() if (path / "__init__.py").is_file()}
    assert folders == set(PACKAGES[1:])
    (public,) = (one for one in CONTRACTS if one["name"] == "connectors use the kit and what is public")
    assert set(public["source_modules"]) == folders
    assert set(public["forbidden_modules"]) >= rooms("calsight") - {"calsight.kit", "calsight.demo"}


def first_line(package: str) -> str:
    """What a room says of itself in one line."""
    path = (
        ROOT
        / ("" if package.startswith("calsight.") or package == "calsight" else "connectors")
        / package.replace(".", "/")
    )
    said = ast.get_docstring(ast.parse((path / "__init__.py").read_text(encoding="utf-8")))
    return (said or "").partition("\n")[0]


def drawing() -> list[str]:
    """The rooms in the order of their contracts, each with what it says of itself."""
    by_contract = {one["name"]: one for one in CONTRACTS}
    outer = by_contract["the rooms of calsight, one over the other"]["layers"]
    inner = by_contract["the rooms of core, one over the other"]["layers"]
    lines = ["```text", "calsight"]
    for layer in outer:
        if layer in rooms("calsight"):
            lines.append(f"  {layer.rpartition('.')[2]:<12} {first_line(layer)}")
        if layer == "calsight.core":
            lines += [f"    {room.rpartition('.')[2]:<14} {first_line(room)}" for room in inner]
    lines.append("connectors")
    for connector in PACKAGES[1:]:
        lines.append(f"  {connector:<18} {first_line(connector)}")
        lines += [f"    {room.rpartition('.')[2]:<16} {first_line(room)}" for room in sorted(rooms(connector))]
    return [*lines, "```"]


def test_every_room_says_its_subject() -> None:
    packages = [module for module in graph().modules if graph().find_children(module)]
    assert [package for package in packages if not first_line(package)] == []


def test_the_drawing_is_of_the_folders() -> None:
    page = ROOT / "docs/architecture.md"
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition("<!-- drawing -->\n")
    _, _, after = rest.partition("<!-- /drawing -->")
    wanted = "\n".join([f"{before}<!-- drawing -->", *drawing(), f"<!-- /drawing -->{after}"])
    if "CALSIGHT_WRITE_DOCS" in os.environ:
        page.write_text(wanted, encoding="utf-8")
    else:
        assert text == wanted, "docs/architecture.md is behind: CALSIGHT_WRITE_DOCS=1 make test"


def test_the_road_of_one_event_leads_through_modules_that_there_are() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    road = set(re.findall(r"`(calsight[\w.]*\.[a-z_]+)`", text))
    assert len(road) > 20
    assert road <= graph().modules


def outgrown() -> Iterator[str]:
    """Modules and functions that are larger than they should be."""
    for path in [*(ROOT / "calsight").rglob("*.py"), *(ROOT / "connectors").rglob("*.py")]:
        name, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        if text.count("\n") > MODULE_LINES:
            yield name
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                given = node.args
                named = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
                many = sum(one is not None and one.arg not in ("self", "cls") for one in named)
                if many > PARAMETERS or (node.end_lineno or 0) - node.lineno >= FUNCTION_LINES:
                    yield f"{name} {node.name}"


def test_nothing_outgrew_its_room_or_it_says_why() -> None:
    assert sorted(outgrown()) == sorted(ARGUED)


def test_the_story_of_core_names_what_is_there() -> None:
    story = ast.get_docstring(ast.parse((ROOT / "calsight/core/__init__.py").read_text(encoding="utf-8"))) or ""
    named = set(re.findall(r"`(\w+)`", story))
    modules = {path.stem for path in (ROOT / "calsight/core").rglob("*.py")}
    assert named <= modules | {room.rpartition(".")[2] for room in rooms("calsight.core")}
    assert {room.rpartition(".")[2] for room in rooms("calsight.core")} <= named | {"data"}


@pytest.mark.parametrize("pattern", SLOW)
def test_every_slow_test_is_there(pattern: str) -> None:
    """The list of slow tests names none that is gone."""
    path, _, name = pattern.partition("[[]")[0].partition("::")
    files = [file for file in (ROOT / "tests").glob(path.rstrip("*")) if file.exists()]
    assert files
    assert not name or name.rstrip("*") in files[0].read_text(encoding="utf-8")
