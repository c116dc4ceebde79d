"""How many steps a regular expression takes on a text, counted, so that its growth shows without a clock.

A plain backtracking matcher over Python's own parse tree, as `re` is one; what `re` does faster by a constant it does slower.
A bounded repetition (`{5,22}`) is linear whatever its bound: it is taken to be of ten at most, so that short texts show growth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_BOUND = 10
#: Enough to know.
_MOST = 50_000
_ONE_SIGN = (codes.LITERAL, codes.NOT_LITERAL, codes.ANY, codes.IN)
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_SIGNS = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_NOT_DIGIT: "x",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_SPACE: "x",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_WORD: "-",
}
Nodes = Any


class _EnoughError(Exception):
    """More steps than any text of this length should take."""


class Matcher:
    """A pattern whose steps are counted in `steps`."""

    def __init__(self, pattern: re.Pattern[str] | re.Pattern[bytes]) -> None:
        written = pattern.pattern
        self.flags = pattern.flags
        self.tree: Nodes = parser.parse(written if isinstance(written, str) else written.decode("latin-1"), self.flags)
        self.steps = 0
        self.text = ""
        self._known: dict[tuple[int, str], bool] = {}
        self._viable: dict[tuple[int, str], list[Nodes]] = {}
        self._groups: dict[int, str] = {}

    def count(self, text: str, mode: str) -> int:
        """The steps of `match`, `fullmatch` or of all that `finditer` finds."""
        self.text, self.steps = text, 0
        with suppress(_EnoughError):
            self._run(text, mode)
        return self.steps

    def _run(self, text: str, mode: str) -> None:
        if mode == "fullmatch":
            any(end == len(text) for end in self._at(self.tree, 0, 0))
        elif mode == "match":
            next(self._at(self.tree, 0, 0), None)
        else:
            at = 0
            while at <= len(text):
                end = next(self._at(self.tree, 0, at), None)
                at = at + 1 if end is None else max(end, at + 1)

    def _at(self, nodes: Nodes, number: int, at: int) -> Iterator[int]:
        """Where the nodes from that number on may end, the preferred end first."""
        if number == len(nodes):
            yield at
            return
        for end in self._ends(nodes[number], at):
            yield from self._at(nodes, number + 1, end)

    def _ends(self, node: Nodes, at: int) -> Iterator[int]:
        self.steps += 1
        if self.steps > _MOST:
            raise _EnoughError
        kind, value = node
        if kind in _ONE_SIGN:
            if at < len(self.text) and self.takes(node, self.text[at]):
                yield at + 1
        elif kind in _REPEATS:
            yield from self._repeated(kind, value, at)
        elif kind is codes.BRANCH:
            for branch in self._branches(value[1], self.text[at : at + 1]):
                yield from self._at(branch, 0, at)
        elif kind is codes.SUBPATTERN:
            for end in self._at(value[3], 0, at):
                if value[0] is not None:
                    self._groups[value[0]] = self.text[at:end]
                yield end
        elif kind is codes.ATOMIC_GROUP:
            yield from list(self._first(value, at))
        elif kind in (codes.ASSERT, codes.ASSERT_NOT):
            if self._stands(value, at) is (kind is codes.ASSERT):
                yield at
        elif kind is codes.GROUPREF:
            if self.text.startswith(self._groups.get(value, "\0"), at):
                yield at + len(self._groups[value])
        elif kind is codes.AT:
            if self._is_there(value, at):
                yield at
        else:
            raise NotImplementedError(kind)

    def _first(self, nodes: Nodes, at: int) -> Iterator[int]:
        end = next(self._at(nodes, 0, at), None)
        if end is not None:
            yield end

    def _stands(self, assertion: Nodes, at: int) -> bool:
        direction, nodes = assertion
        start = at if direction > 0 else at - nodes.getwidth()[0]
        return start >= 0 and any(direction > 0 or end == at for end in self._at(nodes, 0, start))

    def _repeated(self, kind: Any, value: Nodes, at: int) -> Iterator[int]:
        least, most, nodes = value
        least, most = min(least, _BOUND), most if most is codes.MAXREPEAT else min(most, _BOUND)
        if kind is codes.POSSESSIVE_REPEAT:
            times = 0
            while times < most and (end := next(self._at(nodes, 0, at), at)) > at:
                at, times = end, times + 1
            if times >= least:
                yield at
        elif len(nodes) == 1 and nodes[0][0] in _ONE_SIGN:
            stop = at
            while stop < len(self.text) and stop - at < most and self.takes(nodes[0], self.text[stop]):
                stop += 1
                self.steps += 1
            ends = range(at + least, stop + 1)
            for end in ends if kind is codes.MIN_REPEAT else reversed(ends):
                self.steps += 1
                yield end
        else:
            yield from self._again(kind, nodes, least, most, at)

    def _again(self, kind: Any, nodes: Nodes, least: int, most: int, at: int) -> Iterator[int]:
        if kind is codes.MIN_REPEAT and least <= 0:
            yield at
        if most > 0:
            for end in self._at(nodes, 0, at):
                if end > at or least > 0:
                    yield from self._again(kind, nodes, least - 1, most - 1, end)
        if kind is codes.MAX_REPEAT and least <= 0:
            yield at

    def _branches(self, branches: Nodes, sign: str) -> list[Nodes]:
        """Those that the next sign does not tell not to match; `re` looks at that sign first, too."""
        key = id(branches), sign
        if key not in self._viable:
            self._viable[key] = [branch for branch in branches if self._may_begin(branch, sign)]
        return self._viable[key]

    def _may_begin(self, nodes: Nodes, sign: str) -> bool:
        while len(nodes) and nodes[0][0] is codes.SUBPATTERN:
            nodes = nodes[0][1][3]
        if not len(nodes) or nodes[0][0] not in _ONE_SIGN:
            return True
        return bool(sign) and self.takes(nodes[0], sign)

    def takes(self, node: Nodes, sign: str) -> bool:
        """Whether a node of one sign takes this one."""
        key = id(node), sign
        if key not in self._known:
            cases = {sign, sign.lower(), sign.upper()} if self.flags & re.IGNORECASE else {sign}
            kind, value = node
            if kind is codes.ANY:
                taken = sign != "\n" or bool(self.flags & re.DOTALL)
            elif kind is codes.IN:
                taken = any(map(self._in(value).__contains__, cases))
                taken = taken is not (value[0][0] is codes.NEGATE)
            else:
                taken = (chr(value) in cases) is (kind is codes.LITERAL)
            self._known[key] = taken
        return self._known[key]

    def _in(self, items: Nodes) -> Any:
        class Set:
            def __contains__(_, sign: object) -> bool:  # noqa: N805
                return any(_item_takes(item, str(sign)) for item in items)

        return Set()

    def _is_there(self, place: Any, at: int) -> bool:
        text, lines = self.text, bool(self.flags & re.MULTILINE)
        if place in (codes.AT_BEGINNING, codes.AT_BEGINNING_STRING):
            return at == 0 or (lines and place is codes.AT_BEGINNING and text[at - 1] == "\n")
        if place in (codes.AT_END, codes.AT_END_STRING):
            return at == len(text) or (text[at] == "\n" and (lines or at == len(text) - 1) and place is codes.AT_END)
        before, after = (0 <= one < len(text) and _is_word(text[one]) for one in (at - 1, at))
        return (before != after) is (place is codes.AT_BOUNDARY)

    # --- texts ----------------------------------------------------------------------------------------------------

    def endless(self) -> list[tuple[str, Nodes]]:
        """Each repetition without a bound: what may stand before it, and what is repeated."""
        return [*_endless(self.tree, "")]

    def pumps(self, repeated: Nodes) -> list[str]:
        """What may be repeated there, of the signs that the pattern itself speaks of."""
        signs = [*dict.fromkeys([*_signs(repeated), *_signs(self.tree), "a", " ", "1"])]
        if len(repeated) == 1 and repeated[0][0] in _ONE_SIGN:
            signs = [sign for sign in signs if self.takes(repeated[0], sign)]
        pairs = map("".join, product(signs[:3], repeat=2))
        return [*dict.fromkeys([_example(repeated) or "a", *signs[:4], *pairs])]

    def worst(self, mode: str, size: int) -> tuple[int, str]:
        """By how many steps twice the text takes more than twice as many, and the text."""
        found = (0, "")
        for before, repeated in self.endless():
            for start, pump in product(
                dict.fromkeys([before, before if mode != "search" else ""]), self.pumps(repeated)
            ):
                once, twice = (self.count(start + pump * (size * times) + "\x01", mode) for times in (1, 2))
                found = max(found, (_MOST if twice > _MOST else twice - 2 * once, f"{start}|{pump}"))
        return found


def _is_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


def _item_takes(item: Nodes, sign: str) -> bool:
    kind, value = item
    if kind is codes.LITERAL:
        return ord(sign) == value
    if kind is codes.RANGE:
        return bool(value[0] <= ord(sign) <= value[1])
    if kind is codes.CATEGORY:
        name = str(value)
        taken = sign.isdigit() if "DIGIT" in name else sign.isspace() if "SPACE" in name else _is_word(sign)
        return taken is not ("NOT" in name)
    return False


def _endless(nodes: Nodes, before: str) -> Iterator[tuple[str, Nodes]]:
    for node in nodes:
        kind, value = node
        if kind in _REPEATS and value[1] is codes.MAXREPEAT:
            yield before, value[2]
        for inner in _inside(node):
            yield from _endless(inner, before)
        before += _example([node])


def _inside(node: Nodes) -> list[Nodes]:
    kind, value = node
    if kind in _REPEATS:
        return [value[2]]
    if kind is codes.BRANCH:
        return list(value[1])
    if kind is codes.SUBPATTERN:
        return [value[3]]
    if kind is codes.ATOMIC_GROUP:
        return [value]
    return [value[1]] if kind in (codes.ASSERT, codes.ASSERT_NOT) else []


def _signs(nodes: Nodes) -> Iterator[str]:
    """The signs that a pattern speaks of, one or a few of each set."""
    for node in nodes:
        kind, value = node
        if kind is codes.LITERAL:
            yield chr(value)
        elif kind is codes.IN:
            yield from (sign for item in value[:8] if (sign := _sign_of(item)))
        for inner in _inside(node):
            yield from _signs(inner)


def _sign_of(item: Nodes) -> str:
    kind, value = item
    if kind is codes.LITERAL:
        return chr(value)
    return chr(value[0]) if kind is codes.RANGE else _SIGNS.get(value, "") if kind is codes.CATEGORY else ""


def _example(nodes: Nodes) -> str:
    """The shortest that the nodes may match, as far as that is easily told."""
    found = ""
    for kind, value in nodes:
        if kind is codes.LITERAL:
            found += chr(value)
        elif kind is codes.IN:
            found += "x" if value[0][0] is codes.NEGATE else _sign_of(value[0])
        elif kind in (codes.ANY, codes.NOT_LITERAL):
            found += "x"
        elif kind is codes.BRANCH:
            found += min(map(_example, value[1]), key=len)
        elif kind is codes.SUBPATTERN:
            found += _example(value[3])
        elif kind in _REPEATS:
            found += _example(value[2]) * min(value[0], _BOUND)
    return found
