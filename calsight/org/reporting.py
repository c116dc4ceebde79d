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
from calsight.org.analysis import Analysis, analyse
from calsight.org.engines import Engine, SparkEngine, engine_for
from calsight.org.folder import Folder
from calsight.org.out import CoverageOut, OrgReport
from calsight.org.privacy import least
from calsight.org.published import Published
from calsight.org.staff import staff_of
from calsight.org.tables import Tables
from calsight.pipeline.report import MODEL
from calsight.settings.file import checked


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
    floor, options = least(wanted.get("min_group")), checked(wanted.get("options") or Options())
    in_folder = isinstance(attendance, str | Path)
    given = (
        _from_folder(Folder.opened(Path(attendance)), wanted) if in_folder else _from_table(attendance, people, wanted)
    )
    staff = staff_of(given.people, as_of=given.as_of, weeks=given.weeks, options=options)
    if not staff.size:
        raise SourceError("There is no mailbox to report on.")
    found = analyse(given.engine, staff, options)
    remembered = Published.read(given.memory) if given.memory else Published(b"")
    by, span = tuple(wanted.get("by", ())), f"{given.as_of} {given.weeks}"
    tables = Tables(found, by, floor, published=remembered, span=span, options=options)
    made = _assembled(found, tables, given, by, floor)
    tables.remember()
    if given.memory:
        remembered.write(given.memory)
    return made


def _from_folder(folder: Folder, wanted: Wanted) -> _Given:
    as_of, weeks = wanted.get("as_of") or folder.as_of, wanted.get("weeks") or folder.weeks
    if weeks > folder.weeks or as_of > folder.as_of:
        raise UsageError(
            f"{folder.path} holds {folder.weeks} weeks up to {folder.as_of}. Ask for these, or ingest with another span."
        )
    engine = engine_for(wanted.get("engine", "auto"), folder.path)
    return _Given(engine, folder.people, as_of, weeks, Path(wanted.get("memory") or folder.path))


def _from_table(attendance: Any, people: Any, wanted: Wanted) -> _Given:
    as_of, memory = wanted.get("as_of"), wanted.get("memory")
    if people is None or as_of is None:
        raise UsageError("A table of attendance needs the table of people, and as_of.")
    weeks = wanted.get("weeks") or 26
    return _Given(SparkEngine(attendance), _polars(people), as_of, weeks, Path(memory) if memory else None)


def _engine_name(engine: Engine) -> str:
    return type(engine).__name__.removesuffix("Engine").lower()


def _assembled(found: Analysis, tables: Tables, given: _Given, by: tuple[str, ...], floor: int) -> OrgReport:
    from calsight import __version__

    total, *groups = (tables.group(cell) for cell in tables.cells)
    flows, network = tables.flows()
    hidden = Counter(group.hidden for group in groups if group.hidden is not None)
    meetings = int(found.exposures.known.sum() + found.exposures.unknowns.sum())
    return OrgReport(
        engine={"version": __version__, "model": MODEL, "engine": _engine_name(given.engine)},
        as_of=given.as_of,
        weeks=given.weeks,
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


def _polars(people: Any) -> Any:
    """A table of people of whatever engine as a Polars frame."""
    import polars as pl

    if isinstance(people, pl.DataFrame):
        return people
    arrow = (
        people.toArrow() if hasattr(people, "toArrow") else people.to_arrow() if hasattr(people, "to_arrow") else people
    )
    return pl.from_arrow(arrow)
