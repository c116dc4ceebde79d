"""The numbers that hold where nobody says otherwise."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

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
    assert len(told) > 20
