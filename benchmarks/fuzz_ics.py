"""Fuzz the ICS connector with mutated calendars.

    python benchmarks/fuzz_ics.py FOLDER [--minutes 30] [--seed 1] [--keep FOLDER]

Takes every `.ics` file under FOLDER (the corpus, the tests' data), changes it at random (bytes, lines, numbers, parts of other
files, the end cut off) and reads it. What counts as a finding: an exception that is not one of calsight's own, more than ten
seconds of CPU time, more than 500 MB, or a fast path that disagrees with icalendar + recurring-ical-events. Findings are
written to --keep with what went wrong, and the run ends with 1 if there were any.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import signal
import sys
import time
import traceback
import warnings
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

from calsight import Calendar, CalendarEvent, Window
from calsight.errors import CalsightError
from calsight_ics import source
from calsight_ics.connector import Reading

SECONDS = 10
MEGABYTES = 500
_NUMBER = re.compile(rb"\d+")
_RULES = [
    b"RRULE:FREQ=DAILY", b"RRULE:FREQ=SECONDLY", b"RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=9", b"RRULE:FREQ=MONTHLY;BYDAY=-1FR",
    b"RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", b"RRULE:FREQ=HOURLY;BYMONTHDAY=31;BYMONTH=4", b"DURATION:-P1D",
    b"RRULE:FREQ=MINUTELY;BYSETPOS=3", b"RDATE:19990101,20300101T000000Z", b"EXDATE;VALUE=DATE:20200101", b"DURATION:P99999D",
    b"DTEND;VALUE=DATE:20200101", b"DTSTART:99991231T235959Z", b"DTSTART;TZID=Asia/Kathmandu:00010101T000000", b"SEQUENCE:-1",
    b"RECURRENCE-ID;RANGE=THISANDFUTURE:20200101T000000Z", b"BEGIN:VALARM", b"END:VEVENT", b"BEGIN:VEVENT",
    b"ATTENDEE;CN=\"a:b",
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
    with ExitStack() as stack:
        text = source.readable(source.unpacked(data, "fuzz", source.Limits(), stack), "fuzz", stack)
        return [
            event
            for page in Reading(Calendar("fuzz", "fuzz"), text, window, "Europe/Berlin", fast=fast).pages()
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


def main() -> int:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("folder", type=Path, nargs="+")
    arguments.add_argument("--minutes", type=float, default=30)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--keep", type=Path)
    given = arguments.parse_args()

    def too_long(*_: object) -> None:
        raise TooLongError

    signal.signal(signal.SIGPROF, too_long)
    warnings.simplefilter("ignore")
    chance = random.Random(given.seed)
    seeds = [path.read_bytes() for folder in given.folder for path in sorted(folder.rglob("*.ics"))]
    seeds = [seed for seed in seeds if 0 < len(seed) < 300_000]
    ends = time.monotonic() + given.minutes * 60
    runs = 0
    found: Counter[str] = Counter()
    while time.monotonic() < ends:
        data = mutated(chance.choice(seeds), seeds, chance)
        start = datetime(chance.randrange(1996, 2028), chance.randrange(1, 13), 1, tzinfo=UTC)
        wrong = finding(data, Window(start, start + timedelta(days=chance.choice((30, 182, 730)))))
        runs += 1
        if wrong:
            kind = wrong.strip().rpartition("\n")[2]
            found[kind] += 1
            if given.keep and found[kind] <= 3:
                given.keep.mkdir(parents=True, exist_ok=True)
                (given.keep / f"{runs}.ics").write_bytes(data)
                (given.keep / f"{runs}.txt").write_text(f"{start:%Y-%m-%d}\n{wrong}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{runs} calendars in {given.minutes:g} minutes, seed {given.seed}: peak {peak:.0f} MB")
    for kind, count in found.most_common():
        print(f"  {count:5} {kind}")
    return 1 if found or peak > MEGABYTES else 0


if __name__ == "__main__":
    sys.exit(main())
