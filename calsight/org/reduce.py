"""From lines of attendance to a few small tables, as Narwhals expressions: the same on Polars, DuckDB and Spark.

Who was there is known best from the organiser's own copy, where it was read: of each meeting two sums suffice, how many were
there and the sum of their numbers, for with exactly one other that sum less one's own number is the other. Everything is
integers, so that no engine's order of summing shows; 0 and 1 stand for booleans, which not every engine sums.

Written for the least that the engines share: sums are cast (DuckDB's are of 128 bits), columns are widened before they are
multiplied (Polars' products keep their width), and nothing asks for an order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import narwhals as nw

from calsight.core.model.meetings import Kind
from calsight.org.columns import (
    ALL_DAY_ROW,
    AWAY_ROW,
    BY_ITSELF,
    INFERRED_ROWS,
    WITH_PEOPLE_ROWS,
    rows_of,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.int64]

Frame: TypeAlias = Any  # narwhals' LazyFrame, of whichever engine

_ABSENCE, _UNKNOWN = rows_of(Kind.ABSENCE), rows_of(Kind.UNKNOWN)
_ONE, _SOLO = rows_of(Kind.ONE_TO_ONE), rows_of(Kind.SOLO)
_GROUP, _CONFERENCE = rows_of(Kind.GROUP), rows_of(Kind.CONFERENCE_CALL)
_LONG, _COUNT = nw.Int64, nw.Int32
WEEKS = 2**14  # with a person's number of 48 bits it fits into 63
_c = nw.col


def _number(condition: Any) -> Any:
    """1 where a condition holds, else 0: also where it is null. A byte holds it, and what comes of multiplying such."""
    return nw.when(condition).then(nw.lit(1, nw.Int8)).otherwise(nw.lit(0, nw.Int8))


def person_week(person: Any, week: Any) -> Any:
    """One number for a person and a week, of arrays as of columns; of the weeks of this century and the next."""
    return person * WEEKS + week


def _is(rows: Sequence[int]) -> Any:
    return _c("code").is_in(list(rows))


def _sum(name: str) -> Any:
    return _c(name).sum().cast(_LONG)


def entries(lines: Frame) -> Frame:
    """One row for each entry of a mailbox, with who else was there and the row of core's table that fits.

    Of each meeting it is summed how many were there, and their numbers; `keeper` is 1 more than what the organiser's own list
    holds besides, 0 where that is not known.
    """
    here, extra = _c("here").cast(_COUNT), _c("extra").cast(_COUNT)
    mine = _c("here").cast(_LONG) * _c("person")
    told = lines.select(
        *_OF_ENTRIES,
        there=here.sum().over("meeting").cast(_COUNT),
        ids=mine.sum().over("meeting").cast(_LONG),
        keeper=(_c("keeps").cast(_COUNT) * (extra + 1)).max().over("meeting"),
    )
    own = told.filter(_c("own") == 1)
    known = (_c("keeper") > 0) & (_c("view") == 0)
    own = own.with_columns(
        people=nw.when(known).then(_c("there") - here).otherwise(_c("company").cast(_COUNT)),
        more=nw.when(known).then(_c("keeper") - 1).otherwise(extra),
        other=nw.when(known).then(_c("ids") - mine).otherwise(_c("partner")),
        _seen=_c("company").cast(_COUNT) + extra,
    )
    own = own.with_columns(size=_c("people") + _c("more"))
    one, many = _c("size") == 1, _c("size") > 1
    alike = (_c("_seen") == _c("size")) | ((_c("_seen") > 1) & many)
    return own.with_columns(
        code=nw.when(many).then(_c("many")).otherwise(nw.when(one).then(_c("pair")).otherwise(_c("alone"))),
        possible=nw.when(alike).then(_c("open")).otherwise(nw.lit(0, nw.Int8)),
        end_s=_c("start_s") + _c("dur_s").cast(_LONG),
    )


#: What is looked at of a line.
_OF_ENTRIES = (
    *("meeting", "person", "own", "here", "extra", "company", "partner", "view", "start_s", "dur_s", "day", "week"),
    *("last_week", "series", "moved", "answered", "alone", "pair", "many", "open", "open_away", "mate", "private"),
    "foreign",
)


def absences(lines: Frame) -> Frame:
    """The absences of all: who, from when, until when."""
    return nw.concat([absences_anyhow(lines), absences_among(lines, may_be_absences(lines))])


def absences_anyhow(lines: Frame) -> Frame:
    """The entries that are absences whoever else was there."""
    sure = (_c("own") == 1) & _c("alone").is_in(_ABSENCE) & _c("pair").is_in(_ABSENCE) & _c("many").is_in(_ABSENCE)
    return lines.filter(sure).select("person", "start_s", end_s=_c("start_s") + _c("dur_s").cast(_LONG))


def may_be_absences(lines: Frame) -> Frame:
    """The meetings with an entry that is an absence depending on who was there."""
    some = _c("alone").is_in(_ABSENCE) | _c("pair").is_in(_ABSENCE) | _c("many").is_in(_ABSENCE)
    sure = _c("alone").is_in(_ABSENCE) & _c("pair").is_in(_ABSENCE) & _c("many").is_in(_ABSENCE)
    return lines.filter(_c("own") == 1, some, ~sure).select("meeting").unique()


def absences_among(lines: Frame, meetings: Frame) -> Frame:
    """The absences among the entries of these meetings."""
    some = lines.join(meetings, on="meeting", how="semi")
    return entries(some).filter(_is(_ABSENCE)).select("person", "start_s", "end_s")


def judged(lines: Frame, calendar: Frame, spans: int, first: int, last: int) -> Frame:
    """The entries of whoever is in the calendar, with their final row.

    `calendar` has `at, asof_s, now_s, a0, b0, a1, b1 …` of each week of everybody from `first` - 1 to `last` + 1: up to when
    they are judged, and the absences that touch it, `spans` at most (0: none). All weeks before it and after it are as one.
    """
    week = _c("week").cast(_LONG)
    week = nw.when(week < first).then(nw.lit(first - 1, _LONG)).otherwise(week)
    week = nw.when(_c("week") > last).then(nw.lit(last + 1, _LONG)).otherwise(week)
    found = entries(lines).with_columns(at=person_week(_c("person"), week)).join(calendar, on="at", how="inner")
    inside, cover = nw.lit(0, nw.Int8), nw.lit(0, _LONG)
    for place in range(spans):
        begin, end = _c(f"a{place}"), _c(f"b{place}")
        since = nw.when(begin > _c("start_s")).then(begin).otherwise(_c("start_s"))
        until = nw.when(end < _c("end_s")).then(end).otherwise(_c("end_s"))
        cover = cover + nw.when(until > since).then(until - since).otherwise(nw.lit(0, _LONG))
        inside = inside + _number((begin <= _c("start_s")) & (_c("start_s") < end))
    found = found.with_columns(_cover=cover, inside=inside)
    covered = (_c("code") > AWAY_ROW) & (_c("_cover") > 0) & (_c("_cover") * 2 >= _c("end_s") - _c("start_s"))
    found = found.with_columns(code=nw.when(covered).then(nw.lit(AWAY_ROW, nw.Int8)).otherwise(_c("code")))
    # With whom a meeting of unknown people would have been, only a doubt tells.
    two = (_c("people") == 1) & (_c("size") == 1) & ~_is(_UNKNOWN)
    found = found.with_columns(mate=nw.when(two).then(_c("other")).otherwise(_c("mate")))
    is_away = _c("code") == AWAY_ROW
    could = _number((_c("possible") == 1) | (_c("possible") == 3))
    found = found.with_columns(could=nw.when(is_away).then(_c("open_away") * _number(_c("size") == 1)).otherwise(could))
    start, end = _c("start_s"), _c("end_s")
    return found.select(
        *KEPT,
        begun=_number(start < _c("now_s")),
        seen=_number((start < _c("asof_s")) & (start <= _c("now_s"))),
        held=_number(end <= _c("asof_s")),
        over=_number(end <= _c("now_s")),
    )


#: What the small tables are made of, and how each entry stands to when its owner is judged: begun, seen, held, over.
KEPT = (
    *("meeting", "person", "at", "start_s", "end_s", "day", "week", "last_week", "series", "moved"),
    *("answered", "foreign", "private", "people", "mate", "code", "could", "inside"),
)


def person_weeks(found: Frame, first: int, last: int) -> Frame:
    """What is counted of each person's weeks, from the week `first` to the week `last`: hours, and what `counted` finds."""
    p = found.filter(_c("week") >= first, _c("week") <= last)
    one, with_people, unknown = _is(_ONE), _is(WITH_PEOPLE_ROWS), _is(_UNKNOWN)
    p = p.with_columns(
        _seen=_c("seen") == 1,
        _over=_c("over") == 1,
        _sign=(with_people | unknown) & ((_c("series") < 0) | (_c("moved") == 1)) & (_c("over") == 1),
        _use=_of_use(),
    )
    seen, sign, use = _c("_seen"), _c("_sign"), _c("_use")
    past = seen & _c("_over") & (_c("end_s") > _c("start_s"))
    no, yes = _c("answered") == 0, _c("answered") == 1
    what = {
        "known": seen & with_people,
        "unknown": seen & unknown,
        "inferred": seen & _is(INFERRED_ROWS),
        "involves": seen & (with_people | unknown | (_c("people") > 0)),
        "touch": use,
        "touch_more": use & ~one,
        "sign": sign,
        "sign_no": sign & no,
        "sign_yes": sign & yes,
        "sign_one": sign & one,
        "sign_one_no": sign & one & no,
        "met": seen & (_c("held") == 1) & with_people,
    }
    hours = {
        name: nw.when(past & _is(rows)).then(_c("end_s") - _c("start_s")).otherwise(nw.lit(0, _LONG))
        for name, rows in _HOURS.items()
    }
    packed = {name: _packed([what[each] for each in names]) for name, names in _PACKED.items()}
    p = p.select("at", **packed, **hours)
    return p.group_by("at").agg(*[_sum(name) for name in (*packed, *hours)])


_HOURS = {"pair_s": _ONE, "group_s": _GROUP, "call_s": _CONFERENCE}
#: What `person_weeks` counts, up to three to a column: to add up such a column costs an engine no more than one count.
_PACKED = {
    "seen": ("known", "unknown", "inferred"),
    "used": ("involves", "touch", "touch_more"),
    "signs": ("sign", "sign_no", "sign_yes"),
    "signs_one": ("sign_one", "sign_one_no", "met"),
}
_BITS = 20  # for each count: there are at most a million of anything in a week of one person


def _packed(conditions: Sequence[Any]) -> Any:
    packed = _number(conditions[0]).cast(_LONG)
    for place, condition in enumerate(conditions[1:], start=1):
        packed = packed + nw.when(condition).then(nw.lit(2 ** (_BITS * place), _LONG)).otherwise(nw.lit(0, _LONG))
    return packed


def counted(weeks: Mapping[str, Ints], name: str) -> Ints:
    """What `person_weeks` counted under this name, of each line of its table."""
    column, names = next(each for each in _PACKED.items() if name in each[1])
    found: Ints = weeks[column] >> (_BITS * names.index(name)) & (2**_BITS - 1)
    return found


def _of_use() -> Any:
    """Whether somebody must have looked after the calendar for this entry to stand there (core.rate.weeks)."""
    alone = _is(_SOLO) | (_c("code") == ALL_DAY_ROW)
    by_itself = alone & (_c("series") >= 0) & (_c("people") == 0)
    return (_c("foreign") == 0) & ~_is(BY_ITSELF) & ~by_itself


def long_entries(found: Frame) -> Frame:
    """Entries that reach into later weeks and show these in use."""
    return found.filter(_c("last_week") > _c("week"), _of_use()).select("person", "week", "last_week")


def one_to_ones(found: Frame) -> Frame:
    """One-to-ones, and what may have been some."""
    return found.filter(_is(_ONE) | (_c("could") == 1)).select(
        "meeting",
        "person",
        "start_s",
        "end_s",
        "day",
        "week",
        "series",
        partner=_c("mate"),
        sure=_number(_is(_ONE)),
        could=_c("could"),
        inferred=_number(_is(INFERRED_ROWS)),
        private=_c("private") * _number(_is(_ONE)),
    )


def occurrences(found: Frame) -> Frame:
    """Past occurrences of series, and with whom each was held one-to-one (-1: with nobody)."""
    tells = (_c("series") >= 0) & (_c("begun") == 1) & (_c("code") != AWAY_ROW) & (_c("inside") == 0)
    held = _is(_ONE) & (_c("held") == 1)
    return found.filter(tells, ~_is(_UNKNOWN), ~_is(_ABSENCE)).select(
        "person",
        "series",
        "start_s",
        partner=nw.when(held).then(_c("mate")).otherwise(nw.lit(-1, _LONG)),
    )


def of_kept_series(told: Frame, met: Frame) -> Frame:
    """Those occurrences whose series was a one-to-one at least once; `met` are the one-to-ones."""
    series = met.filter(_c("series") >= 0, _c("sure") == 1).select("person", "series").unique()
    return told.join(series, on=["person", "series"], how="semi")
