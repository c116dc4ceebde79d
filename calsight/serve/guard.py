"""Before anything else is asked: who may speak to this server, and what no answer goes without."""

from __future__ import annotations

import hmac
import logging
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass, field
from inspect import isawaitable
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from calsight.serve.problems import ProblemError

Authenticate = Callable[[Request], "bool | Awaitable[bool]"]

_LOG = logging.getLogger("calsight.serve")
#: The names of this machine for itself.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
#: No page of ours loads, sends or is framed by anything but this server; no script or style stands in a page.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "cache-control": "no-store",
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "same-origin",  # with "no-referrer" browsers hide from us, too, where a form comes from
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
_SAFE = ("GET", "HEAD", "OPTIONS")
_OPEN_IT = "Open the address that calsight serve printed. It opens once: start calsight serve again for another one."
_BEAR_IT = "A program sends the token, which is what stands after token= in an address: Authorization: Bearer TOKEN."


@dataclass(slots=True)
class Token:
    """What opens a local server: as `Authorization: Bearer` always, in an address once; a browser then has a cookie.

    Cookies are shared by all ports of a host, so each port has its own.
    """

    text: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    spent: bool = False
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32))

    def borne(self, request: Request) -> bool:
        """Whether the request bears the token itself."""
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and _same(text.strip(), self.text)

    def known(self, request: Request) -> bool:
        """Whether it comes from the browser that opened the address."""
        return _same(request.cookies.get(cookie_of(request.scope), ""), self.session)

    def spend(self, text: str) -> bool:
        """Whether this opens the server: the first time only."""
        if self.spent or not _same(text, self.text):
            return False
        self.spent = True
        return True


def cookie_of(scope: Scope) -> str:
    """The name of the cookie on this port."""
    return f"calsight-{(scope.get('server') or ('', 0))[1]}"


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in.

    token         opens a local server; None where `authenticate` decides
    authenticate  says whether a request comes from somebody who is signed in
    hosts         names under which the server may be spoken to, so that no other site's name can be turned to it; () for any
    origins       sites whose pages may speak to it, besides its own
    public        paths that need no sign-in
    page          what a person is shown in place of a problem document
    """

    token: Token | None = None
    authenticate: Authenticate | None = None
    hosts: Collection[str] = ()
    origins: Collection[str] = ()
    public: Collection[str] = ("/openapi.json",)
    page: Callable[[Request, ProblemError], Response] | None = None


@dataclass(frozen=True, slots=True)
class Guard:
    """The outermost layer of an application, pure ASGI: it lets in whom the `door` does."""

    app: ASGIApp
    door: Door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                _add_headers(message, _ALWAYS)
            await send(message)

        request = Request(scope)
        try:
            self._check_place(request)
            if (opened := self._opened(request)) is not None:
                await opened(scope, receive, sending)
                return
            await self._check_person(request)
            await self.app(scope, receive, sending)
        except ProblemError as refused:
            shown = self._page(request)
            answer = refused.response() if shown is None else shown(request, refused)
            await answer(scope, receive, sending)
        except Exception as error:  # noqa: BLE001 - the last resort: a defect of ours is a problem document too
            # What was being read may stand in the error's text: neither is told, nor kept.
            _LOG.error("A request failed: %s", type(error).__name__)
            if begun:
                raise RuntimeError("the answer was cut short") from None
            told = ProblemError(500, "internal", "Something went wrong inside calsight, and that is our fault.")
            await told.response()(scope, receive, sending)

    def _page(self, request: Request) -> Callable[[Request, ProblemError], Response] | None:
        """What shows a person why they are refused; None for a program."""
        return self.door.page if "text/html" in request.headers.get("accept", "") else None

    def _check_place(self, request: Request) -> None:
        host = request.headers.get("host", "")
        if self.door.hosts and host.lower() not in self._names(request.scope):
            raise ProblemError(421, "host", "This server answers to its own address only.")
        origin = request.headers.get("origin")
        own = {f"{scheme}://{host}" for scheme in ("http", "https")}
        if origin is not None and origin not in own | set(self.door.origins):
            raise ProblemError(403, "origin", "Pages of other sites may not speak to this server.")
        site = request.headers.get("sec-fetch-site")
        if site in ("cross-site", "same-site") and request.method not in _SAFE and origin not in self.door.origins:
            raise ProblemError(403, "origin", "Pages of other sites may not speak to this server.")

    def _names(self, scope: Scope) -> set[str]:
        port = (scope.get("server") or ("", 0))[1]
        return {name if ":" in name.rpartition("]")[2] else f"{name}:{port}" for name in self.door.hosts}

    def _opened(self, request: Request) -> RedirectResponse | None:
        """What the first visit is answered with: a cookie, and an address without the token."""
        if self.door.token is None or request.method != "GET" or _path(request) != "/":
            return None
        given = parse_qs(request.scope["query_string"].decode("latin-1")).get("token")
        if given is None:
            return None
        answer = RedirectResponse("/", 303)
        if self.door.token.known(request):
            return answer
        if not self.door.token.spend(given[0]):
            raise ProblemError(401, "token", "This address was used already. Start calsight serve again for another.")
        answer.set_cookie(cookie_of(request.scope), self.door.token.session, httponly=True, samesite="strict", path="/")
        return answer

    async def _check_person(self, request: Request) -> None:
        if _path(request) in self.door.public:
            return
        if self.door.token is not None:
            # A browser says where a request that changes something comes from.
            safe = request.method in _SAFE or request.headers.get("origin") is not None
            allowed = self.door.token.borne(request) or (safe and self.door.token.known(request))
        elif self.door.authenticate is not None:
            said = self.door.authenticate(request)
            allowed = await said if isawaitable(said) else said
        else:
            allowed = False
        if not allowed:
            if self.door.token is None:
                code, detail = "sign_in", "Sign in first."
            else:
                code, detail = "token", _BEAR_IT if self._page(request) is None else _OPEN_IT
            raise ProblemError(401, code, detail, {"WWW-Authenticate": "Bearer"})


def _path(request: Request) -> str:
    """The path below the one at which the application is mounted."""
    path: str = request.scope["path"]
    return path.removeprefix(request.scope.get("root_path", ""))


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(), known.encode())


def _add_headers(message: Message, headers: Mapping[str, str]) -> None:
    present = {name.lower() for name, _ in message["headers"]}
    more = [(name.encode(), text.encode()) for name, text in headers.items() if name.encode() not in present]
    message["headers"] = [*message["headers"], *more]
