"""Suggestions and the last week in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding

from calsight.core.next.suggest import Suggestion
from calsight.core.people.names import called
from calsight.core.wording.words import Words
from calsight.pipeline.history import Remembered
from calsight.pipeline.suggestions import LastWeek
from calsight.render.telling import headline
from calsight.render.terminal.screen import Look, bullets

_INDENT = (0, 0, 1, 3)
_LATEST = 6


class SuggestionsView:
    """Suggestions that rich can print: who, when, and why; and why it is not known when others are busy."""

    def __init__(self, suggestions: Sequence[Suggestion], words: Words, refused: Sequence[str] = ()) -> None:
        self.suggestions = suggestions
        self.words = words
        self.refused = refused

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look = Look.of(options)
        if not self.suggestions:
            yield look.text(self.words("suggest_nobody"))
        for number, suggestion in enumerate(self.suggestions, start=1):
            yield look.text(f"{number}. {called(suggestion.person)}", "bold")
            yield Padding(
                look.text(time_of(suggestion, self.words), "green" if suggestion.slot else "yellow"), (0, 0, 0, 3)
            )
            yield Padding(look.text(self.words.said(suggestion.why)), _INDENT)
        if self.suggestions:
            yield from (look.text(self.words("suggest_not_asked", why=why), "yellow") for why in self.refused)


class LastWeekView:
    """The last week in a few lines: for every Monday."""

    def __init__(self, week: LastWeek, history: Sequence[Remembered] = (), words: Words | None = None) -> None:
        self.week = week
        self.history = history
        self.words = words or Words(zone=week.report.owner.zone)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look, words, week = Look.of(options), self.words, self.week
        yield look.text(headline(week.report, words), "bold")
        lines = words.all_said((*week.held[:-1], *week.compared.changes, week.held[-1]))
        if self.history:
            then = (
                f"{words.label(known.level)} ({words.day(words.last_day(known.as_of))})"
                for known in self.history[-_LATEST:]
            )
            lines.append(words("week_history", levels=list(then)))
        if week.suggestion is not None:
            suggestion = week.suggestion
            name, when = called(suggestion.person), time_of(suggestion, words)
            lines.append(words("week_suggestion", name=name, when=when))
        yield from bullets(lines, look, "")


def time_of(suggestion: Suggestion, words: Words) -> str:
    """When a suggestion is, in the owner's zone, and whether the other was asked."""
    if suggestion.slot is None:
        return words("slot_none")
    start, end = (words.local(moment) for moment in suggestion.slot)
    weekday = words.language.weekdays_short[start.weekday()]
    known = words("slot_checked" if suggestion.checked else "slot_unchecked")
    return words("slot", weekday=weekday, day=words.day(start), start=f"{start:%H:%M}", end=f"{end:%H:%M}", known=known)
