"""Pseudonyms: who is who, without saying who. HMAC-SHA-256 under a key that never lies beside the data.

A pseudonym is 128 bits in base32; a person's number in the tables is its first 48 bits, so that sorting by number tells
nothing of any list. Whoever holds the key can find a person again: that is what it is kept apart for.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import b32encode
from dataclasses import dataclass, field
from pathlib import Path

from calsight.errors import SettingsError, UsageError
from calsight.kit.files import PRIVATE, write_whole
from calsight.kit.texts import read_bounded

_BYTES = 32
_MOST = 10_000  # of its file
_NUMBER_BYTES = 6  # sums of 32,768 numbers stay within 63 bits, on every engine
_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Key:
    """The secret, and the pseudonyms that it makes."""

    secret: bytes = field(repr=False)

    def pseudonym(self, identity: str) -> str:
        """The pseudonym of a person's identity (their canonical address)."""
        return pseudonym_of(self._digest(identity))

    def number(self, identity: str) -> int:
        """The person's number in the tables."""
        return int.from_bytes(self._digest(identity)[:_NUMBER_BYTES], "big")

    def mark(self, text: str) -> int:
        """A number of 63 bits for a meeting or a series: the same for the same text, and nothing can be read from it."""
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8, key=self.secret).digest(), "big") >> 1

    @property
    def fingerprint(self) -> str:
        """By which a folder knows its key again."""
        return hmac.digest(self.secret, b"calsight.org/key", "sha256").hex()[:16]

    def _digest(self, identity: str) -> bytes:
        return hmac.digest(self.secret, identity.encode(), "sha256")[:16]


def pseudonym_of(digest: bytes) -> str:
    """16 bytes as 26 letters and digits."""
    return b32encode(digest).decode().rstrip("=").lower()


def read_key(path: Path, folder: Path) -> Key:
    """The key in the file at `path`, made where there is none. `folder` holds the data, and may not hold the key.

    Raises `UsageError` for a key inside `folder`, or that others may read; `SettingsError` for what is no key.
    """
    path, folder = path.expanduser().resolve(), folder.expanduser().resolve()
    if path.is_relative_to(folder):
        raise UsageError(
            f"{path} lies in {folder}, beside the data that it protects. Keep the key in another folder, or elsewhere."
        )
    if not path.exists():
        _make(path)
    try:
        content, mode = read_bounded(path, _MOST), path.stat().st_mode
    except OSError as error:
        raise SettingsError(f"The key {path} cannot be read: {error.strerror or error}.") from None
    if os.name == "posix" and mode & _OTHERS:
        raise UsageError(f"Others may read the key {path}. Take that back first: chmod 600 {path}")
    try:
        secret = bytes.fromhex(content.decode("ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) < _BYTES:
        raise SettingsError(f"{path} holds no key of calsight's. Name a file that is not there yet, and one is made.")
    return Key(secret)


def _make(path: Path) -> None:
    try:
        write_whole(path, os.urandom(_BYTES).hex().encode() + b"\n", mode=PRIVATE)
    except OSError as error:
        raise UsageError(f"The key {path} cannot be written: {error.strerror or error}.") from None
