"""Who meets whom between groups, worked out by hand on a few people, on each engine."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from calsight.core.model.options import Options
from calsight.org.analysis import Analysis, analyse
from calsight.org.engines import SparkEngine, engine_for
from calsight.org.ingest import Ingest, ingest
from calsight.org.network import Flow, Network, flows_of, network_of
from calsight.org.people import read_members
from calsight.org.pseudonyms import read_key
from calsight.org.staff import Staff, staff_of
from org_support import DAY, spark_session

#: Two groups, and somebody who meets nobody: a1 and a2 meet, and a3 only b1. b1 and b2 meet; b2 also somebody outside.
GROUPS = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "b2": "b", "b3": "b"}
MEET = (("a1", "a2"), ("a3", "b1"), ("b1", "b2"), ("b2", "guest"))
#: Met each other until half a year ago: that tie has ended.
MET_ONCE = (("a1", "b3"),)


def address(name: str) -> str:
    return f"{name}@{'else' if name == 'guest' else 'example'}.com"


def met(meeting: str, names: tuple[str, ...], start: datetime, minutes: int) -> list[dict[str, object]]:
    """The rows of one meeting, which the first of them organised."""
    return [
        {
            "meeting": meeting,
            "address": address(name),
            "start": start,
            "end": start + timedelta(minutes=minutes),
            "response": "accepted",
            "organizer": name == names[0],
        }
        for name in names
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("network")
    rows = []
    for pairs, weeks in ((MEET, range(26)), (MET_ONCE, range(20, 26))):
        for number, (one, other) in enumerate(pairs):
            for week in weeks:
                start = datetime(2026, 6, 29, 9 + number, tzinfo=UTC) - timedelta(weeks=week, days=number % 3)
                rows += met(f"{one} {other} {week}", (one, other), start, 30)
    for week in range(26):  # a meeting of all, each week, so that everybody's calendar is in use
        start = datetime(2026, 6, 30, 15, tzinfo=UTC) - timedelta(weeks=week)
        rows += met(f"all {week}", tuple(GROUPS), start, 60)
    pl.DataFrame(rows).write_parquet(root / "meetings.parquet")
    people = [f"{address(name)},{group}" for name, group in GROUPS.items()]
    (root / "people.csv").write_text("\n".join(["address,part", *people]))
    members, key = read_members(root / "people.csv", ("part",)), read_key(root / "key", root / "dir")
    asked = Ingest((str(root / "meetings.parquet"),), root / "dir", ("part",), 26, DAY, processes=1)
    assert ingest(asked, members, key).mailboxes == 6
    pl.DataFrame({"name": list(GROUPS), "person": [key.number(address(name)) for name in GROUPS]}).write_parquet(
        root / "names.parquet"
    )
    return root / "dir"


def staff(folder: Path) -> Staff:
    return staff_of(pl.read_parquet(folder / "people.parquet"), as_of=DAY, weeks=26, options=Options())


def found_by(engine: str, folder: Path) -> Analysis:
    if engine != "spark":
        return analyse(engine_for(engine, folder), staff(folder), Options())
    table = spark_session().read.parquet(*map(str, sorted((folder / "attendance").glob("*.parquet"))))
    return analyse(SparkEngine(table), staff(folder), Options())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("engine", ["polars", "duckdb", "spark"])
def test_who_meets_whom_is_what_one_counts_by_hand(engine: str, folder: Path) -> None:
    found = found_by(engine, folder)
    network = network_of(found.ties, found.staff, Options().relationships)
    names = dict(pl.read_parquet(folder.parent / "names.parquet").select("person", "name").iter_rows())
    who = [names[person] for person in found.staff.person.tolist()]

    def of(values: np.ndarray) -> dict[str, float]:
        return dict(zip(who, values.tolist(), strict=True))

    pairs = {frozenset((who[one], who[other])) for one, other in zip(network.one, network.other, strict=True)}
    assert pairs == {frozenset(pair) for pair in MEET[:3]}
    assert of(network.ties) == {"a1": 1, "a2": 1, "a3": 1, "b1": 2, "b2": 2, "b3": 0}  # b3 meets nobody any more
    assert of(network.outside) == {"a1": 0, "a2": 0, "a3": 0, "b1": 0, "b2": 1, "b3": 0}
    group = np.array(["ab".index(GROUPS[name]) for name in who])
    reach = of(network.reach(group))
    assert np.isnan(reach.pop("b3"))
    assert reach == {"a1": 0.0, "a2": 0.0, "a3": 1.0, "b1": 0.5, "b2": 0.5}
    everyone = np.ones(len(who), dtype=bool)
    assert flows_of(network, group, 2, everyone) == [
        Flow(0, 0, 1, (2, 2)),
        Flow(0, 1, 1, (1, 1)),
        Flow(1, 1, 1, (2, 2)),
    ]
    without = np.array([name != "a3" for name in who])  # the one pair on which the two groups rest is not told of
    assert Flow(0, 1, 1, (1, 1)) not in flows_of(network, group, 2, without)
    # Met equally often: as many as they are. b2 meets b1 and the guest each week; b1 also a3.
    breadth = of(found.verdicts.people)
    assert (breadth["a2"], breadth["b1"], breadth["b2"]) == pytest.approx((1, 2, 2))
    # a1 met a2 26 times, and b3 six times: 32² / (26² + 6²).
    assert breadth["a1"] == pytest.approx(32**2 / (26**2 + 6**2))


def test_a_pair_counts_once_and_the_livelier_side_tells(folder: Path) -> None:
    found = found_by("polars", folder)
    ties, alive = found.ties, found.ties.alive.copy()
    one_way = np.flatnonzero(alive >= 0.5)[:1]
    alive[one_way] = 0.0
    before = network_of(ties, found.staff, Options().relationships)
    after = network_of(replace(ties, alive=alive), found.staff, Options().relationships)
    assert np.array_equal(before.one, after.one)
    assert np.array_equal(before.other, after.other)


def test_no_ties_at_all_are_no_error() -> None:
    none = np.zeros(0, dtype=np.int64)
    network = Network(none, none, np.zeros(3, dtype=np.int64), np.zeros(3, dtype=np.int64))
    assert np.isnan(network.reach(np.array([0, 0, 1]))).all()
    assert flows_of(network, np.array([0, 0, 1]), 2, np.ones(3, dtype=bool)) == []
