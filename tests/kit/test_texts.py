"""What others wrote, or left in a file, takes no run down."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import pytest

from calsight.kit.texts import NotJsonError, read_bounded, read_json
from kill_support import posix


@pytest.mark.parametrize("written", ['{"a": "\\ud800b\\uDFFF", "\\ud801": ["é\\ud83d\\ude00"]}'])
def test_halves_of_characters_are_marked(written: str) -> None:
    expected = {"a": "\ufffdb\ufffd", "\ufffd": ["é😀"]}
    assert read_json(written) == read_json(written.encode()) == expected


@pytest.mark.parametrize(
    "written",
    ["", "{", "[" * 100_000, '{"a":' * 100_000, b"\xff\xfe\xff", "1" * 5_000, "[" * 3_000 + '"\\ud800"' + "]" * 3_000],
)
def test_what_is_no_json_is_one_error(written: str | bytes) -> None:
    with pytest.raises(NotJsonError):
        read_json(written)


def test_json_as_deep_as_only_some_pythons_go_is_read_or_one_error() -> None:
    with suppress(NotJsonError):
        read = read_json("[" * 600 + '"\\ud800"' + "]" * 600)
        while isinstance(read, list):
            (read,) = read
        assert read == "\ufffd"


def test_a_file_is_read_up_to_so_many_bytes(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"a\r\n" * 5)
    assert read_bounded(path, 15) == b"a\r\n" * 5
    with pytest.raises(OSError, match="larger than"):
        read_bounded(path, 14)
    with pytest.raises(FileNotFoundError):
        read_bounded(tmp_path / "y", 15)


@posix
def test_what_is_no_file_comes_to_an_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="nobody writes into this pipe"):
        read_bounded(tmp_path / "pipe", 15)
    with pytest.raises(OSError, match="larger than"):
        read_bounded(Path("/dev/zero"), 15)
    assert read_bounded(Path(os.devnull), 15) == b""
    reads, writes = os.pipe()
    os.write(writes, b"[work]")
    os.close(writes)
    assert read_bounded(Path(f"/dev/fd/{reads}"), 15) == b"[work]"
    os.close(reads)
