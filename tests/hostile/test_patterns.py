"""No pattern over a stranger's text takes steps that grow faster than the text: each is tried on the texts that it invites.

Patterns are found by reading the source, so that none is forgotten; their steps are counted (`steps.py`), not timed.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from calsight.core.data import load
from calsight.core.judging import conference, mode, title_words, untitled
from calsight.core.people import roles
from hostile.steps import Matcher

ROOT = Path(__file__).parents[2]
#: Signs that are repeated so often, and twice as often.
SIZE = 20
#: So many steps more than twice as many are of the ends of bounded repetitions, whatever the length.
SPARE = 300
_CALLS = ("compile", "sub", "subn", "search", "match", "fullmatch", "findall", "finditer", "split")
Found = dict[str, tuple[re.Pattern[Any], str]]
#: What holds patterns that are made of data.
HOLDERS = {
    "TitleWords": title_words.TitleWords(load("titles")),
    "_LocationWords": mode._LocationWords(load("conference")["location"]),
    "_Words": untitled._Words(load("untitled")),
    "_Vendors": conference._Vendors(load("conference")),
    "_Lists": roles._Lists(load("people")),
}
#: Where patterns are made of something else: of those data, or of words that the owner of the settings wrote.
MADE = {"_any", "_any_of", "_whole_words", "_either", "_wildcards", "_stands_in", *HOLDERS}
#: Those that see what calsight itself wrote, or its owner; each is bounded by that.
OURS = (
    "calsight/cli/",
    "calsight/settings/",
    "calsight/kit/contract.py",
    "calsight/render/html/",
    "calsight/serve/problems.py",
)


@cache
def sources() -> dict[str, str]:
    folders = (ROOT / "calsight", ROOT / "connectors")
    paths = [path for folder in folders for path in folder.rglob("*.py")]
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def namespace(name: str) -> dict[str, Any]:
    module = name.removeprefix("connectors/").removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    return vars(importlib.import_module(module))


@cache
def ways(path: str) -> dict[str, set[str]]:
    """How each name is used in a file, "" for all: the methods that are called on it, "given" where it is handed on."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    text = sources()[path] if path else "\n".join(sources().values())
    for name, way in re.findall(rf"\b(\w+)\.({'|'.join(_CALLS)})\b", text):
        found[name].add(way)
    for name in re.findall(r"[(,]\s*(_\w+|[\w.]*words\.\w+)\s*(?=[,)])", text):
        found[name.rpartition(".")[2]].add("given")
    return found


def usage(name: str, path: str = "") -> str:
    """The least anchored way in which a pattern of that name is used; what begins with `_` is its module's own."""
    used = ways(path).get(name, {"given"})
    return "search" if used - {"match", "fullmatch"} else "match" if "match" in used else "fullmatch"


def calls(tree: ast.AST, within: str = "") -> Iterator[tuple[ast.Call, str]]:
    """The calls of `re`, and the function or class that each stands in."""
    for node in ast.iter_child_nodes(tree):
        inner = node.name if isinstance(node, ast.ClassDef | ast.FunctionDef) and within not in HOLDERS else within
        if isinstance(node, ast.Call) and re.fullmatch(rf"re\.({'|'.join(_CALLS)})", ast.unparse(node.func)):
            yield node, inner
        yield from calls(node, inner)


def held(where: str, values: dict[str, Any]) -> Found:
    path = where if where.endswith(".py") else ""
    return {f"{where} {name}": (one, usage(name, path)) for name, one in values.items() if isinstance(one, re.Pattern)}


@cache
def patterns() -> Found:
    found: Found = {}
    for where, holder in HOLDERS.items():
        found |= held(where, {name: getattr(holder, name) for name in dir(holder) if not name.startswith("__")})
    for path, text in sources().items():
        known = namespace(path) if "re." in text and "__main__" not in path else {}
        found |= held(path, {name: one for name, one in known.items() if name.startswith("_")})
        for call, within in calls(ast.parse(text)) if known else ():
            if not within or within in MADE or path.startswith(OURS):
                continue
            try:
                written = eval(compile(ast.Expression(call.args[0]), path, "eval"), dict(known))
            except NameError:
                raise AssertionError(
                    f"{path}:{call.lineno}: make it a constant of the module, or tell it here"
                ) from None
            given = map(ast.unparse, call.args[1:])
            flags = [getattr(re, each[3:]) for each in given if re.fullmatch(r"re\.[A-Z]+", each)]
            kind = call.func.attr if isinstance(call.func, ast.Attribute) else ""
            one = written if isinstance(written, re.Pattern) else re.compile(written, *flags)
            found[f"{path}:{call.lineno} {within}"] = one, kind if kind in ("match", "fullmatch") else "search"
    return found


def test_steps_grow_with_the_text() -> None:
    tried, failed = 0, []
    for name, (pattern, way) in patterns().items():
        matcher = Matcher(pattern)
        if matcher.endless() and not name.startswith(OURS):
            tried += 1
            more, text = matcher.worst(way, SIZE)
            if more > SPARE:
                failed.append(f"{name}: {way} of {pattern.pattern!r:.200} on {text!r} ({more})")
    assert failed == []
    assert tried > 60


@pytest.mark.parametrize(
    ("pattern", "way", "grows"),
    [
        (r"a+b", "search", True),
        (r"a+b", "match", False),
        (r"(?:a+)+b", "match", True),
        (r"a*a*b", "fullmatch", True),
        (r"(?<!a)a+b", "search", False),
        (r"a++b", "search", True),
        (r"\s*(?:x|y)\s*:", "match", False),
        (r"<[^>]*>", "search", True),
        (r"(?m)^a*b", "search", False),
        (r"(?=.*b)a+", "fullmatch", False),
    ],
)
def test_what_grows_is_noticed(pattern: str, way: str, grows: bool) -> None:
    more, _ = Matcher(re.compile(pattern)).worst(way, SIZE)
    assert (more > SPARE) is grows
