"""Which lines of calsight/core each test runs, and whether a test notices that one was changed.

Two kinds of mutants are tried in two ways, both in forks, so that nothing is imported or collected twice:

- what changes the body of a function, or a constant that only functions ask for, is changed in a process that has imported and
  collected the tests;
- what else changes what a module does when it is imported (a default, a field, a table), and what lives through the other way
  although its line ran before any test did, is given to a process that has imported the libraries only, in the place of the
  module's source.
"""

from __future__ import annotations

import gc
import importlib
import importlib.machinery
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

import pytest
from changes import Changes, Constant, compiled
from plan import Mutant, Planner, Reach, file_of

OPTIONS = ["--assert=plain", "--hypothesis-profile=mutants", "-o", "tmp_path_retention_policy=none"]
OPTIONS += ["-o", "addopts=--import-mode=importlib --strict-markers"]
OPTIONS += [part for name in ("cacheprovider", "xdist", "cov", "terminal") for part in ("-p", f"no:{name}")]
#: Loaded before anything is forked.
LIBRARIES = ("hypothesis.strategies", "numpy", "scipy.special", "scipy.stats", "pydantic", "_pytest.python")
PATIENCE = 4.0  # a mutant that takes so many times as long as the tests without it loops, which is noticed too
LEAST_PATIENCE = 2.0  # CPU seconds
TOO_LONG = "it takes too long, or ends the process"
BROKEN = "its module cannot be imported"


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
    os.environ["PYTEST_DEBUG_TEMPROOT"] = str(copy.parent)  # where nobody else clears up
