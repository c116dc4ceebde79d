"""Whether `at_risk` is right where one-to-ones do not fall at random (docs/scoring.md prints the tables).

Owners as in calibration_rate.py (drift, changes, leave), whose weeks have a rhythm beside. The truth is the owner's rate: the
*current* one, at the end of the last week, and the *long-run* one, its mean over the rhythm. They differ where the rate itself
has seasons or terms.

    bimodal       rates around one a month and around three a fortnight; Poisson
    seasonal      a year's wave of ±60 %
    bursts 2x 4x  negative binomial weeks, with two and four times Poisson's variance
    one in four   all one-to-ones of a month in one week
    fortnightly   all one-to-ones of a fortnight in one week, as many each time
    terms         9 to 14 weeks of term, 3 to 7 weeks with a tenth of its rate
    quarterly     nine tenths of the one-to-ones in two weeks of thirteen, leave elsewhere
    trade fairs   up to twice two weeks without any; half of the owners have a fair with about 15

Steady owners keep one rate and have no leave; each flag of theirs is false. A stop ends all one-to-ones for good after 22
weeks. The last table adds one held one-to-one to a life, in any week or in one of the newest four, and counts the levels that
got worse.

Run it alone with: python benchmarks/calibration_rhythms.py
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from calibration_rate import POPULATIONS, WEEKS, Population, live, ours, targets_table

from calsight.core.model.options import RateOptions
from calsight.core.rate.levels import INSUFFICIENT
from calsight.core.rate.newest import latest_level

SEED = 20261129
OWNERS = 10_000
STEADY = 2_000
TODAY = RateOptions()

Pattern = Callable[[np.random.Generator, int], tuple[np.ndarray, np.ndarray]]
_WEEK = np.arange(WEEKS)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How an owner's weeks differ from a steady Poisson rate.

    pattern  of so many owners: what each week's mean is of the long-run rate, and what the current rate is of it
    scatter  variance of a week over its mean; 1 is Poisson, 0 as many each time
    rates    how owners' rates are spread
    """

    name: str
    pattern: Pattern
    scatter: float = 1.0
    rates: Population = POPULATIONS[0]
    fairs: bool = False
    leave_between: bool = False


def _even(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    return np.ones((n, WEEKS)), np.ones((n, WEEKS))


def _seasons(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    wave = 1 + 0.6 * np.sin(2 * np.pi * _WEEK / 52 + rng.uniform(0, 2 * np.pi, (n, 1)))
    return wave, wave


def _every(weeks: int, busy: int, share: float) -> Pattern:
    """`share` of all one-to-ones in the first `busy` of so many weeks."""

    def pattern(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
        on = (_WEEK + rng.integers(0, weeks, (n, 1))) % weeks < busy
        return np.where(on, share * weeks / busy, (1 - share) * weeks / (weeks - busy)), np.ones((n, WEEKS))

    return pattern


def _terms(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    term, rest = rng.integers(9, 15, (n, 1)), rng.integers(3, 8, (n, 1))
    on = (_WEEK + rng.integers(0, 200, (n, 1))) % (term + rest) < term
    wave = np.where(on, 1.0, 0.1) / ((term + 0.1 * rest) / (term + rest))
    return wave, wave


def _fairs(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    share = np.ones((n, WEEKS))
    for _ in range(2):
        first, there = rng.integers(0, WEEKS, (n, 1)), rng.random((n, 1)) < 0.75
        share = np.where(there & (first <= _WEEK) & (first + 2 > _WEEK), 0.0, share)
    return share, np.ones((n, WEEKS))


def _two_modes(rng: np.random.Generator, n: int) -> np.ndarray:
    return np.where(rng.random(n) < 0.5, 0.25, 1.5) * np.exp(rng.normal(0, 0.4, n))


RHYTHMS = (
    Rhythm("none: Poisson", _even),
    Rhythm("bimodal", _even, rates=Population("bimodal", _two_modes, lambda rate: rate)),
    Rhythm("seasonal", _seasons),
    Rhythm("bursts, 2x", _even, scatter=2.0),
    Rhythm("bursts, 4x", _even, scatter=4.0),
    Rhythm("one week in four", _every(4, 1, 1.0)),
    Rhythm("fortnightly", _every(2, 1, 1.0), scatter=0.0),
    Rhythm("terms", _terms),
    Rhythm("quarterly rounds", _every(13, 2, 0.9), leave_between=True),
    Rhythm("trade fairs", _fairs, fairs=True),
)


def drawn(rng: np.random.Generator, mean: np.ndarray, scatter: float) -> np.ndarray:
    """Counts with that mean, and `scatter` times as much variance; 0: the mean itself, rounded up or down by chance."""
    if scatter == 0:
        return np.floor(mean + rng.random(mean.shape)).astype(np.int64)
    if scatter == 1:
        return rng.poisson(mean)
    return rng.poisson(rng.gamma(np.maximum(mean / (scatter - 1), 1e-12), scatter - 1))


def lives(
    rhythm: Rhythm, owners: int, rng: np.random.Generator, *, steady: float | None = None
) -> tuple[np.ndarray, ...]:
    """Current rates, long-run rates, one-to-ones and exposures of `owners`, [owners, weeks]."""
    if steady is None:
        base = live(rhythm.rates, owners, rng)
        rate, exposure = base.rate, base.exposure
    else:
        rate, exposure = np.full((owners, WEEKS), steady), np.ones((owners, WEEKS))
    share, current = rhythm.pattern(rng, owners)
    if rhythm.leave_between:
        exposure = np.where(share > 1, 1.0, exposure)
    counts = drawn(rng, rate * share * exposure, rhythm.scatter)
    if rhythm.fairs:
        there, when = rng.random(owners) < 0.5, rng.integers(0, WEEKS, owners)
        fair = (when[:, None] == _WEEK) & there[:, None] & (exposure > 0)
        counts = counts + np.where(fair, rng.poisson(15, (owners, WEEKS)), 0)
    return rate * current, rate, counts, exposure


def judged(rhythm: Rhythm, owners: int, seed: Sequence[int]) -> dict[str, object]:
    """One row of the first table."""
    flag = ours(TODAY)
    current, long_run, counts, exposure = lives(rhythm, owners, np.random.default_rng(seed))
    known = exposure.sum(axis=1) >= TODAY.full_weeks
    flagged = flag(counts, exposure).flagged[known, -1]
    low = current[known, -1] < TODAY.low
    row: dict[str, object] = {
        "rhythm": rhythm.name,
        "flagged": int(flagged.sum()),
        "precision": float(low[flagged].mean()),
        "precision_long_run": float((long_run[known, -1] < TODAY.low)[flagged].mean()),
        "recall": float(flagged[low].mean()),
    }
    for rate in (2.0, 1.0):
        _, _, counts, exposure = lives(rhythm, STEADY, np.random.default_rng([*seed, int(rate)]), steady=rate)
        every = ours(TODAY, every_week=True)(counts, exposure).flagged
        row[f"any_week_{rate:g}"] = float(every.any(axis=1).mean())
        row[f"last_week_{rate:g}"] = float(every[:, -1].mean())
    return row


def stops(seed: int) -> list[dict[str, object]]:
    """How soon a stop is seen, by the rate before and how the weeks scattered."""
    rows = []
    for rate, scatter in ((2.0, 1.0), (1.0, 1.0), (2.0, 2.0), (2.0, 4.0), (1.0, 4.0)):
        rng = np.random.default_rng([seed, int(10 * rate), int(scatter)])
        counts = drawn(rng, np.full((STEADY, WEEKS + 26), rate), scatter)
        counts[:, 22:] = 0
        flagged = ours(TODAY, every_week=True)(counts, np.ones(counts.shape)).flagged
        after = flagged[~flagged[:, 21], 22:]
        weeks = np.where(after.any(axis=1), after.argmax(axis=1) + 1, np.inf)
        rows.append(
            {
                "rate": rate,
                "scatter": scatter,
                "median": float(np.median(weeks)),
                "within_4": float((weeks <= 4).mean()),
            }
        )
    return rows


def one_more(rhythm: Rhythm, owners: int, seed: Sequence[int]) -> dict[str, object]:
    """How often one held one-to-one more worsens the level of the last week."""
    rng = np.random.default_rng(seed)
    _, _, counts, exposure = lives(rhythm, owners, rng)

    def worse(when: np.ndarray) -> float:
        more = counts + ((when[:, None] == _WEEK) & (exposure > 0))
        before, after = (latest_level(y, exposure, TODAY) for y in (counts, more))
        return float(((after > before) & (before > INSUFFICIENT)).mean())

    anywhere = worse(rng.integers(0, WEEKS, owners))
    newest = [worse(np.full(owners, WEEKS - back)) for back in range(1, 5)]
    return {"rhythm": rhythm.name, "any_week": anywhere, "newest_four": max(newest)}


def run(*, owners: int = OWNERS, seed: int = SEED) -> dict[str, object]:
    """All rhythms; the result is plain JSON."""
    rows = [judged(rhythm, owners, [seed, number]) for number, rhythm in enumerate(RHYTHMS)]
    result: dict[str, object] = {
        "seed": seed,
        "owners": owners,
        "rows": rows,
        "stops": stops(seed),
        "one_more": [one_more(rhythm, owners // 3, [seed, 50 + number]) for number, rhythm in enumerate(RHYTHMS)],
    }
    result["targets"] = _targets(result)
    result["targets_missed"] = [name for name, target in result["targets"].items() if not target["met"]]
    return result


def _targets(result: dict) -> dict[str, dict[str, object]]:
    rows = {row["rhythm"]: row for row in result["rows"]}
    bursts, stop = rows["bursts, 4x"], result["stops"][0]["median"]
    worst = min(result["rows"], key=lambda row: row["precision"])
    worst_long = min(result["rows"], key=lambda row: row["precision_long_run"])
    more, newest = (float(np.mean([row[key] for row in result["one_more"]])) for key in ("any_week", "newest_four"))
    wanted = {
        f"precision against the current rate, at least 0.95 (worst: {worst['rhythm']})": (
            worst["precision"],
            worst["precision"] >= 0.95,
        ),
        f"precision against the long-run rate, at least 0.90 (worst: {worst_long['rhythm']})": (
            worst_long["precision_long_run"],
            worst_long["precision_long_run"] >= 0.90,
        ),
        "bursts 4x, two a week, flagged in any week, under 10 %": (bursts["any_week_2"], bursts["any_week_2"] < 0.10),
        "bursts 4x, one a week, flagged in any week, under 40 %": (bursts["any_week_1"], bursts["any_week_1"] < 0.40),
        "bursts 4x, flagged in the last week, under 3 %": (
            max(bursts["last_week_1"], bursts["last_week_2"]),
            max(bursts["last_week_1"], bursts["last_week_2"]) < 0.03,
        ),
        "weeks from two a week to the flag, median at most 4": (stop, stop <= 4),
        "recall without rhythm, at least 0.69": (
            rows["none: Poisson"]["recall"],
            rows["none: Poisson"]["recall"] >= 0.69,
        ),
        "one more worsens the level, over all rhythms, at most 1 %": (more, more <= 0.01),
        "… in the newest four weeks, never": (newest, newest == 0),
    }
    return {name: {"value": float(value), "met": bool(met)} for name, (value, met) in wanted.items()}


def table(result: dict) -> str:
    """The result as Markdown tables."""
    lines = [
        "| rhythm | precision, current rate | long-run rate | recall | steady at 2: any week | last week "
        "| steady at 1: any week | last week |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in result["rows"]:
        shares = [f"{row[key]:.1%}" for key in ("any_week_2", "last_week_2", "any_week_1", "last_week_1")]
        figures = [f"{row[key]:.3f}" for key in ("precision", "precision_long_run", "recall")]
        lines.append(f"| {row['rhythm']} | {' | '.join([*figures, *shares])} |")
    lines += ["", "| one-to-ones stop, after | variance | median weeks | within 4 |", "|---|---|---|---|"]
    lines += [
        f"| {row['rate']:g} a week | {row['scatter']:g}x | {row['median']:.0f} | {row['within_4']:.0%} |"
        for row in result["stops"]
    ]
    lines += ["", "| one more worsens the level | in any week | in the newest four, at most |", "|---|---|---|"]
    lines += [f"| {row['rhythm']} | {row['any_week']:.2%} | {row['newest_four']:.2%} |" for row in result["one_more"]]
    return "\n".join([*lines, "", *targets_table(result)])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--owners", type=int, default=OWNERS)
    parser.add_argument("--json", type=Path, metavar="FILE", help="Write the result there too.")
    arguments = parser.parse_args()
    result = run(owners=arguments.owners)
    print(table(result))
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return 1 if result["targets_missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
