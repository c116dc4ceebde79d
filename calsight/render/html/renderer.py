"""The report as one page that needs nothing else: no network, no files beside it.

Everything that comes from a calendar goes through the template engine's escaping; a content security policy forbids whatever
is not part of the page itself. Equal reports give equal pages. This module needs the extra `[html]`.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from calsight.core.model.report import Report
from calsight.core.wording.words import Words
from calsight.render.html.view import view
from calsight.render.languages import words_in


class HtmlRenderer:
    """The renderer `html`: the report as pieces of one self-contained page, in a language."""

    def __init__(self, language: str = "en") -> None:
        self.language = language

    def in_language(self, language: str) -> HtmlRenderer:
        """The same in another language."""
        return HtmlRenderer(language)

    def __call__(self, report: Report) -> Iterator[str]:
        """The page; its text is UTF-8."""
        yield page(report, words_in(self.language, zone=report.owner.zone))


def environment() -> Environment:
    """What the page is made of, to be used by other pages too: `report.html.j2` is the whole of it, `sections/*.html.j2` its
    parts, each of which is given `view(report, words)`. None of them has inline styles or handlers; `asset` has both files."""
    return Environment(
        loader=PackageLoader("calsight.render.html", "page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(report: Report, words: Words | None = None) -> str:
    """The page of one report, in the language of `words` (English)."""
    style, script = asset("report.css"), asset("report.js")
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            view(report, words or Words(zone=report.owner.zone)),
            style=Markup(style),  # noqa: S704 - our own files
            script=Markup(script),  # noqa: S704
            policy=policy(style, script),
        )
    )


def asset(name: str) -> str:
    """A style sheet or script of the pages: `report.css` and `report.js` are those that the sections need."""
    return files("calsight.render.html").joinpath("page", name).read_text(encoding="utf-8")


def policy(style: str, script: str = "") -> str:
    """Only this very style sheet and this very script, if any; nothing is loaded, sent or framed."""
    scripts = f"script-src '{_digest(script)}'; " if script else ""
    return f"default-src 'none'; style-src '{_digest(style)}'; {scripts}base-uri 'none'; form-action 'none'"


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
