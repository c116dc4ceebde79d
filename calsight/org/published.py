"""What was said before, so that two reports cannot be subtracted: who was in each cell, as salted hashes, on this machine.

If a group grew by one to four people, the difference of two reports would tell of these alone: they wait until there are five.
If one to four left, and the same weeks are told again, the group is not told at all. Nor is one told by which, with the groups
of another cut that were told of the same weeks, one to four would be left over: a division less its teams.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from calsight.kit.files import PRIVATE, write_whole
from calsight.kit.texts import read_json

_FILE = "published.json"
_BYTES = 8


@dataclass(slots=True)
class Published:
    """The cells that were said, by name: who was in them, and of which weeks."""

    salt: bytes
    cells: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> Published:
        """What a folder remembers; nothing yet where it is new, or where that cannot be read."""
        try:
            found = read_json((folder / _FILE).read_text(encoding="utf-8"))
            cells = {
                name: {
                    "span": str(cell["span"]),
                    "cut": str(cell.get("cut", "")),
                    "members": [*map(str, cell["members"])],
                }
                for name, cell in found["cells"].items()
            }
            return cls(bytes.fromhex(found["salt"]), cells)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls(os.urandom(16))

    def write(self, folder: Path) -> None:
        """Remember it for the next report. Raises `OSError`."""
        folder.mkdir(parents=True, exist_ok=True)
        content = json.dumps({"salt": self.salt.hex(), "cells": self.cells})
        write_whole(folder / _FILE, content.encode(), mode=PRIVATE)

    def members(self, cell: str, people: Sequence[int], span: str, least: int) -> list[bool]:
        """Which of these people the cell may be told of now; none where the difference to before would tell of a few."""
        before = self.cells.get(self._name(cell))
        if before is None:
            return [True] * len(people)
        marks = self.marks(people)
        known = set(before["members"])
        joined = [mark not in known for mark in marks]
        left = len(known - set(marks))
        if 0 < left < least and before["span"] == span:
            return [False] * len(people)
        if 0 < sum(joined) < least:
            return [not new for new in joined]
        return [True] * len(people)

    def gives_away(self, cells: Mapping[int, frozenset[str]], span: str, least: int) -> int | None:
        """Which of these cells of one cut, by number, leaves a few people over beside those that were told by another.

        Either cells of now lie in one of then, and together lack a few of it, or the other way round. None: none does.
        """
        told: dict[str, list[frozenset[str]]] = {}
        for known in self.cells.values():
            if known["span"] == span:
                told.setdefault(known["cut"], []).append(frozenset(known["members"]))
        for then in told.values():
            for whole in then:
                parts = [place for place, mine in cells.items() if mine <= whole]
                if 0 < len(whole) - sum(len(cells[place]) for place in parts) < least:
                    return min(parts, key=lambda place: (len(cells[place]), place))
            for place, mine in cells.items():
                if 0 < len(mine) - sum(len(part) for part in then if part <= mine) < least:
                    return place
        return None

    def note(self, cell: str, people: Iterable[int], span: str, *, cut: str) -> None:
        """Remember of whom a cell was told. `cut` says by what groups were made, and parts people."""
        members = sorted(self.marks(people))
        self.cells[self._name(cell)] = {"span": span, "cut": self._name(cut), "members": members}

    def _name(self, cell: str) -> str:
        return hashlib.blake2b(cell.encode(), digest_size=12, key=self.salt).hexdigest()

    def marks(self, people: Iterable[int]) -> list[str]:
        """What is remembered of these people: a salted hash of each."""
        salt = self.salt
        return [hashlib.blake2b(str(person).encode(), digest_size=_BYTES, key=salt).hexdigest() for person in people]
