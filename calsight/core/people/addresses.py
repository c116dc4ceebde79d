"""Addresses and names as people write them, brought to one form."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from urllib.parse import unquote

from calsight.core.data import load


def canonical_address(address: str) -> str:
    """The address by which a person is known: lower case, without `mailto:` and `+tag`; `googlemail.com` is `gmail.com`.

    "" for what is not an e-mail address (an X.500 name, a URN): such people are known by name.
    """
    text = address.strip().strip("<>").casefold()
    if text.startswith("mailto:"):
        text = text[7:].strip()
    if "%" in text:
        text = unquote(text)
    local, at, domain = text.rpartition("@")
    if not at or not local or not domain or not _ADDRESS.fullmatch(text):
        return ""
    local = local.partition("+")[0] or local
    if domain == "googlemail.com":
        domain = "gmail.com"
    return f"{local}@{domain}"


_ADDRESS = re.compile(r"[^\s@/:;,<>]+@[^\s@/:;,<>]+")


def canonical_name(name: str) -> str:
    """A display name for comparison: "Example, Ana (Berlin)" and "ANA  EXAMPLE" are both "ana example"."""
    text = re.sub(r"[(\[<].*?[)\]>]", " ", name).strip().strip("'\"").casefold()
    last, comma, first = text.partition(",")
    if comma and first.strip() and "," not in first:
        text = f"{first} {last}"
    return " ".join(text.split())


def domain_of(address: str) -> str:
    """The domain of an address, "" without one."""
    return address.rpartition("@")[2] if "@" in address else ""


def within(domain: str, domains: Collection[str]) -> bool:
    """Whether `domain` is one of `domains` or a subdomain of one."""
    while domain:
        if domain in domains:
            return True
        domain = domain.partition(".")[2]
    return False


@cache
def is_public_provider(domain: str) -> bool:
    """Whether an address at this domain may be anybody's (gmail.com, web.de …)."""
    data = load("mail_providers")
    family, _, country = domain.partition(".")
    return within(domain, data["domains"]) or (family in data["families"] and _TOP_LEVEL.fullmatch(country) is not None)


_TOP_LEVEL = re.compile(r"(?:com?\.)?[a-z]{2,3}")
