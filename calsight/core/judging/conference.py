"""Join links and dial-in numbers in free text.

A *join link* leads into a meeting; a link to a vendor's help, recordings or options does not. The vendors' hosts
and paths are data (`data/conference.toml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar
from urllib.parse import parse_qs, unquote

from calsight.core.data import load

_T = TypeVar("_T")

_URL = re.compile(r'https?://[^\s<>"\\]+')
_TAIL = re.compile(r'[^\s<>"\\]*')
_TEL_URI = re.compile(r"(?<![\w])tel:(?://)?([+(]?\d[\d ().,;*#p-]{4,40})")
_WITH_PIN = re.compile(r"(?<![\w/=&?-])(\+?\(?\d[\d \t().-]{5,22}\d(?:,{1,6}\*?\d{3,}#?)+)")
_WITH_SPOKEN_PIN = re.compile(r"(?<![\w/=&?-])(\+?\(?\d[\d \t().-]{5,22}\d)[ \t,]{1,4}(?:PIN|pin|Pin)\b")
_NUMBER = re.compile(r"[0-9][0-9 \t().-]{5}")
_WRITTEN_OUT = re.compile(r"(?<![\w/=&?,.(+-])(?:\+|\+?\(|0|\d{1,4}[ .-])[\d \t().-]{5,22}\d")
_BEFORE_BARE = frozenset(' \n\t\r<>"([:|,')
_LONGEST = 50_000  # characters looked at: what lies beyond is a pasted document, not an invitation


def conference_links(text: str) -> tuple[str, ...]:
    """The join links in free text (plain or HTML), each once; where there are none, the dial-in numbers.

    Link rewriters (SafeLinks, urldefense …) are unwrapped; numbers come as `tel:` with digits and pin.

    Examples:
        >>> calsight.conference_links("We meet at https://meet.google.com/abc-defg-hij, as ever.")
        ('https://meet.google.com/abc-defg-hij',)
    """
    text = text[:_LONGEST]
    links = _join_links(text) if "/" in text or "sip" in text or "facetime:" in text else []
    if not links and _NUMBER.search(text):
        links = _dial_ins(text)
    return tuple(dict.fromkeys(links))


def _join_links(text: str) -> list[str]:
    links = [link for link in map(_join_link, _URL.findall(text)) if link] if "http" in text else []
    if links:
        return links
    vendors = _vendors()
    for prefix in vendors.prefixes:
        for start, tail in _starts(prefix, text):
            if len(tail) > len(prefix) and not text[start - 1 : start].isalnum():
                links.append(_trim(tail))
    for host in vendors.bare:
        for start, tail in _starts(host, text):
            link = "https://" + _trim(tail)
            if (start == 0 or text[start - 1] in _BEFORE_BARE) and is_join_link(link):
                links.append(link)
    return links


def _starts(needle: str, text: str) -> Iterator[tuple[int, str]]:
    """Where `needle` stands in `text`, with what follows up to the next space, quote or angle bracket."""
    start = text.find(needle)
    while start >= 0:
        tail = _TAIL.match(text, start)
        yield start, tail[0] if tail else ""
        start = text.find(needle, start + len(tail[0] if tail else needle))


def _trim(link: str) -> str:
    """A link as it stands in a sentence or in HTML, without what closes the one or escapes the other."""
    if "&" in link:
        link = link.replace("&amp;", "&").partition("&quot;")[0].partition("&gt;")[0]
    link = link.rstrip(".,;:!?'*_|]}>")
    return link if "(" in link else link.rstrip(")")


@lru_cache(maxsize=4096)
def _join_link(link: str) -> str:
    """The join link that a link is, or that its rewriters wrap; "" where there is none."""
    link = _trim(link)
    host, rest = _split(link)
    for _ in range(3):  # rewriters wrap each other, but not endlessly
        inner = _unwrap(host, rest) if _host(host).wrapper else None
        if inner is None:
            break
        link = _trim(inner)
        host, rest = _split(link)
    return link if _leads_in(host, rest) else ""


def _unwrap(host: str, rest: str) -> str | None:
    """What the rewriter at `host` wraps in `rest`; None where it is no rewriter, or wraps nothing."""
    parameter = _host(host).wrapper
    if not parameter:
        return None
    if parameter == _URLDEFENSE:
        if rest.startswith("/v3/__"):
            return rest[6:].partition("__;")[0]
        wrapped = _query(rest, "u")
        return unquote(wrapped.translate(_URLDEFENSE_2)) if wrapped and rest.startswith("/v2/") else wrapped
    inner = _query(rest, parameter)
    return inner if inner and inner.startswith(("http://", "https://")) else None


_URLDEFENSE = "urldefense"
_URLDEFENSE_HOSTS = ("urldefense.com", "urldefense.proofpoint.com", "urldefense.us")
_URLDEFENSE_2 = str.maketrans("-_", "%/")


def _query(rest: str, parameter: str) -> str | None:
    if f"{parameter}=" not in rest:  # parsing the query costs more than all the rest
        return None
    values = parse_qs(rest.partition("?")[2]).get(parameter)
    return values[0] if values else None


def _split(link: str) -> tuple[str, str]:
    """Host (lower case, without port and user) and the rest (from the path on) of an http(s) link."""
    host, slash, rest = link.partition("://")[2].partition("/")
    if not slash and "?" in host:
        host, _, query = host.partition("?")
        rest = "?" + query
    return host.rpartition("@")[2].partition(":")[0].lower(), "/" + rest


def is_join_link(link: str) -> bool:
    """Whether an http(s) link leads into a meeting."""
    return _leads_in(*_split(link))


def _leads_in(host: str, rest: str) -> bool:
    known = _host(host)
    if known.paths is not None:
        return known.paths.match(rest) is not None
    vendors = _vendors()
    if known.own and vendors.own_host_paths.match(rest):
        return True
    return vendors.own_paths.match(rest) is not None


class _Host(NamedTuple):
    """What is known of a host: the vendor's paths that lead into meetings; the parameter of a rewriter that wraps links, or
    its name; whether it looks like a meeting server of one's own.
    """

    paths: re.Pattern[str] | None
    wrapper: str
    own: bool


@lru_cache(maxsize=4096)
def _host(name: str) -> _Host:
    vendors = _vendors()
    paths = _lookup(vendors.paths, name)
    wrapper = _URLDEFENSE if name.endswith(_URLDEFENSE_HOSTS) else _lookup(vendors.wrappers, name)
    return _Host(_any(paths) if paths else None, wrapper or "", vendors.own_hosts.match(name) is not None)


def _lookup(table: dict[str, _T], host: str) -> _T | None:
    """What `table` holds for a host or the nearest domain above it."""
    while host:
        if host in table:
            return table[host]
        host = host.partition(".")[2]
    return None


def _dial_ins(text: str) -> list[str]:
    numbers = _TEL_URI.findall(text) if "tel:" in text else []
    if ",," in text or "#" in text:
        numbers += _WITH_PIN.findall(text)
    if "PIN" in text or "pin" in text or "Pin" in text:
        numbers += _WITH_SPOKEN_PIN.findall(text)
    lowered = text.casefold()
    words = [word for word in _vendors().dial_in_words if word in lowered]
    if words:
        lines = text.splitlines()
        for place, line in enumerate(lines):
            lowered = line.casefold()
            if any(word in lowered for word in words):
                number = next(filter(None, map(_WRITTEN_OUT.search, lines[place : place + 3])), None)
                if number and _digits(number[0]) >= 7:
                    numbers.append(number[0])
    found: list[str] = []
    for dialled in map(_tel, numbers):
        if _digits(dialled) >= 5 and not any(known.startswith(dialled) for known in found):
            found.append(dialled)
    return found


def _digits(number: str) -> int:
    return sum(map(str.isdigit, number))


def _tel(number: str) -> str:
    return "tel:" + re.sub(r"[^\d+,*#]", "", number).rstrip(",")


class _Vendors:
    """The hosts, paths and words of `data/conference.toml`, compiled; those of each vendor when a link leads there."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.paths: dict[str, tuple[str, ...]] = {
            host: tuple(vendor["paths"]) for vendor in data["vendor"] for host in vendor["hosts"]
        }
        self.wrappers: dict[str, str] = {
            host: wrapper["parameter"] for wrapper in data["wrapper"] for host in wrapper["hosts"]
        }
        self.own_hosts = _any(tuple(data["anywhere"]["hosts"]))
        self.own_host_paths = _any(tuple(data["anywhere"]["host_paths"]))
        self.own_paths = _any(tuple(data["anywhere"]["paths"]))
        self.prefixes: tuple[str, ...] = tuple(data["schemes"]["prefixes"])
        self.bare: tuple[str, ...] = tuple(data["schemes"]["bare"])
        self.dial_in_words: tuple[str, ...] = tuple(word.casefold() for word in data["dial_in"]["words"])


@cache
def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


@cache
def _vendors() -> _Vendors:
    return _Vendors(load("conference"))
