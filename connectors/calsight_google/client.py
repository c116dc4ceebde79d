"""Asks Google: one request at a time, tried again as the shared retry policy says, and nothing of it in any log."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from googleapiclient.discovery import build
from googleapiclient.http import HttpRequest

from calsight.errors import CalsightError
from calsight.kit.answers import StateRefusedError
from calsight.kit.quiet import quiet
from calsight.kit.retry import Retrier
from calsight.kit.texts import without_halves
from calsight_google import auth
from calsight_google.trouble import Asked, explain

#: The most that Google gives on one page of calendars, and the most calendars that it looks at for free/busy.
_CALENDARS_A_PAGE = 250
_FREE_BUSY_AT_ONCE = 50


class Client:
    """The Calendar API of one account, over a connection of its own: for one thread, as httplib2 is not safe for more."""

    def __init__(self, credentials: Callable[[], Any], settings: auth.GoogleSettings, retrier: Retrier) -> None:
        """`credentials` gives google-auth credentials; `settings` say where Google is, and how one is signed in."""
        self._credentials = credentials
        self._settings = settings
        self._retrier = retrier
        self._service: Any = None

    def close(self) -> None:
        """Close the connection."""
        if self._service is not None:
            self._service.close()

    def calendars(self) -> list[Mapping[str, Any]]:
        """The account's calendar list, hidden ones too."""

        def request(service: Any, page: Mapping[str, str]) -> Any:
            return service.calendarList().list(maxResults=_CALENDARS_A_PAGE, showHidden=True, **page)

        found: list[Mapping[str, Any]] = []
        try:
            for answer in self._pages(request, Asked("the list of calendars", auth.CALENDARS)):
                found += (entry for entry in answer.get("items") or () if isinstance(entry, dict) and entry.get("id"))
            return found
        except StateRefusedError as refused:
            error = refused.error
        raise error

    def events(self, query: Mapping[str, Any], *, asked_for: str, incremental: bool) -> Iterator[Mapping[str, Any]]:
        """The pages of events.list. Raises `StateRefusedError` if Google does not accept a token, of an increment or a page."""

        def request(service: Any, page: Mapping[str, str]) -> Any:
            return service.events().list(**query, **page)

        return self._pages(request, Asked(asked_for, auth.EVENTS, refusable=incremental))

    def free_busy(self, people: Sequence[str], time_min: str, time_max: str) -> Mapping[str, Mapping[str, Any]]:
        """The answers of freebusy.query, by calendar."""
        found: dict[str, Mapping[str, Any]] = {}
        for first in range(0, len(people), _FREE_BUSY_AT_ONCE):
            items = [{"id": person} for person in people[first : first + _FREE_BUSY_AT_ONCE]]
            request = _free_busy({"timeMin": time_min, "timeMax": time_max, "items": items})
            found |= self._ask(request, Asked("free/busy", auth.FREE_BUSY)).get("calendars") or {}
        return found

    def _pages(self, request: Callable[[Any, Mapping[str, str]], Any], asked: Asked) -> Iterator[Mapping[str, Any]]:
        def ask(token: str) -> Mapping[str, Any]:
            page = {"pageToken": token} if token else {}
            return self._ask(
                lambda service: request(service, page), replace(asked, refusable=asked.refusable or bool(token))
            )

        return auth.GOOGLE.pages("", ask, lambda answer: auth.GOOGLE.mark(answer, "nextPageToken"))

    def _ask(self, request: Callable[[Any], Any], asked: Asked) -> Mapping[str, Any]:
        def work() -> Any:
            problem: Exception
            try:
                with quiet(*auth.LIBRARIES):
                    answer = _read_whole(request(self._opened())).execute(num_retries=0)
                if not isinstance(answer, str):
                    return answer
                problem = auth.GOOGLE.not_json()  # the library hands on what it cannot parse
            except CalsightError:
                raise
            except Exception as error:  # noqa: BLE001 - these libraries raise anything; what is unknown is passed on
                problem = explain(error, asked, self._settings)
            self.close()  # in whatever state it is; the next request opens it anew
            raise problem

        return auth.GOOGLE.document(self._retrier(work))

    def _opened(self) -> Any:
        if self._service is None:
            options = {"api_endpoint": _with_path(self._settings.api_endpoint)} if self._settings.api_endpoint else None
            self._service = build(
                "calendar",
                "v3",
                credentials=self._credentials(),
                client_options=options,
                static_discovery=True,
                cache_discovery=False,
            )
        return self._service


def _read_whole(request: HttpRequest) -> HttpRequest:
    """The request, whose answer is parsed to text that can be written."""
    parsed = request.postproc

    def parse(response: Any, content: bytes) -> Any:
        try:
            return without_halves(parsed(response, content), content)
        except RecursionError:  # as deep as no answer is
            return ""

    request.postproc = parse
    return request


def _free_busy(body: Mapping[str, Any]) -> Callable[[Any], Any]:
    return lambda service: service.freebusy().query(body=body)


def _with_path(endpoint: str) -> str:
    path = urlsplit(endpoint).path.strip("/")
    return endpoint.rstrip("/") + ("/" if path else "/calendar/v3/")
