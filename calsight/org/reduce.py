"""From lines of attendance to a few small tables, as Narwhals expressions: the same on Polars, DuckDB and Spark.

Who was there is known best from the organiser's own copy, where it was read: of each meeting two sums suffice, how many were
there and the sum of their numbers, for with exactly one other that sum less one's own number is the other. Everything is
integers, so that no engine's order of summing shows; 0 and 1 stand for booleans, which not every engine sums.

Written for the least that the engines share: sums are cast (DuckDB's are of 128 bits), columns are widened before they are
multiplied (Polars' products keep their width), and nothing asks for an order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

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

Frame: TypeAlias = Any  # narwhals' LazyFrame, of whichever engine

_ABSENCE, _UNKNOWN = rows_of(Kind.ABSENCE), rows_of(Kind.UNKNOWN)
_ONE, _SOLO = rows_of(Kind.ONE_TO_ONE), rows_of(Kind.SOLO)
_GROUP, _CONFERENCE = rows_of(Kind.GROUP), rows_of(Kind.CONFERENCE_CALL)
_LONG = nw.Int64
_c = nw.col


def _number(condition: Any) -> Any:
    """1 where a condition holds, else 0: also where it is null."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).cast(_LONG)


def _is(rows: Sequence[int]) -> Any:
    return _c("code").is_in(list(rows))


def _sum(name: str) -> Any:
    return _c(name).sum().cast(_LONG)


def who_was_there(lines: Frame) -> Frame:
    """How many were at each meeting, and the sum of their numbers; `kept` says that the organiser's own list is known."""
    here = _c("here").cast(_LONG)
    told = lines.with_columns(
        here=here,
        _ids=here * _c("person"),
        _extra=_c("keeps").cast(_LONG) * _c("extra").cast(_LONG),
        _kept=_c("keeps").cast(_LONG),
    )
    return told.group_by("meeting").agg(
        there=_sum("here"), ids=_sum("_ids"), shared=_c("_extra").max(), kept=_c("_kept").max()
    )


def entries(lines: Frame) -> Frame:
    """One row for each entry of a mailbox, with who else was there and the row of core's table that fits."""
    own = lines.filter(_c("own") == 1).join(who_was_there(lines), on="meeting", how="inner")
    here, known = _c("here").cast(_LONG), (_c("kept") == 1) & (_c("view") == 0)
    own = own.with_columns(
        people=nw.when(known).then(_c("there") - here).otherwise(_c("company").cast(_LONG)),
        more=nw.when(known).then(_c("shared")).otherwise(_c("extra").cast(_LONG)),
        other=nw.when(known).then(_c("ids") - here * _c("person")).otherwise(_c("partner")),
        _seen=_c("company").cast(_LONG) + _c("extra").cast(_LONG),
    )
    own = own.with_columns(size=_c("people") + _c("more"))
    one, many = _c("size") == 1, _c("size") > 1
    code = nw.when(many).then(_c("many")).otherwise(nw.when(one).then(_c("pair")).otherwise(_c("alone")))
    alike = _number(_c("_seen") == _c("size")) + _number((_c("_seen") > 1) & many)
    return own.with_columns(
        code=code.cast(_LONG),
        possible=nw.when(alike > 0).then(_c("open").cast(_LONG)).otherwise(nw.lit(0).cast(_LONG)),
        end_s=_c("start_s") + _c("dur_s").cast(_LONG),
        length=_c("dur_s").cast(_LONG),
    )


def absences(lines: Frame) -> Frame:
    """The absences of all: who, from when, until when. Only meetings that may be some are looked at."""
    maybe = (_c("own") == 1) & (_c("alone").is_in(_ABSENCE) | _c("pair").is_in(_ABSENCE) | _c("many").is_in(_ABSENCE))
    candidates = lines.filter(maybe).select("meeting").unique()
    some = lines.join(candidates, on="meeting", how="semi")
    return entries(some).filter(_is(_ABSENCE)).select("person", "start_s", "end_s")


def judged(lines: Frame, people: Frame, away: Frame, spans: int) -> Frame:
    """The entries with their final row.

    `people` has `person, asof_s, now_s`; `away` has `person, week, a0, b0, a1, b1 …`: the absences that touch a week,
    `spans` at most.
    """
    found = entries(lines).join(people, on="person", how="inner")
    inside, cover = nw.lit(0).cast(_LONG), nw.lit(0).cast(_LONG)
    if spans:
        found = found.join(away, on=["person", "week"], how="left")
    for place in range(spans):
        begin, end = _c(f"a{place}"), _c(f"b{place}")
        first = nw.when(begin > _c("start_s")).then(begin).otherwise(_c("start_s"))
        last = nw.when(end < _c("end_s")).then(end).otherwise(_c("end_s"))
        # A week without (so many) absences has null: no comparison with it holds.
        cover = cover + nw.when((last > first) & (end > begin)).then(last - first).otherwise(nw.lit(0).cast(_LONG))
        inside = inside + _number((begin <= _c("start_s")) & (_c("start_s") < end))
    found = found.with_columns(_cover=cover, inside=inside)
    covered = (_c("code") > AWAY_ROW) & (_c("_cover") > 0) & (_c("_cover") * 2 >= _c("length"))
    found = found.with_columns(code=nw.when(covered).then(nw.lit(AWAY_ROW).cast(_LONG)).otherwise(_c("code")))
    # With whom a meeting of unknown people would have been, only a doubt tells.
    two = (_c("people") == 1) & (_c("size") == 1) & ~_is(_UNKNOWN)
    found = found.with_columns(mate=nw.when(two).then(_c("other")).otherwise(_c("mate")))
    is_away = _c("code") == AWAY_ROW
    could = _number((_c("possible") == 1) | (_c("possible") == 3))
    return found.with_columns(
        could=nw.when(is_away).then(_c("open_away").cast(_LONG) * _number(_c("size") == 1)).otherwise(could)
    )


def person_weeks(found: Frame, first: int, last: int) -> Frame:
    """What is counted of each person's weeks, from the week `first` to the week `last`."""
    p = found.filter(_c("week") >= first, _c("week") <= last)
    with_people = _is(WITH_PEOPLE_ROWS)
    p = p.with_columns(
        seen=_number((_c("start_s") < _c("asof_s")) & (_c("start_s") <= _c("now_s"))),
        held=_number(_c("end_s") <= _c("asof_s")),
        past=_number((_c("end_s") <= _c("now_s")) & (_c("length") > 0)),
        touch=_of_use(),
        touch_more=_of_use() * (1 - _number(_is(_ONE))),
        sign=_number((with_people | _is(_UNKNOWN)) & ((_c("series") < 0) | (_c("moved") == 1)))
        * _number(_c("end_s") <= _c("now_s")),
    )
    seen = _c("seen")
    p = p.with_columns(
        known=seen * _number(with_people),
        unknown=seen * _number(_is(_UNKNOWN)),
        listed=seen * _number(with_people) * (1 - _number(_is(INFERRED_ROWS))),
        inferred=seen * _number(_is(INFERRED_ROWS)),
        involves=seen * _number(with_people | _is(_UNKNOWN) | (_c("people") > 0)),
        met=seen * _c("held") * _number(with_people),
        sign_no=_c("sign") * _number(_c("answered") == 0),
        sign_yes=_c("sign") * _number(_c("answered") == 1),
        sign_one=_c("sign") * _number(_is(_ONE)),
        sign_one_no=_c("sign") * _number(_is(_ONE)) * _number(_c("answered") == 0),
        groups=seen * _c("held") * _number(_is(_GROUP)),
        calls=seen * _c("held") * _number(_is(_CONFERENCE)),
        pairs=seen * _c("held") * _number(_is(_ONE)),
        group_s=seen * _c("past") * _number(_is(_GROUP)) * _c("length"),
        call_s=seen * _c("past") * _number(_is(_CONFERENCE)) * _c("length"),
        pair_s=seen * _c("past") * _number(_is(_ONE)) * _c("length"),
    )
    return p.group_by("person", "week").agg(*[_sum(name) for name in WEEKLY])


#: What `person_weeks` sums.
WEEKLY = (
    *("known", "unknown", "listed", "inferred", "involves", "met", "touch", "touch_more"),
    *("sign", "sign_no", "sign_yes", "sign_one", "sign_one_no"),
    *("groups", "calls", "pairs", "group_s", "call_s", "pair_s"),
)


def _of_use() -> Any:
    """Whether somebody must have looked after the calendar for this entry to stand there (core.rate.weeks)."""
    alone = _is(_SOLO) | (_c("code") == ALL_DAY_ROW)
    by_itself = alone & (_c("series") >= 0) & (_c("people") == 0)
    return _number(_c("foreign") == 0) * (1 - _number(_is(BY_ITSELF))) * (1 - _number(by_itself))


def long_entries(found: Frame) -> Frame:
    """Entries that reach into later weeks and show these in use."""
    return found.filter(_c("last_week") > _c("week"), _of_use() == 1).select("person", "week", "last_week")


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
        private=_c("private").cast(_LONG) * _number(_is(_ONE)),
    )


def occurrences(found: Frame) -> Frame:
    """Past occurrences of series, and with whom each was held one-to-one (-1: with nobody)."""
    tells = (_c("series") >= 0) & (_c("start_s") < _c("now_s")) & (_c("code") != AWAY_ROW) & (_c("inside") == 0)
    held = _is(_ONE) & (_c("end_s") <= _c("asof_s"))
    return found.filter(tells, ~_is(_UNKNOWN), ~_is(_ABSENCE)).select(
        "person",
        "series",
        "start_s",
        partner=nw.when(held).then(_c("mate")).otherwise(nw.lit(-1).cast(_LONG)),
    )


def of_kept_series(told: Frame, met: Frame) -> Frame:
    """Those occurrences whose series was a one-to-one at least once; `met` are the one-to-ones."""
    series = met.filter(_c("series") >= 0, _c("sure") == 1).select("person", "series").unique()
    return told.join(series, on=["person", "series"], how="semi")
