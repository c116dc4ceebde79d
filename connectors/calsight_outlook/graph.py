"""Asks Microsoft Graph: one request at a time, tried again as the shared retry policy says, and nothing of it in any log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests

from calsight.errors import PayloadInvalidError
from calsight.kit.quiet import quiet
from calsight.kit.retry import Retrier
from calsight.kit.texts import NotJsonError, read_json
from calsight_outlook.auth import LIBRARIES, Tokens
from calsight_outlook.service import MICROSOFT
from calsight_outlook.trouble import Asked, claims_of, explain, still_challenged, unreachable

#: Seconds to connect, and between two bytes of an answer.
_TIMEOUT = (15, 60)

#: Events on a page; the default is 10, the most 1000, and each carries its text.
PAGE = 250

#: What Graph answers to a token of ours that it does not accept (any more): to that of an increment, and of a page.
_STATE_REFUSED, _PAGE_REFUSED = frozenset({400, 404, 410}), frozenset({400, 410})

#: Times in UTC, ids that stay when an event is moved, and texts without markup.
_PREFER = 'outlook.timezone="UTC", IdType="ImmutableId", outlook.body-content-type="text"'


class Session(requests.Session):
    """A session that does not wait for ever; msal asks through it, too."""

    def request(self, *arguments: Any, **options: Any) -> requests.Response:
        """As in requests, with a timeout."""
        options.setdefault("timeout", _TIMEOUT)
        return super().request(*arguments, **options)


class Graph:
    """Graph for one mailbox, over one connection: for one thread."""

    def __init__(
        self,
        tokens: Tokens,
        session: requests.Session,
        endpoint: str,
        retrier: Retrier,
        place: AbstractContextManager[object],
    ) -> None:
        """`place` is had while a request is asked: see `Places`."""
        self._tokens = tokens
        self._session = session
        self._endpoint = endpoint
        self._retrier = retrier
        self._place = place
        self._timeout: tuple[float, float] = _TIMEOUT

    def brief(self, deadline: float, timeout: tuple[float, float] = _TIMEOUT) -> Graph:
        """The same, for what is not worth more than `deadline` seconds of failing and waiting."""
        made = Graph(self._tokens, self._session, self._endpoint, self._retrier.within(deadline), self._place)
        made._timeout = timeout
        return made

    def address(self, path: str, query: Mapping[str, str] | None = None) -> str:
        """The whole address of a path, which is quoted already."""
        return f"{self._endpoint}/{path}" + (f"?{urlencode(query, safe='$,:')}" if query else "")

    def get(self, path: str, query: Mapping[str, str] | None = None, *, asked_for: str) -> Mapping[str, Any]:
        """One resource."""
        return self._ask("GET", self.address(path, query), Asked(asked_for))

    def post(self, path: str, body: Mapping[str, Any], *, asked_for: str) -> Mapping[str, Any]:
        """The answer of an action."""
        return self._ask("POST", self.address(path), Asked(asked_for), body=body)

    def pages(
        self, address: str, *, asked_for: str, prefer: str = "", incremental: bool = False
    ) -> Iterator[Mapping[str, Any]]:
        """The pages of a collection; each next one is where the last says, as it says it, if that is Graph's own host.

        Raises `StateRefusedError` where Graph does not accept a token in an address: that of an `incremental` question, or of
        a page that it named itself.
        """

        def ask(at: str) -> Mapping[str, Any]:
            self._same_host(at)
            refusable = _STATE_REFUSED if incremental else _PAGE_REFUSED if at != address else frozenset()
            return self._ask("GET", at, Asked(asked_for, refusable), prefer=prefer)

        return MICROSOFT.pages(address, ask, lambda answer: MICROSOFT.mark(answer, "@odata.nextLink"))

    def _same_host(self, address: str) -> None:
        """The token goes to Graph and to nobody else, whatever an answer says."""
        if _origin(address) != _origin(self._endpoint):
            raise PayloadInvalidError("Microsoft's answer leads to another host, which calsight does not follow.")

    def _ask(
        self, method: str, address: str, asked: Asked, *, prefer: str = "", body: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any]:
        headers = {"Accept": "application/json", "Prefer": f"{_PREFER}, {prefer}" if prefer else _PREFER}

        def send(token: str) -> requests.Response:
            with self._place, quiet(*LIBRARIES):
                return self._session.request(
                    method,
                    address,
                    headers=headers,
                    json=body,
                    auth=_bearer(token),
                    allow_redirects=False,
                    timeout=self._timeout,
                )

        def work() -> Any:
            problem: Exception
            try:
                answer = self._answer(send)
                if answer.status_code == 200:
                    return read_json(answer.content)
                problem = self._problem(answer, asked)
            except requests.RequestException as error:
                problem = unreachable(error)
            except NotJsonError:
                problem = MICROSOFT.not_json()
            except ValueError:  # of requests, for an address that an answer leads to
                problem = MICROSOFT.unexpected()
            raise problem

        return MICROSOFT.document(self._retrier(work))

    def _answer(self, send: Callable[[str], requests.Response]) -> requests.Response:
        """The answer to one request; where its token is refused, that to the same with a new one, which meets the claims."""
        token = self._tokens()
        answer = send(token)
        if answer.status_code != 401 or not self._tokens.renewable:
            return answer
        return send(self._tokens(refused=token, claims=claims_of(answer)))

    def _problem(self, answer: requests.Response, asked: Asked) -> Exception:
        service, application = self._tokens.service, self._tokens.application
        if answer.status_code == 401 and claims_of(answer):
            return still_challenged(service)
        return explain(answer, asked, service, application=application)


def _bearer(token: str) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
    """Given as `auth`, because a header would give way to what stands in ~/.netrc."""

    def sign(request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    return sign


def _origin(address: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(address)
        port = parts.port or {"https": 443, "http": 80}.get(parts.scheme)
    except ValueError:
        return "", "", None
    return parts.scheme, (parts.hostname or "").lower(), port
