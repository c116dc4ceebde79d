"""What the page's charts share: a Vega-Lite specification's frame, its axes of weeks, and its drawing.

Colours are CSS variables of the page, so that one drawing serves light, dark and print. A mark with a description says it as
`data-says`, for whoever points at it (report.js); one with an `href` leads to the person's row. Without scripts the page says
every number in words and in a table beside the chart.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from calsight.core.model.report import Week
from calsight.core.wording.words import Words
from calsight.render.html.drawing import to_svg

Spec = dict[str, Any]

_FONT = "sans-serif"


def draw(spec: Spec, words: Words) -> str:
    """One specification as an SVG element that scales with its column."""
    svg = to_svg(spec, format_locale=_numbers(words), time_format_locale=_dates(words))
    head, _, body = svg.partition(">")
    size = head[head.index('viewBox="') :]
    body = _ROLES.sub("", _SAYS.sub(r'data-says="\1"', _LINK.sub(_named_link, body)))
    hidden = "" if _ROW in body else ' aria-hidden="true"'
    return f'<svg class="drawing"{hidden} focusable="false" {size}>{body}'


def asked(**encoding: Any) -> Spec:
    """The encoding of marks that can be asked: what each says stands in its row as `says`."""
    return {**encoding, "description": {"field": "says"}}


_ROW = 'href="#person-'
_SAYS = re.compile(r'aria-label="([^"]*)" role="graphics-\w+" aria-roledescription="[^"]*"')
_ROLES = re.compile(r' role="graphics-\w+" aria-roledescription="[^"]*"')
_LINK = re.compile(r'<a xlink:href="[^"]*#(person-\d+)">(<(?:path|text)\b[^>]*?aria-label="([^"]*)")')


def _named_link(found: re.Match[str]) -> str:
    """A link that a keyboard reaches once for each person: by the mark, not by the name beside it."""
    row, mark, says = found.groups()
    skipped = ' tabindex="-1" aria-hidden="true"' if mark.startswith("<text") else f' aria-label="{says}"'
    return f'<a href="#{row}"{skipped}>{mark}'


def chart_spec(width: int, height: int, rows: list[dict[str, Any]], **rest: Any) -> Spec:
    """A specification of that size on `rows`, with the page's fonts and colours; `rest` is what it draws."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": height,
        "background": None,
        "padding": 2,
        "autosize": {"type": "fit", "contains": "padding"},
        "data": {"values": rows},
        "config": {
            "aria": False,
            "font": _FONT,
            "view": {"stroke": None},
            "axis": {
                "labelColor": "var(--muted)",
                "titleColor": "var(--muted)",
                "labelFontSize": 12,
                "titleFontSize": 12,
                "titleFontWeight": "normal",
                "gridColor": "var(--grid)",
                "domainColor": "var(--grid)",
                "tickColor": "var(--grid)",
            },
            "axisX": {"grid": False},
        },
        **rest,
    }


def some(weeks: Sequence[Week], most: int) -> Sequence[Week]:
    """At most so many of the weeks, evenly spaced."""
    return weeks[:: max(1, math.ceil(len(weeks) / most))]


def utc(day: date, shift: timedelta = timedelta()) -> str:
    """A day as the charts want it: its midnight, as if in UTC, `shift`ed."""
    return f"{datetime.combine(day, time()) + shift:%Y-%m-%dT%H:%M:%S}Z"


def _dates(words: Words) -> dict[str, Any]:
    """The names of days and months, as Vega takes them (d3's locales): the week begins on Sunday."""
    language = words.language
    return {
        "dateTime": "%x, %X",
        "date": words("chart_date"),
        "time": "%H:%M",
        "periods": ["AM", "PM"],
        "days": _from_sunday(language.weekdays),
        "shortDays": _from_sunday(language.weekdays_short),
        "months": list(language.months),
        "shortMonths": list(language.months_short),
    }


def _numbers(words: Words) -> dict[str, Any]:
    decimal, thousands = words.language.marks
    return {"decimal": decimal, "thousands": thousands, "grouping": [3], "currency": ["", ""]}


def _from_sunday(days: tuple[str, ...]) -> list[str]:
    return [*days[-1:], *days[:-1]]
