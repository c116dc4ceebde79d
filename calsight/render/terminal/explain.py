"""Why an entry is what it is, in a terminal: who was there, then the rules one after the other."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from calsight.core.judging.explain import Explanation, Step
from calsight.core.model.meetings import Kind
from calsight.core.wording.words import Words
from calsight.render.terminal.screen import Look, bullets

_MOST_DAYS = 6


class ExplanationsView:
    """The explanations of one entry that rich can print; times are in the zone of `words`.

    Occurrences of a series that went the same way are shown once, with their days.
    """

    def __init__(self, explanations: Sequence[Explanation], words: Words) -> None:
        self.explanations = explanations
        self.words = words

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        look = Look.of(options)
        alike: dict[tuple[object, ...], list[Explanation]] = {}
        for one in self.explanations:
            said = tuple(
                each.text for each in (*one.copies, *one.people, *(step.question for step in one.steps), *one.doubts)
            )
            way = (one.event.title, one.event.duration, said, tuple(step.answer for step in one.steps), one.reason)
            alike.setdefault(way, []).append(one)
        for number, same in enumerate(alike.values()):
            if number:
                yield Text()
            yield from self._explained(same, look)

    def _explained(self, same: Sequence[Explanation], look: Look) -> RenderResult:
        first, words = same[0], self.words
        yield look.text(first.event.title or words("no_title"), "bold")
        yield look.text(self._when(same), "dim")
        yield from map(look.text, words.all_said((*first.copies, *first.people)))
        yield self._steps(first.steps, look)
        code = "so_it_is_inferred" if first.inferred else "so_it_is"
        verdict = words(code, kind=words.label(first.kind, "kind"), reason=words.label(first.reason))
        yield look.text(verdict, "bold cyan")
        yield from bullets(words.all_said(first.doubts), look)
        if first.kind is not Kind.ABSENCE:
            yield look.text(words("explain_correct", command=_correcting(first, words)), "dim")

    def _when(self, same: Sequence[Explanation]) -> str:
        words, event = self.words, same[0].event
        days = ", ".join(words.day(one.event.start) for one in same[:_MOST_DAYS])
        if len(same) > _MOST_DAYS:
            days = words("names_more", names=days, count=len(same) - _MOST_DAYS)
        if event.all_day:
            return f"{days} · {words('all_day')}"
        minutes = words("minutes", minutes=event.duration.total_seconds() / 60)
        return f"{days} · {words.local(event.start):%H:%M}, {minutes}"

    def _steps(self, steps: Sequence[Step], look: Look) -> RenderableType:
        words = self.words
        rows = Table.grid(padding=(0, 2, 0, 0))
        for step in steps:
            style = "bold" if step.answer else "dim"
            number = words("rule") if step.number is None else words.number(step.number)
            answer = words("yes" if step.answer else "no")
            rows.add_row(
                look.text(number, "dim"), look.text(words.said(step.question), style), look.text(answer, style)
            )
        return rows


def _correcting(one: Explanation, words: Words) -> str:
    """The command that says the opposite of what an entry was taken for."""
    said = "--not-one-to-one" if one.kind is Kind.ONE_TO_ONE else "--one-to-one"
    day = words.local(one.event.start).date()
    return shlex.join(["calsight", "correct", "meeting", one.event.title or one.event.uid, "--on", f"{day}", said])
