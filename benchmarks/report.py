"""`calsight report` as a whole process, against the shortest script that counts one-to-ones with other libraries.

    python benchmarks/report.py [--entries 20000] [--repeats 3] [--file CALENDAR --me ADDRESS] [--small]
    python benchmarks/report.py --short [--repeats 9] [--against CHECKOUT]

The script reads with icalendar, expands with recurring-ical-events and counts the occurrences of the same 26 weeks that list
two addresses: no cancellations, no declined invitations, no rooms told apart, no report. Needs both (they are development
dependencies). Each run is a process of its own, on the invented calendar of ics_calendar.py or on a file of yours (name its
owner with --me). Printed are the medians of CPU seconds (steadier than the clock on a busy machine) and of peak memory, their
ratio, and where calsight's seconds go, stage by stage (with the garbage collector on, as in a library's use). `--small` adds a
calendar of 100 entries, on which imports are the cost.

`--short` prints what somebody at a terminal waits for: CPU seconds of whole processes on 300 entries, of the help and of the
import. `--against` runs another checkout of calsight by turns with this one, with the same packages.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import ics_calendar

AS_OF = date(2025, 12, 31)
WEEKS = 26


def run_stages(path: Path, me: str) -> dict[str, float]:
    """CPU seconds of each stage, in this process."""
    marks = [time.process_time()]

    def mark() -> float:
        marks.append(time.process_time())
        return marks[-1] - marks[-2]

    from calsight import pipeline

    stages = {"import": mark()}
    reading = pipeline.read(path, me=me, as_of=AS_OF, weeks=WEEKS, settings={}, cache=False)
    stages["read"] = mark()
    judgement = pipeline.judge(reading)
    stages["judge"] = mark()
    report = pipeline.report(judgement)
    stages["report"] = mark()
    report.to_json()
    stages["json"] = mark()
    return stages


def run_script(path: Path, me: str) -> dict[str, float]:
    """What a person would write in five minutes."""
    import icalendar
    import recurring_ical_events

    calendar = icalendar.Calendar.from_ical(path.read_bytes())
    end = datetime(AS_OF.year, AS_OF.month, AS_OF.day, tzinfo=UTC) + timedelta(days=1)
    count = 0
    for event in recurring_ical_events.of(calendar).between(end - timedelta(weeks=WEEKS), end):
        listed = event.get("ATTENDEE") or []
        count += len({str(line).lower() for line in (listed if isinstance(listed, list) else [listed])}) == 2
    return {"one-to-ones": count}


RUNS = {"stages": run_stages, "script": run_script}


def measure(command: list[str], state: Path, **more: str) -> tuple[float, float, str]:
    """CPU seconds and peak MB of a process, and what it printed. It keeps what it remembers in `state`, not in your folders.

    `more` is added to its environment.
    """
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
        "XDG_STATE_HOME": str(state),
        "XDG_CACHE_HOME": str(state),
        "XDG_CONFIG_HOME": str(state),
        **more,
    }
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdout=out, stderr=said, env=environment, cwd=state)
        _, status, used = os.wait4(process.pid, 0)
        if status:
            said.seek(0)
            raise SystemExit(f"{' '.join(command)} failed: {said.read().decode()}")
        out.seek(0)
        printed = out.read().decode()
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, printed


def compare(path: Path, me: str, repeats: int) -> None:
    """Print one calendar's numbers."""
    script = str(Path(__file__).resolve())
    report = [sys.executable, "-m", "calsight", "report", str(path), "--json", "--no-cache", "--me", me]
    commands = {
        "calsight report": [*report, "--as-of", AS_OF.isoformat(), "--weeks", str(WEEKS)],
        "stages": [sys.executable, script, "--run", "stages", "--file", str(path), "--me", me],
        "script": [sys.executable, script, "--run", "script", "--file", str(path), "--me", me],
    }
    runs: dict[str, list[tuple[float, float, str]]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as state:
        measure(commands["calsight report"], Path(state))  # an installed package has its bytecode
        for _ in range(repeats):  # by turns: what slows the machine down for a while slows all of them
            for name, command in commands.items():
                runs[name].append(measure(command, Path(state)))
    seconds = {name: statistics.median(cpu for cpu, _, _ in found) for name, found in runs.items()}
    print(f"{path.name}, {path.stat().st_size / 1e6:.1f} MB, {repeats} runs")
    for name in ("calsight report", "script"):
        peak = statistics.median(memory for _, memory, _ in runs[name])
        print(f"  {name:16} {seconds[name]:8.2f} s CPU {peak:8.0f} MB")
    print(f"  the script takes {seconds['script'] / seconds['calsight report']:.1f} times as long")
    stages = [json.loads(printed) for _, _, printed in runs["stages"]]
    medians = {stage: statistics.median(run[stage] for run in stages) for stage in stages[0]}
    print("  of which", ", ".join(f"{stage} {spent:.2f}" for stage, spent in medians.items()))


def short(repeats: int, against: Path | None) -> None:
    """Print the CPU seconds of short processes, of this checkout and of another."""
    trees = [Path(__file__).resolve().parents[1], *([against.resolve()] if against else [])]
    runs: dict[str, list[list[float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path, page = Path(folder) / "300 entries.ics", Path(folder) / "page.html"
        ics_calendar.write(path, 300)
        report = ["-m", "calsight", "report", str(path), "--no-cache", "--me", ics_calendar.OWNER[1], "--force"]
        report += ["--as-of", AS_OF.isoformat(), "--weeks", str(WEEKS)]
        commands = {
            "report": report,
            "report --json": [*report, "--json"],
            "report --html": [*report, "--html", str(page)],
            "--help": ["-m", "calsight", "--help"],
            "import calsight": ["-c", "import calsight"],
            "an empty Python": ["-c", ""],
        }
        for _ in range(repeats + 1):
            for name, command in commands.items():
                for number, tree in enumerate(trees):
                    paths = os.pathsep.join([str(tree), str(tree / "connectors")])
                    spent, _, _ = measure([sys.executable, *command], Path(folder), PYTHONPATH=paths)
                    runs.setdefault(name, [[] for _ in trees])[number].append(spent)
    for name, found in runs.items():  # of each, the first run wrote the bytecode
        medians = [statistics.median(spent[1:]) for spent in found]
        beside = f"   {medians[1]:6.3f} there, {medians[0] / medians[1]:.2f} of it" if against else ""
        print(f"  {name:16} {medians[0]:6.3f} s CPU{beside}")


def main() -> None:
    """Run what the arguments say."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--file", type=Path)
    parser.add_argument("--me", default=ics_calendar.OWNER[1])
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--against", type=Path, metavar="CHECKOUT")
    parser.add_argument("--run", choices=RUNS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.run:
        print(json.dumps(RUNS[given.run](given.file, given.me)))
        return
    if given.short:
        short(given.repeats, given.against)
        return
    with tempfile.TemporaryDirectory() as folder:
        sizes = [100] if given.small else []
        if given.file is None:
            sizes.append(given.entries)
        else:
            compare(given.file.resolve(), given.me, given.repeats)
        for entries in sizes:
            path = Path(folder) / f"{entries} entries.ics"
            ics_calendar.write(path, entries)
            compare(path, given.me, given.repeats)


if __name__ == "__main__":
    main()
