"""Sentences about a whole organisation."""

from __future__ import annotations

from calsight.core.wording.words import Words
from calsight.org.out import NetworkOut
from calsight.render.org_telling import network


def test_how_groups_hang_together_is_said_only_where_there_are_two():
    assert network(NetworkOut(pairs_of_groups=0, without=0, on_one_pair=0), Words()) == ""
    said = network(NetworkOut(pairs_of_groups=2, without=1, on_one_pair=1), Words())
    assert said.startswith("Of 3 pairs of groups 1 has no living tie")
    hidden = network(NetworkOut(pairs_of_groups=2, without=1, on_one_pair=None), Words())
    assert hidden == "Of 3 pairs of groups 1 has no living tie between them."


def test_groups_that_all_hang_together_are_said_to_without_noughts():
    said = network(NetworkOut(pairs_of_groups=3, without=0, on_one_pair=0), Words())
    assert said == "Between every two groups there are living ties, and none hangs on one pair of people alone."
