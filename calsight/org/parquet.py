"""Tables as Parquet files."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

_SYSTEM = re.compile(r"os error (\d+)")


def write_parquet(table: pl.DataFrame, path: Path, *, rows: int | None = None) -> None:
    """Write a table, packed, in groups of so many rows.

    Raises `OSError`, also for a full disk, of which polars tells by an error of its own.
    """
    import polars as pl

    try:
        table.write_parquet(path, compression="zstd", row_group_size=rows)
        return
    except pl.exceptions.PolarsError as error:
        said = _SYSTEM.search(str(error))
    number = int(said[1]) if said else errno.EIO
    raise OSError(number, os.strerror(number), str(path))
