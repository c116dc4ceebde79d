"""How the time is counted that libraries take for one source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

#: Raises where the time is used up.
Check = Callable[[], None]
#: What is done within counts; gives a `Check` to ask in between. `Budget.working` makes them.
Working = Callable[[], AbstractContextManager[Check]]


@contextmanager
def unlimited() -> Iterator[Check]:
    """For whoever sets no limit."""
    yield lambda: None
