"""One identity for each person, under whichever of their addresses they stand somewhere."""

from __future__ import annotations

from calsight.core.model.options import PeopleOptions
from calsight.core.people.addresses import canonical_address


def plain_identity(address: str) -> str:
    """An address in the form in which addresses are compared; what is no e-mail address (an X.500 name) without case."""
    return canonical_address(address) or address.strip().casefold()


class Identities:
    """The identities (`Person.id`) of addresses: canonical, of a person's several addresses the main one by the settings."""

    def __init__(self, people: PeopleOptions) -> None:
        self._main: dict[str, str] = {}
        for key, others in people.aliases.items():
            first = canonical_address(key)
            first = self._main.get(first, first)
            for other in (key, *others):
                self._main[canonical_address(other)] = first
        self._main.pop("", None)

    def of(self, address: str) -> str:
        """The identity of an address as anybody may have written it; "" for ""."""
        known = plain_identity(address)
        return self._main.get(known, known)
