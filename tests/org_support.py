"""An invented organisation, ingested: for tests of `calsight.org`."""

from __future__ import annotations

import shutil
import warnings
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from calsight.core.model.options import Options
from calsight.org.analysis import Analysis, analyse
from calsight.org.demo import Organisation, write
from calsight.org.engines import engine_for
from calsight.org.ingest import Ingest, Ingested, ingest
from calsight.org.people import Members, read_members
from calsight.org.pseudonyms import Key, read_key
from calsight.org.staff import Staff, staff_of

DAY = date(2026, 7, 1)
GROUPINGS = ("division", "level")


@dataclass(frozen=True)
class World:
    """An organisation on disk: `root` has people.csv, the folder mailboxes, the key and the folder `dir`."""

    root: Path
    members: Members
    key: Key
    done: Ingested

    @property
    def folder(self) -> Path:
        return self.root / "dir"

    def staff(self) -> Staff:
        return staff_of(pl.read_parquet(self.folder / "people.parquet"), as_of=DAY, weeks=26, options=Options())

    def analysis(self, engine: str = "polars") -> Analysis:
        return analyse(engine_for(engine, self.folder), self.staff(), Options())


def invent(root: Path, people: int, *, seed: int = 1) -> World:
    write(Organisation(people, as_of=DAY, seed=seed), root)
    return take_in(root)


def take_in(root: Path, *, processes: int = 1) -> World:
    members = read_members(root / "people.csv", GROUPINGS)
    key = read_key(root / "key", root / "dir")
    asked = Ingest((str(root / "mailboxes"),), root / "dir", GROUPINGS, 26, DAY, processes=processes)
    return World(root, members, key, ingest(asked, members, key))


@cache
def spark_session() -> Any:
    """One session of Spark for all tests of a process; it ends with it. Skips where there is no Java."""
    if shutil.which("java") is None:
        pytest.skip("there is no Java here")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pyspark.sql import SparkSession

        return (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.session.timeZone", "UTC")
            .getOrCreate()
        )
