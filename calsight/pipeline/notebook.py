"""The report as programs get it: one that a notebook shows as a page."""

from inspect import getdoc

from pydantic import ConfigDict

from calsight.core.model import report as out


class Report(out.Report):
    """The one result. `report.to_json()` is what `calsight report --json` prints.

    Examples:
        >>> report = calsight.analyze("work.ics", me="ana@example.com", as_of="2026-03-31", weeks=12)
        >>> calsight.Report.model_validate_json(report.to_json()) == report
        True
    """

    # Examples are for readers of Python, not of the schema.
    model_config = ConfigDict(json_schema_extra={"description": getdoc(out.Report) or ""})

    def _repr_html_(self) -> str | None:
        """What a notebook shows: what the renderer `html` makes of the report, in a frame of its own, so that neither reaches
        the other. None where that renderer or its packages are not installed; the notebook then shows the text.

        The renderer comes through the plugins' one door. What that refuses (two packages that both claim the name) is said.
        """
        from html import escape

        from calsight.errors import MissingExtraError, PluginError, RendererUnknownError
        from calsight.reading.plugins import load_renderer

        try:
            page = "".join(load_renderer("html")(self))
        except (MissingExtraError, RendererUnknownError):
            return None
        except PluginError as error:
            return f"<p>{escape(str(error))}</p>"
        return f'<iframe srcdoc="{escape(page)}" sandbox="allow-scripts" title="calsight" width="100%" height="900"></iframe>'
