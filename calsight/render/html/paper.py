"""The page as a PDF: what a browser prints of it, laid out by WeasyPrint. This module needs the extra `[pdf]`."""

from __future__ import annotations

import re
from typing import Any, Literal, TypeAlias

from calsight.core.model.report import Report
from calsight.core.wording.words import Words
from calsight.errors import UsageError
from calsight.render.html.renderer import asset, page

Size: TypeAlias = Literal["A4", "Letter"]

_DRAWING = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_SCRIPT = re.compile(r"<script>.*?</script>", re.DOTALL)
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")
_DEFINED = re.compile(r"(--[\w-]+):\s*([^;]+);")


def pdf(report: Report, words: Words | None = None, *, size: Size = "A4") -> bytes:
    """The printed page of one report, in the language of `words` (English). Raises what `printed` raises."""
    return printed(page(report, words), size=size)


def printed(html: str, *, size: Size = "A4") -> bytes:
    """One of our pages as it is printed, tagged for screen readers.

    Nothing is fetched, from the network or from disk. Raises `UsageError` where WeasyPrint, or the Pango that it needs, is
    not installed.
    """
    weasyprint = _weasyprint()
    colours = _paper()

    def coloured(drawing: re.Match[str]) -> str:
        return _VARIABLE.sub(lambda variable: colours.get(variable[1], "currentColor"), drawing[0])

    shown = _DRAWING.sub(coloured, _SCRIPT.sub("", html))
    sheet = weasyprint.CSS(string=f"@page {{ size: {size} }}", url_fetcher=_nothing)
    document = weasyprint.HTML(string=shown, url_fetcher=_nothing)
    made: bytes = document.write_pdf(stylesheets=[sheet], pdf_identifier=b"calsight", pdf_tags=True)
    return made


def _weasyprint() -> Any:
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        missing = "the extra [pdf]: pip install 'calsight[pdf]'"
        if isinstance(error, OSError):
            missing = "Pango, a library of your system (see WeasyPrint's page on installing it)"
        raise UsageError(
            f"A PDF needs {missing}. A browser prints the same pages: --html report.html, open it, Print, Save as PDF."
        ) from None
    return weasyprint


def _paper() -> dict[str, str]:
    """The colours of paper, by the name of the page's variable: WeasyPrint does not know variables in SVG."""
    style = asset("report.css")
    return dict(_DEFINED.findall(style[: style.index("@media")]))


def _nothing(url: str, *_: object, **__: object) -> dict[str, Any]:
    raise ValueError("a report loads nothing")
