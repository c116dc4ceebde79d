"""The report on an organisation, from a folder or from a table of the caller's own engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypedDict, Unpack

from calsight.core.model.options import Options
from calsight.core.wording.reasons import reason
from calsight.errors import SourceError, UsageError
from calsight.kit.texts import read_json
from calsight.org.analysis import Analysis, analyse
from calsight.org.columns import REASONS, SCHEMA
from calsight.org.engines import Engine, SparkEngine, engine_for
from calsight.org.out import CoverageOut, OrgReport
from calsight.org.privacy import least
from calsight.org.published import Published
from calsight.org.staff import staff_of
from calsight.org.tables import Tables
from calsight.pipeline.report import MODEL


class Wanted(TypedDict, total=False):
    """What `report` takes besides its tables."""

    by: Sequence[str]
    as_of: date | None
    weeks: int | None
    min_group: int | None
    engine: str
    options: Options | None
    memory: str | Path | None


@dataclass(frozen=True, slots=True)
class _Given:
    """Where the tables are, and what is told of them."""

    engine: Engine
    people: Any
    as_of: date
    weeks: int
    memory: Path | None


def report(attendance: Any, people: Any = None, **wanted: Unpack[Wanted]) -> OrgReport:
    """The report on the organisation whose attendance is given.

    `attendance` is the folder that `calsight org ingest` made, or a table of Spark with the columns of
    `calsight.org.columns.ATTENDANCE`; with such a table `people` is the table of people (a Spark or Polars frame, or anything
    else that has `to_arrow` or `toArrow`), and `as_of` is needed. `by` are one or two groupings, `weeks` how many (26),
    `min_group` raises the floor of five people, `engine` is for a folder. `memory` is the folder in which it is remembered what
    was said (that of the attendance by default): without one, two reports can be subtracted.

    Raises `UsageError` for what is asked wrongly, or where nothing may be said; `SourceError` for data that cannot be used.
    """
    floor = least(wanted.get("min_group"))
    in_folder = isinstance(attendance, str | Path)
    given = _from_folder(Path(attendance), wanted) if in_folder else _from_table(attendance, people, wanted)
    options = wanted.get("options") or Options()
    staff = staff_of(given.people, as_of=given.as_of, weeks=given.weeks, options=options)
    if not staff.size:
        raise SourceError("There is no mailbox to report on.")
    found = analyse(given.engine, staff, options)
    remembered = Published.read(given.memory) if given.memory else Published(b"")
    by, span = tuple(wanted.get("by", ())), f"{given.as_of} {given.weeks}"
    tables = Tables(found, by, floor, published=remembered, span=span, options=options)
    made = _assembled(found, tables, (given.as_of, given.weeks, by, floor), _engine_name(given.engine))
    tables.remember()
    if given.memory:
        remembered.write(given.memory)
    return made


def _from_folder(folder: Path, wanted: Wanted) -> _Given:
    meta = whole(folder)
    last = date.fromisoformat(meta["as_of"])
    as_of, weeks = wanted.get("as_of") or last, wanted.get("weeks") or int(meta["weeks"])
    if weeks > meta["weeks"] or as_of > last:
        raise UsageError(
            f"{folder} holds {meta['weeks']} weeks up to {last}. Ask for these, or ingest with another span."
        )
    check_weeks(folder)
    engine = engine_for(wanted.get("engine", "auto"), folder)
    return _Given(engine, read_people(folder), as_of, weeks, Path(wanted.get("memory") or folder))


def _from_table(attendance: Any, people: Any, wanted: Wanted) -> _Given:
    as_of, memory = wanted.get("as_of"), wanted.get("memory")
    if people is None or as_of is None:
        raise UsageError("A table of attendance needs the table of people, and as_of.")
    weeks = wanted.get("weeks") or 26
    return _Given(SparkEngine(attendance), _polars(people), as_of, weeks, Path(memory) if memory else None)


def check_weeks(folder: Path) -> None:
    """Raise `SourceError` where a week file is broken: half written by another program, or cut off in copying."""
    import polars as pl

    for path in sorted((folder / "attendance").glob("week=*.parquet")):
        try:
            pl.read_parquet_schema(path)
        except (OSError, pl.exceptions.PolarsError):
            raise SourceError(f"{path} cannot be read. Remove it and run the ingest again: it makes it anew.") from None


def _engine_name(engine: Engine) -> str:
    return type(engine).__name__.removesuffix("Engine").lower()


def _assembled(found: Analysis, tables: Tables, said: tuple[date, int, tuple[str, ...], int], engine: str) -> OrgReport:
    from calsight import __version__

    as_of, weeks, by, floor = said
    total, *groups = (tables.group(cell) for cell in tables.cells)
    flows, network = tables.flows()
    hidden = Counter(group.hidden for group in groups if group.hidden is not None)
    meetings = int(found.exposures.known.sum() + found.exposures.unknowns.sum())
    return OrgReport(
        engine={"version": __version__, "model": MODEL, "engine": engine},
        as_of=as_of,
        weeks=weeks,
        by=list(by),
        min_group=floor,
        coverage=CoverageOut(
            people=found.staff.size + found.staff.missing,
            mailboxes=found.staff.size,
            judged=tables.judged,
            unknown=round(float(found.exposures.unknowns.sum()) / meetings, 2) if meetings else None,
        ),
        total=total,
        groups=groups,
        by_week=tables.by_week(),
        flows=flows,
        network=network,
        hidden=dict(sorted(hidden.items())),
        notes=[
            reason("org_method", floor=floor),
            reason("org_answers"),
            *([reason("org_missing", count=found.staff.missing)] if found.staff.missing else []),
            *([reason("org_hidden", count=sum(hidden.values()))] if hidden else []),
            reason("org_caveat"),
        ],
    )


def whole(folder: Path) -> dict[str, Any]:
    """What a folder says of itself. Raises `SourceError` for one that is none, or that an ingest left unfinished."""
    try:
        meta: dict[str, Any] = dict(read_json((folder / "meta.json").read_bytes()))
    except OSError:
        raise SourceError(
            f"{folder} is no folder of calsight org. Make one with: calsight org ingest SOURCE… --out {folder}"
        ) from None
    except (ValueError, TypeError):
        raise SourceError(f"{folder}/meta.json is broken. Remove the folder and ingest anew.") from None
    if meta.get("schema") != SCHEMA or meta.get("reasons") != list(REASONS):
        raise SourceError(f"{folder} was made by another version of calsight. Ingest into a new folder.")
    if meta.get("weeks_to_make") or "as_of" not in meta:
        raise SourceError(
            f"The ingest of {folder} was not finished. Run the same command again: it goes on where it was."
        )
    return meta


def read_people(folder: Path) -> Any:
    """The table of people of a folder, a Polars frame."""
    import polars as pl

    try:
        return pl.read_parquet(folder / "people.parquet")
    except (OSError, pl.exceptions.PolarsError):
        raise SourceError(f"{folder}/people.parquet cannot be read. Run the ingest again.") from None


def _polars(people: Any) -> Any:
    """A table of people of whatever engine as a Polars frame."""
    import polars as pl

    if isinstance(people, pl.DataFrame):
        return people
    arrow = (
        people.toArrow() if hasattr(people, "toArrow") else people.to_arrow() if hasattr(people, "to_arrow") else people
    )
    return pl.from_arrow(arrow)
