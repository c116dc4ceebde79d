"""Where in the text of a calendar the lines stand that say what is where: the marks of components, UIDs, days, stamps.

Found for the whole text at once, and nothing else is looked at: an entry outside the window costs no more than this.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from calsight_ics.fast.lines import BLANK, CR, LF, TAB, any_of, distinct, head, lines_of, starts_with

if TYPE_CHECKING:
    from calsight_ics.fast.lines import Heads, Lines, Places, Truths
    from calsight_ics.places.text import Text

#: How the lines begin that are looked for. Lines whose name is written otherwise (`rrule`, a fold in it) are `odd`.
_BEGINNINGS = {
    "uids": (b"UID:",),
    "starts": (b"DTSTART",),
    "stops": (b"DTEND",),
    "rules": (b"RRULE",),
    "moving": (b"RDATE", b"DURATION"),
    "stamps": (b"DTSTAMP", b"CREATED", b"LAST-MOD"),
}
#: The beginning of a line that is not missed by its name: no small letter, blank or end of line before the name's end.
_REGULAR = re.compile(rb"[^a-z\x00-\x20:;]{8}|[^a-z\x00-\x20:;]+[:;].*", re.DOTALL)
_PARAMETERS = rb"(?:;(?:TZID|VALUE)=(?:[A-Za-z0-9/_ .+-]+|\"[^\"\n]*\"))*:"
_DAY_HEAD = re.compile(rb"DT(?:START|END)" + _PARAMETERS)
_RECURRENCE_ID = re.compile(rb"RECURRENCE-ID" + _PARAMETERS)
#: So many different beginnings of lines are remembered; more are those that never come twice.
_REMEMBERED = 10_000
#: More than any name of a zone; longer ones are not worth remembering.
_LONGEST_HEAD = 200
#: Where a part has more lines of a kind, only the first of each entry is kept: the others say nothing.
_MANY = 20_000
_DIGITS = np.arange(15)
_WEIGHTS = 10 ** np.arange(7, -1, -1)


class LineMarks(NamedTuple):
    """Where lines begin, in the order of the text.

    entries, ends   `BEGIN:VEVENT` and `END:VEVENT`
    begins          `BEGIN:` of any other component
    zones, zone_ends   `BEGIN:VTIMEZONE` and `END:VTIMEZONE`
    uids, rules     UID without parameters, RRULE
    starts, stops   DTSTART, DTEND; their days as numbers (20260608), 0 where a glance cannot tell
    moving          what puts an occurrence where DTSTART and DTEND do not say: RDATE, DURATION, RECURRENCE-ID with RANGE
    odd             lines that may be any of these under a name in small letters or with a fold in it; empty lines
    stamps, stamp_stops   DTSTAMP, CREATED and LAST-MODIFIED, and where these lines end
    lone_returns    some line ends with CR alone
    """

    entries: Places
    ends: Places
    begins: Places
    zones: Places
    zone_ends: Places
    uids: Places
    rules: Places
    starts: Places
    start_days: Places
    stops: Places
    stop_days: Places
    moving: Places
    odd: Places
    stamps: Places
    stamp_stops: Places
    lone_returns: bool


def marks_of(text: Text, check: Callable[[int], None] = lambda _: None) -> LineMarks:
    """The marks of a whole text. `check` is told after each part how many entries have begun."""
    found: defaultdict[str, list[Places]] = defaultdict(list)
    regular = _Regular()
    lone_returns = False
    entries = 0
    for lines in lines_of(text):
        heads, starts = lines.heads, lines.starts
        places = {name: np.flatnonzero(lines.starts_with(*each)) for name, each in _BEGINNINGS.items()}
        _note_components(places, lines)
        entries += len(places["entries"])
        check(entries)
        places["odd"] = regular.others(heads)
        _thin_out(places)
        found["start_days"].append(_days(lines, places["starts"]))
        found["stop_days"].append(_days(lines, places["stops"]))
        found["stamp_stops"].append(lines.at + lines.stops[places["stamps"]])
        ranges = [index for index in np.flatnonzero(starts_with(heads, b"RECURREN")).tolist() if _moves(lines, index)]
        if ranges:
            places["moving"] = np.sort(np.append(places["moving"], ranges))
        for name, indices in places.items():
            found[name].append(lines.at + starts[indices])
        lone_returns = lone_returns or _has_lone_returns(lines)
    arrays = {name: np.concatenate(found[name]) if found[name] else np.empty(0, np.int64) for name in _PLACES}
    return LineMarks(**arrays, lone_returns=lone_returns)


_PLACES = tuple(name for name in LineMarks._fields if name != "lone_returns")


def _note_components(places: dict[str, Places], lines: Lines) -> None:
    """The marks of components; VEVENT's and VTIMEZONE's are told by the four bytes after the head."""
    begins = np.flatnonzero(lines.starts_with(b"BEGIN:"))
    heads, starts = lines.heads[begins], lines.starts[begins]
    entry = starts_with(heads, b"BEGIN:VE") & lines.holds(starts + 8, b"VENT") & _ends_at(lines, starts + 12)
    zone = starts_with(heads, b"BEGIN:VT") & lines.holds(starts + 8, b"IMEZ")
    places["entries"], places["zones"], places["begins"] = begins[entry], begins[zone], begins[~entry]
    ends = np.flatnonzero(lines.starts_with(b"END:VEVE"))
    starts = lines.starts[ends]
    places["ends"] = ends[lines.holds(starts + 6, b"VENT") & _ends_at(lines, starts + 10)]
    places["zone_ends"] = np.flatnonzero(lines.starts_with(b"END:VTIM"))


def _thin_out(places: dict[str, Places]) -> None:
    """Leave the first of many lines in each entry, and beside each."""
    entries = places["entries"]
    for name in ("ends", "begins", "uids", "rules", "starts", "stops", "moving", "odd"):
        if len(places[name]) > _MANY:
            marks = entries if name == "ends" else np.sort(np.append(entries, places["ends"]))
            within = np.searchsorted(marks, places[name], side="right")
            places[name] = places[name][np.append(True, within[1:] != within[:-1])]


def _ends_at(lines: Lines, places: Places) -> Truths:
    """Whether a mark that ends there is all that its line holds, as far as can be seen. A zero is the end of the text."""
    return any_of(lines.data[places], LF, CR, BLANK, TAB, 0)


def _moves(lines: Lines, index: int) -> bool:
    """Whether a RECURRENCE-ID may be about more than its own occurrence."""
    return _RECURRENCE_ID.match(lines.part, int(lines.starts[index]), int(lines.stops[index])) is None


def _days(lines: Lines, indices: Places) -> Places:
    """The days of DTSTART or DTEND lines as numbers; 0 for one that is folded or has any other than the plain shape."""
    data, part = lines.data, lines.part
    begins, ends = lines.starts[indices], lines.stops[indices]
    whole = (data[ends] == LF) & ~any_of(data[ends + 1], BLANK, TAB)
    ends = ends - (data[ends - 1] == CR)
    zulu = data[ends - 1] == ord("Z")
    ends -= zulu
    timed = data[ends - 7] == ord("T")
    values = np.maximum(ends - np.where(timed, 15, 8), begins + 1)
    digits = data[values[:, None] + _DIGITS] - np.uint8(ord("0"))
    is_digit = digits < 10
    right = is_digit[:, :8].all(axis=1) & np.where(timed, is_digit[:, 9:].all(axis=1), ~zulu)
    right &= (data[values - 1] == ord(":")) & whole
    right &= values - begins < _LONGEST_HEAD
    places = np.flatnonzero(right)
    pairs = zip(begins[places].tolist(), values[places].tolist(), strict=True)
    right[places] = [_is_plain(part[begin:value]) for begin, value in pairs]
    days = digits[:, :8].astype(np.int64) @ _WEIGHTS
    month, day = days // 100 % 100, days % 100
    right &= (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    return np.where(right, days, 0)


@lru_cache(1024)
def _is_plain(line_head: bytes) -> bool:
    """Whether a line with all this before its value has the value that it seems to have."""
    return _DAY_HEAD.fullmatch(line_head) is not None


class _Regular:
    """Tells lines with a regular name from others, judging each beginning once."""

    def __init__(self) -> None:
        self._judged: dict[int, bool] = {}

    def others(self, heads: Heads) -> Places:
        """The lines whose name is irregular. Continuations are none, nor are UIDs, which all begin differently."""
        named = ~(starts_with(heads, b" ") | starts_with(heads, b"\t") | starts_with(heads, b"UID:"))
        odd = [number for number in distinct(heads[named]) if not self._is_regular(number)]
        return np.flatnonzero(named & any_of(heads, *odd)) if odd else np.empty(0, np.int64)

    def _is_regular(self, number: int) -> bool:
        known = self._judged.get(number)
        if known is None:
            if len(self._judged) > _REMEMBERED:
                self._judged.clear()
            known = self._judged[number] = _REGULAR.fullmatch(head(number)) is not None
        return known


def _has_lone_returns(lines: Lines) -> bool:
    """Whether some CR has neither LF nor another CR behind it. Where there are as many as line ends with one, none has."""
    data = lines.data
    if np.count_nonzero(data == CR) == np.count_nonzero(data[lines.feeds - 1] == CR):
        return False
    after = data[np.flatnonzero(data == CR) + 1]
    return not any_of(after, LF, CR, 0).all()
