"""What a mutant changes in a process that has imported its module: bodies of functions, or a constant that they ask for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import TypeAlias

from plan import Mutant

_RUNS = 2  # CO_NEWLOCALS: the code of a function, not of a module or a class


def _changed(old: CodeType, new: CodeType) -> list[tuple[CodeType, CodeType]] | None:
    """The functions whose bodies differ, outermost first found; None where what runs at import differs."""
    if old == new:
        return []
    if old.co_flags & _RUNS:
        return [(old, new)]
    inner = [[one for one in code.co_consts if isinstance(one, CodeType)] for code in (old, new)]
    outer = [[one for one in code.co_consts if not isinstance(one, CodeType)] for code in (old, new)]
    if (old.co_code, repr(outer[0]), old.co_names) != (new.co_code, repr(outer[1]), new.co_names):
        return None
    if len(inner[0]) != len(inner[1]):
        return None
    found = []
    for pair in zip(*inner, strict=True):
        below = _changed(*pair)
        if below is None:
            return None
        found += below
    return found


def compiled(source: str, path: str) -> CodeType:
    return compile(source, path, "exec", dont_inherit=True)


def bodies(source: str, mutant: Mutant) -> list[tuple[CodeType, CodeType]] | None:
    """The functions that a mutant changes, as they are and as they become; None where it changes what runs at import."""
    path = str(Path(mutant.module).resolve())
    return _changed(compiled(source, path), compiled(mutant.code, path))


@dataclass(frozen=True, slots=True)
class Constant:
    """A number of a module that only its own functions ask for, when they run: `name` becomes `value`, an expression."""

    module: str
    name: str
    value: str


def constant(mutant: Mutant) -> Constant | None:
    """The private constant that a mutant changes; None where it is something else, or needed before functions run."""
    tree = ast.parse(mutant.code)
    changed = next((one for one in tree.body if one.lineno <= mutant.line <= (one.end_lineno or 0)), None)
    match changed:
        case (
            ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=value)
        ):
            early = (one for part in tree.body for one in _at_import(part))
            if (
                value
                and name.startswith("_")
                and not any(
                    isinstance(one, ast.Name) and one.id == name and isinstance(one.ctx, ast.Load) for one in early
                )
            ):
                return Constant(mutant.module.removesuffix(".py").replace("/", "."), name, ast.unparse(value))
    return None


def _at_import(node: ast.AST) -> Iterator[ast.AST]:
    """All of a statement that runs when its module is imported."""
    yield node
    for name, part in ast.iter_fields(node):
        if isinstance(node, ast.FunctionDef | ast.Lambda) and name == "body":
            continue
        for one in part if isinstance(part, list) else [part]:
            if isinstance(one, ast.AST):
                yield from _at_import(one)


Changes: TypeAlias = "list[tuple[CodeType, CodeType]] | Constant"
