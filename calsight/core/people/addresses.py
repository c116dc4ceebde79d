"""Addresses and names as people write them, brought to one form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from calsight.core.data import load


class KnownNames(NamedTuple):
    """The names on the calendars' own lists, as `canonical_name` has them.

    full    whole names of people other than the owner
    words   their parts
    mine    the parts of the owner's names
    """

    full: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    mine: frozenset[str] = frozenset()


def canonical_address(address: str) -> str:
    """The address by which a person is known: lower case, without `mailto:` and `+tag`; `googlemail.com` is `gmail.com`.

    What servers put around it is taken off: a path, a name, quotes, angle brackets, `SMTP:`, a stray colon, and what Entra puts
    around a guest's. "" for what is not an e-mail address (an X.500 name, also as Exchange wraps it, an account's name, a URN):
    such people are known by name.
    """
    text = address.strip().casefold()
    if "%" in text:
        text = unquote(text)
    if not _ADDRESS.fullmatch(text):
        text = _inside(text)
    local, at, domain = text.rpartition("@")
    if not at or local.startswith(_ENCAPSULATED):
        return ""
    if local.endswith(_GUEST) and "_" in local:
        local, _, domain = local.removesuffix(_GUEST).rpartition("_")
    local = local.partition("+")[0] or local
    return f"{local}@{load('mail_providers')['same'].get(domain, domain)}"


_ADDRESS = re.compile(r"[^\s@/:;,<>()\[\]\"]+@[^\s@/:;,<>()\[\]\"]*[^\s@/:;,<>()\[\]\"'.]")
_SEAMS = re.compile(r"[:;,<>()\[\]\"]+")
_PATHS = ("/", "principal:", "http:", "https:")
_ENCAPSULATED = "imceaex-"  # MS-OXOAB: an address that is none of SMTP's, encapsulated
_GUEST = "#ext#"  # Entra's name for a guest: bo_client.example#EXT#@firm.onmicrosoft.com is bo@client.example


def _inside(text: str) -> str:
    """The one address in a text; the last after `mailto:` where there are several; "" if that does not tell."""
    text = text.replace("\\", "").rpartition("mailto:")[2].strip()
    pieces = text.split("/") if text.startswith(_PATHS) else _SEAMS.split(text)
    found = {piece for each in pieces if _ADDRESS.fullmatch(piece := each.strip(" \t'.")) is not None}
    return found.pop() if len(found) == 1 else ""


def account_of(address: str) -> str:
    """The name of an account where it stands for an address: `mailto:Nextcloud`, `/principals/users/ana/`; "" for all else.

    A program writes it for whoever uses it. An X.500 name, a number or a URN is no account's name.
    """
    text = unquote(address).strip().strip("<>\"'").casefold().removeprefix("mailto:").strip()
    path = text.removeprefix("principal:")
    if "/" in path:
        if re.match(r"/?o=", path):
            return ""
        path = path.rstrip("/").rpartition("/")[2]
    return path if _ACCOUNT.fullmatch(path) else ""


_ACCOUNT = re.compile(r"(?=.*[^\W\d_])[\w.-]+")


def canonical_name(name: str) -> str:
    """A display name for comparison: "Example, Ana (Berlin)" and "ANA  EXAMPLE" are both "ana example"."""
    text = re.sub(r"[(\[<].{0,255}?[)\]>]", " ", name).strip().strip("'\"").casefold()
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


@lru_cache(maxsize=65_536)  # calendars name what they like
def is_public_provider(domain: str) -> bool:
    """Whether an address at this domain may be anybody's (gmail.com, web.de …)."""
    data = load("mail_providers")
    family, _, country = domain.partition(".")
    return within(domain, data["domains"]) or (family in data["families"] and _TOP_LEVEL.fullmatch(country) is not None)


def is_for_signing_in(domain: str) -> bool:
    """Whether a service made this domain up for those who sign in (example.onmicrosoft.com)."""
    return not set(load("mail_providers")["sign_in"]).isdisjoint(domain.split("."))


_TOP_LEVEL = re.compile(r"(?:com?\.)?[a-z]{2,3}")


def full_name(name: str) -> str:
    """`canonical_name` of a name by which two lines are taken for one person: two words or more, no address; else ""."""
    known = canonical_name(name)
    return known if " " in known and "@" not in known else ""


def compared_name(name: str) -> str:
    """A full name in the form in which two lines of one event are compared: without accents, and without "Dr." and the like."""
    known = " ".join(word for word in canonical_name(name).split() if not _SHORT.fullmatch(word))
    return unaccented(full_name(known))


_SHORT = re.compile(r"(?:[^\W\d_]{2,}\.-?)+")


def spelt_name(address: str) -> str:
    """The name that an address without one beside it spells: "bo.karl@…" is "bo karl"; "" where it is not two words or more."""
    words = re.split(r"[._-]+", address.partition("@")[0])
    return " ".join(words) if len(words) > 1 and all(len(word) > 1 and word.isalpha() for word in words) else ""


def repeats_name(address: str, name: str, *, whole: bool = False) -> bool:
    """Whether a local part is made of a person's own name of two words or more: "jan_bot@", "jbot@" and "bot@" of Jan Bot.

    `whole`: of first and last name, were it by an initial; not "bot@".
    """
    words = [unaccented(word) for word in re.split(r"[\s.'’-]+", full_name(name)) if word]
    if len(words) < 2:
        return False
    tokens = [token for token in re.split(r"[._\-\d]+", unaccented(address.partition("@")[0])) if token]
    if len(tokens) > 1:
        spelt = all(token in words or (len(token) == 1 and any(w.startswith(token) for w in words)) for token in tokens)
        return spelt and any(token in words for token in tokens)
    first, last = words[0], words[-1]
    glued = {first + last, last + first, first[0] + last, last + first[0], first + last[0], last[0] + first, *words}
    glued |= {"".join(words), "".join(word[0] for word in words)}
    if whole:
        glued = {each for each in glued if len(each) > len(words)} - set(words)
    return len(tokens) == 1 and tokens[0] in glued


def unaccented(text: str) -> str:
    """Without case and accents, as local parts are written: "Müller" is "mueller", "Zoë" is "zoe"."""
    for letter, spelt in _SPELT:
        text = text.replace(letter, spelt)
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


_SPELT = (
    ("ä", "ae"),
    ("ö", "oe"),
    ("ü", "ue"),
    ("ß", "ss"),
    ("ø", "oe"),
    ("æ", "ae"),
    ("å", "aa"),
    ("ł", "l"),
    ("đ", "d"),
)
