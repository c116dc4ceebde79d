"""Files are written whole or not at all, and what is private is so from its first moment."""

from __future__ import annotations

import os
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calsight.kit.files import ORDINARY, PRIVATE, append_whole, private_file, private_folder, write_whole

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes, links or devices")


@pytest.fixture(autouse=True)
def umask() -> Iterator[None]:
    before = os.umask(0o027)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@given(content=st.binary(max_size=5000))
def test_what_was_written_is_there(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("any") / "file"
    write_whole(path, b"before")
    write_whole(path, content)
    assert path.read_bytes() == content
    assert list(path.parent.iterdir()) == [path]


@posix
@pytest.mark.parametrize(("asked", "given"), [(ORDINARY, 0o640), (PRIVATE, 0o600)])
def test_a_new_file_has_its_mode_less_the_umask(tmp_path: Path, asked: int, given: int) -> None:
    write_whole(tmp_path / "file", b"x", mode=asked)
    assert mode(tmp_path / "file") == given


@posix
def test_what_is_replaced_keeps_its_mode_unless_it_must_not(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x")
    path.chmod(0o444)
    write_whole(path, b"y", mode=PRIVATE)
    assert mode(path) == 0o444
    write_whole(path, b"z", mode=PRIVATE, keep_mode=False)
    assert mode(path) == PRIVATE


@posix
def test_a_link_leads_to_the_new_content(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far/file").write_bytes(b"old")
    (tmp_path / "link").symlink_to(tmp_path / "far/file")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "far/file").read_bytes() == b"new"
    assert [path.name for path in (tmp_path / "far").iterdir()] == ["file"]


@posix
def test_a_link_that_leads_nowhere_yet_leads_to_the_new_file(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("file")
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"


@posix
def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    write_whole(pipe, b"x")
    assert os.read(reader, 2) == b"x"
    os.close(reader)
    assert pipe.is_fifo()


@posix
def test_a_pipe_that_nobody_reads_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="nobody reads this pipe"):
        write_whole(pipe, b"x")


@pytest.mark.parametrize("step", ["replace", "chmod"])
def test_what_fails_half_way_leaves_everything_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"old")

    def refused(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, step, refused)
    with pytest.raises(OSError, match="No space left"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It shows when what was written is to reach the disk."""

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "file", b"new")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        write_whole(tmp_path / "none/file", b"x")


def test_lines_of_several_writers_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    writers = [
        threading.Thread(target=lambda sign=sign: [append_whole(path, sign * 2000 + b"\n") for _ in range(20)])
        for sign in (b"a", b"b", b"c")
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    lines = path.read_bytes().splitlines()
    assert len(lines) == 60
    assert all(len(set(line)) == 1 and len(line) == 2000 for line in lines)


@posix
def test_private_is_private_whatever_the_umask_and_whatever_was_there(tmp_path: Path) -> None:
    os.umask(0)
    append_whole(tmp_path / "history", b"x")
    (tmp_path / "old").write_bytes(b"kept")
    private_file(tmp_path / "old")
    private_file(tmp_path / "new")
    assert [mode(tmp_path / name) for name in ("history", "old", "new")] == [PRIVATE] * 3
    assert (tmp_path / "old").read_bytes() == b"kept"
    assert mode(private_folder(tmp_path / "a/b")) == 0o700
