"""Writes docs/screens.md anew: what `calsight demo` shows at 80 and at 120 columns.

python docs/make_screens.py
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

AS_OF = "2026-11-22"
WIDTHS = (80, 120)

HEAD = f"""# What it looks like

The screens of `calsight demo --as-of {AS_OF}`, as they are without colour: four invented people, one for each of the four
situations that Ed Evarts describes. Made by `make screens`, and held by a test.
"""


def screen(width: int) -> str:
    """What the demo prints in a terminal of that width."""
    shown = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "calsight", "demo", "--as-of", AS_OF],
        env=os.environ | {"COLUMNS": str(width), "PYTHONIOENCODING": "utf-8", "NO_COLOR": "1"},
        capture_output=True,
        check=True,
    ).stdout.decode()
    return "\n".join(line.rstrip() for line in shown.splitlines())


def page() -> str:
    """The whole page."""
    parts = [f"\n## At {width} columns\n\n```text\n{screen(width)}\n```\n" for width in WIDTHS]
    return HEAD + "".join(parts)


if __name__ == "__main__":
    Path(__file__).with_name("screens.md").write_text(page(), "utf-8", newline="\n")
