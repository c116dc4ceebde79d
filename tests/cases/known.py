"""Tables of cases with known answers, and which of them do not hold yet."""

from __future__ import annotations

import csv
import shlex
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
NOT_YET = HERE / "not_yet.toml"
_DATES = {"--as-of": "as_of", "--from": "start", "--to": "end"}


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a tab-separated table with a head, nothing quoted."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def options(arguments: str) -> dict[str, Any]:
    """Arguments of the command line as those of `calsight.meetings` and `calsight.analyze`."""
    found: dict[str, Any] = {"me": [], "cache": False, "settings": {}, "corrections": ()}
    words = iter(shlex.split(arguments))
    for name, value in zip(words, words, strict=True):
        if name == "--me":
            found["me"].append(value)
        elif name in _DATES:
            found[_DATES[name]] = date.fromisoformat(value)
        else:
            found[name.removeprefix("--")] = int(value) if name == "--weeks" else value
    return found


def params(kind: str, rows: Sequence[Mapping[str, str]]) -> list[Any]:
    """The rows of a table as parameters of a test, by `expected_failures`."""
    return expected_failures(kind, [(row["id"], row["family"], row) for row in rows])


def expected_failures(kind: str, cases: Sequence[tuple[str, str, Any]]) -> list[Any]:
    """Cases (id, family, and the case) as parameters of a test.

    Those of `not_yet.toml` must fail, so that whoever mends one takes it off the list.
    """
    families = tomllib.loads(NOT_YET.read_text(encoding="utf-8")).get(kind, {})
    not_yet = {
        one: f"{family}: {listed['reason']} (does it hold now? Then take «{one}» off {NOT_YET.name})"
        for family, listed in families.items()
        for one in listed["ids"]
    }
    unknown = not_yet.keys() - {one for one, _, _ in cases}
    assert not unknown, f"{NOT_YET.name} names cases that do not exist: {sorted(unknown)}"
    return [
        pytest.param(
            case,
            id=one if family in one else f"{one}: {family}",
            marks=[pytest.mark.xfail(reason=not_yet[one], strict=True)] if one in not_yet else [],
        )
        for one, family, case in cases
    ]
