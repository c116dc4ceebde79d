"""Asks a CalDAV server, over requests: one request at a time, tried again as the shared retry policy says, none of it logged.

Redirects are followed with the method, the body and the password that they had, and only where that is safe; an error, a web
page or a broken answer is told from a calendar; the password is sent unasked, because some servers (Cyrus) answer strangers
with an account that is empty.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit
from xml.etree import ElementTree as ET

from calsight.errors import CalsightError, PayloadInvalidError
from calsight.kit.deadlines import answered_by, hung_up_at
from calsight.kit.quiet import quiet
from calsight.kit.retry import Retrier, Transient
from calsight.kit.section import require_safe
from calsight_caldav import services
from calsight_caldav.reach import Reach
from calsight_caldav.trouble import ElsewhereError, Moved, NoDavError, Refused, Unauthorized, explain, passing
from calsight_caldav.xml import Resource, resources

if TYPE_CHECKING:
    import requests

#: The libraries that would log addresses, passwords and titles.
LIBRARIES = ("root", "requests", "urllib3", "icalendar", "dns")
#: Seconds to connect, and between two bytes of an answer; seconds for a whole answer, and how long one may be (bytes).
_TIMEOUT, _LONGEST, _MOST = (15, 60), 600.0, 1 << 28
_CHUNK = 1 << 18
_MOST_REDIRECTS = 6
#: Elements and attributes of an answer, told by their bytes: a tree takes a hundred times as much memory as `<a/>`. An entry
#: that is listed has six.
_MOST_PARTS, _PARTS = 1_000_000, (b"</", b"/>", b'="', b"='")
#: What XML cannot hold, and servers send nevertheless: control characters in a title, say.
_NOT_XML = bytes(byte for byte in range(32) if byte not in b"\t\n\r")
#: No answer has a document type; one could hold entities that grow without end.
_DOCTYPE = re.compile(rb"(?s)(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE")


@dataclass(frozen=True, slots=True)
class Login:
    """Who asks which server.

    server      the address that was found when signing in
    secret      gives the password, or the token
    bearer      the secret is a token
    reach       how servers are reached
    """

    server: str
    user: str
    secret: Callable[[], str] = field(repr=False)
    bearer: bool = False
    reach: Reach = field(default_factory=Reach)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `url` is where from, after all redirects; `tree` is the document of a multistatus, else None."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    tree: ET.Element | None

    def resources(self) -> Iterator[Resource]:
        """The resources of a multistatus."""
        return iter(()) if self.tree is None else resources(self.tree, self.url)

    def text(self, name: str) -> str:
        """What an element of its own holds, "" where it has none."""
        return "" if self.tree is None else (self.tree.findtext(name) or "").strip()


class Dav:
    """One server, asked as one user, over a connection of its own: not for several threads."""

    def __init__(self, login: Login, retrier: Retrier) -> None:
        self.login = login
        self._retrier = retrier
        self._session: requests.Session | None = None

    def close(self) -> None:
        """Close the connection."""
        if self._session is not None:
            with quiet(*LIBRARIES):
                self._session.close()
            self._session = None

    def propfind(self, url: str, body: str, *, depth: int = 0) -> Answer:
        """Ask for properties."""
        return self.ask("PROPFIND", url, body, depth=depth)

    def report(self, url: str, body: str, *, depth: int | None = 1) -> Answer:
        """Ask for a report."""
        return self.ask("REPORT", url, body, depth=depth)

    def ask(
        self,
        method: str,
        url: str,
        body: str = "",
        *,
        depth: int | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request, and the answer where the last redirect led.

        Raises `Refused` for a status of which the caller knows what it means, else what `trouble.explain` makes of the cause.
        """
        sent = {"Content-Type": "application/xml; charset=utf-8", **(headers or {})}
        if depth is not None:
            sent["Depth"] = str(depth)
        for _ in range(_MOST_REDIRECTS):
            try:
                return self._retrier(lambda at=url: self._once(method, at, body, sent))  # type: ignore[misc]
            except Moved as moved:
                url = self._followed(url, moved.location)
        raise NoDavError(f"the server at {host_of(self.login.server)} sends from one address to the next without end")

    def _followed(self, url: str, location: str) -> str:
        try:
            to = urljoin(url, location)
            host = host_of(to)
        except ValueError as error:
            raise explain(error, self.login.server) from None
        if not related(host_of(self.login.server), host):
            raise ElsewhereError(host_of(self.login.server), to)
        require_safe(to, "The address that the server sends on to")
        return to

    def _once(self, method: str, url: str, body: str, headers: Mapping[str, str]) -> Answer:
        problem: Exception
        try:
            with quiet(*LIBRARIES):
                session = self._opened()
                try:
                    return _asked(session, method, url, body, headers)
                except Unauthorized as refused:
                    if not self._takes_up(session, refused.challenge):
                        raise
                    return _asked(session, method, url, body, headers)
        except (CalsightError, Moved, Transient):
            raise
        except Refused as refused:
            problem = passing(refused, self.login.server) or refused
        except Exception as error:  # noqa: BLE001 - these libraries raise anything; what is unknown is passed on
            problem = explain(error, self.login.server, bearer=self.login.bearer)
        self.close()  # in whatever state it is; the next request opens it anew
        raise problem

    def _takes_up(self, session: requests.Session, challenge: str) -> bool:
        """Whether to answer a challenge with Digest (RFC 7616) instead of Basic (RFC 7617), once."""
        from requests.auth import HTTPBasicAuth, HTTPDigestAuth

        schemes = {part.split()[0] for part in challenge.lower().split(",") if part.strip()}
        if not isinstance(session.auth, HTTPBasicAuth) or "basic" in schemes or "digest" not in schemes:
            return False
        session.auth = HTTPDigestAuth(self.login.user, self.login.secret())
        return True

    def _opened(self) -> requests.Session:
        if self._session is None:
            from requests.auth import HTTPBasicAuth

            require_safe(self.login.server, "The address of the server")
            session = self.login.reach.session(self.login.server)
            secret = self.login.secret()
            if self.login.bearer:
                session.headers["Authorization"] = f"Bearer {secret}"
                session.auth = _as_it_is
            else:
                session.auth = HTTPBasicAuth(self.login.user.encode(), secret.encode())
            self._session = session
        return self._session


def _asked(session: requests.Session, method: str, url: str, body: str, headers: Mapping[str, str]) -> Answer:
    """One answer. Raises what it is where it is no multistatus."""
    until = time.monotonic() + _LONGEST
    ask = partial(
        session.request,
        method,
        url,
        data=body.encode(),
        headers=dict(headers),
        timeout=_TIMEOUT,
        verify=session.verify,
        allow_redirects=False,
        stream=True,
    )
    with answered_by(until, ask) as answer, hung_up_at(until, answer):
        parts, length = [], 0
        for part in answer.iter_content(_CHUNK):
            parts.append(part)
            length += len(part)
            if length > _MOST or time.monotonic() > until:
                raise Transient(PayloadInvalidError(f"{host_of(url)} answers without end: try later."))
    return _looked_at(url, answer.status_code, answer.headers, b"".join(parts))


def _looked_at(url: str, status: int, headers: Mapping[str, str], content: bytes) -> Answer:
    if 300 <= status < 400 and headers.get("Location"):
        raise Moved(headers["Location"])
    if status == 401:
        raise Unauthorized(headers.get("WWW-Authenticate", ""))
    if status >= 300:
        raise Refused(status, {name.lower(): value for name, value in headers.items()}, content)
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "text/calendar":
        return Answer(url, headers, content, None)
    head = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if kind == "text/html" or head.startswith((b"<!doctype html", b"<html")):
        raise NoDavError(f"{host_of(url)} answered with a web page")
    if sum(map(content.count, _PARTS)) > _MOST_PARTS:
        raise PayloadInvalidError(
            f"{host_of(url)} answered with more than {_MOST_PARTS:,} elements, and was not read. Ask for fewer weeks."
        )
    document = content.translate(None, _NOT_XML)
    if head.startswith(b"<") and not _DOCTYPE.match(document):
        with suppress(ET.ParseError, LookupError, ValueError):  # the last two: an encoding that it does not know
            return Answer(url, headers, content, ET.fromstring(document))  # noqa: S314 - no entities, as said above
    raise Transient(PayloadInvalidError(f"{host_of(url)} answered with something that is not XML: try later."))


def host_of(url: str) -> str:
    """The host of an address, for sentences."""
    parts = urlsplit(url)
    return f"{parts.hostname or ''}" + (f":{parts.port}" if parts.port else "")


def related(mine: str, other: str) -> bool:
    """Whether a password for one host may be given to the other: the same, one below it, or of the same well-known service."""
    first, second = (host.partition(":")[0].lower() for host in (mine, other))
    if first == second or second.endswith(f".{first}"):
        return True
    known = services.by_server(f"https://{first}/")
    return known is not None and bool(known.hosts) and services.by_server(f"https://{second}/") == known


def _as_it_is(request: Any) -> Any:
    """No auth of requests' own: it would take somebody's from ~/.netrc, and put that in the place of a token."""
    return request
