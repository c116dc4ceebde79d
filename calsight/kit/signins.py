"""Where connectors keep their sign-ins: in the operating system's keyring, or, where the user asks for it, in a file.

A sign-in is a text that the connector makes sense of (a refresh token, say). The file is `signin/NAME.json` in the state
folder, readable by its owner only (mode 0600); it is written only with `in_file=True`, because whoever reads it is signed in.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from calsight.errors import NotSignedInError
from calsight.kit.files import PRIVATE, private_folder, write_whole
from calsight.kit.texts import read_bounded

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "calsight"
#: Bytes of a sign-in; those of Microsoft hold a cache.
_MOST = 10_000_000

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class SignIns:
    """The sign-ins of one user.

    folder    the state folder; None: no file can be used
    in_file   new sign-ins are kept in a file, not in the keyring
    """

    folder: Path | None
    in_file: bool = False

    def check(self, name: str) -> str:
        """Where `keep` would put a sign-in, for people; to be asked before somebody is sent to sign in.

        Raises `NotSignedInError` where there is no place for it.
        """
        if self.in_file:
            if self.folder is None:
                raise NotSignedInError("There is no state folder to keep a sign-in file in.")
            return str(self._file(name))
        ring = _keyring()
        if ring is None:
            raise NotSignedInError(
                "This machine has no keyring to keep the sign-in safe. To keep it in a file instead, readable by you alone, "
                f"add --token-file: calsight connect {name} … --token-file"
            )
        return f"the keyring ({ring.name})"

    def needs_file(self) -> bool:
        """Whether there is no keyring, so that `--token-file` is the only way."""
        return not self.in_file and _keyring() is None

    def keep(self, name: str, secret: str) -> str:
        """Keep the sign-in of connector `name`, and say where. Any earlier one is forgotten. Raises as `check`."""
        where = self.check(name)
        if self.in_file:
            path = self._file(name)
            try:
                private_folder(path.parent)
                write_whole(path, secret.encode(), mode=PRIVATE, keep_mode=False)
            except OSError as error:
                raise NotSignedInError(
                    f"{path} cannot be written: {error.strerror}. The sign-in is not kept."
                ) from None
            _in_keyring(lambda ring: ring.delete_password(SERVICE, name))
            return where
        _in_keyring(lambda ring: ring.set_password(SERVICE, name, secret))
        if _in_keyring(lambda ring: ring.get_password(SERVICE, name)) != secret:  # some keep nothing and do not say so
            raise NotSignedInError(
                "The keyring did not take the sign-in: unlock it and try again, or keep it in a file with --token-file: "
                f"calsight connect {name} … --token-file"
            )
        self._forget_in_file(name)
        return where

    def recall(self, name: str) -> str | None:
        """The sign-in of connector `name`; None where there is none (or the keyring is locked and stays so)."""
        if self.folder is not None:
            with suppress(OSError, UnicodeDecodeError):
                return read_bounded(self._file(name), _MOST).decode()
        return _in_keyring(lambda ring: ring.get_password(SERVICE, name))

    def forget(self, name: str) -> None:
        """Forget the sign-in of connector `name` wherever it is kept."""
        self._forget_in_file(name)
        _in_keyring(lambda ring: ring.delete_password(SERVICE, name))

    def _file(self, name: str) -> Path:
        assert self.folder is not None  # noqa: S101 - asked for only after a look
        return self.folder / "signin" / f"{name}.json"

    def _forget_in_file(self, name: str) -> None:
        if self.folder is not None:
            self._file(name).unlink(missing_ok=True)


def _keyring() -> KeyringBackend | None:
    """The keyring in use; None where there is none that keeps anything (keyring's own null and failing ones)."""
    try:
        import keyring
    except ImportError:
        return None
    ring = keyring.get_keyring()
    return ring if ring.priority > 0 else None


def _in_keyring(do: Callable[[KeyringBackend], _T]) -> _T | None:
    """What `do` returns; None without a keyring, or where it is locked or does not have what is asked for."""
    ring = _keyring()
    if ring is None:
        return None
    from keyring.errors import KeyringError

    try:
        return do(ring)
    except KeyringError:
        return None
