"""How many requests Graph takes at once."""

from __future__ import annotations

import threading

#: https://learn.microsoft.com/graph/throttling-limits: four requests at once for an app and a mailbox.
_AT_ONCE = 4


class Places:
    """Four places for requests of each mailbox, for all threads that read through one connector."""

    def __init__(self) -> None:
        self._known: dict[str, threading.BoundedSemaphore] = {}
        self._lock = threading.Lock()

    def of(self, mailbox: str) -> threading.BoundedSemaphore:
        """Those of a mailbox; whoever asks it takes one meanwhile."""
        with self._lock:
            return self._known.setdefault(mailbox, threading.BoundedSemaphore(_AT_ONCE))
