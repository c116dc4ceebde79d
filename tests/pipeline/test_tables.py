"""Data frames: the same columns whatever library they are of, and what is not known is null."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime

import pytest

pytest.importorskip("narwhals", reason="data frames need the extra [frames]")

import calsight
from calsight.errors import MissingExtraError, UsageError
from calsight.testing import event

BACKENDS = ("pandas", "polars", "pyarrow")
EVENTS = [
    event("ana", "bo", at="2026-03-03 10:00", title="Talk"),
    event("ana", "bo", "cy", at="2026-03-04 10:00"),
    event("ana", at="2026-03-05 10:00", title="Write"),
]
GIVEN = {"me": "ana@example.com", "as_of": "2026-03-28", "settings": {}, "cache": False}


@pytest.fixture(scope="module")
def meetings() -> list[calsight.Meeting]:
    return calsight.meetings(EVENTS, **GIVEN)


@pytest.fixture(scope="module")
def report() -> calsight.Report:
    return calsight.analyze(EVENTS, **GIVEN)


def columns(frame: object) -> list[str]:
    import narwhals

    return narwhals.from_native(frame, eager_only=True).columns


@pytest.mark.parametrize("backend", BACKENDS)
def test_meetings_have_the_same_columns_and_values_in_each_library(meetings, backend):
    pytest.importorskip(backend)
    import narwhals

    frame = narwhals.from_native(calsight.to_frame(meetings, backend), eager_only=True)
    assert frame.columns == [*meetings[0].record()]
    rows = list(frame.iter_rows(named=True))
    assert [row["kind"] for row in rows] == ["one_to_one", "group", "solo"]
    assert [row["counterparts"] for row in rows] == ["bo@example.com", "bo@example.com; cy@example.com", ""]
    assert rows[0]["start"] == datetime(2026, 3, 3, 10, tzinfo=UTC)
    assert frame["original_start"].null_count() == len(rows)
    assert frame["headcount"].null_count() == 0
    assert frame["minutes"].to_list() == [30.0, 30.0, 30.0]
    assert frame["held"].to_list()[0] is True


@pytest.mark.parametrize("backend", BACKENDS)
def test_weeks_and_relationships(report, backend):
    pytest.importorskip(backend)
    weeks = calsight.to_frame(report.weeks, backend)
    assert len(weeks) == len(report.weeks)
    assert columns(weeks)[:3] == ["week", "exposure", "one_to_one"]
    people = calsight.to_frame(report.relationships, backend)
    assert len(people) == len(report.relationships) == 1
    assert "bo@example.com" in str(people["address"].to_pylist() if backend == "pyarrow" else list(people["address"]))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("rows", ["meetings", "weeks", "relationships"])
def test_an_empty_frame_has_its_columns_too(meetings, report, rows, backend):
    pytest.importorskip(backend)
    full = {"meetings": meetings, "weeks": report.weeks, "relationships": report.relationships}[rows]
    assert columns(calsight.to_frame([], backend, of=rows)) == columns(calsight.to_frame(full, backend))


def test_whatever_reads_arrow_reads_them_as_they_stand(meetings):
    duckdb, polars = pytest.importorskip("duckdb"), pytest.importorskip("polars")
    frame = calsight.to_frame(meetings, "pyarrow")
    assert duckdb.sql("select count(*) from frame where kind = 'one_to_one'").fetchall() == [(1,)]
    assert polars.DataFrame(frame).height == len(meetings)


def test_the_library_that_is_in_use_is_taken(meetings, monkeypatch):
    pl = pytest.importorskip("polars")
    for name in BACKENDS:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "polars", pl)

    assert isinstance(calsight.to_frame(meetings), pl.DataFrame)


def test_what_is_no_list_of_these_is_refused(meetings, report):
    for rows in ([], [*meetings, *report.weeks], ["x"]):
        with pytest.raises(UsageError):
            calsight.to_frame(rows)


def test_without_the_packages_the_command_that_installs_them_is_named(meetings, monkeypatch):
    monkeypatch.setitem(sys.modules, "narwhals", None)
    with pytest.raises(MissingExtraError, match=r"calsight\[frames\]"):
        calsight.to_frame(meetings)


def test_a_record_is_flat_and_typed(meetings):
    record = meetings[0].record()
    assert record["start"] == datetime(2026, 3, 3, 10, tzinfo=UTC)
    assert (record["kind"], record["minutes"], record["counterparts"]) == ("one_to_one", 30.0, ("bo@example.com",))
    assert not any(isinstance(value, dict | date) and not isinstance(value, datetime) for value in record.values())
