"""What the app's forms say, checked: each is what a command of the command line would have been given."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl

from starlette.requests import Request

from calsight.core.judging.answers import CODES, Answer, answer
from calsight.core.judging.corrections import Correction
from calsight.errors import UsageError
from calsight.reading.window import owner_zone
from calsight.serve.problems import ProblemError
from calsight.serve.said import corrections_of
from calsight.settings.checks import answer_fault
from calsight.settings.file import Settings
from calsight.settings.questions import Question, guess, interview

_MOST, _SECONDS = 64 * 1024, 10.0
_VALUES = ("yes", "no", "me", "ask")


async def fields(request: Request) -> dict[str, str]:
    """The fields of a small form. Raises `ProblemError` for one that is not."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        raise ProblemError(415, "media_type", "This is a form's address.")
    body = b""
    try:
        async with asyncio.timeout(_SECONDS):
            async for chunk in request.stream():
                body += chunk
                if len(body) > _MOST:
                    raise ProblemError(413, "too_large", "This form holds too much.")
    except TimeoutError:
        raise ProblemError(408, "too_slow", "The form took too long.", {"Connection": "close"}) from None
    return dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=50))


def answer_of(given: Mapping[str, str]) -> Answer:
    """The answer to a question. Raises `ProblemError`."""
    code, value = given.get("code", ""), given.get("value", "")
    if code not in CODES or value not in _VALUES:
        raise ProblemError(422, "answer", "This is no answer to any question.")
    about, other = given.get("about", ""), given.get("other", "")
    if fault := answer_fault(code, about, other):
        raise ProblemError(422, "answer", fault)
    try:
        return answer(code, about, value, other=other)  # type: ignore[arg-type]
    except ValueError as wrong:
        raise ProblemError(422, "answer", str(wrong)) from None


def correction_of(given: Mapping[str, str]) -> Correction:
    """A correction, or somebody to keep up with. Raises `ProblemError`."""
    said: dict[str, object] = {key: text.strip() for key, text in given.items() if text.strip()}
    if said.get("kind") == "meeting":
        said["one_to_one"] = said.get("one_to_one") == "yes"
    if said.get("kind") == "keep" and str(said.get("every_weeks", "")).isdecimal():
        said["every_weeks"] = int(str(said["every_weeks"]))
    return corrections_of([said])[0]


def number_of(text: str) -> int:
    """A number that somebody typed, or that stands in an address; 0 for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else 0


def day_of(text: str) -> date | None:
    """A day that a browser's field for days gave, ISO 8601; None for none. Raises `UsageError` for what is no day."""
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise UsageError("Write the day as YYYY-MM-DD.") from None


def setting_questions(settings: Settings, given: Mapping[str, str] | None = None) -> list[Question]:
    """The five questions, each with what is answered already."""
    asked: list[Question] = []

    def ask(question: Question) -> str:
        asked.append(replace(question, default=(given or {}).get(question.key, question.default)))
        return question.default

    interview(ask, settings, guess(os.environ, owner_zone("", ())))
    return asked


def setting_changes(settings: Settings, given: Mapping[str, str]) -> dict[str, object]:
    """What the form changes, by dotted key. Raises ValueError, with a sentence, for what makes no sense."""

    def ask(question: Question) -> str:
        if question.complaint:
            raise ValueError(question.complaint)
        return given.get(question.key, "").strip() or "none"

    return interview(ask, settings, guess(os.environ, owner_zone("", ())))
