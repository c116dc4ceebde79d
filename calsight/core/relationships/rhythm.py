"""Is a tie alive? All people at once, on NumPy arrays; one entry a person, time in weeks (docs/relationships.md).

For one person: x gaps between the days on which they met the owner, their sum t and sum of squares q, and the silence g since
the last such day; the owner's absences are taken out of all of them.

    m = (n0·m0 + t) / (n0 + x)                  shrunk mean gap: prior n0 = 1 gap of m0 = 9 weeks
    k = clip((x + 3) / (Σ(gap - m)²/m² + 2), 0.5, 10)   regularity: 1 where the next meeting may come at any time
    S(u) = (1 + (Γ(1 + 1/√k)·u/m)^√k / c)^-c    chance that a living tie is silent for u;  c = 3
    P_alive = e^(-δg)·S(g) / ( e^(-δg)·S(g) + ∫₀^g δ·e^(-δu)·S(u) du )

S is a Burr XII survival function: Weibull gaps of shape √k (about 1/√k of the mean is their deviation) whose rate is itself
uncertain, known as well as c gaps tell. δ = `ends_per_year` / 52 is how often ties end. The integral, over the moment at which
the tie may have ended, is a 24-point Gauss-Legendre sum. Why this form: docs/decisions/rhythm-of-a-tie.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from calsight.core.model.options import RelationshipOptions
from calsight.core.rate.special import gamma, legendre

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

WEEKS_A_YEAR = 52.0
_REGULARITY = (0.5, 10.0)
_PRIOR_REGULARITY = (3.0, 2.0)
_NODES = 24
_TOGETHER = 4_000  # people in memory at once: what is worked out of them stays in a processor's cache


@dataclass(frozen=True, slots=True)
class Gaps:
    """The gaps of each person, by index; weeks, absences taken out.

    count      x: how many gaps there are (one fewer than days met; 0 for a single day)
    total      t: their sum
    squares    the sum of their squares
    silence    g: from the last day met until now
    """

    count: Floats
    total: Floats
    squares: Floats
    silence: Floats


def gaps(person: ArrayLike, moment: ArrayLike, *, now: float, people: int) -> Gaps:
    """The gaps of `people` persons from their days: `person[i]` (0 ≤ index < `people`) met the owner at `moment[i]` weeks.

    The same moment twice counts once. Someone with no day at all has an infinite silence. Raises ValueError for a moment
    after `now`.
    """
    who = np.asarray(person, dtype=np.int64)
    when = np.asarray(moment, dtype=np.float64)
    if when.size and when.max() > now:
        raise ValueError("a meeting lies after now")
    order = np.lexsort((when, who))
    who, when = who[order], when[order]
    same = who[1:] == who[:-1]
    gap = np.diff(when)
    counted = same & (gap > 0)
    owner, gap = who[1:][counted], gap[counted]
    last = np.full(people, -np.inf)
    np.maximum.at(last, who, when)
    return Gaps(
        count=np.bincount(owner, minlength=people).astype(np.float64),
        total=_sums(owner, gap, people),
        squares=_sums(owner, gap**2, people),
        silence=now - last,
    )


def mean_gap(gaps: Gaps, options: RelationshipOptions) -> Floats:
    """m: the mean gap, shrunk towards the prior, in weeks."""
    prior = options.prior_gaps
    return (prior * options.prior_gap_weeks + gaps.total) / (prior + gaps.count)


def regularity(gaps: Gaps, options: RelationshipOptions) -> Floats:
    """k: below 1 for bursts, 1 for meetings that may come at any time, up to 10 for clockwork."""
    m = mean_gap(gaps, options)
    spread = np.maximum(gaps.squares - 2 * m * gaps.total + gaps.count * m**2, 0.0) / m**2
    of, over = _PRIOR_REGULARITY
    return np.asarray(np.clip((gaps.count + of) / (spread + over), *_REGULARITY))


def survival(silence: ArrayLike, mean: ArrayLike, regular: ArrayLike, options: RelationshipOptions) -> Floats:
    """S: the chance that a living tie of that mean gap and regularity is silent for so many weeks. Arrays broadcast."""
    shape = np.sqrt(np.asarray(regular, dtype=np.float64))
    scale = np.asarray(mean, dtype=np.float64) / gamma(1 + 1 / shape)
    with np.errstate(divide="ignore"):  # the logarithm of no silence is -inf, and S(0) = 1
        power = np.exp(shape * np.log(np.asarray(silence, dtype=np.float64) / scale))
    c = options.gap_evidence
    return np.asarray(np.exp(-c * np.log1p(power / c)))


def p_alive(gaps: Gaps, options: RelationshipOptions) -> Floats:
    """The probability that each tie is still alive, from its own rhythm; 0 for someone who was never met."""
    met = np.isfinite(gaps.silence)
    g = np.where(met, gaps.silence, 0.0)
    m, k = mean_gap(gaps, options), regularity(gaps, options)
    end = options.ends_per_year / WEEKS_A_YEAR
    nodes, weights = _legendre()
    ended = np.empty_like(g)
    for begin in range(0, len(g), _TOGETHER):
        some = slice(begin, begin + _TOGETHER)
        u = g[some, None] * nodes
        # Not a matrix product: its last digits would depend on how many people there are.
        terms = weights * np.exp(-end * u) * survival(u, m[some, None], k[some, None], options)
        ended[some] = end * g[some] * terms.sum(axis=1)
    lives = np.exp(-end * g) * survival(g, m, k, options)
    return np.where(met, lives / (lives + ended), 0.0)


def active_from(gaps: Any, options: RelationshipOptions) -> Any:
    """The P(alive) from which a tie of so many gaps (a number, or an array of many ties') is active.

    Less is asked the less is known: one gap says little of how long the next may be.
    """
    unknown = options.prior_gaps / (options.prior_gaps + gaps)
    return options.active - unknown * max(0.0, options.active - options.active_once)


def tie_strength(person: ArrayLike, age_days: ArrayLike, *, people: int, options: RelationshipOptions) -> Floats:
    """s: what the interactions of each person still weigh, Σ 2^(-age / half-life).

    Tie-decay networks: Ahmad, Porter & Beguerisse-Díaz, "Tie-decay networks in continuous time and eigenvector-based
    centralities" (2021).
    """
    weight = np.exp2(-np.asarray(age_days, dtype=np.float64) / options.strength_half_life_days)
    return _sums(np.asarray(person, dtype=np.int64), weight, people)


def _sums(person: Ints, value: Floats, people: int) -> Floats:
    return np.bincount(person, weights=value, minlength=people).astype(np.float64)


@cache
def _legendre() -> tuple[Floats, Floats]:
    """Nodes and weights on [0, 1]."""
    nodes, weights = legendre(_NODES)
    return (nodes + 1) / 2, weights / 2
