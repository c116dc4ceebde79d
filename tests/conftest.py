"""What holds for all tests.

Hypothesis draws the same examples every time, so that a run says something about the change and not about the day. New ones
are for `make soak`: what it finds becomes an example of its own.
"""

import os
import re
from pathlib import Path

import pytest
from hypothesis import settings

# A shared or busy machine is slow now and then; that is no failure.
settings.register_profile("calsight", deadline=None, derandomize=True)
settings.register_profile(
    "soak", deadline=None, max_examples=int(os.environ.get("CALSIGHT_SOAK", "2000")), print_blob=True
)
settings.load_profile("calsight")


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
        path.write_text("".join([line for line in lines if line.strip(' ",\n') not in held]), encoding="utf-8")
    terminalreporter.line(f"Taken off {path.name}: {', '.join(sorted(held)) or 'nothing'}.")
