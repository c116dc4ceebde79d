"""Asks a CalDAV server through the client `caldav`: one request at a time, tried again as the shared retry policy says, with
nothing of it in any log.

The client signs in and reads XML. What it leaves open is settled here, before it sees an answer: redirects are followed with
the method, the body and the password that they had, and only where that is safe; an error, a web page or a broken answer is
told from a calendar; the password is sent unasked, because some servers (Cyrus) answer strangers with an account that is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from calsight.errors import CalsightError, PayloadInvalidError
from calsight.kit.quiet import quiet
from calsight.kit.retry import Retrier, Transient
from calsight.kit.section import require_safe
from calsight_caldav import services
from calsight_caldav.trouble import ElsewhereError, Moved, NoDavError, Refused, Unauthorized, explain, passing
from calsight_caldav.xml import Resource, resources

#: The libraries that would log addresses, passwords and titles.
LIBRARIES = ("root", "caldav", "niquests", "requests", "urllib3", "urllib3_future", "icalendar", "h11", "wassima")
_TIMEOUT = 60
_MOST_REDIRECTS = 6
#: What XML cannot hold, and servers send nevertheless: control characters in a title, say.
_NOT_XML = bytes(byte for byte in range(32) if byte not in b"\t\n\r")


@dataclass(frozen=True, slots=True)
class Login:
    """Who asks which server.

    server      the address that was found when signing in
    secret      gives the password, or the token
    bearer      the secret is a token
    ca_file     certificates of one's own (PEM)
    """

    server: str
    user: str
    secret: Callable[[], str] = field(repr=False)
    bearer: bool = False
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `url` is where from, after all redirects."""

    url: str
    headers: Mapping[str, str]
    tree: Any
    body: bytes

    def resources(self) -> Iterator[Resource]:
        """The resources of a multistatus."""
        return resources(self.tree, self.url)


class Dav:
    """One server, asked as one user, over a connection of its own: not for several threads."""

    def __init__(self, login: Login, retrier: Retrier) -> None:
        self.login = login
        self._retrier = retrier
        self._client: Any = None

    def close(self) -> None:
        """Close the connection."""
        if self._client is not None:
            with quiet(*LIBRARIES):
                self._client.close()
            self._client = None

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
        to = urljoin(url, location)
        if not related(host_of(self.login.server), host_of(to)):
            raise ElsewhereError(host_of(self.login.server), to)
        require_safe(to, "The address that the server sends on to")
        return to

    def _once(self, method: str, url: str, body: str, headers: Mapping[str, str]) -> Answer:
        problem: Exception
        try:
            with quiet(*LIBRARIES):
                client = self._opened()
                try:
                    answer = client.request(url, method, body, headers)
                except Unauthorized as refused:
                    if not self._takes_up(refused.challenge):
                        raise
                    answer = client.request(url, method, body, headers)
                return Answer(url, answer.headers, answer.tree, getattr(answer, "_raw_body", b""))
        except (CalsightError, Moved, Transient):
            raise
        except Refused as refused:
            problem = passing(refused, self.login.server) or refused
        except Exception as error:  # noqa: BLE001 - these libraries raise anything; what is unknown is passed on
            problem = explain(error, self.login.server, bearer=self.login.bearer)
        self.close()  # in whatever state it is; the next request opens it anew
        raise problem

    def _takes_up(self, challenge: str) -> bool:
        """Whether to answer a challenge in another way than with Basic (RFC 7617), once."""
        from caldav.lib.http_sync import requests

        schemes = {part.split()[0] for part in challenge.lower().split(",") if part.strip()}
        basic = isinstance(self._client.auth, requests.auth.HTTPBasicAuth)
        if self.login.bearer or not basic or "basic" in schemes or "digest" not in schemes:
            return False
        self._client.auth = requests.auth.HTTPDigestAuth(self.login.user, self.login.secret())
        return True

    def _opened(self) -> Any:
        if self._client is None:
            from caldav.davclient import DAVClient

            require_safe(self.login.server, "The address of the server")
            self._client = DAVClient(
                self.login.server,
                username=None if self.login.bearer else self.login.user,
                password=self.login.secret(),
                auth_type="bearer" if self.login.bearer else "basic",
                timeout=_TIMEOUT,
                ssl_verify_cert=self.login.ca_file or True,
                huge_tree=True,
                enable_rfc6764=False,
            )
            self._client.session.close()
            self._client.session = _session()
        return self._client


def _session() -> Any:
    """A session that looks at each answer before the client does."""
    from caldav.lib.http_sync import requests

    class Session(requests.Session):
        def request(self, method: str, url: str, **given: Any) -> Any:  # type: ignore[override]
            given |= {"allow_redirects": False, "auth": given.get("auth") or (_as_it_is)}
            answer = super().request(method, url, **given)
            _looked_at(answer, url)
            return answer

    return Session()


def _looked_at(answer: Any, url: str) -> None:
    """Raises what an answer is that is no multistatus; takes out of it what XML cannot hold."""
    status, headers = int(answer.status_code), answer.headers
    if 300 <= status < 400 and headers.get("Location"):
        raise Moved(headers["Location"])
    if status == 401:
        raise Unauthorized(headers.get("WWW-Authenticate", ""))
    content: bytes = answer.content or b""
    if status >= 300:
        raise Refused(status, {name.lower(): value for name, value in headers.items()}, content)
    kind = headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind == "text/calendar":
        return
    head = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if kind == "text/html" or head.startswith((b"<!doctype html", b"<html")):
        raise NoDavError(f"{host_of(url)} answered with a web page")
    if not head.startswith(b"<"):
        raise Transient(PayloadInvalidError(f"{host_of(url)} answered with something that is not XML: try later."))
    answer._content = content.translate(None, _NOT_XML)


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
    """No auth. A request without any would take somebody's from ~/.netrc."""
    return request
