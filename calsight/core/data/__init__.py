"""Lists and patterns that ship with calsight, as TOML files beside this module: words are data, not code.

Each file says in its head what it holds and how it is matched. The settings add to the lists and never replace them.
"""

from __future__ import annotations

from functools import cache
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """The tables of `name`.toml. Read once; treat it as constant."""
    import tomllib
    from importlib.resources import files

    return tomllib.loads((files(__name__) / f"{name}.toml").read_text("utf-8"))


def lowered(text: str) -> str:
    """A text as patterns in small letters want it: to compile and to match them without case takes longer.

    The one capital whose small form is two signs, Turkish "İ", is an "i".
    """
    return text.replace("İ", "i").lower()
