"""One call of a tool: its arguments checked, its work done in a thread that can be cancelled, its answer in both forms."""

from __future__ import annotations

import inspect
import logging
import threading
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from secrets import token_bytes
from typing import Annotated, Any, TypeAlias, get_args

import anyio.from_thread
import anyio.to_thread
from mcp.server.mcpserver import Context
from mcp_types import CallToolResult, TextContent
from pydantic import BaseModel, Field, ValidationError

from calsight import pipeline
from calsight.core.model.report import Report
from calsight.core.wording.words import Words
from calsight.errors import CalsightError, UsageError
from calsight.protocols import Progress
from calsight.render.languages import words_in
from calsight.render.nameless import without_addresses
from calsight.render.redact import Initials, private
from calsight.serve.asked import Asked, check_source
from calsight.serve.book import Book
from calsight.serve.mcp.brief import Teller, short
from calsight.serve.problems import ProblemError
from calsight.serve.said import sentence

_LOG = logging.getLogger("calsight.serve")
#: At most so often is a client told how far the reading has come.
_SECONDS = 0.1

Told: TypeAlias = tuple[BaseModel, str]


@dataclass(frozen=True, slots=True)
class Manner:
    """How this server answers.

    sources       what is read where a call names nothing; with `only` nothing else is
    settings      the person's settings file, None for the default one
    private       initials instead of names; no titles, no addresses
    corrections   whether what the owner says may be kept
    secret        what codes that stand for people are made with: nobody can find whose one is by trying addresses
    """

    sources: tuple[str, ...] = ()
    only: bool = False
    settings: Path | None = None
    private: bool = False
    corrections: bool = False
    secret: bytes = field(default_factory=partial(token_bytes, 16), repr=False)

    @property
    def book(self) -> Book:
        """Where what the owner says is kept."""
        return Book(self.settings)


@dataclass
class Call:
    """What was asked, and what is found out for it when it is needed. Not for use by several threads."""

    manner: Manner
    asked: Asked
    sources: Sequence[str]
    progress: Callable[[Progress], None]
    cancel: threading.Event

    @cached_property
    def reading(self) -> pipeline.Reading:
        """What the sources gave."""
        if not self.sources:
            raise UsageError(
                "Name a `source`: a calendar file, a folder, or a connector that `calsight sources` lists."
            )
        return pipeline.read(
            list(self.sources),
            settings=self.manner.settings,
            progress=self.progress,
            cancel=self.cancel,
            **self.asked.reading(),
        )

    @cached_property
    def judgement(self) -> pipeline.Judgement:
        """The same, judged."""
        return pipeline.judge(self.reading)

    @cached_property
    def whole(self) -> Report:
        """The report, with names."""
        return pipeline.report(self.judgement)

    @cached_property
    def report(self) -> Report:
        """The report as it may be told."""
        return private(self.whole) if self.manner.private else self.whole

    @property
    def words(self) -> Words:
        """The words of the language that was asked for."""
        return words_in(self.asked.language, zone=self.reading.zone)

    @cached_property
    def teller(self) -> Teller:
        """How it is told."""
        if not self.manner.private:
            return Teller(self.words)
        return Teller(self.words, Initials(self.whole), self.whole, self.manner.secret)


#: What every tool takes: the options of the command line.
COMMON: dict[str, tuple[Any, Any]] = {
    "source": (
        Annotated[str | None, Field(description="A calendar file, a folder, or NAME[:CALENDAR] of a connector.")],
        None,
    ),
    "me": (Annotated[str | None, Field(description="The owner's e-mail address, if it cannot be told.")], None),
    "weeks": (Annotated[int | None, Field(description="How many weeks back; 26 if not given.")], None),
    "as_of": (Annotated[str | None, Field(description="Judge at the end of that day, YYYY-MM-DD; else now.")], None),
    "zone": (Annotated[str | None, Field(description="The owner's time zone, such as Europe/Berlin.")], None),
    "language": (Annotated[str, Field(description="en or de.")], "en"),
}


def tool(manner: Manner, work: Callable[..., Told]) -> Callable[..., Awaitable[CallToolResult]]:
    """`work(call, …)` as a tool: it takes the common options, and those of its own that follow `call`.

    `work` returns a value of a model, and a short text for hosts that show no more. Whatever goes wrong is a sentence that a
    model can act on.
    """
    signature = inspect.signature(work, eval_str=True)
    own = list(signature.parameters.values())[1:]
    model, _ = get_args(signature.return_annotation)

    async def run(ctx: Context[Any, Any], **given: Any) -> CallToolResult:
        cancel = threading.Event()
        try:
            asked, sources = _asked(manner, given)
            call = Call(manner, asked, sources, _progress(ctx), cancel)
            value, text = await anyio.to_thread.run_sync(
                partial(work, call, **{one.name: given[one.name] for one in own}), abandon_on_cancel=True
            )
        except (CalsightError, ProblemError) as error:
            return failed(str(error), private=manner.private)
        except Exception as error:  # noqa: BLE001 - the last resort: neither told nor logged is what was being read
            _LOG.error("A tool failed: %s", type(error).__name__)
            return failed("Something went wrong inside calsight, and that is our fault.")
        finally:
            cancel.set()
        return CallToolResult(
            content=[TextContent(type="text", text=text)],
            structured_content=value.model_dump(mode="json", exclude_none=False),
        )

    keyword = inspect.Parameter.KEYWORD_ONLY
    parameters = [
        inspect.Parameter(name, keyword, annotation=kind, default=default) for name, (kind, default) in COMMON.items()
    ]
    parameters += [one.replace(kind=keyword) for one in own]
    parameters.append(inspect.Parameter("ctx", keyword, annotation=Context))
    returned = Annotated[CallToolResult, model]
    run.__signature__ = inspect.Signature(parameters, return_annotation=returned)  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in parameters} | {"return": returned}
    run.__doc__ = inspect.getdoc(work)
    return run


def _asked(manner: Manner, given: dict[str, Any]) -> tuple[Asked, Sequence[str]]:
    options = {name: given[name] for name in COMMON if given.get(name) is not None}
    source = options.pop("source", None)
    check_source(source or "")
    if "me" in options:
        options["me"] = [options["me"]]
    try:
        asked = Asked.model_validate(options)
    except ValidationError as error:
        raise UsageError(" ".join(sentence(fault) for fault in error.errors())) from None
    if source is None or source in manner.sources:
        sources = manner.sources if source is None else (source,)
    elif manner.only:
        raise UsageError(f"Only these may be read: {', '.join(manner.sources)}. Leave `source` out to read them.")
    elif "://" in source:  # a title may talk a model into telling somebody's server what it has read
        raise UsageError("Web addresses are read only where they are named when the server is started.")
    else:
        sources = (source,)
    return asked, sources


def _progress(ctx: Context[Any, Any]) -> Callable[[Progress], None]:
    last = 0.0

    def tell(progress: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last < _SECONDS:
            return
        last = now
        message = f"{progress.done} {progress.unit}"
        with suppress(RuntimeError):  # the call is over
            anyio.from_thread.run(ctx.report_progress, progress.done, progress.total, message)

    return tell


def failed(text: str, *, private: bool = False) -> CallToolResult:
    """What a call came to that went wrong."""
    told = without_addresses(text) if private else text
    return CallToolResult(content=[TextContent(type="text", text=short(told, 600))], is_error=True)
