"""What the tests about Google share: invented people, a keyring in memory, and time that passes without waiting."""

from __future__ import annotations

from datetime import UTC, datetime

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from calsight.retry import RetryPolicy
from fakes.google import person

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
ME = "ana@example.com"
ANA = person(ME, "Ana", self=True)
BO = person("bo@example.com", "Bo")


class MemoryKeyring(KeyringBackend):
    """A keyring that ends with the test; nobody's own is ever touched."""

    priority = 5  # type: ignore[assignment]

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")


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
