"""Where sign-ins are kept. The keyring is an invented one in memory: tests never touch the user's."""

from __future__ import annotations

import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.errors import KeyringLocked

from calsight.errors import NotSignedInError
from calsight.kit.signins import SERVICE, SignIns
from keyring_support import MemoryKeyring, memory_keyring


class Locked(MemoryKeyring):
    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked("somebody clicked Cancel")

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("somebody clicked Cancel")


class Forgetful(MemoryKeyring):
    def get_password(self, service: str, username: str) -> str | None:
        return None


@pytest.fixture(autouse=True)
def ring() -> Iterator[MemoryKeyring]:
    with memory_keyring() as ring:
        yield ring


def test_the_keyring_comes_first(ring: MemoryKeyring, tmp_path: Path) -> None:
    signins = SignIns(tmp_path)
    assert signins.keep("google", "secret").startswith("the keyring")
    assert ring.kept == {(SERVICE, "google"): "secret"}
    assert signins.recall("google") == "secret"
    assert signins.recall("outlook") is None
    assert list(tmp_path.iterdir()) == []


def test_a_file_only_when_asked_for_and_for_its_owner_alone(ring: MemoryKeyring, tmp_path: Path) -> None:
    signins = SignIns(tmp_path / "state", in_file=True)
    where = Path(signins.keep("google", "secret"))
    assert where.read_text() == "secret"
    if sys.platform != "win32":
        assert stat.S_IMODE(where.stat().st_mode) == 0o600
        assert stat.S_IMODE(where.parent.stat().st_mode) == 0o700
    assert ring.kept == {}
    assert SignIns(tmp_path / "state").recall("google") == "secret"
    assert [path.name for path in where.parent.iterdir()] == ["google.json"]


@pytest.mark.parametrize("first_in_file", [True, False])
def test_there_is_only_ever_one(ring: MemoryKeyring, tmp_path: Path, first_in_file: bool) -> None:
    SignIns(tmp_path, in_file=first_in_file).keep("google", "old")
    SignIns(tmp_path, in_file=not first_in_file).keep("google", "new")
    assert SignIns(tmp_path).recall("google") == "new"
    SignIns(tmp_path).forget("google")
    assert SignIns(tmp_path).recall("google") is None
    assert ring.kept == {}


def test_forgetting_what_is_not_there_is_no_error(tmp_path: Path) -> None:
    SignIns(tmp_path).forget("google")
    SignIns(None).forget("google")


@pytest.mark.parametrize("none", [fail.Keyring, null.Keyring])
def test_without_a_keyring_the_user_is_told_about_the_file(none: type[KeyringBackend], tmp_path: Path) -> None:
    keyring.set_keyring(none())
    for attempt in (SignIns(tmp_path).check, lambda name: SignIns(tmp_path).keep(name, "secret")):
        with pytest.raises(NotSignedInError, match="calsight connect google … --token-file"):
            attempt("google")
    assert SignIns(tmp_path).recall("google") is None
    SignIns(tmp_path).forget("google")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ring_that_fails", [Locked, Forgetful])
def test_a_keyring_that_takes_nothing_is_said(ring_that_fails: type[KeyringBackend], tmp_path: Path) -> None:
    keyring.set_keyring(ring_that_fails())
    with pytest.raises(NotSignedInError, match="did not take"):
        SignIns(tmp_path).keep("google", "secret")
    assert SignIns(tmp_path).recall("google") is None


def test_a_file_needs_no_keyring_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)  # as if not installed
    signins = SignIns(tmp_path, in_file=True)
    signins.keep("google", "secret")
    assert signins.recall("google") == "secret"
    signins.forget("google")
    assert signins.recall("google") is None


def test_a_file_needs_a_folder() -> None:
    with pytest.raises(NotSignedInError, match="state folder"):
        SignIns(None, in_file=True).check("google")


def test_a_write_that_fails_leaves_the_old_sign_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signins = SignIns(tmp_path, in_file=True)
    signins.keep("google", "old")

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        with pytest.raises(NotSignedInError, match="cannot be written: No space left on device"):
            signins.keep("google", "new")
    assert signins.recall("google") == "old"
    assert [path.name for path in (tmp_path / "signin").iterdir()] == ["google.json"]
