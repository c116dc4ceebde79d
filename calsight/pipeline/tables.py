"""Meetings, weeks and relationships as the data frames of whatever library a program uses: pandas, Polars, PyArrow.

Narwhals makes them, so that calsight needs none of these itself; what it makes speaks Arrow's PyCapsule interface, which DuckDB
and others read as it stands. Columns are the same in each, in the same order; texts that are several are one, parted by "; ".
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from typing import Any, Literal, TypeAlias, get_args

from calsight.core.model.meetings import Kind, Meeting
from calsight.core.model.report import Relationship, Week
from calsight.errors import MissingExtraError, UsageError

Backend: TypeAlias = Literal["pandas", "polars", "pyarrow"]
Rows: TypeAlias = Literal["meetings", "weeks", "relationships"]

_TEXT, _NUMBER, _COUNT, _YES, _MOMENT, _DAY = "text", "number", "count", "yes", "moment", "day"
_MEETINGS = {
    "source": _TEXT, "uid": _TEXT, "original_start": _MOMENT, "start": _MOMENT, "end": _MOMENT, "all_day": _YES,
    "minutes": _NUMBER, "title": _TEXT, "kind": _TEXT, "reason": _TEXT, "mode": _TEXT, "size": _TEXT, "headcount": _COUNT,
    "counterparts": _TEXT, "organised_by_me": _YES, "held": _YES, "inferred": _YES, "scope": _TEXT, "doubts": _TEXT,
    "could_be": _TEXT,
}  # fmt: skip
_WEEKS = {
    "week": _DAY, "exposure": _NUMBER, "one_to_one": _COUNT, "mean": _NUMBER, "interval_low": _NUMBER,
    "interval_high": _NUMBER, "probability_low": _NUMBER, **{f"hours_{kind}": _NUMBER for kind in Kind},
}  # fmt: skip
_RELATIONSHIPS = {
    "person": _TEXT, "name": _TEXT, "address": _TEXT, "scope": _TEXT, "stage": _TEXT, "status": _TEXT, "role": _TEXT,
    "alive": _NUMBER, "strength": _NUMBER, "interactions": _COUNT, "first": _MOMENT, "last": _MOMENT, "next": _MOMENT,
    "typical_gap_days": _NUMBER, "silence_days": _NUMBER, "expectation": _TEXT, "dependency": _TEXT,
}  # fmt: skip
_COLUMNS: Mapping[str, Mapping[str, str]] = {
    "meetings": _MEETINGS,
    "weeks": _WEEKS,
    "relationships": _RELATIONSHIPS,
}


def to_frame(
    rows: Iterable[Meeting] | Iterable[Week] | Iterable[Relationship],
    backend: Backend | None = None,
    *,
    of: Rows | None = None,
) -> Any:
    """A data frame of meetings (`calsight.meetings(…)`), of `report.weeks` or of `report.relationships`.

    `backend` is the library whose frame it is: by default the one that the program has imported already, else one that is
    installed. `of` says what the rows are, which only an empty list needs. Moments are UTC; unknown is null.

    >>> meetings = calsight.meetings("work.ics", me="ana@example.com", as_of="2026-03-31", weeks=12)
    >>> list(calsight.to_frame(meetings, "pandas").columns[:4])
    ['source', 'uid', 'original_start', 'start']

    Raises `MissingExtraError` where Narwhals or a library is missing, `UsageError` for rows of another sort.
    """
    found = list(rows)
    kind = of or _kind_of(found)
    columns, make = _COLUMNS[kind], _MAKERS[kind]
    try:
        import narwhals
    except ModuleNotFoundError as error:
        raise MissingExtraError("Data frames need: pip install 'calsight[frames]'") from error
    records = [make(row) for row in found]
    types = {
        _TEXT: narwhals.String(),
        _NUMBER: narwhals.Float64(),
        _COUNT: narwhals.Int64(),
        _YES: narwhals.Boolean(),
        _MOMENT: narwhals.Datetime("us", "UTC"),
        _DAY: narwhals.Date(),
    }
    chosen = backend or _backend()
    data = {name: [record[name] for record in records] for name in columns}
    if chosen == "pandas":
        return _pandas(data, columns)
    schema = {name: types[column] for name, column in columns.items()}
    return narwhals.from_dict(data, schema, backend=chosen).to_native()


def _pandas(data: Mapping[str, list[Any]], columns: Mapping[str, str]) -> Any:
    """In pandas's own nullable types: its others have no null for counts, days and yes or no."""
    import pandas as pd

    types = {
        _TEXT: "string",
        _NUMBER: "Float64",
        _COUNT: "Int64",
        _YES: "boolean",
        _MOMENT: "datetime64[us, UTC]",
        _DAY: "datetime64[s]",
    }
    return pd.DataFrame({name: pd.Series(data[name], dtype=types[kind]) for name, kind in columns.items()})


def _backend() -> Backend:
    known: tuple[Backend, ...] = get_args(Backend)
    imported = [name for name in known if name in sys.modules]
    installed = [name for name in known if find_spec(name)]
    if not (imported or installed):
        raise MissingExtraError(f"A data frame needs one of: {', '.join(known)}. Install the one that you use.")
    return (imported or installed)[0]


def _kind_of(rows: list[Any]) -> Rows:
    if not rows:
        raise UsageError('An empty list does not say what it is a list of: to_frame(rows, of="meetings").')
    kinds: tuple[tuple[type, Rows], ...] = ((Meeting, "meetings"), (Week, "weeks"), (Relationship, "relationships"))
    for made, name in kinds:
        if all(isinstance(row, made) for row in rows):
            return name
    raise UsageError("to_frame takes meetings, report.weeks or report.relationships, and no mixture.")


def _meeting(meeting: Meeting) -> dict[str, Any]:
    record = meeting.record()
    return record | {name: "; ".join(record[name]) for name in ("counterparts", "doubts")}


def _week(week: Week) -> dict[str, Any]:
    low, high = week.interval or (None, None)
    hours = {f"hours_{kind}": getattr(week.hours, kind) for kind in Kind}
    return week.model_dump(exclude={"hours", "interval"}) | {"interval_low": low, "interval_high": high} | hours


def _relationship(tie: Relationship) -> dict[str, Any]:
    told = tie.model_dump(exclude={"person", "reasons"}) | {
        "person": tie.person.id,
        "name": tie.person.name,
        "address": tie.person.address,
    }
    return told | {name: "; ".join(told[name]) for name in ("expectation", "dependency")}


_MAKERS: Mapping[str, Callable[[Any], dict[str, Any]]] = {
    "meetings": _meeting,
    "weeks": _week,
    "relationships": _relationship,
}
