"""The report on an organisation, in a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, JustifyMethod, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from calsight.core.wording.words import Words
from calsight.org.out import OrgReport
from calsight.render import org_telling as telling
from calsight.render.terminal.screen import Look

_MOST_FLOWS = 15
#: Blanks between two columns.
_GAP = 2
#: Names of groups are broken where they would leave the numbers less room than this leaves them.
_NAME = 16


class OrganisationView:
    """A report on an organisation that rich can print: the groups, how they hang together, and how to read it."""

    def __init__(self, report: OrgReport, words: Words) -> None:
        self.report = report
        self.words = words

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look, words, report = Look.of(options), self.words, self.report
        yield look.text(words("org_title"), "bold")
        coverage = report.coverage
        said = {"weeks": report.weeks, "as_of": report.as_of, "judged": coverage.judged, "people": coverage.people}
        yield look.text(words("org_span", **said), "dim")
        if lead := telling.lead(report, words):
            yield look.text(lead)
        yield Text()
        for table in self._tables(look):
            yield table
            yield Text()
        yield look.text(words("org_columns"), "dim")
        if hidden := [group for group in report.groups if group.hidden]:
            yield Text()
            yield look.text(words("org_page_hidden"), "bold")
            for group in hidden:
                why = f"{telling.name(group, report.by, words)}: {telling.hidden(group, report, words)}"
                yield Padding(look.text(why), (0, 0, 0, 2))
        if report.flows:
            yield Text()
            yield look.text(words("org_flows"), "bold")
            told = sorted(report.flows, key=lambda flow: (flow.ties is None, -(flow.ties or 0)))
            for flow in told[:_MOST_FLOWS]:
                yield Padding(look.text(telling.flow(flow, report, words)), (0, 0, 0, 2))
            if report.network and (told_of_all := telling.network(report.network, words)):
                yield Padding(look.text(told_of_all), (0, 0, 0, 2))
        yield Text()
        yield look.text(words("org_notes"), "bold")
        for note in report.notes:
            yield Padding(look.text(words.said(note), "dim"), (0, 0, 0, 2))

    def _tables(self, look: Look) -> Iterator[Table]:
        """The groups as one table; as several, how they stand first and then how they meet, where one would be too wide."""
        words, report = self.words, self.report
        told = [group for group in (report.total, *report.groups) if not group.hidden]
        cells = [[text for text, _ in telling.cells(group, words)] for group in told]
        names = _Names(words(telling.HEADS[0]), [telling.name(group, report.by, words) for group in told])
        columns = list(map(_Column, map(words, telling.HEADS[1:]), zip(*cells, strict=True)))
        if names.wide + sum(column.least for column in columns) <= look.width:
            yield _table(names, columns, look)
            return
        for part in (columns[: telling.STANDING], columns[telling.STANDING :]):
            for side_by_side in _fitting(part, look.width - names.least):
                yield _table(names, side_by_side, look)


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of texts; it can be as narrow as `least`: a head may be broken between words, a number never."""

    head: str
    cells: Sequence[str]

    @property
    def wide(self) -> int:
        return max(map(cell_len, (*self.cells, self.head))) + _GAP

    @property
    def least(self) -> int:
        return max(map(cell_len, (*self.cells, *self.head.split()))) + _GAP


class _Names(_Column):
    """The names of groups, which may be broken."""

    @property
    def least(self) -> int:
        return min(self.wide, _NAME + _GAP)


def _fitting(columns: Sequence[_Column], width: int) -> Iterator[list[_Column]]:
    """The columns in as few lots as fit into `width`, in order; one that is wider still is a lot of its own."""
    lot: list[_Column] = []
    for column in columns:
        if lot and sum(each.least for each in (*lot, column)) > width:
            yield lot
            lot = []
        lot.append(column)
    yield lot


def _table(names: _Column, columns: Sequence[_Column], look: Look) -> Table:
    """A line for each name; what does not fit is taken from the columns that have most to spare."""
    every = [names, *columns]
    widths = [column.wide for column in every]
    while sum(widths) > look.width:
        spare, place = max((width - every[place].least, place) for place, width in enumerate(widths))
        if not spare:
            break
        widths[place] -= 1
    table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=True)
    for place, (column, width) in enumerate(zip(every, widths, strict=True)):
        justify: JustifyMethod = "right" if place else "left"
        head = look.text(column.head, "dim")
        table.add_column(head, justify=justify, width=width - _GAP, overflow="fold", vertical="top")
    for place, line in enumerate(zip(*(column.cells for column in every), strict=True)):
        table.add_row(*map(look.text, line), style="" if place else "bold")  # the first line is of all
    return table
