"""The calendar that a request carries, as a file that lives as long as the request."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from python_multipart.exceptions import MultipartParseError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

from calsight.kit.texts import read_json
from calsight.serve.limits import Limits
from calsight.serve.problems import ProblemError

#: Media type → the ending by which the file is read.
TYPES = {"text/calendar": ".ics", "application/zip": ".zip", "application/x-ndjson": ".jsonl"}
_ENDINGS = (*TYPES.values(), ".gz")
MULTIPART = "multipart/form-data"
#: What a form has beside its files: its boundaries, and corrections.
_FORM = 256 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """What came: files under names of our own, and what else the form said."""

    files: tuple[str, ...] = ()
    corrections: tuple[dict[str, Any], ...] = ()


@asynccontextmanager
async def uploaded(request: Request, limits: Limits) -> AsyncIterator[Upload]:
    """The upload; its files are gone at the end. Raises `ProblemError` for what is no calendar, too large or too slow."""
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    length = request.headers.get("content-length", "")
    room = limits.body + (_FORM if media == MULTIPART else 0)
    if length.isdecimal() and int(length) > room:
        raise _too_large(limits)
    with tempfile.TemporaryDirectory(prefix="calsight-") as folder:
        try:
            async with asyncio.timeout(limits.upload):
                if media == MULTIPART:
                    upload = await _form(request, Path(folder), limits)
                elif media in TYPES:
                    upload = await _body(request, Path(folder) / f"calendar{TYPES[media]}", limits)
                elif not media and length in ("", "0") and request.query_params.get("source"):
                    upload = Upload()
                else:
                    raise ProblemError(
                        415, "media_type", f"Send the calendar as {', '.join(TYPES)}, or as the field 'file' of a form."
                    )
        except TimeoutError:
            raise ProblemError(
                408, "too_slow", f"The upload was not here within {limits.upload:g} seconds.", {"Connection": "close"}
            ) from None
        yield upload


@dataclass(frozen=True, slots=True)
class Form:
    """A form with files: what its fields say, and where its files are."""

    fields: dict[str, str]
    files: tuple[str, ...]


async def uploaded_into(request: Request, folder: Path, limits: Limits) -> Form:
    """A form, whose files are put into `folder` under their own names, which the page shows. Raises `ProblemError`."""
    try:
        async with asyncio.timeout(limits.upload), _parsed(request, limits, fields=16) as form:
            files = []
            for number, part in enumerate(form.getlist("file")):
                if isinstance(part, UploadFile) and (part.filename or part.size):
                    place = folder / str(number)
                    place.mkdir()
                    path = place / _name(part.filename or "")
                    path.write_bytes(await part.read())
                    files.append(str(path))
            fields = {key: text for key, text in form.items() if isinstance(text, str)}
            return Form(fields, tuple(files))
    except TimeoutError:
        raise ProblemError(408, "too_slow", "The upload took too long.", {"Connection": "close"}) from None


@asynccontextmanager
async def _parsed(request: Request, limits: Limits, *, fields: int) -> AsyncIterator[FormData]:
    """A form of no more than so many fields, while it is needed. Raises `ProblemError` for what is none, or too large."""
    counted = Request(request.scope, _counted(request.receive, limits))
    try:
        form = await counted.form(max_files=limits.files, max_fields=fields, max_part_size=_FORM)
    except (HTTPException, MultipartParseError, KeyError, ValueError) as error:
        raise ProblemError(400, "bad_form", f"The form cannot be read: {getattr(error, 'detail', error)}") from None
    try:
        yield form
    finally:
        await form.close()


def _name(given: str) -> str:
    """A name for a file that leads nowhere else; with an ending by which it is read."""
    name = re.sub(r"[^\w.\- ]", "_", given.replace("\\", "/").rpartition("/")[2]).strip(" .")[-80:] or "calendar"
    return name if Path(name).suffix.lower() in _ENDINGS else f"{name}.ics"


async def _body(request: Request, path: Path, limits: Limits) -> Upload:
    size = 0
    with path.open("wb") as file:
        async for chunk in request.stream():
            size += len(chunk)
            if size > limits.body:
                raise _too_large(limits)
            file.write(chunk)
    if not size:
        raise ProblemError(400, "empty", "The body is empty: send a calendar.")
    return Upload((str(path),))


async def _form(request: Request, folder: Path, limits: Limits) -> Upload:
    async with _parsed(request, limits, fields=4) as form:
        files = []
        for number, part in enumerate(form.getlist("file")):
            if not isinstance(part, UploadFile):
                raise ProblemError(400, "bad_form", "The field 'file' is text: send it as a file.")
            ending = Path(part.filename or "").suffix.lower()  # of a stranger's name, only the ending is used
            path = folder / f"calendar{number or ''}{ending if ending in _ENDINGS else '.ics'}"
            path.write_bytes(await part.read())
            files.append(str(path))
        corrections = form.get("corrections")
        if not files:
            raise ProblemError(400, "file_missing", "Send the calendar as the field 'file'.")
        return Upload(tuple(files), _corrections(corrections if isinstance(corrections, str) else "[]"))


def _corrections(text: str) -> tuple[dict[str, Any], ...]:
    try:
        found = read_json(text)
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise ProblemError(422, "corrections", "The field 'corrections' must be a JSON list of corrections.")
    return tuple(found)


def _counted(receive: Receive, limits: Limits) -> Receive:
    size = 0

    async def counted() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > limits.body + _FORM:
            raise _too_large(limits)
        return message

    return counted


def _too_large(limits: Limits) -> ProblemError:
    return ProblemError(
        413,
        "too_large",
        f"At most {limits.body // 1024:,} KB are read. Export fewer weeks, or send it zipped.",
        {"Connection": "close"},
    )
