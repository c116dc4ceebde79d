"""The app's pages, from the same sections as the report's own page."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader

from calsight.core.model.report import Report
from calsight.core.wording.words import Words
from calsight.render.html.renderer import asset, environment
from calsight.render.html.view import verdict_view, view
from calsight.render.safe import tidy

_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_OF_THE_REPORT = ("report.css", "report.js")
#: The files that pages ask for.
ASSETS = (*_OF_THE_REPORT, "app.css", "app.js", "favicon.svg")


@cache
def _environment() -> Environment:
    """Templates of the app's own, and the report's sections; of two with one name the app's is taken."""
    made = environment()
    own = PackageLoader("calsight.serve.local", "page")
    made.loader = ChoiceLoader([own, made.loader] if made.loader else [own])
    made.filters["tidy"] = tidy
    return made


def page(name: str, words: Words, **given: Any) -> str:
    """The page `name`."""
    return _environment().get_template(f"{name}.html.j2").render(t=words, **given)


def verdict_of(report: Report, words: Words) -> str:
    """The verdict alone, which needs no more of a report than its outline."""
    return _environment().get_template("sections/verdict.html.j2").render(verdict_view(report, words))


def body_of(report: Report, words: Words, given: Mapping[str, Any]) -> str:
    """All that stands in the page of an open calendar. What helps is said in the app's words, not in those of commands."""
    shown = view(report, words)
    hints = [words("app_hint")] if shown["hints"] else []
    return _environment().get_template("body.html.j2").render({**shown, "hints": hints, **given})


def file(name: str) -> tuple[bytes, str]:
    """A file that pages ask for, and its media type."""
    if name in _OF_THE_REPORT:
        content = asset(name).encode()
    else:
        content = files("calsight.serve.local").joinpath("page", name).read_bytes()
    return content, _TYPES[f".{name.rpartition('.')[2]}"]
