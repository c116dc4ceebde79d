"""One identity for each person."""

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
