"""msal's token cache, kept where calsight keeps sign-ins, and shared by several processes.

`msal-extensions` reloads it before each change and holds a lock until it is written, so that no process loses what another
wrote. What it writes to is calsight's own keeping of sign-ins: the keyring, or the file that the user asked for (mode 0600,
replaced as a whole, so that a killed process leaves no half of it).
"""

from __future__ import annotations

import math
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import portalocker
from msal import SerializableTokenCache
from msal_extensions import FilePersistenceWithDataProtection, PersistedTokenCache
from msal_extensions.persistence import BasePersistence, PersistenceDecryptionError, PersistenceNotFound

from calsight.kit.files import private_folder
from calsight.kit.signins import SignIns
from calsight.kit.texts import read_json
from calsight_outlook.service import MICROSOFT

_LOCK = "outlook.lock"
_PROTECTED = "outlook.bin"
#: How long to wait for other runs (seconds).
_LONGEST_TURN = 60


class _Kept(BasePersistence):
    """A sign-in as msal-extensions sees it."""

    def __init__(self, signins: SignIns, name: str, lock: Path) -> None:
        self._signins = signins
        self._name = name
        self._lock = lock

    def save(self, content: str) -> None:
        self._signins.keep(self._name, content)

    def load(self) -> str:
        content = _written(self._signins.recall(self._name))
        if content is None:
            raise PersistenceNotFound
        return content

    def time_last_modified(self) -> float:
        return math.inf  # a keyring does not say, and a file's clock is too coarse: always load

    def get_location(self) -> str:
        return str(self._lock)


def _written(content: str | None) -> str | None:
    """What msal may have written; None for anything else, which is no sign-in."""
    with suppress(ValueError):
        if isinstance(read_json(content or ""), dict):
            return content
    return None


class _Patient(PersistedTokenCache):
    """Waits for its turn at a lock of our own.

    msal-extensions gives up after ten seconds, which many processes at once may need; and as it deletes its lock file, two that
    have waited for five seconds may both go on.
    """

    def modify(self, *arguments: Any, **options: Any) -> None:
        with portalocker.Lock(f"{self._lock_location}.turn", mode="ab", timeout=_LONGEST_TURN, check_interval=0.05):
            super().modify(*arguments, **options)  # type: ignore[no-untyped-call]


def _on_windows() -> bool:
    return sys.platform == "win32"


def _protected(signins: SignIns) -> BasePersistence | None:
    """On Windows a file that only the user's own account can decrypt (DPAPI), unless a plain one is asked for; else None.

    Windows' keyring holds 2,560 bytes, and msal's cache is larger.
    """
    if not _on_windows() or signins.in_file or signins.folder is None:
        return None
    return FilePersistenceWithDataProtection(str(private_folder(signins.folder / "signin") / _PROTECTED))


def check(signins: SignIns) -> str:
    """Where the sign-in will be kept, for people. Raises `NotSignedInError` where there is no place for it."""
    protected = _protected(signins)
    return f"{protected.get_location()} (encrypted for you)" if protected else signins.check(MICROSOFT.connector)


def needs_file(signins: SignIns) -> bool:
    """Whether `--token-file` is the only way to keep a sign-in."""
    return _protected(signins) is None and signins.needs_file()


def recall(signins: SignIns) -> str | None:
    """The kept sign-in; None where there is none, or it cannot be decrypted."""
    protected = _protected(signins)
    if protected is not None:
        with suppress(PersistenceNotFound, PersistenceDecryptionError, OSError):
            return str(protected.load())
    return signins.recall(MICROSOFT.connector)


def holds_sign_in(signins: SignIns) -> bool:
    """Whether what is kept would renew itself."""
    return bool(read_json(_written(recall(signins)) or "{}").get("RefreshToken"))


def forget(signins: SignIns) -> None:
    """Forget the sign-in wherever it is kept."""
    protected = _protected(signins)
    if protected is not None:
        Path(protected.get_location()).unlink(missing_ok=True)
    signins.forget(MICROSOFT.connector)


def token_cache(signins: SignIns) -> Any:
    """The kept cache. Without a state folder it is what the keyring holds, and what is renewed is not kept."""
    name = MICROSOFT.connector
    if signins.folder is None:
        cache = SerializableTokenCache()
        cache.deserialize(_written(signins.recall(name)) or "{}")
        return cache
    lock = private_folder(signins.folder / "signin") / _LOCK
    kept = _protected(signins) or _Kept(signins, name, lock)
    return _Patient(kept, lock_location=str(lock))  # type: ignore[no-untyped-call]
