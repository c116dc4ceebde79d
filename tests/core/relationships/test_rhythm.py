"""Is a tie alive? The formulas against independent references."""

from __future__ import annotations

from math import gamma

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats

from calsight.core.model.options import RelationshipOptions
from calsight.core.relationships import rhythm
from calsight.core.relationships.rhythm import (
    Gaps,
    active_from,
    gaps,
    mean_gap,
    p_alive,
    regularity,
    survival,
    tie_strength,
)

OPTIONS = RelationshipOptions()


def one(*between: float, silence: float) -> Gaps:
    """The gaps of one person."""
    return gaps_of([between], [silence])


def gaps_of(between: list[tuple[float, ...]], silence: list[float]) -> Gaps:
    return Gaps(
        np.array([float(len(b)) for b in between]),
        np.array([sum(b) for b in between], dtype=float),
        np.array([sum(gap**2 for gap in b) for b in between], dtype=float),
        np.array(silence, dtype=float),
    )


def alive(*between: float, silence: float) -> float:
    return float(p_alive(one(*between, silence=silence), OPTIONS)[0])


WEEKLY, FORTNIGHTLY, MONTHLY = [1.0] * 12, [2.0] * 8, [4.0] * 5
lengths = st.floats(0.2, 30)
rhythms = st.lists(st.floats(0.2, 15), max_size=15)


class TestGaps:
    def test_days_become_gaps_and_a_silence(self):
        found = gaps([0, 0, 0], [1.0, 3.0, 6.0], now=10, people=1)
        assert (found.count[0], found.total[0], found.squares[0], found.silence[0]) == (2, 5, 13, 4)

    def test_the_order_of_days_and_repeated_days_do_not_matter(self):
        tidy = gaps([0, 0, 1, 1], [1.0, 3.0, 2.0, 5.0], now=9, people=2)
        jumbled = gaps([1, 0, 0, 1, 0], [5.0, 3.0, 1.0, 2.0, 3.0], now=9, people=2)
        for name in ("count", "total", "squares", "silence"):
            assert np.array_equal(getattr(tidy, name), getattr(jumbled, name))

    def test_a_single_day_has_no_gap_and_nobody_met_is_not_alive(self):
        found = gaps([0], [4.0], now=6, people=2)
        assert list(found.count) == [0, 0]
        assert found.silence[0] == 2
        assert np.isinf(found.silence[1])
        assert p_alive(found, OPTIONS)[1] == 0

    def test_a_day_after_now_is_an_error(self):
        with pytest.raises(ValueError, match="after now"):
            gaps([0], [4.0], now=3, people=1)

    @given(st.lists(rhythms, min_size=1, max_size=6), st.data())
    def test_everyone_at_once_is_everyone_alone(self, people: list[list[float]], data: st.DataObject):
        silences = [data.draw(lengths) for _ in people]
        together = p_alive(gaps_of([tuple(b) for b in people], silences), OPTIONS)
        apart = [alive(*between, silence=silence) for between, silence in zip(people, silences, strict=True)]
        assert list(together) == apart


class TestRhythm:
    def test_before_the_first_gap_the_prior_speaks(self):
        assert mean_gap(one(silence=1), OPTIONS)[0] == OPTIONS.prior_gap_weeks

    def test_many_gaps_outweigh_the_prior(self):
        assert mean_gap(one(*[1.0] * 200, silence=1), OPTIONS)[0] == pytest.approx(1, abs=0.06)

    def test_clockwork_is_more_regular_than_chance_and_chance_than_bursts(self):
        clockwork = one(*[2.0] * 20, silence=1)
        chance = one(*np.random.default_rng(1).exponential(2, 20), silence=1)
        bursts = one(*([0.2, 0.2, 0.2, 9.0] * 5), silence=1)
        values = [float(regularity(known, OPTIONS)[0]) for known in (clockwork, chance, bursts)]
        assert values == sorted(values, reverse=True)
        assert 0.5 <= values[2] < 1 < values[0] <= 10


class TestSurvival:
    @pytest.mark.parametrize("regular", [0.5, 1.0, 2.0, 4.0, 10.0])
    def test_it_is_scipys_burr_distribution(self, regular: float):
        c, shape = OPTIONS.gap_evidence, np.sqrt(regular)
        silence, mean = np.linspace(0, 20, 41), 3.0
        scale = mean / gamma(1 + 1 / shape)
        burr = stats.burr12(c=shape, d=c, scale=scale * c ** (1 / shape))
        assert survival(silence, mean, regular, OPTIONS) == pytest.approx(burr.sf(silence), abs=1e-12)

    def test_it_is_weibull_gaps_whose_rate_is_as_uncertain_as_some_gaps_leave_it(self):
        rng = np.random.default_rng(7)
        c, shape, mean, n = OPTIONS.gap_evidence, np.sqrt(2.0), 3.0, 400_000
        scale = mean / gamma(1 + 1 / shape)
        uncertain = rng.gamma(c, 1 / c, n) ** (-1 / shape)  # the rate is Gamma-distributed with mean 1
        drawn = scale * uncertain * rng.weibull(shape, n)
        for silence in (0.5, 2.0, 5.0, 12.0):
            assert survival(silence, mean, 2.0, OPTIONS) == pytest.approx((drawn > silence).mean(), abs=0.003)

    @given(lengths, lengths, st.floats(0.5, 10))
    def test_it_starts_at_one_and_falls(self, silence: float, mean: float, regular: float):
        start, now, later = survival([0.0, silence, silence + 1], mean, regular, OPTIONS)
        assert start == 1
        assert 1 >= now >= later >= 0


class TestAlive:
    @pytest.mark.parametrize("between", [WEEKLY, FORTNIGHTLY, MONTHLY, [], [0.2, 5, 1, 0.4, 6, 3]])
    @pytest.mark.parametrize("silence", [0.5, 2.0, 6.0, 13.0, 25.0])
    def test_it_is_bayes_rule_over_the_moment_of_the_end(self, between: list[float], silence: float):
        known = one(*between, silence=silence)
        mean, regular = mean_gap(known, OPTIONS)[0], regularity(known, OPTIONS)[0]
        end = OPTIONS.ends_per_year / 52

        def silent(u: float) -> float:
            return float(survival(u, mean, regular, OPTIONS))

        lives = np.exp(-end * silence) * silent(silence)
        ended = integrate.quad(lambda u: end * np.exp(-end * u) * silent(u), 0, silence, points=[mean], limit=200)[0]
        assert alive(*between, silence=silence) == pytest.approx(lives / (lives + ended), abs=5e-4)

    def test_it_is_the_share_of_the_living_among_simulated_silent_ties(self):
        rng = np.random.default_rng(3)
        known = one(*FORTNIGHTLY, silence=4)
        mean, regular = mean_gap(known, OPTIONS)[0], regularity(known, OPTIONS)[0]
        n, shape, c = 1_000_000, np.sqrt(regular), OPTIONS.gap_evidence
        scale = mean / gamma(1 + 1 / shape)
        gap = scale * rng.gamma(c, 1 / c, n) ** (-1 / shape) * rng.weibull(shape, n)
        end = rng.exponential(52, n)
        silent = gap > np.minimum(end, 4.0)  # no meeting before the end, or within four weeks
        assert alive(*FORTNIGHTLY, silence=4) == pytest.approx((end[silent] > 4).mean(), abs=0.005)

    @given(rhythms, lengths)
    def test_silence_only_lowers_it(self, between: list[float], silence: float):
        assert 1 > alive(*between, silence=silence) >= alive(*between, silence=silence * 1.5) >= 0

    def test_however_many_are_in_memory_at_once(self, monkeypatch: pytest.MonkeyPatch):
        found = gaps([0, 0, 1, 2, 2, 3, 4], [1.0, 3.0, 2.0, 0.0, 8.0, 9.0, 5.0], now=9, people=6)
        together = p_alive(found, OPTIONS).tolist()
        monkeypatch.setattr(rhythm, "_TOGETHER", 2)
        assert p_alive(found, OPTIONS).tolist() == together

    def test_someone_met_today_is_alive(self):
        assert alive(silence=0) == 1
        assert alive(*WEEKLY, silence=0) == 1

    @pytest.mark.parametrize(
        ("between", "active", "cooling", "dormant"),
        [(WEEKLY, 3, 5, 7), (FORTNIGHTLY, 4, 6, 10), (MONTHLY, 6, 10, 18), ([], 8, 16, 30)],
    )
    def test_what_the_statuses_mean(self, between: list[float], active: float, cooling: float, dormant: float):
        assert alive(*between, silence=active) >= OPTIONS.active
        assert OPTIONS.cooling <= alive(*between, silence=cooling) < OPTIONS.active
        assert alive(*between, silence=dormant) < OPTIONS.cooling


def test_a_tie_weighs_half_after_each_half_life():
    strength = tie_strength([0, 0, 1], [0, 28, 56], people=3, options=OPTIONS)
    assert list(strength) == [1.5, 0.25, 0]


def test_most_who_meet_each_quarter_are_active_until_they_meet_again():
    """Half a year shows two or three of their days: silence alone is no sign that the tie has ended."""
    rng = np.random.default_rng(13)
    first = rng.uniform(0, 13, 2000)
    days = first[:, None] + np.cumsum(np.column_stack([np.zeros(2000), rng.normal(13, 2, (2000, 2))]), axis=1)
    who, met = np.nonzero(days < 26)
    found = p_alive(gaps(who, days[who, met], now=26.0, people=2000), OPTIONS)
    assert (found < OPTIONS.active).mean() < 0.1


def test_the_fewer_gaps_are_known_the_less_is_asked_of_a_tie():
    options = RelationshipOptions(active=0.6, active_once=0.52, prior_gaps=1.0)
    assert active_from(np.array([0.0, 1.0, 3.0]), options) == pytest.approx([0.52, 0.56, 0.58])


def test_and_never_more_than_of_one_whose_rhythm_is_known():
    options = RelationshipOptions(active=0.6, active_once=0.7)
    assert active_from(np.array([0.0, 3.0]), options) == pytest.approx([0.6, 0.6])
