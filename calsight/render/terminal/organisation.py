"""The report on an organisation, in a terminal."""

from __future__ import annotations

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from calsight.core.wording.words import Words
from calsight.org.out import OrgReport
from calsight.render import org_telling as telling
from calsight.render.terminal.screen import Look

_MOST_FLOWS = 15


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
        yield Text()
        yield self._table(look)
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

    def _table(self, look: Look) -> Table:
        words, report = self.words, self.report
        table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
        for place, code in enumerate(telling.HEADS):
            table.add_column(look.text(words(code), "dim"), justify="left" if place == 0 else "right")
        for group in (report.total, *report.groups):
            name = look.text(telling.name(group, words), "bold" if group is report.total else "")
            if group.hidden:
                table.add_row(name, Text(), look.text(telling.hidden(group, report, words), "dim"))
            else:
                table.add_row(name, *(look.text(text) for text, _ in telling.cells(group, words)))
        return table
