"""A whole organisation: how long the analysis takes on each engine, against the core question written by hand.

    python benchmarks/org.py 1000 10000 [--engines polars duckdb spark] [--runs 3] [--weeks 26] [--keep FOLDER]

Each size is invented once, as week files of `calsight org` (no ingest), and analysed by each engine and by each hand-written
peer in a process of its own, in turn; printed are medians of CPU seconds and peak memory (of the largest process), and what
may be compared: the ratios within this run. The peers answer the core question only (kinds, and sums of each week) in Polars
week by week and in SQL of DuckDB. `--ingest N` times the ingest of N invented
mailboxes, an event copy, and what a person costs alone.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from calsight.core.time.days import midnight
from calsight.org.columns import ATTENDANCE, KINDS, REASONS, SCHEMA, WEEK_S

AS_OF = date(2026, 7, 1)
AHEAD = 4
ZONE = "UTC"
WIDTHS = {1: pl.Int8, 2: pl.Int16, 4: pl.Int32, 8: pl.Int64}
ROW = {reason: place for place, reason in enumerate(REASONS)}


def invent(folder: Path, people: int, weeks: int) -> int:
    """Week files of so many people; returns how many lines they have."""
    chance = np.random.default_rng(11)
    (folder / "attendance").mkdir(parents=True)
    person = np.sort(chance.choice(2**48, people + people // 5, replace=False).astype(np.int64))
    chance.shuffle(person)
    inside, outside = np.sort(person[:people]), person[people:]
    ties = _ties(chance, people, len(outside))
    monday = AS_OF - timedelta(days=AS_OF.weekday(), weeks=weeks)
    first = int(midnight(monday, ZONE).timestamp())
    total = meeting = 0
    known = np.concatenate([inside, outside])
    for week in range(weeks + 1 + AHEAD):
        blocks = [_pairs(chance, ties, week, past=week <= weeks)]
        if week <= weeks:
            blocks += [_groups(chance, people), _alone(chance, people), _leave(chance, people)]
        parts = []
        for block in blocks:
            parts.append(_lines(chance, block, known, people, first + week * WEEK_S, meeting))
            meeting += int(block["size"].size)
        frame = pl.concat(parts).sort("meeting", "person")
        for name, part in frame.with_columns(_w=pl.col("start_s") // WEEK_S).partition_by("_w", as_dict=True).items():
            path = folder / f"attendance/week={date(1970, 1, 1) + timedelta(days=7 * name[0])}.parquet"
            part = part.drop("_w")
            if path.exists():
                part = pl.concat([pl.read_parquet(path), part])
            part.write_parquet(path, compression="zstd", row_group_size=500_000)
        total += frame.height
    pl.DataFrame(
        {
            "person": inside,
            "pseudonym": [f"p{number}" for number in range(people)],
            "zone": [ZONE] * people,
            "mailbox": np.ones(people, np.int8),
            "by_division": [f"d{number // 1000}" for number in range(people)],
        }
    ).write_parquet(folder / "people.parquet")
    meta = {"schema": SCHEMA, "reasons": list(REASONS), "as_of": AS_OF.isoformat(), "weeks": weeks, "buckets": {}}
    (folder / "meta.json").write_text(json.dumps(meta | {"weeks_to_make": []}))
    return total


def _ties(chance: np.random.Generator, people: int, outside: int) -> dict[str, np.ndarray]:
    """Who meets whom, how often: ad hoc (every 0), or a series each week, fortnight or four weeks."""
    life = np.array([0.12, 0.6, 1.6, 3.2, 6.0])[chance.choice(5, people, p=[0.06, 0.12, 0.30, 0.37, 0.15])]
    one = np.repeat(np.arange(people), chance.poisson(life / 2))
    draw = chance.random(one.size)
    near = np.minimum(one // 8 * 8 + chance.integers(0, 8, one.size), people - 1)
    part = np.minimum(one // 100 * 100 + chance.integers(0, 100, one.size), people - 1)
    far, out = chance.integers(0, people, one.size), people + chance.integers(0, outside, one.size)
    other = np.where(draw < 0.6, near, np.where(draw < 0.85, part, np.where(draw < 0.93, far, out)))
    keep = one != other
    one, other = one[keep], other[keep]
    every = chance.choice([0, 1, 2, 4], one.size, p=[0.5, 0.15, 0.2, 0.15])
    stop = np.where(chance.random(one.size) < 0.15, chance.integers(6, 24, one.size), 99)
    rate = chance.gamma(1.2, 0.25, one.size)
    return {
        "one": one,
        "other": other,
        "every": every,
        "stop": stop,
        "rate": rate,
        "slot": chance.integers(0, 45, one.size),
    }


def _pairs(chance: np.random.Generator, ties: dict[str, np.ndarray], week: int, *, past: bool) -> dict[str, np.ndarray]:
    every = ties["every"]
    adhoc = chance.poisson(ties["rate"]) if past else chance.random(every.size) < 0.1 * ties["rate"]
    times = np.where(every == 0, adhoc, week % np.maximum(every, 1) == 0) * (week <= ties["stop"])
    which = np.repeat(np.arange(every.size), times)
    series = every[which] > 0
    slot = np.where(series, ties["slot"][which], chance.integers(0, 45, which.size))
    return {
        "size": np.full(which.size, 2),
        "who": np.stack([ties["one"][which], ties["other"][which]], axis=1).ravel(),
        "start": slot // 9 * 86_400 + (8 + slot % 9) * 3600,
        "length": chance.choice([1500, 1800, 2700, 3600], which.size),
        "series": np.where(series, which, -1),
        "alone": np.where(chance.random(which.size) < 0.05, ROW["cancelled"], ROW["alone"]),
    }


def _groups(chance: np.random.Generator, people: int) -> dict[str, np.ndarray]:
    number = int(1.9 * people)
    size = np.minimum(3 + chance.negative_binomial(1.2, 1.2 / 5.2, number), min(60, people))
    leader = chance.integers(0, people, number)
    place = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
    slot = chance.integers(0, 90, number)
    return {
        "size": size,
        "who": (np.repeat(leader, size) + place) % people,
        "start": slot // 18 * 86_400 + 28_800 + slot % 18 * 1800,
        "length": chance.choice([1800, 3600, 5400], number, p=[0.4, 0.5, 0.1]),
        "series": np.where(chance.random(number) < 0.5, 10**10 + leader, -1),
        "alone": np.where(chance.random(number) < 0.04, ROW["cancelled"], ROW["alone"]),
    }


def _alone(chance: np.random.Generator, people: int) -> dict[str, np.ndarray]:
    who = np.flatnonzero(chance.random(people) < 0.8)
    slot = chance.integers(0, 90, who.size)
    code = np.where(chance.random(who.size) < 0.3, ROW["focus_time"], ROW["alone"])
    start = slot // 18 * 86_400 + 28_800 + slot % 18 * 1800
    return {
        "size": np.ones(who.size, int),
        "who": who,
        "start": start,
        "length": np.full(who.size, 3600),
        "series": np.full(who.size, -1),
        "alone": code,
    }


def _leave(chance: np.random.Generator, people: int) -> dict[str, np.ndarray]:
    who = np.flatnonzero(chance.random(people) < 0.05)
    days = chance.choice([1, 2, 5, 7, 14], who.size)
    start = chance.integers(0, 5, who.size) * 86_400
    code = np.full(who.size, ROW["out_of_office"])
    return {
        "size": np.ones(who.size, int),
        "who": who,
        "start": start,
        "length": days * 86_400,
        "series": np.full(who.size, -1),
        "alone": code,
    }


def _lines(
    chance: np.random.Generator, block: dict[str, np.ndarray], known: np.ndarray, people: int, base: int, meeting: int
) -> pl.DataFrame:
    size, who = block["size"], block["who"]
    line = np.repeat(np.arange(size.size), size)
    leads = np.zeros(who.size, np.int64)
    leads[np.cumsum(size) - size] = 1
    draw = chance.random(who.size)
    said = np.where(leads == 1, 1, np.select([draw < 0.76, draw < 0.92], [1, 0], 2))  # yes, no answer, declined
    start = base + block["start"][line]
    length = block["length"][line]
    day, last = start // 86_400, (start + np.maximum(length, 1) - 1) // 86_400
    alone = block["alone"][line]
    free = alone != ROW["cancelled"]
    remote = (meeting + line) % 5 < 3
    declined = said == 2
    columns = {
        "meeting": meeting + line,
        "person": known[who],
        "own": (who < people).astype(np.int64),
        "here": (~declined).astype(np.int64),
        "leads": leads,
        "keeps": leads * (who < people),
        "company": np.repeat(size, size) - 1,
        "partner": np.full(who.size, -1),
        "start_s": start,
        "dur_s": length,
        "day": day,
        "week": (day + 3) // 7,
        "last_week": (last + 3) // 7,
        "series": block["series"][line],
        "answered": np.where(leads == 1, -1, said == 1),
        "alone": np.where(declined, ROW["declined"], alone),
        "pair": np.where(declined, ROW["declined"], np.where(free, ROW["two_people"], ROW["cancelled"])),
        "many": np.where(
            declined,
            ROW["declined"],
            np.where(free, np.where(remote, ROW["many_people_remote"], ROW["many_people"]), ROW["cancelled"]),
        ),
        "mate": np.full(who.size, -1),
    }
    zero = np.zeros(who.size, np.int64)
    return pl.DataFrame(
        {name: pl.Series(name, columns.get(name, zero)).cast(WIDTHS[width]) for name, width in ATTENDANCE.items()}
    )


# What is timed, each in a process of its own


def analysed(folder: Path, engine: str) -> int:
    from calsight.core.model.options import Options
    from calsight.org.folder import Folder

    found = Folder.opened(folder).analysed(Options(), engine)
    return int(found.met.counts.sum())


_BY_HAND = ("alone", "pair", "many")


def by_hand_polars(folder: Path) -> int:
    """The core question in Polars' own words, week by week."""
    c, found = pl.col, 0
    kind = {place: index for index, place in enumerate(range(len(KINDS)))}
    one = [place for place, each in enumerate(KINDS) if each == "one_to_one"]
    for path in sorted((folder / "attendance").glob("*.parquet")):
        lines = pl.scan_parquet(path)
        here = c("here").cast(pl.Int64)
        there = lines.group_by("meeting").agg(n=here.sum(), ids=(here * c("person")).sum())
        own = (
            lines.filter(c("own") == 1)
            .join(there, on="meeting")
            .with_columns(company=c("n") - here, other=c("ids") - here * c("person"))
        )
        code = pl.when(c("company") > 1).then(c("many")).when(c("company") == 1).then(c("pair")).otherwise(c("alone"))
        own = own.with_columns(code=code)
        weeks = own.group_by("person", "week").agg(
            *[(c("code") == place).sum().alias(f"n{place}") for place in kind],
            *[c("dur_s").filter(c("code") == place).sum().alias(f"s{place}") for place in one],
        )
        pairs = own.filter(c("code").is_in(one)).select("person", "other", "start_s", "dur_s", "day", "series")
        _, met = pl.collect_all([weeks, pairs], engine="streaming")
        found += met.height
    return found


def by_hand_duckdb(folder: Path) -> int:
    """The core question in SQL."""
    import duckdb

    one = ",".join(str(place) for place, each in enumerate(KINDS) if each == "one_to_one")
    connection = duckdb.connect()
    connection.execute("SET preserve_insertion_order=false")
    connection.execute(
        f"""create table x as with a as (from read_parquet('{folder}/attendance/*.parquet')),
        m as (select meeting, sum(here)::int n, sum(here::bigint * person)::bigint ids from a group by 1)
        select person, week, day, start_s, dur_s, series, ids - here::bigint * person other,
        case when n - here > 1 then many when n - here = 1 then pair else alone end code
        from a join m using (meeting) where own = 1"""
    )
    sums = ",".join(f"count(*) filter (code = {place}) n{place}" for place in range(len(KINDS)))
    connection.execute(f"create table weeks as select person, week, {sums}, sum(dur_s) s from x group by 1, 2")
    connection.execute(
        f"create table met as select person, other, start_s, dur_s, day, series from x where code in ({one})"
    )
    row = connection.execute("select count(*) from met").fetchall()
    return int(row[0][0])


def one(what: str, folder: str) -> None:
    begin = time.monotonic()
    jobs = {"by hand, polars": by_hand_polars, "by hand, duckdb": by_hand_duckdb}
    job = jobs.get(what)
    answer = job(Path(folder)) if job else analysed(Path(folder), what)
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(
        json.dumps(
            {
                "cpu": _cpu(),
                "wall": time.monotonic() - begin,
                "peak": max(each.ru_maxrss for each in used) / 1024,
                "answer": answer,
            }
        )
    )


def measured(what: str, folder: Path) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, __file__, "--one", what, str(folder)], capture_output=True, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def ingest(people: int) -> None:
    """An event copy's cost in one process and in two, and a person's at the personal scale."""
    from calsight import pipeline
    from calsight.org.demo import Organisation, write
    from calsight.org.ingest import Ingest
    from calsight.org.ingest import ingest as take_in
    from calsight.org.people import read_members
    from calsight.org.pseudonyms import read_key

    root = Path(tempfile.mkdtemp(prefix="calsight-org-bench-"))
    try:
        write(Organisation(people, as_of=AS_OF), root)
        members, key = read_members(root / "people.csv", ()), read_key(root / "key", root / "data")
        for processes in (1, 2):
            asked = Ingest((str(root / "mailboxes"),), root / f"data{processes}", (), 26, AS_OF, processes=processes)
            before, used = time.monotonic(), _cpu()
            done = take_in(asked, members, key)
            each = 1e6 * (_cpu() - used) / done.entries
            wall = time.monotonic() - before
            print(
                f"ingest of {done.entries:,} entries, {processes} process(es): {each:.0f} µs of CPU each, {wall:.1f} s"
            )
        used, some = _cpu(), members.everyone[:: max(1, people // 20)]
        for member in some:
            source = root / "mailboxes" / f"{member.id}.jsonl"
            pipeline.judge(pipeline.read(source, me=member.id, as_of=AS_OF, weeks=26, zone=member.zone, corrections=[]))
        alone = (_cpu() - used) / len(some)
        print(f"a person alone, through `calsight.pipeline`: {1000 * alone:.1f} ms of CPU")
    finally:
        shutil.rmtree(root)


def _cpu() -> float:
    """CPU of this process and of those that have ended, in seconds."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("sizes", nargs="*", type=int, default=[1000])
    asked.add_argument("--engines", nargs="+", default=["polars", "duckdb"])
    asked.add_argument("--runs", type=int, default=3)
    asked.add_argument("--weeks", type=int, default=26)
    asked.add_argument("--ingest", type=int, default=0, metavar="N")
    asked.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.one:
        one(*given.one)
        return
    if given.ingest:
        ingest(given.ingest)
    for people in given.sizes if not given.ingest else []:
        folder = Path(tempfile.mkdtemp(prefix="calsight-org-bench-"))
        try:
            lines = invent(folder / "data", people, given.weeks)
            print(f"{people:,} people, {lines:,} lines; load {os.getloadavg()[0]:.1f}")
            jobs = [*given.engines, "by hand, polars", *(["by hand, duckdb"] if "duckdb" in given.engines else [])]
            runs = {what: [] for what in jobs}
            for _ in range(given.runs):
                for what in jobs:
                    runs[what].append(measured(what, folder / "data"))
            cpu = {what: statistics.median(run["cpu"] for run in found) for what, found in runs.items()}
            for what, found in runs.items():
                hand = "by hand, duckdb" if what == "duckdb" else "by hand, polars"
                ratio = "" if what.startswith("by hand") else f", {cpu[what] / cpu[hand]:.1f} times {hand}"
                peak, wall = (max(run["peak"] for run in found), statistics.median(run["wall"] for run in found))
                each = f"  {1000 * cpu[what] / people:5.2f} ms a person"
                print(f"  {what:<16} CPU {cpu[what]:7.1f} s{each}  wall {wall:7.1f} s  peak {peak:6.0f} MB{ratio}")
            answers = {what: found[0]["answer"] for what, found in runs.items() if not what.startswith("by hand")}
            assert len(set(answers.values())) == 1, answers
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
