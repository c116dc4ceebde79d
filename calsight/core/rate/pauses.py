"""The pauses that an owner often makes: a rhythm of one's own is no fall (docs/scoring.md).

A *pause* is a stretch of `run_weeks` or more of exposure without a one-to-one, between two weeks with one. (Shorter ones are no
fall for anybody.) It is the owner's own if the usual rate came back after it: counted from where it began, one-to-ones came to
`low` a week, and did so within `pause_factor` (two) of its length plus one week. One round of ten after eleven quiet weeks is
such a return, a single talk inside a long quiet stretch is none.

Whether the rate is low is then asked over as long a span too: the last `pause_factor` of the longest such pause plus one week.
A pause counts once `run_weeks` have passed since its end: nothing newer than that decides how long the span is.

The other way round, a silence far beyond *any* earlier pause is no part of a rhythm (`beyond_any`). Were pauses without rule
(exponential), one after n others would be c times as long as the longest of them with chance n·B(n, c + 1), B being Euler's
beta function: with three others one in twenty is three times as long, with eight 1.4 times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from calsight.core.model.options import ALMOST
from calsight.core.rate.special import ln_beta

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from calsight.core.model.options import RateOptions

    Floats = NDArray[np.float64]
    Bools = NDArray[np.bool_]


def usual_mean(counts: Floats, exposure: Floats, options: RateOptions) -> Floats:
    """One-to-ones a week over the owner's own span, at the end of each week; nan where no pause of theirs is known.

    Arrays are [owners, weeks]. Where an owner's weeks do not reach back as far as the span, those that there are count.
    """
    length, _, _ = _pauses(counts, exposure)
    paused = (length >= options.run_weeks - ALMOST).any(axis=1)  # nobody else has a pause of their own
    found = np.full(counts.shape, np.nan)
    found[paused] = _over_own_span(counts[paused], exposure[paused], options)
    return found


def _over_own_span(counts: Floats, exposure: Floats, options: RateOptions) -> Floats:
    seen, total, seen_before, total_before = _running(counts, exposure)
    longest = longest_pause(counts, exposure, options)
    span = options.pause_factor * (longest + 1.0)
    # The first week that lies wholly inside the span that ends with each week; [owners, weeks, weeks before].
    first = (seen_before[:, None, :] < (seen - span)[:, :, None] - ALMOST).sum(axis=2)
    first = np.minimum(first, np.arange(seen.shape[1]))
    length = seen - np.take_along_axis(seen_before, first, axis=1)
    met = total - np.take_along_axis(total_before, first, axis=1)
    return np.asarray(met / np.where(longest > 0, length, np.nan))


def beyond_any(counts: Floats, exposure: Floats, options: RateOptions) -> Bools:
    """Whether the silence at the end of each week is too long for any rhythm of the owner's, [owners, weeks].

    It is if one so long would come about by chance at most `beyond_chance` of the times. Pauses count from a week on. Only
    even pauses make a rhythm: where one is much longer than the others they come by chance, which the scatter knows.
    """
    seen, _, _, _ = _running(counts, exposure)
    length, _, _ = _pauses(counts, exposure)
    pauses = length >= 1.0 - ALMOST
    number = np.cumsum(pauses, axis=1)
    longest = np.maximum.accumulate(np.where(pauses, length, 0.0), axis=1)
    mean = np.cumsum(np.where(pauses, length, 0.0), axis=1) / np.maximum(number, 1)
    even = longest + 1.0 <= options.even_pauses * (mean + 1.0) + ALMOST
    met = (exposure > 0) & (counts > 0)
    silence = seen - np.maximum.accumulate(np.where(met, seen, 0.0), axis=1)
    found = np.zeros(counts.shape, dtype=bool)
    rhythm = (number > 0) & even & (silence > 0)  # without a silence the chance is 1
    many, steps = number[rhythm], longest[rhythm] + 1.0  # in steps of weeks: a pause of n may be n + 1
    chance = many * np.exp(ln_beta(many, silence[rhythm] / steps + 1.0))
    found[rhythm] = chance <= options.beyond_chance + ALMOST
    return found


def longest_pause(counts: Floats, exposure: Floats, options: RateOptions) -> Floats:
    """The owner's longest own pause so far, in weeks of exposure, at the end of each week, [owners, weeks]; 0: none."""
    seen, total, seen_before, _ = _running(counts, exposure)
    length, began, held = _pauses(counts, exposure)
    span = options.pause_factor * (length + 1.0)
    # Below, [owners, weeks, pauses]: what was known of each pause at the end of each week.
    weeks = np.arange(counts.shape[1])
    over = weeks[:, None] >= weeks
    with np.errstate(invalid="ignore"):  # no pause ends before the first one-to-one
        since = seen[:, :, None] - began[:, None, :]
        came_back = total[:, :, None] - held[:, None, :] >= options.low * since - ALMOST
        in_time = since <= (span + ALMOST)[:, None, :]
    own = np.logical_or.accumulate(came_back & in_time & over, axis=1)
    ended = seen[:, :, None] - seen_before[:, None, :] >= options.run_weeks - ALMOST
    long = (length >= options.run_weeks - ALMOST)[:, None, :]
    return np.asarray(np.where(own & ended & over & long, length[:, None, :], 0.0).max(axis=2, initial=0.0))


def _pauses(counts: Floats, exposure: Floats) -> tuple[Floats, Floats, Floats]:
    """How long the pause was that each week ended (0 if none), and exposure and one-to-ones when it began (-inf: never)."""
    seen, total, seen_before, _ = _running(counts, exposure)
    met = (exposure > 0) & (counts > 0)
    began, held = _latest(np.where(met, seen, -np.inf)), _latest(np.where(met, total, -np.inf))
    return np.where(met & np.isfinite(began), seen_before - began, 0.0), began, held


def _running(counts: Floats, exposure: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Exposure and one-to-ones up to the end of each week, and before it. Weeks without exposure hold no one-to-ones."""
    counts = np.where(exposure > 0, counts, 0.0)
    seen, total = np.cumsum(exposure, axis=1), np.cumsum(counts, axis=1)
    return seen, total, _shifted(seen, 0.0), _shifted(total, 0.0)


def _latest(values: Floats) -> Floats:
    """The greatest value of the weeks before each."""
    return _shifted(np.maximum.accumulate(values, axis=1), -np.inf)


def _shifted(values: Floats, first: float) -> Floats:
    return np.concatenate([np.full((len(values), 1), first), values], axis=1)[:, :-1]
