"""What a request asks for: the options of the command line, by the same names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from calsight.core.model.meetings import Kind
from calsight.core.model.options import Network
from calsight.errors import UsageError
from calsight.render.languages import languages


def _day(text: Any) -> date:
    if isinstance(text, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return date.fromisoformat(text)
    raise ValueError("write it as YYYY-MM-DD")


def _language(code: str) -> str:
    if code not in languages():
        raise ValueError(f"choose {' or '.join(languages())}")
    return code


#: Pydantic alone would take 0 for the first of January 1970.
Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
_Text = Annotated[str, Field(max_length=320)]
_Language = Annotated[
    str, AfterValidator(_language), WithJsonSchema({"type": "string", "enum": list(languages()), "default": "en"})
]


class Asked(BaseModel):
    """What is read, and how it is told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    me: list[_Text] = Field(default_factory=list, max_length=20, description="The owner's addresses.")
    weeks: int | None = Field(None, ge=1, le=520, description="How many weeks back; 26 if not given.")
    as_of: Day | None = Field(None, description="Judge at the end of that day; now if not given.")
    start: Day | None = Field(None, alias="from", description="First day, instead of weeks.")
    end: Day | None = Field(None, alias="to", description="Last day, included.")
    zone: _Text | None = Field(None, description="The owner's time zone, such as Europe/Berlin.")
    language: _Language = Field("en", description=f"One of: {', '.join(languages())}.")
    private: bool = Field(False, description="Initials instead of names; no titles, no addresses.")
    source: Annotated[str, Field(max_length=2000)] | None = Field(
        None, description="A source by name instead of an upload, where the server allows it."
    )

    def reading(self) -> dict[str, Any]:
        """The arguments of `pipeline.read`."""
        names = ("weeks", "as_of", "start", "end", "zone")
        return {"me": tuple(self.me)} | {name: getattr(self, name) for name in names}


def check_source(source: str) -> None:
    """Raise `UsageError` for standard input, which is a server's own, and not a request's."""
    if source.strip() == "-":
        raise UsageError("There is no standard input here. Name a file, a folder, an address or an account.")


class MeetingsAsked(Asked):
    """Which meetings."""

    kind: list[Kind] = Field(default_factory=list, max_length=7, description="Only these.")
    first: int = Field(0, ge=0, le=10_000_000, description="The number of the first one, from 0.")
    most: int | None = Field(None, ge=1, le=1_000_000, description="How many.")


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work for a worker; all of it can be sent to another process.

    document      what is wanted: "report", "meetings", …
    files         the uploaded calendars; they are gone when the work is done
    settings      a dict of the settings file's shape
    corrections   what the owner says against their calendar
    sources       whether a source may be named; `network` and `folders` limit what it may reach, as in `pipeline.read`
    """

    document: str
    asked: Asked
    files: Sequence[str] = ()
    settings: dict[str, Any] = field(default_factory=dict)
    corrections: Sequence[Any] = ()
    sources: bool = False
    network: Network = "public"
    folders: tuple[str, ...] | None = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: the document as JSON, or the code, status and sentence of what went wrong."""

    body: bytes = b""
    code: str = ""
    status: int = 200
    detail: str = ""
