"""Which tests reach a line of calsight/core, and whether one of them notices that it was changed.

Two kinds of mutants are tried in two ways, both in forks, so that nothing is imported or collected twice:

- what changes the body of a function, or a constant that only functions ask for, is changed in a process that has imported and
  collected the tests;
- what else changes what a module does when it is imported (a default, a field, a table), and what lives through the other way
  although its line ran before any test did, is given to a process that has imported the libraries only, in the place of the
  module's source.
"""

from __future__ import annotations

import ast
import gc
import hashlib
import importlib
import importlib.machinery
import json
import os
import re
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, TypeAlias

import pytest

OPTIONS = ["--assert=plain", "--hypothesis-profile=mutants", "-o", "tmp_path_retention_policy=none"]
OPTIONS += ["-o", "addopts=--import-mode=importlib --strict-markers"]
OPTIONS += [part for name in ("cacheprovider", "xdist", "cov", "terminal") for part in ("-p", f"no:{name}")]
#: Loaded before anything is forked.
LIBRARIES = ("hypothesis.strategies", "numpy", "scipy.special", "scipy.stats", "pydantic", "_pytest.python")
PATIENCE = 4.0  # a mutant that takes so many times as long as the tests without it loops, which is noticed too
LEAST_PATIENCE = 2.0  # CPU seconds
TOO_LONG = "it takes too long, or ends the process"
BROKEN = "its module cannot be imported"
_TOKEN = re.compile(r"[^\W\d]\w*|\d[\w.]*|[<>=!]=|\S")
_RUNS = 2  # CO_NEWLOCALS: the code of a function, not of a module or a class


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
    """Which tests to try on a mutant: what has noticed its like, then the tests of its room, each the quickest first."""

    reach: Reach
    sources: dict[str, str]
    #: CPU seconds that the tests of one mutant may take: those of core, and again the entries and lives.
    budget: float
    #: By mutant: the test that noticed it last time, or a mutant of that name.
    hints: dict[tuple[str, str, str], str] = field(default_factory=dict)
    #: By mutant: the files of tests that are known not to notice.
    passed: dict[str, set[str]] = field(default_factory=dict)
    _lately: dict[str, list[str]] = field(default_factory=dict)

    def tests(self, mutant: Mutant) -> list[str]:
        """Those that may notice, and are not known not to."""
        passed = self.passed.get(mutant.id, set())
        return [test for test in self.all_tests(mutant) if file_of(test) not in passed]

    def all_tests(self, mutant: Mutant) -> list[str]:
        """Those that may notice."""
        room = "tests/core/" + mutant.module.split("/")[2]
        likely = [self.hints.get(mutant.name, ""), *reversed(self._lately.get(mutant.module, []))]

        def order(test: str) -> tuple[int, int, float]:
            near = 0 if test.startswith(room) else 1 if test.startswith("tests/core") else 2
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
        source = self.sources[mutant.module]
        names, lines = _statement(source, mutant.line)
        found = set(self.reach.to(mutant.module, lines))
        for module, text in self.sources.items() if names else ():
            found |= set(self.reach.to(module, _mentioning(text, names)))
        own = f"tests/core/{mutant.module.split('/')[2]}/test_{Path(mutant.module).stem}.py"
        found |= {test for test in self.reach.tests if file_of(test) == own}
        beside = {_group(test) for test in found}  # what the first of them has made, those after it may share
        found |= {test for test in self.reach.tests if _group(test) in beside}
        return found or {test for test in self.reach.tests if test.startswith(own.rpartition("/")[0])}


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


# --- in a fork --------------------------------------------------------------------------------------------------------------


def forked(work: Callable[[Callable[[Any], None]], None]) -> Iterator[Any]:
    """What `work` tells (JSON) in a process of its own, as it tells it. Ends when the process does."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        try:
            work(lambda what: _write(writer, json.dumps(what) + "\n"))
        except Exception:  # noqa: BLE001 - it is told, and nothing above may go on in a second process
            os.write(writer, json.dumps({"failed": traceback.format_exc()}).encode())
        finally:
            os._exit(0)
    os.close(writer)
    try:
        with os.fdopen(reader, encoding="utf-8") as told:
            for line in told:
                found = json.loads(line)
                if isinstance(found, dict):
                    raise RuntimeError(found["failed"])
                yield found
    finally:
        os.waitpid(child, 0)


def _write(to: int, text: str) -> None:
    data = text.encode()
    while data:
        data = data[os.write(to, data) :]


def _limited(seconds: float) -> None:
    """Ends this process when it has used so many CPU seconds, or waits for ever."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, 60 + 20 * seconds)
    for number in (signal.SIGPROF, signal.SIGALRM):
        signal.signal(number, signal.SIG_DFL)


def _noticed(items: list[pytest.Item], reach: Reach) -> str:
    """The first of the tests that fails, "" where none does. One that takes too long ends the process."""
    from _pytest.runner import runtestprotocol

    for item, following in zip(items, [*items[1:], None], strict=True):
        _limited(LEAST_PATIENCE + PATIENCE * reach.tests[item.nodeid][0])
        if any(report.failed for report in runtestprotocol(item, log=False, nextitem=following)):
            return item.nodeid
    return ""


def _run(files: Iterable[str], loop: Callable[[pytest.Session], None]) -> bool:
    """Collects the files once, and does `loop` in the place of running them. Whether they could be collected."""
    done: list[Exception | None] = []

    class Plugin:
        def pytest_runtestloop(self, session: pytest.Session) -> bool:
            if session.testsfailed:
                return True
            try:
                loop(session)
            except Exception as error:  # noqa: BLE001 - pytest would print it where nobody looks
                done.append(error)
            else:
                done.append(None)
            return True

    pytest.main([*OPTIONS, *files], plugins=[Plugin()])
    for error in filter(None, done):
        raise error
    return bool(done)


# --- learning ---------------------------------------------------------------------------------------------------------------


def learned(files: list[str], core: Path) -> Iterator[tuple[str, float, bool, dict[str, int]]]:
    """Of every test of the files: its name, its CPU seconds, whether it passes, and the lines of core it runs.

    The name "" is for what runs while they are imported and collected.
    """

    def work(tell: Callable[[Any], None]) -> None:
        import coverage

        cover = coverage.Coverage(data_file=None, config_file=False, source=[str(core)], messages=False)
        cover.start()

        def loop(session: pytest.Session) -> None:
            from _pytest.runner import runtestprotocol

            passed: dict[str, tuple[float, bool]] = {"": (0.0, True)}
            for item, following in zip(session.items, [*session.items[1:], None], strict=True):
                cover.switch_context(item.nodeid)
                began = time.process_time()
                reports = runtestprotocol(item, log=False, nextitem=following)
                passed[item.nodeid] = time.process_time() - began, not any(report.failed for report in reports)
                cover.switch_context("")
            cover.stop()
            data, reached = cover.get_data(), {name: {} for name in passed}
            for path in data.measured_files():
                module = Path(path).relative_to(core.parents[1]).as_posix()
                for line, contexts in data.contexts_by_lineno(path).items():
                    for name in contexts:
                        reached[name][module] = reached[name].get(module, 0) | 1 << line
            for name, (seconds, fine) in passed.items():
                tell((name, seconds, fine, {module: hex(lines) for module, lines in reached[name].items()}))

        if not _run(files, loop):
            raise RuntimeError("The tests cannot be collected.")

    for name, seconds, fine, reached in forked(work):
        yield name, seconds, fine, {module: int(lines, 16) for module, lines in reached.items()}


# --- the body of a function -------------------------------------------------------------------------------------------------


def _changed(old: CodeType, new: CodeType) -> list[tuple[CodeType, CodeType]] | None:
    """The functions whose bodies differ, outermost first found; None where what runs at import differs."""
    if old == new:
        return []
    if old.co_flags & _RUNS:
        return [(old, new)]
    inner = [[one for one in code.co_consts if isinstance(one, CodeType)] for code in (old, new)]
    outer = [[one for one in code.co_consts if not isinstance(one, CodeType)] for code in (old, new)]
    if (old.co_code, repr(outer[0]), old.co_names) != (new.co_code, repr(outer[1]), new.co_names):
        return None
    if len(inner[0]) != len(inner[1]):
        return None
    found = []
    for pair in zip(*inner, strict=True):
        below = _changed(*pair)
        if below is None:
            return None
        found += below
    return found


def compiled(source: str, path: str) -> CodeType:
    return compile(source, path, "exec", dont_inherit=True)


def bodies(source: str, mutant: Mutant) -> list[tuple[CodeType, CodeType]] | None:
    """The functions that a mutant changes, as they are and as they become; None where it changes what runs at import."""
    path = str(Path(mutant.module).resolve())
    return _changed(compiled(source, path), compiled(mutant.code, path))


@dataclass(frozen=True, slots=True)
class Constant:
    """A number of a module that only its own functions ask for, when they run: `name` becomes `value`, an expression."""

    module: str
    name: str
    value: str


def constant(mutant: Mutant) -> Constant | None:
    """The private constant that a mutant changes; None where it is something else, or needed before functions run."""
    tree = ast.parse(mutant.code)
    changed = next((one for one in tree.body if one.lineno <= mutant.line <= (one.end_lineno or 0)), None)
    match changed:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=value)
        ):
            early = (one for part in tree.body for one in _at_import(part))
            if (
                value
                and name.startswith("_")
                and not any(
                    isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Load) for one in early
                )
            ):
                return Constant(mutant.module.removesuffix(".py").replace("/", "."), name, ast.unparse(value))
    return None


def _at_import(node: ast.AST) -> Iterator[ast.AST]:
    """All of a statement that runs when its module is imported."""
    yield node
    for name, part in ast.iter_fields(node):
        if isinstance(node, ast.FunctionDef | ast.Lambda) and name == "body":
            continue
        for one in part if isinstance(part, list) else [part]:
            if isinstance(one, ast.AST):
                yield from _at_import(one)


Changes: TypeAlias = "list[tuple[CodeType, CodeType]] | Constant"


def try_warm(
    files: list[str], work: list[tuple[Mutant, Changes]], planner: Planner
) -> Iterator[tuple[Mutant, str | None]]:
    """Of each mutant the test that notices: "" where none does, None where it cannot be tried in this way."""

    def trials(tell: Callable[[Any], None]) -> None:
        def loop(session: pytest.Session) -> None:
            items = {item.nodeid: item for item in session.items}
            session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
            functions = _functions()
            for place, (mutant, changes) in enumerate(work):
                change = _change(changes, functions)
                if change is None:
                    tell((place, None))
                    continue
                noticed = _changed_in_a_fork(change, [items[test] for test in planner.tests(mutant)], planner.reach)
                planner.remember(mutant, noticed)
                tell((place, noticed))

        if not _run(files, loop):
            raise RuntimeError("The tests cannot be collected.")

    for place, noticed in forked(trials):
        yield work[place][0], noticed


def _functions() -> dict[CodeType, list[FunctionType]]:
    """The functions of core that there are, by their code."""
    root, found = str(Path("calsight/core").resolve()), {}
    for one in gc.get_objects():
        if type(one) is FunctionType and one.__code__.co_filename.startswith(root):
            found.setdefault(one.__code__, []).append(one)
    gc.collect()
    gc.freeze()
    return found


def _change(changes: Changes, functions: dict[CodeType, list[FunctionType]]) -> Callable[[], None] | None:
    """What makes the mutant of this process; None where there are no such functions (any more)."""
    if isinstance(changes, Constant):
        module = sys.modules.get(changes.module)
        value = compile(changes.value, changes.module, "eval")
        return None if module is None else lambda: setattr(module, changes.name, eval(value, vars(module)))
    if not all(old in functions for old, _ in changes):
        return None

    def swap() -> None:
        for old, new in changes:
            for function in functions[old]:
                function.__code__ = new

    return swap


def _changed_in_a_fork(change: Callable[[], None], items: list[pytest.Item], reach: Reach) -> str:
    """The first of the tests that fails after the change."""

    def trial(tell: Callable[[Any], None]) -> None:
        try:
            change()
        except Exception:  # noqa: BLE001 - whatever it is, whoever imports the module would meet it
            tell(BROKEN)
        else:
            tell(_noticed(items, reach))

    return next(forked(trial), TOO_LONG)


# --- what runs at import ------------------------------------------------------------------------------------------------------


def try_import(mutant: Mutant, tests: list[str], reach: Reach) -> str:
    """The first of the tests that notices, in the order given, with the mutant in the place of its module; "" if none does."""

    def trial(tell: Callable[[Any], None]) -> None:
        path, healthy = str(Path(mutant.module).resolve()), importlib.machinery.SourceFileLoader.get_code

        def get_code(self: Any, fullname: str) -> CodeType | None:
            return compiled(mutant.code, path) if self.path == path else healthy(self, fullname)

        importlib.machinery.SourceFileLoader.get_code = get_code  # type: ignore[method-assign]
        _limited(60)

        def loop(session: pytest.Session) -> None:
            items = {item.nodeid: item for item in session.items}
            gone = [test for test in tests if test not in items]
            tell(gone[0] if gone else _noticed([items[test] for test in tests], reach))

        if not _run(sorted({file_of(test) for test in tests}), loop):
            tell(tests[0])

    return str(next(forked(trial), TOO_LONG))


def load_libraries(names: Iterable[str] = LIBRARIES) -> None:
    for name in names:
        try:
            importlib.import_module(name)
        except Exception:  # noqa: BLE001 - what cannot be loaded alone is loaded by who needs it
            continue


def isolate(copy: Path) -> None:
    """Works in the copy from now on."""
    os.chdir(copy)
    sys.path[:0] = [str(copy), str(copy / "connectors")]
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
