"""What a folder of calsight org holds, and the list of people, may be anything: one sentence says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from calsight.core.model.options import Options, RelationshipOptions
from calsight.errors import CalsightError, SettingsError, SourceError, UsageError
from calsight.org.people import read_members

pytest.importorskip("polars", reason="calsight org needs the extra [org]")

import polars as pl

from calsight.org.dialects import read_graph_lines
from calsight.org.folder import Folder
from calsight.org.ingest import _meta
from calsight.org.pseudonyms import Key, read_key
from calsight.org.published import Published
from calsight.org.reporting import report
from calsight.org.staff import staff_of


@pytest.mark.parametrize("content", [b"", b"[]", b"7", b"null", b"[" * 100_000, b"\xff", b"{}"])
def test_a_folder_that_says_nothing_of_itself(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "meta.json").write_bytes(content)
    with pytest.raises(SourceError):
        Folder.opened(tmp_path)
    with pytest.raises(UsageError):
        _meta(tmp_path, Key(bytes(32)))


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        ("person", [1, 1], "a whole number for each"),
        ("person", [1, None], "a whole number for each"),
        ("person", ["1", "2"], "a whole number for each"),
        ("zone", ["Europe/Berlin", "Mars"], "a time zone that does not exist: 'Mars'"),
        ("zone", ["Europe/Berlin", None], "a time zone that does not exist: ''"),
        ("country", ["DE", "XX"], "XX"),
        ("hours", ["", "nine to five"], "nine to five"),
    ],
)
def test_a_table_of_people_of_ones_own(column: str, values: list[object], said: str) -> None:
    people = {"person": [1, 2], "zone": ["UTC", "UTC"], column: values}
    with pytest.raises(SourceError, match=said):
        staff_of(pl.DataFrame(people), as_of=date(2026, 7, 1), weeks=26, options=Options())


@pytest.mark.parametrize("content", [b"", b"address\n\xff", b"addr\0ess\n", b'address\n"' + b"a" * 200_000 + b'"\n'])
def test_a_list_of_people_that_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "people.csv").write_bytes(content)
    with pytest.raises(SourceError, match=r"people\.csv"):
        read_members(tmp_path / "people.csv", ())


@pytest.mark.parametrize(
    "cells", ["7", "[]", '{"a": 7}', '{"a": {}}', '{"a": {"span": 1, "members": 7}}', '{"a": {"members": []}}']
)
def test_what_was_told_before_and_cannot_be_read_is_nothing_yet(tmp_path: Path, cells: str) -> None:
    (tmp_path / "published.json").write_text(f'{{"salt": "00", "cells": {cells}}}')
    assert Published.read(tmp_path).cells == {}
    (tmp_path / "published.json").write_text('{"salt": "00", "cells": {"a": {"span": "s", "members": ["m"]}}}')
    assert Published.read(tmp_path).cells == {"a": {"span": "s", "cut": "", "members": ["m"]}}


def test_a_key_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"a" * 100_000)
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(CalsightError, match="key"):
        read_key(tmp_path / "key", tmp_path / "data")


def test_lines_that_nest_too_deep_cost_themselves() -> None:
    deep = b'{"a":' * 100_000
    _, problems = read_graph_lines([deep, b"7", b"\xff"], ("ana@example.com",))
    assert [problem.code for problem in problems] == ["bad_entry"] * 3


def test_options_that_no_settings_file_may_hold(tmp_path: Path) -> None:
    """A tie of one meeting has no gap of its own: without any that is expected, there is none to divide by."""
    with pytest.raises(SettingsError, match=r"relationships\.prior_gaps: 0 must be more than 0"):
        report(tmp_path, options=Options(relationships=RelationshipOptions(prior_gaps=0)))


def test_a_list_without_its_first_line_names_what_it_has_and_nobody(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,mail\nAna,ana@example.com\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"no column named “address”.*; it has: name, mail\."):
        read_members(path, ())
    path.write_text("ana@example.com,Sales\nbo@example.com,Sales\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"it has: sales\.$"):
        read_members(path, ())
