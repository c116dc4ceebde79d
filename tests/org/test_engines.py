"""The same numbers to the last bit, whichever engine."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from calsight.core.model.options import Options
from calsight.errors import SourceError, UsageError
from calsight.org import engines
from calsight.org.analysis import Analysis, analyse
from calsight.org.engines import SparkEngine, engine_for
from calsight.org.reporting import report
from org_support import DAY, World, invent, spark_session


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return invent(tmp_path_factory.mktemp("organisation"), 24, seed=7)


def assert_same(one: Analysis, other: Analysis) -> None:
    for part in ("exposures", "verdicts", "ties"):
        for field in fields(getattr(one, part)):
            a, b = (getattr(getattr(each, part), field.name) for each in (one, other))
            assert np.array_equal(a, b, equal_nan=a.dtype.kind == "f"), f"{part}.{field.name}"
    assert np.array_equal(one.met.counts, other.met.counts)
    assert np.array_equal(one.met.generous, other.met.generous)
    assert one.weekly.keys() == other.weekly.keys()
    assert all(np.array_equal(one.weekly[name], other.weekly[name]) for name in one.weekly)


def test_duckdb_says_what_polars_says(world: World) -> None:
    assert_same(world.analysis("polars"), world.analysis("duckdb"))


def test_week_files_say_the_same_one_by_one_and_together(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    together = world.analysis("polars")
    monkeypatch.setattr(engines, "_SMALL", 1)
    assert_same(together, world.analysis("polars"))


def test_small_week_files_are_read_together_and_large_ones_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = [tmp_path / str(number) for number in range(5)]
    for path, size in zip(paths, (4, 6, 1, 20, 1), strict=True):
        path.write_bytes(b"." * size)
    monkeypatch.setattr(engines, "_SMALL", 10)
    assert list(engines._together(paths)) == [paths[:2], paths[2:3], paths[3:4], paths[4:]]


@pytest.fixture
def spark() -> Any:
    return spark_session()


@pytest.mark.filterwarnings("ignore")
def test_spark_says_what_polars_says_on_a_table_of_several_partitions(world: World, spark: Any) -> None:
    paths = [str(path) for path in sorted((world.folder / "attendance").glob("*.parquet"))]
    table = spark.read.parquet(*paths).repartition(5)
    assert_same(world.analysis("polars"), analyse(SparkEngine(table), world.staff(), Options()))


@pytest.mark.filterwarnings("ignore")
def test_a_session_of_the_callers_own_gives_the_report_of_the_folder(world: World, spark: Any, tmp_path: Path) -> None:
    import calsight.org

    paths = [str(path) for path in sorted((world.folder / "attendance").glob("*.parquet"))]
    table = spark.read.parquet(*paths).repartition(3)
    people = spark.read.parquet(str(world.folder / "people.parquet"))
    mine = calsight.org.report(table, people, by=["division"], as_of=DAY, memory=tmp_path / "one").to_dict()
    theirs = calsight.org.report(world.folder, by=["division"], memory=tmp_path / "two").to_dict()
    assert mine.pop("engine")["engine"] == "spark"
    assert theirs.pop("engine")["engine"] == "polars"
    assert mine == theirs
    with pytest.raises(UsageError, match="needs the table of people"):
        calsight.org.report(table)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[str]:
    """Spark's own master with two workers on loopback; its address."""
    if shutil.which("java") is None:
        pytest.skip("there is no Java here")
    import pyspark

    home = Path(pyspark.__file__).parent
    port, address = free_port(), "127.0.0.1"
    master = f"spark://{address}:{port}"
    environment = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": address, "SPARK_NO_DAEMONIZE": "1"}
    deploy = [str(home / "bin/spark-class"), "org.apache.spark.deploy"]
    commands = [[deploy[0], f"{deploy[1]}.master.Master", "--host", address, "--port", str(port), "--webui-port", "0"]]
    commands += [
        [
            *(deploy[0], f"{deploy[1]}.worker.Worker", "--host", address, "--webui-port", "0", "--cores", "1"),
            *("--memory", "900m", "--work-dir", str(tmp_path / f"worker{number}"), master),
        ]
        for number in range(2)
    ]
    with (tmp_path / "log").open("wb") as log:
        running = [subprocess.Popen(command, env=environment, stdout=log, stderr=log) for command in commands]
    try:
        yield master
    finally:
        for process in running:
            process.terminate()
            process.wait()


def test_a_cluster_of_two_workers_says_what_polars_says(world: World, cluster: str, tmp_path: Path) -> None:
    """In a process of its own: one process has one session, and the driver waits until the workers are there."""
    code = """
import json, sys
from pathlib import Path
from pyspark.sql import SparkSession
import calsight.org
folder, memory, master = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
session = (SparkSession.builder.master(master).config("spark.ui.enabled", "false").config("spark.driver.host", "127.0.0.1")
    .config("spark.scheduler.minRegisteredResourcesRatio", "1.0").config("spark.cores.max", "2")
    .config("spark.executor.memory", "512m").config("spark.sql.shuffle.partitions", "4").getOrCreate())
table = session.read.parquet(*map(str, sorted((folder / "attendance").glob("*.parquet")))).repartition(4)
people = session.read.parquet(str(folder / "people.parquet"))
from datetime import date
found = calsight.org.report(table, people, by=["division"], as_of=date(2026, 7, 1), memory=memory)
print("executors", session.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1)
print(json.dumps(found.to_dict()))
session.stop()
"""
    command = [sys.executable, "-W", "ignore", "-c", code, str(world.folder), str(tmp_path / "one"), cluster]
    environment = os.environ | {"SPARK_LOCAL_IP": "127.0.0.1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    executors, document = done.stdout.splitlines()[-2:]
    assert executors == "executors 2"
    found = json.loads(document)
    found.pop("engine")
    wanted = report(world.folder, by=["division"], memory=tmp_path / "two").to_dict()
    wanted.pop("engine")
    assert found == wanted


def test_an_engine_that_is_none_is_named(world: World) -> None:
    with pytest.raises(UsageError, match="no engine 'excel'"):
        engine_for("excel", world.folder)


def test_a_table_without_a_column_is_told(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "attendance"
    folder.mkdir()
    for path in (world.folder / "attendance").glob("*.parquet"):
        pl.read_parquet(path).drop("series").write_parquet(folder / path.name)
    with pytest.raises(SourceError, match="lacks columns: series"):
        analyse(engine_for("polars", tmp_path), world.staff(), Options())
