"""What is asked of a CalDAV server, and what it answers: requests as XML, and a multistatus as resources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from xml.sax.saxutils import escape

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"
SERVER = "{http://calendarserver.org/ns/}"
_NAMESPACES = {DAV: "d", CALDAV: "c", SERVER: "s"}
_DECLARED = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:s="http://calendarserver.org/ns/"'


@dataclass(frozen=True, slots=True)
class Resource:
    """One response of a multistatus. `status` is the resource's own; `props` are the properties that it has, as elements."""

    url: str
    status: int
    props: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A property's text, "" where it has none."""
        element = self.props.get(name)
        return "" if element is None else (element.text or "").strip()

    def hrefs(self, name: str) -> list[str]:
        """The addresses in a property, as absolute ones; those of another kind (mailto:) as they are."""
        element = self.props.get(name)
        found = () if element is None else element.iter(f"{DAV}href")
        return [url for one in found if one.text and one.text.strip() and (url := _joined(self.url, one.text.strip()))]

    def tags(self, name: str) -> set[str]:
        """The names of all elements in a property."""
        element = self.props.get(name)
        return set() if element is None else {one.tag for one in element.iter() if isinstance(one.tag, str)}


def resources(tree: Any, base: str) -> Iterator[Resource]:
    """The resources of a multistatus that `base` answered with."""
    scheme, _, rest = base.partition("://")
    origin = f"{scheme}://{rest.partition('/')[0]}"
    for response in tree.iter(f"{DAV}response"):
        props: dict[str, Any] = {}
        hrefs: list[str] = []
        status = 0
        for part in response:  # hundreds of thousands of them: looked through once
            match part.tag:
                case "{DAV:}href" if part.text:
                    hrefs.append(part.text.strip())
                case "{DAV:}status":
                    status = status or _code(part)
                case "{DAV:}propstat" if 200 <= _code(part.find("{DAV:}status")) < 300:
                    props |= {child.tag: child for prop in part.iterfind("{DAV:}prop") for child in prop}
        for href in hrefs:
            plain = href.startswith("/") and not href.startswith("//") and "/." not in href
            if url := origin + href if plain else _joined(base, href):
                yield Resource(url, status or 200, props)


def _joined(base: str, href: str) -> str:
    """The address that an href means; "" for what is none."""
    try:
        return urljoin(base, href)
    except ValueError:
        return ""


def _code(status: Any) -> int:
    parts = (status.text or "").split() if status is not None else []
    return int(parts[1]) if len(parts) > 1 and parts[1].isdigit() else 200


def path_of(url: str) -> str:
    """What two spellings of one address have in common: the path, without escapes and a slash at its end."""
    return unquote(urlsplit(url).path).rstrip("/")


def names_in(collection: str) -> Callable[[str], str]:
    """What gives the name of a resource in this collection; "" for the collection itself and what is not right in it."""
    inside_of = path_of(collection) + "/"

    def name(url: str) -> str:
        path = path_of(url)
        inside = path.removeprefix(inside_of)
        return "" if "/" in inside or inside == path else inside

    return name


# --- requests -----------------------------------------------------------------------------------------------------------------


def _tag(name: str) -> str:
    namespace, _, local = name.partition("}")
    return f"{_NAMESPACES[namespace + '}']}:{local}"


def _props(names: Iterable[str]) -> str:
    return f"<d:prop>{''.join(f'<{_tag(name)}/>' for name in names)}</d:prop>"


def _document(name: str, content: str) -> str:
    return f'<?xml version="1.0" encoding="utf-8"?><{name} {_DECLARED}>{content}</{name}>'


def propfind(*names: str) -> str:
    """Asks for these properties."""
    return _document("d:propfind", _props(names))


def in_range(start: datetime, end: datetime) -> str:
    """Asks which events overlap a span of time, and for their ETags only (RFC 4791, 7.8)."""
    span = f'<c:time-range start="{utc_stamp(start)}" end="{utc_stamp(end)}"/>'
    events = f'<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">{span}</c:comp-filter></c:comp-filter>'
    return _document("c:calendar-query", _props([f"{DAV}getetag"]) + f"<c:filter>{events}</c:filter>")


def these(urls: Iterable[str]) -> str:
    """Asks for the content of these (RFC 4791, 7.9)."""
    hrefs = "".join(f"<d:href>{escape(urlsplit(url).path)}</d:href>" for url in urls)
    return _document("c:calendar-multiget", _props([f"{DAV}getetag", f"{CALDAV}calendar-data"]) + hrefs)


def changed_since(token: str) -> str:
    """Asks what has changed (RFC 6578, 3.2)."""
    asked = f"<d:sync-token>{escape(token)}</d:sync-token><d:sync-level>1</d:sync-level>"
    return _document("d:sync-collection", asked + _props([f"{DAV}getetag"]))


def busy_in(start: datetime, end: datetime) -> str:
    """Asks when a calendar is busy (RFC 4791, 7.10)."""
    return _document("c:free-busy-query", f'<c:time-range start="{utc_stamp(start)}" end="{utc_stamp(end)}"/>')


def utc_stamp(moment: datetime) -> str:
    """A moment as iCalendar writes it in UTC."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
