"""The shared retry policy: what is waited for, and when it gives up."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.errors import CancelledError, NotSignedInError, RateLimitedError, ServerTroubleError
from calsight.kit.retry import RetryPolicy, Transient


class Time:
    """A clock that moves when someone sleeps."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds
        self.slept += seconds

    def policy(self, *, chance: float = 0.5, **changes: float) -> RetryPolicy:
        return RetryPolicy(clock=self.clock, sleep=self.sleep, chance=lambda: chance, **changes)


def failing(*failures: Exception, then: str = "page") -> Callable[[], str]:
    """Work that fails so often and succeeds after that."""
    left: Iterator[Exception] = iter(failures)

    def work() -> str:
        for failure in left:
            raise failure
        return then

    return work


def trouble(retry_after: float | None = None) -> Transient:
    return Transient(ServerTroubleError("The server failed."), retry_after)


def test_what_succeeds_is_not_waited_for() -> None:
    time = Time()
    assert time.policy().begin()(failing()) == "page"
    assert time.slept == 0


def test_waits_double_within_full_jitter() -> None:
    time = Time()
    assert time.policy(chance=0.5).begin()(failing(trouble(), trouble(), trouble())) == "page"
    assert time.slept == pytest.approx(0.5 * (1 + 2 + 4))


def test_back_off_has_a_ceiling() -> None:
    time = Time()
    time.policy(chance=1.0, longest=5, deadline=1000).begin()(failing(*[trouble()] * 6))
    assert time.slept == pytest.approx(1 + 2 + 4 + 5 + 5 + 5)


def test_the_server_may_ask_for_more_but_not_for_less() -> None:
    time = Time()
    time.policy(chance=0.5).begin()(failing(trouble(retry_after=30), trouble(retry_after=0.1)))
    assert time.slept == pytest.approx(30 + 0.5 * 2)


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    time = Time()
    limited = RateLimitedError("Ask again in 2 hours.")
    with pytest.raises(RateLimitedError, match="2 hours") as caught:
        time.policy(deadline=300).begin()(failing(Transient(limited, retry_after=7200)))
    assert time.slept == 0
    assert caught.value is limited
    assert caught.value.__context__ is None


def test_the_deadline_is_one_for_all_requests_of_a_fetch() -> None:
    time = Time()
    fetch = time.policy(deadline=50).begin()
    fetch(failing(trouble(retry_after=30)))
    time.now += 10_000  # a long but healthy fetch loses nothing
    with pytest.raises(ServerTroubleError):
        fetch(failing(trouble(retry_after=30)))
    assert time.slept == pytest.approx(30)


def test_what_is_not_worth_waiting_has_a_deadline_of_its_own() -> None:
    time, cancel = Time(), Event()
    fetch = time.policy(deadline=300).begin(cancel)
    with pytest.raises(ServerTroubleError):
        fetch.within(60)(failing(trouble(retry_after=50), trouble(retry_after=50)))
    assert time.slept == pytest.approx(50)
    assert fetch(failing(trouble(retry_after=240))) == "page"
    with pytest.raises(ServerTroubleError):  # what was lost above is lost to the whole
        fetch.within(60)(failing(trouble(retry_after=20)))
    cancel.set()
    with pytest.raises(CancelledError):
        fetch.within(10)(failing())


def test_the_time_that_failing_takes_counts_too() -> None:
    time = Time()

    def slow() -> str:
        time.now += 200  # a request that hangs until its timeout
        raise trouble()

    with pytest.raises(ServerTroubleError):
        time.policy(deadline=300).begin()(slow)
    assert time.now - 1000 < 500


def test_other_errors_end_it_at_once() -> None:
    time = Time()
    with pytest.raises(NotSignedInError):
        time.policy().begin()(failing(NotSignedInError("Sign in first.")))
    assert time.slept == 0


def test_cancel_is_seen_in_the_middle_of_a_wait() -> None:
    time, cancel = Time(), Event()

    def sleep(seconds: float) -> None:
        time.sleep(seconds)
        if time.slept > 5:
            cancel.set()

    policy = RetryPolicy(clock=time.clock, sleep=sleep, chance=lambda: 0.5)
    with pytest.raises(CancelledError):
        policy.begin(cancel)(failing(trouble(retry_after=60)))
    assert time.slept < 6


def test_a_cancelled_fetch_asks_nothing() -> None:
    cancel = Event()
    cancel.set()
    with pytest.raises(CancelledError):
        Time().policy().begin(cancel)(failing(NotSignedInError("never reached")))


def test_the_log_says_how_long_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    Time().policy().begin()(failing(Transient(ServerTroubleError("secret"), 3)))
    assert [record.getMessage() for record in caplog.records] == ["Waiting 3.0 s before trying again."]


@given(
    waits=st.lists(st.none() | st.floats(0, 400), max_size=12),
    chance=st.floats(0, 1, exclude_max=True),
    deadline=st.floats(0, 600),
)
def test_never_more_than_the_deadline_is_lost(waits: list[float | None], chance: float, deadline: float) -> None:
    time = Time()
    fetch = time.policy(chance=chance, deadline=deadline).begin()
    try:
        assert fetch(failing(*map(trouble, waits))) == "page"
        assert time.slept >= sum(wait or 0 for wait in waits) - 1e-6
    except ServerTroubleError:
        pass
    assert time.slept <= deadline + 1e-6
