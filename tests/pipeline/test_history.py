"""The small local history of reports."""

import json
import os
from datetime import timedelta

import pytest

from calsight.core.model.report import OwnerOut, Report
from calsight.pipeline.history import recall, remember
from calsight.settings.file import Settings
from render.reports import AS_OF, NAMES, a_report


def on_day(days: int, level="watch") -> Report:
    return a_report(level, as_of=AS_OF + timedelta(days=days))


def test_reports_are_remembered_in_their_order_and_the_newest_of_a_day_wins(tmp_path):
    for report in (on_day(-7, "ok"), on_day(-21, "at_risk"), on_day(-7, "watch")):
        remember(report, tmp_path)
    assert [entry.level for entry in recall(on_day(0), tmp_path)] == ["at_risk", "watch"]


def test_only_earlier_reports_on_the_same_owner_come_back(tmp_path):
    remember(on_day(3), tmp_path)
    remember(
        on_day(-3).model_copy(update={"owner": OwnerOut(name="Bo", addresses=["bo@example.com"], zone="UTC")}), tmp_path
    )
    assert recall(on_day(0), tmp_path) == []


def test_a_report_is_not_its_own_past(tmp_path):
    remember(on_day(0), tmp_path)
    assert recall(on_day(0), tmp_path) == []
    assert len(recall(a_report(as_of=AS_OF + timedelta(seconds=1)), tmp_path)) == 1


def test_it_holds_no_name_and_no_address(tmp_path):
    remember(on_day(0), tmp_path)
    text = (tmp_path / "history.jsonl").read_text()
    assert "@" not in text
    assert not any(word in text for name in (*NAMES, "Ana Lopez") for word in name.split())
    assert "work.ics" not in text


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_only_its_owner_may_read_it(tmp_path):
    remember(on_day(0), tmp_path / "state")
    assert (tmp_path / "state" / "history.jsonl").stat().st_mode & 0o077 == 0


def test_settings_turn_it_off(tmp_path):
    off = Settings.model_validate({"history": {"keep": False}}).to_dict()
    remember(a_report(settings=off), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_damaged_lines_and_those_of_a_later_calsight_are_passed_over(tmp_path):
    remember(on_day(-7), tmp_path)
    path = tmp_path / "history.jsonl"
    good = json.loads(path.read_text())
    lines = [
        "",
        "not json",
        "[]",
        json.dumps(good | {"schema": "calsight.history/2"}),
        json.dumps({"schema": good["schema"]}),
    ]
    path.write_text("\n".join([*lines, path.read_text()]))
    assert len(recall(on_day(0), tmp_path)) == 1


def test_a_folder_that_cannot_be_written_costs_the_history_only(tmp_path):
    (tmp_path / "file").write_text("")
    remember(on_day(0), tmp_path / "file")
    assert recall(on_day(0), tmp_path / "file") == []
