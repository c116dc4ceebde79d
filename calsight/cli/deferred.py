"""Parts of NumPy that nobody here uses, imported when somebody does: what a report of a small calendar costs is imports.

`import scipy.special` names every part of NumPy once (its array-API layer copies the namespace), and so imports them all: f2py
with its Fortran parser, testing, random … take longer than SciPy itself. `importlib.util.LazyLoader` is the standard library's
answer: the parts are there, as themselves, and their code runs when one of them is first asked for anything.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import LazyLoader, find_spec, module_from_spec

_PARTS = ("f2py", "ma", "random", "testing")


def defer_parts_of_numpy() -> None:
    """Import NumPy, and the parts of it that take long and are seldom used only when they are used."""
    numpy = import_module("numpy")
    for part in _PARTS:
        name = f"numpy.{part}"
        spec = None if name in sys.modules else find_spec(name)
        if spec is None or spec.loader is None:
            continue  # imported already, or gone from NumPy
        spec.loader = LazyLoader(spec.loader)
        module = sys.modules[name] = module_from_spec(spec)
        spec.loader.exec_module(module)
        setattr(numpy, part, module)
