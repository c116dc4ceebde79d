"""Python's collector of cyclic garbage, put off while very many objects are made that are no garbage."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


def uncollected(make: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """`make`, during which nothing is collected.

    Events refer to nothing that refers to them; but their number makes the collector walk over all of them again and again,
    which takes an eighth of the time in which they are read. Calls should be short: other threads collect nothing either.
    """

    @wraps(make)
    def quietly(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        if not gc.isenabled():
            return make(*args, **kwargs)
        gc.disable()
        try:
            return make(*args, **kwargs)
        finally:
            gc.enable()

    return quietly
