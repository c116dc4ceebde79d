"""The pauses that an owner often makes: a rhythm of one's own is no fall (docs/scoring.md).

A *pause* is a stretch of `run_weeks` or more of exposure without a one-to-one, between two weeks with one. (Shorter ones are no
fall for anybody.) It is the owner's own if the usual rate came back after it: counted from where it began, one-to-ones came to
`low` a week, and did so within `pause_factor` (two) of its length plus one week. One round of ten after eleven quiet weeks is
such a return, a single talk inside a long quiet stretch is none.

Whether the rate is low is then asked over as long a span too: the last `pause_factor` of the longest such pause plus one week.
A pause counts once `run_weeks` have passed since its end: nothing newer than that decides how long the span is.

The other way round, a silence far beyond *any* earlier pause is no part of a rhythm (`beyond_any`). Were pauses without rule
(exponential), one after n others would be c times as long as the longest of them with chance Π k / (k + c), k from 1 to n: with
three others one in twenty is three times as long, with eight 1.4 times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from calsight.core.model.options import ALMOST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from calsight.core.model.options import RateOptions

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Bools = NDArray[np.bool_]


def usual_mean(counts: Floats, exposure: Floats, options: RateOptions) -> Floats:
    """One-to-ones a week over the owner's own span, at the end of each week; nan where no pause of theirs is known.

    Arrays are [owners, weeks]. Where an owner's weeks do not reach back as far as the span, those that there are count.
    """
    run = _running(counts, exposure)
    longest = longest_pause(counts, exposure, options)
    row, week = np.nonzero(longest)  # nobody else has a pause of their own
    span = options.pause_factor * (longest[row, week] + 1.0)
    # The first week that lies wholly inside the span that ends with each of these weeks.
    first = (run.seen_before[row] < (run.seen[row, week] - span)[:, None] - ALMOST).sum(axis=1)
    first = np.minimum(first, week)
    length = run.seen[row, week] - run.seen_before[row, first]
    found = np.full(counts.shape, np.nan)
    found[row, week] = (run.met[row, week] - run.met_before[row, first]) / length
    return found


def beyond_any(counts: Floats, exposure: Floats, options: RateOptions) -> Bools:
    """Whether the silence at the end of each week is too long for any rhythm of the owner's, [owners, weeks].

    It is if one so long would come about by chance at most `beyond_chance` of the times. Pauses count from a week on. Only
    even pauses make a rhythm: where one is much longer than the others they come by chance, which the scatter knows.
    """
    run = _running(counts, exposure)
    length, _, _ = _pauses(run)
    pauses = np.where(length >= 1.0 - ALMOST, length, 0.0)
    number = np.cumsum(pauses > 0, axis=1, dtype=np.int64)
    longest = np.maximum.accumulate(pauses, axis=1)
    mean = np.cumsum(pauses, axis=1) / np.maximum(number, 1)
    even = longest + 1.0 <= options.even_pauses * (mean + 1.0) + ALMOST
    silence = run.seen - np.maximum.accumulate(np.where(run.some, run.seen, 0.0), axis=1)
    found = np.zeros(counts.shape, dtype=bool)
    longer = even & (silence > longest)
    times = silence[longer] / (longest[longer] + 1.0)  # in steps of weeks: a pause of n may be n + 1
    found[longer] = _chance(number[longer], times) <= options.beyond_chance + ALMOST
    return found


def _chance(others: Ints, times: Floats) -> Floats:
    """How likely a pause without rule is so many times as long as the longest of some others; 1 where there are none."""
    chance = np.ones(len(others))
    for other in range(1, others.max(initial=1) + 1):
        chance *= np.where(other <= others, other / (other + times), 1.0)
    return chance


def longest_pause(counts: Floats, exposure: Floats, options: RateOptions) -> Floats:
    """The owner's longest own pause so far, in weeks of exposure, at the end of each week, [owners, weeks]; 0: none."""
    run = _running(counts, exposure)
    length, began, held = _pauses(run)
    row, end = np.nonzero(length >= options.run_weeks - ALMOST)
    length, began, held = (values[row, end, None] for values in (length, began, held))
    # Below, [pauses, weeks]: what was known of each pause at the end of each week.
    seen, over = run.seen[row], np.arange(counts.shape[1]) >= end[:, None]
    since = seen - began
    came_back = run.met[row] - held >= options.low * since - ALMOST
    in_time = since <= options.pause_factor * (length + 1.0) + ALMOST
    own = np.logical_or.accumulate(came_back & in_time & over, axis=1)
    ended = seen - run.seen_before[row, end, None] >= options.run_weeks - ALMOST
    known = np.where(own & ended & over, length, 0.0)
    found = np.zeros(counts.shape)
    first = np.flatnonzero(np.diff(row, prepend=-1))  # of each owner's pauses
    found[row[first]] = np.maximum.reduceat(known, first, axis=0)
    return found


def _pauses(run: _Running) -> tuple[Floats, Floats, Floats]:
    """How long the pause was that each week ended (0 if none), and exposure and one-to-ones when it began (-inf: never)."""
    began, held = _latest(np.where(run.some, run.seen, -np.inf)), _latest(np.where(run.some, run.met, -np.inf))
    return np.where(run.some & np.isfinite(began), run.seen_before - began, 0.0), began, held


class _Running(NamedTuple):
    """Exposure and one-to-ones up to the end of each week, and before it; and in which weeks there are `some` of these.

    Arrays are [owners, weeks]. Weeks without exposure hold no one-to-ones.
    """

    seen: Floats
    met: Floats
    seen_before: Floats
    met_before: Floats
    some: Bools


def _running(counts: Floats, exposure: Floats) -> _Running:
    counts = np.where(exposure > 0, counts, 0.0)
    seen, met = np.cumsum(exposure, axis=1), np.cumsum(counts, axis=1)
    return _Running(seen, met, _shifted(seen, 0.0), _shifted(met, 0.0), counts > 0)


def _latest(values: Floats) -> Floats:
    """The greatest value of the weeks before each."""
    return _shifted(np.maximum.accumulate(values, axis=1), -np.inf)


def _shifted(values: Floats, first: float) -> Floats:
    return np.concatenate([np.full((len(values), 1), first), values], axis=1)[:, :-1]
