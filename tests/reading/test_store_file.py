"""The file of the store: its owner's alone, nothing left of what is forgotten, and named where it is of no use."""

from __future__ import annotations

import os
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from calsight.errors import StoreError
from calsight.reading import store as store_module
from calsight.reading.store import Store
from store_support import MARCH, WORK, Server, held, meeting, read


def test_forgetting_leaves_no_trace(store: Store) -> None:
    read(store, Server(meeting("a", title="Salary negotiation")), name="one")
    read(store, Server(meeting("b")), name="two")
    store.forget("one")
    assert held(store) == ["b"]
    for path in store.path.parent.iterdir():
        assert b"Salary" not in path.read_bytes()
    store.forget("never used")
    Store(store.path.parent / "absent").forget("one")
    assert not (store.path.parent / "absent").exists()


def test_another_version_of_calsight_reads_everything(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(meeting("a"))
    read(store, server)
    store_module._made_by.cache_clear()
    monkeypatch.setattr(store_module, "__version__", "99.0")
    read(store, server)
    store_module._made_by.cache_clear()
    assert server.fetches == ["full", "full"]


def test_the_file_is_its_owners_alone(store: Store) -> None:
    if sys.platform == "win32":
        pytest.skip("file modes are POSIX")
    os_umask = os.umask(0)
    try:
        modes: set[int] = set()
        server = Server(meeting("a"))
        read(store, server)
        store.path.chmod(0o644)
        for page in store.read("server", server, WORK, MARCH):
            assert page.calendar is not None
            modes |= {stat.S_IMODE(path.stat().st_mode) for path in store.path.parent.iterdir()}
        assert modes == {0o600}
    finally:
        os.umask(os_umask)


@pytest.mark.parametrize("damage", [b"not a database at all " * 100, b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_named_with_the_way_out(store: Store, damage: bytes) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(damage)
    with pytest.raises(StoreError, match=r"events-1\.sqlite cannot be used .*--no-cache") as caught:
        read(store, Server(meeting("a")))
    assert caught.value.__suppress_context__


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be used"):
        read(Store(tmp_path / "file" / "cache"), Server())


def test_a_file_of_unknown_version_is_left_alone(store: Store) -> None:
    read(store, Server(meeting("a")))
    db = sqlite3.connect(store.path)
    db.execute("PRAGMA user_version = 99")
    db.close()
    with pytest.raises(StoreError, match="another version wrote it"):
        read(store, Server(meeting("a")))
