"""A folder that `calsight org ingest` filled: what it says of itself, who is in it, and what its lines come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from calsight.core.model.options import Options
from calsight.errors import SourceError
from calsight.kit.texts import read_json
from calsight.org.analysis import Analysis, analyse
from calsight.org.columns import REASONS, SCHEMA
from calsight.org.engines import engine_for
from calsight.org.staff import staff_of


@dataclass(frozen=True, slots=True)
class Folder:
    """One that is whole.

    as_of, weeks   the last day that it holds, and how many weeks before
    problems       how many entries and files could not be read, by code
    people         the table of people, a Polars frame
    """

    path: Path
    as_of: date
    weeks: int
    problems: dict[str, int]
    people: Any = field(repr=False, compare=False)

    @classmethod
    def opened(cls, path: Path) -> Folder:
        """The folder at `path`. Raises `SourceError` for one that is none, is not whole, or cannot be read."""
        meta = _meta_of(path)
        _check_weeks(path)
        problems: dict[str, int] = {}
        for bucket in meta["buckets"].values():
            for problem in bucket.get("problems", []):
                problems[problem["code"]] = problems.get(problem["code"], 0) + int(problem.get("count", 1))
        return cls(path, date.fromisoformat(meta["as_of"]), int(meta["weeks"]), problems, _people_of(path))

    def analysed(self, options: Options, engine: str = "auto") -> Analysis:
        """Everybody in it, over all its weeks."""
        staff = staff_of(self.people, as_of=self.as_of, weeks=self.weeks, options=options)
        return analyse(engine_for(engine, self.path), staff, options)

    def pseudonyms(self, found: Analysis) -> list[str]:
        """The pseudonyms of those who were analysed, in their order."""
        names = dict(zip(self.people["person"].to_list(), self.people["pseudonym"].to_list(), strict=True))
        return [names[person] for person in found.staff.person.tolist()]


def _meta_of(folder: Path) -> dict[str, Any]:
    """What a folder says of itself."""
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


def _check_weeks(folder: Path) -> None:
    """Raise `SourceError` where a week file is broken: half written by another program, or cut off in copying."""
    import polars as pl

    for path in sorted((folder / "attendance").glob("week=*.parquet")):
        try:
            pl.read_parquet_schema(path)
        except (OSError, pl.exceptions.PolarsError):
            raise SourceError(f"{path} cannot be read. Remove it and run the ingest again: it makes it anew.") from None


def _people_of(folder: Path) -> Any:
    """The table of people of a folder, a Polars frame."""
    import polars as pl

    try:
        return pl.read_parquet(folder / "people.parquet")
    except (OSError, pl.exceptions.PolarsError):
        raise SourceError(f"{folder}/people.parquet cannot be read. Run the ingest again.") from None
