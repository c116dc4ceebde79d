"""Frozen dataclasses, made quickly where there are very many of them."""

from __future__ import annotations

from dataclasses import field, fields, make_dataclass
from typing import Any


def open_twin(frozen: type[Any]) -> Any:
    """A class with the fields and the layout of a slotted dataclass, that is not frozen.

    A frozen dataclass sets each field through `object.__setattr__`, which is most of what making one costs. Its twin is filled
    directly; an instance then becomes one of `frozen` by its `__class__`, which Python allows where the slots are the same.
    """
    return make_dataclass(
        f"_Open{frozen.__name__}",
        [(each.name, Any, field(default=each.default)) for each in fields(frozen)],
        slots=True,
        eq=False,
        repr=False,
        match_args=False,
    )
