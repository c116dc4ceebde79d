"""The same questions as `vivainsights` (Microsoft, PyPI) answers on its own sample data, asked in the way of `calsight.org`.

    pip install vivainsights && python -P benchmarks/org_viva.py [--runs 7]     (-P: `html.py` beside it is not Python's)

Habits (in at least 9 of the last 12 weeks), usage segments of 12 and 4 weeks, and the network of its person-to-person query:
with how many each person has a tie, and how many ties there are between each two groups. Answers are compared before times are;
printed are medians of CPU milliseconds, in one process, in turn. Reading the files is not timed, on either side.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import statistics
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import vivainsights as vi

from calsight.org.network import Network, flows_of

_METRIC = "Emails_sent"
_SEGMENTS = ("Non-user", "Low User", "Novice User", "Habitual User", "Power User")


def grid(data: pd.DataFrame) -> np.ndarray:
    """The metric of each person and week, [people, weeks]; each has all weeks."""
    who, people = pd.factorize(data["PersonId"])
    week, weeks = pd.factorize(data["MetricDate"], sort=True)  # written as 2024-03-31
    found = np.zeros((people.size, weeks.size))
    found[who, week] = data[_METRIC].to_numpy()
    return found


def last(values: np.ndarray, window: int) -> np.ndarray:
    """The sum of the last so many weeks, at the end of each."""
    until = np.concatenate([np.zeros((len(values), 1)), np.cumsum(values, axis=1)], axis=1)
    ends = np.arange(1, until.shape[1])
    return until[:, ends] - until[:, np.maximum(ends - window, 0)]


def habits(data: pd.DataFrame) -> np.ndarray:
    return last(grid(data) >= 1, 12) >= 9


def segments(data: pd.DataFrame) -> dict[str, np.ndarray]:
    values = grid(data)
    weeks = np.arange(1, values.shape[1] + 1)
    found = {}
    for window, width in ((12, 9), (4, 4)):
        mean, habit = last(values, window) / np.minimum(weeks, window), last(values >= 1, window) >= width
        found[f"{window}w"] = np.where(habit, 3 + (mean >= 15), np.where(mean >= 1, 2, mean > 0))
    return found


def network(data: pd.DataFrame) -> tuple[np.ndarray, dict[tuple[int, int], int]]:
    """How many ties each person has, and how many there are between each two groups."""
    one, other = (data[f"{side}Collaborator_PersonId"].to_numpy() for side in ("Primary", "Secondary"))
    place, people = pd.factorize(np.concatenate([one, other]))
    sides = [data[f"{side}Collaborator_Organization"].to_numpy() for side in ("Primary", "Secondary")]
    group, labels = pd.factorize(np.concatenate(sides), sort=True)
    of = np.zeros(people.size, dtype=np.int64)
    of[place] = group
    ends = place[: one.size], place[one.size :]
    ties = np.bincount(place, minlength=people.size)
    made = Network(ends[0], ends[1], ties, np.zeros_like(ties))
    flows = flows_of(made, of, labels.size, np.ones(people.size, dtype=bool))
    return ties, {(flow.one, flow.other): flow.ties for flow in flows}


def theirs_network(data: pd.DataFrame) -> tuple[list[int], dict[tuple[str, str], int]]:
    """The same of its graph, which it lays out whatever is asked. (Its vertices may get each other's groups: these are counted,
    not compared.)"""
    graph = vi.network_p2p(data, return_type="network")
    group = graph.vs["Organization"]
    return graph.degree(), Counter(tuple(sorted((group[one], group[other]))) for one, other in graph.get_edgelist())


def cpu(job: Callable[[], Any], runs: int) -> float:
    took = []
    for _ in range(runs):
        before = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            job()
        took.append(time.process_time() - before)
    return 1000 * statistics.median(took)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--runs", type=int, default=7)
    runs = asked.parse_args().runs
    data, ties = vi.load_pq_data(), vi.p2p_data_sim()
    words: dict[str, Any] = {"metric": _METRIC, "return_type": "data"}
    their_habits = vi.identify_habit(data.copy(), threshold=1, width=9, max_window=12, **words)
    assert int(their_habits["IsHabit"].sum()) == int(habits(data).sum())
    their_segments = vi.identify_usage_segments(data.copy(), version="12w", **words)
    for name, found in segments(data).items():
        counts = their_segments[f"UsageSegments_{name}"].value_counts()
        assert [int(counts.get(each, 0)) for each in _SEGMENTS] == np.bincount(found.ravel(), minlength=5).tolist()
    (their_ties, their_flows), (our_ties, our_flows) = theirs_network(ties.copy()), network(ties)
    assert sorted(their_ties) == sorted(our_ties.tolist())
    assert sum(their_flows.values()) == sum(our_flows.values())
    jobs: list[tuple[str, Callable[[], Any], Callable[[], Any]]] = [
        (
            "habits",
            lambda: vi.identify_habit(data.copy(), threshold=1, width=9, max_window=12, **words),
            lambda: habits(data),
        ),
        (
            "usage segments",
            lambda: vi.identify_usage_segments(data.copy(), version="12w", **words),
            lambda: segments(data),
        ),
        ("network", lambda: theirs_network(ties.copy()), lambda: network(ties)),
    ]
    print(f"{len(data):,} person-weeks, {len(ties):,} pairs; load {os.getloadavg()[0]:.1f}; ms of CPU")
    for name, theirs, ours in jobs:
        one, other = cpu(theirs, runs), cpu(ours, runs)
        print(f"  {name:<16} vivainsights {one:8.1f}   calsight {other:6.2f}   {one / other:6.1f} times")


if __name__ == "__main__":
    main()
