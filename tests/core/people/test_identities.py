"""One identity for each person."""

from itertools import permutations

import pytest

from calsight.core.model.options import PeopleOptions
from calsight.core.people.identities import Identities, plain_identity

ANA = PeopleOptions(
    aliases={"Ana@Example.com": ("ana.b@example.org", "ana@old.example"), "ana@old.example": ("a@x.example",)}
)


@pytest.mark.parametrize(
    "address",
    ["ana@example.com", " <ANA+calendar@example.com>", "mailto:ana.b@example.org", "ana@old.example", "a@x.example"],
)
def test_each_of_a_persons_addresses_has_the_main_ones_identity(address: str):
    assert Identities(ANA).of(address) == "ana@example.com"


def test_what_is_no_address_is_compared_without_case():
    assert Identities(ANA).of("/O=EXAMPLE/CN=BO") == plain_identity(" /o=example/cn=bo") == "/o=example/cn=bo"
    assert Identities(ANA).of("") == ""


def test_an_alias_that_is_no_address_joins_nobody():
    assert Identities(PeopleOptions(aliases={"ana@example.com": ("", "ana")})).of("ana") == "ana"


@pytest.mark.parametrize("aliases", list(permutations([("a", "b"), ("b", "c"), ("d", "c")])))
def test_addresses_that_are_joined_through_others_are_one_persons(aliases: tuple[tuple[str, str], ...]):
    people = PeopleOptions(aliases={f"{one}@x.example": (f"{other}@x.example",) for one, other in aliases})
    assert len({Identities(people).of(f"{who}@x.example") for who in "abcd"}) == 1


def test_a_name_with_an_alias_takes_no_address_from_anybody():
    assert Identities(PeopleOptions(aliases={"Bo Karl": ("bo@x.example",)})).of("bo@x.example") == "bo@x.example"
