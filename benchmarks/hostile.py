"""How long, and in how much memory, calendars are read that were made to be slow or large.

    python benchmarks/hostile.py [NAME …] [--mb 50] [--seconds 10] [--memory 500]

Each attack of tests/hostile/attacks is made to that size and read by `calsight report` in a process of its own. The run
ends with another code than 0 where one takes longer, or more memory, than the goal, or ends other than with a report or a
sentence. (An honest large export is in benchmarks/ics.py: 200,000 entries of 1,600 bytes.)
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

TESTS = str(Path(__file__).resolve().parents[1] / "tests")
sys.path[0] = TESTS  # in place of this folder, where this file has the name of theirs

from hostile.attacks import ATTACKS  # noqa: E402 - it stands among the tests

#: In a process of its own, whose memory is not this one's.
_MAKE = (
    "import pathlib, sys; tests, name, size, path = sys.argv[1:]; sys.path.insert(0, tests); "
    "from hostile.attacks import ATTACKS; pathlib.Path(path).write_bytes(ATTACKS[name](int(size)))"
)

#: The peak is Linux's own: `ru_maxrss` knows that of the process from which this one came, too.
_RUN = """
import resource, sys
most = int(sys.argv.pop(1))
resource.setrlimit(resource.RLIMIT_CPU, (most, most))
from calsight.cli import main
code = main(sys.argv[1:])
peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
print("PEAK", peak, file=sys.stderr)
sys.exit(code)
"""


@dataclass(frozen=True, slots=True)
class Result:
    """Of one attack: CPU seconds, peak memory in MB, the exit code, and the first that was said."""

    cpu: float
    wall: float
    memory: float
    code: int
    said: str


def run(path: Path, most: float) -> Result:
    """Read a file as a person would."""
    with tempfile.TemporaryDirectory() as home:
        env = os.environ | dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"), home)
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        words = [
            sys.executable,
            "-c",
            _RUN,
            str(int(most)),
            "report",
            str(path),
            "--as-of",
            "2026-11-22",
            "--me",
            "me@example.com",
        ]
        done = subprocess.run(words, capture_output=True, env=env, check=False)
        code, err = done.returncode, done.stderr.decode(errors="replace")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    lines = err.splitlines() or [""]
    peak = next((float(line.split()[1]) / 1024 for line in lines if line.startswith("PEAK")), 0.0)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Result(cpu, time.monotonic() - began, peak, code, lines[0][:110])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", choices=[*ATTACKS, []], metavar="NAME")
    parser.add_argument("--mb", type=float, default=50)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--memory", type=float, default=500)
    asked = parser.parse_args()
    failed = 0
    print(f"{'attack':34} {'MB':>6} {'CPU s':>6} {'peak MB':>8} {'code':>4}")
    for name in asked.names or ATTACKS:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / ("x.zip" if name.startswith("archive") else "x.ics")
            subprocess.run([sys.executable, "-c", _MAKE, TESTS, name, str(int(asked.mb * 1e6)), path], check=True)
            size = path.stat().st_size / 1e6
            result = run(path, most=4 * asked.seconds)
        well = result.cpu <= asked.seconds and result.memory <= asked.memory and result.code in (0, 2, 3)
        failed += not well
        mark = "" if well else "  TOO MUCH"
        print(
            f"{name:34} {size:6.1f} {result.cpu:6.1f} {result.memory:8.0f} {result.code:4}{mark}  {result.said}",
            flush=True,
        )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
