"""One retry policy for every connector that speaks to a server.

    retrier = RetryPolicy().begin(cancel)        # one for a whole fetch
    page = retrier(lambda: ask_the_server())     # once a request

The callable raises `Transient` for what may pass (rate limits, 5xx, broken connections); everything else it raises ends the
fetch at once. Waits are the larger of what the server asks for (Retry-After) and exponential back-off with full jitter
(https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). Clock, sleep and chance are injected, so that
tests neither wait nor guess.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from calsight.errors import CancelledError, SourceError
from calsight.protocols import Cancel, Never

_T = TypeVar("_T")
_LOG = logging.getLogger(__name__)

#: How long a wait goes on before `cancel` is looked at again (seconds).
_SLICE = 0.2


class Transient(Exception):  # noqa: N818 - a signal between a connector and this module, never seen by users
    """A failure that may pass. `error` is what the user gets if it does not, `retry_after` what the server asks (seconds)."""

    def __init__(self, error: SourceError, retry_after: float | None = None) -> None:
        super().__init__(type(error).__name__)
        self.error = error
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How patient a fetch is (seconds).

    first     the longest first wait; it doubles with every further failure of the same request
    longest   the longest wait that back-off asks for; a server may ask for more
    deadline  what one fetch may lose in all to failed attempts and to waiting. A wait that would pass it is not begun: the
              fetch ends at once
    chance    a number in [0, 1) for the jitter
    """

    first: float = 1.0
    longest: float = 64.0
    deadline: float = 300.0
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random

    def begin(self, cancel: Cancel | None = None) -> Retrier:
        """The retrier of one fetch; its requests share the deadline."""
        return Retrier(self, cancel or Never())


class Retrier:
    """Calls something until it succeeds, fails for good, runs out of time or is cancelled. Not for several threads at once."""

    def __init__(self, policy: RetryPolicy, cancel: Cancel, outer: Retrier | None = None) -> None:
        self._policy = policy
        self._cancel = cancel
        self._outer = outer
        self._lost = 0.0

    def __call__(self, work: Callable[[], _T]) -> _T:
        """The result of `work`.

        Raises the `error` of the last `Transient` once time has run out, `CancelledError`, and whatever else `work` raises.
        The error raised has no context: what a client library said may hold addresses.
        """
        from tenacity import RetryCallState, Retrying, retry_if_exception_type

        began = 0.0

        def attempt() -> _T:
            nonlocal began
            self._check()
            began = self._policy.clock()
            return work()

        def wait(state: RetryCallState) -> float:
            failure = state.outcome.exception() if state.outcome else None
            return self._wait(state.attempt_number, failure.retry_after if isinstance(failure, Transient) else None)

        def out_of_time(state: RetryCallState) -> bool:
            lost = (self._policy.clock() - began) + state.upcoming_sleep
            if self._lost + lost > self._policy.deadline:
                return True
            self._lose(lost)
            return False

        retrying = Retrying(
            retry=retry_if_exception_type(Transient), wait=wait, stop=out_of_time, sleep=self._sleep, reraise=True
        )
        try:
            return retrying(attempt)
        except Transient as failure:
            error = failure.error
        raise error

    def within(self, deadline: float) -> Retrier:
        """Another one, for what is not worth more than `deadline` seconds; what it loses is lost to this one, too."""
        left = max(0.0, self._policy.deadline - self._lost)
        return Retrier(replace(self._policy, deadline=min(deadline, left)), self._cancel, self)

    def _lose(self, seconds: float) -> None:
        self._lost += seconds
        if self._outer is not None:
            self._outer._lose(seconds)

    def _wait(self, attempt: int, asked: float | None) -> float:
        ceiling = min(self._policy.longest, self._policy.first * 2.0 ** min(attempt - 1, 32))
        return max(asked or 0.0, self._policy.chance() * ceiling)

    def _sleep(self, seconds: float) -> None:
        _LOG.info("Waiting %.1f s before trying again.", seconds)
        remaining = seconds
        while remaining > 0:
            self._check()
            self._policy.sleep(min(_SLICE, remaining))
            remaining -= _SLICE

    def _check(self) -> None:
        if self._cancel.is_set():
            raise CancelledError("Cancelled.")
