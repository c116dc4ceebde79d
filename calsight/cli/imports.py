"""SciPy imported without what it does not use: what a report of a small calendar costs is imports.

`import scipy.special` clones NumPy's namespace (its array-API layer does), which names every submodule once and so imports
them all: f2py with its parsers, testing, random, polynomial … take longer than SciPy itself. In a process of calsight's own,
stand-ins hold their places meanwhile. One that is asked for anything after all imports what it stands for.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

_SUBMODULES = ("char", "core", "ctypeslib", "f2py", "ma", "polynomial", "random", "rec", "strings", "testing")


class _StandIn(ModuleType):
    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self.__name__), name)


class _Watch:
    """A finder of modules that finds none: so it learns when SciPy is about to be imported."""

    def __init__(self) -> None:
        self.stand_ins: dict[str, _StandIn] = {}

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """What Python asks of each finder before it imports a module that is not there yet."""
        if fullname == "scipy.special":
            namespace = vars(import_module("numpy"))
            self.stand_ins = {name: _StandIn(f"numpy.{name}") for name in _SUBMODULES if name not in namespace}
            namespace.update(self.stand_ins)

    def clear(self) -> None:
        """Take the stand-ins out again."""
        for name, stand_in in self.stand_ins.items():
            namespace = vars(sys.modules["numpy"])
            if namespace[name] is stand_in:  # else the submodule itself came
                del namespace[name]


@contextmanager
def quick_scipy() -> Iterator[None]:
    """Inside this block SciPy is imported quickly, if it is imported."""
    watch = _Watch()
    sys.meta_path.insert(0, watch)
    try:
        yield
    finally:
        sys.meta_path.remove(watch)
        watch.clear()
