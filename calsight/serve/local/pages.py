"""The app's addresses: pages, and the forms on them, each of which does what a command of the command line would."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

import anyio.to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from markupsafe import Markup

from calsight.core.model.options import Relation
from calsight.core.wording.words import Words
from calsight.errors import CalsightError, CancelledError, OwnerNotFoundError
from calsight.render.languages import languages, words_in
from calsight.render.telling import first_upper
from calsight.serve.asked import check_source
from calsight.serve.limits import Limits
from calsight.serve.local import looks, rows
from calsight.serve.local.forms import (
    answer_of,
    correction_of,
    day_of,
    fields,
    number_of,
    setting_changes,
    setting_questions,
)
from calsight.serve.local.sitting import Sitting
from calsight.serve.problems import ProblemError
from calsight.serve.uploads import uploaded_into

T = TypeVar("T")
#: Fields of a correction that name somebody.
_PEOPLE = ("address", "other", "with")
_ROLES = (*get_args(Relation), "assistant", "colleague", "me")


@dataclass(frozen=True, slots=True)
class App:
    """The app: a sitting, how much may be uploaded, and in which language it speaks, "" for the browser's."""

    sitting: Sitting
    limits: Limits
    language: str = ""

    def words(self, request: Request, zone: str = "UTC") -> Words:
        """The words of the language that was asked for, else of the first that the browser asks for and that is there."""
        asked = [
            one.partition(";")[0].strip()[:2].lower() for one in request.headers.get("accept-language", "").split(",")
        ]
        known = next((one for one in asked if one in languages()), "en")
        return words_in(self.language or known, zone=zone)

    def html(self, request: Request, name: str, status: int = 200, **given: Any) -> HTMLResponse:
        """A page."""
        words = given.pop("words", None) or self.words(request)
        shown = {"wrong": "", "said": "", "is_open": self.sitting.is_open} | given
        return HTMLResponse(looks.page(name, words, **shown), status)


async def threaded(work: Callable[..., T], *given: Any) -> T:
    """What `work` comes to, in a thread."""
    return await anyio.to_thread.run_sync(lambda: work(*given))


def pages(app: App) -> APIRouter:
    """The pages."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    _add_beside(routes, app)
    _add_opening(routes, app)
    _add_reading(routes, app)
    _add_saying(routes, app)
    return routes


def _add_beside(routes: APIRouter, app: App) -> None:
    """What is there with and without a calendar."""
    sitting = app.sitting

    @routes.get("/assets/{name}")
    async def asset(name: str) -> Response:
        if name not in looks.ASSETS:
            raise ProblemError(404, "not_found", "There is no such file.")
        content, media = looks.file(name)
        return Response(content, media_type=media)

    @routes.get("/progress")
    async def progress(request: Request) -> Response:
        words = app.words(request)
        return JSONResponse({"said": words("app_judging") if sitting.is_open else rows.so_far(sitting.progress, words)})

    @routes.get("/accounts")
    async def accounts(request: Request) -> Response:
        return app.html(request, "accounts", accounts=await threaded(rows.accounts, sitting.book.read()))


def _add_opening(routes: APIRouter, app: App) -> None:
    sitting = app.sitting

    @routes.post("/open")
    async def opened(request: Request) -> Response:
        folder = await threaded(sitting.folder)
        form = await uploaded_into(request, folder, app.limits)
        try:
            source, me = (form.fields.get(name, "").strip() for name in ("source", "me"))
            words = [*form.files, *([source] if source else [])]
            if "demo" in form.fields:
                words, me = [await threaded(_invented, folder)], ""
            if not words:
                return app.html(request, "start", 422, wrong=app.words(request)("app_nothing"))
            check_source(source)
            weeks = min(520, number_of(form.fields.get("weeks", ""))) or None
            as_of = day_of(form.fields.get("as_of", ""))
            await threaded(lambda: sitting.open(words, me=[me] if me else (), weeks=weeks, as_of=as_of))
        except CancelledError:
            pass  # another calendar was opened meanwhile
        except CalsightError as error:
            wrong = await threaded(_named_as_brought, str(error), folder)
            await threaded(sitting.close, folder)
            return app.html(request, "start", 422, wrong=wrong)
        return RedirectResponse("/", 303)

    @routes.post("/me")
    async def me(request: Request) -> Response:
        given = await fields(request)
        if sitting.is_open and given.get("me", "").strip():
            await threaded(sitting.is_me, given["me"].strip())
        return RedirectResponse("/", 303)

    @routes.post("/close")
    async def closed() -> Response:
        await threaded(sitting.close)
        return RedirectResponse("/", 303)

    @routes.get("/settings")
    async def settings(request: Request) -> Response:
        asked = setting_questions(sitting.book.read())
        return app.html(request, "settings", questions=asked, path=str(sitting.book.path))

    @routes.post("/settings")
    async def set_settings(request: Request) -> Response:
        given = await fields(request)
        try:
            sitting.book.change(setting_changes(sitting.book.read(), given))
            if sitting.is_open:
                await threaded(sitting.set_anew)
        except (CalsightError, ValueError) as error:
            asked = setting_questions(sitting.book.read(), given)
            path = str(sitting.book.path)
            return app.html(request, "settings", 422, questions=asked, path=path, wrong=str(error))
        return RedirectResponse("/" if sitting.is_open else "/settings", 303)


def _add_reading(routes: APIRouter, app: App) -> None:
    sitting = app.sitting

    @routes.get("/")
    async def home(request: Request) -> Response:
        if not sitting.is_open:
            return app.html(request, "start")
        try:
            body, code, words = await threaded(_body, app, request)
        except OwnerNotFoundError as error:
            return app.html(request, "owner", why=str(error), likely=error.candidates)
        level = first_upper(words.label(code))
        return app.html(request, "report", words=words, level=level, code=code, body=Markup(body))  # noqa: S704 - ours

    @routes.get("/body")
    async def body(request: Request) -> Response:
        return HTMLResponse((await threaded(_body, app, request))[0])

    @routes.get("/meetings")
    async def meetings(request: Request, kind: str = "", first: str = "0") -> Response:
        judgement = await threaded(sitting.judgement)
        words = app.words(request, judgement.frame.zone)
        shown = rows.meetings(judgement, words, kind=kind, first=number_of(first))
        return app.html(request, "meetings", words=words, **asdict(shown))

    @routes.get("/suggestions")
    async def suggestions(request: Request) -> Response:
        found = await threaded(sitting.suggested)
        words = app.words(request, (await threaded(sitting.judgement)).frame.zone)
        return app.html(request, "suggestions", words=words, rows=rows.suggestions(found, words))

    @routes.get("/suggestions.ics")
    async def suggestions_as_calendar(request: Request) -> Response:
        from calsight.render.proposals import proposals

        found, judgement = await threaded(sitting.suggested), await threaded(sitting.judgement)
        words = app.words(request, judgement.frame.zone)
        content = proposals(found.found, as_of=judgement.frame.as_of, owner=judgement.owner.name, words=words)
        name = 'attachment; filename="calsight-suggestions.ics"'
        return Response(content, media_type="text/calendar", headers={"Content-Disposition": name})


def _add_saying(routes: APIRouter, app: App) -> None:
    sitting = app.sitting

    async def taken(request: Request, code: str) -> Response:
        """What was said is kept: the verdict for a page that is alive, the page for one that is not."""
        if not sitting.is_open:
            return RedirectResponse("/", 303)
        await threaded(sitting.said)
        if "x-live" not in request.headers:
            return RedirectResponse(_back(request), 303)
        outline = await threaded(sitting.outline)
        words = app.words(request, outline.owner.zone)
        said = words(code, level=outline.flag.level)
        html = looks.verdict_of(outline, words)
        return JSONResponse({"verdict": html, "level": outline.flag.level, "said": said})

    @routes.post("/answer")
    async def answer(request: Request) -> Response:
        sitting.book.keep(answer_of(await fields(request)))
        return await taken(request, "app_said")

    @routes.post("/correct")
    async def correct(request: Request) -> Response:
        given = await fields(request)
        people = {key: await threaded(sitting.named, given[key]) for key in _PEOPLE if given.get(key, "").strip()}
        sitting.book.add(correction_of(given | people))
        return await taken(request, "app_said")

    @routes.post("/undo")
    async def undo(request: Request) -> Response:
        given = await fields(request)
        if key := given.get("answer"):
            sitting.book.keep(answer_of({"code": key, "value": "ask"}))
        elif (number := given.get("number", "")).isdecimal():
            sitting.book.undo(int(number))
        else:
            raise ProblemError(422, "arguments", "Say what is taken back.")
        return await taken(request, "app_undone")


def _body(app: App, request: Request) -> tuple[str, str, Words]:
    report = app.sitting.report()
    words = app.words(request, report.owner.zone)
    titles = {meeting.event.uid: meeting.event.title for meeting in app.sitting.judgement().meetings}
    given = {"told": rows.told(app.sitting.book, words, titles), "roles": _ROLES}
    return looks.body_of(report, words, given), report.flag.level, words


def _back(request: Request) -> str:
    """Where a form stood that was sent without a script."""
    return "/meetings" if "/meetings" in request.headers.get("referer", "") else "/"


def _named_as_brought(said: str, folder: Path) -> str:
    """A sentence in which files that came into `folder`, each into a folder of its own, have the names that they came with."""
    for place in (*folder.iterdir(), folder):
        said = said.replace(f"{place}{os.sep}", "")
    return said


def _invented(folder: Path) -> str:
    from datetime import UTC, datetime

    from calsight.demo import SITUATIONS, invent

    calendar = invent(SITUATIONS[1], as_of=datetime.now(UTC))
    path = folder / calendar.file_name
    path.write_bytes(calendar.ics)
    return str(path)
