"""One identity for each person, under whichever of their addresses they stand somewhere."""

from __future__ import annotations

from calsight.core.model.options import PeopleOptions
from calsight.core.people.addresses import canonical_address, canonical_name


def plain_identity(address: str) -> str:
    """An address in the form in which addresses are compared; what is no e-mail address (an X.500 name) without case."""
    return canonical_address(address) or address.strip().casefold()


def named_identity(who: str) -> str:
    """The identity of someone whom the owner names: by an address, or, where they have none, by their name; "" for nobody."""
    identity = plain_identity(who)
    if "@" in identity:
        return identity
    name = canonical_name(identity.removeprefix(BY_NAME))
    return f"{BY_NAME}{name}" if name else ""


#: How the identity of someone begins who is known by name only.
BY_NAME = "name:"


class Identities:
    """The identities (`Person.id`) of addresses: canonical, of a person's several addresses the main one by the settings."""

    def __init__(self, people: PeopleOptions) -> None:
        joined: dict[str, str] = {}

        def main(address: str) -> str:
            """The address to which one is joined, through as many others as there are."""
            while (further := joined.get(address, address)) != address:
                address = further
            return address

        for key, others in people.aliases.items():
            known = list(filter(None, map(canonical_address, (key, *others))))
            for address in known:
                joined.setdefault(address, address)
                joined[main(address)] = main(known[0])
        self._main = {address: main(address) for address in joined}

    def of(self, address: str) -> str:
        """The identity of an address as anybody may have written it; "" for ""."""
        return self.main(plain_identity(address))

    def main(self, identity: str) -> str:
        """The identity of whoever has this one by one of their addresses."""
        return self._main.get(identity, identity)

    def named(self, who: str) -> str:
        """The identity of someone whom the owner names: by one of their addresses, or by their name."""
        return self.main(named_identity(who))
