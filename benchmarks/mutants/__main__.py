"""Mutants of calsight's core: a number or a comparison is changed, and some test should notice.

    make mutants ROOMS="time people/owner.py"
    python benchmarks/mutants [--afresh] [--known] [--logic] [--narrow] [--open] [--sample] [--thorough] [ROOM or MODULE …]

cosmic-ray makes them; which tests are tried on each is said in plan.py, and how in trials.py. What was found is remembered in
.mutants by what a module and a file of tests hold: another run tries what has changed since, --afresh all, --known nothing.
--logic takes `and` and `or` too; --narrow leaves the entries and the pipeline out; --thorough takes the lives, and a minute
for each mutant. --sample tries one in four, the same whenever it is asked; --open those that live, are not argued, or were
never tried, by their names. Both take of the others what is known.
Prints each mutant that lives, and the score, which goes into docs/testing.md for the rooms that were tried whole (not by
--narrow). Those argued there ("Mutants that live") are known, and do not fail the run.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from changes import bodies, constant
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.operators.binary_operator_replacement import BinaryOperators
from cosmic_ray.operators.comparison_operator_replacement import ComparisonOperators
from cosmic_ray.plugins import get_operator, operator_names
from plan import Mutant, Planner, Reach, digest, file_of, key_of
from trials import LIBRARIES, isolate, learned, load_libraries, try_import, try_warm

ROOT = Path(__file__).resolve().parents[2]
CORE = ROOT / "calsight/core"
MEMORY = ROOT / ".mutants"
PAGE = ROOT / "docs/testing.md"
#: Numbers and comparisons; what else cosmic-ray knows changes how a thing is written more often than what it says.
KEPT = re.compile(
    "core/(NumberReplacer|ReplaceAndWithOr|ReplaceOrWithAnd"
    "|ReplaceComparisonOperator_(Lt_LtE|LtE_Lt|Gt_GtE|GtE_Gt|Lt_GtE|GtE_Lt|Gt_LtE|LtE_Gt|Eq_NotEq|NotEq_Eq)"
    "|ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_Div|Div_Mul))"
)
#: What an operator of cosmic-ray makes of what it finds; of a number it makes one more and one less.
_TARGET = re.compile("(?:_|With)([A-Za-z]+)$")
_BECOMES = {one.name: one.value for one in (*ComparisonOperators, *BinaryOperators)} | {"Or": "or", "And": "and"}
#: What it takes for a product: the mark of keyword-only parameters.
_POSITIONAL = re.compile(r"(?:, |\(|^\s*)/[,)]")
#: How much is remembered changes nothing but the time.
_SAME = re.compile(r"@lru_cache\(maxsize=")
#: CPU seconds (with what measures coverage) for the tests of one mutant, usually and with --thorough.
BUDGETS = (6.0, 60.0)
SAMPLE = 4  # one in so many
NEAR, WIDE, WIDEST = ("tests/core",), ("tests/cases", "tests/pipeline"), ("tests/lives",)


# --- the mutants --------------------------------------------------------------------------------------------------------------


def modules(rooms: Iterable[str]) -> list[str]:
    """The modules that are meant, from the root of the repository."""
    found: list[Path] = []
    for room in rooms or all_rooms():
        path = CORE / room
        found += [path] if path.is_file() else sorted(path.glob("*.py"))
    return [path.relative_to(ROOT).as_posix() for path in found if path.name != "__init__.py"]


def all_rooms() -> list[str]:
    """The rooms of core that hold code."""
    return sorted({path.parent.name for path in CORE.glob("*/*.py") if path.name != "__init__.py"})


def mutants(module: str, source: str) -> Iterator[Mutant]:
    """All of a module that are not the same program."""
    tree, lines = get_ast(source), source.splitlines(keepends=True)
    nodes = list(ast_nodes(tree))
    for name in filter(KEPT.fullmatch, operator_names()):
        operator = get_operator(name)()
        for node in nodes:
            for index, ((line, begin), (_, end)) in enumerate(operator.mutation_positions(node)):
                new = (
                    _BECOMES[found[1]]
                    if (found := _TARGET.search(name))
                    else operator.mutate(node, index).value.strip()
                )
                before = lines[line - 1]
                after = before[:begin] + new + before[end:]
                code = "".join([*lines[: line - 1], after, *lines[line:]])
                mutant = Mutant(module, line, before.rstrip("\n"), after.rstrip("\n"), code)
                with suppress(SyntaxError):  # "(*, name)" becomes "(/, name)"
                    if not _SAME.search(before) and not _POSITIONAL.search(after) and bodies(source, mutant) != []:
                        yield mutant


def listed(module: str, source: str) -> list[Mutant]:
    """The mutants of a module, remembered."""
    path = MEMORY / "made" / f"{digest(module, source, KEPT.pattern, _SAME.pattern)}.json"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([(one.line, one.becomes) for one in mutants(module, source)]), encoding="utf-8")
    before, found = source.splitlines(keepends=True), []
    for line, becomes in json.loads(path.read_text(encoding="utf-8")):
        code = "".join([*before[: line - 1], becomes + "\n", *before[line:]])
        found.append(Mutant(module, line, before[line - 1].rstrip("\n"), becomes, code))
    return found


def copied(to: Path) -> None:
    """A copy of the working tree, as far as Git knows it or would, so that it may change while the mutants are tried."""
    listing = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, to / name)


# --- what is remembered ------------------------------------------------------------------------------------------------------


def reach_of(pools: Iterable[str], core: dict[str, str], tried: set[str]) -> Reach:
    """What each test reaches. A file of tests is learned anew where it has changed, or a tried module that it reaches."""
    path, reach, again = MEMORY / "reach.json", Reach(), []
    kept = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    files = sorted(str(one) for pool in pools for one in Path(pool).rglob("test_*.py"))
    keys = {module: digest(source) for module, source in core.items()}
    for file in files:
        found = kept.get(file)
        changed = (
            tried & {module for module, was in found["modules"].items() if keys.get(module) != was} if found else {""}
        )
        if changed or found["key"] != key_of(file):
            again.append(file)
            kept[file] = {"key": key_of(file), "modules": {}, "tests": {}}
    failing = []
    for name, seconds, passes, lines in learned(again, Path("calsight/core").resolve()) if again else ():
        if not passes:
            failing.append(name)
        if not name:
            early = kept.setdefault("", {})
            early |= {module: hex(int(early.get(module, "0"), 16) | bits) for module, bits in lines.items()}
        else:
            kept[file_of(name)]["tests"][name] = seconds, {module: hex(bits) for module, bits in lines.items()}
            kept[file_of(name)]["modules"] |= {module: keys[module] for module in lines if module in keys}
    if failing:
        raise SystemExit("These tests fail without any mutant: " + " ".join(failing))
    path.write_text(json.dumps(kept), encoding="utf-8")
    reach.early = {module: int(bits, 16) for module, bits in kept.get("", {}).items()}
    for file in files:
        for name, (seconds, lines) in kept[file]["tests"].items():
            reach.tests[name] = seconds, {module: int(bits, 16) for module, bits in lines.items()}
    return reach


def argued() -> set[tuple[str, str, str]]:
    """Module, line and change of the mutants that docs/testing.md argues."""
    rows = re.findall(r"^\| `(\S+\.py)` \| `(.+?)` \| (`.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    return {
        (module, line.replace("\\|", "|"), change) for module, line, changes in rows for change in changes.split("; ")
    }


class Memory:
    """What became of each mutant: a line a trial, the last one holds."""

    def __init__(self, path: Path, *, afresh: bool) -> None:
        self.path = path
        self.kept: dict[str, dict[str, object]] = {}
        self.hints: dict[tuple[str, str, str], str] = {}
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            found = json.loads(line)
            self.hints[tuple(found["name"])] = found["noticed"]
            if not afresh:
                self.kept[found["id"]] = found

    def noticed(self, mutant: Mutant) -> str:
        """The test that notices it still, "" if none is known."""
        found = self.kept.get(mutant.id, {})
        noticed = str(found.get("noticed", ""))
        known = not noticed or "::" not in noticed or found["files"] == {file_of(noticed): _key(noticed)}
        return noticed if known else ""

    def passed(self, mutant: Mutant) -> set[str]:
        """The files of tests that have not noticed it, and are what they were."""
        files = self.kept.get(mutant.id, {}).get("files", {}) if not self.noticed(mutant) else {}
        return {file for file, key in files.items() if key == _key(file)}

    def add(self, mutant: Mutant, noticed: str, planner: Planner) -> None:
        """What has become of it: the test that noticed, or the files of tests that were tried whole and did not."""
        tried = set(planner.all_tests(mutant))
        left = {file_of(test) for test in planner.reaching(mutant) - tried}
        files = {file_of(noticed)} if "::" in noticed else {file_of(test) for test in tried} - left
        made = {"id": mutant.id, "name": mutant.name, "noticed": noticed, "files": {file: _key(file) for file in files}}
        self.kept[mutant.id] = made
        with self.path.open("a", encoding="utf-8") as out:
            out.write(json.dumps(made) + "\n")


def _key(test: str) -> str:
    return key_of(file_of(test)) if Path(file_of(test)).exists() else ""


# --- the run -----------------------------------------------------------------------------------------------------------------


def trials(found: list[Mutant], planner: Planner, memory: Memory, core: dict[str, str]) -> Iterator[tuple[Mutant, str]]:
    """Of each mutant the test that notices it, "" if none does."""
    warm, at_import = [], []
    for one in found:
        planner.passed[one.id] = memory.passed(one)
        if noticed := memory.noticed(one):
            yield one, noticed
        elif not planner.tests(one):
            yield one, ""
        elif changes := bodies(core[one.module], one) or constant(one):
            warm.append((one, changes))
        else:
            at_import.append(one)
    files = sorted({file_of(test) for one, _ in warm for test in planner.tests(one)})
    for one, noticed in try_warm(files, warm, planner) if warm else ():
        if noticed is None or (not noticed and planner.reach.is_early(one)):
            at_import.append(one)
        else:
            memory.add(one, noticed, planner)
            yield one, noticed
    for one in at_import:
        tests = planner.tests(one)
        first = [test for test in tests if file_of(test) == file_of(tests[0])]
        rest = [test for test in tests if test not in first]
        noticed = try_import(one, first, planner.reach) or (try_import(one, rest, planner.reach) if rest else "")
        planner.remember(one, noticed)
        memory.add(one, noticed, planner)
        yield one, noticed


def written(scores: dict[str, Counter[str]]) -> None:
    """The score of these rooms in docs/testing.md; what stands there of other rooms stays."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition("<!-- score -->\n")
    table, _, after = rest.partition("<!-- /score -->")
    rows = dict(re.findall(r"^\| `(\w+)` (\|.*)$", table, re.MULTILINE))
    for room, score in scores.items():
        numbers = [score[name] for name in ("all", "killed", "argued", "live", "untried")]
        rows[room] = "".join(f"| {number} " for number in numbers) + "|"
    lines = [f"| `{room}` {rows[room]}" for room in all_rooms() if room in rows]
    head = [
        "| room | mutants | killed | argued below | live | not tried |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    new = "\n".join([*head, *lines, ""])
    PAGE.write_text(f"{before}<!-- score -->\n{new}<!-- /score -->{after}", encoding="utf-8")


def wanted(rooms: Iterable[str], core: dict[str, str], options: set[str]) -> list[Mutant]:
    """The mutants that are meant."""
    found = [one for module in modules(rooms) for one in listed(module, core[module])]
    return [one for one in found if "--logic" in options or not one.name[2].startswith(("`and`", "`or`"))]


def sampled(found: Iterable[Mutant]) -> list[Mutant]:
    """One in `SAMPLE` of them, whichever others there are."""
    return [one for one in found if int(digest(*one.name), 16) % SAMPLE == 0]


def remembered(found: Iterable[Mutant]) -> Iterator[tuple[Mutant, str]]:
    """What earlier runs have found of mutants of these names."""
    noticed = Memory(MEMORY / "trials.jsonl", afresh=True).hints
    for one in found:
        yield one, "untried" if one.name not in noticed else "killed" if noticed[one.name] else "live"


def outcomes(rooms: list[str], options: set[str]) -> Iterator[tuple[Mutant, str]]:
    """What becomes of each mutant: killed, live or untried."""
    core = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in CORE.rglob("*.py")}
    meant = wanted(rooms, core, options)
    tried = [] if "--known" in options else sampled(meant) if "--sample" in options else meant
    if "--open" in options:
        settled = argued() | {
            name for name, noticed in Memory(MEMORY / "trials.jsonl", afresh=True).hints.items() if noticed
        }
        tried = [one for one in tried if one.name not in settled]
    names = {one.name for one in tried}
    yield from remembered(one for one in meant if one.name not in names)
    if not tried:
        return
    load_libraries(LIBRARIES)
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place).resolve() / "copy"
        copied(copy)
        isolate(copy)
        pools = [*NEAR, *(() if "--narrow" in options else WIDE), *(WIDEST if "--thorough" in options else ())]
        reach = reach_of(pools, core, set(modules(rooms)))
        memory = Memory(MEMORY / "trials.jsonl", afresh="--afresh" in options)
        planner = Planner(reach, core, BUDGETS["--thorough" in options], memory.hints)
        for one, noticed in trials(tried, planner, memory, core):
            yield one, "killed" if noticed else "live"


def main(words: list[str]) -> int:
    """Tries the mutants of the rooms; status 1 if one lives that is not argued."""
    options, rooms = {word for word in words if word.startswith("-")}, [word for word in words if word[0] != "-"]
    MEMORY.mkdir(exist_ok=True)
    known, whole = argued(), {word for word in rooms or all_rooms() if not word.endswith(".py")}
    scores: dict[str, Counter[str]] = {}
    for one, outcome in outcomes(rooms, options):
        if outcome == "live" and one.name in known:
            outcome = "argued"
        scores.setdefault(one.module.split("/")[2], Counter()).update([outcome, "all"])
        if outcome == "live":
            print(f"  {one}", flush=True)
    for room, score in sorted(scores.items()):
        print(f"{room}: {', '.join(f'{name} {number}' for name, number in score.items())}")
    if "--narrow" not in options:
        written({room: score for room, score in scores.items() if room in whole})
    return 1 if any(score["live"] for score in scores.values()) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
