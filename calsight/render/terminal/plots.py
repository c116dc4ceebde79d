"""Two small plots for a terminal: the rate over the weeks, and bars. Rows of text with styles; rich prints them.

A cell grid of our own, because it has to line up with a row of counts below it, to do without colour and in ASCII, and to
install everywhere (docs/decisions).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from rich.text import Text

from calsight.core.model.report import Week
from calsight.core.wording.words import Words

_GUTTER = 5
_HEIGHT = 9
_MOST_COUNTED = 9
_UNSETTLED = 4


class Marks(NamedTuple):
    """The characters that plots are drawn with."""

    band: str = "░"
    mean: str = "━"
    threshold: str = "┄"
    axis: str = "│"
    tick: str = "┤"
    corner: str = "└"
    floor: str = "─"
    bar: str = "█"
    none: str = "·"
    away: str = "~"


UNICODE = Marks()
ASCII = Marks(band=":", mean="=", threshold="-", axis="|", tick="+", corner="+", floor="-", bar="#", none=".", away="~")


class _Column(NamedTuple):
    """One week, or several where a window is too long for one column each."""

    week: date
    mean: float | None
    low: float
    high: float
    one_to_ones: int
    away: bool


def rate_plot(
    weeks: Sequence[Week], *, low: float, healthy: float, words: Words, width: int, marks: Marks = UNICODE
) -> list[Text]:
    """The rate's mean and band week by week, with both thresholds, `width` cells wide at most.

    Below it a row with each week's one-to-ones, and the months. A week without exposure (leave, or not a single entry) is
    marked as away.
    """
    named = width >= 60
    right = {low: f" {words('low')}", healthy: f" {words('healthy')}"} if named else {}
    room = width - _GUTTER - max((len(name) for name in right.values()), default=0)
    columns = _columns(weeks, most=room)
    if not columns:
        return []
    cells = max(1, room // len(columns))
    step = _top(columns, healthy) / _HEIGHT
    rows = []
    for row in range(_HEIGHT - 1, -1, -1):
        thresholds = [value for value in (low, healthy) if int(value / step) == row]
        line = _label(row, step, thresholds, words, marks)
        for column in columns:
            line.append(*_cell(column, row, step, bool(thresholds), cells, marks))
        for value in thresholds:
            line.append(right.get(value, ""), style="dim")
        rows.append(line)
    rows.append(Text(f"{'0':>{_GUTTER - 2}} {marks.corner}{marks.floor * (cells * len(columns))}", style="dim"))
    rows.append(_counts(columns, cells, words, marks))
    rows.append(_months(columns, cells, words))
    return rows


def _top(columns: Sequence[_Column], healthy: float) -> float:
    """The highest value shown. The band of the first weeks, when little is known, may run out of the plot."""
    settled = columns[_UNSETTLED:] or columns
    return max(
        healthy * 1.5,
        *(1.1 * column.mean for column in columns if column.mean is not None),
        *(column.high for column in settled),
    )


def bar(value: float, *, most: float, width: int, marks: Marks = UNICODE) -> str:
    """A bar of `width` cells for `most`; something that is not zero has at least one cell."""
    if value <= 0 or most <= 0:
        return ""
    return marks.bar * max(1, round(width * value / most))


def _columns(weeks: Sequence[Week], *, most: int) -> list[_Column]:
    per_column = -(-len(weeks) // max(1, most))
    return [_column(weeks[first : first + per_column]) for first in range(0, len(weeks), max(1, per_column))]


def _column(weeks: Sequence[Week]) -> _Column:
    last = weeks[-1]
    low, high = last.interval or (0.0, 0.0)
    return _Column(
        week=weeks[0].week,
        mean=last.mean,
        low=low,
        high=high,
        one_to_ones=sum(week.one_to_one for week in weeks),
        away=all(week.exposure == 0 for week in weeks),
    )


def _label(row: int, step: float, thresholds: Sequence[float], words: Words, marks: Marks) -> Text:
    value = thresholds[0] if thresholds else (row + 1) * step if row == _HEIGHT - 1 else None
    number = "" if value is None else words.number(value, ".1f")
    return Text(f"{number:>{_GUTTER - 2}} {marks.axis if value is None else marks.tick}", style="dim")


def _cell(column: _Column, row: int, step: float, threshold: bool, cells: int, marks: Marks) -> tuple[str, str]:
    """Characters and style of one column in one row; `row` counts from the floor."""
    if column.mean is not None and int(column.mean / step) == row:
        return marks.mean * cells, "bold cyan"
    inside = column.mean is not None and column.low <= (row + 0.5) * step <= column.high
    if threshold:
        both = marks.band + marks.threshold if inside and cells > 1 else marks.threshold
        return (both * cells)[:cells], "cyan" if inside else "dim"
    return (marks.band * cells, "cyan") if inside else (" " * cells, "")


def _counts(columns: Sequence[_Column], cells: int, words: Words, marks: Marks) -> Text:
    """One character a column: how many one-to-ones there were."""
    row = Text(f"{words('plot_counts'):<{_GUTTER}}"[:_GUTTER], style="dim")
    for column in columns:
        if column.one_to_ones:
            number = str(column.one_to_ones) if column.one_to_ones <= _MOST_COUNTED else "+"
            row.append(number.ljust(cells), style="not dim bold")
        else:
            row.append((marks.away if column.away else marks.none).ljust(cells))
    return row


def _months(columns: Sequence[_Column], cells: int, words: Words) -> Text:
    """The months' names where they begin; one that the next would run into is left out."""
    starts = [(index * cells, name) for index, name in _month_starts(columns, words)]
    row = ""
    for (at, name), (following, _) in zip(starts, [*starts[1:], (len(columns) * cells + 4, "")], strict=True):
        if at + len(name) < following:
            row = row.ljust(at) + name
    return Text(" " * _GUTTER + row, style="dim")


def _month_starts(columns: Sequence[_Column], words: Words) -> Iterator[tuple[int, str]]:
    month = 0
    for index, column in enumerate(columns):
        if column.week.month != month:
            month = column.week.month
            yield index, words.language.months_short[month - 1]
