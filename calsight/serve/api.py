"""The web API, `/api/v1`: a calendar in, a document out, nothing kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path, Query, Request
from fastapi.responses import JSONResponse, Response

from calsight.core.model.answers import CorrectionOut, CorrectionsOut, MeetingsOut, PeopleOut, SuggestionsOut, WeekOut
from calsight.core.model.options import Network
from calsight.core.model.report import Report
from calsight.pipeline.diagnosis import Diagnosis
from calsight.serve.asked import Asked, MeetingsAsked, Task
from calsight.serve.book import Book
from calsight.serve.limits import Limits
from calsight.serve.pool import Pool
from calsight.serve.problems import MEDIA_TYPE, ProblemDocument, ProblemError
from calsight.serve.said import Said, corrections_of
from calsight.serve.uploads import MULTIPART, TYPES, uploaded

_WHY = {
    400: "The upload cannot be read as what it says it is.",
    401: "Nobody is signed in.",
    403: "This is not allowed here.",
    404: "There is no such thing.",
    408: "The upload was too slow.",
    413: "The upload is too large.",
    415: "This is no calendar.",
    421: "This server goes by another name.",
    422: "This calendar, or what was asked of it, cannot be judged.",
    500: "A defect of calsight's.",
    502: "Another server failed.",
    503: "All workers are busy.",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": why, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}}
    for status, why in _WHY.items()
}


def _body() -> dict[str, Any]:
    """What a request carries, for the OpenAPI document."""
    content: dict[str, Any] = {
        media: {"schema": {"type": "string", "contentMediaType": media} if ending == ".zip" else {"type": "string"}}
        for media, ending in TYPES.items()
    }
    content[MULTIPART] = {
        "schema": {
            "type": "object",
            "required": ["file"],
            "properties": {
                "file": {"type": "string", "contentMediaType": "text/calendar"},
                "corrections": {
                    "type": "string",
                    "contentMediaType": "application/json",
                    "description": "A JSON list of corrections, each of the schema Correction.",
                },
            },
        }
    }
    return {"requestBody": {"required": True, "content": content}}


@dataclass(frozen=True, slots=True)
class Service:
    """What the API works with: see `create_app`."""

    limits: Limits
    pool: Pool
    settings: dict[str, Any] = field(default_factory=dict)
    sources: bool = False
    network: Network = "public"
    folders: tuple[str, ...] | None = ()

    async def document(self, name: str, request: Request, asked: Asked) -> Response:
        """The document `name` of the request's calendar."""
        if asked.source is not None and not self.sources:
            raise ProblemError(403, "sources_off", "This server reads uploads only.")
        async with uploaded(request, self.limits) as upload:
            task = Task(
                document=name,
                asked=asked,
                files=upload.files,
                settings=self.settings,
                corrections=corrections_of(list(upload.corrections)),
                sources=self.sources,
                network=self.network,
                folders=self.folders,
            )
            done = await self.pool.run(task)
        if done.code:
            raise ProblemError(done.status, done.code, done.detail)
        return Response(done.body, media_type="application/json")


def routes(service: Service) -> APIRouter:
    """The paths under `/api/v1`."""
    api = APIRouter(prefix="/api/v1", tags=["calendar"], responses=PROBLEMS)
    body = _body()

    @api.post("/report", response_model=Report, openapi_extra=body, summary="The report: verdict, reasons, people")
    async def report(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        return await service.document("report", request, asked)

    @api.post("/meetings", response_model=MeetingsOut, openapi_extra=body, summary="Every entry and what it is")
    async def meetings(request: Request, asked: Annotated[MeetingsAsked, Query()]) -> Response:
        return await service.document("meetings", request, asked)

    @api.post("/people", response_model=PeopleOut, openapi_extra=body, summary="Relationships, most in need first")
    async def people(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        return await service.document("people", request, asked)

    @api.post("/suggestions", response_model=SuggestionsOut, openapi_extra=body, summary="Whom to meet, and when")
    async def suggestions(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        return await service.document("suggestions", request, asked)

    @api.post("/week", response_model=WeekOut, openapi_extra=body, summary="The last week against the usual")
    async def week(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        return await service.document("week", request, asked)

    @api.post("/doctor", response_model=Diagnosis, openapi_extra=body, summary="Can this calendar be judged?")
    async def doctor(request: Request, asked: Annotated[Asked, Query()]) -> Response:
        return await service.document("doctor", request, asked)

    @api.get("/schema", summary="The JSON Schema of the report", response_model=dict[str, Any])
    async def schema() -> Response:
        return JSONResponse(Report.json_schema())

    return api


def book_routes(book: Book) -> APIRouter:
    """The paths of what a person says against their calendar, for a server that is that person's own."""
    api = APIRouter(prefix="/api/v1/corrections", tags=["corrections"], responses=PROBLEMS)

    @api.get("", response_model=CorrectionsOut, summary="All that was said against the calendar")
    async def listed() -> CorrectionsOut:
        return book.listed()

    @api.post("", response_model=CorrectionOut, status_code=201, summary="Keep a correction")
    async def keep(said: Annotated[Said, Body()]) -> CorrectionOut:
        return book.add(said.correction())

    @api.delete("/{number}", status_code=204, summary="Take one back, by its number")
    async def undo(number: Annotated[int, Path(ge=1, le=1_000_000)]) -> None:
        if number > len(book.corrections()):
            raise ProblemError(404, "not_found", f"There is no correction number {number}.")
        book.undo(number)

    return api


def with_schemas(openapi: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document with the schemas that no path names by itself."""
    from pydantic import TypeAdapter

    template = "#/components/schemas/{model}"
    schemas = openapi.setdefault("components", {}).setdefault("schemas", {})
    models: dict[str, Any] = {"ProblemDocument": ProblemDocument, "Correction": Said}
    for name, model in models.items():
        found = TypeAdapter(model).json_schema(ref_template=template)
        schemas |= found.pop("$defs", {})
        schemas[name] = found
    return openapi
