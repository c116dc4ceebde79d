"""The engines: where the lines of attendance lie, and how the small tables are got from them.

    polars   one week's file at a time, or some small ones; what is in memory is these
    duckdb   all at once, on disk where memory is short
    spark    all at once, in a session of the caller's own or on a cluster

Each gives the same numbers to the last bit: all that an engine sums is integers, and what it gives is sorted here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from calsight.errors import MissingExtraError, SourceError, UsageError
from calsight.org import reduce
from calsight.org.columns import ATTENDANCE

Ints: TypeAlias = NDArray[np.int64]
Table: TypeAlias = dict[str, Ints]
ENGINES = ("auto", "polars", "duckdb", "spark")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of an engine: of whose weeks (`calendar_of`), with how many absences at most, and which weeks count."""

    calendar: Table
    spans: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Reduced:
    """The small tables, each sorted."""

    weeks: Table
    met: Table
    occurrences: Table
    long: Table


class Engine(Protocol):
    """Somewhere to reduce lines of attendance."""

    def absences(self) -> Table:
        """The absences of all."""
        ...

    def reduce(self, asked: Asked) -> Reduced:
        """The small tables."""
        ...


class PolarsEngine:
    """Polars, week file by week file; small ones together."""

    def __init__(self, paths: list[Path]) -> None:
        self._paths = list(_together(paths))

    def absences(self) -> Table:
        """The absences of all."""
        parts = []
        for paths in self._paths:
            lines = pl.scan_parquet(paths)
            asked = (reduce.absences_anyhow(_lines(lines)), reduce.may_be_absences(_lines(lines)))
            anyhow, meetings = pl.collect_all([each.to_native() for each in asked])
            parts.append(anyhow)
            # Only of these is anything else read.
            some = lines.filter(pl.col("meeting").is_in(meetings["meeting"].implode()))
            parts.append(_polars(reduce.absences_among(_lines(some), nw.from_native(meetings.lazy()))))
        return _sorted(pl.concat(parts))

    def reduce(self, asked: Asked) -> Reduced:
        """The small tables."""
        parts: dict[str, list[pl.DataFrame]] = {"weeks": [], "met": [], "occurrences": [], "long": []}
        calendar = pl.DataFrame(asked.calendar)
        for paths in self._paths:
            lines = pl.scan_parquet(paths)
            here, spans = _of_weeks(calendar, lines.select("week").collect()["week"], asked)
            found = reduce.judged(_lines(lines), nw.from_native(here.lazy()), spans, asked.first, asked.last)
            kept = nw.from_native(_polars(found).lazy())
            tables = {
                "weeks": reduce.person_weeks(kept, asked.first, asked.last),
                "met": reduce.one_to_ones(kept),
                "occurrences": reduce.occurrences(kept),
                "long": reduce.long_entries(kept),
            }
            for name, table in zip(tables, pl.collect_all([each.to_native() for each in tables.values()]), strict=True):
                parts[name].append(table)
        weeks = pl.concat(parts.pop("weeks")).group_by("at").agg(pl.all().sum())
        met, told = pl.concat(parts["met"]), pl.concat(parts["occurrences"])
        told = _polars(reduce.of_kept_series(nw.from_native(told.lazy()), nw.from_native(met.lazy())))
        return _reduced(weeks, met, told, pl.concat(parts["long"]))


class DuckDBEngine:
    """DuckDB, all at once."""

    def __init__(self, paths: list[Path]) -> None:
        duckdb = _duckdb()
        self._connection = duckdb.connect()
        self._connection.execute("SET TimeZone='UTC'; SET preserve_insertion_order=false")
        self._lines = self._connection.read_parquet([str(path) for path in paths])
        self._number = 0

    def absences(self) -> Table:
        """The absences of all."""
        return _sorted(self._collected(reduce.absences(_lines(self._lines))))

    def reduce(self, asked: Asked) -> Reduced:
        """The small tables."""
        calendar = self._small(pl.DataFrame(asked.calendar))
        found = self._kept(reduce.judged(_lines(self._lines), calendar, asked.spans, asked.first, asked.last))
        met = self._kept(reduce.one_to_ones(found))
        told = reduce.of_kept_series(reduce.occurrences(found), met)
        weeks = reduce.person_weeks(found, asked.first, asked.last)
        return _reduced(*map(self._collected, (weeks, met, told, reduce.long_entries(found))))

    def _small(self, frame: pl.DataFrame) -> Any:
        self._number += 1
        self._connection.register(f"small{self._number}", frame.to_arrow())
        return nw.from_native(self._connection.table(f"small{self._number}"))

    def _kept(self, frame: Any) -> Any:
        self._number += 1
        frame.to_native().create(f"kept{self._number}")
        return nw.from_native(self._connection.table(f"kept{self._number}"))

    def _collected(self, frame: Any) -> pl.DataFrame:
        return pl.DataFrame(frame.collect(backend="polars").to_native())


class SparkEngine:
    """Spark, in the session of the table that is given."""

    def __init__(self, table: Any) -> None:
        self._lines = table
        self._session = table.sparkSession

    def absences(self) -> Table:
        """The absences of all."""
        return _sorted(self._collected(reduce.absences(_lines(self._lines))))

    def reduce(self, asked: Asked) -> Reduced:
        """The small tables."""
        calendar = self._small(pl.DataFrame(asked.calendar))
        found = reduce.judged(_lines(self._lines), calendar, asked.spans, asked.first, asked.last)
        kept = found.to_native().persist()
        found = nw.from_native(kept)
        met = reduce.one_to_ones(found)
        told = reduce.of_kept_series(reduce.occurrences(found), met)
        weeks = reduce.person_weeks(found, asked.first, asked.last)
        try:
            return _reduced(*map(self._collected, (weeks, met, told, reduce.long_entries(found))))
        finally:
            kept.unpersist()

    def _small(self, frame: pl.DataFrame) -> Any:
        return nw.from_native(self._session.createDataFrame(frame.to_arrow()))

    def _collected(self, frame: Any) -> pl.DataFrame:
        found = pl.from_arrow(frame.to_native().toArrow())
        assert isinstance(found, pl.DataFrame)  # noqa: S101 - a table, never a column
        return found


def engine_for(name: str, folder: Path) -> Engine:
    """The engine of that name over the week files of a folder.

    Raises `SourceError` for a folder without any, `UsageError` for a name that is no engine's.
    """
    paths = sorted((folder / "attendance").glob("week=*.parquet"))
    if not paths:
        raise SourceError(f"{folder} holds no attendance. Make it with: calsight org ingest SOURCE… --out {folder}")
    if name in ("auto", "polars"):
        return PolarsEngine(paths)
    if name == "duckdb":
        return DuckDBEngine(paths)
    if name == "spark" or name.startswith("spark://"):
        return SparkEngine(spark_session(name).read.parquet(*map(str, paths)))
    raise UsageError(f"There is no engine {name!r}. There are: {', '.join(ENGINES)}, or spark://HOST:PORT.")


def spark_session(master: str) -> Any:
    """A session of Spark: on this machine for "spark", else on the cluster named."""
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise _missing("spark", "org-spark") from None
    builder = SparkSession.builder.appName("calsight org").config("spark.sql.session.timeZone", "UTC")
    if master == "spark":
        active = SparkSession.getActiveSession()
        if active is not None:
            return active
        builder = builder.master("local[*]").config("spark.ui.enabled", "false")
    else:
        builder = builder.master(master)
    return builder.getOrCreate()


_SMALL = 10_000_000  # bytes of week files that are read together: as many as a week of 100,000 people takes


def _together(paths: list[Path]) -> Iterator[list[Path]]:
    """The week files in parts that are no larger than this each, but for a file that is."""
    part: list[Path] = []
    size = 0
    for path in paths:
        more = path.stat().st_size
        if part and size + more > _SMALL:
            yield part
            part, size = [], 0
        part.append(path)
        size += more
    if part:
        yield part


def _duckdb() -> Any:
    try:
        import duckdb
    except ImportError:
        raise _missing("duckdb", "org-duckdb") from None
    return duckdb


def _missing(engine: str, extra: str) -> MissingExtraError:
    return MissingExtraError(
        f"The engine {engine} needs a package that is not installed: pip install 'calsight[{extra}]'"
    )


def _lines(native: Any) -> Any:
    """Lines of attendance of whatever engine. Raises `SourceError` for a table that lacks a column."""
    lines = nw.from_native(native)
    names = lines.collect_schema().names()
    missing = [name for name in ATTENDANCE if name not in names]
    if missing:
        raise SourceError(f"The attendance lacks columns: {', '.join(missing)}. See docs/organisation-method.md.")
    return lines.select(*ATTENDANCE)


def _of_weeks(calendar: pl.DataFrame, weeks: pl.Series, asked: Asked) -> tuple[pl.DataFrame, int]:
    """The calendar of the span of these weeks, and how many absences there are at most in one week of a person."""
    first, last = asked.first - 1, asked.last + 1
    low, high = np.clip(np.array([weeks.min() or 0, weeks.max() or 0], dtype=np.int64), first, last).tolist()
    people = calendar.height // (last - first + 1)
    here = calendar.slice((low - first) * people, (high - low + 1) * people)
    spans = [place for place in range(asked.spans) if (here[f"b{place}"] > 0).any()]
    return here, len(spans)


def _polars(frame: Any) -> pl.DataFrame:
    lazy: pl.LazyFrame = frame.to_native()
    return lazy.collect()


def _reduced(weeks: pl.DataFrame, met: pl.DataFrame, told: pl.DataFrame, long: pl.DataFrame) -> Reduced:
    table = _sorted(weeks)
    at = table.pop("at")
    whose = {"person": at // reduce.WEEKS, "week": at % reduce.WEEKS}
    return Reduced(whose | table, _sorted(met), _sorted(told), _sorted(long))


def _sorted(frame: pl.DataFrame) -> Table:
    """As arrays of whole numbers, in one order whatever the engine's was."""
    ordered = frame.sort(frame.columns)
    return {name: ordered[name].cast(pl.Int64).to_numpy().copy() for name in ordered.columns}
