"""Pydantic's findings about settings as sentences: the key, the fault and, for an unknown key, the nearest right one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from difflib import get_close_matches
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from calsight.core.model.options import WorkingPeriod

_WANTED = {
    "string": 'text in quotes, such as "example"',
    "float": "a number",
    "int": "a whole number",
    "bool": "true or false",
    "tuple": 'a list, such as ["one", "two"]',
    "date": "a date, such as 2026-12-24",
    "dict": "a table of names and values",
    "mapping": "a table of names and values",
    "dataclass": "a table of names and values",
    "model": "a table of names and values",
}


def sentences(error: ValidationError, keys: Sequence[str]) -> list[str]:
    """One sentence for each finding; `keys` are all the right keys, dotted."""
    return list(dict.fromkeys(_sentence(detail, keys) for detail in error.errors()))


def _sentence(detail: ErrorDetails, keys: Sequence[str]) -> str:
    """One plain sentence for one of pydantic's findings."""
    location = [str(part) for part in detail["loc"] if isinstance(part, str) and part != "[key]"]
    key, kind = ".".join(location), detail["type"]
    if kind in {"extra_forbidden", "unexpected_keyword_argument"}:
        return _unknown_key(location, keys)
    if kind == "literal_error":
        return f"{key}: must be {detail['ctx']['expected']}, not {_shown(key, detail['input'])}."
    if key == "work.periods" and kind.startswith("tuple"):
        return "work.periods: write each period as a table of its own, headed [[work.periods]]."
    for start, wanted in _WANTED.items():
        if kind.startswith(start):
            return f"{key}: must be {wanted}, not {_shown(key, detail['input'])}."
    return f"{key}: {detail['msg']}."


def _shown(key: str, value: Any) -> str:
    """A wrong value as its author wrote it, where that is short and no secret."""
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list | tuple):
        return "a list"
    return "this" if key.startswith("connectors") else json.dumps(value, default=str, ensure_ascii=False)


def _unknown_key(location: list[str], keys: Sequence[str]) -> str:
    *home, wrong = location
    if home[:2] == ["work", "periods"]:
        right = {option.name for option in fields(WorkingPeriod)}
        near = [f"work.periods.{name}" for name in get_close_matches(wrong, right, n=1)]
    else:
        near = _nearest(home, wrong, keys)
    meant = f" Did you mean {near[0]}?" if near else " `calsight settings` lists all there are."
    return f"{'.'.join(location)}: there is no such setting.{meant}"


def _nearest(home: list[str], wrong: str, keys: Sequence[str]) -> list[str]:
    """The likeliest right key: of the same section, of that name in another section, or a section."""
    if home:
        siblings = [key.partition(".")[2] for key in keys if key.startswith(f"{home[0]}.")]
        if near := get_close_matches(wrong, siblings, n=1):
            return [f"{home[0]}.{near[0]}"]
    elsewhere = [key for key in keys if key.partition(".")[2] == wrong]
    return elsewhere or get_close_matches(wrong, sorted({key.partition(".")[0] for key in keys} | {"connectors"}), n=1)
