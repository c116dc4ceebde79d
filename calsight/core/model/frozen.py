"""Frozen dataclasses, made quickly where there are very many of them."""

from __future__ import annotations

from dataclasses import field, fields, make_dataclass
from typing import Any


def quick_maker(frozen: type[Any]) -> Any:
    """What makes instances of a slotted frozen dataclass from its constructor's arguments, several times faster.

    A frozen dataclass sets each field through `object.__setattr__`, which is most of what making one costs. A twin with the
    same layout is filled directly; it then becomes an instance by its `__class__`, which Python allows where the slots are the
    same.
    """

    def freeze(self: Any) -> None:
        self.__class__ = frozen

    return make_dataclass(
        f"_Open{frozen.__name__}",
        [(each.name, Any, field(default=each.default)) for each in fields(frozen)],
        namespace={"__post_init__": freeze},
        slots=True,
        eq=False,
        repr=False,
        match_args=False,
    )
