"""Mutants of calsight's core: a number or a comparison is changed, and some test should notice.

    make mutants ROOMS="time people/owner.py"
    python benchmarks/mutants.py [ROOM or MODULE of calsight/core …]

cosmic-ray makes them, on a copy of what Git knows. Each is first tried by the tests of its own module; those that live
are tried by all tests of its room, and with --wide by those of all of core, the entries and the lives. Every trial is a
fork of one process that has loaded the libraries, which takes a third of the time of a new one. Prints each mutant that
lives, and the score. Those that docs/testing.md argues ("Mutants that live") are known, and do not fail the run.
"""

from __future__ import annotations

import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).resolve().parents[1]
CORE = ROOT / "calsight/core"
#: Numbers and comparisons; what else cosmic-ray knows changes how a thing is written more often than what it says.
KEPT = re.compile(
    "core/(NumberReplacer|ReplaceAndWithOr|ReplaceOrWithAnd"
    "|ReplaceComparisonOperator_(Lt_LtE|LtE_Lt|Gt_GtE|GtE_Gt|Lt_GtE|GtE_Lt|Gt_LtE|LtE_Gt|Eq_NotEq|NotEq_Eq)"
    "|ReplaceBinaryOperator_(Add_Sub|Sub_Add|Mul_Div|Div_Mul))"
)
#: What cosmic-ray takes for a product: the mark of keyword-only parameters.
_POSITIONAL = re.compile(r", /[,)]")
WIDE = ("tests/core", "tests/cases", "tests/lives")
PYTEST = [
    "-x",
    "-q",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "-p",
    "no:cov",
    "--assert=plain",
    "--hypothesis-profile=mutants",
]
LOADED = ("hypothesis.strategies", "numpy", "scipy.special", "scipy.stats", "pydantic", "_pytest.python")
PATIENCE = 4.0  # a mutant that takes so many times as long as the tests without it loops, which is noticed too


@dataclass(frozen=True)
class Mutant:
    """One change: where, what stood there, what stands there now, and the whole module with it."""

    module: str
    line: int
    was: str
    becomes: str
    code: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line}  {self.was}  →  {self.becomes}"


def modules(rooms: Iterable[str]) -> list[str]:
    """The modules that are meant, from the root of the repository."""
    found: list[Path] = []
    for room in rooms or sorted(path.name for path in CORE.iterdir() if path.is_dir()):
        path = CORE / room
        found += [path] if path.is_file() else sorted(path.glob("*.py"))
    return [path.relative_to(ROOT).as_posix() for path in found if path.name != "__init__.py"]


def mutants(module: str) -> Iterator[Mutant]:
    """All of a module."""
    source = (ROOT / module).read_text(encoding="utf-8")
    tree, before = get_ast(source), source.splitlines()
    for name in filter(KEPT.fullmatch, operator_names()):
        operator = get_operator(name)()
        places = sum(1 for node in ast_nodes(tree) for _ in operator.mutation_positions(node))
        for occurrence in range(places):
            code = mutate_code(source, operator, occurrence)
            if code is None or len(_POSITIONAL.findall(code)) != len(_POSITIONAL.findall(source)):
                continue
            after = code.splitlines()
            line = next(n for n, (one, other) in enumerate(zip(before, after, strict=True)) if one != other)
            yield Mutant(module, line + 1, before[line].strip(), " ".join(after[line].split()), code)


def copied(to: Path) -> None:
    """A copy of the working tree, as far as Git knows it or would."""
    listing = ["git", "ls-files", "-co", "--exclude-standard", "-z"]
    listed = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True)
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, to / name)


def tests_of(module: str) -> list[str]:
    """The tests of a module, from its own to those of its room."""
    room, name = module.split("/")[2], Path(module).stem
    own, whole = f"tests/core/{room}/test_{name}.py", f"tests/core/{room}"
    return [one for one in (own, whole if (ROOT / whole).is_dir() else "tests/core") if (ROOT / one).exists()]


def passes(copy: Path, tests: tuple[str, ...], longest: float) -> bool:
    """Whether these tests pass on the copy as it is now, in `longest` seconds."""
    child = os.fork()
    if not child:
        os.chdir(copy)
        sys.path[:0] = [str(copy), str(copy / "connectors")]
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os._exit(int(pytest.main([*PYTEST, *tests])))
    ends = time.monotonic() + longest
    while time.monotonic() < ends:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.02)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return False


def healthy_rounds(copy: Path, rounds: list[tuple[str, ...]]) -> list[tuple[tuple[str, ...], float]]:
    """The rounds of tests, each with how long it may take. Ends the run where they fail without a mutant."""
    found = []
    for tests in rounds:
        began = time.monotonic()
        if not passes(copy, tests, 3600):
            raise SystemExit(f"These tests fail without any mutant: {' '.join(tests)}")
        found.append((tests, 5 + PATIENCE * (time.monotonic() - began)))
    return found


def tried(copy: Path, mutant: Mutant, rounds: list[tuple[tuple[str, ...], float]]) -> bool:
    """Whether the mutant lives through all rounds of tests."""
    path = copy / mutant.module
    healthy = path.read_text(encoding="utf-8")
    path.write_text(mutant.code, encoding="utf-8")
    try:
        return all(passes(copy, *each) for each in rounds)
    finally:
        path.write_text(healthy, encoding="utf-8")


def argued() -> set[tuple[str, str, str]]:
    """Module, what stood there and what stands there now, of the mutants that docs/testing.md argues."""
    text = (ROOT / "docs/testing.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `(.+?)` \| `(.+?)` \| `(.+?)` \|", text, re.MULTILINE))


def main(words: list[str]) -> int:
    """Tries the mutants of the rooms; status 1 if one lives that is not argued."""
    wide, known, total, left = "--wide" in words, argued(), 0, 0
    for name in LOADED:
        importlib.import_module(name)
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.dont_write_bytecode = True
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place)
        copied(copy)
        for module in modules(word for word in words if word != "--wide"):
            rounds = healthy_rounds(copy, [(tests,) for tests in tests_of(module)] + ([WIDE] if wide else []))
            found = list(mutants(module))
            lives = [one for one in found if tried(copy, one, rounds)]
            unknown = [one for one in lives if (module, one.was, one.becomes) not in known]
            total, left = total + len(found), left + len(unknown)
            print(f"{module}: {len(found) - len(lives)} of {len(found)} killed, {len(lives) - len(unknown)} argued")
            for one in unknown:
                print(f"  {one}")
            sys.stdout.flush()
    print(f"{left} of {total} live and are not argued")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
