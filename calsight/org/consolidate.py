"""From pieces to the week files that a report reads: of each person on each meeting one line, their own where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from calsight.errors import UsageError
from calsight.org.columns import ATTENDANCE, WEEK_S
from calsight.org.parquet import write_parquet
from calsight.org.people import Members
from calsight.org.pseudonyms import Key
from calsight.org.reading import mailboxes_schema

_ROWS = 500_000


def week_name(week: int) -> str:
    """The file of a week, counted in UTC from the Thursday with which 1970 begins."""
    return f"week={date(1970, 1, 1) + timedelta(days=7 * week)}.parquet"


def write_weeks(folder: Path, weeks: Iterable[int]) -> None:
    """Make the files of these weeks anew; a week of which nothing is left loses its file."""
    import polars as pl

    pieces = sorted((folder / "pieces").glob("*.parquet"))
    for week in weeks:
        path = folder / "attendance" / week_name(week)
        if not pieces:
            path.unlink(missing_ok=True)
            continue
        begin = pl.col("start_s") >= week * WEEK_S
        lines = pl.scan_parquet(pieces).filter(begin, pl.col("start_s") < (week + 1) * WEEK_S).collect()
        own = lines.filter(pl.col("own") == 1)
        others = lines.filter(pl.col("own") == 0).unique(["meeting", "person"], keep="first", maintain_order=True)
        told = others.select("meeting", "person", _told="here")
        own = own.join(told, on=["meeting", "person"], how="left").with_columns(
            here=pl.when(pl.col("here") < 0).then(pl.col("_told").fill_null(0)).otherwise(pl.col("here"))
        )
        own = own.drop("_told")
        others = others.join(own, on=["meeting", "person"], how="anti")
        kept = pl.concat([own, others]).select(list(ATTENDANCE)).sort("meeting", "person")
        if kept.is_empty():
            path.unlink(missing_ok=True)
            continue
        written = path.with_name(f".{path.name}.new")
        write_parquet(kept, written, rows=_ROWS)
        written.replace(path)


def write_people(folder: Path, members: Members, key: Key, groupings: Sequence[str]) -> None:
    """Write `people.parquet`: what the list says of each member and what is known of their mailbox, by pseudonym.

    Raises `UsageError` where two members have one number.
    """
    import polars as pl

    first = date(1970, 1, 1)
    people = pl.DataFrame(
        {
            "person": [key.number(one.id) for one in members.everyone],
            "pseudonym": [key.pseudonym(one.id) for one in members.everyone],
            "list_zone": [one.zone for one in members.everyone],
            "country": [one.country for one in members.everyone],
            "subdivision": [one.subdivision for one in members.everyone],
            "hours": [one.hours for one in members.everyone],
            "joined": [-1 if one.joined is None else (one.joined - first).days for one in members.everyone],
            "left": [-1 if one.left is None else (one.left - first).days for one in members.everyone],
            **{f"by_{name}": [one.groups.get(name, "") for one in members.everyone] for name in groupings},
        },
        schema_overrides={"person": pl.Int64, "joined": pl.Int32, "left": pl.Int32},
    )
    if people["person"].n_unique() < people.height:
        raise UsageError(
            "Two people got one number under this key, by chance. Ingest into a new folder with a new key."
        )
    known = sorted((folder / "pieces").glob("*.mailboxes"))
    mailboxes = (
        pl.concat([pl.read_parquet(path) for path in known]) if known else pl.DataFrame(schema=mailboxes_schema())
    )
    people = people.join(mailboxes.drop("pseudonym"), on="person", how="left").with_columns(
        zone=pl.when(pl.col("list_zone") != "").then(pl.col("list_zone")).otherwise(pl.col("zone").fill_null("UTC")),
        mailbox=pl.col("entries").is_not_null().cast(pl.Int8),
        entries=pl.col("entries").fill_null(0),
        unlisted=pl.col("unlisted").fill_null(0),
        sign_s=pl.col("sign_s").fill_null(-1),
    )
    people = people.drop("list_zone").sort("person")
    path = folder / "people.parquet"
    written = path.with_name(f".{path.name}.new")
    write_parquet(people, written)
    written.replace(path)
