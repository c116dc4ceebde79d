"""Fuzz the ICS connector with mutated calendars.

    python benchmarks/fuzz_ics.py FOLDER … [--guided] [--minutes 30] [--seed 1] [--keep FOLDER]

Takes every `.ics` file under FOLDER (the corpus, the tests' data), changes it at random (bytes, lines, numbers, parts of other
files, the end cut off) and reads it. What counts as a finding: an exception that is not one of calsight's own, more than ten
seconds of CPU time, more than 500 MB, or a fast path that disagrees with icalendar + recurring-ical-events. Findings are
written to --keep with what went wrong, and the run ends with another code than 0 if there were any.

With `--guided` the branches that a calendar takes through calsight_ics decide what is mutated further (atheris, on libFuzzer:
`pip install --group fuzz`). Such a run ends at its first finding; what it learned stays in --keep, where the next one goes on.
"""

from __future__ import annotations

import argparse
import pkgutil
import random
import re
import resource
import signal
import sys
import tempfile
import time
import traceback
import warnings
import zlib
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

from calsight import Calendar, CalendarEvent, Window
from calsight.errors import CalsightError

SECONDS = 10
MEGABYTES = 500
_NUMBER = re.compile(rb"\d+")
_RULES = [
    b"RRULE:FREQ=DAILY", b"RRULE:FREQ=SECONDLY", b"RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=9", b"RRULE:FREQ=MONTHLY;BYDAY=-1FR",
    b"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", b"RRULE:FREQ=HOURLY;BYMONTHDAY=31;BYMONTH=4", b"DURATION:-P1D",
    b"RRULE:FREQ=MINUTELY;BYSETPOS=3", b"RDATE:19990101,20300101T000000Z", b"EXDATE;VALUE=DATE:20200101", b"DURATION:P99999D",
    b"DTEND;VALUE=DATE:20200101", b"DTSTART:99991231T235959Z", b"DTSTART;TZID=Asia/Kathmandu:00010101T000000", b"SEQUENCE:-1",
    b"RECURRENCE-ID;RANGE=THISANDFUTURE:20200101T000000Z", b"BEGIN:VALARM", b"END:VEVENT", b"BEGIN:VEVENT",
    b"ATTENDEE;CN=\"a:b", b"END:VCALENDAR\nBEGIN:VCALENDAR", b"METHOD:REPLY", b"METHOD:REQUEST", b"METHOD:CANCEL", b"RRULE:",
    b"X-WR-TIMEZONE:Asia/Tokyo", b"DTSTART;TZID=tzone://Microsoft/Custom:20200101T100000", b"EXDATE:20200101T000000Z",
    b"EXDATE:", b"EXRULE:FREQ=WEEKLY;BYDAY=WE,FR", b"EXRULE:FREQ=YEARLY;BYMONTH=7,8", b"EXRULE:FREQ=HOURLY;COUNT=400",
    b"DTEND;TZID=\"(UTC+01:00) Here, there\":20200101T110000", b"RRULE:FREQ=WEEKLY;BYDAY=MO,TU,FR;BYSETPOS=-1;COUNT=5",
    b"RRULE:FREQ=YEARLY;BYWEEKNO=1,53", b"RRULE:FREQ=MONTHLY;BYDAY=MO,2TU;COUNT=3", b"TZID:(UTC+01:00) Here\\, there",
    b"SUMMARY;ENCODING=QUOTED-PRINTABLE:M=F6te=", b"SUMMARY:M\xf6te", b"RDATE:20261025T030000,20251026T030000",
    b"TZOFFSETTO:+0545",
    b"METHOD:ADD", b"RRULE:FREQ=YEARLY;BYWEEKNO=52,-1;BYDAY=SA,SU;BYSETPOS=1,-1", b"EXDATE;TZID=Europe/Berlin:20200101T090000Z",
    b"RRULE:FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=2", b"DTSTART;TZID=Nowhere:20200101T090000Z",
    b"SUMMARY:\xf4\xe2\xe9\xf9\xe4 \xf2\xed",
    b"DTSTART;TZID=America/Los_Angeles:20200106T200000", b"RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=5", b"DTSTART: 20200106T200000Z",
    b"RRULE:FREQ=DAILY;BYHOUR=9,20;COUNT=7", b"RDATE;VALUE=DATE:20200108", b"EXDATE;VALUE=DATE:20200113",
    b"RECURRENCE-ID:20200101T000000Z", b"DURATION:P1DT2H", b"DTSTART;TZID=Europe/Berlin:20200329T023000",
]  # fmt: skip


class TooLongError(Exception):
    """A reading took more than ten seconds of CPU time."""


def mutated(data: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """`data` with one to six changes."""
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        lines = data.split(b"\n")
        at = chance.randrange(len(lines))
        match chance.randrange(9):
            case 0:
                spot = chance.randrange(len(data) + 1)
                data = data[:spot] + bytes([chance.randrange(256)]) + data[spot + chance.randrange(3) :]
            case 1:
                del lines[at : at + chance.randrange(1, 4)]
                data = b"\n".join(lines)
            case 2:
                lines.insert(at, lines[chance.randrange(len(lines))])
                data = b"\n".join(lines)
            case 3:
                lines.insert(at, chance.choice(_RULES))
                data = b"\n".join(lines)
            case 4:
                other = chance.choice(others).split(b"\n")
                begin = chance.randrange(len(other))
                lines[at:at] = other[begin : begin + chance.randrange(1, 30)]
                data = b"\n".join(lines)
            case 5:
                numbers = list(_NUMBER.finditer(data))
                if numbers:
                    number = chance.choice(numbers)
                    new = b"%d" % chance.choice((0, 1, 29, 31, 60, 99, 2020, 20200229, 10**12, chance.randrange(10**8)))
                    data = data[: number.start()] + new.rjust(len(number[0]), b"0") + data[number.end() :]
            case 6:
                data = data[: chance.randrange(len(data) + 1)]
            case 7:
                parts = lines[at].split(b";")
                chance.shuffle(parts)
                lines[at] = b";".join(parts)
                data = b"\n".join(lines)
            case _:
                lines[at] = lines[at].swapcase()
                data = b"\n".join(lines)
        data = data or b"\n"
    return data[:2_000_000]


def read(data: bytes, window: Window, *, fast: bool) -> list[CalendarEvent]:
    """The events of a calendar's bytes."""
    # Imported late: a guided run watches these from then on.
    from calsight_ics.costs import Budget, Limits
    from calsight_ics.places.text import readable, unpacked
    from calsight_ics.reader import CalendarReader

    with ExitStack() as stack:
        text = readable(unpacked(data, "fuzz", Budget.of(Limits()), stack), "fuzz", stack)
        return [
            event
            for page in CalendarReader(Calendar("fuzz", "fuzz"), text, window, "Europe/Berlin", fast=fast).pages()
            for event in page.events
        ]


def finding(data: bytes, window: Window) -> str:
    """What is wrong with reading `data`, or ""."""
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        fast = read(data, window, fast=True)
        signal.setitimer(signal.ITIMER_PROF, 2 * SECONDS)
        slow = read(data, window, fast=False)
    except CalsightError:
        return ""
    except Exception:  # noqa: BLE001 - whatever comes is the finding
        return traceback.format_exc()
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    if Counter(map(repr, fast)) != Counter(map(repr, slow)):
        return f"fast path: {len(fast)} events, slow path: {len(slow)} events, not the same"
    return ""


def window_of(number: int) -> Window:
    """A month, half a year or two years, somewhere between 1996 and 2029."""
    chance = random.Random(number)
    start = datetime(chance.randrange(1996, 2028), chance.randrange(1, 13), 1, tzinfo=UTC)
    return Window(start, start + timedelta(days=chance.choice((30, 182, 730))))


def memory(*, peak: bool = False) -> int:
    """MB that the process holds, or held at its peak since this was last asked without `peak`; 0 where no /proc tells."""
    try:
        if not peak:
            Path("/proc/self/clear_refs").write_text("5")  # the peak is now what is held
        name = "VmHWM" if peak else "VmRSS"
        found = re.search(rf"{name}:\s*(\d+) kB", Path("/proc/self/status").read_text())
    except OSError:
        return 0
    return int(found[1]) // 1024 if found else 0


def too_long(*_: object) -> None:
    raise TooLongError


def guided(folders: list[Path], seeds: list[bytes], keep: Path, minutes: float, seed: int) -> None:
    """Let coverage decide what is mutated. Does not return: libFuzzer ends the process."""
    import atheris

    with atheris.instrument_imports(include=["calsight_ics"]):
        import calsight_ics

        for module in pkgutil.walk_packages(calsight_ics.__path__, "calsight_ics."):
            import_module(module.name)

    def one(data: bytes) -> None:
        before = memory()
        wrong = finding(data, window_of(zlib.crc32(data)))
        taken = memory(peak=True) - before
        if wrong or taken > MEGABYTES:
            raise RuntimeError(wrong or f"it took {taken} MB")

    def mutate(data: bytes, most: int, number: int) -> bytes:
        chance = random.Random(number)
        return bytes(atheris.Mutate(data, most)) if chance.random() < 0.3 else mutated(data, seeds, chance)[:most]

    for name in ("learned", "found"):
        (keep / name).mkdir(parents=True, exist_ok=True)
    # atheris itself loses some 40 kB with each mutation of ours and the process grows: `one` looks at each calendar's memory.
    limits = [
        f"-max_total_time={minutes * 60:.0f}",
        "-rss_limit_mb=16000",
        f"-timeout={4 * SECONDS}",
        "-max_len=100000",
    ]
    words = [*limits, f"-seed={seed}", f"-artifact_prefix={keep / 'found'}/", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *words, str(keep / "learned"), *map(str, folders)], one, custom_mutator=mutate)
    atheris.Fuzz()


def at_random(seeds: list[bytes], keep: Path | None, minutes: float, seed: int) -> int:
    """Mutate by chance alone, on and on after a finding; the exit code."""
    chance = random.Random(seed)
    ends = time.monotonic() + minutes * 60
    runs = 0
    found: Counter[str] = Counter()
    while time.monotonic() < ends:
        data = mutated(chance.choice(seeds), seeds, chance)
        window = window_of(chance.randrange(1 << 32))
        wrong = finding(data, window)
        runs += 1
        if wrong:
            kind = wrong.strip().rpartition("\n")[2]
            found[kind] += 1
            if keep and found[kind] <= 3:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{runs}.ics").write_bytes(data)
                (keep / f"{runs}.txt").write_text(f"{window.start:%Y-%m-%d} to {window.end:%Y-%m-%d}\n{wrong}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{runs} calendars in {minutes:g} minutes, seed {seed}: peak {peak:.0f} MB")
    for kind, count in found.most_common():
        print(f"  {count:5} {kind}")
    return 1 if found or peak > MEGABYTES else 0


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path, nargs="+")
    arguments.add_argument("--guided", action="store_true")
    arguments.add_argument("--minutes", type=float, default=30)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--keep", type=Path)
    given = arguments.parse_args()
    signal.signal(signal.SIGPROF, too_long)
    warnings.simplefilter("ignore")
    seeds = [path.read_bytes() for folder in given.folder for path in sorted(folder.rglob("*.ics"))]
    seeds = [seed for seed in seeds if 0 < len(seed) < 300_000]
    if given.guided:
        keep = given.keep or Path(tempfile.mkdtemp(prefix="fuzz-ics-"))
        guided(given.folder, seeds, keep, given.minutes, given.seed)
    return at_random(seeds, given.keep, given.minutes, given.seed)


if __name__ == "__main__":
    sys.exit(main())
