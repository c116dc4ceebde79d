"""The report, and the values that it is made of: what nobody counted is nought."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from calsight.core.model import events, meetings, report
from calsight.core.model.report import HeatCell, Report

#: What stands for one thing where nothing more is said, or for more than nothing; every other number begins at nought.
NOT_NOUGHT = {"Problem.count": 1, "ProblemOut.count": 1}


def numbers_of(module: ModuleType) -> dict[str, float]:
    """Every number that a field of a class of the module begins with."""
    found: dict[str, float] = {}
    for cls in vars(module).values():
        if not isinstance(cls, type) or cls.__module__ != module.__name__:
            continue
        given: dict[str, Any] = {}
        if issubclass(cls, BaseModel):
            given = {name: each.default for name, each in cls.model_fields.items()}
        elif is_dataclass(cls):
            given = {each.name: each.default for each in fields(cls) if each.default is not MISSING}
        found |= {f"{cls.__name__}.{name}": one for name, one in given.items() if type(one) in (int, float)}
    return found


@pytest.mark.parametrize("module", [events, meetings, report])
def test_what_nobody_counted_is_nought(module: ModuleType):
    assert {name: one for name, one in numbers_of(module).items() if one} == {
        name: one for name, one in NOT_NOUGHT.items() if hasattr(module, name.partition(".")[0])
    }


def test_the_numbers_are_looked_at():
    assert len(numbers_of(report)) > 20


@pytest.mark.parametrize(("weekday", "hour"), [(1, 0), (7, 23)])
def test_a_week_has_seven_days_and_a_day_24_hours(weekday: int, hour: int):
    assert HeatCell(weekday=weekday, hour=hour).solo == 0.0


@pytest.mark.parametrize(("weekday", "hour"), [(0, 0), (8, 0), (1, -1), (1, 24)])
def test_it_has_no_more(weekday: int, hour: int):
    with pytest.raises(ValidationError):
        HeatCell(weekday=weekday, hour=hour)


def test_its_json_is_indented_by_two_for_whoever_reads_it():
    assert Report.model_construct(excluded={"declined": 1}).to_json().splitlines()[1].startswith('  "schema"')
