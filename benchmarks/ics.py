"""The ICS connector against its peers, from bytes on disk to events in hand.

    python benchmarks/ics.py [--entries 2000 20000] [--calendar FILE …] [--repeats 3] [--folder DIR] [--peers NAME …]
                             [--python PATH] [--node-modules DIR]
    python benchmarks/ics.py --entries 2000 20000 200000 --peers ours          # how it grows

Peers: `ours`; `upstream` (icalendar + recurring-ical-events); `ical` (allenporter; --python names an interpreter that has it);
`ical.js` (--node-modules names a folder in which `npm i ical.js` was run); `libical` (a C compiler and libical-dev). One that
is not there is left out and named. Each run is a process of its own, pinned to one core; the peers take turns, so that what
slows the machine down for a while slows all of them. Printed are medians of seconds on the clock from opening the file, of CPU
seconds of the whole process (steadier on a busy machine) with their ratio to ours, and of peak memory; the number of
occurrences (libical counts a moved occurrence at both its places); and, for ours, how many entries a glance was enough for, how
many were read fast, and the share that fell back to icalendar + recurring-ical-events.

Two windows of the invented calendar (see ics_calendar.py): the last 26 weeks, and all five years. A calendar of another
generator (--calendar) is read with the same windows.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
WINDOWS = {"26 weeks": (date(2025, 6, 30), date(2025, 12, 29)), "five years": (date(2021, 1, 4), date(2026, 1, 5))}
PEERS = ("ours", "upstream", "ical", "ical.js", "libical")
Result = dict[str, Any]


# --- all runs -------------------------------------------------------------------------------------------------------


def command(peer: str, path: Path, start: date, end: date, tools: argparse.Namespace) -> list[str]:
    if peer == "libical":
        return [tools.libical, str(path), f"{start:%Y%m%d}", f"{end:%Y%m%d}"]
    if peer == "ical.js":
        return [
            "node",
            "--max-old-space-size=6000",
            str(HERE / "peers/ical.mjs"),
            str(path),
            str(start),
            str(end),
            str(tools.node_modules),
        ]
    python = tools.python if peer == "ical" else sys.executable
    return [python, "-P", str(HERE / "peers/readers.py"), peer, str(path), str(start), str(end)]


def ready(peer: str, tools: argparse.Namespace) -> bool:
    """Whether the peer can run here; compiles libical's program."""
    if peer == "libical":
        compiler = shutil.which("cc") or shutil.which("gcc")
        tools.libical = str(Path(tempfile.mkdtemp()) / "libical")
        return (
            bool(compiler)
            and not subprocess.run(
                [str(compiler), "-O2", str(HERE / "peers/libical.c"), "-o", tools.libical, "-lical"],
                capture_output=True,
                check=False,
            ).returncode
        )
    if peer == "ical.js":
        return bool(shutil.which("node")) and tools.node_modules is not None
    if peer == "ical":
        return not subprocess.run([tools.python, "-c", "import ical"], capture_output=True, check=False).returncode
    return True


def run(peer: str, path: Path, window: str, tools: argparse.Namespace) -> Result | None:
    """One run of a peer in a process of its own; None if it fails."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        words = command(peer, path, *WINDOWS[window], tools)
        started = subprocess.Popen(words, stdout=out, stderr=errors, env=environment)
        os.sched_setaffinity(started.pid, {tools.core})
        _, status, usage = os.wait4(started.pid, 0)
        out.seek(0)
        errors.seek(0)
        if status:
            print(f"  {peer}: {(errors.read().strip().splitlines() or [status])[-1]}")
            return None
        result: Result = json.loads(out.read())
    return result | {"cpu": usage.ru_utime + usage.ru_stime, "peak_mb": usage.ru_maxrss / 1024}


def measure(peers: list[str], path: Path, window: str, tools: argparse.Namespace) -> dict[str, Result]:
    """The median run of each peer that does not fail."""
    runs: dict[str, list[Result]] = {peer: [] for peer in peers}
    if "ours" in runs:
        run("ours", path, window, tools)  # an installed package has its bytecode
    for _ in range(tools.repeats):
        for peer in list(runs):
            result = run(peer, path, window, tools)
            if result is None:
                del runs[peer]
            else:
                runs[peer].append(result)
    return {
        peer: results[0]
        | {name: statistics.median(result[name] for result in results) for name in ("seconds", "cpu", "peak_mb")}
        for peer, results in runs.items()
    }


def roads(result: Result) -> str:
    """How the entries were read, in words."""
    taken = result.get("roads", {})
    slow, total = taken.get("slow", 0), sum(taken.values())
    if not total:
        return ""
    return (
        f"a glance {taken.get('skipped', 0):,}, fast {taken.get('fast', 0):,}, fallback {slow:,} ({slow / total:.1%})"
    )


def compare(path: Path, peers: list[str], tools: argparse.Namespace) -> dict[str, Result]:
    """Print one calendar's numbers; return ours, by window."""
    print(f"\n{path.name}, {path.stat().st_size / 1e6:.1f} MB")
    ours = {}
    for window in tools.windows:
        print(f"{window:12}  seconds      CPU    ratio  peak MB  occurrences")
        results = measure(peers, path, window, tools)
        for peer, result in results.items():
            first = next(iter(results.values()))
            print(
                f"  {peer:10} {result['seconds']:8.2f} {result['cpu']:8.2f} {result['cpu'] / first['cpu']:7.1f}x"
                f" {result['peak_mb']:8.0f} {result['occurrences']:12,}  {roads(result)}",
                flush=True,
            )
        if "ours" in results:
            ours[window] = results["ours"]
    return ours


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--entries", type=int, nargs="*", default=[2_000, 20_000])
    arguments.add_argument("--calendar", type=Path, nargs="*", default=[])
    arguments.add_argument("--repeats", type=int, default=3)
    arguments.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()))
    arguments.add_argument("--peers", nargs="+", choices=PEERS, default=PEERS)
    arguments.add_argument("--windows", nargs="+", choices=tuple(WINDOWS), default=tuple(WINDOWS))
    arguments.add_argument("--python", default=sys.executable)
    arguments.add_argument("--node-modules", type=Path)
    arguments.add_argument("--core", type=int, default=0)
    tools = arguments.parse_args()
    from ics_calendar import write

    peers = [peer for peer in tools.peers if ready(peer, tools)]
    for peer in tools.peers:
        if peer not in peers:
            print(f"{peer}: not here, left out")
    for path in tools.calendar:
        compare(path, peers, tools)
    grown = {}
    for entries in tools.entries:
        path = tools.folder / f"w{entries}.ics"
        write(path, entries)
        grown[entries] = compare(path, peers, tools)
    if "ours" in peers and len(grown) > 1:
        print("\nours, as the calendar grows: CPU seconds for each thousand entries, peak MB")
        for window in tools.windows:
            each = [
                f"{entries:,}: {found[window]['cpu'] / entries * 1000:.3f} s, {found[window]['peak_mb']:.0f} MB"
                for entries, found in grown.items()
                if window in found
            ]
            print(f"{window:12}  {'   '.join(each)}")


if __name__ == "__main__":
    main()
