"""How much a server takes on before it says no."""

from __future__ import annotations

import os
from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost.

    body       bytes of an upload
    upload     seconds in which it must be there
    work       seconds in which it must be read and judged; a worker that takes longer is ended
    workers    processes that read and judge; 0: threads of this process, where it cannot have others
    waiting    requests that may wait for one of them; more are told to come again
    memory     bytes of address space of a worker, where the system can hold it to that; 0: no limit
    files      calendars in one upload
    """

    body: int = 25 * MEGABYTE
    upload: float = 30.0
    work: float = 60.0
    workers: int = min(4, os.cpu_count() or 1)
    waiting: int = 32
    memory: int = 2048 * MEGABYTE
    files: int = 8
