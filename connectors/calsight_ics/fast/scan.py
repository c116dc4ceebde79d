"""The same as `entries.scan`, by the marks that NumPy finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from calsight_ics.entries import END, MANY, Entries, assembled, group, needs_tidying, newest, tidied
from calsight_ics.fast.marks import LineMarks, marks_of

if TYPE_CHECKING:
    from calsight_ics.entries import Extent
    from calsight_ics.fast.lines import Places
    from calsight_ics.places.text import Text


class Scan(NamedTuple):
    """The entries of a text, where they begin and end in its order, and where the lines stand that say what is where."""

    entries: Entries
    marks: LineMarks
    begins: Places
    ends: Places


def scan(text: Text, check: Callable[[int], None] = lambda _: None) -> Scan:
    """Find all entries, as `entries.scan` does. `check` may raise for so many."""
    found = _scan(text, check)
    return _scan(tidied(text), check) if found.entries.odd or _lone_return(found) else found


def _lone_return(found: Scan) -> bool:
    return found.marks.lone_returns and needs_tidying(found.entries)


def _scan(text: Text, check: Callable[[int], None]) -> Scan:
    marks = marks_of(text, check)
    size = len(text)
    begins = marks.entries
    end = np.append(marks.ends, size)[np.searchsorted(marks.ends, begins)]
    following = np.append(begins, size)[1:]
    closed = end < following
    ends = np.where(closed, end + len(END), following)
    entries = assembled(
        text, _gaps(text, begins, ends), [*zip(begins[~closed].tolist(), ends[~closed].tolist(), strict=True)]
    )
    begins, ends = begins[closed], ends[closed]
    first, nested = (first_within(places, begins, ends) for places in (marks.uids, marks.begins))
    plain = np.where(first < nested, first, -1)
    group(entries, zip(begins.tolist(), ends.tolist(), plain.tolist(), strict=True))
    entries.stamps = _stamps(text, marks)
    return Scan(entries, marks, begins, ends)


def _gaps(text: Text, begins: Places, ends: Places) -> Iterator[Extent]:
    """Where something stands before, between and after the entries, save mere ends of lines."""
    opens, closes = np.insert(ends, 0, 0), np.append(begins, len(text))
    wide = closes - opens > len(b"\r\n")
    yield from zip(opens[wide].tolist(), closes[wide].tolist(), strict=True)


def first_within(places: Places, begins: Places, ends: Places) -> Places:
    """The first of the sorted `places` in each of these extents; the extent's end where there is none."""
    following: Places = np.append(places, np.iinfo(np.int64).max)[np.searchsorted(places, begins)]
    return np.minimum(following, ends)


def _stamps(text: Text, marks: LineMarks) -> frozenset[bytes]:
    """The lines of stamps outside zones, each once."""
    zone = np.searchsorted(marks.zones, marks.stamps) > np.searchsorted(marks.zone_ends, marks.stamps)
    begins, ends, stamps = marks.stamps[~zone], marks.stamp_stops[~zone], set[bytes]()
    for at in range(0, len(begins), MANY):
        some = slice(at, at + MANY)
        stamps |= {text[begin:end] for begin, end in zip(begins[some].tolist(), ends[some].tolist(), strict=True)}
        stamps = newest(stamps) if len(stamps) > MANY else stamps
    return frozenset(stamps)
