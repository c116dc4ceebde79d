"""The application: an ASGI application that products mount, and that `calsight serve` runs."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from calsight import __version__
from calsight.core.model.options import Network
from calsight.errors import UsageError
from calsight.serve.api import Service, routes, with_schemas
from calsight.serve.asked import MeetingsAsked
from calsight.serve.guard import Authenticate, Door, Guard, Token
from calsight.serve.limits import Limits
from calsight.serve.pool import Pool
from calsight.serve.problems import ProblemError, problem
from calsight.serve.said import sentence

_CODES = {404: "not_found", 405: "method"}
#: The options of a request, by the names that it has for them.
_NAMES = tuple(field.alias or name for name, field in MeetingsAsked.model_fields.items())


@dataclass(frozen=True, slots=True)
class Reach:
    """What a source that a request names may reach: as `network` and `folders` of `calsight.pipeline.read`."""

    network: Network = "public"
    folders: tuple[str, ...] | None = ()


def create_app(
    *,
    authenticate: Authenticate | None = None,
    token: str | None = None,
    settings: dict[str, Any] | None = None,
    limits: Limits | None = None,
    sources: Reach | None = None,
    origins: Collection[str] = (),
) -> FastAPI:
    """The web API as an ASGI application, to be run by itself or mounted in another: `app.mount("/calsight", create_app(…))`.

    `authenticate` is given each request and says whether it comes from somebody who is signed in; it may be async. Without
    one, `token` is what a request must bear (`Authorization: Bearer`). One of them is needed: raises `UsageError`.

    `settings` is a dict of the settings file's shape, the same for all requests; no file of this machine is read. With
    `sources` a request may name a source instead of carrying a calendar, within that reach. `origins` are the sites
    ("https://example.com") whose pages may speak to it.

    Nothing of a calendar is kept: an upload is a file in the system's temporary folder while it is read.
    """
    if (authenticate is None) == (token is None):
        raise UsageError("Say who may use this: authenticate=… or token=…, one of them.")
    door = Door(Token(token) if token else None, authenticate, origins=origins)
    return assemble(make_service(settings=settings, limits=limits, sources=sources), door)


def make_service(
    *, settings: dict[str, Any] | None = None, limits: Limits | None = None, sources: Reach | None = None
) -> Service:
    """What the API works with."""
    limits, reach = limits or Limits(), sources or Reach()
    return Service(limits, Pool(limits), settings or {}, sources is not None, reach.network, reach.folders)


def assemble(service: Service, door: Door) -> FastAPI:
    """The application of a service behind a door; further routes may be added. Its workers end with it."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            for enter in app.state.running:
                await running.enter_async_context(enter())
            yield
        for end in (*app.state.ending, service.pool.close):
            end()

    app = FastAPI(
        title="calsight",
        version=__version__,
        summary="Reads calendars and tells people whom they really meet one-to-one.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.running, app.state.ending = [], []
    app.include_router(routes(service))
    app.add_middleware(Guard, door=door)
    _say_problems(app)
    made = app.openapi
    app.openapi = lambda: with_schemas(made())  # type: ignore[method-assign]
    return app


def _say_problems(app: FastAPI) -> None:
    """Whatever goes wrong is a problem document."""

    @app.exception_handler(ProblemError)
    async def refused(_: Request, error: ProblemError) -> Response:
        return error.response()

    @app.exception_handler(RequestValidationError)
    async def invalid(_: Request, error: RequestValidationError) -> Response:
        return problem(422, "arguments", " ".join(sentence(fault, _NAMES) for fault in error.errors()))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        return http_problem(request, error).response()


def http_problem(request: Request, error: HTTPException) -> ProblemError:
    """What the framework refuses by itself, in words that say what to do."""
    status, detail = error.status_code, str(error.detail)
    if status == 404:
        detail = "There is nothing at this address. /openapi.json lists what there is."
    elif status == 405 and (allowed := (error.headers or {}).get("Allow")):
        detail = f"This address takes {allowed}, not {request.method}."
    return ProblemError(status, _CODES.get(status, f"http_{status}"), detail, error.headers)
