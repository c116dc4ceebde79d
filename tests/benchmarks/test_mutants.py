"""What docs/testing.md says of the mutants of core is about the core that there is. (The mutants: `make mutants`.)"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORE = ROOT / "calsight/core"
PAGE = (ROOT / "docs/testing.md").read_text(encoding="utf-8")


def test_every_room_has_its_score() -> None:
    """Of all mutants so many are killed, so many argued, so many live and so many have not been tried."""
    rows = re.findall(r"^\| `(\w+)` " + r"\| (\d+) " * 5 + r"\|$", PAGE, re.MULTILINE)
    rooms = {path.parent.name for path in CORE.glob("*/*.py") if path.name != "__init__.py"}
    assert {room for room, *_ in rows} == rooms
    for room, *numbers in rows:
        made, *parts = map(int, numbers)
        assert made == sum(parts), room


def test_every_line_that_is_argued_is_there() -> None:
    rows = re.findall(r"^\| `(\S+\.py)` \| `(.+?)` \| `.+` \|$", PAGE, re.MULTILINE)
    assert rows
    for module, line in rows:
        lines = (CORE / module).read_text(encoding="utf-8").splitlines()
        assert line.replace(r"\|", "|") in map(str.strip, lines), f"{module}: {line}"
