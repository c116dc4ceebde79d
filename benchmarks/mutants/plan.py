"""What a mutant is, and which tests to try on it: those that reach its line, what has noticed its like first."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

_TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*|[<>=!]=|\S")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One line of a module, changed."""

    module: str
    line: int
    was: str
    becomes: str
    code: str

    @property
    def id(self) -> str:
        return digest(self.module, self.code)

    @property
    def name(self) -> tuple[str, str, str]:
        """What it is called where it is argued, wherever in its module the line stands: module, line, change.

        A change is `was` → `becomes`, and where that stands several times in the line, which of them: (2).
        """
        was, becomes = (_TOKEN.findall(line) for line in (self.was, self.becomes))
        same = [one == other for one, other in zip(was, becomes, strict=False)]
        begin = same.index(False) if False in same else len(same)
        after = [one == other for one, other in zip(was[begin:][::-1], becomes[begin:][::-1], strict=False)]
        end = after.index(False) if False in after else len(after)
        end -= end > 0 and len(was) - end <= begin  # what was only put before something stands with it
        old, new = was[begin : len(was) - end], becomes[begin : len(becomes) - end]
        places = [n for n in range(len(was)) if was[n : n + len(old)] == old]
        which = f" ({places.index(begin) + 1})" if len(places) > 1 else ""
        return (
            self.module.removeprefix("calsight/core/"),
            self.was.strip(),
            f"`{''.join(old)}` → `{''.join(new)}`{which}",
        )

    def __str__(self) -> str:
        module, line, change = self.name
        return f"{module}:{self.line}  {line}  {change}"


@dataclass(slots=True)
class Reach:
    """Of each test its CPU seconds and, for each module, the lines it runs as the bits of a number."""

    tests: dict[str, tuple[float, dict[str, int]]] = field(default_factory=dict)
    #: Likewise, what runs while tests are imported and collected.
    early: dict[str, int] = field(default_factory=dict)

    def is_early(self, mutant: Mutant) -> bool:
        """Whether the line runs before any test does: what it led to may be kept from then on."""
        return bool(self.early.get(mutant.module, 0) >> mutant.line & 1)

    def to(self, module: str, lines: Iterable[int]) -> list[str]:
        """The tests that run one of the lines."""
        wanted = sum(1 << line for line in set(lines))
        if not wanted:
            return []
        return [test for test, (_, reached) in self.tests.items() if reached.get(module, 0) & wanted]


def digest(*parts: str | bytes) -> str:
    made = hashlib.sha1(usedforsecurity=False)
    for part in parts:
        made.update(part.encode() if isinstance(part, str) else part)
        made.update(b"\0")
    return made.hexdigest()[:20]


def file_of(test: str) -> str:
    return test.partition("::")[0]


@cache
def key_of(file: str) -> str:
    """Of a file of tests: itself, what stands in its folder that is no test, and what it shares with others."""
    path = Path(file)
    beside = [one for one in path.parent.rglob("*") if one.is_file() and not one.name.startswith("test_")]
    used = [Path("tests/conftest.py"), *_shared(path), *(one for one in beside if "__pycache__" not in one.parts)]
    return digest(*(one.read_bytes() for one in [path, *sorted(set(used))] if one.exists()))


def _shared(path: Path) -> set[Path]:
    """The modules in tests that a module there imports, and those that these do."""
    found: set[Path] = set()
    waiting = [path]
    while waiting:
        named = re.findall(r"^(?:from|import) (\w+)", waiting.pop().read_text(encoding="utf-8"), re.MULTILINE)
        new = {Path(f"tests/{name}.py") for name in named if Path(f"tests/{name}.py").exists()} - found
        found |= new
        waiting += new
    return found


@dataclass(slots=True)
class Planner:
    """Which tests to try on a mutant: what has noticed its like, then those of its module and room, the quickest first."""

    reach: Reach
    sources: dict[str, str]
    #: CPU seconds that the tests of one mutant may take: those of core, and again the entries and lives.
    budget: float
    #: By mutant: the test that noticed it last time, or a mutant of that name.
    hints: dict[tuple[str, str, str], str] = field(default_factory=dict)
    #: By mutant: the files of tests that are known not to notice.
    passed: dict[str, set[str]] = field(default_factory=dict)
    _lately: dict[str, list[str]] = field(default_factory=dict)
    _reaching: dict[tuple[str, int], set[str]] = field(default_factory=dict)

    def tests(self, mutant: Mutant) -> list[str]:
        """Those that may notice, and are not known not to."""
        passed = self.passed.get(mutant.id, set())
        return [test for test in self.all_tests(mutant) if file_of(test) not in passed]

    def all_tests(self, mutant: Mutant) -> list[str]:
        """Those that may notice."""
        own = _own(mutant.module)
        nearest = (own, own.rpartition("/")[0], "tests/core", "")
        likely = [self.hints.get(mutant.name, ""), *reversed(self._lately.get(mutant.module, []))]

        def order(test: str) -> tuple[int, int, float]:
            near = next(place for place, folder in enumerate(nearest) if test.startswith(folder))
            return (likely.index(test) if test in likely else len(likely)), near, self.reach.tests[test][0]

        spent, chosen = [0.0, 0.0], []
        for test in sorted(self.reaching(mutant), key=order):
            pool = 0 if test.startswith("tests/core") else 1
            spent[pool] += self.reach.tests[test][0]
            if spent[pool] < self.budget or not chosen:
                chosen.append(test)
        return chosen

    def remember(self, mutant: Mutant, noticed: str) -> None:
        """That this test noticed: it may notice the next one of the module too."""
        if noticed in self.reach.tests:
            lately = self._lately.setdefault(mutant.module, [])
            if noticed in lately:
                lately.remove(noticed)
            lately.append(noticed)
            del lately[:-8]

    def reaching(self, mutant: Mutant) -> set[str]:
        """All that may notice, however long they take."""
        place = mutant.module, mutant.line
        if place not in self._reaching:
            self._reaching[place] = self._reaching_line(*place)
        return self._reaching[place]

    def _reaching_line(self, module: str, line: int) -> set[str]:
        names, lines = _statement(self.sources[module], line)
        found = set(self.reach.to(module, lines))
        for other, text in self.sources.items() if names else ():
            found |= set(self.reach.to(other, _mentioning(text, names)))
        own = _own(module)
        found |= {test for test in self.reach.tests if file_of(test) == own}
        beside = {_group(test) for test in found}  # what the first of them has made, those after it may share
        found |= {test for test in self.reach.tests if _group(test) in beside}
        return found or {test for test in self.reach.tests if test.startswith(own.rpartition("/")[0])}


def _own(module: str) -> str:
    """The file of tests of a module's own name."""
    return f"tests/core/{module.split('/')[2]}/test_{Path(module).stem}.py"


def _group(test: str) -> str:
    """The class of a test, or the test whose examples stand in a table."""
    file, *classes, name = test.partition("[")[0].split("::")
    return "::".join([file, *(classes or [name])])


def _statement(source: str, line: int) -> tuple[set[str], set[int]]:
    """The names that are given outside of functions by the statement of this line, and the lines that run with it."""
    names: set[str] = set()
    lines: set[int] = {line}
    innermost = None
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            innermost = node  # ast.walk goes from the outside to the inside
    match innermost:
        case ast.FunctionDef():  # a default
            lines |= set(range(innermost.body[0].lineno, (innermost.end_lineno or 0) + 1))
        case ast.Assign():
            names |= {one.id for target in innermost.targets for one in ast.walk(target) if isinstance(one, ast.Name)}
        case ast.AnnAssign(target=ast.Name(id=name)):
            names.add(name)
    last = getattr(innermost, "body", None)
    end = last[0].lineno - 1 if last else getattr(innermost, "end_lineno", line)
    lines |= set(range(getattr(innermost, "lineno", line), end + 1))
    return names, lines


@cache
def _named(source: str) -> list[tuple[str, int]]:
    """Every name, attribute and keyword of a module, with its line."""
    found = []
    for node in ast.walk(ast.parse(source)):
        name = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "arg", None)
        if isinstance(name, str):
            found.append((name, node.lineno))
    return found


def _mentioning(source: str, names: set[str]) -> list[int]:
    return [line for name, line in _named(source) if name in names]
