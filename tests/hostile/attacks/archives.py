"""Archives, and what is packed."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator

from hostile.attacks.making import HEAD, TAIL, attack, one
from hostile.attacks.marks import plain_entries


@attack
def packed(size: int) -> bytes:
    """Plain entries, a thousand times as many as the file has bytes."""
    return gzip.compress(plain_entries(size))


@attack
def packed_bomb(size: int) -> bytes:
    """Nothing but zeros, a thousand times as many as there are bytes."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb") as stream:
        for _ in range(size // 1000):
            stream.write(b"\0" * 1_000_000)
    return out.getvalue()


def archive(members: Iterator[tuple[str, bytes]]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members:
            made.writestr(name, content)
    return out.getvalue()


@attack
def archive_of_many(size: int) -> bytes:
    """Many small calendars."""
    small = one(b"SUMMARY:x")
    return archive((f"{number}.ics", small) for number in range(max(1, size // 250)))


def copies(members: int, content: bytes, *, overlap: bool = False) -> bytes:
    """An archive of the same calendar many times, packed once; with `overlap`, all are the same bytes of the file."""
    plain = archive(iter([("a.ics", content)]))
    directory, end = plain.index(b"PK\x01\x02"), plain.index(b"PK\x05\x06")
    packed, entry, tail = plain[:directory], plain[directory:end], bytearray(plain[end:])
    body = packed * (1 if overlap else members)
    entries = b"".join(
        entry[:42] + (0 if overlap else number * len(packed)).to_bytes(4, "little") + entry[46:]
        for number in range(members)
    )
    tail[8:12] = min(members, 0xFFFE).to_bytes(2, "little") * 2
    tail[12:20] = len(entries).to_bytes(4, "little") + len(body).to_bytes(4, "little")
    return body + entries + bytes(tail)


@attack
def archive_of_bombs(size: int) -> bytes:
    """Members that unpack to a thousand times their size."""
    return copies(max(1, size // 20_000), HEAD + b"X:" + b"0" * 20_000_000 + b"\n" + TAIL)


@attack
def archive_that_overlaps(size: int) -> bytes:
    """The same bytes, many times."""
    return copies(max(2, size // 60), HEAD + b"X:" + b"0" * 5_000_000 + b"\n" + TAIL, overlap=True)
