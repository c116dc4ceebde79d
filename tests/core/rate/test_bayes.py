"""The rate: against the document's figures, against enumeration, integration and simulation, and against its laws."""

from __future__ import annotations

import dataclasses
from itertools import combinations, pairwise
from math import exp, factorial, inf, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from calsight.core.model.options import RateOptions
from calsight.core.rate import bayes
from calsight.core.rate.bayes import RatePath, rate_path, wary_of_each
from calsight.core.rate.grid import grid_of

OPTIONS = RateOptions()
#: What the reference points of the first design were computed with (docs/decisions/rate-prior.md).
FIRST = RateOptions(prior_shape=1.0, prior_weeks=1.0, change_weeks=26.0, at_risk_probability=0.8, burst_share=0.0)
#: Without bursts the formula can be written down and integrated.
POISSON = RateOptions(burst_share=0.0)
#: What the grid of rates may cost a probability.
GRID = 0.002


def p_low(counts: list[int], exposure: list[float] | None = None, options: RateOptions = OPTIONS) -> float:
    path = rate_path(counts, exposure or [1.0] * len(counts), options, intervals=False)
    return float(path.p_low[0, -1])


def last(counts: list[int], exposure: list[float] | None = None, options: RateOptions = OPTIONS) -> dict[str, float]:
    path = rate_path(counts, exposure or [1.0] * len(counts), options)
    return {name: float(values[0, -1]) for name, values in path._asdict().items()}


def then_none(before: int, weeks: int) -> list[int]:
    """26 weeks in all, the last `weeks` without a one-to-one."""
    return [before] * (26 - weeks) + [0] * weeks


REFERENCE = {
    # name: (counts, exposure of the last weeks, P(low) of the first design, P(low) today)
    "weekly": ([1] * 26, 1.0, 0.022, 0.0061),
    "fortnightly, the last week empty": ([1, 0] * 13, 1.0, 0.498, 0.5232),
    "fortnightly, the last week not": ([0, 1] * 13, 1.0, 0.455, 0.5091),
    # The document says "three weeks since, 0.868". That figure comes out where the latest one-to-one lies in the last week,
    # after three empty ones; with three empty weeks after it, as the words could be read, it is 0.944.
    "every fourth week, after three empty weeks": (([0, 1, 0, 0] * 7)[:26], 1.0, 0.868, 0.9487),
    "every fourth week, three empty weeks since": (([0, 0, 1, 0, 0, 0] + [1, 0, 0, 0] * 5), 1.0, 0.944, 0.9773),
    "none in 4 weeks": ([0] * 4, 1.0, 0.907, 0.9483),
    "none in 6 weeks": ([0] * 6, 1.0, 0.955, 0.9732),
    "none in 26 weeks": ([0] * 26, 1.0, 0.986, 0.9955),
    "weekly, then none for 4": (then_none(1, 4), 1.0, 0.416, 0.282),
    "weekly, then none for 6": (then_none(1, 6), 1.0, 0.700, 0.6203),
    "weekly, then none for 8": (then_none(1, 8), 1.0, 0.869, 0.8562),
    "two a week, then none for 3": (then_none(2, 3), 1.0, 0.605, 0.5922),
    "two a week, then none for 4": (then_none(2, 4), 1.0, 0.798, 0.8553),
    "two a week, then none for 5": (then_none(2, 5), 1.0, 0.889, 0.9489),
    "two a week, then three weeks of leave": (then_none(2, 3), 0.0, 0.002, 0.0004),
}


@pytest.mark.parametrize("name", REFERENCE)
def test_reference_points(name: str):
    """Those of docs/scoring.md: with the first design's prior, and with today's."""
    counts, away, first, today = REFERENCE[name]
    exposure = [1.0] * 23 + [away] * 3 if away == 0.0 else [1.0] * len(counts)
    assert len(counts) == len(exposure)
    assert p_low(counts, exposure, FIRST) == pytest.approx(first, abs=GRID)
    assert p_low(counts, exposure) == pytest.approx(today, abs=0.0005)


class TestAgainstOtherRoads:
    """The same numbers, found without the recursion, the grid, and SciPy's special functions."""

    @staticmethod
    def enumerated(counts: list[int], exposure: list[float], options: RateOptions, cut: float) -> tuple[float, float]:
        """P(rate < cut) and the mean, by listing every set of weeks in which a run may begin.

        Each run's likelihood and each integral over its last rate are done numerically, on the Gamma density itself.
        """
        a, b = options.prior_shape, options.prior_weeks
        normal, _ = quad(lambda rate: rate ** (a - 1) * exp(-b * rate), 0, inf)
        weeks = [w for w, e in enumerate(exposure) if e > 0]

        def integral(run: list[int], upper: float, power: int = 0) -> float:
            shape, length = a + sum(counts[w] for w in run) + power, b + sum(exposure[w] for w in run)
            # rate = t^2 takes the corner off the density where the shape is below 1
            value, _ = quad(
                lambda t: 2 * t ** (2 * shape - 1) * exp(-length * t * t), 0, upper**0.5 if upper < inf else inf
            )
            scale = prod(exposure[w] ** counts[w] / factorial(counts[w]) for w in run)
            return value * scale / normal

        total = below = mean = 0.0
        for number in range(len(weeks)):
            for starts in combinations(weeks[1:], number):
                weight = prod(
                    (h if w in starts else 1 - h)
                    for w in weeks[1:]
                    for h in [1 - (1 - 1 / options.change_weeks) ** exposure[w]]
                )
                bounds = [weeks[0], *starts, len(counts)]
                runs = [[w for w in weeks if x <= w < y] for x, y in pairwise(bounds)]
                weight *= prod(integral(run, inf) for run in runs[:-1])
                total += weight * integral(runs[-1], inf)
                below += weight * integral(runs[-1], cut)
                mean += weight * integral(runs[-1], inf, power=1)
        return below / total, mean / total

    @pytest.mark.parametrize("since", [-1, 7])
    def test_whoever_asks_for_the_newest_weeks_only_gets_those(self, since):
        rng = np.random.default_rng(9)
        counts, exposure = rng.poisson(0.6, (20, 12)), rng.choice([0.0, 0.6, 1.0], (20, 12))
        whole = rate_path(counts, exposure, intervals=False)
        newest = rate_path(counts, exposure, intervals=False, since=since)
        for name in RatePath._fields:
            ours, theirs = getattr(newest, name), getattr(whole, name)
            np.testing.assert_array_equal(ours[:, since:], theirs[:, since:])
        np.testing.assert_array_equal(newest.mean, whole.mean)

    @pytest.mark.parametrize(
        ("counts", "exposure"),
        [
            ([2, 3, 0, 0, 1], [1.0, 1.0, 1.0, 1.0, 0.4]),
            ([0, 1, 0, 4, 2, 3], [1.0, 0.8, 1.0, 1.0, 0.6, 1.0]),
            ([3, 5, 2, 0, 0], [1.0, 0.0, 0.2, 1.0, 1.0]),  # the five of the week without exposure are skipped
            ([0, 0, 0, 0], [1.0, 1.0, 1.0, 0.5]),
        ],
    )
    @pytest.mark.parametrize("options", [POISSON, FIRST], ids=["no bursts", "first"])
    def test_enumeration_of_all_change_points(self, counts, exposure, options):
        found = last(counts, exposure, options)
        below, mean = self.enumerated(counts, exposure, options, options.low)
        below_healthy, _ = self.enumerated(counts, exposure, options, options.healthy)
        assert found["p_low"] == pytest.approx(below, abs=GRID)
        assert found["p_below_healthy"] == pytest.approx(below_healthy, abs=GRID)
        assert found["mean"] == pytest.approx(mean, rel=0.005)

    @pytest.mark.parametrize("counts", [[2, 1, 0, 0], [0, 4, 0, 0]])
    def test_simulated_lives(self, counts):
        """Lives drawn from the model itself: among those with the same counts, the share below `low` is P(low)."""
        rng = np.random.default_rng(20260105)
        lives = 1_500_000
        bursts = rng.random(lives) < OPTIONS.burst_share

        def drawn() -> np.ndarray:
            return rng.gamma(OPTIONS.prior_shape, 1 / OPTIONS.prior_weeks, lives)

        def met(rate: np.ndarray) -> np.ndarray:
            spread = OPTIONS.burst_scatter - 1
            return rng.poisson(np.where(bursts, rng.gamma(rate / spread) * spread, rate))

        rate = drawn()
        alike = met(rate) == counts[0]
        for count in counts[1:]:
            rate = np.where(rng.random(lives) < 1 / OPTIONS.change_weeks, drawn(), rate)
            alike &= met(rate) == count
        found, kept = last(counts), rate[alike]
        assert kept.size > 1000
        error = 4 * (0.25 / kept.size) ** 0.5
        assert (kept < OPTIONS.low).mean() == pytest.approx(found["p_low"], abs=error)
        assert (kept < OPTIONS.healthy).mean() == pytest.approx(found["p_below_healthy"], abs=error)
        assert (kept < found["low"]).mean() == pytest.approx(0.1, abs=error)
        assert (kept < found["high"]).mean() == pytest.approx(0.9, abs=error)
        assert bursts[alike].mean() == pytest.approx(found["p_bursts"], abs=error)

    def test_a_rate_that_never_changes_is_the_textbook_gamma(self):
        steady = dataclasses.replace(POISSON, change_weeks=1e12)
        shape, weeks = OPTIONS.prior_shape + 7, OPTIONS.prior_weeks + 5.5
        found = last([2, 1, 0, 3, 1, 0], [1, 1, 1, 1, 1, 0.5], steady)
        assert found["mean"] == pytest.approx(shape / weeks, rel=0.001)
        density = quad(lambda x: x ** (shape - 1) * exp(-weeks * x), 0, inf)[0]
        for cut, share in ((found["low"], 0.1), (found["high"], 0.9)):
            assert quad(lambda x: x ** (shape - 1) * exp(-weeks * x), 0, cut)[0] / density == pytest.approx(
                share, abs=0.01
            )

    @pytest.mark.parametrize("per_week", [1, 4, 8, 15, 30, 60, 100])
    def test_however_many_there_are(self, per_week):
        steady = dataclasses.replace(POISSON, change_weeks=1e12)
        assert last([per_week] * 26, options=steady)["mean"] == pytest.approx((26 * per_week + 0.4) / 26.4, rel=0.02)


class TestChanges:
    def test_a_fall_is_seen_and_dated(self):
        found = last([3] * 18 + [0] * 6)
        assert found["p_fallen"] > 0.95
        assert found["change"] == 18
        assert found["before"] == pytest.approx(3, abs=0.2)
        assert found["after"] < 0.2

    def test_a_rise_is_a_change_and_no_fall(self):
        found = last([0] * 14 + [3] * 6)
        assert found["p_change"] > 0.95
        assert found["p_fallen"] < 0.01
        assert found["change"] == 14
        assert found["after"] > 2 * found["before"]

    def test_a_fall_long_ago_is_a_change_and_no_longer_fallen(self):
        found = last([3] * 12 + [0] * 14)
        assert found["change"] == 12
        assert found["p_change"] > 0.9
        assert found["p_fallen"] < 0.1

    def test_the_start_of_the_window_is_no_change(self):
        path = rate_path([0, 0, 0, 3, 3, 3, 3], [1] * 7)
        assert path.change[0, :4].tolist() == [-1] * 4
        assert path.p_change[0, :4].tolist() == [0.0] * 4

    def test_a_fall_from_much_to_plenty_is_no_alarm(self):
        assert last([9] * 18 + [3] * 6)["p_fallen"] < 0.05

    def test_how_deep_a_fall_must_be_is_a_setting(self):
        counts = [6] * 18 + [1] * 6
        assert last(counts)["p_fallen"] > 0.8
        assert last(counts, options=dataclasses.replace(OPTIONS, fallen_share=0.1))["p_fallen"] < 0.1

    def test_a_steady_life_shows_none(self):
        assert last([1, 2, 1, 1, 2, 1, 1] * 3)["p_change"] < 0.2


class TestShape:
    def test_weeks_without_exposure_repeat_and_early_ones_are_unknown(self):
        path = rate_path([0, 2, 5, 1], [0.0, 1.0, 0.0, 1.0])
        for name in RatePath._fields:
            values = getattr(path, name)[0]
            assert values.shape == (4,)
            if name not in ("seen", "change"):
                assert np.isnan(values[0])
            np.testing.assert_equal(values[2], values[1])
        assert path.change.tolist() == [[-1] * 4]

    def test_a_week_of_leave_after_each_week_changes_no_digit(self):
        counts, options = [3] * 8 + [0] * 6, dataclasses.replace(OPTIONS, recent_weeks=28)
        worked = rate_path(counts, [1.0] * 14, options)
        rested = rate_path([each for count in counts for each in (count, 7)], [1.0, 0.0] * 14, options)
        for name in RatePath._fields:
            values = getattr(rested, name)[0]
            np.testing.assert_array_equal(values[1::2], values[::2])
            if name not in ("change", "newest", "most"):  # these are about weeks, whatever happened in them
                assert values[::2] == pytest.approx(getattr(worked, name)[0], rel=1e-12, nan_ok=True)
        assert rested.change[0, ::2].tolist() == [2 * week if week > 0 else week for week in worked.change[0]]
        assert set(worked.change[0]) == {-1, 8}

    def test_the_newest_four_weeks(self):
        # The nine of a week without exposure are skipped; a fortnight of leave ages nothing.
        path = rate_path([1, 2, 9, 4, 5, 6, 0, 0], [0.5, 1.0, 0.0, 0.5, 1.0, 1.0, 0.0, 0.0])
        assert path.newest[0] == pytest.approx([1 / 0.5, 3 / 1.5, 3 / 1.5, 7 / 2, 11 / 2.5, *[15 / 2.5] * 3])
        assert path.most[0].tolist() == [1, 2, 2, 4, 5, *[6] * 3]

    def test_where_no_run_can_be_old_enough_none_is_low_and_old(self):
        never = dataclasses.replace(OPTIONS, run_weeks=100.0)
        assert last([2, 0, 1, 0, 0, 0, 1], options=never)["p_low_old"] == pytest.approx(0.0, abs=1e-12)

    def test_before_the_first_exposure_there_are_no_newest(self):
        path = rate_path([[0, 1, 2, 3]], [[0.0, 0.0, 1.0, 1.0]], intervals=False)
        assert np.isnan(path.newest[0]).tolist() == np.isnan(path.most[0]).tolist() == [True, True, False, False]
        assert path.newest[0, -1] == 2.5

    def test_a_silence_beyond_any_rhythm_is_judged_as_if_there_were_no_bursts(self):
        """Four rounds, and a silence far beyond the pauses between them."""
        weeks = [8, 0, 0, 0] * 4 + [0] * 14
        whole, without = last(weeks), last(weeks, options=POISSON)
        for name in ("p_low", "p_below_healthy", "p_wary"):
            assert whole[name] == pytest.approx(without[name])

    def test_to_ask_only_whoever_is_wary_is_to_ask_for_a_part_of_the_path(self):
        rng = np.random.default_rng(6)
        counts, exposure = rng.poisson(0.4, (30, 20)), rng.choice([0.0, 0.5, 1.0], (30, 20))
        path = rate_path(counts, exposure, OPTIONS, intervals=False)
        assert wary_of_each(counts, exposure, OPTIONS).tolist() == path.p_wary[:, -1].tolist()

    def test_a_single_week_is_the_newest(self):
        path = rate_path([2], [1.0], since=-1)
        assert (path.newest, path.most) == (2.0, 2.0)
        assert np.isfinite([path.p_low_old, path.p_change]).all()

    def test_whoever_is_sure_of_bursts_beforehand_stays_so(self):
        sure = last([1, 0, 2], options=dataclasses.replace(OPTIONS, burst_share=1.0))
        assert (sure["p_bursts"], np.isfinite(sure["p_wary"])) == (1.0, True)

    def test_nobody_and_no_weeks(self):
        assert rate_path(np.empty((0, 5)), np.empty((0, 5))).mean.shape == (0, 5)
        assert rate_path(np.empty((3, 0)), np.empty((3, 0))).mean.shape == (3, 0)

    def test_without_intervals_the_rest_is_the_same(self):
        counts, exposure = [2, 0, 1, 3], [1, 1, 0.5, 1]
        lean, full = rate_path(counts, exposure, intervals=False), rate_path(counts, exposure)
        assert np.isnan(lean.low).all()
        assert np.isnan(lean.high).all()
        np.testing.assert_equal(lean.p_low, full.p_low)

    @pytest.mark.parametrize(
        ("counts", "exposure"),
        [([1, 2], [1.0]), ([-1], [1.0]), ([1], [-0.1]), ([np.nan], [1.0]), ([[[1]]], [[[1.0]]])],
    )
    def test_nonsense_is_refused(self, counts, exposure):
        with pytest.raises(ValueError, match=r"counts"):
            rate_path(counts, exposure)

    def test_large_counts_stay_finite(self):
        path = rate_path([5000, 0, 5000, 1], [1.0, 1.0, 1e-6, 1.0])
        assert np.isfinite(path.mean).all()
        assert (path.low <= path.high).all()

    @pytest.mark.parametrize("counts", [[0, 200] * 26, [0] * 30 + [500] * 22])
    def test_nor_do_runs_that_weigh_nothing_any_more_spoil_it(self, counts):
        """No warning either: warnings are errors here."""
        path = rate_path(counts, [1.0] * 52, POISSON)
        assert np.isfinite(path.p_change).all()
        assert np.isfinite(path.p_low_old).all()


weeks_of_a_life = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from([0.0, 0.1, 0.4, 0.8, 1.0, 1.0, 1.0])), min_size=1, max_size=30
)
full_weeks = st.lists(st.integers(0, 6), min_size=2, max_size=30)


class TestLaws:
    @settings(max_examples=60)
    @given(weeks_of_a_life)
    def test_probabilities_and_intervals_make_sense(self, weeks):
        counts, exposure = zip(*weeks, strict=True)
        path = rate_path(counts, exposure)
        seen = np.cumsum(exposure) > 0
        for name in ("p_low", "p_below_healthy", "p_change", "p_fallen"):
            values = getattr(path, name)[0, seen]
            assert ((values >= 0) & (values <= 1)).all()
        assert (path.p_low[0, seen] <= path.p_below_healthy[0, seen]).all()
        assert (path.low[0, seen] < path.high[0, seen]).all()
        assert (path.p_fallen[0, seen] <= path.p_change[0, seen] + 1e-12).all()

    @settings(max_examples=60)
    @given(weeks_of_a_life)
    def test_the_interval_holds_what_it_says(self, weeks):
        counts, exposure = zip(*weeks, strict=True)
        found = last(list(counts), list(exposure))
        if np.isnan(found["low"]):
            return
        for edge, share in (("low", 0.1), ("high", 0.9)):
            below = rate_path(counts, exposure, dataclasses.replace(OPTIONS, low=found[edge]), intervals=False)
            raw = float(below.p_low[0, -1])
            if counts[-1]:  # after an empty week P(low) may be held at the week before's
                assert raw == pytest.approx(share, abs=0.03)  # with another `low` every cell lies elsewhere
            else:
                assert raw >= share - 0.03

    @settings(max_examples=80)
    @given(weeks_of_a_life)
    def test_one_more_in_the_latest_week_never_lowers_the_rate(self, weeks):
        """Where one-to-ones come one by one. Where they may come in bursts, one more can make a burst a little likelier."""
        counts, exposure = map(list, zip(*weeks, strict=True))
        more = [*counts[:-1], counts[-1] + 1]
        for options, slack in ((POISSON, 1e-12), (OPTIONS, 0.03)):
            a, b = last(counts, exposure, options), last(more, exposure, options)
            if not np.isnan(a["mean"]):
                assert b["mean"] >= a["mean"] or options is OPTIONS
                assert b["p_low"] <= a["p_low"] + slack
                assert b["p_below_healthy"] <= a["p_below_healthy"] + slack

    @settings(max_examples=100)
    @given(weeks_of_a_life, st.tuples(st.sampled_from([0.2, 1.0]), st.sampled_from([0.2, 1.0])))
    def test_leave_instead_of_an_empty_fortnight_never_looks_worse(self, weeks, fortnight):
        counts, exposure = map(list, zip(*weeks, strict=True))
        worked, away = p_low([*counts, 0, 0], [*exposure, *fortnight]), p_low([*counts, 0, 0], [*exposure, 0.0, 0.0])
        if not np.isnan(away):
            assert away <= worked

    @settings(max_examples=60)
    @given(weeks_of_a_life)
    def test_who_is_wary_of_bursts_weighs_them_more_and_asks_more_of_them(self, weeks):
        """The same from another side: as if bursts had been as likely beforehand as `wary_share` all along."""
        counts, exposure = map(list, zip(*weeks, strict=True))
        as_likely = dataclasses.replace(OPTIONS, burst_share=OPTIONS.wary_share)
        found, other = last(counts, exposure), last(counts, exposure, as_likely)
        if (
            np.isnan(found["mean"]) or not counts[-1]
        ):  # after an empty week a probability may be held at the week before's
            return
        more = OPTIONS.at_risk_bursts_probability / OPTIONS.at_risk_probability - 1
        assert found["p_wary"] == pytest.approx(other["p_low"] / (1 + more * other["p_bursts"]), abs=1e-9)
        assert found["p_low_old"] == pytest.approx(other["p_low_old"], abs=1e-9)

    def test_more_is_asked_of_bursts_only_where_they_are_to_be_surer(self):
        alike = dataclasses.replace(OPTIONS, at_risk_bursts_probability=OPTIONS.at_risk_probability)
        assert last([0, 4, 0, 0, 0])["p_wary"] < last([0, 4, 0, 0, 0], options=alike)["p_wary"] - 0.01

    def test_leave_never_looks_worse_even_where_the_probability_is_at_its_height(self):
        # Without the floor of an empty week the prior of a new run would lower P(low) here, from 0.99.
        for weeks in range(20, 80, 10):
            assert p_low([0] * weeks, [0.2] * weeks) <= p_low([0] * (weeks + 2), [0.2] * weeks + [1.0, 1.0])

    @settings(max_examples=12)
    @given(st.lists(full_weeks.map(lambda c: (c * 15)[:12]), min_size=2, max_size=6))
    def test_an_owners_digits_do_not_depend_on_the_others(self, owners):
        exposure = np.ones((len(owners), 12))
        exposure[::2, 3] = 0.0
        together = rate_path(owners, exposure)
        for row, counts in enumerate(owners):
            alone = rate_path(counts, exposure[row])
            for name in RatePath._fields:
                np.testing.assert_array_equal(getattr(together, name)[row], getattr(alone, name)[0])

    def test_nor_on_how_many_they_are(self, monkeypatch):
        """A few owners at a time are computed."""
        monkeypatch.setattr(bayes, "_MOST_TERMS", 3 * grid_of(RateOptions()).size)
        rng = np.random.default_rng(7)
        counts, exposure = rng.poisson(1.0, (7, 40)), rng.choice([0.0, 0.6, 1.0], (7, 40))
        together = rate_path(counts, exposure)
        alone = rate_path(counts[6], exposure[6])
        for name in RatePath._fields:
            np.testing.assert_array_equal(getattr(together, name)[6], getattr(alone, name)[0])

    def test_nor_on_whether_others_began_alike(self):
        """Those are one until their weeks differ, in whatever order they come."""
        rng = np.random.default_rng(8)
        counts, exposure = np.tile(rng.poisson(2.0, 12), (9, 1)), np.tile(rng.choice([0.0, 0.6, 1.0], 12), (9, 1))
        for row in range(1, 9):
            counts[row, 12 - row :] = rng.poisson(2.0, row)
            exposure[row, 12 - row // 2 :] = rng.choice([0.0, 0.6, 1.0], row // 2)
        order = rng.permutation(9)
        together = rate_path(counts[order], exposure[order])
        for row, at in enumerate(order):
            alone = rate_path(counts[at], exposure[at])
            for name in RatePath._fields:
                np.testing.assert_array_equal(getattr(together, name)[row], getattr(alone, name)[0])

    @given(full_weeks)
    @settings(max_examples=15)
    def test_the_past_is_what_was_known_then(self, counts):
        whole = rate_path(counts, [1.0] * len(counts))
        part = rate_path(counts[:-1], [1.0] * (len(counts) - 1))
        for name in RatePath._fields:
            np.testing.assert_array_equal(getattr(whole, name)[:, :-1], getattr(part, name))
