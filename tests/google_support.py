"""What the tests about Google share: invented people, and time that passes without waiting."""

from __future__ import annotations

from datetime import UTC, datetime

from calsight.retry import RetryPolicy
from fakes.google import person

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
ME = "ana@example.com"
ANA = person(ME, "Ana", self=True)
BO = person("bo@example.com", "Bo")


class Waits:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    @property
    def policy(self) -> RetryPolicy:
        return RetryPolicy(clock=self.clock, sleep=self.sleep, chance=lambda: 0.5)
