"""The signs of a relationship: an expectation, or a dependency (docs/relationships.md). Each is a stable code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, TypeAlias

import numpy as np

from calsight.core.model.options import NAMED, Relation, RelationshipOptions
from calsight.core.relationships.interactions import Began, Interaction
from calsight.core.relationships.series import Series

Stage: TypeAlias = Literal["relationship_signs", "interactions_only"]

_MIN_WEEKS = 2
_REGULAR_GAPS = 4
_REGULAR_SPREAD = 0.5  # standard deviation over mean; gaps that may come at any time have about 1
_BEGAN_EACH = 2
_BEGAN_ALONE = 3


def expectation_of(series: Iterable[Series], gaps: Sequence[float], *, booked: bool) -> tuple[str, ...]:
    """The signs that one expects the next: `series_kept`, `rhythm` (of the gaps), `booked`."""
    signs = []
    if any(known.kept for known in series):
        signs.append("series_kept")
    if len(gaps) >= _REGULAR_GAPS:
        weeks = np.array(gaps)
        if (mean := float(weeks.mean())) and weeks.std() <= _REGULAR_SPREAD * mean:
            signs.append("rhythm")
    if booked:
        signs.append("booked")
    return tuple(signs)


def dependency_of(mine: Iterable[Interaction]) -> tuple[str, ...]:
    """The sign that one side needs the other: `each_began`, `you_began` or `they_began`, by who arranges meetings."""
    began: dict[Began, list[date]] = {"you": [], "they": []}
    for interaction in mine:
        if interaction.began is not None:
            began[interaction.began].append(interaction.week)
    if all(len(weeks) >= _BEGAN_EACH for weeks in began.values()):
        return ("each_began",)
    alone = {"you": "you_began", "they": "they_began"}
    return tuple(alone[side] for side, weeks in began.items() if len(set(weeks)) >= _BEGAN_ALONE)


def stage_of(
    mine: Sequence[Interaction],
    expectation: Sequence[str],
    dependency: Sequence[str],
    role: Relation | None,
    options: RelationshipOptions,
) -> Stage:
    """What a tie amounts to: the owner's word, else enough interactions in enough weeks, and a sign."""
    if role in NAMED:
        return "relationship_signs"
    enough = len(mine) >= options.min_interactions and len({i.week for i in mine}) >= _MIN_WEEKS
    return "relationship_signs" if role != "denied" and enough and (expectation or dependency) else "interactions_only"
