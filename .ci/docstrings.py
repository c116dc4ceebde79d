"""For the site's page of reference: what docstrings set out in columns (a field, and what it is) becomes a list."""

from __future__ import annotations

import re
from typing import Any

import griffe

_FIELD = re.compile(r"(\w+(?:, \w+)*) {2,}(\S.*)")


def as_list(text: str) -> str:
    """The text with each line of two columns as an item, and what is indented below it joined to that."""
    out: list[str] = []
    inside = False
    for line in text.split("\n"):
        if found := _FIELD.fullmatch(line):
            out += [] if inside or not out or not out[-1] else [""]
            out.append(f"- `{found[1]}`: {found[2]}")
            inside = True
        elif inside and line.startswith("  "):
            out[-1] += f" {line.strip()}"
        else:
            inside = False
            out.append(line)
    return "\n".join(out)


class Columns(griffe.Extension):
    """Hands mkdocstrings the docstrings so."""

    def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
        """Each class and function, once it is read."""
        if obj.docstring is not None:
            obj.docstring.value = as_list(obj.docstring.value)
