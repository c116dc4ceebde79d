"""What to call people: their names as people say them."""

from __future__ import annotations

import re
from typing import Protocol

from calsight.core.people.identities import BY_NAME


class Named(Protocol):
    """A person, as `Person` or as a report shows them."""

    @property
    def id(self) -> str:
        """The identity."""

    @property
    def name(self) -> str:
        """The name; "" where nobody says."""

    @property
    def address(self) -> str:
        """The main address; "" for someone known by name only."""


def called(person: Named) -> str:
    """What to call someone in a sentence."""
    return spoken_name(person.name) or person.address or person.id.removeprefix(BY_NAME)


def spoken_name(name: str) -> str:
    """A display name as people say it: "Lindner, Eva (Berlin)" is "Eva Lindner (Berlin)"; "Diaz, Jr." and firms stay."""
    found = _TURNED.fullmatch(" ".join(name.split()))
    if found is None:
        return name
    last, first, rest = found["last"], found["first"], found["rest"]
    suffix = (first.isupper() and not last.isupper()) or first.casefold().rstrip(".") in ("jr", "sr")
    return name if suffix else f"{first} {last}{rest}"


_WORDS = r"[^\W\d_][\w'’.-]*(?: [^\W\d_][\w'’.-]*){0,3}"
_TURNED = re.compile(rf"(?P<last>{_WORDS}), ?(?P<first>{_WORDS})(?P<rest>(?: [(\[].*)?)")
