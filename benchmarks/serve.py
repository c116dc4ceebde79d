"""Uploads to the web API, against a `calsight report` process for each.

    python benchmarks/serve.py [--uploads 200] [--at-once 4] [--entries 1000] [--workers 2]

Prints requests a second and CPU seconds a request of both (the process for each is run for a fifth as many), the memory of the
server with its workers along the way, and whether a worker that is killed on the way costs anybody an answer. CPU seconds are
steadier than the clock on a busy machine.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import resource
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ics_calendar

AS_OF = "2025-12-31"
TOKEN = "benchmark"
_TICKS = os.sysconf("SC_CLK_TCK")


def children(number: int) -> list[int]:
    """A process and all that it started, by their numbers."""
    found = [number]
    for task in Path(f"/proc/{number}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += children(int(child))
    return found


def spent(numbers: list[int]) -> float:
    """CPU seconds of processes, and of what they started and that has ended."""
    seconds = 0.0
    for number in numbers:
        fields = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()
        seconds += sum(map(int, fields[11:15])) / _TICKS
    return seconds


def memory(numbers: list[int]) -> float:
    """Megabytes that processes hold for themselves (PSS: what they share is counted once)."""
    kilobytes = 0
    for number in numbers:
        lines = Path(f"/proc/{number}/smaps_rollup").read_text().splitlines()
        kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024


def upload(port: int, body: bytes) -> tuple[int, float]:
    """Status and seconds of one request."""
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Content-Type": "text/calendar", "Authorization": f"Bearer {TOKEN}"}
    connection.request("POST", f"/api/v1/report?me=ana@example.com&as_of={AS_OF}", body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, time.perf_counter() - begun


def serve(workers: int) -> tuple[subprocess.Popen[bytes], int]:
    """A server in a process of its own, and its port."""
    code = (
        "import sys; from calsight.serve import create_app, Limits; from calsight.serve.run import listening, server_of\n"
        f"if __name__ == '__main__':\n  s = listening('127.0.0.1', 0); print(s.getsockname()[1], flush=True)\n"
        f"  server_of(create_app(token={TOKEN!r}, limits=Limits(workers={workers}))).run(sockets=[s])"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def measure_server(body: bytes, uploads: int, at_once: int, workers: int) -> dict[str, float | list[float]]:
    """Throughput, CPU, memory along the way, and answers that failed; one worker is killed half-way."""
    process, port = serve(workers)
    try:
        with ThreadPoolExecutor(at_once) as many:
            list(many.map(lambda _: upload(port, body), range(workers * 2)))  # every worker has begun
        held, times, failed = [], [], 0
        before, begun, lock = spent(children(process.pid)), time.perf_counter(), threading.Lock()
        done = 0

        def one(_: int) -> None:
            nonlocal done, failed
            status, seconds = upload(port, body)
            with lock:
                done += 1
                times.append(seconds)
                failed += status != 200
                if done % max(1, uploads // 4) == 0:
                    held.append(memory(children(process.pid)))

        with ThreadPoolExecutor(at_once) as many:
            list(many.map(one, range(uploads)))
        clock, cpu = time.perf_counter() - begun, spent(children(process.pid)) - before
        killed = [number for number in children(process.pid) if number != process.pid][-1]
        with ThreadPoolExecutor(at_once) as many:
            os.kill(killed, signal.SIGKILL)
            after = list(many.map(lambda _: upload(port, body), range(8)))
        return {
            "requests_a_second": uploads / clock,
            "cpu_seconds": cpu / uploads,
            "median_seconds": statistics.median(times),
            "megabytes": held,
            "failed": failed,
            "failed_after_a_kill": sum(status != 200 for status, _ in after),
        }
    finally:
        process.terminate()
        process.wait(20)


def measure_processes(path: Path, runs: int, at_once: int, home: Path) -> dict[str, float]:
    """The same with a process for each."""
    environment = os.environ | {f"XDG_{name}_HOME": str(home) for name in ("STATE", "CACHE", "CONFIG")}
    command = [sys.executable, "-m", "calsight", "report", str(path), "--me", "ana@example.com", "--as-of", AS_OF]

    def one(_: int) -> None:
        subprocess.run([*command, "--json", "--no-cache"], env=environment, stdout=subprocess.DEVNULL, check=True)

    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with ThreadPoolExecutor(at_once) as many:
        list(many.map(one, range(runs)))
    clock, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"requests_a_second": runs / clock, "cpu_seconds": cpu / runs}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name, default in (("uploads", 200), ("at-once", 4), ("entries", 1000), ("workers", 2)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "work.ics"
        ics_calendar.write(path, given.entries)
        processes = measure_processes(path, max(4, given.uploads // 5), given.at_once, Path(folder))
        server = measure_server(path.read_bytes(), given.uploads, given.at_once, given.workers)
    print(json.dumps({"a process for each": processes, "server": server}, indent=2))
    clock = server["requests_a_second"] / processes["requests_a_second"]  # type: ignore[operator]
    cpu = processes["cpu_seconds"] / server["cpu_seconds"]  # type: ignore[operator]
    print(f"{clock:.1f} times as many requests a second; a {cpu:.1f}th of the CPU seconds (target: 4)")


if __name__ == "__main__":
    main()
