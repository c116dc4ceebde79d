"""A report through a renderer, whichever distribution brings it, in a language."""

from __future__ import annotations

from calsight.core.model.report import Report
from calsight.protocols import SpeaksLanguages
from calsight.reading import plugins
from calsight.render.languages import said_in


def rendered(report: Report, renderer: str = "html", *, language: str = "en") -> str:
    """The report as the renderer of that name has it ("html", "markdown", or a plugin's), in a language ("en", "de").

    A plugin that speaks no other language than English is given a report whose reasons are in the one asked for.
    Raises `RendererUnknownError`, `MissingExtraError`, `PluginError`, and `UsageError` for a language that is not there.

    Examples:
        >>> report = calsight.analyze("work.ics", me="ana@example.com", as_of="2026-03-31", weeks=12)
        >>> calsight.rendered(report, "markdown", language="de").splitlines()[3]
        'level: "ok"'
    """
    made = plugins.load_renderer(renderer)
    if isinstance(made, SpeaksLanguages):
        made = made.in_language(language)
    return "".join(made(said_in(report, language)))
