"""msal's token cache, kept where calsight keeps sign-ins, and shared by several processes.

`msal-extensions` reloads it before each change and holds a lock until it is written, so that no process loses what another
wrote. What it writes to is calsight's own keeping of sign-ins: the keyring, or the file that the user asked for (mode 0600,
replaced as a whole, so that a killed process leaves no half of it).
"""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path
from typing import Any

from msal import SerializableTokenCache
from msal_extensions import PersistedTokenCache
from msal_extensions.persistence import BasePersistence, PersistenceNotFound
from msal_extensions.token_cache import LockError

from calsight.kit.files import private_folder
from calsight.kit.signins import SignIns

_LOCK = "outlook.lock"
_TURNS = 5


class _Kept(BasePersistence):
    """A sign-in as msal-extensions sees it."""

    def __init__(self, signins: SignIns, name: str, lock: Path) -> None:
        self._signins = signins
        self._name = name
        self._lock = lock

    def save(self, content: str) -> None:
        self._signins.keep(self._name, content)

    def load(self) -> str:
        content = self._signins.recall(self._name)
        if content is None:
            raise PersistenceNotFound
        return content

    def time_last_modified(self) -> float:
        return math.inf  # a keyring does not say, and a file's clock is too coarse: always load

    def get_location(self) -> str:
        return str(self._lock)


class _Patient(PersistedTokenCache):
    """Waits for its turn: msal-extensions itself gives up after ten seconds, which many processes at once may need."""

    def modify(self, *arguments: Any, **options: Any) -> None:
        for _ in range(_TURNS):
            with suppress(LockError):  # it is raised before anything is changed
                super().modify(*arguments, **options)  # type: ignore[no-untyped-call]
                return
        super().modify(*arguments, **options)  # type: ignore[no-untyped-call]


def token_cache(signins: SignIns, name: str) -> Any:
    """The kept cache. Without a state folder it is what the keyring holds, and what is renewed is not kept."""
    if signins.folder is None:
        cache = SerializableTokenCache()
        cache.deserialize(signins.recall(name) or "{}")
        return cache
    lock = signins.folder / "signin" / _LOCK
    private_folder(lock.parent)
    return _Patient(_Kept(signins, name, lock), lock_location=str(lock))  # type: ignore[no-untyped-call]
