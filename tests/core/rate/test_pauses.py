"""Which pauses are an owner's own."""

from __future__ import annotations

import numpy as np
import pytest

from calsight.core.model.options import RateOptions
from calsight.core.rate.levels import AT_RISK
from calsight.core.rate.newest import latest_level
from calsight.core.rate.pauses import beyond_any, longest_pause, usual_mean

OPTIONS = RateOptions()


def longest(counts: list[int], exposure: list[float] | None = None) -> float:
    y, e = np.array([counts], dtype=float), np.array([exposure or [1.0] * len(counts)])
    return float(longest_pause(y, e, OPTIONS)[0, -1])


def usual(counts: list[int], exposure: list[float] | None = None) -> float:
    y, e = np.array([counts], dtype=float), np.array([exposure or [1.0] * len(counts)])
    return float(usual_mean(y, e, OPTIONS)[0, -1])


QUARTERLY = ([8, 9] + [0] * 11) * 2


def test_somebody_who_has_all_one_to_ones_of_a_quarter_in_two_weeks():
    assert longest(QUARTERLY) == 11.0
    assert usual(QUARTERLY) == pytest.approx(17 / 24)  # over twice eleven weeks and one: the second round


def test_the_second_round_is_a_return_before_the_third():
    rounds = [0] * 5 + [10] + [0] * 11 + [10] + [0] * 9
    assert longest(rounds) == 11.0
    assert usual(rounds) == pytest.approx(20 / 24)
    for many, pause in ((6, 11.0), (5, 0.0)):  # five in twelve weeks are fewer than one a fortnight
        assert longest([min(met, many) for met in rounds]) == pause


@pytest.mark.parametrize("between", range(4, 14))
@pytest.mark.parametrize("a_week", [0.6, 0.8, 1.0, 2.0])
def test_even_rounds_of_which_two_are_known_are_never_at_risk(between: int, a_week: float):
    rows = np.zeros((between, 27))
    for since, weeks in enumerate(rows):  # so long ago is the last
        weeks[26 - since :: -between] = np.ceil(a_week * between)
    twice = rows[(rows > 0).sum(axis=1) > 1]
    assert AT_RISK not in latest_level(twice, np.ones(twice.shape), OPTIONS)


@pytest.mark.parametrize(("weeks", "met", "own"), [(5, 5, 5.0), (6, 5, 0.0), (6, 6, 0.0), (5, 4, 0.0)])
def test_the_usual_rate_comes_back_within_twice_the_pause_and_one_week(weeks: int, met: int, own: float):
    """Twelve weeks after the last one-to-one before it there must have been six again."""
    assert longest([3] * 8 + [0] * 5 + [1] + [0] * weeks + [met]) == own


def test_a_single_talk_inside_a_long_quiet_stretch_makes_no_pause_of_it():
    fallen = [1, 2] * 6 + [0] * 6 + [1] + [0] * 6
    assert longest(fallen) == 0.0
    assert np.isnan(usual(fallen))


def test_a_pause_shorter_than_a_fall_may_be_is_none():
    assert longest([2, 0, 0, 0] * 5 + [2] * 6) == 0.0
    assert longest([4, 0, 0, 0, 0] * 5 + [4] * 6) == 4.0


def test_where_there_are_fewer_weeks_than_the_span_those_there_are_count():
    assert usual([3] * 2 + [0] * 6 + [3] * 5) == pytest.approx(21 / 13)  # over twice six weeks and one


def test_leave_takes_nothing_from_the_usual_rate():
    with_leave = [*QUARTERLY[:20], 9, *QUARTERLY[20:]]
    assert usual(with_leave, [1.0] * 20 + [0.0] + [1.0] * 6) == usual(QUARTERLY)


def test_how_long_a_pause_must_be_is_a_setting():
    fortnightly = np.array([[2, 0] * 8], dtype=float)
    one_week = RateOptions(run_weeks=1.0)
    assert longest_pause(fortnightly, np.ones_like(fortnightly), one_week)[0, -1] == 1.0
    assert usual_mean(fortnightly, np.ones_like(fortnightly), one_week)[0, -1] == 1.0  # over twice one week and one


def test_a_pause_counts_once_four_weeks_have_passed_since():
    busy_again = [3] * 8 + [0] * 5 + [3] * 6
    assert [longest(busy_again[:weeks]) for weeks in (13, 16, 17, 19)] == [0.0, 0.0, 5.0, 5.0]


def test_leave_is_no_pause():
    counts, exposure = [3] * 8 + [0] * 6 + [3] * 8, [1.0] * 8 + [0.0] * 6 + [1.0] * 8
    assert longest(counts, exposure) == 0.0
    assert longest(counts, [1.0] * 8 + [0.8] * 6 + [1.0] * 8) == pytest.approx(4.8)


def test_each_row_for_itself_and_the_past_as_it_was_known():
    rng = np.random.default_rng(3)
    counts = rng.poisson(3, (20, 40)) * (rng.random((20, 40)) < 0.25)
    exposure = rng.choice([0.0, 0.6, 1.0, 1.0], (20, 40))
    together = usual_mean(counts.astype(float), exposure, OPTIONS)
    assert np.isfinite(together).any()
    for row in range(20):
        alone = usual_mean(counts[row : row + 1, :30].astype(float), exposure[row : row + 1, :30], OPTIONS)
        np.testing.assert_array_equal(together[row, :30], alone[0])


def test_what_is_newer_than_four_weeks_never_shortens_the_span():
    rng = np.random.default_rng(4)
    counts = rng.poisson(3, (200, 30)) * (rng.random((200, 30)) < 0.25)
    exposure = np.ones((200, 30))
    for back in range(1, 5):
        more = counts.copy()
        more[:, -back] += 1
        before, after = (longest_pause(y.astype(float), exposure, OPTIONS)[:, -1] for y in (counts, more))
        assert (after >= before).all()


class TestBeyondAny:
    @staticmethod
    def beyond(counts: list[int]) -> list[bool]:
        y = np.array([counts], dtype=float)
        return list(beyond_any(y, np.ones_like(y), OPTIONS)[0])

    def test_three_rounds_and_three_times_their_pause(self):
        silent = self.beyond([8, 0, 0, 0] * 4 + [0] * 12)
        assert silent.index(True) == 12 + 12  # the last round, and three times three weeks and one

    def test_the_more_pauses_are_known_the_sooner(self):
        first = [
            self.beyond([8, 0, 0, 0] * rounds + [0] * 30).index(True) - 4 * (rounds - 1) for rounds in (3, 4, 6, 9)
        ]
        assert first == sorted(first, reverse=True)
        assert first[0] > first[1] > first[-1]

    def test_one_pause_is_a_rhythm_for_whoever_waits_long_enough(self):
        """One in twenty is nineteen times as long as one other, in steps of weeks."""
        assert self.beyond([2, 0, 2] + [0] * 40).index(True) == 2 + 19 * 2
        assert self.beyond([2, 0, 0, 0, 2] + [0] * 80).index(True) == 4 + 19 * 4

    def test_what_is_no_longer_than_a_pause_is_within_the_rhythm_however_often_there_was_one(self):
        assert not any(self.beyond([1, 0] * 400))

    def test_half_a_week_is_none(self):
        y = np.array([[4, 0] * 6 + [0] * 60], dtype=float)
        assert not beyond_any(y, np.full_like(y, 0.5), OPTIONS).any()

    def test_a_week_is_a_pause_already(self):
        assert any(self.beyond([4, 0] * 6 + [0] * 20))

    def test_whom_they_meet_on_leave_ends_no_silence(self):
        counts = np.array([[8, 0, 0, 0] * 4 + [0] * 6 + [met] + [0] * 8 for met in (0, 5)], dtype=float)
        exposure = np.ones_like(counts)
        exposure[:, 22] = 0.0
        without, with_one = beyond_any(counts, exposure, OPTIONS).tolist()
        assert without[-1]
        assert with_one == without

    @pytest.mark.parametrize(("even_pauses", "even"), [(1.6, True), (1.59, False)])
    def test_pauses_are_even_up_to_so_many_times_their_mean(self, even_pauses: float, even: bool):
        """Three of three weeks and one of seven: 4 on average, and in steps of weeks 5 and 8."""
        y = np.array([[2, 0, 0, 0] * 3 + [2] + [0] * 7 + [2] + [0] * 40], dtype=float)
        assert beyond_any(y, np.ones_like(y), RateOptions(even_pauses=even_pauses)).any() == even

    def test_each_row_is_judged_by_its_own_pauses(self):
        rows = np.array([[2, 0, 2] + [0] * 45, [2, 0] * 6 + [0] * 36], dtype=float)
        together = beyond_any(rows, np.ones_like(rows), OPTIONS)
        assert together.any(axis=1).all()
        assert together.tolist() == [self.beyond(row.tolist()) for row in rows]

    def test_who_never_paused_has_no_rhythm_to_go_beyond(self):
        assert not any(self.beyond([2] * 10 + [0] * 20))

    def test_the_chance_is_that_of_pauses_without_rule(self):
        """Of three exponential pauses the longest, and a fourth: as often beyond three times it as the formula says."""
        rng = np.random.default_rng(8)
        pauses = rng.exponential(size=(400_000, 4))
        assert (pauses[:, 3] > 3 * pauses[:, :3].max(axis=1)).mean() == pytest.approx(0.05, abs=0.002)
