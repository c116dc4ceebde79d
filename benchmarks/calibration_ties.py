"""How well P(alive) tells living ties from ended ones (docs/relationships.md prints the table).

Owners and ties are invented with fixed seeds, turned into meetings and leave, and judged by the product's own functions. The
truth is whether the tie's own process was still running at `as_of`. Compared with

    BG/NBD     Fader, Hardie & Lee (2005), as `lifetimes` fits it to all ties of the setting, on the same gaps with leave
               taken out; regularised where its plain fit fails
    90 days    alive if met within 90 days
    8 gaps     alive if silent for less than eight mean gaps (of six weeks after a single meeting)

Run it alone with: python benchmarks/calibration_ties.py (needs the dependency group "bench").
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from calsight.core.model.events import Attendee, CalendarEvent, Organizer, Window
from calsight.core.model.frame import Frame
from calsight.core.model.meetings import Kind, Meeting, Owner, Person, Scope
from calsight.core.model.options import RelationshipOptions
from calsight.core.people.directory import Directory
from calsight.core.relationships import rhythm as formulas
from calsight.core.relationships.account import Account
from calsight.core.relationships.tie import Tie

SEED = 20260302
OWNERS = 200
TIES = 80  # begun or running in the window or the two years before, an owner
WEEKS = 26
BEFORE = 104
ENDS_PER_WEEK = 1 / 52
AS_OF = datetime(2026, 8, 31, tzinfo=UTC)  # a Monday, 00:00: the window is 26 whole weeks
START = AS_OF - timedelta(weeks=WEEKS)
ME = Owner(("me@example.com",))

Gap = Callable[[np.random.Generator], float]


def exponential(rng: np.random.Generator) -> float:
    return float(rng.exponential())


def erlang(rng: np.random.Generator) -> float:
    return float(rng.gamma(4) / 4)


def bursty(rng: np.random.Generator) -> float:
    """Hyperexponential with mean 1 and a coefficient of variation of 1.6: burstiness 0.24 (Goh & Barabási 2008)."""
    return float(rng.exponential(0.25) if rng.random() < 0.6 else rng.exponential(2.125))


@dataclass(frozen=True)
class Setting:
    """One kind of world. Rates are log-normal around one meeting in 2.5 weeks; with drift each is a random walk."""

    name: str
    gap: Gap
    drift: bool
    leave: bool
    ends_per_week: float = ENDS_PER_WEEK


@dataclass(frozen=True)
class Row:
    """What came of one setting. Scores are Brier scores; smaller is better."""

    setting: str
    ties: int
    alive: float
    calsight: float
    bg_nbd: float
    bg_nbd_penalty: float
    days_90: float
    gaps_8: float
    against_bg_nbd: float
    auc: float
    auc_bg_nbd: float
    calibration_error: float


SETTINGS = [
    Setting(
        f"{gap.__name__}, {'drifting' if drift else 'constant'} rates{', leave' if leave else ''}", gap, drift, leave
    )
    for gap in (exponential, erlang, bursty)
    for drift in (False, True)
    for leave in (False, True)
]
#: Worlds in which ties end twice as often, or half as often, as the default says.
OTHER_ENDS = [
    Setting(f"exponential, drifting rates, leave, {word}", exponential, True, True, ends)
    for word, ends in (("ends twice a year", 2 / 52), ("ends every two years", 0.5 / 52))
]


def simulate(setting: Setting, owners: int, seed: int) -> Iterator[tuple[list[Tie], dict[str, bool]]]:
    """For each owner the ties as calsight sees them, and who is truly still there."""
    for number in range(owners):
        rng = np.random.default_rng([seed, number])
        days, away = _working_days(rng, leave=setting.leave)
        meetings = [_absence(first, last) for first, last in away]
        truth = {}
        for index in range(TIES):
            person = Person(f"p{index}@example.com", address=f"p{index}@example.com")
            moments, alive = _tie(setting, rng, len(days) / 5)
            seen = sorted({days[int(moment * 5)] for moment in moments})
            seen = [day for day in seen if day >= START.date()]
            if seen:
                truth[person.id] = alive
                meetings += [_one_to_one(person, day, index) for day in seen]
        yield _judge(meetings), truth


def _working_days(rng: np.random.Generator, *, leave: bool) -> tuple[list[date], list[tuple[date, date]]]:
    """The owner's working days before AS_OF, leave taken out, and the leave: whole weeks, two or three times half a year."""
    weeks = BEFORE + WEEKS
    off = set()
    if leave:
        for half_year in range(0, weeks, 26):
            for _ in range(int(rng.integers(2, 4))):
                first = half_year + int(rng.integers(0, 25))
                off |= set(range(first, first + int(rng.integers(1, 3))))
    origin = (AS_OF - timedelta(weeks=weeks)).date()
    mondays = [origin + timedelta(weeks=week) for week in range(weeks)]
    days = [monday + timedelta(days=day) for week, monday in enumerate(mondays) if week not in off for day in range(5)]
    away = [(mondays[week], mondays[week] + timedelta(days=7)) for week in sorted(off) if week < weeks]
    return days, [(first, last) for first, last in away if last > START.date()]


def _tie(setting: Setting, rng: np.random.Generator, now: float) -> tuple[list[float], bool]:
    """The moments at which two people meet, in weeks of the owner's presence, and whether the tie outlives `now`."""
    log_rate = rng.normal(np.log(1 / 2.5), 0.8)
    moment = rng.uniform(0, now)
    end = moment + rng.exponential(1 / setting.ends_per_week)
    moments: list[float] = []
    while True:
        step = setting.gap(rng) / np.exp(log_rate)
        if setting.drift:  # a standard deviation of 0.15 a week, that is 0.77 in 26 weeks
            log_rate += rng.normal(0, 0.15 * np.sqrt(min(step, 10.0)))
        moment += step
        if moment >= min(end, now):
            return moments, end > now
        moments.append(moment)


def _one_to_one(person: Person, day: date, slot: int) -> Meeting:
    start = datetime(day.year, day.month, day.day, 8, tzinfo=UTC) + timedelta(minutes=10 * slot)
    event = CalendarEvent(
        uid=f"{person.id}-{day}",
        start=start,
        end=start + timedelta(minutes=10),
        organizer=Organizer(ME.addresses[0], is_me=True),
        attendees=(Attendee(ME.addresses[0], is_me=True), Attendee(person.address)),
    )
    return Meeting(
        event,
        Kind.ONE_TO_ONE,
        "two_people",
        headcount=2,
        counterparts=(person,),
        organised_by_me=True,
        held=True,
        scope=Scope.ORGANISATION,
    )


def _absence(first: date, last: date) -> Meeting:
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    event = CalendarEvent(uid=f"leave-{first}", start=start, end=start + (last - first), all_day=True)
    return Meeting(event, Kind.ABSENCE, "out_of_office")


def _judge(meetings: list[Meeting]) -> list[Tie]:
    frame = Frame(ME, "UTC", Window(START, AS_OF), AS_OF)
    return Account(frame, meetings, Directory(ME, frame.options.people)).ties


def evaluate(setting: Setting, *, owners: int = OWNERS, seed: int = SEED) -> Row:
    """The scores of one setting."""
    ties, truth = [], []
    for seen, alive in simulate(setting, owners, seed):
        ties += seen
        truth += [alive[tie.person.id] for tie in seen]
    y = np.array(truth, dtype=float)
    p = np.array([tie.alive for tie in ties])
    x = np.array([len(tie.counted_gaps) for tie in ties], dtype=float)
    t = np.array([sum(tie.gaps) for tie in ties])
    silence = np.array([tie.silence for tie in ties])
    calendar_days = np.array([(AS_OF.date() - tie.days[-1]).days for tie in ties])
    bg, penalty = _bg_nbd(x, t, t + silence)
    mean = np.where(x > 0, t / np.maximum(x, 1), RelationshipOptions().prior_gap_weeks)
    return Row(
        setting=setting.name,
        ties=len(y),
        alive=float(y.mean()),
        calsight=_brier(p, y),
        bg_nbd=_brier(bg, y),
        bg_nbd_penalty=penalty,
        days_90=_brier(calendar_days < 90, y),
        gaps_8=_brier(silence < 8 * mean, y),
        against_bg_nbd=_brier(p, y) / _brier(bg, y) - 1,
        auc=_auc(p, y),
        auc_bg_nbd=_auc(bg, y),
        calibration_error=_calibration_error(p, y),
    )


def _bg_nbd(x: np.ndarray, t: np.ndarray, age: np.ndarray) -> tuple[np.ndarray, float]:
    """P(alive) of BG/NBD, and the penalty that its fit needed."""
    from lifetimes import BetaGeoFitter

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its optimiser overflows on the way
        for penalty in (0.0, 0.001, 0.01, 0.1):
            try:
                fitter = BetaGeoFitter(penalizer_coef=penalty).fit(x, t, age)
                alive = np.asarray(fitter.conditional_probability_alive(x, t, age), dtype=float)
            except (ValueError, RuntimeError, ArithmeticError):
                continue
            if np.isfinite(alive).all():
                return alive, penalty
    raise RuntimeError("BG/NBD cannot be fitted to these ties at any penalty")


def _brier(p: np.ndarray, y: np.ndarray) -> float:
    return float(np.mean((np.asarray(p, dtype=float) - y) ** 2))


def _auc(p: np.ndarray, y: np.ndarray) -> float:
    """The chance that a living tie is ranked above an ended one (Mann-Whitney, ties count half)."""
    from scipy.stats import rankdata

    ranks, living = rankdata(p), int(y.sum())
    return float((ranks[y == 1].sum() - living * (living + 1) / 2) / (living * (len(y) - living)))


def _calibration_error(p: np.ndarray, y: np.ndarray) -> float:
    """The mean distance between what is said and what is so, over tenths of the ties by what is said."""
    groups = np.array_split(np.argsort(p, kind="stable"), 10)
    return float(np.mean([abs(p[group].mean() - y[group].mean()) for group in groups]))


def seconds_for(pairs: int, seed: int = SEED) -> float:
    """Processor time of gaps and P(alive) for so many pairs, eight days each; the best of three."""
    rng = np.random.default_rng(seed)
    who, when = np.repeat(np.arange(pairs), 8), rng.uniform(0, WEEKS, pairs * 8)
    options = RelationshipOptions()
    times = []
    for _ in range(3):
        began = time.process_time()
        formulas.p_alive(formulas.gaps(who, when, now=float(WEEKS), people=pairs), options)
        times.append(time.process_time() - began)
    return min(times)


def run(*, owners: int = OWNERS, seed: int = SEED) -> dict[str, object]:
    """Every setting, and how fast the formulas are; ready for JSON."""
    rows = [evaluate(setting, owners=owners, seed=seed) for setting in SETTINGS]
    other = [evaluate(setting, owners=owners, seed=seed) for setting in OTHER_ENDS]
    missed = [row.setting for row in rows if row.against_bg_nbd > -0.25 or row.calsight >= min(row.days_90, row.gaps_8)]
    return {
        "seed": seed,
        "owners": owners,
        "settings": [asdict(row) for row in rows],
        "other_ends": [asdict(row) for row in other],
        "targets_missed": missed,
        "seconds_for_100000_pairs": seconds_for(100_000),
    }


def table(result: dict[str, object]) -> str:
    """The result as a Markdown table."""
    lines = [
        "| ties | n | alive | calsight | BG/NBD | 90 days | 8 gaps | against BG/NBD | AUC | AUC, BG/NBD | calibration |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for key in ("settings", "other_ends"):
        for row in result[key]:  # type: ignore[attr-defined]
            r = Row(**row)
            lines.append(
                f"| {r.setting} | {r.ties:,} | {r.alive:.2f} | {r.calsight:.3f} | {r.bg_nbd:.3f} | {r.days_90:.3f} "
                f"| {r.gaps_8:.3f} | {r.against_bg_nbd * 100:+.0f} % | {r.auc:.3f} | {r.auc_bg_nbd:.3f} "
                f"| {r.calibration_error:.3f} |"
            )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--owners", type=int, default=OWNERS)
    parser.add_argument("--json", type=Path, metavar="FILE", help="Write the result there too.")
    arguments = parser.parse_args()
    result = run(owners=arguments.owners)
    print("Brier scores of P(alive): smaller is better.\n")
    print(table(result))
    print(f"\n100,000 pairs take {result['seconds_for_100000_pairs']:.2f} s.")
    print(f"Targets missed: {result['targets_missed'] or 'none'}.")
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    return 1 if result["targets_missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
