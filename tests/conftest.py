"""What holds for all tests.

Hypothesis draws the same examples every time, so that a run says something about the change and not about the day. New ones
are for `make soak`: what it finds becomes an example of its own.
"""

import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from slow import slow

# A shared or busy machine is slow now and then; that is no failure.
settings.register_profile("calsight", deadline=None, derandomize=True)
settings.register_profile(
    "soak", deadline=None, max_examples=int(os.environ.get("CALSIGHT_SOAK", "2000")), print_blob=True
)
settings.register_profile("quick", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("mutants", deadline=None, derandomize=True, max_examples=25)
settings.load_profile("calsight")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow (slow.py says which and why), so that `-m "not slow"` leaves it out."""
    for item in items:
        if slow(item.nodeid.removeprefix("tests/")):
            item.add_marker("slow")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """With CALSIGHT_MENDED=1, takes the cases that hold now off the list of those that do not (`cases/not_yet.toml`)."""
    if not os.environ.get("CALSIGHT_MENDED") or hasattr(terminalreporter.config, "workerinput"):
        return
    held = {
        match[1]
        for report in terminalreporter.getreports("failed")
        if "[XPASS(strict)]" in str(report.longrepr) and (match := re.search(r"take «(.+)» off", str(report.longrepr)))
    }
    path = Path(__file__).parent / "cases/not_yet.toml"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    if held:
        left = "".join([line for line in lines if line.strip(' ",\n') not in held])
        path.write_text(re.sub(r"\n\[.+\]\nreason = .+\nids = \[\n\]\n", "", left), encoding="utf-8")
    terminalreporter.line(f"Taken off {path.name}: {', '.join(sorted(held)) or 'nothing'}.")


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Put a distribution with one module and its entry points on the path."""
    monkeypatch.syspath_prepend(str(tmp_path))
    known = set(sys.modules)

    def put(
        distribution: str, module: str, code: str, *, version: str = "1.0", extras: str = "", **points: str
    ) -> None:
        (tmp_path / f"{module}.py").write_text(code, "utf-8")
        info = tmp_path / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir(exist_ok=True)
        extra = "".join(f"Provides-Extra: {name}\n" for name in extras.split())
        (info / "METADATA").write_text(
            f"Metadata-Version: 2.4\nName: {distribution}\nVersion: {version}\n{extra}", "utf-8"
        )
        text = "".join(f"[calsight.{group}]\n{line}\n" for group, line in points.items())
        (info / "entry_points.txt").write_text(text, "utf-8")

    yield put
    for name in set(sys.modules) - known:
        if name.startswith("plug_"):
            del sys.modules[name]
