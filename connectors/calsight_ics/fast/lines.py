"""The lines of a text, found with NumPy a part at a time: a look at each line costs more than all the bytes of it.

A line is told by the eight bytes that it begins with (its *head*), held as one number. `starts_with` compares all at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from calsight_ics.places.text import Text

    Bytes = NDArray[np.uint8]
    Places = NDArray[np.int64]
    Heads = NDArray[np.uint64]
    Truths = NDArray[np.bool_]

HEAD = 8
_PART = 1 << 20
#: So far beyond a part its last line is seen.
_AHEAD = 1 << 10
_PADDING = bytes(2 * HEAD)
LF, CR, BLANK, TAB = b"\n\r \t"


class Lines(NamedTuple):
    """The lines that begin in one part of a text.

    at       where the part begins in the text
    part     its bytes and some beyond it, padded with zeros
    data     the same as an array
    feeds    where it holds a line feed
    starts   where its lines begin within the part
    stops    where they end: at their line feed, or where `part` is cut off
    heads    the first eight bytes of each as one number
    """

    at: int
    part: bytes
    data: Bytes
    feeds: Places
    starts: Places
    stops: Places
    heads: Heads

    def starts_with(self, *beginnings: bytes) -> Truths:
        """Which lines begin with one of these (of up to eight bytes)."""
        found = starts_with(self.heads, beginnings[0])
        for beginning in beginnings[1:]:
            found |= starts_with(self.heads, beginning)
        return found

    def holds(self, places: Places, text: bytes) -> Truths:
        """Whether the part holds `text` (four bytes) at these places."""
        fours = np.ndarray(len(self.part) - 3, "<u4", self.part, strides=(1,))
        return np.asarray(fours[places] == int.from_bytes(text, "little"))


def starts_with(heads: Heads, beginning: bytes) -> Truths:
    """Which heads begin so."""
    mask, value = _number(beginning)
    return np.asarray((heads if len(beginning) == HEAD else heads & mask) == value)


@cache
def _number(beginning: bytes) -> tuple[np.uint64, np.uint64]:
    mask = int.from_bytes(b"\xff" * len(beginning), "little")
    return np.uint64(mask), np.uint64(int.from_bytes(beginning, "little"))


def any_of(values: NDArray[Any], *wanted: int) -> Truths:
    """Which values are one of those wanted. (NumPy's own `isin` imports masked arrays.)"""
    found = values == wanted[0]
    for each in wanted[1:]:
        found |= values == each
    return np.asarray(found)


def distinct(heads: Heads) -> list[int]:
    """The heads, each once. (NumPy's own `unique` imports masked arrays.)"""
    ordered = np.sort(heads)
    last = np.append(ordered[1:] != ordered[:-1], True)[: len(ordered)]
    return [int(each) for each in ordered[last]]


def head(number: int) -> bytes:
    """The eight bytes that a head holds."""
    return number.to_bytes(HEAD, "little")


def lines_of(text: Text) -> Iterator[Lines]:
    """All lines of a text, part by part. Lines end with a line feed; a part has those whose line feed before lies in it."""
    for at in range(0, len(text), _PART):
        raw = text[at : at + _PART + _AHEAD]
        part = raw + _PADDING
        data = np.frombuffer(part, np.uint8)
        feeds = np.flatnonzero(data == LF)
        stops = np.append(feeds, len(raw))
        own = int(np.searchsorted(feeds, _PART))
        starts = feeds[:own] + 1
        if at == 0:
            starts = np.insert(starts, 0, 0)
        else:
            stops = stops[1:]
        if len(starts) and starts[-1] == len(raw):  # nothing follows the text's last line feed
            starts = starts[:-1]
        heads = np.ndarray(len(part) - HEAD + 1, "<u8", part, strides=(1,))[starts]
        yield Lines(at, part, data, feeds, starts, stops[: len(starts)], heads)


def unfolded(text: bytes, separator: bytes) -> bytes | None:
    """`text` with its folds undone and each line ended by LF.

    None where it holds what that would not be right for: empty lines, CR by itself, control characters other than `separator`.
    """
    padded = text + separator
    data = np.frombuffer(padded, np.uint8)
    feeds = np.flatnonzero(data == LF)
    after, before = data[feeds + 1], data[feeds - 1]
    returns = feeds[before == CR] - 1
    allowed = len(feeds) + len(returns) + np.count_nonzero(data == TAB) + np.count_nonzero(data == separator[0])
    if np.count_nonzero(data < BLANK) != allowed or any_of(after, LF, CR).any():
        return None
    folds = feeds[any_of(after, BLANK, TAB)]
    kept = np.ones(len(data), np.bool_)
    kept[returns] = kept[folds] = kept[folds + 1] = kept[-1] = False
    return data[kept].tobytes()
