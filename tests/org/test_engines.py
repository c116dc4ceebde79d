"""The same numbers to the last bit, whichever engine."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from calsight.core.model.options import Options
from calsight.errors import SourceError, UsageError
from calsight.org.analysis import Analysis, analyse
from calsight.org.engines import SparkEngine, engine_for
from org_support import DAY, World, invent


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return invent(tmp_path_factory.mktemp("organisation"), 60, seed=7)


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


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if shutil.which("java") is None:
        pytest.skip("there is no Java here")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspark.sql import SparkSession

        session = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "4")
            .config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.warehouse.dir", str(tmp_path_factory.mktemp("warehouse")))
            .getOrCreate()
        )
    yield session
    session.stop()


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
