"""Servers that send a byte now and then never run into a timeout of a socket's: what an answer may take in all.

deadline = time.monotonic() + 600
response = answered_by(deadline, partial(session.get, address, stream=True, timeout=30))
with hung_up_at(deadline, response):
    content = response.content
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import requests


def answered_by(
    deadline: float,
    ask: Callable[[], requests.Response],
    close: Callable[[requests.Response], None] = lambda late: late.close(),
) -> requests.Response:
    """What `ask` gives, if its headers are there by `deadline` (of `time.monotonic`); `close` ends one that comes too late.

    Raises `requests.exceptions.Timeout`, and what `ask` raises.
    """
    import requests

    answers: queue.SimpleQueue[requests.Response | BaseException] = queue.SimpleQueue()
    given_up = threading.Event()

    def close_late() -> None:
        """Leave no connection behind of an answer for which nobody waits any more."""
        if given_up.is_set():
            with suppress(queue.Empty):
                late = answers.get_nowait()
                if not isinstance(late, BaseException):
                    close(late)

    def run() -> None:
        try:
            answers.put(ask())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            answers.put(error)
        close_late()

    threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()
    try:
        answer = answers.get(timeout=max(0.001, deadline - time.monotonic()))
    except queue.Empty:
        given_up.set()
        close_late()  # it may have come just now
        raise requests.exceptions.Timeout from None
    if isinstance(answer, BaseException):
        raise answer
    return answer


@contextmanager
def hung_up_at(deadline: float, response: requests.Response) -> Iterator[None]:
    """Break the connection at the deadline, whatever is being read of it."""

    def hang_up() -> None:
        with suppress(ValueError, OSError):  # an answer from the disk has no connection
            response.raw.shutdown()

    timer = threading.Timer(max(0.0, deadline - time.monotonic()), hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
