"""Who meets whom at the scale of an organisation: between groups, never between persons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from calsight.core.model.options import RelationshipOptions
from calsight.org.staff import Staff
from calsight.org.ties import Ties

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints: TypeAlias = NDArray[np.int64]
    Floats: TypeAlias = NDArray[np.float64]
    Bools: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Network:
    """Living ties inside the organisation.

    one, other   places of the two people of each, each pair once
    ties         how many living ties each person has, inside and outside, [people]
    outside      how many of them are outside
    """

    one: Ints
    other: Ints
    ties: Ints
    outside: Ints

    def reach(self, group: Ints) -> Floats:
        """The share of each person's living ties that lead to another group; nan without a tie."""
        across = group[self.one] != group[self.other]
        ends = np.concatenate([self.one[across], self.other[across]])
        crossing = np.bincount(ends, minlength=len(self.ties)) + self.outside
        return np.where(self.ties > 0, crossing / np.where(self.ties > 0, self.ties, 1), np.nan)


@dataclass(frozen=True, slots=True)
class Flow:
    """Living ties between two groups: how many, and how many different people have them on either side."""

    one: int
    other: int
    ties: int
    people: tuple[int, int]


def network_of(ties: Ties, staff: Staff, options: RelationshipOptions) -> Network:
    """The living ties. Each side of a pair has a clock of its own (leave, a missing mailbox): the livelier one counts."""
    living = ties.living(options)
    who, partner = ties.who[living], ties.partner[living]
    inside = staff.known(partner)
    other = staff.place(partner[inside])
    mine = who[inside]
    pairs = np.unique(np.stack([np.minimum(mine, other), np.maximum(mine, other)]), axis=1)
    pairs = pairs[:, pairs[0] != pairs[1]]
    outside = np.bincount(who[~inside], minlength=staff.size)
    within = np.bincount(pairs.ravel(), minlength=staff.size)
    return Network(pairs[0], pairs[1], within + outside, outside)


def flows_of(network: Network, group: Ints, groups: int, told: Bools) -> list[Flow]:
    """The living ties between each two groups, and within each, that have any; by group.

    Only those between people who are `told` of: who is left out of the groups' numbers is left out of these too.
    """
    both = told[network.one] & told[network.other]
    one_side, other_side = network.one[both], network.other[both]
    first, second = group[one_side], group[other_side]
    swap = first > second
    low, high = np.where(swap, second, first), np.where(swap, first, second)
    at_low, at_high = np.where(swap, other_side, one_side), np.where(swap, one_side, other_side)
    key = low * groups + high
    flows = []
    for each in np.unique(key).tolist():
        here = key == each
        one, other = divmod(each, groups)
        if one == other:
            people = len(np.unique(np.concatenate([at_low[here], at_high[here]])))
            flows.append(Flow(one, other, int(here.sum()), (people, people)))
        else:
            people_of = len(np.unique(at_low[here])), len(np.unique(at_high[here]))
            flows.append(Flow(one, other, int(here.sum()), people_of))
    return flows
