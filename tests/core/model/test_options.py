"""The numbers that hold where nobody says otherwise."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel

from calsight.core.model import events, meetings, options, report
from calsight.core.model.options import Options

PAGE = (Path(__file__).parents[3] / "docs/settings.md").read_text(encoding="utf-8")
SECTIONS = re.findall(r"^## \[(\w+)\]$(.+?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
SAID = [
    (section, key, float(number))
    for section, text in SECTIONS
    for key, number in re.findall(r"^\| `(\w+)` \| `([\d.]+)` \|", text, re.MULTILINE)
]


@pytest.mark.parametrize(("section", "key", "number"), SAID)
def test_a_default_is_what_the_settings_page_says(section: str, key: str, number: float):
    assert getattr(getattr(Options(), section), key) == number


def test_the_page_says_every_number():
    told = {(section, key) for section, key, _ in SAID}
    for part in fields(Options):
        section = getattr(Options(), part.name)
        if is_dataclass(section):
            numbers = {each.name for each in fields(section) if type(getattr(section, each.name)) in (int, float)}
            assert numbers == {key for name, key in told if name == part.name}


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
    assert len(numbers_of(options)) > 20
