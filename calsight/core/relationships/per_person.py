"""The rhythm of everyone whom the owner met, from the days on which they did: the formulas of `rhythm` for all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from calsight.core.model.options import RelationshipOptions
from calsight.core.relationships import rhythm as formulas


class Rhythm(NamedTuple):
    """One person's. `days` on which they met, each once; the rest as in `Tie`."""

    days: tuple[date, ...]
    gaps: tuple[float, ...]
    silence: float
    mean: float
    regularity: float
    survival: float
    alive: float
    recent: float


def rhythms_of(
    met: Mapping[str, Sequence[date]], weeks: Mapping[date, float], today: date, options: RelationshipOptions
) -> dict[str, Rhythm]:
    """The rhythm of each person `met`, by id: the days of their meetings in order, one for each meeting.

    `weeks` are those of available time to each of these days, and to `today`.
    """
    if not met:
        return {}
    days = [(index, day) for index, mine in enumerate(met.values()) for day in mine]
    who = np.array([index for index, _ in days], dtype=np.int64)
    when = np.array([weeks[day] for _, day in days], dtype=np.float64)
    ages = np.array([(today - day).days for _, day in days], dtype=np.float64)
    gaps = formulas.gaps(who, when, now=weeks[today], people=len(met))
    mean, regular = formulas.mean_gap(gaps, options), formulas.regularity(gaps, options)
    terms = zip(
        gaps.silence.tolist(),
        mean.tolist(),
        regular.tolist(),
        formulas.survival(gaps.silence, mean, regular, options).tolist(),
        formulas.p_alive(gaps, options).tolist(),
        formulas.tie_strength(who, ages, people=len(met), options=options).tolist(),
        strict=True,
    )
    rhythms = {}
    for (identity, mine), numbers in zip(met.items(), terms, strict=True):
        once = tuple(dict.fromkeys(mine))
        spans = tuple([weeks[b] - weeks[a] for a, b in pairwise(once)])
        rhythms[identity] = Rhythm(once, spans, *numbers)
    return rhythms
