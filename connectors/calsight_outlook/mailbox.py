"""Which mailbox a reference names, and where Graph has it."""

from __future__ import annotations

from urllib.parse import quote

#: The mailbox of whoever is signed in.
ME = "me"


def split(reference: str) -> tuple[str, str]:
    """The mailbox that a reference names ("me" if none), and the calendar in it."""
    first, _, rest = reference.partition("/")
    return (first, rest) if "@" in first and " " not in first else (ME, reference)


def root(mailbox: str) -> str:
    """The path of a mailbox."""
    return ME if mailbox == ME else f"users/{quote(mailbox, safe='@')}"
