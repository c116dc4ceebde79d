"""What went wrong, as problem documents (RFC 9457): a stable `code`, and a sentence that says what to do."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus

from pydantic import BaseModel, Field
from starlette.responses import Response

from calsight.errors import CalsightError, RateLimitedError, ServerTroubleError
from calsight.render.safe import tidy

MEDIA_TYPE = "application/problem+json"


class ProblemDocument(BaseModel):
    """A problem document."""

    type: str = Field(description="urn:calsight:problem:CODE")
    title: str
    status: int
    detail: str
    code: str = Field(pattern=r"^[a-z][a-z0-9_]*$")


class ProblemError(Exception):
    """Ends a request with a problem document."""

    def __init__(self, status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.code, self.detail, self.headers = status, code, detail, headers

    def response(self) -> Response:
        """The answer."""
        return problem(self.status, self.code, self.detail, self.headers)


def problem(status: int, code: str, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request that came to nothing."""
    document = ProblemDocument(
        type=f"urn:calsight:problem:{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=tidy(detail),
        code=code,
    )
    return Response(document.model_dump_json(), status, dict(headers or {}), MEDIA_TYPE)


def code_of(error: CalsightError) -> str:
    """The stable code of an error: its class in small letters, without "Error": "owner_not_found"."""
    name = type(error).__name__.removesuffix("Error")
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def status_of(error: CalsightError) -> int:
    """The status of an error: the request was understood and cannot be met, or somebody else's server failed."""
    return 502 if isinstance(error, RateLimitedError | ServerTroubleError) else 422
