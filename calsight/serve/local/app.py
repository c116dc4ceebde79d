"""The whole of `calsight serve`: the web app, the web API and the MCP server, behind one token, on this machine."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from mcp.server.transport_security import TransportSecuritySettings
from starlette.exceptions import HTTPException

from calsight.errors import CalsightError, OwnerNotFoundError
from calsight.serve.api import book_routes
from calsight.serve.app import Reach, assemble, http_problem, make_service
from calsight.serve.book import Book
from calsight.serve.guard import LOOPBACK, Door, Token
from calsight.serve.limits import Limits
from calsight.serve.local.pages import App, pages
from calsight.serve.local.sitting import NothingOpenError, Sitting
from calsight.serve.mcp.calls import Manner
from calsight.serve.mcp.server import make_server
from calsight.serve.problems import ProblemError, code_of

#: What may be asked for by anybody: what the page needs that says why somebody is not let in, and what the API is.
_PUBLIC = ("/openapi.json", "/assets/report.css", "/assets/app.css", "/assets/favicon.svg")


def local_app(
    token: Token,
    *,
    settings: Path | None = None,
    limits: Limits | None = None,
    language: str = "",
    host: str = "",
    as_of: date | None = None,
) -> FastAPI:
    """The application. `settings` is the person's settings file, None for the default one; `host` a further name of this
    machine, where it is to be spoken to by one; `as_of` the day at whose end the app judges, None for now."""
    limits = limits or Limits(workers=1)
    book = Book(settings)
    service = make_service(limits=limits, sources=Reach("all", None))
    hosts = (*LOOPBACK, *([host] if host else []))
    sitting = Sitting(book, as_of)
    shown = App(sitting, limits, language)

    def refused(request: Request, error: ProblemError) -> Response:
        """A page for people. Its link leads home: a browser that came from another site shows its cookie only then."""
        return shown.html(request, "refused", error.status, why=error.detail, is_open=False)

    app = assemble(service, Door(token, hosts=hosts, public=_PUBLIC, page=refused))
    app.include_router(book_routes(book))
    app.include_router(pages(shown))

    def told(request: Request, error: ProblemError) -> Response:
        return refused(request, error) if "text/html" in request.headers.get("accept", "") else error.response()

    @app.exception_handler(ProblemError)
    async def problem(request: Request, error: ProblemError) -> Response:
        return told(request, error)

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        return told(request, http_problem(request, error))

    @app.exception_handler(OwnerNotFoundError)
    async def nobody(request: Request, error: OwnerNotFoundError) -> Response:
        return RedirectResponse("/", 303)  # which asks whose calendar it is

    @app.exception_handler(CalsightError)
    async def wrong(request: Request, error: CalsightError) -> Response:
        return told(request, ProblemError(422, code_of(error), str(error)))

    @app.exception_handler(NothingOpenError)
    async def closed(request: Request, _: NothingOpenError) -> Response:
        return told(request, ProblemError(409, "closed", "No calendar is open: open one first."))

    server = make_server(Manner(settings=settings))
    # The guard has asked for the token, the host and the origin already.
    trusted = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    # Its own route, and no mount: that would answer for every address that there is not.
    app.router.routes += server.streamable_http_app(streamable_http_path="/mcp", transport_security=trusted).routes
    app.state.running.append(server.session_manager.run)
    app.state.ending.append(sitting.close)
    return app
