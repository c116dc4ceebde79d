"""No single one-to-one is to blame for what is said: none of the newest weeks, and of `at_risk` none of the older ones."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calsight.core.model.options import RateOptions
from calsight.core.rate.bayes import rate_path
from calsight.core.rate.levels import AT_RISK, OK, WATCH, level_of
from calsight.core.rate.newest import NEWEST, latest_level
from meeting_support import SOLO, assessment, at, meeting, one_to_one, weekly

OPTIONS = RateOptions()


def plain(counts: list[int], exposure: list[float] | None = None) -> int:
    return int(level_of(rate_path(counts, exposure or [1.0] * len(counts), OPTIONS, intervals=False), OPTIONS)[0, -1])


def said(counts: list[int], exposure: list[float] | None = None) -> int:
    return int(latest_level([counts], [exposure or [1.0] * len(counts)], OPTIONS)[0])


@st.composite
def weeks(draw: st.DrawFn) -> tuple[list[int], list[float]]:
    """Half a year with bursts, stops and leave, where levels lie close to each other."""
    parts = draw(st.lists(st.tuples(st.sampled_from([0, 0, 0, 1, 1, 2, 6]), st.integers(1, 6)), min_size=3, max_size=9))
    counts = [count for count, long in parts for count in [count] * long][-26:]
    newest = draw(st.lists(st.integers(0, 3), min_size=NEWEST, max_size=NEWEST))
    away = draw(st.sets(st.integers(0, len(counts) + NEWEST - 1), max_size=4))
    whole = [*counts, *newest]
    return whole, [0.0 if week in away else 1.0 for week in range(len(whole))]


@settings(max_examples=40)
@given(weeks(), st.integers(1, NEWEST))
def test_one_more_never_makes_it_worse(life, back):
    counts, exposure = life
    more = [*counts]
    more[-back] += 1
    before, after = said(counts, exposure), said(more, exposure)
    assert after <= before or before < OK
    assert before <= plain(counts, exposure)


def test_where_it_would_have():
    """Weeks that the formula alone judges worse for one more: it makes a burst likelier, and what came before it a low rate."""
    fewer = [0, 0, 0, 1, 0, 2, 0, 1, 2, 1, 1, 1, 1, 0, 0, 2, 7, 2, 2, 5, 2, 2, 2, 4, 0, 0]
    more = [*fewer[:-4], fewer[-4] + 1, *fewer[-3:]]
    assert (plain(fewer), plain(more)) == (OK, WATCH)
    assert (said(fewer), said(more)) == (OK, OK)


def test_where_none_of_the_newest_is_better_than_the_one_there_is():
    life = [1, 0, 1, 2, 0, 3, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2, 0, 4, 1, 2, 1, 0, 0, 0]
    assert (plain(life), said(life)) == (WATCH, OK)


def test_where_one_of_few_ways_is_better():
    """Without one of the two in the week before last, as if the rate had been falling for longer: one way of five."""
    life = [4, 3, 6, 2, 1, 2, 5, 3, 2, 1, 0, 0]
    ways = [[*life[:-4], *newest, 0, 0] for newest in ((0, 0), (0, 1), (1, 0), (1, 1), (2, 0))]
    assert [plain(way) for way in (life, *ways)] == [WATCH, AT_RISK, WATCH, WATCH, OK, WATCH]
    assert said(life) == OK


@pytest.mark.parametrize("week", [13, 14])
def test_one_that_ends_a_silence_does_not_make_its_weeks_count(week):
    """Four weeks of own entries only are silent by contrast; with one one-to-one among them the others no longer are."""
    usual = weekly([1] * 12, people=3)
    quiet = [meeting(SOLO, at(each)) for each in range(12, 16)]
    assert assessment([*usual, *quiet, one_to_one(at(week, 2))], weeks=16).flag.level == "ok"


def test_so_many_that_none_can_be_left_out_are_well_whatever_came_before():
    assert said([0] * 22 + [28, 0, 0, 0]) == OK


def test_whom_one_meets_on_leave_counts_for_nothing():
    on_leave = [1.0] * 23 + [0.0] + [1.0] * 2
    assert said([0] * 23 + [28, 0, 0], on_leave) == AT_RISK
    assert said([4, 3, 6, 2, 1, 2, 5, 3, 2, 1, 9, 0], [1.0] * 10 + [0.0, 1.0]) == said(
        [4, 3, 6, 2, 1, 2, 5, 3, 2, 1, 0]
    )


def test_leave_in_the_newest_weeks_takes_no_way_of_reading_them():
    """Without one of the two after it."""
    life, on_leave = [3, 5, 2, 6, 0, 2, 0, 0], [1.0] * 4 + [0.0] + [1.0] * 3
    assert (plain(life, on_leave), plain([3, 5, 2, 6, 0, 1, 0, 0], on_leave)) == (WATCH, OK)
    assert said(life, on_leave) == OK


def test_of_however_many_ways_it_is_the_best():
    """They are tried in batches, the first that is `ok` ends it; here there are 167, one by one and all together."""
    for before in ([7] * 22 + [0], [1] * 20 + [0, 0, 0]):
        life = [*before, 6, 5, 3, 0]
        ways = [[*before, *newest, 0] for newest in product(range(7), range(6), range(4))]
        path = rate_path(ways, np.ones_like(ways), OPTIONS, intervals=False)
        assert said(life) == level_of(path, OPTIONS)[:, -1].min()


def test_no_row_depends_on_another_and_nothing_is_made_better_that_no_part_is():
    rng = np.random.default_rng(5)
    counts = rng.poisson(rng.choice([0.2, 0.6, 1.5], (40, 1)), (40, 20))
    together = latest_level(counts, np.ones(counts.shape), OPTIONS)
    assert [said(row.tolist()) for row in counts] == together.tolist()
    assert (together <= level_of(rate_path(counts, np.ones(counts.shape), OPTIONS), OPTIONS)[:, -1]).all()


def test_no_flag_hangs_on_a_single_older_one_to_one():
    """Two of late may be the beginning of better times; that there was one in winter, too, does not make it less so."""
    life = [0, 0, 0, 1] + [0] * 19 + [1, 1, 0]
    without = [0] * 23 + [1, 1, 0]
    assert (plain(life), plain(without)) == (AT_RISK, WATCH)
    assert said(life) == WATCH
    assert said([0, 0, 0, 1] + [0] * 22) == AT_RISK


def test_what_lies_in_the_recent_weeks_is_not_left_out():
    """Half a year of next to nothing, however it came about: no older one-to-one is there to hang on."""
    assert said([0] * 13 + [1] + [0] * 12) == AT_RISK


@settings(max_examples=25)
@given(st.lists(st.sampled_from([0, 0, 0, 0, 1, 1, 2]), min_size=14, max_size=26))
def test_at_risk_holds_without_any_one_of_the_older(counts):
    older = range(len(counts) - OPTIONS.recent_weeks)
    ways = [[*counts[:week], counts[week] - 1, *counts[week + 1 :]] for week in older if counts[week]]
    if said(counts) == AT_RISK:
        path = rate_path([counts, *ways], np.ones((1 + len(ways), len(counts))), OPTIONS, intervals=False)
        assert (path.p_wary[:, -1] >= OPTIONS.at_risk_probability).all()
