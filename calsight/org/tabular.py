"""The report as files for spreadsheets, and person-weeks in the shape of Viva Insights' person query."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from calsight.kit.files import PRIVATE, write_whole
from calsight.org.analysis import Analysis
from calsight.org.out import GroupOut, OrgReport, ShareOut

_HOUR = 3600.0


def write_csvs(report: OrgReport, folder: Path) -> list[Path]:
    """Write `groups.csv`, `flows.csv` and `weeks.csv`; what is hidden is empty. Raises `OSError`."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = csvs(report)
    for name, content in tables.items():
        write_whole(folder / name, content)
    return [folder / name for name in tables]


def csvs(report: OrgReport) -> dict[str, bytes]:
    """The content of each file."""
    tables = {"groups.csv": _groups(report), "flows.csv": _flows(report), "weeks.csv": _weeks(report)}
    return {name: _text(rows) for name, rows in tables.items()}


def _text(rows: Iterable[Iterable[object]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    for row in rows:
        writer.writerow(["" if value is None else _safe(value) for value in row])
    return out.getvalue().encode()


def _safe(value: object) -> object:
    """A name that a spreadsheet would take for a formula is marked as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


_LEVELS = ("at_risk", "watch", "ok")


def _share(found: ShareOut | None) -> tuple[object, ...]:
    return (None, None, None, None) if found is None else (found.value, found.low, found.high, found.bound)


def _of_share(name: str) -> tuple[str, ...]:
    return (name, f"{name}_low", f"{name}_high", f"{name}_bound")


def _groups(report: OrgReport) -> Iterator[Iterable[object]]:
    heads = [head for level in _LEVELS for head in _of_share(level)]
    hours = ("one_to_one", "group", "conference_call")
    yield [
        *report.by,
        "people",
        *heads,
        *("rate", "breadth", "reach"),
        *_of_share("isolated"),
        *(f"hours_{kind}" for kind in hours),
        "hidden",
    ]
    for group in (report.total, *report.groups):
        shares = [getattr(group.shares, level) if group.shares else None for level in _LEVELS]
        yield [
            *group.group,
            group.people,
            *(value for found in shares for value in _share(found)),
            *(group.rate, group.breadth, group.reach),
            *_share(group.isolated),
            *(_hour(group, kind) for kind in hours),
            group.hidden,
        ]


def _hour(group: GroupOut, kind: str) -> float | None:
    return None if group.hours is None else group.hours[kind]


def _flows(report: OrgReport) -> Iterator[Iterable[object]]:
    yield ["group", "other", "ties"]
    for flow in report.flows:
        yield [flow.group, flow.other, flow.ties]


def _weeks(report: OrgReport) -> Iterator[Iterable[object]]:
    yield ["week", "group", *_of_share("at_risk"), *_of_share("watch")]
    for week in report.by_week:
        yield [week.week, week.group, *_share(week.at_risk), *_share(week.watch)]


def write_viva(found: Analysis, pseudonyms: list[str], path: Path) -> int:
    """Write person-weeks in the shape of Viva Insights' person query, pseudonymous and without levels; returns how many.

    `pseudonyms` are those of the staff, in its order.
    """
    staff, weekly = found.staff, found.weekly
    who, week = staff.place(weekly["person"]), weekly["week"] - staff.first
    exposure = np.round(found.exposures.exposure, 4)
    counts = found.met.counts
    groups = list(staff.groups)
    mondays = [f"{monday:%m/%d/%Y}" for monday in staff.mondays]

    def rows() -> Iterator[Iterable[object]]:
        yield ["PersonId", "MetricDate", *_METRICS, *groups]
        numbers = [weekly[name] / _HOUR for name in ("pair_s", "group_s", "call_s")]
        lines = zip(who.tolist(), week.tolist(), *(each.tolist() for each in numbers), strict=True)
        for person, place, pair, group, call in lines:
            yield [
                pseudonyms[person],
                mondays[place],
                int(counts[person, place]),
                *(round(value, 2) for value in (pair, group, call, pair + group + call)),
                float(exposure[person, place]),
                *(staff.groups[name][person] for name in groups),
            ]

    write_whole(path, _text(rows()), mode=PRIVATE)
    return len(who)


_METRICS = (
    *("One_to_ones", "One_to_one_meeting_hours", "Group_meeting_hours", "Conference_call_hours", "Meeting_hours"),
    "Exposure",
)
#: How a file of `write_viva` begins.
VIVA_BEGINS = ",".join(("PersonId", "MetricDate", *_METRICS)).encode()
