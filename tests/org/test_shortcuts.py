"""What is done for many at once is what core does for one: where it is not asked, it would have said the same."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from calsight.core.model.options import Options, RateOptions
from calsight.core.rate.breadth import effective_number, hang_on_few
from calsight.core.rate.silence import Sign, silent_stretches
from calsight.org.arrays import among, distinct, find
from calsight.org.exposure import silent_by_contrast
from calsight.org.meetings import _apart, _counting
from calsight.org.staff import Staff, staff_of

DAY = date(2026, 7, 1)
OPTIONS = RateOptions()


def staff(people: int, weeks: int) -> Staff:
    table = pl.DataFrame({"person": list(range(people)), "zone": ["UTC"] * people})
    return staff_of(table, as_of=DAY, weeks=weeks - 1, options=Options())


weeks_with_signs = st.tuples(st.sampled_from([0, 0, 0, 1, 2, 3, 9]), st.sampled_from([1.0, 1.0, 0.6, 0.2, 0.0]))


@settings(max_examples=150)
@given(st.lists(st.lists(weeks_with_signs, min_size=13, max_size=13), min_size=1, max_size=3))
def test_weeks_that_nobody_asks_core_about_are_not_silent(lives: list[list[tuple[int, float]]]) -> None:
    everybody = staff(len(lives), 13)
    signs, working = np.array(lives).transpose(2, 0, 1)
    found = silent_by_contrast(signs.astype(np.int64), working, everybody)
    for person, life in enumerate(lives):
        told = [Sign(monday) for monday, (times, _) in zip(everybody.mondays, life, strict=True) for _ in range(times)]
        shares = dict(zip(everybody.mondays, (share for _, share in life), strict=True))
        silent = {monday for stretch in silent_stretches(told, shares) for monday in stretch}
        assert [monday in silent for monday in everybody.mondays] == found[person].tolist()


def test_how_many_signs_there_are_of_each_says_what_all_of_them_say() -> None:
    mondays = [DAY - timedelta(days=DAY.weekday()) + timedelta(weeks=week) for week in range(8)]
    signs = [Sign(monday) for monday in mondays[:5] for _ in range(3)]
    working = dict.fromkeys(mondays, 1.0)
    assert (
        silent_stretches(dict.fromkeys(signs, 3), working) == silent_stretches(signs, working) == [tuple(mondays[5:])]
    )


@settings(max_examples=200)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 4)), min_size=1, max_size=4))
def test_who_hangs_on_few_does_without_the_newest_and_with_all_of_them(times: list[tuple[int, int]]) -> None:
    """So that core need not be asked about anybody else."""
    if hang_on_few(times, OPTIONS):
        for met in ([older for older, _ in times], [older + newest for older, newest in times]):
            assert sum(met) >= OPTIONS.narrow_interactions
            assert effective_number(met) < OPTIONS.narrow_people


columns = st.lists(st.tuples(st.integers(-3, 3), st.sampled_from([-1, 0, 2**47])), max_size=8)


@given(columns, columns)
def test_columns_are_found_by_all_their_numbers(keys: list[tuple[int, int]], wanted: list[tuple[int, int]]) -> None:
    ours, theirs = (np.array(each, dtype=np.int64).reshape(-1, 2).T for each in (keys, wanted))
    assert among(theirs, ours).tolist() == [each in keys for each in wanted]
    once = distinct(ours)
    assert sorted(map(tuple, once.T.tolist())) == sorted(set(keys))
    place = find(once, theirs).tolist()
    assert [tuple(once[:, at].tolist()) if at >= 0 else None for at in place] == [
        each if each in keys else None for each in wanted
    ]


one_to_ones = st.tuples(st.integers(0, 1), st.integers(-1, 1), st.integers(0, 40), st.integers(0, 4), st.booleans())


@settings(max_examples=150)
@given(st.lists(one_to_ones, max_size=12))
def test_of_one_to_ones_only_those_are_asked_about_that_stand_where_some_overlap(
    met: list[tuple[int, int, int, int, bool]],
) -> None:
    """The place of the person, with whom, from when, how long, whether only the title says so."""
    who, partner, start, length, inferred = np.array(met, dtype=np.int64).reshape(-1, 5).T
    rows = np.arange(len(met))
    table = {"meeting": rows, "partner": partner, "start_s": start, "end_s": start + length, "inferred": inferred}
    table["private"] = np.zeros(len(met), dtype=np.int64)
    mine = [rows[who == person] for person in (0, 1)]
    counted = [row for each in mine for row in each[_counting(table, each, private=True)].tolist()]
    assert _apart(table, who, rows).tolist() == sorted(counted)
